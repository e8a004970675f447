"""How fast bytes may come: a bucket of tokens that fills with time."""

from __future__ import annotations

from assessor_app.clock import Clock

BURST_S = 0.5
"""So much of a second's bytes may come at once after a rest."""


class Rate:
    """Bytes that may be taken per second; for one thread. Whoever takes more than there are owes time."""

    def __init__(self, clock: Clock) -> None:
        """Start with a full bucket."""
        self._clock = clock
        self._at_s = clock.monotonic_s()
        self._tokens = 0.0
        self._per_s = 0

    def owed_s(self, count: int, per_s: int) -> float:
        """Take bytes that have come.

        Args:
            count: how many.
            per_s: how many may come in a second; 0 for any number.

        Returns:
            Seconds to wait before the next ones are read.
        """
        now_s = self._clock.monotonic_s()
        if per_s != self._per_s:
            # Another limit begins anew: nobody pays the debt of the one before.
            self._per_s, self._tokens = per_s, per_s * BURST_S
        elif per_s:
            self._tokens = min(per_s * BURST_S, self._tokens + (now_s - self._at_s) * per_s)
        self._at_s = now_s
        if not per_s:
            return 0.0
        self._tokens -= count
        return max(0.0, -self._tokens / per_s)
