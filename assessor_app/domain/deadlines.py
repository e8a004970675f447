"""Deadlines: when the window of a stage opens and when its work is due (rules 1 to 3 of the domain).

The platform and the workstation run the same functions. How long a stage takes, in which days it is counted
and where it starts is each issuer's own rule; the presets are data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from assessor_app.domain.kinds import DueKind
from assessor_app.domain.submissions import Stage

ONE_DAY = timedelta(days=1)

FIRST_SUBMISSIONS = 10
"""So many submissions of a new micro-credential may take longer (rule 3)."""


class DayUnit(StrEnum):
    """In which days a window is counted."""

    BUSINESS = "business"
    CALENDAR = "calendar"


class StartEvent(StrEnum):
    """What starts a clock."""

    RECEIVED = "received"
    """The learner submitted."""
    PRE_ASSESSED = "pre_assessed"
    """Pre-assessment found the submission complete."""


class DelayReason(StrEnum):
    """The known reasons for a delay (rule 3)."""

    HOLIDAYS = "holidays"
    FIRST_SUBMISSIONS = "first_submissions"
    POSSIBLE_DUPLICATE = "possible_duplicate"
    """For the lead's eyes only: an assessor never learns of a match with others' work."""


@dataclass(frozen=True, slots=True)
class Calendar:
    """An issuer's business days: every day but the weekend and the holidays, in the issuer's own zone.

    Raises:
        ValueError: on making one whose weekend is no day of the week, or all of them.
        ZoneInfoNotFoundError: on making one whose zone is not known.
    """

    id: str
    tz: str
    """IANA name of the zone in which days begin and end."""
    weekend: frozenset[int] = frozenset({5, 6})
    """Days of the week without work, Monday is 0."""
    holidays: frozenset[date] = frozenset()
    version: int = 1
    end_of_business: time = time(17, 0)
    """Local time at which a day's work is due; without a zone of its own."""

    def __post_init__(self) -> None:
        """Refuse a calendar in which no deadline could ever be found."""
        ZoneInfo(self.tz)
        if not self.weekend < frozenset(range(7)):
            raise ValueError(f"a weekend is some of the days 0 to 6, not {sorted(self.weekend)}")

    def is_business_day(self, day: date) -> bool:
        """Whether work is done on this day."""
        return day.weekday() not in self.weekend and day not in self.holidays

    def next_business_day(self, day: date) -> date:
        """The first business day after this day."""
        day += ONE_DAY
        while not self.is_business_day(day):
            day += ONE_DAY
        return day

    def holidays_between(self, first: date, last: date) -> tuple[date, ...]:
        """The holidays from one day to another, both included, that would have been working days."""
        return tuple(
            sorted(d for d in self.holidays if first <= d <= last and d.weekday() not in self.weekend)
        )

    def local_day(self, moment: datetime) -> date:
        """The day that a moment falls on at the issuer's.

        Raises:
            ValueError: the moment has no zone.
        """
        if moment.utcoffset() is None:
            raise ValueError("a moment needs a zone")
        return moment.astimezone(ZoneInfo(self.tz)).date()


@dataclass(frozen=True, slots=True)
class ClockRule:
    """How long one stage may take.

    Raises:
        ValueError: on making one of less than a day.
    """

    stage: Stage
    days: int
    """Length of the window, at least 1."""
    unit: DayUnit
    kind: DueKind
    start: StartEvent = StartEvent.RECEIVED

    def __post_init__(self) -> None:
        """Refuse a window without a day in it."""
        if self.days < 1:
            raise ValueError(f"a window has at least one day, not {self.days}")


def opens_on(received_at: datetime, rule: ClockRule, calendar: Calendar) -> date:
    """The first day of the window: the next business day after receipt (rule 2).

    Where calendar days are counted every day counts, so the window opens on the next day.

    Args:
        received_at: aware time of the start event.
        rule: the clock of the stage.
        calendar: the issuer's.

    Raises:
        ValueError: `received_at` has no zone.
    """
    received_on = calendar.local_day(received_at)
    return received_on + ONE_DAY if rule.unit is DayUnit.CALENDAR else calendar.next_business_day(received_on)


def due_on(received_at: datetime, rule: ClockRule, calendar: Calendar) -> date:
    """The last day of the window, at the issuer's; the arguments are those of `opens_on`.

    Raises:
        ValueError: `received_at` has no zone.
    """
    day = opens_on(received_at, rule, calendar)
    for _ in range(rule.days - 1):
        day = day + ONE_DAY if rule.unit is DayUnit.CALENDAR else calendar.next_business_day(day)
    return day


def due_at(received_at: datetime, rule: ClockRule, calendar: Calendar) -> datetime:
    """The moment at which the work is due, in UTC: end of business at the issuer's on the window's last day.

    Raises:
        ValueError: `received_at` has no zone.
    """
    day = due_on(received_at, rule, calendar)
    return datetime.combine(day, calendar.end_of_business, ZoneInfo(calendar.tz)).astimezone(UTC)


def delay_reasons(
    received_at: datetime,
    rule: ClockRule,
    calendar: Calendar,
    *,
    position: int | None = None,
    is_possible_duplicate: bool = False,
) -> tuple[DelayReason, ...]:
    """The known reasons why this submission takes longer (rule 3).

    Args:
        received_at: aware time of the start event.
        rule: the clock of the stage.
        calendar: the issuer's.
        position: 1 for the first submission of its micro-credential; None where it is not known.
        is_possible_duplicate: whether evidence may stand in another submission as well.

    Raises:
        ValueError: `received_at` has no zone.
    """
    reasons = []
    first, last = calendar.local_day(received_at), due_on(received_at, rule, calendar)
    if calendar.holidays_between(first, last):
        reasons.append(DelayReason.HOLIDAYS)
    if position is not None and position <= FIRST_SUBMISSIONS:
        reasons.append(DelayReason.FIRST_SUBMISSIONS)
    if is_possible_duplicate:
        reasons.append(DelayReason.POSSIBLE_DUPLICATE)
    return tuple(reasons)


PRESETS: Mapping[str, tuple[ClockRule, ...]] = {
    "BloomBoard": (
        ClockRule(Stage.PRE_ASSESSMENT, 1, DayUnit.BUSINESS, DueKind.TARGET),
        ClockRule(Stage.ASSESSMENT, 5, DayUnit.BUSINESS, DueKind.TARGET),
    ),
    "BloomBoard, later guide": (
        ClockRule(Stage.PRE_ASSESSMENT, 1, DayUnit.BUSINESS, DueKind.TARGET),
        ClockRule(Stage.ASSESSMENT, 3, DayUnit.BUSINESS, DueKind.TARGET),
    ),
    "Digital Promise": (ClockRule(Stage.DECISION, 14, DayUnit.BUSINESS, DueKind.HARD),),
    "Harmony": (ClockRule(Stage.DECISION, 7, DayUnit.CALENDAR, DueKind.TARGET),),
}
"""The clocks of known issuers, by name; from their public help pages (rule 1)."""
