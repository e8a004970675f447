"""A line is used as far as the person wants, whatever it could bring."""

from __future__ import annotations

from assessor_app.sync.rate import Rate
from tests.builders import FakeClock


def test_no_limit_makes_nobody_wait() -> None:
    assert Rate(FakeClock()).owed_s(10**9, 0) == 0


def test_over_a_while_as_much_comes_as_was_chosen() -> None:
    clock = FakeClock()
    rate, start_s = Rate(clock), clock.monotonic_s()
    for _ in range(200):
        clock.advance(rate.owed_s(65536, 1_000_000))
    assert 0.9 < 200 * 65536 / (clock.monotonic_s() - start_s) / 1_000_000 <= 1.05


def test_a_rest_gives_half_a_second_and_no_more() -> None:
    clock = FakeClock()
    rate = Rate(clock)
    clock.advance(rate.owed_s(1_000_000, 1_000_000))
    clock.advance(3600)
    assert rate.owed_s(500_000, 1_000_000) == 0
    assert rate.owed_s(100_000, 1_000_000) == 0.1


def test_another_limit_holds_at_once_and_begins_without_debt() -> None:
    rate = Rate(FakeClock())
    assert rate.owed_s(10_000_000, 1_000_000) == 9.5
    assert rate.owed_s(0, 2_000_000) == 0
    assert rate.owed_s(10_000_000, 0) == 0
