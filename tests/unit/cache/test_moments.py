from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

from hypothesis import given
from hypothesis import strategies as st

from assessor_app.cache import moments

MOMENTS = st.datetimes(timezones=st.just(UTC))


@given(MOMENTS)
def test_no_microsecond_is_lost(moment: datetime) -> None:
    assert moments.from_us(moments.to_us(moment)) == moment


@given(MOMENTS, MOMENTS)
def test_numbers_sort_as_times(one: datetime, other: datetime) -> None:
    assert (moments.to_us(one) < moments.to_us(other)) == (one < other)


def test_another_zone_is_the_same_moment() -> None:
    moment = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert moments.to_us(moment.astimezone(timezone(timedelta(hours=5, minutes=30)))) == moments.to_us(moment)
    assert moments.to_us(datetime(1970, 1, 1, tzinfo=UTC)) == 0


def test_none_stays_none() -> None:
    assert moments.to_us_or_none(None) is None
    assert moments.from_us_or_none(None) is None
    assert moments.from_us_or_none(0) == datetime(1970, 1, 1, tzinfo=UTC)
