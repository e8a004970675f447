"""Which stretches of a recording were really played."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from assessor_app.domain.annotations import TimeSpan

_FOLLOWS_WITHIN_MS = 1_500
_TELL_AFTER_MS = 10_000
_LEAST_MS = 200


class PlayedCount(QObject):
    """Joins the moments that the player goes through into stretches, and tells each at its end."""

    played = Signal(object)
    """TimeSpan that was played just now."""

    _from_ms = _to_ms = -1

    def moved(self, position_ms: int) -> None:
        """It plays, and has come to a moment; a leap begins another stretch."""
        follows = self._from_ms >= 0 and 0 <= position_ms - self._to_ms <= _FOLLOWS_WITHIN_MS
        if not follows:
            self.tell()
            self._from_ms = position_ms
        self._to_ms = position_ms
        if self._to_ms - self._from_ms >= _TELL_AFTER_MS:
            self.tell()
            self._from_ms = self._to_ms = position_ms

    def tell(self) -> None:
        """The stretch ends here: paused, sought away, or closed."""
        start, end = self._from_ms, self._to_ms
        self._from_ms = self._to_ms = -1
        if start >= 0 and end - start >= _LEAST_MS:
            self.played.emit(TimeSpan(start, end))
