"""Passages of practice anchors, shown beside the levels that they stand for."""

from __future__ import annotations

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.judgement_models import PracticeAnchorRecord
from assessor_app.cache.stored import pack, unpack, upsert
from assessor_app.domain.calibration import PracticeAnchor
from assessor_app.domain.ids import RubricId


def put(txn: Transaction, anchor: PracticeAnchor) -> None:
    """Store a passage, in place of its earlier state."""
    values = {
        "id": anchor.id,
        "rubric_id": anchor.rubric_id,
        "rubric_version": anchor.rubric_version,
        "criterion_id": anchor.criterion_id,
        "level": anchor.level,
        "document": pack(anchor),
    }
    upsert(txn, PracticeAnchorRecord, values)


def remove(txn: Transaction, anchor_id: str) -> None:
    """Take away a passage that the platform no longer hands out."""
    txn.connection.execute(sa.delete(PracticeAnchorRecord).where(PracticeAnchorRecord.id == anchor_id))


def of_rubric(txn: Transaction, rubric_id: RubricId, version: int) -> tuple[PracticeAnchor, ...]:
    """The passages for a rubric version, by id."""
    table = PracticeAnchorRecord
    documents = txn.connection.scalars(
        sa.select(table.document)
        .where(table.rubric_id == rubric_id, table.rubric_version == version)
        .order_by(table.id)
    )
    return tuple(unpack(PracticeAnchor, document) for document in documents)
