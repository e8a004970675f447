"""Erasing all that this machine has of one submission, but what was sent and its receipts."""

from __future__ import annotations

import sqlalchemy as sa

from assessor_app.cache import evidence, judgement_models, safety_models, sync_state
from assessor_app.cache.engine import Transaction
from assessor_app.cache.erased import Erased, Erasure, erase_outbox
from assessor_app.cache.models import Model, OutboxRecord, SubmissionRecord
from assessor_app.domain.ids import SubmissionId

_KEPT = frozenset({OutboxRecord.__tablename__})
assert judgement_models.CaseRecord.metadata is safety_models.ConflictRecord.metadata is Model.metadata


def forget(
    txn: Transaction, submission_id: SubmissionId, *, unsent_too: bool = False, sent_too: bool = False
) -> tuple[str, ...]:
    """Erase a submission, its evidence and everything that was made of it here.

    Freed pages are overwritten, and the log is emptied after the commit.

    Args:
        txn: a writing transaction.
        submission_id: what goes.
        unsent_too: what waits to be sent goes as well.
        sent_too: everything that was sent goes as well, with its receipts.

    Returns:
        The blob ids of its files, for the caller to unlink after the commit.
    """
    blob_ids = evidence.shred(txn, submission_id)
    what = Erased.LEARNER if sent_too else Erased.UNSENT if unsent_too else Erased.ALL
    if what is not Erased.ALL:
        erase_outbox(txn.connection.connection.driver_connection, Erasure(submission_id, what, 0))
    for table in reversed(Model.metadata.sorted_tables):
        if "submission_id" in table.c and table.name not in _KEPT:
            txn.connection.execute(sa.delete(table).where(table.c.submission_id == submission_id))
    # What was erased just now counted as changes of a draft.
    noted = safety_models.DraftChangeRecord.submission_id == submission_id
    txn.connection.execute(sa.delete(safety_models.DraftChangeRecord).where(noted))
    txn.connection.execute(sa.delete(SubmissionRecord).where(SubmissionRecord.id == submission_id))
    sync_state.remove_rev(txn, "submission", submission_id)
    txn.touch(submission_id)
    txn.erased(submission_id, what)
    return blob_ids
