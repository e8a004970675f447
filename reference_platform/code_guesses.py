"""Short codes can be guessed; whoever guesses wrong too often has to wait (RFC 8628, 5.1)."""

from __future__ import annotations

import threading
from collections import deque
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=10)
"""As long as a code lives."""
PER_ADDRESS = 10
"""Wrong tries from one address in that time. There are 20 to the 8th power of codes."""
IN_ALL = 200
"""Wrong tries from everywhere: many addresses are cheap to have."""


class CodeGuesses:
    """Wrong codes and passwords of the last minutes, by where they came from; in memory, for one process."""

    def __init__(self) -> None:
        """Start with none."""
        self._lock = threading.Lock()
        self._wrong: deque[tuple[datetime, str]] = deque()

    def is_barred(self, address: str, now: datetime) -> bool:
        """Whether nothing more is looked up for an address for now."""
        with self._lock:
            while self._wrong and self._wrong[0][0] <= now - WINDOW:
                self._wrong.popleft()
            mine = sum(1 for _, other in self._wrong if other == address)
            return mine >= PER_ADDRESS or len(self._wrong) >= IN_ALL

    def note_wrong(self, address: str, now: datetime) -> None:
        """One more code, or a password beside it, was wrong."""
        with self._lock:
            self._wrong.append((now, address))
