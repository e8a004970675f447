"""What the evidence desk keeps on this machine: reading, copies made here, media that was open.

Revision ID: 0002
"""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    op.create_table(
        "reading_state",
        sa.Column("submission_id", sa.String(), nullable=False),
        sa.Column("source_id", sa.String(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("submission_id", "source_id", name="pk_reading_state"),
    )
    op.create_table(
        "local_copy",
        sa.Column("blob_id", sa.String(), nullable=False),
        sa.Column("submission_id", sa.String(), nullable=False),
        sa.Column("source_sha256", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("renderer", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("blob_id", name="pk_local_copy"),
    )
    op.create_index(
        "ix_local_copy_submission_id_source_sha256", "local_copy", ["submission_id", "source_sha256"]
    )
    op.create_table(
        "media_probe",
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("submission_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("sha256", name="pk_media_probe"),
    )
    op.create_index("ix_media_probe_submission_id", "media_probe", ["submission_id"])
