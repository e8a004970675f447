"""Keeps the texts that can be searched as the tables have them, a little at a time.

Triggers note what changed (`search_todo`), so that whoever writes need not know of the search and no sync
waits for it. `index_some` works the notes off in its own time; what was deleted is gone at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache import assessments, submissions
from assessor_app.cache.engine import Transaction
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.searching import OWN_KINDS, PlaceKind

BATCH_S = 0.006
"""Longest stretch of one transaction's indexing; the write lock is held a little longer."""
PAGES_AT_ONCE = 5
"""So many pages of evidence are indexed between two looks at the time."""
TITLE_SOURCE = ""
Place = tuple[str, str, int]
"""Kind, source, page."""
Said = tuple[str, str]
"""Label, text."""


def index_some(
    txn: Transaction,
    now_s: Callable[[], float],
    budget_s: float = BATCH_S,
    *,
    shown: Callable[[str], str] = str,
) -> bool:
    """Index what was noted, for about `budget_s` seconds.

    Args:
        txn: a writing transaction.
        now_s: a clock in seconds.
        budget_s: after so long nothing new is begun.
        shown: a written answer as it is shown; pages of evidence are kept as they are shown already.

    Returns:
        Whether something is left.
    """
    until = now_s() + budget_s
    txn.settle()
    while (todo := _next_todo(txn)) is not None:
        submission_id, part = todo
        if part == "platform":
            is_done = _index_platform(txn, submission_id, shown)
        else:
            is_done = _PARTS[part](txn, submission_id)
        if is_done:
            _run(txn, "DELETE FROM search_todo WHERE submission_id = ? AND part = ?", submission_id, part)
        if now_s() >= until:
            return _next_todo(txn) is not None
    return False


def left(txn: Transaction) -> int:
    """How many parts of submissions are still to be indexed."""
    return int(_run(txn, "SELECT count(*) FROM search_todo").fetchone()[0])


# ---- the three parts; each says whether it is done with ----


def _index_platform(txn: Transaction, submission_id: SubmissionId, shown: Callable[[str], str]) -> bool:
    submission = submissions.get_submission(txn, submission_id)
    is_here = _run(txn, "SELECT 1 FROM inbox_entry WHERE submission_id = ? LIMIT 1", submission_id).fetchone()
    if submission is None or is_here is None:
        _run(txn, "DELETE FROM search_text WHERE submission_id = ?", submission_id)
        return True
    submissions.put_facts(txn, submission)
    wanted: dict[Place, Said] = {
        (PlaceKind.TITLE, TITLE_SOURCE, 0): ("", f"{submission.code} {submission.title}"),
    }
    rubric = submissions.get_rubric(txn, submission.rubric)
    asked = {requirement.id: requirement.title for requirement in rubric.requirements} if rubric else {}
    for part in submission.parts:
        for response in part.responses:
            said = asked.get(part.requirement_id, ""), shown(response.text)
            wanted[PlaceKind.RESPONSE, response.id, 0] = said
    _replace(txn, submission_id, (PlaceKind.TITLE, PlaceKind.RESPONSE), wanted)
    return True


def _index_own(txn: Transaction, submission_id: SubmissionId) -> bool:
    wanted = {place: ("", text) for place, text in _own_texts(txn, submission_id)}
    _replace(txn, submission_id, OWN_KINDS, wanted)
    return True


def _own_texts(txn: Transaction, submission_id: SubmissionId) -> Iterator[tuple[Place, str]]:
    """What the person wrote of the newest round, and the comments of her marks."""
    rounds = _run(txn, "SELECT max(round) FROM assessment WHERE submission_id = ?", submission_id)
    newest = rounds.fetchone()[0]
    work = None if newest is None else assessments.load(txn, submission_id, newest)
    if work is not None:
        yield (PlaceKind.OVERALL, "", 0), work.overall
        yield (PlaceKind.NOTE, "", 0), work.note_to_approver
        for said in work.feedback:
            pieces = (said.text, said.seen, said.missing, said.next_step)
            yield (PlaceKind.FEEDBACK, said.criterion_id, 0), "\n".join(piece for piece in pieces if piece)
        for rating in work.ratings:
            yield (PlaceKind.RATING_NOTE, rating.criterion_id, 0), rating.note
        rows = _run(
            txn,
            "SELECT source_id, text FROM artifact_feedback WHERE submission_id = ? AND round = ?",
            submission_id,
            newest,
        )
        for source_id, text in rows.fetchall():
            yield (PlaceKind.ARTIFACT_FEEDBACK, source_id, 0), text
    for mark in annotation_rows.of_submission(txn, submission_id):
        yield (PlaceKind.MARK, mark.id, 0), mark.comment


