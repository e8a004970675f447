"""Looks after the store of one unlocked stretch: copies in good time, and what happens when damage is met."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from assessor_app.domain.changes import ChangeSet
from assessor_app.errors import DiskFull, KnownError, StoreDamaged
from assessor_app.services import store_care
from assessor_app.ui.tasks import Lanes, Ticket

FIRST_MS = 60_000
"""After a start, when everything else has been read."""
ROUND_MS = 300_000
"""While something changes, a copy of the own work is never older than this and the time it takes."""
ROOM_MS = 600_000
FIRST_ROOM_MS = 30_000
ROOM_FULL_MS = 20_000
"""While the disk is full it is looked often whether there is room again."""
SENT_MS = 20_000
"""What was sent or taken back is copied soon: an older copy would know nothing of it."""


class StoreKeeping(QObject):
    """Copies on a lane, never two at once."""

    disk_full = Signal(bool)
    """Whether the disk is so full that only what the person writes is saved."""

    def __init__(self, lanes: Lanes, repair: Callable[[], None], parent: QObject | None = None) -> None:
        """Wait for the first round.

        Args:
            lanes: those of this stretch.
            repair: called once, when the store turns out to be damaged.
            parent: Qt parent.
        """
        super().__init__(parent)
        self._lanes, self._repair = lanes, repair
        self._ticket: Ticket | None = None
        self._has_ended = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.look_now)
        self._timer.start(FIRST_MS)
        self._is_full = False
        self._room_timer = QTimer(self)
        self._room_timer.setSingleShot(True)
        self._room_timer.timeout.connect(self.look_for_room)
        self._room_timer.start(FIRST_ROOM_MS)
        lanes.disk_full.connect(self._meet_full_disk)
        lanes.changed.connect(self._something_changed)
        lanes.trouble.connect(self._look_at_trouble)

    @Slot()
    def look_now(self) -> None:
        """Start a round, unless one is under way."""
        if self._ticket is None and not self._has_ended:
            self._ticket = self._lanes.convert(self, _round, self._end_round, failed=self._fail_round)

    def cancel(self) -> None:
        """No more rounds; a copy under way ends at its next step."""
        self._has_ended = True
        self._timer.stop()
        self._room_timer.stop()
        if self._ticket is not None:
            self._ticket.cancel()

    def _end_round(self, _: None) -> None:
        self._ticket = None
        self._timer.start(ROUND_MS)

    def _fail_round(self, error: KnownError) -> None:
        self._ticket = None
        self._look_at_trouble(error)

    @Slot()
    def look_for_room(self) -> None:
        """Keep the room for a full disk, and say when there is none and when there is again."""
        if not self._has_ended:
            self._lanes.read(self, store_care.keep_reserve, self._tell_room, key="room")

    def _tell_room(self, is_full: bool) -> None:
        if is_full != self._is_full:
            self._is_full = is_full
            self.disk_full.emit(is_full)
        self._room_timer.start(ROOM_FULL_MS if is_full else ROOM_MS)

    @Slot()
    def _meet_full_disk(self) -> None:
        self._is_full = True
        self.disk_full.emit(True)
        self._room_timer.start(ROOM_FULL_MS)

    @Slot(object)
    def _something_changed(self, changes: ChangeSet) -> None:
        if changes.outbox and self._timer.isActive() and self._timer.remainingTime() > SENT_MS:
            self._timer.start(SENT_MS)

    @Slot(object)
    def _look_at_trouble(self, error: KnownError) -> None:
        if isinstance(error, DiskFull):
            self._meet_full_disk()
        if isinstance(error, StoreDamaged) and not self._has_ended:
            self.cancel()
            # Not from within the answer of a lane that is to be closed.
            QTimer.singleShot(0, self, self._repair)


def _round(context: Any, is_dropped: Callable[[], bool]) -> None:
    store_care.care(context, is_dropped)
