"""Whatever helps whoever helps: the watch over this process, the page of what is going on, the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from assessor_app.domain.changes import ChangeSet
from assessor_app.ui.tasks import Lanes

if TYPE_CHECKING:
    from assessor_app.desk.crash_watch import CrashWatch
    from assessor_app.desk.desk import Desk
    from assessor_app.desk.kept_settings import KeptSettings

BEAT_MS = 30_000
"""How often the program notes that it runs."""


class Support(QObject):
    """One for the whole program; it serves the desk that is open."""

    def __init__(
        self,
        settings: KeptSettings,
        lanes: Lanes,
        watch: CrashWatch | None,
        parent: QObject | None = None,
    ) -> None:
        """Serve nobody yet.

        Args:
            settings: those of the program.
            lanes: those that live as long as the program.
            watch: over this process; None where nobody watches.
            parent: Qt parent.
        """
        super().__init__(parent)
        self._settings, self._lanes, self._watch = settings, lanes, watch
        self._desk: Desk | None = None
        if watch is not None:
            lanes.bug.connect(self._note_bug)
            self._timer = QTimer(self)
            self._timer.timeout.connect(self._beat)
            self._timer.start(BEAT_MS)

    def serve(self, desk: Desk) -> None:
        """Serve a desk that is being opened, in place of the one before."""
        self._desk = desk
        desk.opened.connect(self._opened)

    @Slot()
    def _opened(self) -> None:
        """Once for each unlocked stretch, whose lanes are new."""
        if self._desk is not None:
            self._desk.lanes.bug.connect(self._note_bug)

    @Slot(str)
    def _note_bug(self, details: str) -> None:
        # At once and here: whatever broke may break more before a lane is free.
        if self._watch is not None:
            self._watch.note(details)

    @Slot()
    def _beat(self) -> None:
        watch = self._watch
        if watch is None or self._lanes.is_closed:
            return

        def beat(_: object) -> ChangeSet:
            watch.beat()
            return ChangeSet()

        self._lanes.write(beat, background=True)
