"""What keeps work safe: conflicts, copies on the platform, endings, incidents.

Revision ID: 0004
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None


def upgrade() -> None:
    _draft_backup()
    _draft_changes()
    _conflict()
    _ending()
    _evidence_change()
    _diagnostics()
    _erasure()
    _refused_field()
    _sealing()
    _audit()


def _audit() -> None:
    op.add_column("local_effect", sa.Column("is_told", sa.Boolean(), nullable=False, server_default="0"))


def _text(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.String(), nullable=null)


def _number(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.Integer(), nullable=null)


def _bytes(name: str, *, null: bool = False) -> sa.Column[Any]:
    return sa.Column(name, sa.LargeBinary(), nullable=null)


def _table(name: str, *parts: Any, key: Sequence[str]) -> None:
    op.create_table(name, *parts, sa.PrimaryKeyConstraint(*key, name=f"pk_{name}"))


def _draft_backup() -> None:
    _table(
        "draft_backup",
        _text("submission_id"),
        _number("round"),
        _text("etag"),
        _text("sha256"),
        _number("saved_us"),
        _bytes("document"),
        key=["submission_id", "round"],
    )


_WORK = (
    "assessment",
    "rating",
    "criterion_feedback",
    "artifact_feedback",
    "annotation",
    "pre_assessment",
    "decision_draft",
    "send_reason",
)
"""Tables of which each row is a part of somebody's draft."""
_CHANGED = """INSERT INTO draft_change (submission_id, seq)
    VALUES ({row}.submission_id, (SELECT coalesce(max(seq), 0) + 1 FROM draft_change))
    ON CONFLICT (submission_id) DO UPDATE SET seq = excluded.seq"""


def _draft_changes() -> None:
    _table("draft_change", _text("submission_id"), _number("seq"), key=["submission_id"])
    _table(
        "draft_standing",
        _text("submission_id"),
        _text("offered_etag", null=True),
        _number("offered_us", null=True),
        _bytes("sending", null=True),
        sa.Column("refused", sa.String(), nullable=False, server_default=""),
        _number("continued_us", null=True),
        key=["submission_id"],
    )
    # Whoever writes a part of a draft need not know of its copy: the change is noted with it.
    for table in _WORK:
        for act, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
            op.execute(
                f"CREATE TRIGGER draft_{table}_{act.lower()} AFTER {act} ON {table} BEGIN "
                f"{_CHANGED.format(row=row)}; END"
            )
    everything = " UNION ".join(f"SELECT submission_id FROM {table}" for table in _WORK)
    op.execute(
        "INSERT INTO draft_change (submission_id, seq) SELECT submission_id, row_number() OVER () "
        f"FROM ({everything})"
    )


def _conflict() -> None:
    _table(
        "conflict",
        _text("id"),
        _text("submission_id"),
        _number("round"),
        _text("kind"),
        _number("found_us"),
        _number("settled_us", null=True),
        _bytes("mine"),
        _bytes("theirs"),
        _bytes("base", null=True),
        key=["id"],
    )
    op.create_index("ix_conflict_submission_id_found_us", "conflict", ["submission_id", "found_us"])
    op.create_index(
        "ix_conflict_open", "conflict", ["submission_id"], sqlite_where=sa.text("settled_us IS NULL")
    )


def _ending() -> None:
    _table(
        "ending",
        _text("submission_id"),
        _text("role"),
        _text("reason"),
        _number("at_us"),
        _number("keep_until_us", null=True),
        sa.Column("is_seen", sa.Boolean(), nullable=False),
        key=["submission_id"],
    )
    # What may have left is never lost, but where the work has ended: unsent, with the rest of it; all of it
    # where the learner was erased.
    op.execute("DROP TRIGGER outbox_is_kept")
    op.execute(
        "CREATE TRIGGER outbox_is_kept BEFORE DELETE ON outbox"
        " WHEN NOT (OLD.state = 'queued' AND OLD.attempts = 0)"
        " AND NOT EXISTS (SELECT 1 FROM ending e WHERE e.submission_id = OLD.submission_id"
        " AND (e.reason = 'erased' OR OLD.state <> 'acked'))"
        " BEGIN SELECT RAISE(ABORT, 'what was tried to be sent is kept'); END"
    )


def _evidence_change() -> None:
    names = ("submission_id", "criterion_id", "piece_id")
    _table("evidence_change", *(_text(name) for name in names), key=list(names))


def _diagnostics() -> None:
    op.add_column("outbox", sa.Column("request_id", sa.String(), nullable=False, server_default=""))
    _table("counter", _text("name"), _number("value"), key=["name"])
    op.create_table(
        "incident",
        _number("seq"),
        _number("at_us"),
        _text("kind"),
        _text("sentence"),
        _number("status", null=True),
        sa.Column("times", sa.Integer(), nullable=False, server_default="1"),
        sa.PrimaryKeyConstraint("seq", name="pk_incident"),
        sqlite_autoincrement=True,
    )


def _erasure() -> None:
    _table(
        "erasure",
        _text("submission_id"),
        _text("what"),
        _number("generation"),
        key=["submission_id", "what"],
    )
    op.create_index(
        "ix_submission_settled",
        "submission",
        ["id"],
        sqlite_where=sa.text("status IN ('incomplete', 'awarded', 'denied', 'withdrawn')"),
    )


def _refused_field() -> None:
    _table(
        "refused_field",
        _text("outbox_id"),
        _number("position"),
        _text("pointer"),
        key=["outbox_id", "position"],
    )


def _sealing() -> None:
    _table(
        "sealing",
        _bytes("secret"),
        _number("asked_us", null=True),
        _text("actor_id", null=True),
        _text("platform_opening", null=True),
        _text("platform_signing", null=True),
        key=["secret"],
    )
    _table("exported", _text("outbox_id"), _number("at_us"), key=["outbox_id"])
