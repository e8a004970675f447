"""How long each submission was worked on here; a table that nothing sends from."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.judgement_models import TimeSpentRecord
from assessor_app.cache.stored import upsert
from assessor_app.domain.ids import SubmissionId


def get(txn: Transaction, submission_id: SubmissionId) -> timedelta:
    """The time so far; nothing at first."""
    table = TimeSpentRecord
    found = txn.connection.scalar(sa.select(table.milliseconds).where(table.submission_id == submission_id))
    return timedelta(milliseconds=found or 0)


def put(txn: Transaction, submission_id: SubmissionId, spent: timedelta) -> None:
    """Store the time so far. No list is derived from it, so no submission is touched."""
    values = {"submission_id": submission_id, "milliseconds": round(spent / timedelta(milliseconds=1))}
    upsert(txn, TimeSpentRecord, values)


def of_finished(txn: Transaction) -> tuple[timedelta, ...]:
    """How long each submission took whose assessment was sent from here; what nobody counted is left out."""
    found = txn.connection.exec_driver_sql(
        """SELECT t.milliseconds FROM time_spent t WHERE t.milliseconds >= 60000 AND EXISTS (
            SELECT 1 FROM inbox_entry i WHERE i.submission_id = t.submission_id AND i.band >= 2
            AND i.local_state IN ('sent', 'waiting_to_send'))"""
    )
    return tuple(timedelta(milliseconds=row[0]) for row in found)
