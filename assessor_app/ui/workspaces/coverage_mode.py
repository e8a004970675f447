"""The coverage page in front of the three panes: opened by its key, left for what was chosen on it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from assessor_app.ui.page_stack import PageStack
from assessor_app.ui.workspaces.coverage_model import CoverageCell
from assessor_app.ui.workspaces.coverage_page import CoveragePage


class CoverageMode(QObject):
    """Shows the coverage page of one workspace, and leads back from it."""

    opened = Signal()
    """The page is in front: tell it how everything stands."""
    left = Signal()
    """Back at the panes: the keyboard belongs on the document."""
    criterion_wanted = Signal(str)
    mark_wanted = Signal(object)
    """Annotation: an evidence link to go to."""
    piece_wanted = Signal(str)
    """The key of a piece of evidence to open."""

    def __init__(self, middle: PageStack, page: CoveragePage, prepare: Callable[[], bool]) -> None:
        """Serve a page.

        Args:
            middle: what stands below header and banner; the panes come first in it.
            page: the coverage page; owns this object.
            prepare: keeps what is written; False while there is nothing to show.
        """
        super().__init__(page)
        self._middle, self._page, self._prepare = middle, page, prepare
        page.back_wanted.connect(self.leave)
        page.cell_wanted.connect(self._go_to_cell)
        page.criterion_wanted.connect(self._go_to_criterion)
        page.piece_wanted.connect(self._go_to_piece)

    @property
    def is_shown(self) -> bool:
        """Whether the coverage page is in front."""
        return self._middle.currentWidget() is self._page

    @Slot()
    def toggle(self) -> None:
        """Show which criteria have evidence, or go back."""
        if not self.leave() and self._prepare():
            self._middle.setCurrentWidget(self._page)
            self.opened.emit()
            self._page.setFocus()

    @Slot()
    def leave(self) -> bool:
        """Back to the submission; False when the coverage page is not shown."""
        if not self.is_shown:
            return False
        self._show_panes()
        self.left.emit()
        return True

    @Slot(object)
    def _go_to_cell(self, cell: CoverageCell) -> None:
        """To the first evidence link there, or to the piece with the criterion open beside it."""
        self._go_to_criterion(str(cell.row.criterion.id))
        if cell.marks:
            self.mark_wanted.emit(cell.marks[0])
        else:
            self.piece_wanted.emit(cell.entry.key)
        self.left.emit()

    @Slot(str)
    def _go_to_criterion(self, criterion_id: str) -> None:
        self._show_panes()
        self.criterion_wanted.emit(criterion_id)

    @Slot(str)
    def _go_to_piece(self, key: str) -> None:
        self._show_panes()
        self.piece_wanted.emit(key)
        self.left.emit()

    def _show_panes(self) -> None:
        self._middle.setCurrentIndex(0)
