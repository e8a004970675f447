"""What is compared of submissions, their fingerprints, and what two of them share."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _id(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=100), nullable=False)


def _value(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=40), nullable=False)


def _number(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False)


def _of_submission(table: str, name: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], ["submission.id"], name=op.f(f"fk_{table}_{name}"))


def upgrade() -> None:
    op.create_table(
        "compared_text",
        _number("id"),
        _id("submission_id"),
        _value("part"),
        _id("source_id"),
        sa.Column("source_name", sa.Text(), nullable=False),
        sa.Column("file_sha256", sa.String(length=64), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        _of_submission("compared_text", "submission_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_compared_text")),
    )
    for name in ("submission_id", "file_sha256"):
        op.create_index(op.f(f"ix_compared_text_{name}"), "compared_text", [name], unique=False)
    op.create_table(
        "fingerprint",
        sa.Column("value", sa.BigInteger(), autoincrement=False, nullable=False),
        _number("text_id"),
        sa.ForeignKeyConstraint(
            ["text_id"], ["compared_text.id"], name=op.f("fk_fingerprint_text_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("value", "text_id", name=op.f("pk_fingerprint")),
    )
    op.create_index(op.f("ix_fingerprint_text_id"), "fingerprint", ["text_id"], unique=False)
    op.create_table(
        "comparison",
        _id("submission_id"),
        sa.Column("is_reference", sa.Boolean(), nullable=False),
        sa.Column("compared_at", sa.DateTime(timezone=True), nullable=True),
        _of_submission("comparison", "submission_id"),
        sa.PrimaryKeyConstraint("submission_id", name=op.f("pk_comparison")),
    )
    op.create_table(
        "shared_part",
        _id("id"),
        _id("one_id"),
        _id("other_id"),
        _value("part"),
        _value("weight"),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        _of_submission("shared_part", "one_id"),
        _of_submission("shared_part", "other_id"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_shared_part")),
        sa.UniqueConstraint("one_id", "other_id", "part", name=op.f("uq_shared_part_one_id_other_id_part")),
    )
    for name in ("one_id", "other_id"):
        op.create_index(op.f(f"ix_shared_part_{name}"), "shared_part", [name], unique=False)


def downgrade() -> None:
    for table in ("shared_part", "comparison", "fingerprint", "compared_text"):
        op.drop_table(table)
