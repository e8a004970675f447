"""Has newly arrived evidence looked through in the background, one file at a time, behind everything else."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot

from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import SubmissionId
from assessor_app.errors import KnownError
from assessor_app.services import guarding
from assessor_app.services.guarding import Scan
from assessor_app.ui.tasks import Lanes

FIRST_MS = 4_000
"""A start is over before the first file is looked at."""
BETWEEN_MS = 60
_PRIORITY = -2000


class Scanning(QObject):
    """Has every file looked through once.

    Args:
        lanes: where files are read and findings are kept.
        parent: Qt parent.
    """

    def __init__(self, lanes: Lanes, parent: QObject | None = None, *, first_ms: int = FIRST_MS) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._only: frozenset[SubmissionId] | None = None
        self._arrived: set[SubmissionId] = set()
        self._is_busy = False
        self._timer = QTimer(self, singleShot=True, interval=first_ms)
        self._timer.timeout.connect(self._next)
        self._timer.start()
        lanes.changed.connect(self._changed)

    @property
    def is_idle(self) -> bool:
        """Whether everything that is here was looked through."""
        return not self._is_busy and not self._timer.isActive()

    @Slot(object)
    def _changed(self, changes: ChangeSet) -> None:
        if changes.evidence:
            self._arrived |= changes.evidence
            if self.is_idle:
                self._timer.start(BETWEEN_MS)

    @Slot()
    def _next(self) -> None:
        if self._lanes.is_closed:
            return
        only, self._is_busy = self._only, True

        def query(context: Any) -> Scan | None:
            return guarding.begin_scan(context, only)

        self._lanes.render(self, query, self._begun, failed=self._failed, priority=_PRIORITY)

    def _begun(self, scan: Scan | None) -> None:
        if scan is not None:
            self._go_on(scan)
            return
        self._is_busy = False
        self._only = frozenset(self._arrived)
        self._arrived.clear()
        if self._only:
            self._timer.start(BETWEEN_MS)

    def _go_on(self, scan: Scan) -> None:
        def query(context: Any) -> Scan:
            return guarding.go_on(context, scan)

        self._lanes.render(self, query, self._went_on, failed=self._failed, priority=_PRIORITY)

    def _went_on(self, scan: Scan) -> None:
        if not scan.is_whole:
            self._go_on(scan)
        elif not self._lanes.is_closed:

            def verb(context: Any) -> ChangeSet:
                return guarding.end_scan(context, scan)

            self._lanes.write(verb, owner=self, done=self._kept, failed=self._failed, background=True)

    def _kept(self, _changes: ChangeSet) -> None:
        self._is_busy = False
        self._timer.start(BETWEEN_MS)

    def _failed(self, _error: KnownError) -> None:
        """Pages are covered when they are drawn all the same; the next start looks again."""
        self._is_busy = False
