"""Signing in from the window: with the browser here or on another device, one attempt at a time."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from assessor_app.desk.signing_in_elsewhere import SigningInElsewhere
from assessor_app.desk.way import SignInWay
from assessor_app.domain.changes import ChangeSet
from assessor_app.errors import KnownError, Offline
from assessor_app.services import syncing
from assessor_app.services.context import Context
from assessor_app.services.views import SyncState
from assessor_app.ui.main_window import MainWindow
from assessor_app.ui.sign_in import SignInPage
from assessor_app.ui.tasks import Lanes, Ticket

RETRY_MS = 15_000
"""Until an automatic sign-in tries again where the platform was not there."""


class SigningIn(QObject):
    """Signs one profile in. What goes wrong is told on the page, or as a status where there is none."""

    signed_in = Signal()
    export_requested = Signal()
    """The person wants what waits to be sent as a file."""
    status = Signal(object)
    """SyncStatus, when a sign-in without a page did not succeed."""

    def __init__(
        self,
        way: SignInWay,
        origin: str,
        window: MainWindow,
        lanes: Lanes,
        parent: QObject | None = None,
    ) -> None:
        """Wait to be asked."""
        super().__init__(parent)
        self._way, self._origin = way, origin
        self._window, self._lanes = window, lanes
        self._ticket: Ticket | None = None
        self._elsewhere = SigningInElsewhere(window, lanes, self)
        self._elsewhere.signed_in.connect(self._finish)
        self._retry = QTimer(self)
        self._retry.setSingleShot(True)
        self._retry.setInterval(RETRY_MS)
        self._retry.timeout.connect(self._sign_in)

    @Slot()
    def ask(self) -> None:
        """Show the page that sends the person to her browser; in the demo it is done at once."""
        if self._way.is_automatic:
            self._sign_in()
            return
        host = urlsplit(self._origin).netloc
        page = SignInPage(
            host,
            has_work=self._window.inbox.model.total > 0,
            has_unsent=self._window.waiting.has_unsent,
        )
        page.export_requested.connect(self.export_requested)
        page.sign_in_requested.connect(self._sign_in)
        page.elsewhere_requested.connect(self._sign_in_elsewhere)
        page.cancelled.connect(self.cancel)
        page.work_offline_requested.connect(self._work_offline)
        self._window.show_gate(page)

    @Slot()
    def cancel(self) -> None:
        """End a sign-in under way; nothing was changed."""
        self._retry.stop()
        self._elsewhere.cancel()
        if self._ticket is not None:
            self._ticket.cancel()
            self._ticket = None

    @Slot()
    def _sign_in(self) -> None:
        self.cancel()
        way, lanes = self._way, self._lanes
        attempt: list[Ticket] = []

        def job(context: Context) -> ChangeSet:
            return syncing.sign_in(
                context,
                open_browser=lambda url: lanes.report(self._open_browser, url),
                login_hint=way.account,
                cancelled=lambda: any(ticket.is_cancelled for ticket in attempt),
            )

        self._ticket = lanes.network(job, owner=self, done=self._done, failed=self._failed)
        attempt.append(self._ticket)

    @Slot()
    def _sign_in_elsewhere(self) -> None:
        """The browser is waited for no more: its wait would hold up the question for a code."""
        self.cancel()
        page = self._window.gate()
        if isinstance(page, SignInPage):
            self._elsewhere.begin(page)

    @Slot()
    def _work_offline(self) -> None:
        """The wait for the browser would hold up everything else on the network's lane."""
        self.cancel()
        self._window.open_gate()
        self._tell(SyncState.SIGN_IN)

    def _tell(self, state: SyncState, message: str = "") -> None:
        """Tell how it stands, with what waits to be sent."""
        self._lanes.read(self, partial(syncing.standing, state=state, message=message), self.status.emit)

    def _open_browser(self, url: str) -> None:
        browser: Callable[[str], object] = self._way.browser
        if self._way.is_automatic:
            self._lanes.read(self, lambda _: browser(url), _ignore)
        elif browser(url) is False:
            self.cancel()
            page = self._window.gate()
            if isinstance(page, SignInPage):
                page.say_no_browser()

    def _done(self, _: ChangeSet) -> None:
        self._ticket = None
        self._finish()

    @Slot()
    def _finish(self) -> None:
        if isinstance(self._window.gate(), SignInPage):
            self._window.open_gate()
        self.signed_in.emit()

    def _failed(self, error: KnownError) -> None:
        self._ticket = None
        gate = self._window.gate()
        if isinstance(gate, SignInPage):
            gate.show_error(error)
            return
        is_offline = isinstance(error, Offline)
        if is_offline and self._way.is_automatic:
            self._retry.start()
        self._tell(SyncState.OFFLINE if is_offline else SyncState.SIGN_IN, error.title)


def _ignore(_: object) -> None:
    """What the browser answers is of no interest: the listener has the code."""
