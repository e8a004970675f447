"""What was changed here and on the platform, both sides whole; settled ones stay on record."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.moments import from_us, from_us_or_none, to_us, to_us_or_none
from assessor_app.cache.safety_models import ConflictRecord, EndingRecord
from assessor_app.cache.stored import pack
from assessor_app.domain.assessments import DecisionDraft
from assessor_app.domain.codec import from_json
from assessor_app.domain.conflicts import Conflict, ConflictKind, TheirSide
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.merging import WorkCopy

_IS_ASKED = sa.and_(
    ConflictRecord.settled_us.is_(None),
    # With somebody else there is nothing to choose. It is asked again if the work comes back.
    sa.not_(
        sa.and_(
            ConflictRecord.kind == ConflictKind.DRAFT.value,
            sa.exists().where(EndingRecord.submission_id == ConflictRecord.submission_id),
        )
    ),
)
_OPEN = (
    sa.select(ConflictRecord.id)
    .where(ConflictRecord.submission_id == sa.bindparam("of"), _IS_ASKED)
    .order_by(ConflictRecord.found_us, ConflictRecord.id)
    .limit(1)
)
_ALL_OPEN = sa.select(ConflictRecord.id).where(_IS_ASKED)
# Made once: making a statement costs more than running it.


def note(txn: Transaction, conflict: Conflict) -> None:
    """Keep both sides of something new; one that is on record already stays as it is."""
    table = ConflictRecord
    if txn.connection.scalar(sa.select(table.id).where(table.id == conflict.id)) is not None:
        return
    txn.connection.execute(
        sa.insert(table).values(
            id=conflict.id,
            submission_id=conflict.submission_id,
            round=conflict.round,
            kind=conflict.kind.value,
            found_us=to_us(conflict.found_at),
            settled_us=to_us_or_none(conflict.settled_at),
            mine=pack(conflict.mine),
            theirs=b"" if conflict.theirs is None else pack(conflict.theirs),
            base=None if conflict.base is None else pack(conflict.base),
        )
    )
    txn.touch(conflict.submission_id)


def tell(txn: Transaction, conflict_id: str, theirs: TheirSide) -> bool:
    """Keep what the platform has by now, as long as it is open; whether that is news."""
    document = pack(theirs)
    table = ConflictRecord
    changed = txn.connection.execute(
        sa.update(table)
        .where(table.id == conflict_id, table.settled_us.is_(None), table.theirs != document)
        .values(theirs=document)
    )
    return changed.rowcount > 0


def settle(txn: Transaction, conflict_id: str, at: datetime, mine: WorkCopy | DecisionDraft) -> None:
    """She has chosen: it needs nobody any more, and both sides stay readable.

    Args:
        txn: a writing transaction.
        conflict_id: which one.
        at: when she chose.
        mine: her side as it was just before; what was sent of it stands among what was sent.
    """
    table = ConflictRecord
    txn.connection.execute(
        sa.update(table)
        .where(table.id == conflict_id, table.settled_us.is_(None))
        .values(settled_us=to_us(at), mine=pack(mine))
    )


def settle_open(txn: Transaction, submission_id: SubmissionId, at: datetime) -> None:
    """She has sent anew, whatever was to be compared: all that is open stays as it was noted, for reading."""
    table = ConflictRecord
    txn.connection.execute(
        sa.update(table)
        .where(table.submission_id == submission_id, table.settled_us.is_(None))
        .values(settled_us=to_us(at))
    )


def open_of(txn: Transaction, submission_id: SubmissionId) -> str:
    """The id of what needs the person on a submission, the oldest first; empty where nothing does."""
    return txn.connection.scalar(_OPEN, {"of": submission_id}) or ""


def has_settled(txn: Transaction, submission_id: SubmissionId) -> bool:
    """Whether there are earlier versions of a submission's work to read."""
    table = ConflictRecord
    query = sa.select(table.id).where(table.submission_id == submission_id, sa.not_(_IS_ASKED))
    return txn.connection.scalar(query.limit(1)) is not None


def get(txn: Transaction, conflict_id: str) -> Conflict | None:
    """One, open or settled; None when there is none of this id."""
    row = txn.connection.execute(_select().where(ConflictRecord.id == conflict_id)).first()
    return None if row is None else _conflict(row)


def of_submission(txn: Transaction, submission_id: SubmissionId) -> tuple[Conflict, ...]:
    """All of a submission, newest first."""
    table = ConflictRecord
    query = _select().where(table.submission_id == submission_id)
    return _all(txn, query.order_by(table.found_us.desc(), table.id.desc()))


def open_of_submission(txn: Transaction, submission_id: SubmissionId) -> tuple[Conflict, ...]:
    """What is not settled on a submission, newest first; also what waits while somebody else has the work."""
    table = ConflictRecord
    query = _select().where(table.submission_id == submission_id, table.settled_us.is_(None))
    return _all(txn, query.order_by(table.found_us.desc(), table.id.desc()))


def open_ones(txn: Transaction) -> tuple[Conflict, ...]:
    """Everything that needs the person, oldest first."""
    table = ConflictRecord
    return _all(txn, _select().where(_IS_ASKED).order_by(table.found_us, table.id))


def open_ids(txn: Transaction) -> frozenset[str]:
    """The ids of everything that needs the person: quick, no side is read."""
    return frozenset(txn.connection.scalars(_ALL_OPEN))


def _select() -> Any:
    table = ConflictRecord
    return sa.select(
        table.id,
        table.submission_id,
        table.round,
        table.kind,
        table.found_us,
        table.settled_us,
        table.mine,
        table.theirs,
        table.base,
    )


def _all(txn: Transaction, query: Any) -> tuple[Conflict, ...]:
    return tuple(_conflict(row) for row in txn.connection.execute(query))


def _conflict(row: Any) -> Conflict:
    kind = ConflictKind(row.kind)
    mine: type[WorkCopy | DecisionDraft] = DecisionDraft if kind is ConflictKind.DECISION else WorkCopy
    return Conflict(
        id=row.id,
        submission_id=SubmissionId(row.submission_id),
        round=row.round,
        kind=kind,
        found_at=from_us(row.found_us),
        mine=from_json(mine, json.loads(row.mine)),
        theirs=from_json(TheirSide, json.loads(row.theirs)) if row.theirs else None,
        base=from_json(WorkCopy, json.loads(row.base)) if row.base else None,
        settled_at=from_us_or_none(row.settled_us),
    )
