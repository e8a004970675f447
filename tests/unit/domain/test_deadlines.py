"""When a window opens and when work is due: the cases of the domain's rule 2, and counting day by day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_app.domain.deadlines import (
    PRESETS,
    Calendar,
    ClockRule,
    DayUnit,
    DelayReason,
    delay_reasons,
    due_at,
    due_on,
    opens_on,
)
from assessor_app.domain.kinds import DueKind
from assessor_app.domain.submissions import Stage

CHICAGO = "America/Chicago"
FIVE_DAYS = ClockRule(Stage.ASSESSMENT, 5, DayUnit.BUSINESS, DueKind.TARGET)
SEVEN_CALENDAR_DAYS = ClockRule(Stage.DECISION, 7, DayUnit.CALENDAR, DueKind.TARGET)


def local(zone: str, year: int, month: int, day: int, hour: int, minute: int) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone))


def calendar(zone: str = CHICAGO, *holidays: str) -> Calendar:
    return Calendar("cal-1", zone, holidays=frozenset(map(date.fromisoformat, holidays)))


@pytest.mark.parametrize(
    ("received", "holidays", "opens", "due"),
    [
        pytest.param("2021-08-06T10:00", [], "2021-08-09", "2021-08-13", id="a Friday"),
        pytest.param("2021-08-06T23:59", [], "2021-08-09", "2021-08-13", id="a Friday, late"),
        pytest.param("2021-08-07T10:00", [], "2021-08-09", "2021-08-13", id="a Saturday"),
        pytest.param("2021-08-08T10:00", [], "2021-08-09", "2021-08-13", id="a Sunday"),
        pytest.param("2021-08-09T00:00", [], "2021-08-10", "2021-08-16", id="a Monday at midnight"),
        pytest.param("2021-09-06T10:00", ["2021-09-06"], "2021-09-07", "2021-09-13", id="on a holiday"),
        pytest.param("2021-09-03T10:00", ["2021-09-06"], "2021-09-07", "2021-09-13", id="before a holiday"),
        pytest.param(
            "2021-11-22T10:00", ["2021-11-25", "2021-11-26"], "2021-11-23", "2021-12-01", id="inside"
        ),
        pytest.param("2021-08-06T10:00", ["2021-08-14"], "2021-08-09", "2021-08-13", id="on a weekend"),
    ],
)
def test_five_business_days(received: str, holidays: list[str], opens: str, due: str) -> None:
    moment = datetime.fromisoformat(received).replace(tzinfo=ZoneInfo(CHICAGO))
    used = calendar(CHICAGO, *holidays)
    assert opens_on(moment, FIVE_DAYS, used).isoformat() == opens
    assert due_on(moment, FIVE_DAYS, used).isoformat() == due
    assert due_at(moment, FIVE_DAYS, used).astimezone(ZoneInfo(CHICAGO)).isoformat()[:16] == f"{due}T17:00"


def test_the_day_of_receipt_is_the_issuers() -> None:
    # Friday evening in Chicago is Saturday in London and Tokyo; Monday morning in Tokyo is Sunday in Chicago.
    friday_night = datetime(2021, 8, 7, 1, 0, tzinfo=UTC)
    assert due_at(friday_night, FIVE_DAYS, calendar()) == datetime(2021, 8, 13, 22, 0, tzinfo=UTC)
    monday = local("Asia/Tokyo", 2021, 8, 9, 8, 0)
    assert opens_on(monday, FIVE_DAYS, calendar()) == date(2021, 8, 9)
    assert opens_on(monday, FIVE_DAYS, calendar("Asia/Tokyo")) == date(2021, 8, 10)
    assert due_at(monday, FIVE_DAYS, calendar("Asia/Tokyo")) == datetime(2021, 8, 16, 8, 0, tzinfo=UTC)


def test_end_of_business_stays_when_the_clocks_change() -> None:
    # In Chicago summer time began on 2021-03-14 and ended on 2021-11-07.
    before_spring = local(CHICAGO, 2021, 3, 11, 12, 0)
    assert due_at(before_spring, FIVE_DAYS, calendar()) == datetime(2021, 3, 18, 22, 0, tzinfo=UTC)
    before_autumn = local(CHICAGO, 2021, 11, 4, 12, 0)
    assert due_at(before_autumn, FIVE_DAYS, calendar()) == datetime(2021, 11, 11, 23, 0, tzinfo=UTC)


def test_an_end_of_business_of_its_own() -> None:
    used = Calendar("cal", "Europe/Berlin", end_of_business=time(12, 30))
    assert due_at(local("Europe/Berlin", 2021, 8, 6, 9, 0), FIVE_DAYS, used) == datetime(
        2021, 8, 13, 10, 30, tzinfo=UTC
    )


def test_calendar_days_count_every_day() -> None:
    friday = local(CHICAGO, 2021, 8, 6, 10, 0)
    assert opens_on(friday, SEVEN_CALENDAR_DAYS, calendar(CHICAGO, "2021-08-09")) == date(2021, 8, 7)
    assert due_on(friday, SEVEN_CALENDAR_DAYS, calendar(CHICAGO, "2021-08-09")) == date(2021, 8, 13)


def test_a_weekend_of_other_days() -> None:
    used = Calendar("cal", "Asia/Riyadh", weekend=frozenset({4, 5}))
    thursday = local("Asia/Riyadh", 2021, 8, 5, 10, 0)
    assert opens_on(thursday, FIVE_DAYS, used) == date(2021, 8, 8)
    assert due_on(thursday, FIVE_DAYS, used) == date(2021, 8, 12)


@given(
    st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)),
    st.integers(1, 20),
    st.frozensets(st.dates(date(2020, 1, 1), date(2030, 3, 1)), max_size=30),
    st.frozensets(st.integers(0, 6), max_size=6),
)
def test_the_window_holds_exactly_its_business_days(
    moment: datetime, days: int, holidays: frozenset[date], weekend: frozenset[int]
) -> None:
    used = Calendar("cal", "UTC", weekend, holidays)
    received_at = moment.replace(tzinfo=UTC)
    rule = ClockRule(Stage.ASSESSMENT, days, DayUnit.BUSINESS, DueKind.HARD)
    last = due_on(received_at, rule, used)
    window = [moment.date() + timedelta(days=n) for n in range(1, (last - moment.date()).days + 1)]
    business = [day for day in window if day.weekday() not in weekend and day not in holidays]
    assert len(business) == days
    assert (business[0], business[-1]) == (opens_on(received_at, rule, used), last)


def test_known_reasons_for_delay() -> None:
    friday = local(CHICAGO, 2021, 9, 3, 10, 0)
    assert delay_reasons(friday, FIVE_DAYS, calendar()) == ()
    assert delay_reasons(friday, FIVE_DAYS, calendar(CHICAGO, "2021-09-06")) == (DelayReason.HOLIDAYS,)
    elsewhere = calendar(CHICAGO, "2021-09-02", "2021-09-04", "2021-09-14")
    assert delay_reasons(friday, FIVE_DAYS, elsewhere) == ()
    assert delay_reasons(friday, FIVE_DAYS, calendar(), position=10) == (DelayReason.FIRST_SUBMISSIONS,)
    assert delay_reasons(friday, FIVE_DAYS, calendar(), position=11) == ()
    assert delay_reasons(friday, FIVE_DAYS, calendar(), is_possible_duplicate=True) == (
        DelayReason.POSSIBLE_DUPLICATE,
    )


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        due_at(datetime(2021, 8, 6), FIVE_DAYS, calendar())


def test_calendars_and_clocks_that_never_end_are_refused() -> None:
    with pytest.raises(ZoneInfoNotFoundError):
        calendar("Mars/Olympus")
    for weekend in (frozenset(range(7)), frozenset({7})):
        with pytest.raises(ValueError, match="weekend"):
            Calendar("cal", "UTC", weekend)
    with pytest.raises(ValueError, match="at least one day"):
        ClockRule(Stage.ASSESSMENT, 0, DayUnit.BUSINESS, DueKind.HARD)


def test_the_presets_are_those_of_the_issuers_pages() -> None:
    short = {name: [(c.stage, c.days, c.unit, c.kind) for c in clocks] for name, clocks in PRESETS.items()}
    assert short["BloomBoard"][0] == (Stage.PRE_ASSESSMENT, 1, DayUnit.BUSINESS, DueKind.TARGET)
    assert short["BloomBoard"][1] == (Stage.ASSESSMENT, 5, DayUnit.BUSINESS, DueKind.TARGET)
    assert short["BloomBoard, later guide"][1][1] == 3
    assert short["Digital Promise"] == [(Stage.DECISION, 14, DayUnit.BUSINESS, DueKind.HARD)]
    assert short["Harmony"] == [(Stage.DECISION, 7, DayUnit.CALENDAR, DueKind.TARGET)]
