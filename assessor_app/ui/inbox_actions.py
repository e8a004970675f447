"""What an assessor does with work in the inbox: take it, give it back, keep it longer; the list's menu."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPoint, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QBoxLayout, QMenu, QPushButton

from assessor_app.domain.inbox import InboxRow
from assessor_app.domain.roles import Role
from assessor_app.ui.inbox import Inbox
from assessor_app.ui.inbox_left import LeftNotice
from assessor_app.ui.keys import KeyTable


class InboxActions(QObject):
    """Adds its actions to the inbox, so that menus and palette find them."""

    claim_wanted = Signal()
    release_wanted = Signal(list)
    """Rows of the selected submissions."""
    renew_wanted = Signal(list)
    """Rows of the selected submissions."""
    trip_wanted = Signal()

    def __init__(self, inbox: Inbox, keys: KeyTable) -> None:
        """Add what the inbox's role may do.

        Args:
            inbox: where the actions act; owner.
            keys: words and keys.
        """
        super().__init__(inbox)
        self._inbox = inbox
        self._on_selection: tuple[QAction, ...] = ()
        column = inbox.layout()
        if isinstance(column, QBoxLayout):
            column.insertWidget(1, LeftNotice(inbox.model, inbox))
        if inbox.model.role is not Role.LEAD:
            inbox.addAction(keys.action("inbox.trip", inbox, self.trip_wanted.emit))
        if inbox.model.role is not Role.ASSESSOR:
            return
        claim = keys.action("inbox.claim", inbox, self.claim_wanted.emit)
        release = keys.action("inbox.release", inbox, self._release)
        renew = keys.action("inbox.renew", inbox, self._renew)
        self._on_selection = (renew, release)
        inbox.addActions([claim, release, renew])
        button = QPushButton(self.tr("Take work…"), inbox)
        button.setToolTip(keys.hint("inbox.claim"))
        button.clicked.connect(self.claim_wanted)
        inbox.add_button(button)
        inbox.list.selectionModel().selectionChanged.connect(self._look)
        inbox.list.customContextMenuRequested.connect(self._open_menu)
        self._look()

    def _selected(self) -> list[InboxRow]:
        ids = self._inbox.list.selected_ids()
        return [row for row in (self._inbox.model.known_row(key) for key in ids) if row is not None]

    @Slot()
    def _look(self) -> None:
        is_any = bool(self._inbox.list.selected_ids())
        for action in self._on_selection:
            action.setEnabled(is_any)

    @Slot()
    def _release(self) -> None:
        rows = self._selected()
        if rows:
            self.release_wanted.emit(rows)

    @Slot()
    def _renew(self) -> None:
        rows = self._selected()
        if rows:
            self.renew_wanted.emit(rows)

    @Slot(QPoint)
    def _open_menu(self, place: QPoint) -> None:
        if not self._inbox.list.selected_ids():
            return
        menu = QMenu(self._inbox.list)
        menu.addActions(self._on_selection)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self._inbox.list.viewport().mapToGlobal(place))
