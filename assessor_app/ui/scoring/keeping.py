"""When what is written gets kept: after a short pause, on leaving the field, and at once on demand."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot

PAUSE_MS = 400
"""Typing that pauses this long is kept."""


class Keeper(QObject):
    """Watches over one thing that is written, from the first keystroke until it is committed.

    The owner calls `touch` on each edit, starts a save on `due`, and says `kept` or `lost` when that save has
    ended. Until then the thing counts as unsaved.
    """

    due = Signal()
    """What is written is to be saved now."""
    unsaved_changed = Signal()
    """`is_unsaved` may have changed."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Begin with nothing to keep."""
        super().__init__(parent)
        self._is_touched = False
        self._under_way = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.flush)

    @property
    def is_unsaved(self) -> bool:
        """Whether something written is not committed yet."""
        return self._is_touched or self._under_way > 0

    @Slot()
    def touch(self) -> None:
        """Something was edited."""
        self._is_touched = True
        self._timer.start(PAUSE_MS)
        self.unsaved_changed.emit()

    @Slot()
    def flush(self) -> None:
        """Save now what is not on its way yet."""
        self._timer.stop()
        if self._is_touched:
            self._is_touched = False
            self._under_way += 1
            self.due.emit()

    def kept(self) -> None:
        """A save was committed."""
        self._under_way -= 1
        self.unsaved_changed.emit()

    def lost(self) -> None:
        """A save failed: the text stays on screen and counts as unsaved; the next flush tries again."""
        self._under_way -= 1
        self._is_touched = True
        self.unsaved_changed.emit()
