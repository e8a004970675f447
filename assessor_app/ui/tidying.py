"""Python's collector of cycles, kept on the GUI thread.

A cycle may hold Qt objects, and a Qt object with a timer must die on its own thread: freed on a lane, it
takes the process with it. So automatic collection is off, and a timer of the GUI thread looks instead.

What modules make as they load lives as long as the program, and looking through all of it takes a tenth of a
second, for which the window would stand still; so it is set aside once it is there.
"""

from __future__ import annotations

import gc
import sys

from PySide6.QtCore import QObject, QTimer, Slot

LOOK_MS = 1_000
MANY_MODULES = 20
"""So many more modules have loaded: what they made is worth setting aside."""


class Tidier(QObject):
    """Collects on the thread it lives on, as often as Python itself would have."""

    def __init__(self, parent: QObject | None = None) -> None:
        """Turn automatic collection off and start looking."""
        super().__init__(parent)
        self._thresholds = gc.get_threshold()
        self._modules_aside = len(sys.modules)
        gc.disable()
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()

    def stop(self) -> None:
        """Give collection back to Python: no lane is at work any more."""
        self._timer.stop()
        gc.unfreeze()
        # Here and now: what is overdue would else be collected inside the destructor of some Qt object, while
        # Qt holds its lock, and the process would wait for itself for ever.
        gc.collect()
        gc.enable()

    @Slot()
    def look(self) -> None:
        """Set aside what new modules made; else collect the oldest generation due, and the younger ones."""
        if len(sys.modules) >= self._modules_aside + MANY_MODULES:
            self._modules_aside = len(sys.modules)
            # A cycle that is alive just now is set aside as well: a few for each time, and never again.
            gc.freeze()
            return
        counts = gc.get_count()
        for generation in (2, 1, 0):
            if counts[generation] > self._thresholds[generation]:
                gc.collect(generation)
                return
