"""What waits to be sent, and what was: frozen bytes under a client-made key.

A row leaves the state of waiting only by a receipt that matches it. Nothing overtakes an unfinished earlier
row of the same submission. A refused row stays on record; a newer row of the same kind takes its place.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.models import OutboxRecord
from assessor_app.cache.moments import from_us, from_us_or_none, to_us, to_us_or_none
from assessor_app.cache.prepared import Prepared
from assessor_app.cache.stored import pack, unpack
from assessor_app.domain.assessments import OutboxItem, OutboxKind, Receipt
from assessor_app.domain.canonical import sha256_hex
from assessor_app.domain.ids import OutboxId, SubmissionId
from assessor_app.domain.states import OUTBOX_TRANSITIONS, OutboxState, check_transition

LONGEST_WAIT = timedelta(hours=1)
"""No item waits longer than this for its next try."""

_REFUSED = (OutboxState.CONFLICT, OutboxState.REJECTED)
"""The platform did nothing with these bytes, and said so."""

# Asked of every record of a first sync.
_IS_ANY = Prepared(
    lambda: (
        sa.select(OutboxRecord.seq)
        .where(OutboxRecord.submission_id == sa.bindparam("of"))
        .limit(sa.literal_column("1"))
    )
)


def enqueue(txn: Transaction, item: OutboxItem) -> None:
    """Queue an item, in the transaction that makes it final.

    A row of the same submission and kind that is queued and was never tried is replaced, and one that the
    platform refused is put aside for good, where the kind is single. Any other waits for its fate first, and
    this one behind it.

    Raises:
        ValueError: the item is not a new one, or its digest is not that of its bytes.
    """
    is_new = replace(item, state=OutboxState.QUEUED, attempts=0, next_try_at=None, last_status=None) == item
    if not is_new or item.receipt is not None or item.sha256 != sha256_hex(item.body):
        raise ValueError("only a new item with the digest of its bytes can be queued")
    table = OutboxRecord
    if item.kind.is_single:
        same = (table.submission_id == item.submission_id, table.kind == item.kind.value)
        txn.connection.execute(
            sa.delete(table).where(*same, table.state == OutboxState.QUEUED.value, table.attempts == 0)
        )
        txn.connection.execute(
            sa.update(table)
            .where(*same, table.state.in_([state.value for state in _REFUSED]), table.superseded_by.is_(None))
            .values(superseded_by=item.id)
        )
    txn.connection.execute(
        sa.insert(table).values(
            id=item.id,
            submission_id=item.submission_id,
            kind=item.kind.value,
            round=_round_of(item.body),
            path=item.path,
            body=item.body,
            sha256=item.sha256,
            base_rev=item.base_rev,
            state=item.state.value,
            attempts=0,
            created_us=to_us(item.created_at),
            last_error=item.last_error,
        )
    )
    txn.touch(item.submission_id)


def next_to_send(txn: Transaction, now: datetime) -> OutboxItem | None:
    """The oldest item whose turn it is; None when nothing can be sent now.

    Args:
        txn: a transaction.
        now: items that are to be tried later are passed over, and so is what stands behind them. A time
            further off than `LONGEST_WAIT` comes from a clock that was set back, and counts as now.
    """
    times = {"now_us": to_us(now), "too_far_us": to_us(now + LONGEST_WAIT)}
    return _first(txn, _next(), times)


def get(txn: Transaction, outbox_id: OutboxId) -> OutboxItem | None:
    """The item with this id, or None."""
    return _first(txn, _select().where(OutboxRecord.id == outbox_id))


def move(
    txn: Transaction,
    outbox_id: OutboxId,
    new: OutboxState,
    *,
    status: int | None = None,
    error: str = "",
    next_try_at: datetime | None = None,
    receipt: Receipt | None = None,
    never_left: bool = False,
    request_id: str = "",
) -> None:
    """Move an item to another state. Each step to sending counts as an attempt.

    Args:
        txn: a writing transaction.
        outbox_id: which item.
        new: the state it goes to.
        status: the HTTP status that said so, if any.
        error: one sentence for the person; never the platform's raw text.
        next_try_at: not to be tried before this time.
        receipt: the platform's proof; needed for, and only for, `ACKED`.
        never_left: for a step from sending back to queued: no byte was sent, so the attempt does not count
            and the item can still be taken back.
        request_id: the platform's own name for the request that said so.

    Raises:
        IllegalTransition: the table of states does not hold the step.
        ValueError: acked without a matching receipt, a receipt for anything else, `never_left` on another
            step, or an item that a newer one has taken the place of.
        LookupError: there is no such item.
    """
    item = get(txn, outbox_id)
    if item is None:
        raise LookupError("no such item")
    check_transition(OUTBOX_TRANSITIONS, item.state, new)
    if (new is OutboxState.ACKED) != (receipt is not None):
        raise ValueError("a receipt ends a sending, and nothing else does")
    if receipt is not None and not matches(item, receipt):
        raise ValueError("the receipt is for something else")
    if never_left and (item.state, new) != (OutboxState.SENDING, OutboxState.QUEUED):
        raise ValueError("only what was being sent, and is queued again, can have stayed here")
    changed = txn.connection.execute(
        sa.update(OutboxRecord)
        .where(OutboxRecord.id == outbox_id, OutboxRecord.superseded_by.is_(None))
        .values(
            state=new.value,
            attempts=item.attempts + (new is OutboxState.SENDING) - never_left,
            last_status=status,
            last_error=error,
            next_try_us=to_us_or_none(next_try_at),
            request_id=request_id,
            receipt=None if receipt is None else pack(receipt),
        )
    )
    if changed.rowcount != 1:
        raise ValueError("a newer item has taken the place of this one")
    txn.touch(item.submission_id)


def hold(txn: Transaction, until: datetime) -> None:
    """Let nothing that is queued be tried before a time: the platform asked for a pause."""
    table = OutboxRecord
    until_us = to_us(until)
    txn.connection.execute(
        sa.update(table)
        .where(
            table.state == OutboxState.QUEUED.value,
            sa.or_(table.next_try_us.is_(None), table.next_try_us < until_us),
        )
        .values(next_try_us=until_us)
    )


def matches(item: OutboxItem, receipt: Receipt) -> bool:
    """Whether a receipt proves that exactly this item arrived: key, bytes and submission."""
    return (receipt.key, receipt.sha256, receipt.submission_id) == (item.id, item.sha256, item.submission_id)


def is_sent_anew(txn: Transaction, item: OutboxItem) -> bool:
    """Whether this row took the place of a refused one with the very same bytes."""
    table = OutboxRecord
    same = (table.superseded_by == item.id, table.sha256 == item.sha256, table.id != item.id)
    return txn.connection.scalar(sa.select(table.seq).where(*same)) is not None


def reset_sending(txn: Transaction) -> int:
    """Queue again what was being sent when the program ended, under the same key; returns how many."""
    table = OutboxRecord
    ids = txn.connection.scalars(
        sa.select(table.submission_id).where(table.state == OutboxState.SENDING.value)
    ).all()
    txn.connection.execute(
        sa.update(table)
        .where(table.state == OutboxState.SENDING.value)
        .values(state=OutboxState.QUEUED.value)
    )
    for submission_id in ids:
        txn.touch(submission_id)
    return len(ids)


def queue_again(txn: Transaction, statuses: Collection[int]) -> int:
    """Queue what is blocked because of these HTTP statuses, under the same keys; returns how many."""
    table = OutboxRecord
    stopped = sa.and_(table.last_status.in_(statuses), table.superseded_by.is_(None))
    ids = txn.connection.scalars(
        sa.select(table.id).where(table.state == OutboxState.BLOCKED.value, stopped)
    ).all()
    for outbox_id in ids:
        move(txn, OutboxId(outbox_id), OutboxState.QUEUED)
    return len(ids)


def items(txn: Transaction, *, open_only: bool = True) -> tuple[OutboxItem, ...]:
    """All items in the order of sending; by default those not acked and not replaced by a newer one."""
    return _all(txn, _in_order(open_only))


def of_submission(txn: Transaction, submission_id: SubmissionId) -> tuple[OutboxItem, ...]:
    """What was or will be sent for a submission, oldest first, without refused ones that were replaced."""
    query = _select().where(OutboxRecord.submission_id == submission_id, OutboxRecord.superseded_by.is_(None))
    return _all(txn, query.order_by(OutboxRecord.seq))


def last_of_kind(
    txn: Transaction, submission_id: SubmissionId, kind: OutboxKind, *, in_round: int | None = None
) -> OutboxItem | None:
    """The newest item of a kind, whatever became of it; `in_round`: of those whose body names this round."""
    if _IS_ANY.run(txn, {"of": submission_id}).fetchone() is None:
        return None
    which = {"of": submission_id, "of_kind": kind.value}
    if in_round is None:
        return _first(txn, _last_of_kind(), which)
    return _first(txn, _last_in_round(), which | {"in_round": in_round})


def every_of_kinds(
    txn: Transaction, submission_id: SubmissionId, kinds: Sequence[OutboxKind]
) -> tuple[OutboxItem, ...]:
    """All items of some kinds for a submission, oldest first, whatever became of them."""
    table = OutboxRecord
    of_kinds = table.kind.in_([kind.value for kind in kinds])
    return _all(txn, _select().where(table.submission_id == submission_id, of_kinds).order_by(table.seq))


def of_kind(txn: Transaction, kind: OutboxKind) -> tuple[OutboxItem, ...]:
    """All items of a kind, oldest first, whatever became of them."""
    return _all(txn, _select().where(OutboxRecord.kind == kind.value).order_by(OutboxRecord.seq))


def put_aside(txn: Transaction, outbox_id: OutboxId) -> None:
    """Let an item that was not taken be over: nothing takes its place, and it stands in nobody's way."""
    table = OutboxRecord
    refused = table.state.in_([state.value for state in (*_REFUSED, OutboxState.BLOCKED)])
    txn.connection.execute(
        sa.update(table).where(table.id == outbox_id, refused).values(superseded_by=outbox_id)
    )


