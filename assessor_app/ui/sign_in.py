"""The page that sends the person to the platform's sign-in, here or on another device, and waits for her."""

from __future__ import annotations

from enum import Enum, auto

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QProgressBar, QPushButton, QWidget

from assessor_app.errors import KnownError
from assessor_app.ui.device_code import DeviceCodePanel
from assessor_app.ui.gate import GatePage
from assessor_app.ui.icons import dress
from assessor_app.ui.plain_text import plain_label, restyle

PATIENCE_MS = 60_000
"""Until the other way is offered to somebody whose browser does not answer."""


class _Now(Enum):
    START = auto()
    BROWSER = auto()
    ASKING = auto()
    CODE = auto()
    ENDED = auto()


class SignInPage(GatePage):
    """Two ways; while waiting, a way back. Passwords are never typed into this program."""

    sign_in_requested = Signal()
    elsewhere_requested = Signal()
    """A code for a sign-in on another device is wanted: the first, or a new one."""
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
            has_work: whether there is work on this computer that can go on without the platform.
            has_unsent: whether something waits to be sent, which can leave as a file as well.
        """
        super().__init__("log-in", self.tr("Sign in"), "", parent)
        self._host = platform_host
        self._button = QPushButton(self.tr("Sign in with your browser"), self)
        self._button.setProperty("kind", "primary")
        dress(self._button, "external-link", "on_accent")
        self._new_code = QPushButton(self.tr("New code"), self)
        self._new_code.setProperty("kind", "primary")
        dress(self._new_code, "refresh-cw", "on_accent")
        self._elsewhere = QPushButton(self.tr("Sign in on another device"), self)
        self._cancel = QPushButton(self.tr("Cancel"), self)
        self._offline = QPushButton(self.tr("Work offline"), self)
        self._offline.setVisible(has_work)
        self._export = QPushButton(self.tr("Export unsent work…"), self)
        self._export.setVisible(has_unsent)
        self._busy = QProgressBar(self)
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._code = DeviceCodePanel(self)
        self.body.addWidget(self._code)
        self.body.addWidget(self._busy)
        for button in (
            *(self._new_code, self._button, self._elsewhere),
            *(self._cancel, self._offline, self._export),
        ):
            self.body.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        leaves = plain_label(
            self.tr("What waits to be sent leaves by itself once you are signed in."), "caption", wraps=True
        )
        leaves.setVisible(has_unsent)
        self.body.addWidget(leaves)
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self.offer_elsewhere)
        self._button.clicked.connect(self._start)
        self._new_code.clicked.connect(self._start_elsewhere)
        self._elsewhere.clicked.connect(self._start_elsewhere)
        self._cancel.clicked.connect(self._stop)
        self._offline.clicked.connect(self.work_offline_requested)
        self._export.clicked.connect(self.export_requested)
        self._code.ended.connect(self._code_ran_out)
        self._show(_Now.START)
        self.setFocusProxy(self._button)

    # ---- what comes in ----

    @Slot(object)
    def show_error(self, error: KnownError) -> None:
        """Say why signing in did not work; the buttons are there for another try."""
        self._show(_Now.START)
        self.say(f"{error.title}. {error.message} {error.next_step}".strip())

    @Slot()
    def offer_elsewhere(self) -> None:
        """Offer the other way to somebody whose browser does not answer; waiting goes on."""
        if self._busy.isHidden():
            return
        self._elsewhere.show()
        self.say(
            self.tr(
                "Nothing has come back from your browser yet. You can go on waiting, or sign in on another "
                "device, such as your phone."
            ),
            role="quiet",
        )

    @Slot()
    def say_no_browser(self) -> None:
        """Say that no browser could be opened, and offer the other way."""
        self._show(_Now.START)
        self.say(self.tr("No browser could be opened on this computer. Sign in on another device instead."))
        self._elsewhere.setFocus()

    def show_code(self, code: str, address: str, address_with_code: str, lives_s: int) -> None:
        """Show a code for a sign-in on another device.

        Args:
            code: what to type there.
            address: where.
            address_with_code: the same with the code in it, for the button that copies.
            lives_s: for how many seconds it is good.
        """
        self._show(_Now.CODE)
        self.say("")
        self._code.show_code(code, address, address_with_code, lives_s)

    def show_reached(self, is_reached: bool) -> None:
        """Say whether the platform can be reached while a code waits."""
        self._code.show_reached(is_reached)

    @Slot()
    def show_code_ended(self) -> None:
        """Say that the code is of no use any more; a new one is one press away."""
        self._show(_Now.ENDED)
        self.say(self.tr("The time of this code is over. Nothing was changed."), role="quiet")
        self._new_code.setFocus()

    # ---- what the person does ----

    @Slot()
    def _start(self) -> None:
        self._show(_Now.BROWSER)
        self._patience.start()
        self.say(self.tr("Go on in your browser, then come back here."), role="quiet")
        self.sign_in_requested.emit()

    @Slot()
    def _start_elsewhere(self) -> None:
        self._show(_Now.ASKING)
        self.say(self.tr("Asking the platform for a code…"), role="quiet")
        self.elsewhere_requested.emit()

    @Slot()
    def _stop(self) -> None:
        self._show(_Now.START)
        self.say("")
        self.cancelled.emit()

    @Slot()
    def _code_ran_out(self) -> None:
        self.show_code_ended()
        self.cancelled.emit()

    def _show(self, now: _Now) -> None:
        self._patience.stop()
        is_code = now in (_Now.CODE, _Now.ENDED, _Now.ASKING)
        self._busy.setVisible(now in (_Now.BROWSER, _Now.ASKING))
        self._busy.setAccessibleName(
            self.tr("Waiting for the platform") if is_code else self.tr("Waiting for your browser")
        )
        self._code.setVisible(now is _Now.CODE)
        if now is not _Now.CODE:
            self._code.stop()
        self._button.setVisible(now in (_Now.START, _Now.ENDED))
        self._button.setProperty("kind", "primary" if now is _Now.START else "")
        restyle(self._button)
        dress(self._button, "external-link", "on_accent" if now is _Now.START else "text")
        self._new_code.setVisible(now is _Now.ENDED)
        self._elsewhere.setVisible(now is _Now.START)
        self._cancel.setVisible(now in (_Now.BROWSER, _Now.CODE, _Now.ASKING))
        if is_code:
            text = self.tr(
                "Use any device with a browser, such as your phone. Your password is typed there, never here."
            )
        else:
            text = self.tr("Your browser opens {host}. Your password is typed there, never here.").format(
                host=self._host
            )
        self.text.setText(text)
