"""The order of each role's inbox, kept between reads: after a write only what it touched is placed anew.

A write makes SQLite forget every page that a reader has decrypted, and the order of a hundred thousand
submissions lies on two thousand pages. Each transaction that changes something has a number in the store
(`generation`); here stands what it touched, so that a reader knows what has moved since its last look. Where
that is not known, as after a write of another process, the whole order is read.

Nothing here imports SQLAlchemy.
"""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import compress, count
from typing import Any

from assessor_app.cache import generation, inbox_sql
from assessor_app.domain.inbox_groups import InboxOrder
from assessor_app.domain.roles import Role

MOST_MOVED = 100
"""With more the whole order is read."""
MOST_NOTED = 5_000
"""So many transactions are remembered."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A role's order as of a generation of the store."""

    number: int
    order: InboxOrder


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
            now = _Kept(number, inbox_sql.whole_order(connection, role))
        elif not moved:
            now = _Kept(number, before.order)
        else:
            now = _moved(connection, role, before, moved, number)
        with self._lock:
            self._kept[role] = now
        return now.order

    def _touched_between(self, number: int, later: int) -> frozenset[str] | None:
        """What was touched behind one generation and up to a later one; None where that is not known."""
        noted = [self._touched.get(between) for between in range(number + 1, later + 1)]
        known = [touched for touched in noted if touched is not None]
        return frozenset[str]().union(*known) if number <= later and len(known) == len(noted) else None


def _moved(connection: Any, role: Role, before: _Kept, moved: Collection[str], number: int) -> _Kept:
    """The order with everything that moved in its place of now, or gone from it."""
    order = before.order
    gone = list(compress(count(), map(frozenset(moved).__contains__, order.ids)))
    ids, bands, dues = (_without(column, gone) for column in (order.ids, order.bands, order.dues_us))
    # In their order: what one of them stands behind may be another one.
    for place in sorted(inbox_sql.places_of(connection, role, moved)):
        at = _at(connection, role, place, ids, bands, dues)
        for column, value in ((ids, place.id), (bands, place.band), (dues, place.due_order)):
            column.insert(at, value)
    now = InboxOrder(tuple(ids), tuple(bands), tuple(dues), len(ids))
    return _Kept(number, order if now == order else now)


def _without(column: Iterable[Any], gone: Sequence[int]) -> list[Any]:
    left = list(column)
    for at in reversed(gone):
        del left[at]
    return left


def _at(
    connection: Any,
    role: Role,
    place: inbox_sql.Place,
    ids: list[str],
    bands: Sequence[int],
    dues: Sequence[int],
) -> int:
    """Where something belongs: behind what the store has before it, among all with its band and date."""
    alike = range(bisect_left(bands, place.band), bisect_right(bands, place.band))
    first = bisect_left(alike, place.due_order, key=dues.__getitem__) + alike.start
    behind = inbox_sql.id_before(connection, role, place)
    return first if behind is None else ids.index(behind, first) + 1
