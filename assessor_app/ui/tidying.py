"""Python's collector of cycles, kept on the GUI thread.

A cycle may hold Qt objects, and a Qt object with a timer must die on its own thread: freed on a lane, it
takes the process with it. So automatic collection is off, and a timer of the GUI thread looks instead.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer, Slot

LOOK_MS = 1_000


class Tidier(QObject):
    """Collects on the thread it lives on, as often as Python itself would have."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Turn automatic collection off and start looking."""
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        gc.disable()
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def stop(self) -> None:
        """Give collection back to Python: no lane is at work any more."""
        self._timer.stop()
        gc.enable()

    @Slot()
    def look(self) -> None:
        """Collect the oldest generation that is due, and with it the younger ones."""
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > self._thresholds[generation]:
                gc.collect(generation)
                return
