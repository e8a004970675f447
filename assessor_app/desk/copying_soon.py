"""Drafts are copied before somebody may go: a submission or the window is left, or it has become quiet."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication

from assessor_app.clock import Clock
from assessor_app.domain.changes import ChangeSet
from assessor_app.ui.tasks import Lanes

QUIET_MS = 20_000
"""Nothing was changed for so long: a thought has come to its end."""
LEFT_MS = 500
"""What stood in a field as it was left is saved by then."""
PACE_S = 60.0
"""Who only stops to think is not copied more often than this."""


class CopyingSoon(QObject):
    """Notices that work has changed here, and says when the time is good to copy it."""

    wanted = Signal()
    """Drafts are to be copied now; nothing is said while nothing has changed."""

    def __init__(self, lanes: Lanes, clock: Clock, parent: QObject | None = None) -> None:
        """Watch what is committed, and whether the program is in front."""
        super().__init__(parent)
        self._clock = clock
        self._has_changed = self._is_leaving = False
        self._told_s = clock.monotonic_s() - PACE_S
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._tell)
        lanes.changed.connect(self._changed)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.applicationStateChanged.connect(self._state_changed)

    @Slot()
    def leave(self) -> None:
        """Somebody may go now: what has changed, and what is being saved just now, is to be copied."""
        self._is_leaving = True
        self._timer.start(LEFT_MS)

    def cancel(self) -> None:
        """Say nothing more."""
        self._timer.stop()
        self._timer.timeout.disconnect(self._tell)

    @Slot(object)
    def _changed(self, changes: ChangeSet) -> None:
        # What a sync puts in has no initiator, and is on the platform already.
        if changes.initiator is None or not (changes.assessments or changes.annotations):
            return
        self._has_changed = True
        if not self._is_leaving:
            since_ms = int((self._clock.monotonic_s() - self._told_s) * 1000)
            self._timer.start(max(QUIET_MS, int(PACE_S * 1000) - since_ms))

    @Slot()
    def _tell(self) -> None:
        self._is_leaving = False
        if self._has_changed:
            self._has_changed = False
            self._told_s = self._clock.monotonic_s()
            self.wanted.emit()

    @Slot(Qt.ApplicationState)
    def _state_changed(self, state: Qt.ApplicationState) -> None:
        if state is not Qt.ApplicationState.ApplicationActive:
            self.leave()
