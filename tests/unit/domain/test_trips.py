"""What is proposed for a trip, how long it takes, and whether one can leave."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from assessor_app.domain.claims import ClaimAnswer
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.trips import (
    Candidate,
    Checked,
    Cure,
    Preset,
    Standing,
    SubmissionCheck,
    Topic,
    Trip,
    Verdict,
    Why,
    by_rates,
    estimate,
    hours_to_keep,
    in_order,
    preset_until,
    proposed,
    readiness,
)

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
DAY = timedelta(days=1)
UNTIL = NOW + 3 * DAY


def one(name: str, due: timedelta | None = None, ends: timedelta | None = None, **more: int) -> Candidate:
    return Candidate(
        id=SubmissionId(name),
        code=name,
        title="Asking questions",
        due_at=None if due is None else NOW + due,
        lease_until=None if ends is None else NOW + ends,
        **more,
    )


def test_what_is_due_before_the_return_comes_along_and_what_would_be_lost() -> None:
    work = [
        one("later", 9 * DAY),
        one("lost", 8 * DAY, 2 * DAY),
        one("kept", 8 * DAY, 4 * DAY),
        one("undated"),
        one("undated-lost", None, DAY),
        one("due", 3 * DAY),
        one("overdue", -DAY, DAY),
    ]
    assert proposed(work, UNTIL) == {
        "overdue": Why.DUE,
        "due": Why.DUE,
        "lost": Why.TIME_ENDS,
        "undated-lost": Why.TIME_ENDS,
    }
    # By the date; of two with one date first the one that would be lost; what has no date last.
    assert [c.code for c in in_order(work, UNTIL)] == [
        *("overdue", "due", "lost", "kept", "later", "undated-lost", "undated")
    ]


def test_where_nothing_presses_the_next_few_are_proposed() -> None:
    work = [one(str(n), (n + 5) * DAY) for n in range(5)]
    assert proposed(work, UNTIL) == dict.fromkeys(("0", "1", "2"), Why.NEXT)
    assert proposed([], UNTIL) == {}


def test_hours_come_from_ones_own_times_or_else_from_what_there_is() -> None:
    work = one("a", pages=10, words=1000, recorded_minutes=10, unmeasured=1, criteria=6)
    assert by_rates(work) == 20 + 5 + 15 + 10 + 24
    few = estimate([work], [300, 300])
    assert (few.minutes, few.own_median) == (by_rates(work), None)
    own = estimate([work, replace(work, spent_minutes=30)], [40, 500, 50])
    assert (own.minutes, own.own_median) == (50 + 20, 50)
    # However long somebody was at it, looking through it takes a while.
    assert estimate([replace(work, spent_minutes=999)], []).minutes == 5


@pytest.mark.parametrize(
    ("away", "hours"),
    [(timedelta(hours=10), 34), (timedelta(hours=10, minutes=1), 35), (90 * DAY, 720), (-5 * DAY, 1)],
)
def test_work_is_kept_a_day_past_the_return(away: timedelta, hours: int) -> None:
    assert hours_to_keep(NOW, NOW + away) == hours


@pytest.mark.parametrize(
    ("item", "cure", "is_trouble"),
    [
        (Checked(Topic.FILE, Standing.READY), Cure.NONE, False),
        (Checked(Topic.FILE, Standing.NOT_SHOWN), Cure.NONE, False),
        (Checked(Topic.FILE, Standing.MISSING), Cure.FETCH, True),
        (Checked(Topic.FILE, Standing.DAMAGED), Cure.FETCH, True),
        (Checked(Topic.FILE, Standing.DAMAGED_THERE), Cure.OPEN, True),
        (Checked(Topic.LINK, Standing.NO_COPY), Cure.OPEN, True),
        (Checked(Topic.CLAIM, Standing.TIME_ENDS), Cure.RENEW, True),
        (Checked(Topic.CLAIM, Standing.TIME_ENDS, refused=ClaimAnswer.CONFLICT), Cure.OPEN, True),
        (Checked(Topic.CLAIM, Standing.NOT_YOURS), Cure.NONE, True),
    ],
)
def test_each_trouble_has_its_cure(item: Checked, cure: Cure, *, is_trouble: bool) -> None:
    assert (item.cure, item.is_trouble) == (cure, is_trouble)


A, B = SubmissionId("a"), SubmissionId("b")
GOOD, SHY = Checked(Topic.FILE, Standing.READY), Checked(Topic.FILE, Standing.NOT_SHOWN)
BAD = Checked(Topic.FILE, Standing.MISSING)
STATES = {A: "1", B: "1"}


def found(key: SubmissionId, *items: Checked, state: str = "1") -> SubmissionCheck:
    return SubmissionCheck(key, key, items, state)


@pytest.mark.parametrize(
    ("checks", "verdict", "ready", "troubles", "unchecked", "not_shown"),
    [
        ((), Verdict.NOT_CHECKED, 0, 0, 2, 0),
        ((found(A, GOOD),), Verdict.NOT_CHECKED, 1, 0, 1, 0),
        ((found(A, GOOD), found(B, GOOD, SHY)), Verdict.READY, 2, 0, 0, 1),
        ((found(A, GOOD, BAD, BAD), found(B, GOOD)), Verdict.NOT_READY, 1, 2, 0, 0),
        ((found(A, BAD),), Verdict.NOT_READY, 0, 1, 1, 0),
        # It has changed since: what was found says nothing any more.
        ((found(A, GOOD), found(B, BAD, SHY, state="0")), Verdict.NOT_CHECKED, 1, 0, 1, 0),
    ],
)
def test_nothing_is_ready_that_was_not_looked_at(
    checks: tuple[SubmissionCheck, ...],
    verdict: Verdict,
    ready: int,
    troubles: int,
    unchecked: int,
    not_shown: int,
) -> None:
    answer = readiness(Trip(UNTIL, (A, B), checks), STATES)
    assert (answer.verdict, answer.ready, answer.total) == (verdict, ready, 2)
    assert (answer.troubles, answer.unchecked, answer.not_shown) == (troubles, unchecked, not_shown)


def test_an_empty_trip_is_no_ready_one() -> None:
    assert readiness(Trip(UNTIL, ()), {}).verdict is Verdict.NOT_CHECKED


@pytest.mark.parametrize(
    ("preset", "now", "until"),
    [
        (Preset.TONIGHT, "2026-11-24T09:30", "2026-11-24T22:00"),
        (Preset.TONIGHT, "2026-11-24T21:30", "2026-11-25T22:00"),
        (Preset.FRIDAY, "2026-11-24T09:30", "2026-11-27T17:00"),
        (Preset.FRIDAY, "2026-11-27T09:30", "2026-11-27T17:00"),
        (Preset.FRIDAY, "2026-11-27T16:30", "2026-12-04T17:00"),
        (Preset.SUNDAY, "2026-11-27T16:30", "2026-11-29T18:00"),
        (Preset.WEEK, "2026-11-24T09:30", "2026-12-01T17:00"),
    ],
)
def test_a_preset_is_the_next_of_its_kind(preset: Preset, now: str, until: str) -> None:
    assert preset_until(preset, datetime.fromisoformat(now)).isoformat(timespec="minutes") == until
