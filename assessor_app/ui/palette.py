"""Find a command by typing a few letters of it; Enter does it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QDialog, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from assessor_app.ui.keys import KeyTable
from assessor_app.ui.screen_room import resize_within_screen
from assessor_app.ui.theme import space

ACTION_ROLE = Qt.ItemDataRole.UserRole


class CommandPalette(QDialog):
    """Lists the actions that can run now; those whose words start with the text come first."""

    def __init__(self, actions: Sequence[QAction], keys: KeyTable, parent: QWidget | None = None) -> None:
        """List `actions`; those that are disabled are left out."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Find a command"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._field = QLineEdit(self)
        self._field.setPlaceholderText(self.tr("What would you like to do?"))
        self._field.setAccessibleName(self.tr("Find a command"))
        self._list = QListWidget(self)
        self._list.setAccessibleName(self.tr("Commands"))
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._actions = [action for action in actions if action.isEnabled() and action.objectName()]
        self._keys = keys
        self._field.textChanged.connect(self._filter)
        self._field.returnPressed.connect(self._run)
        self._field.installEventFilter(self)
        self._list.itemClicked.connect(self._run)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[space(self, 3)] * 4)
        layout.addWidget(self._field)
        layout.addWidget(self._list)
        resize_within_screen(self, space(self, 120), space(self, 100))
        self._filter("")

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Up and Down move through the list while the keyboard stays in the field."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
            if step is not None and self._list.count():
                self._list.setCurrentRow((self._list.currentRow() + step) % self._list.count())
                return True
        return False

    @Slot(str)
    def _filter(self, text: str) -> None:
        wanted = text.strip().casefold()
        fitting = [a for a in self._actions if all(word in a.text().casefold() for word in wanted.split())]
        fitting.sort(key=lambda action: not action.text().casefold().startswith(wanted))
        self._list.clear()
        for action in fitting:
            shown = self._keys.shown(action.objectName())
            words = action.text().removesuffix("…")
            item = QListWidgetItem(f"{words}    {shown}" if shown else words)
            item.setData(ACTION_ROLE, action.objectName())
            self._list.addItem(item)
        self._list.setCurrentRow(0 if fitting else -1)

    @Slot()
    def _run(self) -> None:
        index = self._list.currentIndex()
        if not index.isValid():
            return
        name = index.data(ACTION_ROLE)
        self.accept()
        for action in self._actions:
            if action.objectName() == name:
                action.trigger()
                return
