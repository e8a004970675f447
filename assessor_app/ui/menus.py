"""The menu bar, made from the key table: the window's own actions, and those of the page shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu, QWidget

from assessor_app.ui.keys import MENU_TITLES, Context, KeyTable, Menu, words


class Menus(QObject):
    """Keeps one place for each entry; what the page shown does not offer is there but greyed out."""

    opening = Signal()
    """A menu is about to be shown; the page may have made new actions since, or show another part."""

    def __init__(self, window: QMainWindow, keys: KeyTable) -> None:
        """Make the window's own actions (those that act everywhere) and fill the menu bar."""
        super().__init__(window)
        self._window, self._keys = window, keys
        self._own: dict[str, QAction] = {}
        self._absent: dict[str, QAction] = {}
        self._shown: Mapping[str, QAction] = {}
        for entry in keys:
            if entry.context is Context.APP:
                scope = Qt.ShortcutContext.WindowShortcut
                action = keys.action(entry.id, window, scope=scope)
                window.addAction(action)
                self._own[entry.id] = action
            elif entry.menu is not Menu.NONE:
                placeholder = QAction(entry.title, window)
                placeholder.setEnabled(False)
                self._absent[entry.id] = placeholder
        self._menus = {menu: QMenu(words(title), window) for menu, title in MENU_TITLES.items()}
        for qt_menu in self._menus.values():
            window.menuBar().addMenu(qt_menu)
            qt_menu.aboutToShow.connect(self.opening)

    def own(self, entry_id: str) -> QAction:
        """An action of the window itself.

        Raises:
            KeyError: the entry belongs to a page, or is unknown.
        """
        return self._own[entry_id]

    def on(self, entry_id: str, run: Callable[[], object]) -> None:
        """Have one of the window's own actions run a bound method."""
        self._own[entry_id].triggered.connect(run)

    def available(self) -> list[QAction]:
        """Everything that can be done now, for the palette."""
        return [*self._shown.values(), *self._own.values()]

    def show_actions_of(self, page: QWidget | None) -> None:
        """Fill the menus with the window's actions and those of `page`, found by their object names."""
        ids = {entry.id for entry in self._keys}
        found = (
            {} if page is None else {a.objectName(): a for a in _actions_of(page) if a.objectName() in ids}
        )
        if found == self._shown and any(menu.actions() for menu in self._menus.values()):
            return
        self._shown = found
        for menu, qt_menu in self._menus.items():
            _empty(qt_menu)
            self._fill(menu, qt_menu)

    def _fill(self, menu: Menu, qt_menu: QMenu) -> None:
        group: int | None = None
        has_any = False
        for entry in self._keys:
            if entry.menu is not menu:
                continue
            action = self._own.get(entry.id) or self._shown.get(entry.id) or self._absent[entry.id]
            if group is not None and entry.group != group:
                qt_menu.addSeparator()
            group = entry.group
            qt_menu.addAction(action)
            has_any = has_any or action.isEnabled()
        qt_menu.menuAction().setVisible(has_any)


def _empty(menu: QMenu) -> None:
    """Take everything out of a menu; `clear` would destroy the actions that belong to a page."""
    for action in menu.actions():
        menu.removeAction(action)
        if action.isSeparator():
            action.deleteLater()


def _actions_of(page: QWidget) -> list[QAction]:
    """All of them; of several with one name that of the part in front comes last, as it was raised last."""
    return page.findChildren(QAction)
