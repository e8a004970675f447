"""Under which heading work stands: the person's own days, other zones, the nights when clocks change."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.inbox import LocalState
from assessor_app.domain.inbox_groups import NEVER_US, Group, InboxOrder, days_of, group_of, grouped
from tests.inbox_rows import NOW, inbox_row

CHICAGO, LONDON, TOKYO = ZoneInfo("America/Chicago"), ZoneInfo("Europe/London"), ZoneInfo("Asia/Tokyo")
NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def at(zone: ZoneInfo, text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


@pytest.mark.parametrize(
    ("due", "group"),
    [
        (-DAY, Group.OVERDUE),
        (timedelta(microseconds=-1), Group.OVERDUE),
        (timedelta(0), Group.TODAY),
        (12 * HOUR - timedelta(microseconds=1), Group.TODAY),
        (12 * HOUR, Group.TOMORROW),
        (35 * HOUR, Group.TOMORROW),
        (36 * HOUR, Group.WEEK),
        (7 * DAY + 11 * HOUR, Group.WEEK),
        (7 * DAY + 12 * HOUR, Group.LATER),
        (None, Group.UNDATED),
    ],
)
def test_open_work_stands_by_its_date(due: timedelta | None, group: Group) -> None:
    row = inbox_row(1, now=NOON, due=due)
    assert group_of(row, days_of(NOON, LONDON)) is group


@pytest.mark.parametrize(("band", "group"), [(0, Group.NEEDS_YOU), (2, Group.WAITING), (3, Group.SETTLED)])
def test_what_is_not_open_work_has_no_date(band: int, group: Group) -> None:
    assert group_of(inbox_row(1, now=NOON, due=-DAY, band=band), days_of(NOON, LONDON)) is group


def test_days_are_the_persons_own() -> None:
    due = at(CHICAGO, "2026-11-24T17:00")
    row = inbox_row(1, now=NOON, due=due - NOON)
    assert group_of(row, days_of(NOON, CHICAGO)) is Group.TODAY
    # In Tokyo it is already the evening before: 17:00 in Chicago is 08:00 on the next day there.
    assert group_of(row, days_of(NOON, TOKYO)) is Group.TOMORROW


@pytest.mark.parametrize(
    ("night", "hours_of_day"), [("2026-03-08", 23), ("2026-11-01", 25), ("2026-11-02", 24)]
)
def test_a_day_is_as_long_as_its_clocks_say(night: str, hours_of_day: int) -> None:
    days = days_of(at(CHICAGO, f"{night}T00:00"), CHICAGO)
    assert days.tomorrow_us - days.now_us == hours_of_day * 3600 * 1_000_000


def test_an_evening_after_the_clocks_went_back_is_still_today() -> None:
    now = at(CHICAGO, "2026-11-01T00:30").astimezone(UTC)
    due = at(CHICAGO, "2026-11-01T23:45").astimezone(UTC)
    # More than a whole day away, and yet the same day.
    assert due - now == 24 * HOUR + timedelta(minutes=15)
    row = inbox_row(1, now=now, due=due - now)
    assert group_of(row, days_of(now, CHICAGO)) is Group.TODAY


def test_the_systems_own_zone_is_used_where_none_is_given() -> None:
    days = days_of(NOON)
    midnight = datetime.fromtimestamp(days.tomorrow_us / 1_000_000)
    assert (midnight.hour, midnight.minute) == (0, 0)
    assert midnight.date() == NOON.astimezone().date() + DAY


@given(
    st.lists(
        st.tuples(st.integers(0, 3), st.none() | st.integers(-20 * 24, 20 * 24)),
        max_size=30,
    )
)
def test_groups_of_an_order_are_those_of_its_rows(work: list[tuple[int, int | None]]) -> None:
    rows = [
        inbox_row(n, now=NOON, due=None if hours is None else hours * HOUR, band=band)
        for n, (band, hours) in enumerate(work)
    ]
    rows.sort(key=lambda r: (r.band, NEVER_US if r.due_at is None else (r.due_at - NOON).total_seconds()))
    days = days_of(NOON, LONDON)
    expected: dict[Group, list[SubmissionId]] = {}
    for row in rows:
        expected.setdefault(group_of(row, days), []).append(row.id)
    found = grouped(InboxOrder.of_rows(rows), days)
    assert {group: list(ids) for group, ids in found} == expected
    assert [group for group, _ in found] == sorted(expected)


def test_what_was_chosen_for_a_trip_stands_first_in_the_trips_order_while_it_is_open() -> None:
    rows = [
        inbox_row(1, -DAY),
        inbox_row(2, DAY),
        inbox_row(3, 5 * DAY),
        inbox_row(4, local_state=LocalState.SENT),
    ]
    order, days = InboxOrder.of_rows(rows), days_of(NOW)
    one, two, three, sent = order.ids
    chosen = (three, SubmissionId("elsewhere"), sent, one)
    first = grouped(replace(order, first=chosen), days)
    assert first[0] == (Group.TRIP, (three, one))
    assert [(group, ids) for group, ids in first[1:]] == [(Group.TOMORROW, (two,)), (Group.WAITING, (sent,))]
    assert grouped(replace(order, first=(sent,)), days) == grouped(order, days)
