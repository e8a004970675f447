"""Rows that wait to be sent and lie in a file as well.

From the moment in which a file may exist, its rows may have arrived: they count as tried, so that they are
neither replaced nor taken back here, and the next sending asks for the receipt first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa

from assessor_app.cache import outbox
from assessor_app.cache.engine import Transaction
from assessor_app.cache.models import OutboxRecord
from assessor_app.cache.moments import from_us, to_us
from assessor_app.cache.safety_models import ExportedRecord
from assessor_app.cache.stored import upsert
from assessor_app.domain.assessments import OutboxItem
from assessor_app.domain.ids import OutboxId
from assessor_app.domain.states import OutboxState

_REFUSED = (OutboxState.CONFLICT, OutboxState.REJECTED)
_BATCH = 500


def exportable(txn: Transaction) -> tuple[tuple[OutboxItem, ...], int]:
    """What can leave as a file, in the order of sending; and how many rows cannot.

    A refused row needs the person first, and nothing overtakes it.
    """
    found, stopped = [], set()
    rows = outbox.items(txn, open_only=True)
    for item in rows:
        if item.state in _REFUSED:
            stopped.add(item.submission_id)
        elif item.submission_id not in stopped:
            found.append(item)
    return tuple(found), len(rows) - len(found)


def count_as_tried(txn: Transaction, ids: Sequence[OutboxId]) -> tuple[OutboxId, ...]:
    """Let rows count as tried before a file of them can exist; gives those that were not tried before."""
    table = OutboxRecord
    fresh: list[str] = []
    for some in _batches(ids):
        untried = (table.id.in_(some), table.attempts == 0, table.state == OutboxState.QUEUED.value)
        fresh += txn.connection.scalars(sa.select(table.id).where(*untried)).all()
        txn.connection.execute(sa.update(table).where(*untried).values(attempts=1))
    return tuple(OutboxId(name) for name in fresh)


def never_left(txn: Transaction, ids: Sequence[OutboxId]) -> None:
    """Undo `count_as_tried`: the file was not written, and nothing was sent meanwhile."""
    table = OutboxRecord
    for some in _batches(ids):
        txn.connection.execute(
            sa.update(table)
            .where(
                table.id.in_(some),
                table.attempts == 1,
                table.state == OutboxState.QUEUED.value,
                table.last_status.is_(None),
                table.last_error == "",
            )
            .values(attempts=0)
        )


def mark(txn: Transaction, ids: Sequence[OutboxId], at: datetime) -> None:
    """Note that rows lie in a file since a moment."""
    for outbox_id in ids:
        upsert(txn, ExportedRecord, {"outbox_id": outbox_id, "at_us": to_us(at)})


def times(txn: Transaction) -> Mapping[OutboxId, datetime]:
    """When each row that is still open was last written into a file."""
    table = ExportedRecord
    query = sa.select(table.outbox_id, table.at_us).join(OutboxRecord, OutboxRecord.id == table.outbox_id)
    rows = txn.connection.execute(query.where(OutboxRecord.state != OutboxState.ACKED.value))
    return {OutboxId(row.outbox_id): from_us(row.at_us) for row in rows}


def _batches(ids: Sequence[OutboxId]) -> list[Sequence[OutboxId]]:
    return [ids[at : at + _BATCH] for at in range(0, len(ids), _BATCH)]
