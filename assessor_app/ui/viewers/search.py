"""Searching a document, from the page in view on, without ever waiting.

Pages whose text is known and holds no hit are passed over at once; the words of the others are read in small
batches, so that the first hit is on screen long before the last page is read.
"""

from __future__ import annotations

from bisect import bisect_left

from PySide6.QtCore import QObject, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPen

from assessor_app.documents.pages import EvidenceSource, PageText, SearchHit
from assessor_app.documents.text_layer import find, folded_query
from assessor_app.ui.render_context import HasRenderer
from assessor_app.ui.tasks import Lanes, Ticket
from assessor_app.ui.viewers.text_index import TextIndex, read_pages

PAGES_AT_ONCE = 8
"""Pages read in one go: few enough that a page to be drawn never waits long behind them."""
# Let through what lies below: a hit on a mark leaves the mark's colour to be seen.
_HIT = QColor(255, 190, 100, 130)
_CURRENT = QColor(255, 165, 60, 90)
_CURRENT_EDGE = QColor(150, 70, 0)
_SEARCH_PRIORITY = 400
_Looked = tuple[dict[int, tuple[SearchHit, ...]], tuple[tuple[PageText, bool], ...], int]


class Search(QObject):
    """The hits of one query in one document. An overlay of the page view."""

    changed = Signal()
    """More hits, another current one, or the end of the search."""
    current_changed = Signal(object)
    """The SearchHit to be shown."""

    def __init__(self, lanes: Lanes, parent: QObject | None = None, index: TextIndex | None = None) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._index = index or TextIndex(lanes, self)
        self._source: EvidenceSource | None = None
        self._page_count = 0
        self._query = ""
        self._hits: dict[int, tuple[SearchHit, ...]] = {}
        self._current: tuple[int, int] | None = None
        self._queue: list[int] = []
        self._ticket: Ticket | None = None
        self._new_pages: list[int] = []
        self._pages_read = 0
        self._is_first = False
        self.unread_pages = 0

    def open(self, source: EvidenceSource | None, page_count: int) -> None:
        """Another document; the last one's hits are gone."""
        self.stop()
        self._source, self._page_count = source, page_count

    @property
    def query(self) -> str:
        """What is looked for; empty when nothing is."""
        return self._query

    @property
    def count(self) -> int:
        """Hits found so far."""
        return sum(len(hits) for hits in self._hits.values())

    @property
    def is_running(self) -> bool:
        """Whether there are pages left to read."""
        return self._ticket is not None

    @property
    def page_count(self) -> int:
        """Pages of the document."""
        return self._page_count

    @property
    def pages_read(self) -> int:
        """Pages that were looked through."""
        return self._pages_read

    def hits_on(self, page: int) -> tuple[SearchHit, ...]:
        """The hits of a page that was looked through."""
        return self._hits.get(page, ())

    def take_new_pages(self) -> list[int]:
        """The pages with hits that came in since this was last asked."""
        taken, self._new_pages = self._new_pages, []
        return taken

    @property
    def current(self) -> SearchHit | None:
        """The hit that is shown."""
        return self._hits[self._current[0]][self._current[1]] if self._current else None

    @property
    def number(self) -> int:
        """Which hit is shown, counted from 1 in reading order; 0 when none is."""
        if self._current is None:
            return 0
        page, index = self._current
        return sum(len(hits) for other, hits in self._hits.items() if other < page) + index + 1

    def start(self, query: str, from_page: int) -> None:
        """Look for other words, first on the page in view, then on the following ones and around."""
        self.stop()
        self._query = query.strip()
        if self._query and self._source is not None:
            self._queue = self._worth_reading(from_page)
            self._is_first = True
            self._read_on()
        self.changed.emit()

    def stop(self) -> None:
        """Forget the hits and read no further."""
        if self._ticket is not None:
            self._ticket.cancel()
        self._ticket, self._query, self._current, self._queue = None, "", None, []
        self.unread_pages = 0
        self._pages_read = 0
        self._new_pages = []
        self._hits.clear()
        self.changed.emit()

    @Slot()
    def halt(self) -> None:
        """Read no further; what was found stays."""
        if self._ticket is not None:
            self._ticket.cancel()
        self._ticket, self._queue = None, []
        self.changed.emit()

    def show(self, hit: SearchHit) -> None:
        """Show a hit of the list."""
        hits = self._hits.get(hit.page, ())
        if hit in hits:
            self._show((hit.page, hits.index(hit)))

    @Slot(int)
    def step(self, direction: int) -> None:
        """Show the next (1) or previous (-1) hit, around the ends."""
        places = [(page, index) for page in sorted(self._hits) for index in range(len(self._hits[page]))]
        if not places:
            return
        at = bisect_left(places, self._current) if self._current else (0 if direction < 0 else -1)
        self._show(places[(at + direction) % len(places)])

    def paint(self, painter: QPainter, page: int, scale: float) -> None:
        """Paint this page's hits, the current one with an edge."""
        del scale
        current = self.current
        for hit in self._hits.get(page, ()):
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
            rects = [QRectF(x0, y0, x1 - x0, y1 - y0) for x0, y0, x1, y1 in hit.rects]
            for rect in rects:
                painter.fillRect(rect.adjusted(-1, 0, 1, 0), _CURRENT if hit is current else _HIT)
            if hit is current:
                painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
                pen = QPen(_CURRENT_EDGE, 2)
                pen.setCosmetic(True)
                painter.setPen(pen)
                painter.setBrush(Qt.BrushStyle.NoBrush)
                for rect in rects:
                    painter.drawRoundedRect(rect.adjusted(-1.5, -0.5, 1.5, 0.5), 2, 2)

    def _show(self, place: tuple[int, int]) -> None:
        self._current = place
        self.changed.emit()
        self.current_changed.emit(self.current)

    def _worth_reading(self, from_page: int) -> list[int]:
        """The pages that may have hits, from the one in view on and around."""
        wanted = (folded_query(self._query),)
        in_order = [(from_page + step) % self._page_count for step in range(self._page_count)]
        queue = [page for page in in_order if self._index.may_hold(page, wanted) is not False]
        self._pages_read = self._page_count - len(queue)
        return queue

    def _read_on(self) -> None:
        # The first page alone comes first, so that its hits are seen at once.
        count = 1 if self._is_first else PAGES_AT_ONCE
        self._is_first = False
        batch, self._queue = self._queue[:count], self._queue[count:]
        source, query = self._source, self._query
        if not batch or source is None:
            self._ticket = None
            self.changed.emit()
            return

        def look(context: HasRenderer) -> _Looked:
            read, unread = read_pages(context, source, batch)
            return {text.page: find(text, query) for text, _ in read}, read, unread

        self._ticket = self._lanes.render(self, look, self._take, key="search", priority=_SEARCH_PRIORITY)

    def _take(self, answer: _Looked) -> None:
        found, read, unread = answer
        self._index.add(read)
        self.unread_pages += unread
        self._pages_read += len(found) + unread
        in_reading_order = list(found)
        self._hits.update({page: hits for page, hits in found.items() if hits})
        self._new_pages += [page for page, hits in found.items() if hits]
        if self._current is None:
            first = next((page for page in in_reading_order if found[page]), None)
            if first is not None:
                self._show((first, 0))
        self._read_on()
        self.changed.emit()
