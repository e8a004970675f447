"""What a refusal of a claim means."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from assessor_app.domain.claims import ClaimAnswer, answer_of, is_to_renew
from tests.builders import NOON


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("already-claimed", ClaimAnswer.ALREADY_CLAIMED),
        ("not-qualified", ClaimAnswer.NOT_QUALIFIED),
        ("conflict-of-interest", ClaimAnswer.CONFLICT),
        ("nothing-left", ClaimAnswer.NOTHING_LEFT),
        ("not-claimed", ClaimAnswer.GIVEN_BY_TEAM),
        ("state", ClaimAnswer.MOVED_ON),
        ("something-new", ClaimAnswer.REFUSED),
        ("", ClaimAnswer.REFUSED),
    ],
)
def test_a_refusal_is_understood(code: str, answer: ClaimAnswer) -> None:
    assert answer_of(code) is answer


@pytest.mark.parametrize(
    ("left_hours", "idle_hours", "is_kept"),
    [
        (25, 1, False),
        (24, 1, True),
        (-200, 1, True),
        (24, 72, False),
        (24, None, False),
        (None, 1, False),
    ],
)
def test_work_under_way_is_kept_by_itself_from_a_day_before_its_end(
    left_hours: int | None, idle_hours: int | None, is_kept: bool
) -> None:
    def moment(hours: int | None, sign: int) -> datetime | None:
        return None if hours is None else NOON + sign * timedelta(hours=hours)

    assert is_to_renew(moment(left_hours, 1), NOON, moment(idle_hours, -1)) is is_kept
