"""Marks on the evidence, each a document of its own."""

from __future__ import annotations

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.models import AnnotationRecord
from assessor_app.cache.moments import to_us
from assessor_app.cache.prepared import Prepared
from assessor_app.cache.stored import pack, unpack, upsert
from assessor_app.domain.annotations import Annotation
from assessor_app.domain.ids import AnnotationId, SubmissionId

_OF_SUBMISSION = Prepared(
    lambda: (
        sa.select(AnnotationRecord.document)
        .where(AnnotationRecord.submission_id == sa.bindparam("of"))
        .order_by(AnnotationRecord.created_us, AnnotationRecord.id)
    )
)


def of_submission(txn: Transaction, submission_id: SubmissionId) -> tuple[Annotation, ...]:
    """All marks on a submission, in the order in which they were made."""
    rows = _OF_SUBMISSION.run(txn, {"of": submission_id}).fetchall()
    return tuple(unpack(Annotation, row[0]) for row in rows)


def get(txn: Transaction, annotation_id: AnnotationId) -> Annotation | None:
    """One mark, or None."""
    document = txn.connection.scalar(
        sa.select(AnnotationRecord.document).where(AnnotationRecord.id == annotation_id)
    )
    return None if document is None else unpack(Annotation, document)


def put(txn: Transaction, annotation: Annotation) -> None:
    """Store a mark, new or changed."""
    values = {
        "id": annotation.id,
        "submission_id": annotation.submission_id,
        "created_us": to_us(annotation.created_at),
        "document": pack(annotation),
    }
    upsert(txn, AnnotationRecord, values)
    txn.touch(annotation.submission_id)


def delete(txn: Transaction, annotation_id: AnnotationId) -> None:
    """Take a mark away; one that is not there is no error."""
    table = AnnotationRecord
    submission_id = txn.connection.scalar(sa.select(table.submission_id).where(table.id == annotation_id))
    if submission_id is not None:
        txn.connection.execute(sa.delete(table).where(table.id == annotation_id))
        txn.touch(submission_id)
