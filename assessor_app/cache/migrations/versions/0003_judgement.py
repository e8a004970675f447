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
    _unsent_questions()
    _matches()
    _practice_anchors()
    _comment_bank()
    _personal_words()
    _saved_filters()
    _identity_findings()
    _inbox()
    _search()
    _send_reasons()


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
        _number("unread"),
        _number("entries_read", null=True),
        _text("draft", null=True),
        _bytes("document"),
        key=["id"],
    )
    op.create_index("ix_team_case_submission_id", "team_case", ["submission_id"])


def _unsent_questions() -> None:
    _table("unsent_question", _text("submission_id"), _text("text"), key=["submission_id"])


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
        _number("scanner"),
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
    # Words were kept uncovered before there was a guard: they are taken out of the files anew.
    op.execute("DELETE FROM text_page")


def _inbox() -> None:
    op.create_table(
        "submission_fact",
        _text("submission_id"),
        _text("microcredential_id"),
        _text("code"),
        _text("title"),
        sa.Column("is_resubmission", sa.Boolean(), nullable=False),
        sa.Column("is_returned", sa.Boolean(), nullable=False),
        _number("final_us", null=True),
        _number("pages"),
        _number("recordings"),
        sa.PrimaryKeyConstraint("submission_id", name="pk_submission_fact"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_submission_fact_microcredential_id", "submission_fact", ["microcredential_id"])
    # What stands in the documents alone comes when they are indexed for the search.
    op.execute(
        """INSERT INTO submission_fact
        SELECT id, '', code, title, is_resubmission, is_returned, final_us, 0, 0 FROM submission"""
    )
    op.create_index(
        "ix_evidence_file_missing",
        "evidence_file",
        ["submission_id"],
        sqlite_where=sa.text("state <> 'ready'"),
    )
    op.add_column("media_probe", _number("duration_ms", null=True))


def _search() -> None:
    _table(
        "search_text",
        _number("id"),
        _text("submission_id"),
        _text("kind"),
        _text("source_id"),
        _number("place"),
        _text("blob_id"),
        _text("label"),
        _text("text"),
        key=["id"],
    )
    op.create_index(
        "ix_search_text_submission_id_kind_source_id_place",
        "search_text",
        ["submission_id", "kind", "source_id", "place"],
    )
    op.create_index("ix_search_text_blob_id_place", "search_text", ["blob_id", "place"])
    _table("search_todo", _text("submission_id"), _text("part"), key=["submission_id", "part"])
    for statement in SEARCH_STATEMENTS:
        op.execute(statement)


_NOTE = "INSERT INTO search_todo (submission_id, part)"
# Not OR IGNORE: inside a trigger the statement that set it off would say what happens.
_ONCE = "ON CONFLICT DO NOTHING"
_OWN = ("assessment", "rating", "criterion_feedback", "artifact_feedback", "annotation")
SEARCH_STATEMENTS = (
    # Prefixes are kept for the two and three letters after which a search as you type begins.
    """CREATE VIRTUAL TABLE search_index USING fts5(
        text, content = 'search_text', content_rowid = 'id',
        tokenize = "unicode61 remove_diacritics 2", prefix = '2 3')""",
    # What was erased must not stay readable in the index either.
    "INSERT INTO search_index (search_index, rank) VALUES ('secure-delete', 1)",
    """CREATE TRIGGER search_text_put AFTER INSERT ON search_text BEGIN
        INSERT INTO search_index (rowid, text) VALUES (NEW.id, NEW.text); END""",
    """CREATE TRIGGER search_text_taken AFTER DELETE ON search_text BEGIN
        INSERT INTO search_index (search_index, rowid, text) VALUES ('delete', OLD.id, OLD.text); END""",
    """CREATE TRIGGER search_text_changed AFTER UPDATE ON search_text BEGIN
        INSERT INTO search_index (search_index, rowid, text) VALUES ('delete', OLD.id, OLD.text);
        INSERT INTO search_index (rowid, text) VALUES (NEW.id, NEW.text); END""",
    # Whoever writes a text need not know of the search: its place is noted, and looked at in its own time.
    *(
        f"""CREATE TRIGGER search_{table}_{act.lower()} AFTER {act} ON {table} BEGIN
        {_NOTE} VALUES ({row}.submission_id, 'own') {_ONCE}; END"""
        for table in _OWN
        for act, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD"))
    ),
    f"""CREATE TRIGGER search_submission_insert AFTER INSERT ON submission BEGIN
        {_NOTE} VALUES (NEW.id, 'platform') {_ONCE}; END""",
    f"""CREATE TRIGGER search_submission_update AFTER UPDATE OF document ON submission BEGIN
        {_NOTE} VALUES (NEW.id, 'platform') {_ONCE}; END""",
    f"""CREATE TRIGGER search_assignment_insert AFTER INSERT ON assignment BEGIN
        {_NOTE} VALUES (NEW.submission_id, 'platform'), (NEW.submission_id, 'own'),
            (NEW.submission_id, 'pages') {_ONCE}; END""",
    f"""CREATE TRIGGER search_assignment_delete AFTER DELETE ON assignment BEGIN
        {_NOTE} VALUES (OLD.submission_id, 'platform') {_ONCE}; END""",
    *(
        f"""CREATE TRIGGER search_text_page_{act.lower()} AFTER {act} ON text_page BEGIN
        {_NOTE} SELECT submission_id, 'pages' FROM evidence_file WHERE blob_id = NEW.blob_id {_ONCE};
        {_NOTE} SELECT submission_id, 'pages' FROM local_copy WHERE blob_id = NEW.blob_id {_ONCE}; END"""
        for act in ("INSERT", "UPDATE")
    ),
    # What goes, goes at once.
    """CREATE TRIGGER search_text_page_delete AFTER DELETE ON text_page BEGIN
        DELETE FROM search_text WHERE blob_id = OLD.blob_id AND place = OLD.page; END""",
    f"{_NOTE} SELECT id, 'platform' FROM submission",
    f"{_NOTE} SELECT id, 'own' FROM submission",
    f"{_NOTE} SELECT DISTINCT submission_id, 'pages' FROM evidence_file",
)


def _send_reasons() -> None:
    _table(
        "send_reason",
        _text("submission_id"),
        _number("round"),
        _bytes("document"),
        key=["submission_id", "round"],
    )
