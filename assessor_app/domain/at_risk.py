"""What is at risk of running out, and why.

Three rules, by the issuer's calendar where it is known:

1. Not started, and this person's part is due by the end of the next business day.
2. The work is this person's for a time that ends by the end of the next business day, and before its
   part is due.
3. The final limit of the decision comes by the end of the next business day.

What is overdue already is not at risk any more: it has a group of its own. Neither is anything at risk that
waits for others or is settled. Nothing here imports more than the first paint has.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from assessor_app.domain.inbox import InboxRow, LocalState

if TYPE_CHECKING:
    from assessor_app.domain.deadlines import Calendar

WITHOUT_CALENDAR = timedelta(days=1)
"""How far ahead "soon" reaches where no calendar of the issuer has arrived."""
_BAND_OF_WORK = 1


class Risk(StrEnum):
    """Why a submission is at risk."""

    NOT_STARTED = "not_started"
    TIME_ENDS_FIRST = "time_ends_first"
    """The work stops being this person's before its part is due."""
    FINAL_LIMIT = "final_limit"


def soon_until(now: datetime, calendar: Calendar | None) -> datetime:
    """The end of the next business day at the issuer's: what is due until then is due soon.

    Args:
        now: aware.
        calendar: the issuer's; None where it is not known.

    Returns:
        An aware moment.
    """
    if calendar is None:
        return now + WITHOUT_CALENDAR
    day = calendar.next_business_day(calendar.local_day(now))
    return datetime.combine(day, calendar.end_of_business, ZoneInfo(calendar.tz)).astimezone(UTC)


def risks(row: InboxRow, now: datetime, soon: datetime) -> tuple[Risk, ...]:
    """Why a row is at risk, what presses most first; empty where it is not.

    Args:
        row: the row.
        now: aware; the present.
        soon: from `soon_until`.
    """
    if row.band != _BAND_OF_WORK or (row.due_at is not None and row.due_at < now):
        return ()
    found = []
    if row.final_at is not None and row.final_at <= soon:
        found.append(Risk.FINAL_LIMIT)
    lease = row.lease_until
    if lease is not None and row.due_at is not None and lease <= soon and lease < row.due_at:
        found.append(Risk.TIME_ENDS_FIRST)
    if row.local_state is LocalState.NOT_STARTED and row.due_at is not None and row.due_at <= soon:
        found.append(Risk.NOT_STARTED)
    return tuple(found)
