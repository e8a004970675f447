"""Repairs a damaged store before it is opened: asks, works on a lane, says what came back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from assessor_app.clock import Clock
from assessor_app.errors import KnownError, StoreDamaged
from assessor_app.services import repairing
from assessor_app.services.profiles import Profile
from assessor_app.services.repairing import RepairReport
from assessor_app.ui.main_window import MainWindow
from assessor_app.ui.repair_page import RepairPage
from assessor_app.ui.tasks import Lanes, Ticket
from assessor_app.vault.keys import MasterKey


class Repairing(QObject):
    """One repair, from the first word about the damage to the end."""

    finished = Signal()
    """The store is repaired, and the person has read what came of it."""

    def __init__(
        self,
        profile: Profile,
        master: MasterKey,
        damage: StoreDamaged,
        window: MainWindow,
        lanes: Lanes,
        clock: Clock,
        parent: QObject | None = None,
    ) -> None:
        """Say what was found, and wait for the person."""
        super().__init__(parent)
        self._profile, self._master, self._clock = profile, master, clock
        self._lanes = lanes
        self._ticket: Ticket | None = None
        self._page = page = RepairPage(damage.title, damage.message)
        page.start_requested.connect(self._start)
        page.stop_requested.connect(self._stop)
        page.go_on_requested.connect(self.finished)
        window.show_gate(page)

    def cancel(self) -> None:
        """The window closes: a repair under way stops, and nothing was changed."""
        if self._ticket is not None:
            self._ticket.cancel()

    @Slot()
    def _start(self) -> None:
        folder, key, clock, lanes = (
            self._profile.folder,
            self._master.database_key(),
            self._clock,
            self._lanes,
        )

        def job(_: Any, is_dropped: Callable[[], bool]) -> RepairReport | None:
            return repairing.repair(
                folder,
                key,
                clock=clock,
                progress=lambda done, total: lanes.report(self._tell, (done, total)),
                cancelled=is_dropped,
            )

        self._page.show_progress(0, 0)
        self._ticket = lanes.convert(self, job, self._end, failed=self._fail)

    @Slot()
    def _stop(self) -> None:
        self.cancel()
        self._ticket = None
        self._page.show_stopped()

    def _tell(self, progress: tuple[int, int]) -> None:
        if self._ticket is not None:
            self._page.show_progress(*progress)

    def _end(self, report: RepairReport | None) -> None:
        self._ticket = None
        if report is not None:
            self._page.show_report(report, self._clock.now())

    def _fail(self, error: KnownError) -> None:
        self._ticket = None
        self._page.show_failed(error)
