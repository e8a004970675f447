"""The outline of a document as a tree; a click or Return goes to a line's page."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem, QWidget

from assessor_app.documents.file_parts import OutlineEntry
from assessor_app.ui.plain_text import one_line

_OPEN_UP_TO = 40
"""An outline of at most so many lines is shown whole; of a longer one the outermost lines."""
_ENTRY = Qt.ItemDataRole.UserRole


class OutlineTree(QTreeWidget):
    """Shows an outline.

    Args:
        parent: Qt parent.
    """

    chosen = Signal(object)
    """OutlineEntry to go to; it has a page."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QTreeWidgetItem] = []
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setAccessibleName(self.tr("Outline"))
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setIndentation(round(self.fontMetrics().height() * 0.9))
        self.itemClicked.connect(self._choose)

    def show_outline(self, entries: Sequence[OutlineEntry]) -> None:
        """Show other lines."""
        self.clear()
        self._items = []
        path: list[QTreeWidgetItem] = []
        tops: list[QTreeWidgetItem] = []
        for entry in entries:
            title = one_line(entry.title) or self.tr("(no title)")
            item = QTreeWidgetItem([title])
            item.setData(0, _ENTRY, entry)
            if entry.page is not None:
                words = self.tr("{title}, page {page}").format(title=title, page=entry.page + 1)
                item.setData(0, Qt.ItemDataRole.AccessibleTextRole, words)
            del path[entry.depth :]
            if path:
                path[-1].addChild(item)
            else:
                tops.append(item)
            path.append(item)
            self._items.append(item)
        self.addTopLevelItems(tops)
        if len(entries) <= _OPEN_UP_TO:
            # One by one: a tree that was never shown forgets what it is told of all.
            for item in self._items:
                item.setExpanded(item.childCount() > 0)

    def show_page(self, page: int, *, is_fresh: bool = False) -> None:
        """Mark the line that the page which is read belongs to, unless the keyboard is here.

        Args:
            page: index from 0.
            is_fresh: the tree has just come into view; then it is marked in any case.
        """
        if self.hasFocus() and not is_fresh:
            return
        found: QTreeWidgetItem | None = None
        for item in self._items:
            entry: OutlineEntry = item.data(0, _ENTRY)
            if entry.page is not None and entry.page <= page:
                found = item
        above = found.parent() if found is not None else None
        while above is not None:
            found = above if not above.isExpanded() else found
            above = above.parent()
        if found is not None and found is not self.currentItem():
            self.setCurrentItem(found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return and Enter go to the line's page; the rest moves and folds."""
        item: QTreeWidgetItem | None = self.currentItem()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and item is not None:
            self._choose(item)
        else:
            super().keyPressEvent(event)

    @Slot(QTreeWidgetItem, int)
    def _choose(self, item: QTreeWidgetItem, _column: int = 0) -> None:
        entry: OutlineEntry = item.data(0, _ENTRY)
        if entry.page is not None:
            self.chosen.emit(entry)
