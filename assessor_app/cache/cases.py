"""Questions and reports as the platform last sent them."""

from __future__ import annotations

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.judgement_models import CaseRecord
from assessor_app.cache.moments import to_us
from assessor_app.cache.stored import pack, unpack, upsert
from assessor_app.domain.cases import Case
from assessor_app.domain.ids import SubmissionId


def put(txn: Transaction, case: Case) -> None:
    """Store a case, in place of its earlier state."""
    values = {
        "id": case.id,
        "submission_id": case.submission_id,
        "kind": case.kind.value,
        "state": case.state.value,
        "opened_us": to_us(case.opened_at),
        "document": pack(case),
    }
    upsert(txn, CaseRecord, values)


def remove(txn: Transaction, case_id: str) -> None:
    """Take away a case that the platform no longer hands out."""
    txn.connection.execute(sa.delete(CaseRecord).where(CaseRecord.id == case_id))


def of_submission(txn: Transaction, submission_id: SubmissionId) -> tuple[Case, ...]:
    """The cases of a submission, oldest first."""
    return _read(txn, sa.select(CaseRecord.document).where(CaseRecord.submission_id == submission_id))


def every(txn: Transaction) -> tuple[Case, ...]:
    """All cases, oldest first."""
    return _read(txn, sa.select(CaseRecord.document))


def _read(txn: Transaction, query: sa.Select[bytes]) -> tuple[Case, ...]:
    documents = txn.connection.scalars(query.order_by(CaseRecord.opened_us, CaseRecord.id))
    return tuple(unpack(Case, document) for document in documents)
