"""What the identity guard found in evidence, which patches are lifted, and the effects that this has.

Words found here are names: they are read by the checks on feedback alone, and never sent, shown or logged.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.judgement_models import IdentityFindingRecord, LocalEffectRecord
from assessor_app.cache.models import EvidenceRecord
from assessor_app.cache.moments import from_us, to_us
from assessor_app.cache.stored import pack, unpack, upsert
from assessor_app.domain.identity import IdentityRecord
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.submissions import EvidenceState

UNCOVERED, COVERED_AGAIN = "uncovered", "covered again"
"""What an effect says."""


def words_of(txn: Transaction, submission_id: SubmissionId) -> frozenset[str]:
    """Names and schools that were found in a submission's evidence: words and whole phrases.

    In small letters, as `str.casefold` makes them, accents kept, single spaces between words.
    """
    records = of_submission(txn, submission_id).values()
    return frozenset(word for record in records for word in record.words)


def of_submission(txn: Transaction, submission_id: SubmissionId) -> Mapping[str, IdentityRecord]:
    """What is known of a submission's evidence, by file or response."""
    table = IdentityFindingRecord
    documents = txn.connection.scalars(
        sa.select(table.document).where(table.submission_id == submission_id).order_by(table.source_id)
    )
    records = (unpack(IdentityRecord, document) for document in documents)
    return {record.source_id: record for record in records}


def get(txn: Transaction, submission_id: SubmissionId, source_id: str) -> IdentityRecord:
    """What is known of one file or response; an empty record where nobody looked yet."""
    table = IdentityFindingRecord
    document = txn.connection.scalar(
        sa.select(table.document).where(table.submission_id == submission_id, table.source_id == source_id)
    )
    return IdentityRecord(source_id, "") if document is None else unpack(IdentityRecord, document)


def put(txn: Transaction, submission_id: SubmissionId, record: IdentityRecord) -> None:
    """Store what is known of one file or response, in place of what was known before."""
    values = {
        "submission_id": submission_id,
        "source_id": record.source_id,
        "sha256": record.sha256,
        "scanner": record.scanner,
        "document": pack(record),
    }
    upsert(txn, IdentityFindingRecord, values)


def not_scanned(
    txn: Transaction, scanner: int, submission_ids: Collection[SubmissionId] | None = None, most: int = 50
) -> list[tuple[SubmissionId, str]]:
    """Files that are here and that this version of the scan did not look through, what is due first.

    Args:
        txn: a transaction.
        scanner: the version of the scan.
        submission_ids: of these alone; None for all.
        most: how many at most.
    """
    file, record = EvidenceRecord, IdentityFindingRecord
    query = (
        sa.select(file.submission_id, file.blob_id)
        .outerjoin(
            record,
            sa.and_(record.submission_id == file.submission_id, record.source_id == file.blob_id),
        )
        .where(
            file.state == EvidenceState.READY.value,
            sa.or_(record.sha256.is_(None), record.sha256 != file.sha256, record.scanner != scanner),
        )
        .order_by(file.due_us, sa.text("evidence_file.rowid"))
        .limit(most)
    )
    if submission_ids is not None:
        query = query.where(file.submission_id.in_(sorted(submission_ids)))
    return [(SubmissionId(row.submission_id), row.blob_id) for row in txn.connection.execute(query)]


def note_effect(
    txn: Transaction, effect_id: str, submission_id: SubmissionId, at: datetime, what: str, source_id: str
) -> None:
    """Keep that a patch was lifted or put back, for the audit trail; the next sync tells it."""
    values = {
        "id": effect_id,
        "submission_id": submission_id,
        "at_us": to_us(at),
        "what": what,
        "source_id": source_id,
    }
    txn.connection.execute(sa.insert(LocalEffectRecord).values(values))


def effects_of(txn: Transaction, submission_id: SubmissionId) -> list[tuple[str, str]]:
    """What was lifted and put back in a submission, oldest first, as (what, file or response)."""
    table = LocalEffectRecord
    query = sa.select(table.what, table.source_id).where(table.submission_id == submission_id)
    return [
        (row.what, row.source_id)
        for row in txn.connection.execute(query.order_by(table.at_us, sa.text("rowid")))
    ]


@dataclass(frozen=True, slots=True)
class LocalEffect:
    """Something done on this machine that the audit trail is to know."""

    id: str
    submission_id: SubmissionId
    at: datetime
    what: str
    source_id: str


def untold_effects(txn: Transaction, most: int) -> tuple[LocalEffect, ...]:
    """What the platform has not been told yet, oldest first."""
    table = LocalEffectRecord
    query = (
        sa.select(table).where(table.is_told.is_(False)).order_by(table.at_us, sa.text("rowid")).limit(most)
    )
    return tuple(
        LocalEffect(
            row.id, SubmissionId(row.submission_id), from_us(row.at_us), row.what, row.source_id or ""
        )
        for row in txn.connection.execute(query)
    )


def effects_told(txn: Transaction, ids: Sequence[str]) -> None:
    """Note that the platform has these."""
    table = LocalEffectRecord
    txn.connection.execute(sa.update(table).where(table.id.in_(ids)).values(is_told=True))
