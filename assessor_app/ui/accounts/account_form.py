"""The two small questions about an account: which one it is, and what the person calls it."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from assessor_app.domain.roles import Role
from assessor_app.services.profiles import LONGEST_NAME
from assessor_app.ui.accounts.account_words import role_words
from assessor_app.ui.fitted_dialog import FittedDialog
from assessor_app.ui.gate import field_with_label
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.theme import space

LONGEST_ADDRESS = 300
LONGEST_ACCOUNT = 200
FIRST_ROLES = (Role.ASSESSOR, Role.PREASSESSOR, Role.APPROVER, Role.LEAD)


class AccountForm(FittedDialog):
    """Platform, account and role of an account to add, or of one whose description is damaged."""

    given = Signal(str, str, object)
    """Address, account, Role."""

    def __init__(
        self, *, fixed_origin: str | None = None, is_repair: bool = False, parent: QWidget | None = None
    ) -> None:
        """Build the form.

        Args:
            fixed_origin: the only platform, where the manager of this computer has named one.
            is_repair: for an account that is here already, and is to be described anew.
            parent: the list of accounts.
        """
        super().__init__(parent)
        title = self.tr("Which account is it?") if is_repair else self.tr("Add an account")
        self.setWindowTitle(title)
        self.setModal(True)
        self._address = QLineEdit(self)
        self._address.setMaxLength(LONGEST_ADDRESS)
        self._address.setPlaceholderText("https://assess.example.org")
        self._account = QLineEdit(self)
        self._account.setMaxLength(LONGEST_ACCOUNT)
        self.role = QComboBox(self)
        for role in FIRST_ROLES:
            self.role.addItem(role_words(role), role)
        self._ok = QPushButton(self.tr("Set right") if is_repair else self.tr("Add and open"), self)
        self._ok.setProperty("kind", "primary")
        self._ok.setDefault(True)
        cancel = QPushButton(self.tr("Cancel"), self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[space(self, 6)] * 4)
        layout.setSpacing(space(self, 3))
        layout.addWidget(plain_label(title, "title", wraps=True))
        self._field(layout, self.tr("Address of the platform"), self._address)
        if fixed_origin is not None:
            self._address.setText(fixed_origin)
            self._address.setReadOnly(True)
            note = self.tr("Set by the organisation that manages this computer.")
            layout.addWidget(plain_label(note, "caption", wraps=True))
            self._address.setAccessibleDescription(note)
        self._field(layout, self.tr("Account"), self._account)
        note = self.tr(
            "The name that you sign in with. Your password is asked for by the platform, never here."
        )
        layout.addWidget(plain_label(note, "caption", wraps=True))
        if not is_repair:
            self._field(layout, self.tr("Work as"), self.role)
        self.role.setVisible(not is_repair)
        layout.addLayout(self._buttons(cancel))
        self.setMinimumWidth(space(self, 110))
        self._address.textChanged.connect(self._look)
        self._account.textChanged.connect(self._look)
        self._ok.clicked.connect(self._give)
        cancel.clicked.connect(self.reject)
        (self._account if fixed_origin else self._address).setFocus()
        self._look()

    def fill(self, address: str, account: str) -> None:
        """Put words into the fields, as if typed."""
        if not self._address.isReadOnly():
            self._address.setText(address)
        self._account.setText(account)

    def _field(self, layout: QVBoxLayout, words: str, field: QWidget) -> None:
        label: QLabel = plain_label(words, "caption-strong")
        field.setAccessibleName(words)
        layout.addLayout(field_with_label(label, field))

    def _buttons(self, cancel: QPushButton) -> QHBoxLayout:
        buttons = QHBoxLayout()
        buttons.setSpacing(space(self))
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(self._ok)
        return buttons

    @Slot()
    def _look(self) -> None:
        self._ok.setEnabled(bool(self._address.text().strip() and self._account.text().strip()))

    @Slot()
    def _give(self) -> None:
        address = self._address.text().strip()
        if "://" not in address:
            address = f"https://{address}"
        self.given.emit(address, self._account.text().strip(), self.role.currentData())
        self.accept()


class NameForm(FittedDialog):
    """The person's own name for an account."""

    given = Signal(str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Build the form with the present name."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Name of the account"))
        self.setModal(True)
        self._name = QLineEdit(self)
        self._name.setMaxLength(LONGEST_NAME)
        self._name.setText(name)
        self._name.setAccessibleName(self.tr("Name of the account"))
        ok, cancel = QPushButton(self.tr("Keep"), self), QPushButton(self.tr("Cancel"), self)
        ok.setProperty("kind", "primary")
        ok.setDefault(True)
        ok.clicked.connect(self._give)
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(space(self))
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(ok)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[space(self, 6)] * 4)
        layout.setSpacing(space(self, 3))
        layout.addWidget(plain_label(self.tr("Name of the account"), "title", wraps=True))
        note = self.tr("Shown on this computer alone. Leave it empty to show the platform's address.")
        layout.addWidget(plain_label(note, "quiet", wraps=True))
        layout.addWidget(self._name)
        layout.addLayout(buttons)
        self.setMinimumWidth(space(self, 110))
        self._name.selectAll()
        self._name.setFocus()

    @Slot()
    def _give(self) -> None:
        self.given.emit(self._name.text())
        self.accept()
