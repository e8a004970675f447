"""What is at risk: by the issuer's business days, over weekends, holidays, zones and changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from assessor_app.domain.at_risk import Risk, risks, soon_until
from assessor_app.domain.deadlines import Calendar
from assessor_app.domain.inbox import LocalState
from tests.inbox_rows import inbox_row

CHICAGO = ZoneInfo("America/Chicago")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
SOON = NOW + 2 * DAY


def calendar(*holidays: str) -> Calendar:
    return Calendar("cal-1", "America/Chicago", holidays=frozenset(map(date.fromisoformat, holidays)))


@pytest.mark.parametrize(
    ("now", "holidays", "soon"),
    [
        pytest.param("2026-11-24T09:00", [], "2026-11-25T17:00", id="a Tuesday"),
        pytest.param("2026-11-25T09:00", ["2026-11-26"], "2026-11-27T17:00", id="before a holiday"),
        pytest.param(
            "2026-11-25T09:00", ["2026-11-26", "2026-11-27"], "2026-11-30T17:00", id="before a long weekend"
        ),
        pytest.param("2026-11-27T09:00", [], "2026-11-30T17:00", id="a Friday"),
        pytest.param("2026-11-28T09:00", [], "2026-11-30T17:00", id="a Saturday"),
        pytest.param("2026-11-26T09:00", ["2026-11-26"], "2026-11-27T17:00", id="a holiday"),
        pytest.param("2026-03-06T09:00", [], "2026-03-09T17:00", id="before clocks go forward"),
        pytest.param("2026-10-30T09:00", [], "2026-11-02T17:00", id="before clocks go back"),
    ],
)
def test_soon_is_the_end_of_the_issuers_next_business_day(now: str, holidays: list[str], soon: str) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=CHICAGO)
    found = soon_until(moment, calendar(*holidays))
    assert found.tzinfo is UTC
    assert found.astimezone(CHICAGO).isoformat()[:16] == soon


def test_the_issuers_day_counts_and_not_the_persons() -> None:
    # Saturday morning in Tokyo is still Friday in Chicago; a Sunday evening in Tokyo is a Sunday there.
    friday = datetime(2026, 11, 28, 9, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert soon_until(friday, calendar()).astimezone(CHICAGO).date() == date(2026, 11, 30)
    monday_in_tokyo = datetime(2026, 11, 30, 9, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
    assert soon_until(monday_in_tokyo, calendar()).astimezone(CHICAGO).date() == date(2026, 11, 30)


def test_without_a_calendar_soon_is_a_day_away() -> None:
    assert soon_until(NOW, None) == NOW + DAY


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"due": 3 * DAY}, ()),
        ({"due": 2 * DAY}, (Risk.NOT_STARTED,)),
        ({"due": 2 * DAY, "local_state": LocalState.DRAFT}, ()),
        ({"due": -HOUR}, ()),
        ({"due": None}, ()),
        ({"due": None, "final_at": SOON}, (Risk.FINAL_LIMIT,)),
        ({"due": None, "final_at": None, "lease_until": NOW + HOUR}, ()),
        ({"due": 5 * DAY, "lease_until": SOON}, (Risk.TIME_ENDS_FIRST,)),
        ({"due": 5 * DAY, "lease_until": SOON + HOUR}, ()),
        ({"due": DAY, "lease_until": DAY + NOW, "local_state": LocalState.DRAFT}, ()),
        (
            {"due": DAY, "lease_until": DAY + NOW - HOUR, "local_state": LocalState.DRAFT},
            (Risk.TIME_ENDS_FIRST,),
        ),
        ({"due": 3 * DAY, "final_at": SOON, "local_state": LocalState.DRAFT}, (Risk.FINAL_LIMIT,)),
        (
            {"due": DAY, "final_at": SOON, "lease_until": NOW + HOUR},
            (Risk.FINAL_LIMIT, Risk.TIME_ENDS_FIRST, Risk.NOT_STARTED),
        ),
        ({"due": DAY, "local_state": LocalState.SENT}, ()),
        ({"due": DAY, "local_state": LocalState.NEEDS_YOU}, ()),
    ],
)
def test_why_a_row_is_at_risk(changes: dict, found: tuple[Risk, ...]) -> None:
    assert risks(inbox_row(1, now=NOW, **changes), NOW, SOON) == found
