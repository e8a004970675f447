"""How many fields came that the contract does not know; never which, and never what was in them."""

from __future__ import annotations

import threading


class Tally:
    """How many fields of answers were dropped unread: a number and nothing else. Safe from every thread."""

    def __init__(self) -> None:
        """Begin at none."""
        self._count = 0
        self._lock = threading.Lock()

    def add(self, count: int) -> None:
        """Count some more."""
        with self._lock:
            self._count += count

    def take(self) -> int:
        """How many since it was last asked."""
        with self._lock:
            count, self._count = self._count, 0
        return count
