"""When to sync: at start, when something waits, every minute, and with patience while offline."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import SubmissionId
from assessor_app.services import syncing
from assessor_app.services.views import SyncState, SyncStatus
from assessor_app.ui.tasks import Lanes, Ticket

IDLE_ROUND_MS = 60_000
FIRST_RETRY_MS = 15_000
LONGEST_RETRY_MS = 300_000


class SyncRounds(QObject):
    """Runs one sync at a time on the network lane and says how it stands."""

    status = Signal(object)
    """SyncStatus, whenever it changes."""
    settled = Signal(object)
    """SyncStatus at the end of each round."""

    def __init__(self, lanes: Lanes, parent: QObject | None = None) -> None:
        """Wait for `sync_now`."""
        super().__init__(parent)
        self._lanes = lanes
        self.is_writing: Callable[[SubmissionId], bool] = lambda _: False
        """Whether a text of a submission is being typed: nothing of another computer is put into it then."""
        self._ticket: Ticket | None = None
        self._again = self._is_cancelled = self._makes_way = False
        self._is_asked = self._is_offline = self._hurries = False
        self._retry_ms = FIRST_RETRY_MS
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._probe)
        lanes.changed.connect(self._something_changed)

    @property
    def is_running(self) -> bool:
        """Whether a round is under way."""
        return self._ticket is not None

    @Slot()
    def sync_now(self) -> None:
        """Start a round, or one more after the present one; somebody wants it now."""
        self._is_asked = True
        self._begin()

    @Slot()
    def copy_drafts(self) -> None:
        """Somebody may go: a round that copies what has changed. What is offline keeps its patience."""
        if not self._is_offline:
            self._hurries = True
            self._begin()

    @Slot()
    def try_at_once(self) -> None:
        """The network has changed: what was offline is tried at once, and patience begins anew."""
        if self._is_offline:
            self._retry_ms = FIRST_RETRY_MS
            self.sync_now()

    @Slot()
    def expect_soon(self) -> None:
        """Somebody signs in to the network: tries follow each other as fast as at first."""
        self._retry_ms = FIRST_RETRY_MS
        if self._is_offline and self._ticket is None:
            self._retry_later()

    @Slot()
    def _probe(self) -> None:
        self._begin()

    def _begin(self) -> None:
        if self._ticket is not None:
            self._again = True
            return
        if self._is_cancelled:
            return
        self._timer.stop()
        self._again = False
        self._ticket = self._lanes.network(self._round, owner=self, done=self._end, failed=self._failed)

    def make_way(self) -> None:
        """Something presses: the present round ends at its next file, and another one follows it."""
        if self._ticket is not None:
            self._makes_way = self._again = True

    def cancel(self) -> None:
        """No more rounds; the present one ends at its next file."""
        self._is_cancelled = True
        self._timer.stop()
        if self._ticket is not None:
            self._ticket.cancel()

    def _round(self, context: Any) -> SyncStatus:
        """Runs on the network lane."""
        return syncing.sync(
            context,
            report=lambda status: self._lanes.report(self._report, status),
            changed=lambda changes: self._lanes.report(self._broadcast, changes),
            cancelled=lambda: self._is_cancelled or self._makes_way,
            is_asked=self._take_asked(),
            hurries=self._take_hurries(),
            is_writing=self.is_writing,
        )

    def _take_asked(self) -> bool:
        asked, self._is_asked = self._is_asked, False
        return asked

    def _take_hurries(self) -> bool:
        hurries, self._hurries = self._hurries, False
        return hurries

    def _report(self, status: SyncStatus) -> None:
        self.status.emit(status)

    def _broadcast(self, changes: ChangeSet) -> None:
        self._lanes.broadcast(changes)

    def _end(self, status: SyncStatus) -> None:
        self._ticket = None
        self._makes_way = False
        self._is_offline = status.state is SyncState.OFFLINE
        self.status.emit(status)
        self.settled.emit(status)
        if self._again:
            self.sync_now()
            return
        if self._is_offline:
            self._retry_later()
        else:
            self._timer.start(IDLE_ROUND_MS)
            self._retry_ms = FIRST_RETRY_MS

    def _retry_later(self) -> None:
        self._timer.start(self._retry_ms)
        self._retry_ms = min(self._retry_ms * 2, LONGEST_RETRY_MS)

    def _failed(self, error: Exception) -> None:
        self._end(SyncStatus(SyncState.NEEDS_YOU, message=str(error)))

    @Slot(object)
    def _something_changed(self, changes: ChangeSet) -> None:
        # What a person sends while a round is under way may come too late for it; what the round itself
        # moved has no initiator.
        if changes.outbox and (not self.is_running or changes.initiator is not None):
            # What she sends does not wait for a large file.
            self.make_way()
            self.sync_now()
