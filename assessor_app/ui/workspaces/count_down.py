"""Words that change with the time are told anew while they are shown."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer, Slot

EVERY_MS = 5_000
"""Words count minutes; so soon after a minute has passed they say so."""


class CountDown(QObject):
    """Tells words again and again, as long as they say that they count down."""

    def __init__(self, tell: Callable[[], bool], parent: QObject) -> None:
        """Begin still.

        Args:
            tell: shows the words as they are now; says whether they still change with the time.
            parent: whoever shows them, and owns this.
        """
        super().__init__(parent)
        self._tell = tell
        self.timer = QTimer(self)
        self.timer.setInterval(EVERY_MS)
        self.timer.timeout.connect(self.tell)

    @Slot()
    def tell(self) -> None:
        """Show the words as they are now, and go on if they will change."""
        if self._tell():
            if not self.timer.isActive():
                self.timer.start()
        else:
            self.timer.stop()
