"""The page that asks for the passphrase or the recovery code before anything is shown."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QWidget

from assessor_app.errors import KnownError
from assessor_app.ui.gate import GatePage, field_with_label
from assessor_app.ui.plain_text import plain_label


class UnlockPage(GatePage):
    """One field. A wrong passphrase says that the work is safe; the field keeps what was typed."""

    passphrase_given = Signal(str)
    recovery_code_given = Signal(str)

    def __init__(
        self, parent: QWidget | None = None, *, has_recovery_code: bool = False, has_passphrase: bool = True
    ) -> None:
        """Build the page.

        Args:
            parent: Qt parent.
            has_recovery_code: whether a printed recovery code opens the profile as well.
            has_passphrase: whether there is a passphrase at all; otherwise only the code is asked for.
        """
        super().__init__(
            "lock",
            self.tr("Unlock your work"),
            self.tr("Your work on this computer is encrypted. What you type here stays on this computer."),
            parent,
        )
        self._by_code = False
        self._field = QLineEdit(self)
        self._field.setEchoMode(QLineEdit.EchoMode.Password)
        self._field.returnPressed.connect(self._give)
        self._field.textChanged.connect(self._refresh)
        self._label = plain_label(self.tr("Passphrase"), "caption-strong")
        self._unlock = QPushButton(self.tr("Unlock"), self)
        self._unlock.setProperty("kind", "primary")
        self._unlock.clicked.connect(self._give)
        self._other = QPushButton(self.tr("Use the recovery code"), self)
        self._other.setProperty("kind", "quiet")
        self._other.clicked.connect(self._swap)
        self._other.setVisible(has_recovery_code)
        self.body.addLayout(field_with_label(self._label, self._field))
        row = QHBoxLayout()
        row.addWidget(self._unlock)
        row.addWidget(self._other)
        row.addStretch(1)
        self.body.addLayout(row)
        self._field.setAccessibleName(self.tr("Passphrase"))
        self._refresh()
        self.setFocusProxy(self._field)
        if not has_passphrase:
            self._swap()
            self._other.hide()

    def show_busy(self, busy: bool) -> None:
        """Say that the passphrase is being tried; it takes most of a second on purpose."""
        for widget in (self._field, self._unlock, self._other):
            widget.setEnabled(not busy)
        if busy:
            self.say(self.tr("Unlocking…"), role="quiet")
        else:
            self._refresh()

    @Slot(object)
    def show_error(self, error: KnownError) -> None:
        """Say why it did not open; the field is ready for another try."""
        self.show_busy(False)
        self.say(f"{error.title}. {error.message} {error.next_step}".strip())
        self._field.selectAll()
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _give(self) -> None:
        text = self._field.text()
        if text:
            self.say("")
            (self.recovery_code_given if self._by_code else self.passphrase_given).emit(text)

    @Slot()
    def _swap(self) -> None:
        self._by_code = not self._by_code
        name = self.tr("Recovery code") if self._by_code else self.tr("Passphrase")
        self._label.setText(name)
        self._field.setAccessibleName(name)
        self._other.setText(
            self.tr("Use the passphrase") if self._by_code else self.tr("Use the recovery code")
        )
        mode = QLineEdit.EchoMode.Normal if self._by_code else QLineEdit.EchoMode.Password
        self._field.setEchoMode(mode)
        self._field.clear()
        self._field.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _refresh(self) -> None:
        self._unlock.setEnabled(bool(self._field.text()))
