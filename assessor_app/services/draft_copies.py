"""Copies of drafts on the platform, as people ask for them: what has none, what goes on from elsewhere."""

from __future__ import annotations

from datetime import datetime

from assessor_app.cache import draft_copies, draft_work, submissions
from assessor_app.cache.engine import Transaction
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import SubmissionId
from assessor_app.services.context import Context
from assessor_app.services.views import DraftCopies, Uncopied
from assessor_app.sync.draft_document import document_of


def without_copy(context: Context) -> tuple[Uncopied, ...]:
    """Drafts that are on this computer alone, as they are now: lost with it.

    What was made final and waits to be sent stands in the waiting list and is not among them.
    """
    with context.store.read() as txn:
        return _without_copy(txn)


def standing(context: Context) -> DraftCopies:
    """How many drafts are on this computer alone, and when the platform took a copy last."""
    with context.store.read() as txn:
        return DraftCopies(
            waiting=len(_without_copy(txn)),
            at=draft_copies.last_saved_at(txn),
            off=context.drafts.off,
            is_held=context.drafts.is_held,
            looked_at=context.clock.now(),
        )


def hurry(context: Context) -> None:
    """Let the next sync copy every draft, however short ago each was copied: before somebody leaves."""
    context.drafts.sent_s.clear()


def continued_at(context: Context, submission_id: SubmissionId) -> datetime | None:
    """When her other computer had saved what goes on here; None where she knows it, or nothing does."""
    with context.store.read() as txn:
        return draft_copies.standing_of(txn, submission_id).continued_at


def continued_told(context: Context, submission_id: SubmissionId) -> ChangeSet:
    """Note that she was told that her other computer's work goes on here."""
    with context.store.write() as txn:
        draft_copies.note_continued(txn, submission_id, None)
    return ChangeSet()


def _without_copy(txn: Transaction) -> tuple[Uncopied, ...]:
    found = []
    for submission_id, _ in draft_copies.changed(txn):
        submission = submissions.get_submission(txn, submission_id)
        mine = None if submission is None else draft_work.gather(txn, submission)
        if submission is None or mine is None:
            continue
        copy = draft_copies.copy_of(txn, submission_id, submission.round)
        if draft_work.is_final(mine) or (copy is None and mine.is_empty):
            continue
        if copy is None or not copy.etag or copy.document != document_of(mine, submission.rubric):
            refused = draft_copies.standing_of(txn, submission_id).refused
            found.append(Uncopied(submission_id, submission.code, submission.title, refused))
    return tuple(found)
