"""The window of the comments one uses often, over whatever is shown."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Slot

from assessor_app.ui.main_window import MainWindow
from assessor_app.ui.scoring.bank.manage import ManageComments
from assessor_app.ui.tasks import Lanes


class CommentBank(QObject):
    """Opens it, for one unlocked stretch."""

    def __init__(self, window: MainWindow, lanes: Lanes, parent: QObject | None = None) -> None:
        """Listen to the menu."""
        super().__init__(parent)
        self._window, self._lanes = window, lanes
        window.menus.on("bank.manage", self._show)

    @Slot()
    def _show(self) -> None:
        flush = getattr(self._window.workspace(), "flush", None)
        if callable(flush):
            flush()
        dialog = ManageComments(self._lanes, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
