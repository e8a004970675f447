"""The end of a repair: what hangs together is made whole, and what the platform has is asked for anew."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from assessor_app.cache import inbox_sql
from assessor_app.cache.damaged_table import Row, key_columns
from assessor_app.cache.generation import SETTING
from assessor_app.cache.moments import to_us

START_OVER = "start_over"
"""A setting: the next sync compares all records with the platform's list."""
_OF_A_DRAFT = (
    "annotation",
    "artifact_feedback",
    "assessment",
    "criterion_feedback",
    "decision_draft",
    "pre_assessment",
    "rating",
    "unsent_question",
)
_OF_A_ROUND = ("artifact_feedback", "criterion_feedback", "rating")
_DRAFTS = """
    SELECT submission_id FROM assessment WHERE state <> 'final'
    UNION SELECT submission_id FROM decision_draft
    UNION SELECT submission_id FROM pre_assessment WHERE state <> 'final'
"""


@dataclass(frozen=True, slots=True)
class Finished:
    """What there is of drafts."""

    drafts: int
    """Pieces of work that were known, lost ones included."""
    lost: tuple[tuple[str, str], ...]
    """Submission id and code of work of which a part is missing."""
    orphans: tuple[str, ...]
    """Names of sealed files that nothing refers to any more."""


def finish(target: Any, folder: Path, number: int, now: datetime, lost: dict[str, set[Row]]) -> Finished:
    """Make a filled store ready to be opened.

    Args:
        target: a connection to the new store.
        folder: the profile's folder.
        number: the generation that it begins with.
        now: the moment of the repair.
        lost: keys of rows that no source had, by table.
    """
    target.execute("BEGIN IMMEDIATE")
    for table in _OF_A_ROUND:
        # Ratings whose frame was lost stay somebody's work.
        target.execute(
            "INSERT OR IGNORE INTO assessment (submission_id, round, state, overall, note_to_approver,"
            f" rubric_hash) SELECT DISTINCT submission_id, round, 'draft', '', '', '' FROM {table}"
        )
    orphans = _mend_evidence(target, folder)
    target.execute("DELETE FROM setting WHERE name IN ('cursor', ?)", (SETTING,))
    target.executemany(
        "INSERT OR REPLACE INTO setting (name, value) VALUES (?, ?)",
        [(SETTING, str(number)), (START_OVER, "1")],
    )
    # What stands in the documents alone comes when they are indexed for the search.
    target.execute(
        "INSERT OR IGNORE INTO submission_fact SELECT id, '', code, title, is_resubmission, is_returned,"
        " final_us, 0, 0 FROM submission"
    )
    ids = target.execute("SELECT id FROM submission UNION SELECT submission_id FROM outbox").fetchall()
    inbox_sql.refresh(target, [row[0] for row in ids])
    finished = _count(target, lost, orphans)
    target.execute(
        "INSERT INTO incident (at_us, kind, sentence, status) VALUES (?, 'store_repaired', ?, NULL)",
        (
            to_us(now),
            "Part of the local store was damaged. Drafts recovered: "
            f"{finished.drafts - len(finished.lost)} of {finished.drafts}.",
        ),
    )
    target.execute("COMMIT")
    return finished


def _mend_evidence(target: Any, folder: Path) -> tuple[str, ...]:
    """Files that cannot be opened any more, or are not there, are fetched anew; returns those on the disk."""
    target.execute(
        "DELETE FROM evidence_file WHERE submission_id NOT IN (SELECT submission_id FROM submission_key)"
    )
    target.execute(
        "DELETE FROM local_copy WHERE submission_id NOT IN (SELECT submission_id FROM submission_key)"
    )
    home = folder / "evidence"
    on_disk = {path.name for path in home.iterdir()} if home.is_dir() else set()
    known = set()
    for (blob_id,) in target.execute("SELECT blob_id FROM evidence_file WHERE state = 'ready'").fetchall():
        if blob_id not in on_disk:
            target.execute("UPDATE evidence_file SET state = 'wanted' WHERE blob_id = ?", (blob_id,))
    for table in ("evidence_file", "local_copy"):
        known |= {row[0] for row in target.execute(f"SELECT blob_id FROM {table}")}
    return tuple(sorted(name for name in on_disk if name.partition(".")[0] not in known))


def unlink_orphans(folder: Path, names: tuple[str, ...]) -> None:
    """Take away sealed files whose key is lost; they are fetched anew."""
    for name in names:
        with contextlib.suppress(OSError):
            (folder / "evidence" / name).unlink()


def _count(target: Any, lost: dict[str, set[Row]], orphans: tuple[str, ...]) -> Finished:
    drafts = {row[0] for row in target.execute(_DRAFTS)}
    missing: set[str] = set()
    for table in _OF_A_DRAFT:
        names = key_columns(target, table)
        if "submission_id" in names:
            missing |= {row[names.index("submission_id")] for row in lost.get(table, ())}
    codes = dict(target.execute("SELECT id, code FROM submission").fetchall())
    named = tuple((submission_id, codes.get(submission_id, "")) for submission_id in sorted(missing))
    return Finished(len(drafts | missing), named, orphans)
