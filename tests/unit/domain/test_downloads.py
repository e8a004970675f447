"""What comes by itself, and what goes where room is short."""

from __future__ import annotations

import pytest

from assessor_app.domain.downloads import Hold, Kept, Limits, held, lacking, to_give_up

MB, GB = 10**6, 10**9


@pytest.mark.parametrize(
    ("limits", "is_metered", "hold"),
    [
        (Limits(), False, None),
        (Limits(), True, Hold.METERED),
        (Limits(waits_on_metered=False), True, None),
        (Limits(large_bytes=50 * MB), False, Hold.LARGE),
        (Limits(large_bytes=50 * MB), True, Hold.LARGE),
        (Limits(large_bytes=60 * MB), False, None),
    ],
)
def test_what_does_not_come_by_itself(limits: Limits, is_metered: bool, hold: Hold | None) -> None:
    assert held(60 * MB, limits, is_metered=is_metered) is hold


@pytest.mark.parametrize(
    ("free", "quota", "missing", "hold"),
    [
        (10 * GB, 0, 0, Hold.DISK),
        (2 * GB, 0, 100 * MB, Hold.DISK),
        (1 * GB, 0, 1100 * MB, Hold.DISK),
        (10 * GB, 900 * MB, 0, Hold.DISK),
        (10 * GB, 850 * MB, 50 * MB, Hold.QUOTA),
        (10 * GB, 500 * MB, 400 * MB, Hold.QUOTA),
        (1 * GB, 850 * MB, 1100 * MB, Hold.DISK),
    ],
)
def test_how_much_is_lacking(free: int, quota: int, missing: int, hold: Hold) -> None:
    """800 MB are used, and 100 MB are to come."""
    found = lacking(100 * MB, 800 * MB, free, floor_bytes=2 * GB, quota_bytes=quota)
    assert found == (missing, hold)


HERE = (
    Kept("soon", 100, due_us=1),
    Kept("late", 100, due_us=9),
    Kept("later", 100, due_us=10),
    Kept("settled", 100, due_us=2, is_settled=True),
    Kept("trip", 100, due_us=99, is_needed=True),
)


@pytest.mark.parametrize(
    ("wanted", "due_us", "gone"),
    [
        (100, 5, ["settled"]),
        (101, 5, ["settled", "later"]),
        (300, 5, ["settled", "later", "late"]),
        (301, 5, []),
        (400, None, ["settled", "later", "late", "soon"]),
        (401, None, []),
        (200, 10, []),
        (0, 5, []),
    ],
)
def test_what_is_least_urgent_goes_and_nothing_that_is_needed(
    wanted: int, due_us: int | None, gone: list[str]
) -> None:
    assert [one.blob_id for one in to_give_up(HERE, wanted, due_us)] == gone
