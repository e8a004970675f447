"""Small deviations that look like chance and are the same every time: wobble, grain, tilt."""

from __future__ import annotations

import hashlib


class Chance:
    """A stream of numbers that follows from a word."""

    def __init__(self, word: str) -> None:
        """Start the stream that belongs to `word`."""
        self._word = word
        self._block = 0
        self._bytes = b""

    def between(self, low: float, high: float) -> float:
        """The next number, evenly spread from low to high."""
        return low + (high - low) * int.from_bytes(self._take(4), "big") / 0xFFFFFFFF

    def grain(self, count: int) -> bytes:
        """So many bytes of noise."""
        return hashlib.shake_256(f"{self._word}:grain".encode()).digest(count)

    def _take(self, count: int) -> bytes:
        if len(self._bytes) < count:
            self._bytes = hashlib.sha512(f"{self._word}:{self._block}".encode()).digest()
            self._block += 1
        taken, self._bytes = self._bytes[:count], self._bytes[count:]
        return taken