# The limit stands in it: were it bound, SQLite would plan the statement anew for each submission.
_MISSING_PAGES = f"""
    SELECT f.artifact_id, p.blob_id, p.page, p.text, t.id
    FROM (SELECT blob_id, artifact_id FROM evidence_file WHERE submission_id = :of
        UNION SELECT c.blob_id, e.artifact_id FROM local_copy c
        JOIN evidence_file e ON e.submission_id = c.submission_id AND e.sha256 = c.source_sha256
        WHERE c.submission_id = :of) f
    CROSS JOIN text_page p ON p.blob_id = f.blob_id
    LEFT JOIN search_text t ON t.blob_id = p.blob_id AND t.place = p.page
    WHERE t.text IS NOT p.text
    LIMIT {PAGES_AT_ONCE}
"""


def _index_pages(txn: Transaction, submission_id: SubmissionId) -> bool:
    is_here = _run(txn, "SELECT 1 FROM inbox_entry WHERE submission_id = ? LIMIT 1", submission_id).fetchone()
    if is_here is None:
        return True
    rows = txn.driver.execute(_MISSING_PAGES, {"of": submission_id}).fetchall()
    names = _file_names(txn, submission_id) if rows else {}
    for artifact_id, blob_id, page, text, known_id in rows:
        if known_id is None:
            said = names.get(artifact_id, ""), text
            _put(txn, submission_id, (PlaceKind.PAGE, artifact_id, page), said, blob_id)
        else:
            _run(txn, "UPDATE search_text SET text = ? WHERE id = ?", text, known_id)
    return len(rows) < PAGES_AT_ONCE


def _file_names(txn: Transaction, submission_id: SubmissionId) -> dict[str, str]:
    """The neutral names of a submission's files, by artifact."""
    submission = submissions.get_submission(txn, submission_id)
    parts = () if submission is None else submission.parts
    return {file.id: file.filename for part in parts for file in part.files}


_PARTS: Mapping[str, Callable[[Transaction, SubmissionId], bool]] = {
    "own": _index_own,
    "pages": _index_pages,
}


# ---- inside ----


def _replace(
    txn: Transaction, submission_id: SubmissionId, kinds: tuple[PlaceKind, ...], wanted: dict[Place, Said]
) -> None:
    """Bring the texts of some kinds to what is wanted; what is the same is not touched."""
    marks = ", ".join("?" * len(kinds))
    rows = _run(
        txn,
        f"""SELECT id, kind, source_id, place, label, text FROM search_text
        WHERE submission_id = ? AND kind IN ({marks})""",
        submission_id,
        *(kind.value for kind in kinds),
    ).fetchall()
    left = {place: said for place, said in wanted.items() if said[1].strip()}
    for row_id, kind, source_id, place, *said in rows:
        new = left.pop((kind, source_id, place), None)
        if new is None:
            _run(txn, "DELETE FROM search_text WHERE id = ?", row_id)
        elif new != tuple(said):
            _run(txn, "UPDATE search_text SET label = ?, text = ? WHERE id = ?", *new, row_id)
    for place, new in left.items():
        _put(txn, submission_id, place, new)


def _put(txn: Transaction, submission_id: SubmissionId, place: Place, said: Said, blob_id: str = "") -> None:
    kind, source_id, page = place
    _run(
        txn,
        """INSERT INTO search_text (submission_id, kind, source_id, place, blob_id, label, text)
        VALUES (?, ?, ?, ?, ?, ?, ?)""",
        submission_id,
        str(kind),
        source_id,
        page,
        blob_id,
        *said,
    )


def _next_todo(txn: Transaction) -> tuple[SubmissionId, str] | None:
    row = _run(txn, "SELECT submission_id, part FROM search_todo LIMIT 1").fetchone()
    return None if row is None else (SubmissionId(row[0]), row[1])


def _run(txn: Transaction, statement: str, *values: object) -> Any:
    return txn.driver.execute(statement, values)
