"""The count of time on task: what counts, what does not, and clocks that jump."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_app.domain.time_on_task import IDLE_AFTER, TimeOnTask
from tests.builders import NOON


def after(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def shown() -> TimeOnTask:
    return TimeOnTask().shown(NOON, is_shown=True)


def spent(count: TimeOnTask, seconds: float) -> float:
    return count.at(after(seconds)).spent / timedelta(seconds=1)


def test_time_counts_while_the_work_is_shown_and_something_is_done() -> None:
    count = shown()
    for second in range(0, 600, 100):
        count = count.acted(after(second))
    assert spent(count, 600) == 600
    assert count.at(after(600)).minutes == 10


def test_it_stops_two_minutes_after_the_last_deed_and_goes_on_with_the_next() -> None:
    assert spent(shown(), 3600) == 120
    count = shown().at(after(1000)).acted(after(3600))
    assert spent(count, 3630) == 120 + 30


def test_what_is_not_in_front_does_not_count() -> None:
    away = shown().shown(after(60), is_shown=False)
    assert spent(away.acted(after(70)), 100) == 60
    assert spent(away.shown(after(900), is_shown=True), 910) == 70
    assert spent(TimeOnTask().acted(NOON), 60) == 0
    assert spent(TimeOnTask(is_shown=True), 60) == 0


def test_it_can_be_paused() -> None:
    paused = shown().paused(after(30), is_paused=True)
    assert spent(paused.acted(after(40)), 90) == 30
    assert spent(paused.paused(after(90), is_paused=False), 100) == 40


def test_a_clock_that_is_set_back_or_forward_adds_nothing_that_was_not_worked() -> None:
    back = shown().at(after(30)).at(after(-36_000))
    assert spent(back, -36_000) == 30
    assert spent(back, -35_000) == 30 + 120
    assert spent(shown().at(after(30)), 86_400) == 120


@given(st.lists(st.tuples(st.sampled_from("acpsh"), st.integers(-500, 500)), max_size=40))
def test_it_never_shrinks_and_never_counts_more_than_passed(steps: list[tuple[str, int]]) -> None:
    count, now, forward, before = TimeOnTask(), 0, 0, timedelta()
    for step, seconds in steps:
        now, forward = now + seconds, forward + max(0, seconds)
        moment = after(now)
        if step == "a":
            count = count.acted(moment)
        elif step in "ps":
            count = count.paused(moment, is_paused=step == "p")
        else:
            count = count.shown(moment, is_shown=step == "h")
        assert before <= count.spent <= timedelta(seconds=forward)
        before = count.spent


@pytest.mark.parametrize("seconds", [0, 119, 120, 121])
def test_the_limit_is_exact(seconds: int) -> None:
    assert spent(shown(), seconds) == min(seconds, IDLE_AFTER.seconds)
