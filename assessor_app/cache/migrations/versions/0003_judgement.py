"""What judging and the team keep on this machine.

Revision ID: 0003
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    _assessments()
    _pre_assessment()
    _time_spent()
    _cases()
    _matches()
    _practice_anchors()
    _comment_bank()
    _personal_words()
    _saved_filters()
    _identity_findings()


def _text(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=null)


def _number(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=null)


def _bytes(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def _table(name: str, *parts: Any, key: Sequence[str]) -> None:
    op.create_table(name, *parts, sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"))


def _assessments() -> None:
    for name in ("assessment", "rating"):
        op.add_column(name, sa.Column("rubric_hash", sa.String(), nullable=False, server_default=""))
    for name in ("looked_in", "prefilled"):
        op.add_column("criterion_feedback", sa.Column(name, sa.String(), nullable=False, server_default=""))
    _table(
        "artifact_feedback",
        _text("submission_id"),
        _number("round"),
        _text("source_id"),
        _text("text"),
        sa.ForeignKeyConstraint(
            ["submission_id", "round"],
            ["assessment.submission_id", "assessment.round"],
            name="fk_artifact_feedback_assessment",
        ),
        key=["submission_id", "round", "source_id"],
    )


def _pre_assessment() -> None:
    _table(
        "pre_assessment", _text("submission_id"), _text("state"), _bytes("document"), key=["submission_id"]
    )


def _time_spent() -> None:
    _table("time_spent", _text("submission_id"), _number("milliseconds"), key=["submission_id"])


def _cases() -> None:
    _table(
        "team_case",
        _text("id"),
        _text("submission_id"),
        _text("kind"),
        _text("state"),
        _number("opened_us"),
        _bytes("document"),
        key=["id"],
    )
    op.create_index("ix_team_case_submission_id", "team_case", ["submission_id"])


def _matches() -> None:
    _table("submission_matches", _text("submission_id"), _bytes("document"), key=["submission_id"])


def _practice_anchors() -> None:
    _table(
        "practice_anchor",
        _text("id"),
        _text("rubric_id"),
        _number("rubric_version"),
        _text("criterion_id"),
        _text("level"),
        _bytes("document"),
        key=["id"],
    )
    op.create_index(
        "ix_practice_anchor_rubric_id_criterion_id", "practice_anchor", ["rubric_id", "criterion_id"]
    )


def _comment_bank() -> None:
    _table(
        "comment_bank",
        _text("id"),
        _text("scope"),
        _number("uses"),
        _number("used_us", null=True),
        _bytes("document"),
        key=["id"],
    )


def _personal_words() -> None:
    _table("personal_word", _text("language"), _text("word"), key=["language", "word"])


def _saved_filters() -> None:
    _table("saved_filter", _text("id"), _text("role"), _number("position"), _bytes("document"), key=["id"])


def _identity_findings() -> None:
    _table(
        "identity_finding",
        _text("submission_id"),
        _text("source_id"),
        _text("sha256"),
        _bytes("document"),
        key=["submission_id", "source_id"],
    )
    _table(
        "local_effect",
        _text("id"),
        _text("submission_id"),
        _number("at_us"),
        _text("what"),
        _text("source_id", null=True),
        key=["id"],
    )
