"""Gives back, after unlocking, what had been typed into windows that the lock has closed."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Slot

from assessor_app.services import typed_words
from assessor_app.ui.main_window import MainWindow
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.typed_words import TypedWordsDialog

Words = tuple[tuple[str, str], ...]


class GivenBack(QObject):
    """Looks once when the profile opens."""

    def __init__(self, window: MainWindow, lanes: Lanes, parent: QObject | None = None) -> None:
        """Look whether something is kept."""
        super().__init__(parent)
        self._window, self._lanes = window, lanes
        lanes.read(self, typed_words.kept, self._show)

    def keep(self, words: Words) -> None:
        """Keep words, behind those that nobody has seen yet."""
        self._lanes.write(lambda context: typed_words.keep(context, words))

    def _show(self, words: Words) -> None:
        if words:
            dialog = TypedWordsDialog(words, self._window)
            dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            dialog.accepted.connect(self._forget)
            dialog.open()

    @Slot()
    def _forget(self) -> None:
        if not self._lanes.is_closed:
            self._lanes.write(typed_words.forget)
