"""Which account is open: one click lists the others, the second changes over."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from assessor_app.ui.icons import dress
from assessor_app.ui.plain_text import one_line, set_plain_tooltip
from assessor_app.ui.theme import space

WIDTH = 42
"""As wide as the places above it, in quarters of a line."""


class AccountButton(QPushButton):
    """Hidden where there is one account alone: then there is nothing to mistake it for."""

    account_chosen = Signal(str)
    """Profile id."""
    list_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start hidden."""
        super().__init__(parent)
        self._title = ""
        self._is_compact = False
        self.setProperty("kind", "nav")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        dress(self, "users", "quiet")
        self._menu = QMenu(self)
        self.setMenu(self._menu)
        self.hide()

    def show_accounts(self, title: str, others: Sequence[tuple[str, str]]) -> None:
        """Say which account is open.

        Args:
            title: what it is called.
            others: (profile id, title) of those that it can be changed for; empty hides the button.
        """
        self._title = one_line(title)
        self._menu.clear()
        for profile_id, other in others:
            action = QAction(one_line(other).replace("&", "&&"), self._menu)
            action.setData(profile_id)
            action.triggered.connect(self._choose)
            self._menu.addAction(action)
        self._menu.addSeparator()
        whole_list = QAction(self.tr("All accounts on this computer…"), self._menu)
        whole_list.triggered.connect(self.list_requested)
        self._menu.addAction(whole_list)
        self.setVisible(bool(others))
        self.setAccessibleName(self.tr("Change the account: {account}").format(account=self._title))
        set_plain_tooltip(self, self.tr("Open now: {account}").format(account=self._title))
        self._word()

    def set_compact(self, compact: bool) -> None:
        """Show the icon alone, or with the account's title."""
        self._is_compact = compact
        self._word()

    def _word(self) -> None:
        room = space(self, WIDTH - 14)
        fitted = self.fontMetrics().elidedText(self._title, Qt.TextElideMode.ElideRight, room)
        self.setText("" if self._is_compact else fitted.replace("&", "&&"))
        self.setMinimumSize(QSize(0 if self._is_compact else space(self, WIDTH), space(self, 8)))

    @Slot()
    def _choose(self) -> None:
        sender = self.sender()
        if isinstance(sender, QAction):
            self.account_chosen.emit(sender.data())
