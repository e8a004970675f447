"""The groups of the inbox: what is due when, in the person's own days. Pure; needed for the first paint."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import IntEnum

from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.inbox import InboxRow

NEVER_US = 1 << 62
"""Sorts behind every date."""
WEEK_DAYS = 7
"""So many days after today count as within a week."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Group(IntEnum):
    """Under which heading a submission stands, in the order of the list."""

    NEEDS_YOU = 0
    OVERDUE = 1
    TODAY = 2
    TOMORROW = 3
    WEEK = 4
    LATER = 5
    UNDATED = 6
    WAITING = 7
    """Done here, or not this person's turn: others are at work."""
    SETTLED = 8
    TRIP = 9
    """Chosen for a trip: before all others, whatever its number says."""


DATED = (Group.OVERDUE, Group.TODAY, Group.TOMORROW, Group.WEEK, Group.LATER, Group.UNDATED)
"""The groups of open work, by when it is due."""
_BAND_OF_WORK = 1


@dataclass(frozen=True, slots=True)
class InboxOrder:
    """The order of one role's inbox: ids with what their group follows from, all tuples of one length."""

    ids: tuple[SubmissionId, ...] = ()
    bands: tuple[int, ...] = ()
    """0 needs the person, 1 open work, 2 waits for others, 3 settled; ascending."""
    dues_us: tuple[int, ...] = ()
    """Microseconds since 1970; `NEVER_US` where nothing is due; ascending within a band."""
    total: int = 0
    """How many there are without any filter."""
    first: tuple[SubmissionId, ...] = ()
    """Chosen for a trip: what of these is open work stands in a group of its own before all others."""

    def split(self) -> tuple[tuple[SubmissionId, ...], InboxOrder]:
        """What of `first` is open work, in its order, and the order of everything else."""
        end = bisect_left(self.bands, _BAND_OF_WORK + 1)
        open_ids = set(self.ids[:end]) & set(self.first)
        kept = [place for place, key in enumerate(self.ids) if key not in open_ids]
        rest = replace(
            self,
            ids=tuple(self.ids[place] for place in kept),
            bands=tuple(self.bands[place] for place in kept),
            dues_us=tuple(self.dues_us[place] for place in kept),
        )
        return tuple(key for key in self.first if key in open_ids), rest

    @classmethod
    def of_rows(cls, rows: Iterable[InboxRow]) -> InboxOrder:
        """The order of some rows that are in the inbox's order already."""
        rows = tuple(rows)
        return cls(
            ids=tuple(row.id for row in rows),
            bands=tuple(row.band for row in rows),
            dues_us=tuple(NEVER_US if row.due_at is None else _us(row.due_at) for row in rows),
            total=len(rows),
        )


@dataclass(frozen=True, slots=True)
class Days:
    """Where the person's days begin, in microseconds since 1970."""

    now_us: int
    tomorrow_us: int
    after_tomorrow_us: int
    later_us: int
    """What is due from here on is not due within a week."""

    @property
    def bounds(self) -> tuple[tuple[Group, int], ...]:
        """The groups of open work with the moment before which their work is due."""
        ends = (self.now_us, self.tomorrow_us, self.after_tomorrow_us, self.later_us, NEVER_US, NEVER_US + 1)
        return tuple(zip(DATED, ends, strict=True))


def days_of(now: datetime, zone: tzinfo | None = None) -> Days:
    """The days around a moment.

    Args:
        now: aware.
        zone: the person's time zone; the system's if None.
    """
    today = now.astimezone(zone).date()

    def start(days: int) -> int:
        midnight = datetime.combine(today + timedelta(days=days), time.min)
        return _us(midnight.astimezone() if zone is None else midnight.replace(tzinfo=zone))

    return Days(_us(now), start(1), start(2), start(WEEK_DAYS + 1))


def grouped(order: InboxOrder, days: Days) -> tuple[tuple[Group, tuple[SubmissionId, ...]], ...]:
    """The groups that hold something, in the order of the list."""
    found: list[tuple[Group, tuple[SubmissionId, ...]]] = []
    if order.first:
        chosen, order = order.split()
        if chosen:
            found.append((Group.TRIP, chosen))
    for band, groups in enumerate(_groups_by_band(days)):
        place, end = bisect_left(order.bands, band), bisect_left(order.bands, band + 1)
        for group, until_us in groups:
            last = bisect_left(order.dues_us, until_us, place, end) if band == _BAND_OF_WORK else end
            if last > place:
                found.append((group, order.ids[place:last]))
            place = last
    return tuple(found)


def group_of(row: InboxRow, days: Days) -> Group:
    """The heading under which one row stands."""
    due_us = NEVER_US if row.due_at is None else _us(row.due_at)
    groups = _groups_by_band(days)[row.band]
    if row.band != _BAND_OF_WORK:
        return groups[0][0]
    return next(group for group, until_us in groups if due_us < until_us)


def _groups_by_band(days: Days) -> tuple[tuple[tuple[Group, int], ...], ...]:
    return (
        ((Group.NEEDS_YOU, 0),),
        days.bounds,
        ((Group.WAITING, 0),),
        ((Group.SETTLED, 0),),
    )


def _us(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)
