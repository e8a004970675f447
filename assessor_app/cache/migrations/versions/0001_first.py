"""The first schema.

Revision ID: 0001
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def _text(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=null)


def _number(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=null)


def _flag(name: str) -> sa.Column[Any]:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _bytes(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary(), nullable=null)


def _table(name: str, *columns: sa.Column[Any] | sa.Constraint, key: Sequence[str], **options: Any) -> None:
    op.create_table(name, *columns, sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"), **options)


def _index(table: str, *columns: str) -> None:
    op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)


def upgrade() -> None:
    _submissions()
    _platform_records()
    _sync()
    _assessments()
    _marks()
    _outbox()
    _evidence()
    _inbox()


def _submissions() -> None:
    _table(
        "submission",
        _text("id"),
        _number("rev"),
        _text("status"),
        _number("round"),
        _text("code"),
        _text("title"),
        _text("submission_type"),
        _number("received_us"),
        _number("pre_assessment_due_us", null=True),
        _text("pre_assessment_due_kind", null=True),
        _number("assessment_due_us", null=True),
        _text("assessment_due_kind", null=True),
        _number("decision_due_us", null=True),
        _text("decision_due_kind", null=True),
        _number("final_us", null=True),
        _flag("is_resubmission"),
        _flag("is_returned"),
        _text("rubric_id"),
        _number("rubric_version"),
        _text("removed_reason", null=True),
        _bytes("document"),
        key=["id"],
    )
    _index("submission", "rubric_id", "rubric_version")
    _table(
        "assignment",
        _text("submission_id"),
        _text("role"),
        _number("lease_until_us", null=True),
        _flag("sampled"),
        key=["submission_id", "role"],
    )


def _platform_records() -> None:
    _table(
        "rubric_version",
        _text("id"),
        _number("version"),
        _text("hash"),
        _number("criteria_count"),
        _bytes("document"),
        key=["id", "version"],
    )
    for name in ("recommendation", "decision"):
        _table(name, _text("id"), _text("submission_id"), _number("round"), _bytes("document"), key=["id"])
        _index(name, "submission_id", "round")


def _sync() -> None:
    _table("record_rev", _text("type"), _text("id"), _number("rev"), key=["type", "id"])
    _table("quarantine", _text("type"), _text("id"), _number("rev"), _text("reason"), key=["type", "id"])
    _table("setting", _text("name"), _text("value"), key=["name"])
    _table("secret", _text("name"), _text("value"), key=["name"])


def _assessments() -> None:
    _table(
        "assessment",
        _text("submission_id"),
        _number("round"),
        _text("state"),
        _text("overall"),
        _text("note_to_approver"),
        _number("updated_us", null=True),
        key=["submission_id", "round"],
    )
    for name, columns in (
        ("rating", (_text("level", null=True), _text("not_scorable", null=True), _text("note"))),
        ("criterion_feedback", (_text("text"), _text("seen"), _text("missing"), _text("next_step"))),
    ):
        _table(
            name,
            _text("submission_id"),
            _number("round"),
            _text("criterion_id"),
            *columns,
            sa.ForeignKeyConstraint(
                ["submission_id", "round"],
                ["assessment.submission_id", "assessment.round"],
                name=f"fk_{name}_assessment",
            ),
            key=["submission_id", "round", "criterion_id"],
        )
    _table(
        "decision_draft",
        _text("submission_id"),
        _number("round"),
        _number("mark_count"),
        _bytes("document"),
        key=["submission_id", "round"],
    )


def _marks() -> None:
    _table(
        "annotation",
        _text("id"),
        _text("submission_id"),
        _number("created_us"),
        _bytes("document"),
        key=["id"],
    )
    _index("annotation", "submission_id", "created_us")
    _table(
        "edit_step",
        _text("submission_id"),
        _number("seq"),
        _text("label"),
        _number("at_us"),
        _bytes("document"),
        key=["submission_id", "seq"],
    )
    _table("edit_position", _text("submission_id"), _number("position"), key=["submission_id"])


def _outbox() -> None:
    _table(
        "outbox",
        _number("seq"),
        _text("id"),
        _text("submission_id"),
        _text("kind"),
        _number("round", null=True),
        _text("path"),
        _bytes("body"),
        _text("sha256"),
        _number("base_rev"),
        _text("state"),
        _number("attempts"),
        _number("created_us"),
        _number("next_try_us", null=True),
        _number("last_status", null=True),
        _text("last_error"),
        _text("superseded_by", null=True),
        _bytes("receipt", null=True),
        key=["seq"],
        sqlite_autoincrement=True,
    )
    op.create_index("uq_outbox_id", "outbox", ["id"], unique=True)
    _index("outbox", "submission_id", "seq")
    op.create_index("ix_outbox_open", "outbox", ["state"], sqlite_where=sa.text("state <> 'acked'"))
    # What was queued leaves as it was queued, and a row that may have left is never lost.
    op.execute(
        "CREATE TRIGGER outbox_is_frozen"
        " BEFORE UPDATE OF seq, id, submission_id, kind, path, body, sha256 ON outbox"
        " BEGIN SELECT RAISE(ABORT, 'what waits to be sent is frozen'); END"
    )
    op.execute(
        "CREATE TRIGGER outbox_is_kept BEFORE DELETE ON outbox"
        " WHEN NOT (OLD.state = 'queued' AND OLD.attempts = 0)"
        " BEGIN SELECT RAISE(ABORT, 'what was tried to be sent is kept'); END"
    )
    op.execute(
        "CREATE TRIGGER outbox_needs_receipt BEFORE UPDATE OF state ON outbox"
        " WHEN NEW.state = 'acked' AND NEW.receipt IS NULL"
        " BEGIN SELECT RAISE(ABORT, 'only a receipt ends a sending'); END"
    )


def _evidence() -> None:
    _table(
        "evidence_file",
        _text("blob_id"),
        _text("submission_id"),
        _text("artifact_id"),
        _flag("is_rendition"),
        _text("media_type"),
        _number("size_bytes"),
        _text("sha256"),
        _text("state"),
        _number("failures"),
        _number("due_us"),
        key=["blob_id"],
    )
    _index("evidence_file", "submission_id")
    op.create_index(
        "ix_evidence_file_wanted",
        "evidence_file",
        ["due_us"],
        sqlite_where=sa.text("state IN ('wanted', 'partial')"),
    )
    _table("submission_key", _text("submission_id"), _bytes("key"), key=["submission_id"])
    _table(
        "text_page",
        _text("blob_id"),
        _number("page"),
        _text("text"),
        _text("words_json"),
        key=["blob_id", "page"],
    )


def _inbox() -> None:
    _table(
        "inbox_entry",
        _text("submission_id"),
        _text("role"),
        _number("band"),
        _number("due_order"),
        _number("received_us"),
        _number("due_us", null=True),
        _text("due_kind", null=True),
        _number("lease_until_us", null=True),
        _text("local_state"),
        _text("outbox_state", null=True),
        key=["submission_id", "role"],
    )
    op.create_index(
        "ix_inbox_entry_order", "inbox_entry", ["role", "band", "due_order", "received_us", "submission_id"]
    )
