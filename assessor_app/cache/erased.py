"""What was erased for good must be gone from the copies of the store as well."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Erased(StrEnum):
    """What of a submission was erased."""

    NUMBERS = "numbers"
    """Attempt counts and earlier denials (rule 18); they stand in the platform's records alone."""
    EVIDENCE = "evidence"
    """The key of its files, and all that was read out of them."""
    ALL = "all"
    """Everything, but what was sent and its receipts."""
    UNSENT = "unsent"
    """Everything, but what arrived and its receipts."""
    LEARNER = "learner"
    """Everything, what was sent among it: the learner's data were erased."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """Something of one submission that is gone."""

    submission_id: str
    what: Erased
    generation: int
    """The store's generation that no longer had it."""


_OF_EVIDENCE = (
    "submission_key",
    "evidence_file",
    "local_copy",
    "media_probe",
    "reading_state",
    "identity_finding",
)
_KEPT = ("outbox", "erasure")
_OF_OUTBOX = ("refused_field", "exported")
"""Tables that know a submission by what was to be sent for it."""


def erasures_since(connection: Any, generation: int) -> tuple[Erasure, ...]:
    """What was erased after a generation of the store, the oldest first."""
    rows = connection.execute(
        "SELECT submission_id, what, generation FROM erasure WHERE generation > ? ORDER BY generation",
        (generation,),
    )
    return tuple(Erasure(row[0], Erased(row[1]), row[2]) for row in rows)


def newest_erasure(connection: Any) -> int:
    """The generation of the last erasure; 0 before the first."""
    return int(connection.execute("SELECT ifnull(max(generation), 0) FROM erasure").fetchone()[0])


def erase_from_copy(connection: Any, erasures: tuple[Erasure, ...]) -> None:
    """Take out of a copy of the person's own tables what was erased since it was made.

    Args:
        connection: open for writing, with freed pages overwritten and no log that would keep them.
        erasures: those of after the copy.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Whatever order the tables stand in: at the end none of them refers to what is gone.
        connection.execute("PRAGMA defer_foreign_keys = ON")
        with_submission = [
            row[0]
            for row in connection.execute(
                "SELECT m.name FROM sqlite_master m, pragma_table_info(m.name) c"
                " WHERE m.type = 'table' AND c.name = 'submission_id'"
            )
        ]
        for erasure in erasures:
            tables: tuple[str, ...] = ()
            if erasure.what is Erased.EVIDENCE:
                tables = _OF_EVIDENCE
            elif erasure.what is Erased.ALL:
                tables = tuple(name for name in with_submission if name not in _KEPT)
            elif erasure.what in (Erased.UNSENT, Erased.LEARNER):
                tables = tuple(name for name in with_submission if name not in _KEPT)
                erase_outbox(connection, erasure)
            for table in tables:
                connection.execute(
                    f'DELETE FROM "{table}" WHERE submission_id = ?',
                    (erasure.submission_id,),
                )
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def erase_outbox(connection: Any, erasure: Erasure) -> None:
    """Take out what waits to be sent for a submission, and what was sent where that goes as well.

    Args:
        connection: inside a transaction.
        erasure: of which submission, and how much.
    """
    # The store lets go of what may have left only where the work has ended.
    reason = "erased" if erasure.what is Erased.LEARNER else "other"
    connection.execute(
        "INSERT OR REPLACE INTO ending (submission_id, role, reason, at_us, is_seen) VALUES (?, '', ?, 0, 1)",
        (erasure.submission_id, reason),
    )
    which = "submission_id = ?" + ("" if erasure.what is Erased.LEARNER else " AND state <> 'acked'")
    for table in _OF_OUTBOX:
        connection.execute(
            f'DELETE FROM "{table}" WHERE outbox_id IN (SELECT id FROM outbox WHERE {which})',
            (erasure.submission_id,),
        )
    connection.execute(f"DELETE FROM outbox WHERE {which}", (erasure.submission_id,))
