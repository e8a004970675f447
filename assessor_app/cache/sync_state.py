"""Where this machine stands towards the platform: cursor, versions held, records set aside, tokens."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa
from sqlcipher3 import dbapi2

from assessor_app.cache.engine import Transaction
from assessor_app.cache.models import Quarantine, RecordRev, Secret, Setting
from assessor_app.cache.prepared import Prepared
from assessor_app.cache.stored import upsert

_CURSOR = "cursor"
_SERVER_TIME = "server_time"
_START_OVER = "start_over"
_CLOCK_LEAD = "clock_lead"
_READ_BY = "read_by"
_NO_LONGER_ASIDE = Prepared(
    lambda: sa.delete(Quarantine).where(
        Quarantine.type == sa.bindparam("of_type"), Quarantine.id == sa.bindparam("of_id")
    )
)


@dataclass(frozen=True, slots=True)
class SetAside:
    """A record of the platform that could not be read."""

    type: str
    id: str
    rev: int
    reason: str


@contextmanager
def whole_or_nothing(txn: Transaction) -> Iterator[None]:
    """A part of a transaction that leaves nothing behind if it fails, while the rest goes on.

    Raises:
        ValueError: the database refused a record as contradicting itself; everything else as it comes.
    """
    try:
        with _savepoint(txn):
            yield
    except (sa.exc.IntegrityError, dbapi2.IntegrityError):
        raise ValueError("the record contradicts itself") from None


@contextmanager
def _savepoint(txn: Transaction) -> Iterator[None]:
    txn.driver.execute("SAVEPOINT whole")
    try:
        yield
    except BaseException:
        # A full disk ends the whole transaction by itself.
        if txn.driver.in_transaction:
            txn.driver.execute("ROLLBACK TO whole")
            txn.driver.execute("RELEASE whole")
        raise
    txn.driver.execute("RELEASE whole")


def cursor(txn: Transaction) -> str | None:
    """The platform's opaque mark of how far was read; None before the first sync."""
    return txn.connection.scalar(sa.select(Setting.value).where(Setting.name == _CURSOR))


def set_cursor(txn: Transaction, cursor: str | None, server_time: datetime | None) -> None:
    """Store how far was read, in the transaction that applied it.

    Args:
        txn: a writing transaction.
        cursor: the platform's mark; None makes the next sync read everything anew.
        server_time: the platform's time; None leaves the earlier one.
    """
    if cursor is None:
        txn.connection.execute(sa.delete(Setting).where(Setting.name.in_((_CURSOR, _START_OVER))))
    else:
        upsert(txn, Setting, {"name": _CURSOR, "value": cursor})
    if server_time is not None:
        upsert(txn, Setting, {"name": _SERVER_TIME, "value": server_time.isoformat()})


def is_to_start_over(txn: Transaction) -> bool:
    """Whether the store was repaired: what is held is to be compared with the platform's list first."""
    return txn.connection.scalar(sa.select(Setting.value).where(Setting.name == _START_OVER)) is not None


def note_reader(txn: Transaction, version: str, *, may_read_more: bool) -> None:
    """Note which version of the program reads the platform's records now.

    Args:
        txn: a writing transaction.
        version: of the program.
        may_read_more: whether there was something that an earlier version could not read: it lies behind the
            cursor, so that the next sync reads everything anew where this is another version.
    """
    before = txn.connection.scalar(sa.select(Setting.value).where(Setting.name == _READ_BY))
    if before == version:
        return
    upsert(txn, Setting, {"name": _READ_BY, "value": version})
    if may_read_more:
        upsert(txn, Setting, {"name": _START_OVER, "value": "1"})


def server_time(txn: Transaction) -> datetime | None:
    """The platform's time at the last sync; None before the first."""
    stored = txn.connection.scalar(sa.select(Setting.value).where(Setting.name == _SERVER_TIME))
    return None if stored is None else datetime.fromisoformat(stored)


def set_clock_lead(txn: Transaction, lead: timedelta) -> None:
    """Note how far the platform's clock is ahead of this machine's."""
    upsert(txn, Setting, {"name": _CLOCK_LEAD, "value": str(lead.total_seconds())})


def moment(txn: Transaction, name: str) -> datetime | None:
    """When something was last done here; None where it never was."""
    stored = txn.connection.scalar(sa.select(Setting.value).where(Setting.name == name))
    return None if stored is None else datetime.fromisoformat(stored)


def put_moment(txn: Transaction, name: str, at: datetime) -> None:
    """Note when something was done here."""
    upsert(txn, Setting, {"name": name, "value": at.isoformat()})


def clock_lead(txn: Transaction) -> timedelta:
    """How far the platform's clock was ahead of this machine's at the last sync; 0 before the first."""
    stored = txn.connection.scalar(sa.select(Setting.value).where(Setting.name == _CLOCK_LEAD))
    return timedelta(seconds=float(stored or 0))


def put_rev(txn: Transaction, type: str, id: str, rev: int) -> None:  # noqa: A002 - the contract's words
    """Note which version of a record is held; a record that was set aside is read now."""
    upsert(txn, RecordRev, {"type": type, "id": id, "rev": rev})
    _NO_LONGER_ASIDE.run(txn, {"of_type": type, "of_id": id})


def remove_rev(txn: Transaction, type: str, id: str) -> None:  # noqa: A002
    """Note that a record is no longer held."""
    txn.connection.execute(sa.delete(RecordRev).where(RecordRev.type == type, RecordRev.id == id))
    _NO_LONGER_ASIDE.run(txn, {"of_type": type, "of_id": id})


def known_revs(txn: Transaction) -> dict[tuple[str, str], int]:
    """Which version of each record is held, by type and id."""
    rows = txn.connection.execute(sa.select(RecordRev.type, RecordRev.id, RecordRev.rev))
    return {(row.type, row.id): row.rev for row in rows}


def put_quarantine(txn: Transaction, type: str, id: str, rev: int, reason: str) -> None:  # noqa: A002
    """Set a record aside that could not be read; the rest goes on without it."""
    upsert(txn, Quarantine, {"type": type, "id": id, "rev": rev, "reason": reason})


def forget_quarantined(txn: Transaction) -> None:
    """Everything is read anew: what still cannot be read is set aside again."""
    txn.connection.execute(sa.delete(Quarantine))


def quarantined(txn: Transaction) -> tuple[SetAside, ...]:
    """The records that were set aside, by type and id."""
    rows = txn.connection.execute(
        sa.select(Quarantine.type, Quarantine.id, Quarantine.rev, Quarantine.reason).order_by(
            Quarantine.type, Quarantine.id
        )
    )
    return tuple(SetAside(row.type, row.id, row.rev, row.reason) for row in rows)


def get_secret(txn: Transaction, name: str) -> str | None:
    """A token of the session, or None."""
    return txn.connection.scalar(sa.select(Secret.value).where(Secret.name == name))


def set_secret(txn: Transaction, name: str, value: str | None) -> None:
    """Store a token of the session; None forgets it."""
    if value is None:
        txn.connection.execute(sa.delete(Secret).where(Secret.name == name))
    else:
        upsert(txn, Secret, {"name": name, "value": value})
