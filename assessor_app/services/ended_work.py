"""Verbs on work that left this person: what is kept of it is removed before its time."""

from __future__ import annotations

from assessor_app.cache import endings, evidence_files, store_copies
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import SubmissionId
from assessor_app.errors import NotAllowed
from assessor_app.services.context import Context


def remove(context: Context, submission_id: SubmissionId) -> ChangeSet:
    """Erase from this computer, and from the copies of its store, what is kept of work that ended.

    What arrived at the platform stays on record here, with its receipts.

    Raises:
        NotAllowed: it is this person's work again.
    """
    with context.store.write() as txn:
        if endings.of(txn, submission_id) is None:
            raise NotAllowed(
                "This is your work again",
                "It has come back meanwhile, so nothing was removed.",
                "Go on where you were.",
            )
        blob_ids = endings.remove(txn, submission_id)
    evidence_files.unlink(context.store, blob_ids)
    store_copies.take_out_erased(context.store)
    return ChangeSet.of_ending(submission_id)
