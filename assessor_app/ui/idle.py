"""Notices that nobody is there: no key, no pointer for a while, or the computer was asleep."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QWindow

from assessor_app.clock import Clock

LOOK_MS = 5_000
WARN_S = 60.0
"""How long before the end it is said, so that whoever reads or watches can stay by a touch."""
SLEEP_S = 60.0
"""The system's time has gone on so much further than the timer's looks: the computer was asleep."""
_INPUT = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TouchUpdate,
        QEvent.Type.TabletPress,
        QEvent.Type.TabletMove,
        QEvent.Type.NativeGesture,
    }
)


class IdleWatch(QObject):
    """Watches the windows of the system, not the widgets in them: those would be asked at every paint."""

    nearly = Signal(bool)
    """Whether less than a minute is left."""
    left_alone = Signal()
    """The time is over."""
    slept = Signal()
    """The computer has been asleep, or is about to be."""

    def __init__(self, clock: Clock, parent: QObject | None = None) -> None:
        """Start watching; nothing is told before `set_minutes`.

        Args:
            clock: both of its times are read: the one that stands still in sleep, and the one that does not.
            parent: Qt parent.
        """
        super().__init__(parent)
        self._clock = clock
        self._minutes = 0
        self._is_near = self._has_told = False
        self._touched_s, self._touched_at = clock.monotonic_s(), clock.now()
        self._looked_s, self._looked_at = self._touched_s, self._touched_at
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.focusWindowChanged.connect(self._watch)
            app.applicationStateChanged.connect(self._state_changed)

    def set_minutes(self, minutes: int) -> None:
        """After how many minutes it is told; 0 for never."""
        self._minutes = minutes
        self.touch()

    @Slot()
    def touch(self) -> None:
        """Somebody is there."""
        self._touched_s, self._touched_at = self._clock.monotonic_s(), self._clock.now()
        self._has_told = False
        self._come_near(False)

    @Slot()
    def look(self) -> None:
        """Compare the times."""
        for window in QGuiApplication.topLevelWindows():
            self._watch(window)
        now_s, now = self._clock.monotonic_s(), self._clock.now()
        lag_s = (now - self._looked_at).total_seconds() - (now_s - self._looked_s)
        gap_s = now_s - self._looked_s
        self._looked_s, self._looked_at = now_s, now
        if lag_s > SLEEP_S or gap_s > LOOK_MS / 1000 + SLEEP_S:
            self.slept.emit()
        if not self._minutes or self._has_told:
            return
        left_s = self._minutes * 60 - max(now_s - self._touched_s, (now - self._touched_at).total_seconds())
        self._come_near(0 < left_s <= WARN_S)
        if left_s <= 0:
            self._has_told = True
            self.left_alone.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Somebody does something in a window of ours."""
        if event.type() in _INPUT:
            self.touch()
        return super().eventFilter(watched, event)

    @Slot(QWindow)
    def _watch(self, window: QWindow | None) -> None:
        if window is not None:
            # A second filter of the same object takes the place of the first.
            window.installEventFilter(self)

    @Slot(Qt.ApplicationState)
    def _state_changed(self, state: Qt.ApplicationState) -> None:
        if state is Qt.ApplicationState.ApplicationSuspended:
            self.slept.emit()

    def _come_near(self, is_near: bool) -> None:
        if is_near != self._is_near:
            self._is_near = is_near
            self.nearly.emit(is_near)
