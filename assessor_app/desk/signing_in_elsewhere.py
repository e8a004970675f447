"""A sign-in on another device from the window: the code on the page, and one short question now and then.

Between two questions the network's lane is free, so that nothing else waits for the person to confirm.
"""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from assessor_app.errors import KnownError, Offline
from assessor_app.services import signing_in_elsewhere as elsewhere
from assessor_app.services.signing_in_elsewhere import CodeEnded, DeviceCode, Told
from assessor_app.ui.main_window import MainWindow
from assessor_app.ui.sign_in import SignInPage
from assessor_app.ui.tasks import Lanes, Ticket

SLOWER_S = 5
MOST_S = 60
"""Longest pause between two questions while the platform cannot be reached."""


class SigningInElsewhere(QObject):
    """Shows one code at a time and asks about it until it is confirmed, declined, over or cancelled."""

    signed_in = Signal()

    def __init__(self, window: MainWindow, lanes: Lanes, parent: QObject | None = None) -> None:
        """Wait to be asked."""
        super().__init__(parent)
        self._window, self._lanes = window, lanes
        self._page: SignInPage | None = None
        self._code: DeviceCode | None = None
        self._ticket: Ticket | None = None
        self._is_asking = False
        self._interval_s = self._pause_s = 0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.ask_now)

    def begin(self, page: SignInPage) -> None:
        """Take a new code and show it on a page."""
        self.cancel()
        self._page = page
        self._ticket = self._lanes.network(elsewhere.begin, owner=self, done=self._show, failed=self._failed)

    @Slot()
    def cancel(self) -> None:
        """Ask no more; a code that nobody fetches ends by itself."""
        self._timer.stop()
        self._is_asking = False
        if self._ticket is not None:
            self._ticket.cancel()
        self._ticket = self._code = self._page = None

    @Slot()
    def ask_now(self) -> None:
        """Ask whether it was confirmed; never twice at a time, since a code brings tokens once."""
        if self._is_asking:
            return
        self._timer.stop()
        page, code = self._present(), self._code
        if page is None or code is None:
            self.cancel()
            return
        self._is_asking = True
        job = partial(elsewhere.ask, code=code)
        self._ticket = self._lanes.network(job, owner=self, done=self._told, failed=self._failed)

    def _present(self) -> SignInPage | None:
        """The page, if it is still there."""
        return self._page if self._page is not None and self._window.gate() is self._page else None

    def _show(self, code: DeviceCode) -> None:
        page = self._present()
        if page is None:
            return
        self._code, self._interval_s = code, code.interval_s
        page.show_code(code.user_code, code.address, code.address_with_code, code.lives_s)
        self._go_on()

    def _told(self, told: Told) -> None:
        self._is_asking = False
        page = self._present()
        if told is Told.SIGNED_IN:
            self.cancel()
            self.signed_in.emit()
            return
        if told is Told.SLOWER:
            self._interval_s += SLOWER_S
        if page is not None:
            page.show_reached(True)
        self._go_on()

    def _failed(self, error: KnownError) -> None:
        self._is_asking = False
        page = self._present()
        if page is None:
            self.cancel()
        elif isinstance(error, Offline) and self._code is not None:
            page.show_reached(False)
            self._pause_s = min(MOST_S, 2 * self._pause_s)
            self._timer.start(self._pause_s * 1000)
        elif isinstance(error, CodeEnded):
            self.cancel()
            page.show_code_ended()
        else:
            self.cancel()
            page.show_error(error)

    def _go_on(self) -> None:
        self._pause_s = self._interval_s
        self._timer.start(self._pause_s * 1000)
