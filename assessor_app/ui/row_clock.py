"""For which moment, in which zones and by which calendar the rows of the inbox are worded."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from assessor_app.domain.at_risk import Risk, risks, soon_until
from assessor_app.domain.inbox import InboxRow

if TYPE_CHECKING:
    from assessor_app.domain.deadlines import Calendar


@dataclass(frozen=True, slots=True)
class RowClock:
    """The present as one person sees it, beside the issuer's business days."""

    now: datetime
    """Aware."""
    zone: tzinfo | None = None
    """The person's time zone; None is the system's."""
    calendar: Calendar | None = None
    """The issuer's; None until it has arrived."""
    soon: datetime = field(init=False)
    """The end of the next business day."""

    def __post_init__(self) -> None:
        """Look ahead once, for all rows."""
        object.__setattr__(self, "soon", soon_until(self.now, self.calendar))

    def at(self, now: datetime) -> RowClock:
        """The same at another moment."""
        return self if now == self.now else replace(self, now=now)

    def with_calendar(self, calendar: Calendar | None) -> RowClock:
        """The same with the issuer's calendar."""
        return self if calendar == self.calendar else replace(self, calendar=calendar)

    def risks(self, row: InboxRow) -> tuple[Risk, ...]:
        """Why a row is at risk, what presses most first."""
        return risks(row, self.now, self.soon)

    def holidays(self, row: InboxRow) -> int:
        """How many of the issuer's holidays lie between receipt and the date of this person's part."""
        if self.calendar is None or row.received_at is None or row.due_at is None:
            return 0
        days = self.calendar.local_day(row.received_at), self.calendar.local_day(row.due_at)
        return len(self.calendar.holidays_between(*days))

    def issuer_zone(self, moment: datetime) -> ZoneInfo | None:
        """The issuer's zone if its clocks show another time than the person's at a moment."""
        if self.calendar is None:
            return None
        zone = ZoneInfo(self.calendar.tz)
        differs = moment.astimezone(zone).utcoffset() != moment.astimezone(self.zone).utcoffset()
        return zone if differs else None


def city(zone: ZoneInfo) -> str:
    """A zone as people call it: the last part of its name, such as "Chicago"; UTC stays UTC."""
    return zone.key.rpartition("/")[2].replace("_", " ")
