"""Setting up the key of a profile: choosing a passphrase, and the recovery code to keep on paper."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLineEdit, QPushButton, QWidget

from assessor_app.errors import KnownError
from assessor_app.ui.gate import GatePage, field_with_label
from assessor_app.ui.plain_text import plain_label

LEAST_CHARACTERS = 10
GROUPS_IN_LINE = 5


class NewPassphrasePage(GatePage):
    """Asks for a new passphrase twice, so that a slip of the finger locks nobody out."""

    passphrase_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, replaces_lost: bool = False) -> None:
        """Build the page.

        Args:
            parent: Qt parent.
            replaces_lost: whether the profile was opened by its recovery code and needs another one.
        """
        text = self.tr(
            "This computer has no key store that can be trusted, so a passphrase protects your work. "
            "You type it at each start. It stays on this computer."
        )
        if replaces_lost:
            text = self.tr("The recovery code has opened your work. Choose a passphrase for the next start.")
        super().__init__("lock", self.tr("Choose a passphrase"), text, parent)
        self._first = self._field(self.tr("New passphrase"))
        self._second = self._field(self.tr("The same passphrase again"))
        self._set = QPushButton(self.tr("Set the passphrase"), self)
        self._set.setProperty("kind", "primary")
        self._set.clicked.connect(self._give)
        hint = self.tr("At least {number} characters. A few words that only you would put together are good.")
        self.body.addWidget(plain_label(hint.format(number=LEAST_CHARACTERS), "caption", wraps=True))
        row = QHBoxLayout()
        row.addWidget(self._set)
        row.addStretch(1)
        self.body.addLayout(row)
        self._refresh()
        self.setFocusProxy(self._first)

    def show_busy(self, busy: bool) -> None:
        """Say that the key is being made; it takes most of a second on purpose."""
        for widget in (self._first, self._second, self._set):
            widget.setEnabled(not busy)
        self.say(self.tr("Setting up…") if busy else "", role="quiet")

    @Slot(object)
    def show_error(self, error: KnownError) -> None:
        """Say why it could not be set; the fields keep what was typed."""
        self.show_busy(False)
        self.say(f"{error.title}. {error.message} {error.next_step}".strip())

    def _field(self, name: str) -> QLineEdit:
        field = QLineEdit(self)
        field.setEchoMode(QLineEdit.EchoMode.Password)
        field.setAccessibleName(name)
        field.returnPressed.connect(self._give)
        field.textChanged.connect(self._refresh)
        self.body.addLayout(field_with_label(plain_label(name, "caption-strong"), field))
        return field

    @Slot()
    def _give(self) -> None:
        first, second = self._first.text(), self._second.text()
        if len(first) < LEAST_CHARACTERS:
            self.say(self.tr("This passphrase is too short."))
            self._first.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not second:
            self._second.setFocus(Qt.FocusReason.OtherFocusReason)
        elif first != second:
            self.say(self.tr("The two are not the same. Type the passphrase again."))
            self._second.selectAll()
            self._second.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.say("")
            self.passphrase_chosen.emit(first)

    @Slot()
    def _refresh(self) -> None:
        self._set.setEnabled(bool(self._first.text() and self._second.text()))


class RecoveryCodePage(GatePage):
    """Shows the recovery code once, and what losing it would mean."""

    kept = Signal()
    """The person says that she has the code on paper."""

    def __init__(self, code: str, parent: QWidget | None = None, *, has_passphrase: bool = True) -> None:
        """Build the page.

        Args:
            code: 14 groups of four, with hyphens between.
            parent: Qt parent.
            has_passphrase: whether a passphrase opens this profile; otherwise the computer's key store does.
        """
        both = self.tr("If you lose both the passphrase and this code")
        if not has_passphrase:
            both = self.tr("If this computer's key store is lost and this code as well")
        what = self.tr(
            "nobody can open the work on this computer again: not your IT department, and not the platform. "
            "What you have sent is safe there."
        )
        super().__init__(
            "lock",
            self.tr("Write down your recovery code"),
            self.tr("It opens your work when nothing else does. Keep it on paper, away from this computer."),
            parent,
        )
        groups = code.split("-")
        lines = [groups[at : at + GROUPS_IN_LINE] for at in range(0, len(groups), GROUPS_IN_LINE)]
        self._code = plain_label("\n".join("  ".join(line) for line in lines), "title")
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        self._code.setFont(font)
        self._code.setAccessibleName(self.tr("Recovery code: {code}").format(code=" ".join(groups)))
        self._code.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.body.addWidget(self._code)
        self.body.addWidget(plain_label(f"{both}, {what}", "strong", wraps=True))
        self._check = QCheckBox(self.tr("I have the code on paper"), self)
        self._next = QPushButton(self.tr("Continue"), self)
        self._next.setProperty("kind", "primary")
        self._next.setEnabled(False)
        self._check.toggled.connect(self._next.setEnabled)
        self._next.clicked.connect(self.kept)
        self.body.addWidget(self._check)
        row = QHBoxLayout()
        row.addWidget(self._next)
        row.addStretch(1)
        self.body.addLayout(row)
        self.setFocusProxy(self._check)

    def code_text(self) -> str:
        """The code as it stands on the page."""
        return self._code.text()
