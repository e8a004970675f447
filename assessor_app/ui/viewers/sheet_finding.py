"""Looking for words in the cells of the sheet that is shown, in what they show and in their formulas."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from assessor_app.ui.viewers.base import Command
from assessor_app.ui.viewers.search_bar import SearchBar
from assessor_app.ui.viewers.sheet_model import SheetModel
from assessor_app.ui.viewers.sheet_table import SheetTable


class SheetFinding(QObject):
    """Search bar and cells, put together; a hit is selected, so that it can be marked at once.

    Args:
        model: the cells.
        sheet: where hits are shown.
        parent: the viewer; parent of the bar.
    """

    def __init__(self, model: SheetModel, sheet: SheetTable, parent: QWidget) -> None:
        super().__init__(parent)
        self.bar = SearchBar(parent)
        self._model, self._sheet = model, sheet
        self._hits: list[tuple[int, int]] = []
        self._at = -1
        self.bar.query_changed.connect(self._look_for)
        self.bar.step.connect(self._step)
        self.bar.closed.connect(sheet.setFocus)

    def commands(self) -> Mapping[str, Command]:
        """What is done for ids of the table of keys."""
        return {"find.open": self.open, "find.next": self.next, "find.previous": self.previous}

    def open(self) -> None:
        """Open the search bar."""
        self.bar.open()

    def next(self) -> None:
        """The next hit."""
        self._step(1)

    def previous(self) -> None:
        """The previous hit."""
        self._step(-1)

    def look_again(self) -> None:
        """Another sheet is shown: look for the same words in it, without going there."""
        self._hits, self._at = [], -1
        if self.bar.isVisible():
            self._hits = self._model.look_for(self.bar.field.text())
            self.bar.show_result(0, len(self._hits), is_running=False)
        self._model.set_hits(frozenset(self._hits))

    @Slot(str)
    def _look_for(self, query: str) -> None:
        self._hits, self._at = self._model.look_for(query), -1
        self._model.set_hits(frozenset(self._hits))
        if query.strip():
            self._step(1)

    @Slot(int)
    def _step(self, direction: int) -> None:
        if not self.bar.isVisible():
            self.open()
            return
        if self._hits:
            self._at = (self._at + direction) % len(self._hits) if self._at >= 0 else 0
            row, column = self._hits[self._at]
            self._sheet.select_area((row, column, row, column))
        self.bar.show_result(self._at + 1, len(self._hits), is_running=False)
