"""The page that sends the person to the platform's sign-in in her browser, and waits for her."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QProgressBar, QPushButton, QWidget

from assessor_app.errors import KnownError
from assessor_app.ui.gate import GatePage
from assessor_app.ui.icons import dress


class SignInPage(GatePage):
    """One button; while waiting, a way back. Passwords are never typed into this program."""

    sign_in_requested = Signal()
    cancelled = Signal()
    work_offline_requested = Signal()
    export_requested = Signal()

    def __init__(
        self,
        platform_host: str,
        parent: QWidget | None = None,
        *,
        has_work: bool = False,
        has_unsent: bool = False,
    ) -> None:
        """Build the page.

        Args:
            platform_host: where she signs in, such as "assess.example.org".
            parent: Qt parent.
            has_work: whether there is work on this device that can go on without the platform.
            has_unsent: whether something waits to be sent, which can leave as a file as well.
        """
        super().__init__(
            "log-in",
            self.tr("Sign in"),
            self.tr("Your browser opens {host}. Your password is typed there, never here.").format(
                host=platform_host
            ),
            parent,
        )
        self._button = QPushButton(self.tr("Sign in with your browser"), self)
        self._button.setProperty("kind", "primary")
        dress(self._button, "external-link", "on_accent")
        self._cancel = QPushButton(self.tr("Cancel"), self)
        self._offline = QPushButton(self.tr("Work offline"), self)
        self._offline.setVisible(has_work)
        self._export = QPushButton(self.tr("Export unsent work…"), self)
        self._export.setVisible(has_unsent)
        self._busy = QProgressBar(self)
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._busy.setAccessibleName(self.tr("Waiting for your browser"))
        self.body.addWidget(self._busy)
        for button in (self._button, self._cancel, self._offline, self._export):
            self.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        self._button.clicked.connect(self._start)
        self._cancel.clicked.connect(self._stop)
        self._offline.clicked.connect(self.work_offline_requested)
        self._export.clicked.connect(self.export_requested)
        self._show_waiting(False)
        self.setFocusProxy(self._button)

    @Slot(object)
    def show_error(self, error: KnownError) -> None:
        """Say why signing in did not work; the button is there for another try."""
        self._show_waiting(False)
        self.say(f"{error.title}. {error.message} {error.next_step}".strip())

    @Slot()
    def _start(self) -> None:
        self._show_waiting(True)
        self.say(self.tr("Go on in your browser, then come back here."), role="quiet")
        self.sign_in_requested.emit()

    @Slot()
    def _stop(self) -> None:
        self._show_waiting(False)
        self.say("")
        self.cancelled.emit()

    def _show_waiting(self, waiting: bool) -> None:
        self._busy.setVisible(waiting)
        self._cancel.setVisible(waiting)
        self._button.setVisible(not waiting)
