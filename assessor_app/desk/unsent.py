"""Unsent work as files, for one unlocked stretch: connects menus, list and sign-in page with the dialogs."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtWidgets import QDialog

from assessor_app.clock import Clock
from assessor_app.services import unsent_export
from assessor_app.services.unsent_export import UnsentContent
from assessor_app.ui.main_window import MainWindow
from assessor_app.ui.sending.unsent_dialog import CarryDialog, ReceiptsDialog, UnsentDialog
from assessor_app.ui.tasks import Lanes


class UnsentDesk(QObject):
    """Opens one dialog at a time."""

    def __init__(self, window: MainWindow, lanes: Lanes, clock: Clock, parent: QObject | None = None) -> None:
        """Listen to the window."""
        super().__init__(parent)
        self._window, self._lanes, self._clock = window, lanes, clock
        self._dialog: QDialog | None = None
        window.menus.on("unsent.export", self.export)
        window.menus.on("unsent.receipts", self.read_receipts)
        window.menus.on("unsent.carry", self.carry)
        window.waiting.export_requested.connect(self.export)
        window.waiting.receipts_requested.connect(self.read_receipts)

    @Slot()
    def export(self) -> None:
        """Ask where to, once it is known what there is."""
        self._lanes.read(self, unsent_export.content, self._ask, key="content")

    @Slot()
    def read_receipts(self) -> None:
        """Ask for the file of receipts."""
        self._open(ReceiptsDialog(self._lanes, self._window))

    @Slot()
    def carry(self) -> None:
        """Ask for somebody's file."""
        self._open(CarryDialog(self._lanes, self._window))

    @Slot()
    def cancel(self) -> None:
        """Close what is open: the profile locks."""
        if self._dialog is not None:
            self._dialog.close()
            self._forget()

    def _ask(self, what: UnsentContent) -> None:
        self._open(UnsentDialog(self._lanes, what, self._clock.now().astimezone(), self._window))

    def _open(self, dialog: QDialog) -> None:
        self.cancel()
        self._dialog = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._forget)
        dialog.open()

    @Slot()
    def _forget(self) -> None:
        self._dialog = None
