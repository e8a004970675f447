"""How often something happened on this machine, such as a field that was dropped unread."""

from __future__ import annotations

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.safety_models import CounterRecord
from assessor_app.cache.stored import upsert

DROPPED_FIELDS = "dropped_fields"
UNKNOWN_TYPES = "unknown_types"
SET_ASIDE = "set_aside"


def add(txn: Transaction, name: str, count: int) -> None:
    """Count some more of something; nothing is written for none."""
    if count > 0:
        upsert(txn, CounterRecord, {"name": name, "value": value(txn, name) + count})


def value(txn: Transaction, name: str) -> int:
    """How often it happened so far."""
    stored = txn.connection.scalar(sa.select(CounterRecord.value).where(CounterRecord.name == name))
    return stored or 0


def every(txn: Transaction) -> dict[str, int]:
    """All counts by name."""
    rows = txn.connection.execute(sa.select(CounterRecord.name, CounterRecord.value))
    return {row.name: row.value for row in rows}