def withdraw_queued(txn: Transaction, outbox_id: OutboxId) -> bool:
    """Take an item back that was never tried; False when it may have left already."""
    item = get(txn, outbox_id)
    if item is None or item.state is not OutboxState.QUEUED or item.attempts > 0:
        return False
    txn.connection.execute(sa.delete(OutboxRecord).where(OutboxRecord.id == outbox_id))
    txn.touch(item.submission_id)
    return True


def _round_of(body: bytes) -> int | None:
    """The round that a body names; None where it names none."""
    try:
        document = json.loads(body)
    except ValueError:
        return None
    named = document.get("round") if isinstance(document, dict) else None
    return named if type(named) is int else None


def _place(table: Any) -> Any:
    """Where a row stands in the order of sending: the same bytes anew keep the place of the old row."""
    old = sa.orm.aliased(OutboxRecord)
    same = (old.submission_id == table.submission_id, old.superseded_by == table.id)
    first = sa.select(sa.func.min(old.seq)).where(*same, old.sha256 == table.sha256)
    return sa.func.coalesce(first.correlate(table).scalar_subquery(), table.seq)


def _select() -> Any:
    table = OutboxRecord
    return sa.select(
        table.id,
        table.submission_id,
        table.kind,
        table.path,
        table.body,
        table.sha256,
        table.base_rev,
        table.state,
        table.attempts,
        table.created_us,
        table.next_try_us,
        table.last_status,
        table.last_error,
        table.receipt,
        table.request_id,
    )


