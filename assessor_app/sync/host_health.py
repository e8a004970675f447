"""What this process knows of the platform's host: whether to leave it alone for now, and how its clock goes.

A host that says that it is busy, or that failed five times in a row, is not asked again before its time.
Everything is measured on the clock that never jumps.
"""

from __future__ import annotations

import statistics
import threading
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from assessor_app.clock import Clock
from assessor_app.sync.tally import Tally

LONGEST_RETRY_AFTER_S = 3600.0
FAILURES_BEFORE_PAUSE = 5
FIRST_BUSY_S = 60.0
FIRST_PAUSE_S = 15.0
LONGEST_PAUSE_S = 300.0
CLOCK_SAMPLES = 5
_DOWN = frozenset({502, 503, 504})


class HostHealth:
    """One platform as its answers show it; safe to use from several threads."""

    def __init__(self, clock: Clock) -> None:
        """Know nothing bad yet."""
        self._clock = clock
        self._lock = threading.Lock()
        clock.steady_now()
        self._leads: deque[timedelta] = deque(maxlen=CLOCK_SAMPLES)
        self._failures = self._refusals = 0
        self._busy_until_s = self._down_until_s = 0.0
        self.down_since: datetime | None = None
        """When the first of the failures came that have not ended yet."""
        self.is_left_behind = False
        """Whether the platform does not take this version any more: nothing is sent until that changes."""
        self.is_doubtful = False
        """Whether the last that answered was not the platform: it is asked for a sign of life first."""
        self.tally = Tally()
        """Fields of its answers that nobody knows, which are dropped unread."""

    def busy_s(self) -> float:
        """Seconds for which the platform wants to be left alone; 0 if it does not."""
        return max(0.0, self._busy_until_s - self._clock.monotonic_s())

    def pause_s(self) -> float:
        """Seconds before it is asked again, whatever the reason."""
        return max(self.busy_s(), self._down_until_s - self._clock.monotonic_s(), 0.0)

    def let_one_through(self) -> None:
        """A person or a change of the network asks for a try: a pause that we set ourselves is over."""
        self._down_until_s = 0.0

    def note(self, status: int, headers: Mapping[str, str]) -> None:
        """Learn from an answer of the platform.

        Args:
            status: the HTTP status.
            headers: names in lower case.
        """
        now_s = self._clock.monotonic_s()
        told_s = retry_after_s(headers, self._clock.now().timestamp())
        with self._lock:
            if status == 429:
                longest_s = min(FIRST_BUSY_S * 2.0 ** min(self._refusals, 6), LONGEST_RETRY_AFTER_S)
                self._refusals += 1
                self._busy_until_s = now_s + (told_s or full_jitter_s(self._clock, longest_s))
                return
            if status in _DOWN:
                self._failures += 1
                self.down_since = self.down_since or self._clock.now()
                beyond = self._failures - FAILURES_BEFORE_PAUSE
                if told_s or beyond >= 0:
                    longest_s = min(FIRST_PAUSE_S * 2.0 ** min(max(beyond, 0), 5), LONGEST_PAUSE_S)
                    self._down_until_s = now_s + (told_s or full_jitter_s(self._clock, longest_s))
                return
            self._failures = self._refusals = 0
            self.is_left_behind = status == 426 or (self.is_left_behind and status >= 300)
            self._busy_until_s = self._down_until_s = 0.0
            self.down_since = None
            self.is_doubtful = False
            self._note_clock(headers)

    def clock_lead(self) -> timedelta | None:
        """How far the platform's clock is ahead of this machine's, by the median of the last five answers.

        None before the first answer with a date.
        """
        with self._lock:
            if not self._leads:
                return None
            lead = statistics.median_low(self._leads)
        return lead - (self._clock.now() - self._clock.steady_now())

    def _note_clock(self, headers: Mapping[str, str]) -> None:
        told = http_date(headers.get("date", ""))
        if told is not None:
            self._leads.append(told - self._clock.steady_now())


def full_jitter_s(clock: Clock, longest_s: float) -> float:
    """A wait of chance between one second and the longest, so that clients do not come back together."""
    part = int.from_bytes(clock.random_bytes(4), "big") / 0xFFFFFFFF
    return 1.0 + part * max(longest_s - 1.0, 0.0)


def retry_after_s(headers: Mapping[str, str], now_s: float) -> float | None:
    """Seconds to wait by the Retry-After header, between 0 and 3,600; None without one.

    Args:
        headers: names in lower case. A date is taken from the answer's own `Date`, if it has one.
        now_s: the present time in seconds since the epoch, for a header that names a date.
    """
    value = headers.get("retry-after", "").strip()
    if not value:
        return None
    if value.isascii() and value.isdigit():
        return min(float(value), LONGEST_RETRY_AFTER_S)
    moment = http_date(value)
    if moment is None:
        return None
    told = http_date(headers.get("date", ""))
    wait_s = moment.timestamp() - (now_s if told is None else told.timestamp())
    return min(max(wait_s, 0.0), LONGEST_RETRY_AFTER_S)


def http_date(value: str) -> datetime | None:
    """A date of an HTTP header, aware; None if it is none."""
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
