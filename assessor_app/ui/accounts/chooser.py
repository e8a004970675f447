"""The list of accounts on this computer: open one, add one, name one, remove one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from assessor_app.domain.roles import Role
from assessor_app.errors import KnownError
from assessor_app.services.profiles import Listed
from assessor_app.ui.accounts.account_card import AccountCard
from assessor_app.ui.accounts.account_form import AccountForm, NameForm
from assessor_app.ui.icons import dress
from assessor_app.ui.plain_text import plain_label, set_role
from assessor_app.ui.screen_room import resize_within_screen
from assessor_app.ui.theme import space

_LEAST_UNITS = 70
"""As low as it is with one account or none."""


class AccountChooser(QDialog):
    """One card for each account. Where one is open, it stays open until another is."""

    open_requested = Signal(str, object)
    """Profile id, and the Role to open it in; None: as it was opened last."""
    add_requested = Signal(str, str, object)
    """Platform's address, account, Role."""
    repair_requested = Signal(str, str, str)
    """Profile id, platform's address, account: the description that was damaged."""
    rename_requested = Signal(str, str)
    """Profile id, and the person's own name for it; empty takes the name away."""
    remove_requested = Signal(str)
    closed = Signal()

    def __init__(self, *, fixed_origin: str | None = None, parent: QWidget | None = None) -> None:
        """Build the frame; `show_accounts` fills it.

        Args:
            fixed_origin: the only platform, where the manager of this computer has named one.
            parent: the window of the open account, if there is one.
        """
        super().__init__(parent)
        self._fixed_origin = fixed_origin
        self._lines: tuple[Listed, ...] = ()
        self.setWindowTitle(self.tr("Accounts on this computer"))
        self.setAccessibleName(self.tr("Accounts on this computer"))
        self._said = plain_label("", "danger", wraps=True)
        self._said.hide()
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._add = QPushButton(self.tr("Add another account…"), self)
        self._add.setAutoDefault(False)
        self._add.clicked.connect(self.ask_for_new)
        close = QPushButton(self.tr("Close"), self)
        close.setAutoDefault(False)
        close.clicked.connect(self.close)
        foot = QHBoxLayout()
        foot.addWidget(self._add)
        foot.addStretch(1)
        foot.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[space(self, 6)] * 4)
        layout.setSpacing(space(self, 3))
        layout.addWidget(plain_label(self.tr("Accounts on this computer"), "title", wraps=True))
        text = self.tr(
            "Each has its own work and its own key. Nothing of one is ever seen or sent in another."
        )
        layout.addWidget(plain_label(text, "quiet", wraps=True))
        layout.addWidget(self._said)
        layout.addWidget(self._area, 1)
        layout.addLayout(foot)
        resize_within_screen(self, space(self, 170), space(self, 150))

    def show_accounts(self, lines: Sequence[Listed], now: datetime, *, open_id: str = "") -> None:
        """Show these.

        Args:
            lines: the accounts, in their order.
            now: the present, aware.
            open_id: the one whose window is open; empty for none.
        """
        self._lines = tuple(lines)
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, space(self), 0)
        column.setSpacing(space(self, 2.5))
        first: AccountCard | None = None
        for line in lines:
            card = AccountCard(line, now, is_open=line.id == open_id, parent=page)
            card.open_requested.connect(self.open_requested)
            card.rename_requested.connect(self._ask_for_name)
            card.repair_requested.connect(self._ask_for_description)
            card.remove_requested.connect(self.remove_requested)
            column.addWidget(card)
            first = first or card
        if not lines:
            text = self.tr("There is none yet. Add the account that your platform has given you.")
            column.addWidget(plain_label(text, "body", wraps=True))
        column.addStretch(1)
        self._area.setWidget(page)
        self._add.setText(self.tr("Add another account…") if lines else self.tr("Add an account…"))
        self._add.setProperty("kind", "" if lines else "primary")
        dress(self._add, "log-in", "text" if lines else "on_accent")
        (self._add if first is None else first.button).setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def show_error(self, error: KnownError) -> None:
        """Say why an account did not open; the list stays."""
        self.say(f"{error.title}. {error.message} {error.next_step}".strip(), role="danger")

    def say(self, text: str, *, role: str = "quiet") -> None:
        """Say what has happened, above the list."""
        set_role(self._said, role)
        self._said.setText(text)
        self._said.setVisible(bool(text))

    def said(self) -> str:
        """What is said above the list."""
        return self._said.text() if self._said.isVisibleTo(self) else ""

    @Slot()
    def ask_for_new(self) -> None:
        """Ask which platform and account to add."""
        form = AccountForm(fixed_origin=self._fixed_origin, parent=self)
        form.given.connect(self._add_given)
        form.open()

    def showEvent(self, event: QShowEvent) -> None:
        """As high as the accounts are, where the screen is."""
        super().showEvent(event)
        page, layout = self._area.widget(), self.layout()
        column = page.layout() if page is not None else None
        if column is None or layout is None:
            return
        layout.activate()
        around = self.height() - self._area.viewport().height()
        wanted = around + column.totalHeightForWidth(self._area.viewport().width())
        resize_within_screen(self, self.width(), max(wanted, space(self, _LEAST_UNITS)))

    def done(self, result: int) -> None:
        """Tell whoever waits for a choice; Escape comes here alone, without closing anything."""
        super().done(result)
        self.closed.emit()

    @Slot(str, str, object)
    def _add_given(self, origin: str, account: str, role: Role) -> None:
        self._said.hide()
        self.add_requested.emit(origin, account, role)

    @Slot(str)
    def _ask_for_name(self, profile_id: str) -> None:
        line = self._line(profile_id)
        form = NameForm(line.standing.name, parent=self)
        form.setProperty("profile", profile_id)
        form.given.connect(self._name_given)
        form.open()

    @Slot(str)
    def _name_given(self, name: str) -> None:
        sender = self.sender()
        if sender is not None:
            self.rename_requested.emit(sender.property("profile"), name)

    @Slot(str)
    def _ask_for_description(self, profile_id: str) -> None:
        form = AccountForm(fixed_origin=self._fixed_origin, is_repair=True, parent=self)
        form.setProperty("profile", profile_id)
        form.given.connect(self._description_given)
        form.open()

    @Slot(str, str, object)
    def _description_given(self, origin: str, account: str, _: Role) -> None:
        sender = self.sender()
        if sender is not None:
            self.repair_requested.emit(sender.property("profile"), origin, account)

    def _line(self, profile_id: str) -> Listed:
        return next(line for line in self._lines if line.id == profile_id)
