"""The short code of a sign-in on another device: what to open there, what to type, how long it is good."""

from __future__ import annotations

from PySide6.QtCore import QDeadlineTimer, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from assessor_app.ui.announce import announce
from assessor_app.ui.plain_text import card, plain_label
from assessor_app.ui.theme import space

TICK_MS = 1000
BREAK_HERE = "\u200b"


class DeviceCodePanel(QWidget):
    """Two steps in large letters, and what is waited for."""

    ended = Signal()
    """The time of the code is over."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build it without a code."""
        super().__init__(parent)
        self._to_copy = ""
        self._until = QDeadlineTimer()
        self._address = plain_label("", "strong", wraps=True)
        self._copy = QPushButton(self.tr("Copy address"), self)
        self._copy.setProperty("kind", "quiet")
        self._code = plain_label("", "code")
        self._code.setAlignment(Qt.AlignmentFlag.AlignCenter)
        frame = card("accent", self)
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(*[space(self, 4)] * 4)
        inside.addWidget(self._code)
        busy = QProgressBar(self)
        busy.setRange(0, 0)
        busy.setTextVisible(False)
        busy.setAccessibleName(self.tr("Waiting for you to confirm there"))
        self._waiting = plain_label("", "quiet", wraps=True)
        self._left = plain_label("", "caption", wraps=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(self, 2))
        column.addWidget(plain_label(self.tr("1. Open this address there:"), "body", wraps=True))
        row = QHBoxLayout()
        row.setSpacing(space(self, 2))
        row.addWidget(self._address, 1)
        row.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        column.addWidget(plain_label(self.tr("2. Type this code and confirm:"), "body", wraps=True))
        for widget in (frame, busy, self._waiting, self._left):
            column.addWidget(widget)
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._copy.clicked.connect(self._copy_address)

    def show_code(self, code: str, address: str, address_with_code: str, lives_s: int) -> None:
        """Show a code and begin to count down.

        Args:
            code: what to type.
            address: where.
            address_with_code: what the button copies.
            lives_s: for how many seconds it is good.
        """
        self._to_copy = address_with_code
        self._address.setText(address.replace("/", "/" + BREAK_HERE).replace(".", "." + BREAK_HERE))
        self._address.setAccessibleName(address)
        self._code.setText(code)
        # Letter by letter; as a word nobody could type it.
        self._code.setAccessibleName(self.tr("Code: {letters}").format(letters=" ".join(code)))
        self._copy.setText(self.tr("Copy address"))
        self._until = QDeadlineTimer(lives_s * 1000)
        self.show_reached(True)
        self._tick()
        self._timer.start()
        announce(self, self._code.accessibleName())

    def stop(self) -> None:
        """Count no more."""
        self._timer.stop()

    def show_reached(self, is_reached: bool) -> None:
        """Say what is waited for: the person, or first of all the connection."""
        before = self._waiting.text()
        if is_reached:
            text = self.tr("Waiting for you to confirm there. This page goes on by itself.")
        else:
            text = self.tr(
                "The platform cannot be reached just now. Confirm there all the same: the workstation goes "
                "on asking, and your work is safe on this computer."
            )
        self._waiting.setText(text)
        if before and before != text:
            announce(self, text)

    @Slot()
    def _tick(self) -> None:
        left_s = self._until.remainingTime() // 1000
        minutes, seconds = divmod(max(0, left_s), 60)
        self._left.setText(
            self.tr("Good for another {minutes}:{seconds:02d}.").format(minutes=minutes, seconds=seconds)
        )
        if self._until.hasExpired():
            self._timer.stop()
            self.ended.emit()

    @Slot()
    def _copy_address(self) -> None:
        QGuiApplication.clipboard().setText(self._to_copy)
        self._copy.setText(self.tr("Copied"))
        announce(self, self.tr("The address is copied."))
