"""The order of each role's inbox, kept between reads: after a write only what it touched is placed anew.

A write makes SQLite forget every page that a reader has decrypted, and the order of a hundred thousand
submissions lies on two thousand pages. Each transaction that changes something has a number in the store
(`generation`); here stands what it touched, so that a reader knows what has moved since its last look. Where
that is not known, as after a write of another process, the whole order is read.

Nothing here imports SQLAlchemy.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from assessor_app.cache import generation, inbox_sql
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.inbox_groups import InboxOrder
from assessor_app.domain.roles import Role

MOST_MOVED = 1_000
"""With more the whole order is read."""
MOST_NOTED = 5_000
"""So many transactions are remembered."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A role's order as of a generation of the store."""

    number: int
    order: InboxOrder
    received_us: tuple[int, ...]


class InboxOrders:
    """What one open store knows of its orders. Safe to use from any thread."""

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._lock = threading.Lock()
        self._kept: dict[Role, _Kept] = {}
        self._touched: dict[int, frozenset[str]] = {}
        self._open: list[int] = []

    def note(self, number: int, touched: Collection[str]) -> None:
        """Note what a transaction touches, before it is committed: a reader may see it at once."""
        with self._lock:
            self._touched[number] = frozenset(touched)
            self._open.append(number)
            if len(self._touched) > MOST_NOTED:
                del self._touched[min(self._touched)]

    def committed(self) -> None:
        """The one transaction that writes is committed."""
        with self._lock:
            self._open.clear()

    def ended(self) -> None:
        """It is over; where it was not committed, its numbers go to others, of this process or another."""
        with self._lock:
            for number in self._open:
                self._touched.pop(number, None)
            self._open.clear()

    def order(self, connection: Any, role: Role) -> InboxOrder:
        """A role's order as a reading transaction sees it.

        Args:
            connection: a `sqlcipher3` connection inside a transaction that changes nothing.
            role: whose inbox.
        """
        number = generation.generation_of(connection)
        with self._lock:
            before = self._kept.get(role)
            moved = None if before is None else self._touched_between(before.number, number)
        if before is None or moved is None or len(moved) > MOST_MOVED:
            now = _whole(connection, role, number)
        else:
            now = _moved(before, inbox_sql.places_of(connection, role, moved), moved, number)
        with self._lock:
            self._kept[role] = now
        return now.order

    def _touched_between(self, number: int, later: int) -> frozenset[str] | None:
        """What was touched behind one generation and up to a later one; None where that is not known."""
        noted = [self._touched.get(between) for between in range(number + 1, later + 1)]
        known = [touched for touched in noted if touched is not None]
        return frozenset[str]().union(*known) if number <= later and len(known) == len(noted) else None


def _whole(connection: Any, role: Role, number: int) -> _Kept:
    ids, bands, dues, received = inbox_sql.whole_places(connection, role)
    return _Kept(number, InboxOrder(ids, bands, dues, len(ids)), received)


def _moved(before: _Kept, places: Iterable[inbox_sql.Place], moved: Collection[str], number: int) -> _Kept:
    """The order with everything that moved in its place of now, or gone from it."""
    order = before.order
    columns = (order.bands, order.dues_us, before.received_us, order.ids)
    gone = [at for at, name in enumerate(order.ids) if name in moved] if moved else []
    now = sorted(places)
    if [tuple(column[at] for column in columns) for at in gone] == now:
        return _Kept(number, order, before.received_us)
    bands, dues, received, ids = (_without(column, gone) for column in columns)
    for band, due, at_us, name in now:
        at = _place(bands, dues, received, ids, (band, due, at_us, name))
        for column, value in ((bands, band), (dues, due), (received, at_us), (ids, name)):
            column.insert(at, value)
    made = InboxOrder(tuple(map(SubmissionId, ids)), tuple(bands), tuple(dues), len(ids))
    return _Kept(number, made, tuple(received))


def _without(column: Sequence[Any], gone: Iterable[int]) -> list[Any]:
    left = list(column)
    for at in reversed(list(gone)):
        del left[at]
    return left


def _place(
    bands: Sequence[int],
    dues: Sequence[int],
    received: Sequence[int],
    ids: Sequence[str],
    wanted: inbox_sql.Place,
) -> int:
    return bisect_left(range(len(ids)), wanted, key=lambda at: (bands[at], dues[at], received[at], ids[at]))
