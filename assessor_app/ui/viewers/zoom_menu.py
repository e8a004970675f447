"""The zoom behind one button, where the bar is short of room."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from assessor_app.ui.keys import KeyTable
from assessor_app.ui.plain_text import set_plain_tooltip

_CHOICES = (
    ("zoom.in", "zoom.out", "zoom.width", "zoom.height", "zoom.page", "zoom.actual"),
    ("rotate.right", "rotate.left", "view.tone"),
)
"""What is offered, set apart by a line."""


class ZoomMenuButton(QToolButton):
    """Shows the zoom and offers to change it.

    Args:
        table: words and keys.
        run: runs the command of an id.
        parent: Qt parent.
    """

    def __init__(self, table: KeyTable, run: Callable[[str], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._run = run
        self.setObjectName("zoom.menu")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        menu = QMenu(self)
        for number, group in enumerate(_CHOICES):
            if number:
                menu.addSeparator()
            for entry_id in group:
                choice = QAction(table.entry(entry_id).title, menu)
                choice.setData(entry_id)
                choice.triggered.connect(self._take)
                menu.addAction(choice)
        self.setMenu(menu)
        self.show_zoom("100 %")

    def show_zoom(self, words: str) -> None:
        """Show the zoom, such as "73 %"."""
        self.setText(words)
        name = self.tr("Zoom {percent}").format(percent=words)
        self.setAccessibleName(name)
        set_plain_tooltip(self, name)

    @Slot()
    def _take(self) -> None:
        sender = self.sender()
        if isinstance(sender, QAction):
            self._run(str(sender.data()))
