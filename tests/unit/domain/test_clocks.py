"""Whether this machine's clock can be right."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from assessor_app.domain.clocks import is_wrong

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY, NONE = timedelta(days=1), timedelta(0)


@pytest.mark.parametrize(
    ("now", "steady", "told", "lead", "wrong"),
    [
        (NOON, NOON, None, NONE, False),
        (NOON, NOON, NOON - 30 * DAY, NONE, False),
        (NOON, NOON, NOON + 2 * DAY, NONE, True),
        (NOON, NOON, NOON - 3650 * DAY, NONE, True),
        (NOON, NOON + 2 * DAY, None, NONE, True),
        (NOON, NOON - 3650 * DAY, NOON, NONE, True),
        (NOON, NOON, NOON, -2 * DAY, True),
        (NOON, NOON + DAY / 24, NOON, DAY / 24, False),
    ],
)
def test_what_speaks_against_the_clock(
    now: datetime, steady: datetime, told: datetime | None, lead: timedelta, wrong: bool
) -> None:
    assert is_wrong(now, steady, told, lead) is wrong
