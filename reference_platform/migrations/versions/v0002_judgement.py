"""Questions and reports, the history of states, recusals and pre-assessments."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def _id(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=100), nullable=null)


def _state(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.String(length=40), nullable=False)


def _moment(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=False)


def upgrade() -> None:
    op.create_table(
        "team_case",
        _id("id"),
        _id("submission_id"),
        _state("kind"),
        _state("state"),
        _id("opened_by", null=True),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_team_case_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_team_case")),
    )
    op.create_index(op.f("ix_team_case_submission_id"), "team_case", ["submission_id"], unique=False)
    op.create_table(
        "status_change",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        _id("submission_id"),
        _moment("at"),
        _state("status"),
        _id("by"),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_status_change_submission_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_status_change")),
    )
    op.create_index(op.f("ix_status_change_submission_id"), "status_change", ["submission_id"], unique=False)
    op.create_table(
        "recusal",
        _id("submission_id"),
        _id("actor_id"),
        _moment("at"),
        _state("reason_code"),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"], name=op.f("fk_recusal_submission_id")),
        sa.ForeignKeyConstraint(["actor_id"], ["account.actor_id"], name=op.f("fk_recusal_actor_id")),
        sa.PrimaryKeyConstraint("submission_id", "actor_id", name=op.f("pk_recusal")),
    )
    op.create_table(
        "pre_assessment",
        _id("id"),
        _id("submission_id"),
        _id("actor_id"),
        _moment("sent_at"),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name=op.f("fk_pre_assessment_submission_id")
        ),
        sa.ForeignKeyConstraint(["actor_id"], ["account.actor_id"], name=op.f("fk_pre_assessment_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pre_assessment")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_pre_assessment_submission_id")),
    )
