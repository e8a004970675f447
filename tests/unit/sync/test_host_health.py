"""What is learnt from answers: when to leave the platform alone, and how its clock goes."""

from __future__ import annotations

from datetime import timedelta
from email.utils import format_datetime

import pytest

from assessor_app.errors import Offline
from assessor_app.sync.host_health import HostHealth, full_jitter_s, retry_after_s
from assessor_app.sync.network_errors import Busy, BusyStill, UnavailableStill
from assessor_app.sync.transport import Transport
from tests.answering import answering, as_json, problem
from tests.builders import NOON, FakeClock


@pytest.fixture
def health(clock: FakeClock) -> HostHealth:
    return HostHealth(clock)


def test_a_busy_platform_is_left_alone_for_as_long_as_it_says(health: HostHealth, clock: FakeClock) -> None:
    with answering(lambda _: problem(429, retry_after="120")) as server:
        transport = Transport(server.origin, health=health)
        assert transport.call("GET", "/", signed_in=False).status == 429
        clock.advance(119)
        with pytest.raises(BusyStill):
            transport.call("GET", "/", signed_in=False)
        assert len(server.asked) == 1
        clock.advance(2)
        transport.call("GET", "/", signed_in=False)
        assert len(server.asked) == 2
    assert issubclass(BusyStill, Busy)
    assert issubclass(BusyStill, Offline)


def test_without_a_header_the_pause_is_of_chance_and_its_limit_doubles_up_to_an_hour(
    health: HostHealth, clock: FakeClock
) -> None:
    longest_s = 60.0
    for _ in range(9):
        health.note(429, {})
        assert 1 <= health.busy_s() <= longest_s
        clock.advance(health.busy_s())
        longest_s = min(longest_s * 2, 3600)
    waits = {full_jitter_s(clock, 3600) for _ in range(200)}
    assert min(waits) < 200
    assert max(waits) > 3400


def test_five_failures_in_a_row_are_enough_for_a_moment(health: HostHealth, clock: FakeClock) -> None:
    with answering(lambda _: problem(503)) as server:
        transport = Transport(server.origin, health=health)
        for _ in range(5):
            clock.advance(1)
            transport.call("GET", "/", signed_in=False)
        with pytest.raises(UnavailableStill):
            transport.call("GET", "/", signed_in=False)
        assert len(server.asked) == 5
        assert health.down_since == NOON + timedelta(seconds=1)
        health.let_one_through()
        server.answer = lambda _: as_json({})
        transport.call("GET", "/", signed_in=False)
    assert health.down_since is None
    assert health.pause_s() == 0


def test_a_pause_is_measured_on_the_clock_that_never_jumps(health: HostHealth, clock: FakeClock) -> None:
    health.note(503, {"retry-after": "60"})
    clock.jump_to(NOON + timedelta(days=3650))
    assert health.pause_s() == 60
    clock.jump_to(NOON - timedelta(days=3650))
    assert health.pause_s() == 60


def test_a_date_to_wait_for_is_read_by_the_platforms_own_clock() -> None:
    headers = {"date": "Mon, 02 Mar 2026 12:00:00 GMT", "retry-after": "Mon, 02 Mar 2026 12:01:00 GMT"}
    assert retry_after_s(headers, 0) == 60
    assert retry_after_s({**headers, "date": "noon"}, NOON.timestamp()) == 60


def test_the_clocks_differ_by_the_median_of_five(health: HostHealth, clock: FakeClock) -> None:
    assert health.clock_lead() is None
    for seconds in (10, 11, 9999, 12, 13, 14):
        health.note(200, {"date": format_datetime(NOON + timedelta(seconds=seconds), usegmt=True)})
    assert health.clock_lead() == timedelta(seconds=13)
    health.note(200, {"date": "yesterday"})
    health.note(503, {"date": format_datetime(NOON, usegmt=True)})
    assert health.clock_lead() == timedelta(seconds=13)
    clock.jump_to(NOON - timedelta(days=3650))
    assert health.clock_lead() == timedelta(days=3650, seconds=13)
