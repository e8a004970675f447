"""Search bar, search and pages, put together."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QRectF, Slot
from PySide6.QtWidgets import QWidget

from assessor_app.documents.pages import SearchHit
from assessor_app.ui.annotate.annotator import Annotator
from assessor_app.ui.viewers.base import Command
from assessor_app.ui.viewers.pages import PageView
from assessor_app.ui.viewers.search import Search
from assessor_app.ui.viewers.search_bar import SearchBar


class Finding(QObject):
    """Has words looked for and their places shown; a hit is selected, so that it can be marked at once.

    Args:
        pages: where hits are shown.
        annotator: whose selection follows the hits.
        search: the search.
        parent: the viewer; parent of the bar.
    """

    def __init__(self, pages: PageView, annotator: Annotator, search: Search, parent: QWidget) -> None:
        super().__init__(parent)
        self.bar = SearchBar(parent)
        self._pages, self._annotator, self._search = pages, annotator, search
        self.bar.query_changed.connect(self._look_for)
        self.bar.step.connect(search.step)
        self.bar.closed.connect(pages.setFocus)
        search.changed.connect(self._show_search)
        search.current_changed.connect(self._show_hit)

    def commands(self) -> Mapping[str, Command]:
        """What is done for ids of the table of keys."""
        return {"find.open": self.open, "find.next": self.next, "find.previous": self.previous}

    def open(self) -> None:
        """Open the search bar, with the selected words in it."""
        self.bar.open(self._annotator.selection.text)

    def next(self) -> None:
        """The next hit."""
        self._step(1)

    def previous(self) -> None:
        """The previous hit."""
        self._step(-1)

    def _step(self, direction: int) -> None:
        if self._search.query:
            self._search.step(direction)
        else:
            self.open()

    @Slot(str)
    def _look_for(self, query: str) -> None:
        if query.strip():
            self._search.start(query, self._pages.page)
        else:
            self._search.stop()
            if self.bar.isVisible():
                self._annotator.selection.clear()
            else:
                # The hit stays selected, so that the highlighter's key still marks it.
                self._annotator.selection.show()

    @Slot()
    def _show_search(self) -> None:
        search = self._search
        self.bar.show_result(
            search.number, search.count, is_running=search.is_running, unread_pages=search.unread_pages
        )
        self._pages.viewport().update()

    @Slot(object)
    def _show_hit(self, hit: SearchHit) -> None:
        bounds = QRectF()
        for x0, y0, x1, y1 in hit.rects:
            bounds = bounds.united(QRectF(x0, y0, x1 - x0, y1 - y0))
        before = self._pages.place
        self._pages.show_rect(hit.page, bounds)
        self._pages.jumped.emit(before, "hits")
        # Selected, so that the highlighter's key marks it at once.
        self._annotator.layer.select(None)
        self._annotator.selection.select(hit.page, hit.start, hit.end, is_shown=False)
        self._pages.supply.text(hit.page)
