"""How long a submission was worked on: kept for the person herself, and never sent (rule 28)."""

from __future__ import annotations

from datetime import timedelta

from assessor_app.cache import time_spent
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import SubmissionId
from assessor_app.services.context import Context


def load(context: Context, submission_id: SubmissionId) -> timedelta:
    """The time so far."""
    with context.store.read() as txn:
        return time_spent.get(txn, submission_id)


def add(context: Context, submission_id: SubmissionId, more: timedelta) -> ChangeSet:
    """Add to the time.

    Returns:
        No change at all: whoever counts shows it already, and nothing else depends on it.
    """
    with context.store.write() as txn:
        time_spent.put(txn, submission_id, time_spent.get(txn, submission_id) + more)
    return ChangeSet()
