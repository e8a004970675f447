"""How long somebody has been at work on something: a count that stops by itself when nothing is done.

Time counts while the work is in front, is not paused, and something was done within `IDLE_AFTER`. The moments
come from outside; a clock that is set back, or far ahead, adds nothing that was not worked.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

IDLE_AFTER = timedelta(minutes=2)
"""Whoever does nothing for longer is elsewhere, or rests."""


@dataclass(frozen=True, slots=True)
class TimeOnTask:
    """The time so far, and what is needed to count on."""

    spent: timedelta = timedelta()
    is_shown: bool = False
    """Whether the work is in front of the person."""
    is_paused: bool = False
    counted_to: datetime | None = None
    """The moment up to which `spent` is right."""
    acted_at: datetime | None = None
    """When something was done last; None as long as nothing was."""

    @property
    def minutes(self) -> int:
        """Whole minutes."""
        return int(self.spent / timedelta(minutes=1))

    def at(self, now: datetime) -> TimeOnTask:
        """Counted up to a moment."""
        acted = None if self.acted_at is None else min(self.acted_at, now)
        added = timedelta()
        if self.is_shown and not self.is_paused and acted is not None and self.counted_to is not None:
            added = max(timedelta(), min(now, acted + IDLE_AFTER) - self.counted_to)
        return replace(self, spent=self.spent + added, counted_to=now, acted_at=acted)

    def acted(self, now: datetime) -> TimeOnTask:
        """Something was done."""
        return replace(self.at(now), acted_at=now)

    def shown(self, now: datetime, *, is_shown: bool) -> TimeOnTask:
        """The work came in front, which is a deed, or went."""
        counted = self.at(now)
        return replace(counted, is_shown=is_shown, acted_at=now if is_shown else counted.acted_at)

    def paused(self, now: datetime, *, is_paused: bool) -> TimeOnTask:
        """The person stopped the count, or goes on."""
        return replace(self.at(now), is_paused=is_paused, acted_at=now)