@cache
def _next() -> Any:
    table, earlier = OutboxRecord, sa.orm.aliased(OutboxRecord)
    unfinished_before = (
        sa.select(sa.literal(1))
        .where(
            earlier.submission_id == table.submission_id,
            _place(earlier) < _place(table),
            earlier.state != OutboxState.ACKED.value,
            earlier.superseded_by.is_(None),
        )
        .exists()
    )
    return (
        _select()
        .where(
            table.state == OutboxState.QUEUED.value,
            sa.or_(
                table.next_try_us.is_(None),
                table.next_try_us <= sa.bindparam("now_us"),
                table.next_try_us > sa.bindparam("too_far_us"),
            ),
            ~unfinished_before,
        )
        .order_by(_place(table))
        .limit(1)
    )


@cache
def _in_order(open_only: bool) -> Any:
    query = _select().order_by(_place(OutboxRecord), OutboxRecord.seq)
    if open_only:
        query = query.where(
            OutboxRecord.state != OutboxState.ACKED.value, OutboxRecord.superseded_by.is_(None)
        )
    return query


@cache
def _last_of_kind() -> Any:
    """The statement, made once: making it costs more than running it."""
    table = OutboxRecord
    of_kind = (table.submission_id == sa.bindparam("of"), table.kind == sa.bindparam("of_kind"))
    return _select().where(*of_kind).order_by(table.seq.desc()).limit(1)


@cache
def _last_in_round() -> Any:
    return _last_of_kind().where(OutboxRecord.round == sa.bindparam("in_round"))


def _first(txn: Transaction, query: Any, which: Mapping[str, object] | None = None) -> OutboxItem | None:
    row = txn.connection.execute(query, which).first()
    return None if row is None else _item(row)


def _all(txn: Transaction, query: Any) -> tuple[OutboxItem, ...]:
    return tuple(_item(row) for row in txn.connection.execute(query))


def _item(row: Any) -> OutboxItem:
    return OutboxItem(
        id=OutboxId(row.id),
        submission_id=SubmissionId(row.submission_id),
        kind=OutboxKind(row.kind),
        path=row.path,
        body=row.body,
        sha256=row.sha256,
        base_rev=row.base_rev,
        state=OutboxState(row.state),
        attempts=row.attempts,
        created_at=from_us(row.created_us),
        next_try_at=from_us_or_none(row.next_try_us),
        last_status=row.last_status,
        last_error=row.last_error,
        receipt=None if row.receipt is None else unpack(Receipt, row.receipt),
        request_id=row.request_id,
    )
