"""Looks after the store of one unlocked stretch: copies in good time, and what happens when damage is met."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot

from assessor_app.domain.changes import ChangeSet
from assessor_app.errors import KnownError, StoreDamaged
from assessor_app.services import store_care
from assessor_app.ui.tasks import Lanes, Ticket

FIRST_MS = 60_000
"""After a start, when everything else has been read."""
ROUND_MS = 300_000
"""While something changes, a copy of the own work is never older than this and the time it takes."""
SENT_MS = 20_000
"""What was sent or taken back is copied soon: an older copy would know nothing of it."""


class StoreKeeping(QObject):
    """Copies on a lane, never two at once."""

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
        if self._ticket is not None:
            self._ticket.cancel()

    def _end_round(self, _: None) -> None:
        self._ticket = None
        self._timer.start(ROUND_MS)

    def _fail_round(self, error: KnownError) -> None:
        self._ticket = None
        self._look_at_trouble(error)

    @Slot(object)
    def _something_changed(self, changes: ChangeSet) -> None:
        if changes.outbox and self._timer.isActive() and self._timer.remainingTime() > SENT_MS:
            self._timer.start(SENT_MS)

    @Slot(object)
    def _look_at_trouble(self, error: KnownError) -> None:
        if isinstance(error, StoreDamaged) and not self._has_ended:
            self.cancel()
            # Not from within the answer of a lane that is to be closed.
            QTimer.singleShot(0, self, self._repair)


def _round(context: Any, is_dropped: Callable[[], bool]) -> None:
    store_care.care(context, is_dropped)
