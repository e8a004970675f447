"""The lead's questions and reports at the desk: the page comes with the lanes and is dark when locked."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from assessor_app.domain.roles import Role
from assessor_app.ui.main_window import MainWindow
from assessor_app.ui.tasks import Lanes

if TYPE_CHECKING:
    from assessor_app.ui.team.reports_page import ReportsPage


class Reporting(QObject):
    """Gives a lead's window its first place; does nothing for anybody else."""

    def __init__(
        self, window: MainWindow, role: Role, now: Callable[[], datetime], parent: QObject | None = None
    ) -> None:
        """Wait for `begin`."""
        super().__init__(parent)
        self._window, self._role, self._now = window, role, now
        self._page: ReportsPage | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing here that somebody could go on with."""
        return self._page is None or self._page.cases.model.total == 0

    def begin(self, lanes: Lanes) -> None:
        """Read the store through these lanes; the page is made with the first of them."""
        if self._role is not Role.LEAD:
            return
        if self._page is None:
            from assessor_app.ui.team.reports_page import ReportsPage

            self._page = ReportsPage(self._now, self._window.keys)
            self._page.open_counted.connect(self._count)
            self._window.set_reports(self._page)
        self._page.begin(lanes)

    def open_about(self, submission_id: str) -> bool:
        """Show a lead what there is about a submission; False for everybody else, who opens it."""
        if self._page is None:
            return False
        self._window.show_place("reports")
        self._page.show_about(submission_id)
        return True

    def flush(self) -> None:
        """Keep what was typed."""
        if self._page is not None:
            self._page.flush()

    def forget(self) -> None:
        """Keep what was typed and show nothing any more."""
        if self._page is not None:
            self._page.forget()

    @Slot(int)
    def _count(self, count: int) -> None:
        self._window.navigation.show_count("reports", count)
