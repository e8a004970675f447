"""Whether this machine's clock can be right, by what the platform has told."""

from __future__ import annotations

from datetime import datetime, timedelta

TOLERANCE = timedelta(days=1)
LONGEST_AWAY = timedelta(days=400)
"""A clock that says that the platform was not heard of for longer is doubted first."""


def is_wrong(now: datetime, steady: datetime, told: datetime | None, lead: timedelta) -> bool:
    """Whether the clock is wrong by more than a day, as far as can be known without asking anybody.

    Args:
        now: what the clock says.
        steady: what it would say if nobody had set it since the program started.
        told: the platform's time when it was last heard; None if it never was.
        lead: how far the platform's clock was ahead of this machine's then.
    """
    if abs(now - steady) > TOLERANCE or lead < -TOLERANCE:
        return True
    return told is not None and not -TOLERANCE <= now - told <= LONGEST_AWAY
