"""Questions and reports as the platform last sent them."""

from __future__ import annotations

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.judgement_models import CaseRecord
from assessor_app.cache.moments import to_us
from assessor_app.cache.stored import pack, unpack, upsert
from assessor_app.domain.cases import Case
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.roles import Role


def put(txn: Transaction, case: Case) -> None:
    """Store a case, in place of its earlier state; answers that are new in it count as not shown yet."""
    before = txn.connection.execute(
        sa.select(CaseRecord.document, CaseRecord.unread).where(CaseRecord.id == case.id)
    ).first()
    known = 0 if before is None else _answers(unpack(Case, before.document))
    unread = (0 if before is None else before.unread) + max(0, _answers(case) - known)
    values = {
        "id": case.id,
        "submission_id": case.submission_id,
        "kind": case.kind.value,
        "state": case.state.value,
        "opened_us": to_us(case.opened_at),
        "unread": unread,
        "document": pack(case),
    }
    upsert(txn, CaseRecord, values)
    txn.touch(case.submission_id)


def remove(txn: Transaction, case_id: str) -> None:
    """Take away a case that the platform no longer hands out."""
    txn.connection.execute(sa.delete(CaseRecord).where(CaseRecord.id == case_id))


def unread_of(txn: Transaction, submission_id: SubmissionId) -> dict[str, int]:
    """How many answers were not shown yet, by the case's id; cases without such are left out."""
    table = CaseRecord
    rows = txn.connection.execute(
        sa.select(table.id, table.unread).where(table.submission_id == submission_id, table.unread > 0)
    )
    return {row.id: row.unread for row in rows}


def mark_read(txn: Transaction, submission_id: SubmissionId) -> bool:
    """Note that all answers about a submission were shown; False if there was nothing new."""
    table = CaseRecord
    changed = txn.connection.execute(
        sa.update(table).where(table.submission_id == submission_id, table.unread > 0).values(unread=0)
    )
    if changed.rowcount:
        txn.touch(submission_id)
    return bool(changed.rowcount)


def get(txn: Transaction, case_id: str) -> Case | None:
    """A case; None where the platform does not hand it out."""
    document = txn.connection.scalar(sa.select(CaseRecord.document).where(CaseRecord.id == case_id))
    return None if document is None else unpack(Case, document)


def entries_read(txn: Transaction) -> dict[str, int]:
    """How many entries of each case a lead has had before her; cases without any are left out."""
    table = CaseRecord
    rows = txn.connection.execute(
        sa.select(table.id, table.entries_read).where(table.entries_read.is_not(None))
    )
    return {row.id: row.entries_read for row in rows}


def set_entries_read(txn: Transaction, case_id: str, count: int) -> bool:
    """Note how many entries a lead has had before her; False if that was known."""
    table = CaseRecord
    is_news = sa.or_(table.entries_read.is_(None), table.entries_read != count)
    changed = txn.connection.execute(
        sa.update(table).where(table.id == case_id, is_news).values(entries_read=count)
    )
    return bool(changed.rowcount)


def draft(txn: Transaction, case_id: str) -> str:
    """What a lead has begun to answer."""
    return txn.connection.scalar(sa.select(CaseRecord.draft).where(CaseRecord.id == case_id)) or ""


def set_draft(txn: Transaction, case_id: str, text: str) -> None:
    """Keep what a lead has begun to answer."""
    table = CaseRecord
    txn.connection.execute(sa.update(table).where(table.id == case_id).values(draft=text or None))


def of_submission(txn: Transaction, submission_id: SubmissionId) -> tuple[Case, ...]:
    """The cases of a submission, oldest first."""
    return _read(txn, sa.select(CaseRecord.document).where(CaseRecord.submission_id == submission_id))


def every(txn: Transaction) -> tuple[Case, ...]:
    """All cases, oldest first."""
    return _read(txn, sa.select(CaseRecord.document))


def _read(txn: Transaction, query: sa.Select[bytes]) -> tuple[Case, ...]:
    documents = txn.connection.scalars(query.order_by(CaseRecord.opened_us, CaseRecord.id))
    return tuple(unpack(Case, document) for document in documents)


def _answers(case: Case) -> int:
    """What the lead has said or done in a case that its opener may want to read."""
    return sum(entry.by == Role.LEAD and entry.action != "reassigned" for entry in case.entries)
