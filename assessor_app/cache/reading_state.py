"""How far each piece of evidence was read on this machine; a table that nothing sends from."""

from __future__ import annotations

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.models import ReadingStateRecord
from assessor_app.cache.stored import pack, unpack, upsert
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.reading import ReadingState


def of_submission(txn: Transaction, submission_id: SubmissionId) -> tuple[ReadingState, ...]:
    """What was read of a submission, one for each piece that was opened."""
    table = ReadingStateRecord
    documents = txn.connection.scalars(
        sa.select(table.document).where(table.submission_id == submission_id).order_by(table.source_id)
    )
    return tuple(unpack(ReadingState, document) for document in documents)


def get(txn: Transaction, submission_id: SubmissionId, source_id: str) -> ReadingState | None:
    """What was read of one piece, or None when it was not opened yet."""
    table = ReadingStateRecord
    document = txn.connection.scalar(
        sa.select(table.document).where(table.submission_id == submission_id, table.source_id == source_id)
    )
    return None if document is None else unpack(ReadingState, document)


def put(txn: Transaction, submission_id: SubmissionId, state: ReadingState) -> None:
    """Store what was read of one piece. No list is derived from it, so no submission is touched."""
    values = {"submission_id": submission_id, "source_id": state.source_id, "document": pack(state)}
    upsert(txn, ReadingStateRecord, values)
