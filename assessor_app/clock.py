"""All time, ids and randomness. `app` passes one `Clock` in; tests pass a fake.

Nothing else in the program asks the system for the time, a new id or random bytes.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta


class Clock:
    """The system's clock and source of ids and randomness."""

    _start: tuple[datetime, float] | None = None
    """The present, and the seconds of the other clock, when `steady_now` was first asked."""

    def now(self) -> datetime:
        """The present moment as an aware UTC time."""
        return datetime.now(UTC)

    def monotonic_s(self) -> float:
        """Seconds on a clock that never jumps; only differences mean something."""
        return time.monotonic()

    def steady_now(self) -> datetime:
        """The present by the clock as it was when first asked, and by `monotonic_s` since.

        Whoever sets the system's clock meanwhile changes nothing about it. For waits, never for showing.
        """
        if self._start is None:
            self._start = (self.now(), self.monotonic_s())
        at, at_s = self._start
        return at + timedelta(seconds=self.monotonic_s() - at_s)

    def new_id(self) -> str:
        """A new UUIDv7 in text form: ordered by time of creation (RFC 9562, 5.7)."""
        milliseconds = int(self.now().timestamp() * 1000) & ((1 << 48) - 1)
        random_bits = int.from_bytes(self.random_bytes(10), "big")
        value = milliseconds << 80 | 0x7 << 76 | (random_bits >> 62 & 0xFFF) << 64
        value |= 0b10 << 62 | random_bits & ((1 << 62) - 1)
        digits = f"{value:032x}"
        return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))

    def random_bytes(self, count: int) -> bytes:
        """`count` bytes fit for keys."""
        return os.urandom(count)
