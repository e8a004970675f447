"""One account in the list: whose it is, how much of it is here alone, and what can be done with it."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from assessor_app.services.profiles import Listed
from assessor_app.ui.accounts.account_words import opened_words, role_words, title_of, unsent_words, whose
from assessor_app.ui.icons import dress, icon_label
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.theme import space


class AccountCard(QFrame):
    """Says what is known without opening the account."""

    open_requested = Signal(str, object)
    rename_requested = Signal(str)
    repair_requested = Signal(str)
    remove_requested = Signal(str)

    def __init__(
        self, line: Listed, now: datetime, *, is_open: bool = False, parent: QWidget | None = None
    ) -> None:
        """Build the card.

        Args:
            line: the account.
            now: the present, aware.
            is_open: whether its window is open.
            parent: Qt parent.
        """
        super().__init__(parent)
        self._line = line
        self._is_open = is_open
        self.setProperty("card", "warning" if line.profile is None else "accent" if is_open else "true")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        texts = QVBoxLayout()
        texts.setSpacing(space(self, 0.5))
        for text, role in self._texts(now):
            if text:
                texts.addWidget(plain_label(text, role, wraps=True))
        icon, tone = ("triangle-alert", "warning") if line.profile is None else ("users", "quiet")
        self.button = QPushButton(self)
        """What one does with it most of the time."""
        self.button.setAutoDefault(False)
        self.button.clicked.connect(self._act)
        row = QHBoxLayout(self)
        row.setContentsMargins(space(self, 4), space(self, 3), space(self, 3), space(self, 3))
        row.setSpacing(space(self, 3))
        row.addWidget(icon_label(icon, tone, factor=1.4), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._more(), 0, Qt.AlignmentFlag.AlignVCenter)
        self._word_button()

    def _title(self) -> str:
        line = self._line
        if line.profile is None:
            return self.tr("An account whose description is damaged")
        return title_of(line.profile, line.standing)

    def _texts(self, now: datetime) -> list[tuple[str, str]]:
        line = self._line
        unsent = unsent_words(line.standing, is_open=self._is_open)
        opened = opened_words(line, now, is_open=self._is_open)
        if line.profile is None:
            said = self.tr(
                "Its work is still here, encrypted. Say which platform and account it is, and it opens again."
            )
            return [(self._title(), "heading"), (said, "body"), (unsent, "caption"), (opened, "caption")]
        tone = "warning" if line.standing.unsent else "caption"
        return [
            (self._title(), "heading"),
            (whose(line.profile, line.standing), "body"),
            (unsent, tone),
            (opened, "caption"),
        ]

    def _word_button(self) -> None:
        if self._line.profile is None:
            words, spoken = self.tr("Set right…"), self.tr("Set the damaged account right")
        elif self._is_open:
            words, spoken = self.tr("Go on"), self.tr("Go on in {account}").format(account=self._title())
        else:
            words, spoken = self.tr("Open"), self.tr("Open {account}").format(account=self._title())
        self.button.setText(words)
        self.button.setAccessibleName(spoken)

    def _more(self) -> QPushButton:
        button = QPushButton(self)
        button.setProperty("kind", "quiet")
        button.setProperty("isBare", True)
        button.setAutoDefault(False)
        dress(button, "ellipsis", "quiet")
        words = self.tr("More for {account}").format(account=self._title())
        button.setAccessibleName(words)
        button.setToolTip(self.tr("More"))
        menu = QMenu(button)
        if self._line.profile is not None:
            menu.addAction(self._action(self.tr("Name…"), self._rename, menu))
            roles = self._line.standing.roles
            for role in roles if len(roles) > 1 else ():
                words = self.tr("Open as {role}").format(role=role_words(role))
                action = self._action(words, self._open_as, menu)
                action.setProperty("role", role.value)
                menu.addAction(action)
            menu.addSeparator()
        menu.addAction(self._action(self.tr("Remove from this computer…"), self._remove, menu))
        button.setMenu(menu)
        return button

    def _action(self, words: str, run: object, menu: QMenu) -> QAction:
        action = QAction(words, menu)
        action.triggered.connect(run)
        return action

    @Slot()
    def _act(self) -> None:
        if self._line.profile is None:
            self.repair_requested.emit(self._line.id)
        else:
            self.open_requested.emit(self._line.id, None)

    @Slot()
    def _open_as(self) -> None:
        sender = self.sender()
        if sender is not None:
            named = sender.property("role")
            role = next(role for role in self._line.standing.roles if role.value == named)
            self.open_requested.emit(self._line.id, role)

    @Slot()
    def _rename(self) -> None:
        self.rename_requested.emit(self._line.id)

    @Slot()
    def _remove(self) -> None:
        self.remove_requested.emit(self._line.id)
