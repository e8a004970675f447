"""Drafts that people copy here for their other computers, sign-in on another device, imported work."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _id(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=100), nullable=null)


def _digest(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=64), nullable=False)


def _text(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Text(), nullable=False)


def _moment(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=null)


def _refers(table: str, name: str, other: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([name], [other], name=op.f(f"fk_{table}_{name}"))


def upgrade() -> None:
    _device_grant()
    _draft()
    _imports()


def _device_grant() -> None:
    op.create_table(
        "device_grant",
        _digest("device_sha256"),
        _digest("user_sha256"),
        _text("client_id"),
        _text("scope"),
        _text("asked_from"),
        _moment("begun_at"),
        _moment("expires_at"),
        sa.Column("interval_s", sa.Integer(), nullable=False),
        _moment("asked_at", null=True),
        _id("actor_id", null=True),
        sa.Column("is_denied", sa.Boolean(), nullable=False),
        _moment("used_at", null=True),
        _refers("device_grant", "actor_id", "account.actor_id"),
        sa.PrimaryKeyConstraint("device_sha256", name=op.f("pk_device_grant")),
        sa.UniqueConstraint("user_sha256", name=op.f("uq_device_grant_user_sha256")),
    )


def _draft() -> None:
    op.create_table(
        "draft",
        _id("submission_id"),
        _id("actor_id"),
        sa.Column("round", sa.Integer(), nullable=False),
        _digest("sha256"),
        sa.Column("size_bytes", sa.Integer(), nullable=False),
        _moment("begun_at"),
        _moment("saved_at"),
        sa.Column("body", sa.JSON(), nullable=False),
        _refers("draft", "submission_id", "submission.id"),
        _refers("draft", "actor_id", "account.actor_id"),
        sa.PrimaryKeyConstraint("submission_id", "actor_id", name=op.f("pk_draft")),
    )


def _imports() -> None:
    op.create_table(
        "profile_key",
        _digest("signing"),
        _id("actor_id"),
        _text("scope"),
        _moment("created_at"),
        _moment("revoked_at", null=True),
        _refers("profile_key", "actor_id", "account.actor_id"),
        sa.PrimaryKeyConstraint("signing", name=op.f("pk_profile_key")),
    )
    op.create_index("ix_profile_key_actor_id", "profile_key", ["actor_id"])
    op.create_table(
        "imported_file",
        _id("actor_id"),
        _id("file_id"),
        _digest("sha256"),
        _id("carried_by", null=True),
        _moment("at"),
        _refers("imported_file", "actor_id", "account.actor_id"),
        sa.PrimaryKeyConstraint("actor_id", "file_id", name=op.f("pk_imported_file")),
    )


def downgrade() -> None:
    for table in ("imported_file", "profile_key", "draft", "device_grant"):
        op.drop_table(table)
