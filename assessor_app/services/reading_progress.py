"""How far evidence was read: kept on this machine for the person herself, behind everything that she does."""

from __future__ import annotations

from collections.abc import Sequence

from assessor_app.cache import reading_state
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.reading import ReadingState
from assessor_app.services.context import Context


def load(context: Context, submission_id: SubmissionId) -> tuple[ReadingState, ...]:
    """What was read of a submission, one for each piece that was opened."""
    with context.store.read() as txn:
        return reading_state.of_submission(txn, submission_id)


def keep(context: Context, submission_id: SubmissionId, more: Sequence[ReadingState]) -> ChangeSet:
    """Add to what was read; nothing is ever taken from it.

    Returns:
        No change at all: whoever reads shows it already, and nothing else depends on it.
    """
    with context.store.write() as txn:
        for state in more:
            before = reading_state.get(txn, submission_id, state.source_id)
            after = state if before is None else before.with_more(state)
            if after != before:
                reading_state.put(txn, submission_id, after)
    return ChangeSet()
