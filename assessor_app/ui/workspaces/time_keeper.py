"""Counts the time on a submission while it is in front and something is done; the count never leaves here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import shiboken6
from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtGui import QWindow
from PySide6.QtWidgets import QPushButton, QWidget

from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.time_on_task import TimeOnTask
from assessor_app.errors import KnownError
from assessor_app.services import time_on_task
from assessor_app.ui.icons import dress
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.plain_text import set_plain_tooltip
from assessor_app.ui.tasks import Lanes

TICK_MS = 10_000
"""How often it is counted and written: no more is lost when the machine stops."""
_DEEDS = frozenset(
    {
        QEvent.Type.KeyPress,
        QEvent.Type.MouseButtonPress,
        QEvent.Type.MouseMove,
        QEvent.Type.Wheel,
        QEvent.Type.TouchBegin,
        QEvent.Type.TabletPress,
    }
)


class TimeKeeper(QObject):
    """The count of one submission, and the small button that shows and stops it.

    Args:
        lanes: where it is read and written.
        submission_id: what is worked on.
        now: the present, aware.
        keys: words and keys.
        view: the workspace; time counts while it is shown in an active window.
        button: shows the time, and pauses or goes on.
    """

    def __init__(
        self,
        lanes: Lanes,
        submission_id: SubmissionId,
        now: Callable[[], datetime],
        keys: KeyTable,
        view: QWidget,
        button: QPushButton,
    ) -> None:
        super().__init__(view)
        self._lanes, self._submission_id, self._now = lanes, submission_id, now
        self._keys, self._view, self.button = keys, view, button
        self._before = timedelta()
        """What was kept before this workspace was opened."""
        self._kept = timedelta()
        self.count = TimeOnTask()
        self._window: QWindow | None = None
        self._timer = QTimer(self, interval=TICK_MS)
        self._timer.timeout.connect(self.tick)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._follow)
        button.clicked.connect(self.toggle)
        button.show()
        view.installEventFilter(self)
        lanes.read(self, lambda context: time_on_task.load(context, submission_id), self._take)
        self._follow()

    @property
    def minutes(self) -> int:
        """Whole minutes on this submission, all sittings together."""
        return TimeOnTask(self._before + self.count.spent).minutes

    @Slot()
    def toggle(self) -> None:
        """Stop the count, or go on."""
        self.count = self.count.paused(self._now(), is_paused=not self.count.is_paused)
        self._show()

    @Slot()
    def tick(self) -> None:
        """Count up to now, show it, and keep it."""
        self.count = self.count.at(self._now())
        self._show()
        self.flush()

    def flush(self) -> None:
        """Write what is not written yet, behind everything that the person does."""
        more = self.count.spent - self._kept
        if not more or self._lanes.is_closed:
            return
        self._kept = self.count.spent
        submission_id = self._submission_id
        self._lanes.write(
            lambda context: time_on_task.add(context, submission_id, more), failed=_let_go, background=True
        )

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the workspace in and out of view, and what is done in its window."""
        # Between the end of the view and that of this filter an event may still come by, when the collector
        # of cycles has taken the attributes already.
        view = getattr(self, "_view", None)
        if view is None or not shiboken6.isValid(view):
            return False
        kind = event.type()
        if watched is view:
            if kind in (QEvent.Type.Hide, QEvent.Type.WindowDeactivate):
                self._follow()
            elif kind in (QEvent.Type.Show, QEvent.Type.WindowActivate):
                # A window that is being shown is not the active one yet.
                self._soon.start()
        elif kind in _DEEDS:
            self._follow()
            self.count = self.count.acted(self._now())
        return False

    @Slot()
    def _follow(self) -> None:
        is_shown = self._view.isVisible() and self._view.isActiveWindow()
        self._watch(self._view.window().windowHandle())
        if is_shown == self.count.is_shown:
            return
        self.count = self.count.shown(self._now(), is_shown=is_shown)
        if is_shown:
            self._timer.start()
        else:
            self._timer.stop()
            self.tick()

    def _watch(self, window: QWindow | None) -> None:
        """Input comes to the window first: far fewer events than those of all widgets."""
        if window is not None and window is not self._window:
            self._window = window
            window.installEventFilter(self)

    def _take(self, stored: timedelta) -> None:
        self._before = stored
        self._show()

    def _show(self) -> None:
        is_paused = self.count.is_paused
        minutes = self.tr("{minutes} min").format(minutes=self.minutes)
        words = self.tr("{time} · paused · Only you") if is_paused else self.tr("{time} · Only you")
        self.button.setText(words.format(time=minutes))
        dress(self.button, "pause" if is_paused else "clock", "quiet", factor=1.0)
        said = self.tr("Time on this submission: {time}. Only you see it; it never leaves this computer.")
        self.button.setAccessibleName(said.format(time=minutes))
        set_plain_tooltip(self.button, f"{said.format(time=minutes)} {self._keys.hint('time.pause')}")


def _let_go(_error: KnownError) -> None:
    """A hint that could not be kept is not worth a word: what matters tells of the same trouble itself."""
