"""Which tables hold what the person made, and which the platform hands out again."""

from __future__ import annotations

from typing import Any

FROM_THE_PLATFORM = frozenset(
    {
        "assignment",
        "decision",
        "practice_anchor",
        "quarantine",
        "recommendation",
        "record_rev",
        "rubric_version",
        "submission",
        "submission_matches",
    }
)
"""Records that come again with the next sync."""
DERIVED = frozenset(
    {"inbox_entry", "media_probe", "search_text", "search_todo", "submission_fact", "text_page"}
)
"""Made from other tables, or from the evidence, whenever they are missing."""
OF_THE_SESSION = frozenset({"secret"})
"""Tokens: a copy keeps none, for one that was replaced meanwhile would end the session."""
_SETTINGS_OF_THE_PLATFORM = ("cursor",)
_HAVE_COUNTS_OF_THEIR_OWN = frozenset({"alembic_version"})


def is_shadow(name: str) -> bool:
    """Whether a table belongs to SQLite or to the search index and makes itself."""
    return name.startswith(("sqlite_", "search_index"))


def own_tables(connection: Any) -> tuple[str, ...]:
    """The tables of the person's own work in an open store.

    A table that nobody has sorted counts as her own: too much is copied rather than too little.
    """
    rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY rowid")
    others = FROM_THE_PLATFORM | DERIVED | OF_THE_SESSION | _HAVE_COUNTS_OF_THEIR_OWN
    return tuple(name for (name,) in rows if name not in others and not is_shadow(name))


def kept_rows(table: str) -> str:
    """The condition on the rows of a table of her own that are worth a copy."""
    if table == "setting":
        names = ", ".join(f"'{name}'" for name in _SETTINGS_OF_THE_PLATFORM)
        return f"name NOT IN ({names})"
    if table == "evidence_file":
        # What is still to be fetched is wanted again with its submission.
        return "state = 'ready'"
    if table == "submission_key":
        return "submission_id IN (SELECT submission_id FROM evidence_file WHERE state = 'ready')"
    return "1"
