"""What pre-assessors make of submissions, in the caller's transaction."""

from __future__ import annotations

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.judgement_models import PreAssessmentRecord
from assessor_app.cache.stored import pack, unpack, upsert
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.pre_assessments import PreAssessment

_DOCUMENT = sa.select(PreAssessmentRecord.document).where(
    PreAssessmentRecord.submission_id == sa.bindparam("of")
)


def load(txn: Transaction, submission_id: SubmissionId) -> PreAssessment:
    """The work on a submission; an empty draft when nothing was begun."""
    document = txn.connection.scalar(_DOCUMENT, {"of": submission_id})
    return PreAssessment(submission_id) if document is None else unpack(PreAssessment, document)


def put(txn: Transaction, work: PreAssessment) -> None:
    """Store the work on a submission, in place of its earlier state."""
    values = {"submission_id": work.submission_id, "state": work.state.value, "document": pack(work)}
    upsert(txn, PreAssessmentRecord, values)
    txn.touch(work.submission_id)
