"""Colours and text size in the menu: what is chosen there goes to the theme, what is in force is marked."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from assessor_app.ui.menus import Menus
from assessor_app.ui.theme import Scheme, Theme


class LookMenu(QObject):
    """Connects the window's own actions for its look."""

    def __init__(self, menus: Menus, theme: Theme, parent: QObject) -> None:
        """Listen to the actions and to the theme."""
        super().__init__(parent)
        self._menus, self._theme = menus, theme
        menus.on("text.larger", self._larger)
        menus.on("text.smaller", self._smaller)
        menus.on("text.normal", self._normal_size)
        for scheme in Scheme:
            action = menus.own(f"theme.{scheme}")
            action.setProperty("scheme", str(scheme))
            action.triggered.connect(self._choose_scheme)
        theme.changed.connect(self._mark_scheme)
        self._mark_scheme()

    @Slot()
    def _larger(self) -> None:
        self._theme.grow(+1)

    @Slot()
    def _smaller(self) -> None:
        self._theme.grow(-1)

    @Slot()
    def _normal_size(self) -> None:
        self._theme.grow(0)

    @Slot()
    def _choose_scheme(self) -> None:
        sender = self.sender()
        if sender is not None:
            self._theme.apply(Scheme(sender.property("scheme")))
            self._mark_scheme()

    @Slot()
    def _mark_scheme(self) -> None:
        for scheme in Scheme:
            self._menus.own(f"theme.{scheme}").setChecked(scheme is self._theme.scheme)
