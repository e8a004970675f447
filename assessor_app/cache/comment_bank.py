"""The comment bank's table: the person's own entries, and the team's as the platform last sent them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.judgement_models import CommentBankRecord
from assessor_app.cache.models import AssessmentRecord, FeedbackRecord, Setting, SubmissionRecord
from assessor_app.cache.moments import from_us_or_none, to_us, to_us_or_none
from assessor_app.cache.stored import pack, unpack, upsert
from assessor_app.domain.comment_bank import BankEntry, Scope
from assessor_app.domain.ids import BankEntryId, CriterionId, SubmissionId
from assessor_app.domain.submissions import Submission

_LOOKED_BACK = 400
"""Feedback texts that are looked through for sentences written again."""
_DECLINED, _MOST_DECLINED = "comments_declined", 200


def entries(txn: Transaction) -> tuple[BankEntry, ...]:
    """All entries, the person's own first, each kind in the order in which it came."""
    table = CommentBankRecord
    own_first = sa.case((table.scope == Scope.PERSONAL.value, 0), else_=1)
    rows = txn.connection.execute(
        sa.select(table.document, table.uses, table.used_us).order_by(own_first, table.id)
    )
    return tuple(_entry(row.document, row.uses, row.used_us) for row in rows)


def get(txn: Transaction, entry_id: BankEntryId) -> BankEntry | None:
    """One entry, or None when there is none of this id."""
    table = CommentBankRecord
    query = sa.select(table.document, table.uses, table.used_us).where(table.id == entry_id)
    row = txn.connection.execute(query).one_or_none()
    return None if row is None else _entry(row.document, row.uses, row.used_us)


def put(txn: Transaction, entry: BankEntry) -> None:
    """Store an entry as it is, its uses too."""
    values = _values(entry) | {"uses": entry.uses, "used_us": to_us_or_none(entry.last_used)}
    upsert(txn, CommentBankRecord, values)


def put_words(txn: Transaction, entry: BankEntry) -> None:
    """Store what an entry says and where it fits; how often it was used here stays as it is."""
    table = CommentBankRecord
    changed = txn.connection.execute(sa.update(table).where(table.id == entry.id).values(_values(entry)))
    if changed.rowcount == 0:
        put(txn, entry)


def put_team(txn: Transaction, entry: BankEntry) -> None:
    """Store an entry of the team as the platform sent it; how often it was used here stays as it is.

    Raises:
        ValueError: its id is that of an entry of the person's own.
    """
    before = get(txn, entry.id)
    if before is not None and before.scope is not Scope.TEAM:
        raise ValueError("a team comment with the id of a personal one")
    put_words(txn, entry)


def remove_team(txn: Transaction, entry_id: BankEntryId) -> None:
    """Take away an entry that the team no longer hands out; never one of the person's own."""
    table = CommentBankRecord
    txn.connection.execute(sa.delete(table).where(table.id == entry_id, table.scope == Scope.TEAM.value))


def remove(txn: Transaction, entry_ids: Iterable[BankEntryId]) -> None:
    """Take entries away."""
    table = CommentBankRecord
    for entry_id in entry_ids:
        txn.connection.execute(sa.delete(table).where(table.id == entry_id))


def count_use(txn: Transaction, entry_id: BankEntryId, at: datetime) -> bool:
    """Count a use; False where the entry is gone."""
    table = CommentBankRecord
    done = txn.connection.execute(
        sa.update(table).where(table.id == entry_id).values(uses=table.uses + 1, used_us=to_us(at))
    )
    return done.rowcount > 0


def one_of_each_rubric(txn: Transaction) -> tuple[Submission, ...]:
    """One submission to each rubric version, the oldest version first: they tell the micro-credentials."""
    table = SubmissionRecord
    ids = sa.select(sa.func.min(table.id)).group_by(table.rubric_id, table.rubric_version)
    query = sa.select(table.document).where(table.id.in_(ids)).order_by(table.rubric_version)
    return tuple(unpack(Submission, document) for document in txn.connection.scalars(query))


def written_elsewhere(
    txn: Transaction, submission_id: SubmissionId, criterion_id: CriterionId
) -> tuple[str, ...]:
    """The feedback to other criteria and submissions that the person wrote last, one text for each.

    Args:
        txn: a transaction.
        submission_id: where something is being written.
        criterion_id: to which criterion; what stands there is left out.
    """
    table, work = FeedbackRecord, AssessmentRecord
    here = sa.and_(table.submission_id == submission_id, table.criterion_id == criterion_id)
    query = (
        sa.select(table.text, table.seen, table.missing, table.next_step)
        .join(work, sa.and_(work.submission_id == table.submission_id, work.round == table.round))
        .where(sa.not_(here))
        .order_by(work.updated_us.desc(), table.submission_id, table.criterion_id)
        .limit(_LOOKED_BACK)
    )
    return tuple("\n".join(part for part in row if part) for row in txn.connection.execute(query))


def declined(txn: Transaction) -> tuple[str, ...]:
    """The sentences that the person did not want to keep."""
    stored = txn.connection.scalar(sa.select(Setting.value).where(Setting.name == _DECLINED))
    return () if stored is None else tuple(json.loads(stored))


def decline(txn: Transaction, sentence: str) -> None:
    """Remember that a sentence is not wanted; the oldest are forgotten when there are too many."""
    sentences = [*declined(txn), sentence][-_MOST_DECLINED:]
    upsert(txn, Setting, {"name": _DECLINED, "value": json.dumps(sentences, ensure_ascii=False)})


def _values(entry: BankEntry) -> dict[str, object]:
    # What is counted lies in columns of its own, so that counting rewrites no document.
    document = pack(replace(entry, uses=0, last_used=None))
    return {"id": entry.id, "scope": entry.scope.value, "document": document}


def _entry(document: bytes, uses: int, used_us: int | None) -> BankEntry:
    return replace(unpack(BankEntry, document), uses=uses, last_used=from_us_or_none(used_us))
