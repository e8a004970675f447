"""Which fields of what was sent the platform named when it refused it."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.safety_models import RefusedFieldRecord
from assessor_app.domain.ids import OutboxId


def put(txn: Transaction, outbox_id: OutboxId, pointers: Sequence[str]) -> None:
    """Keep which fields of something that was sent the platform named when it refused it."""
    table = RefusedFieldRecord
    txn.connection.execute(sa.delete(table).where(table.outbox_id == outbox_id))
    for position, pointer in enumerate(pointers):
        txn.connection.execute(
            sa.insert(table).values(outbox_id=outbox_id, position=position, pointer=pointer)
        )


def of_item(txn: Transaction, outbox_id: OutboxId) -> tuple[str, ...]:
    """The fields that the platform named, as JSON pointers into what was sent."""
    table = RefusedFieldRecord
    query = sa.select(table.pointer).where(table.outbox_id == outbox_id).order_by(table.position)
    return tuple(txn.connection.scalars(query))
