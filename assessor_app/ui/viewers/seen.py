"""Watches what of a document was in view for about a second. Nothing runs while nothing moves."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QAbstractScrollArea

from assessor_app.domain.reading import ReadingState, merged
from assessor_app.ui.viewers.page_canvas import PageCanvas

LOOKED_AT_MS = 1000
"""How long something has to stay in view."""
_BANDS = 8
"""A page is looked at in so many strips, so that it counts at any zoom."""
_ENOUGH = _BANDS // 2
_ALL_PERMILLE = 1000


class SeenPages(QObject):
    """Which pages were seen: those of which at least half was in view, a second for each part of it.

    Args:
        view: the pages.
    """

    read_on = Signal(object)
    """ReadingState: pages seen just now; its source id is empty."""

    def __init__(self, view: PageCanvas) -> None:
        super().__init__(view)
        self._view = view
        self._seen: dict[int, set[int]] = {}
        self._told: set[int] = set()
        self._before: frozenset[tuple[int, int]] = frozenset()
        self._timer = QTimer(self, singleShot=True, interval=LOOKED_AT_MS)
        self._timer.timeout.connect(self._look)
        view.moved.connect(self._moved)

    def begin(self) -> None:
        """Another document is shown."""
        self._seen, self._told, self._before = {}, set(), frozenset()
        self._timer.start()

    def end(self) -> None:
        """The document is let go of."""
        self._timer.stop()
        self._before = frozenset()

    @Slot()
    def _moved(self) -> None:
        if not self._timer.isActive():
            self._before = self._in_view()
            self._timer.start()

    @Slot()
    def _look(self) -> None:
        now = self._in_view()
        for page, band in now & self._before:
            self._seen.setdefault(page, set()).add(band)
        if now != self._before:
            self._before = now
            self._timer.start()
        fresh = [p for p, bands in self._seen.items() if len(bands) >= _ENOUGH and p not in self._told]
        if fresh:
            self._told.update(fresh)
            runs = merged((page, page) for page in fresh)
            self.read_on.emit(ReadingState("", pages=runs, page_count=self._view.page_count))

    def _in_view(self) -> frozenset[tuple[int, int]]:
        """Page and strip of everything that is in view now."""
        view = self._view
        if not view.isVisible() or not view.page_count or view.window().isMinimized():
            return frozenset()
        height, found = view.viewport().height(), []
        for page in view.visible_pages():
            if page in view.supply.cards:
                continue
            rect = view.page_rect(page)
            for band in range(_BANDS):
                middle = rect.top() + rect.height() * (band + 0.5) / _BANDS
                if 0 <= middle <= height:
                    found.append((page, band))
        return frozenset(found)


class SeenText(QObject):
    """How far a text was read: the furthest place that was in view for a second.

    Args:
        view: what scrolls.
    """

    read_on = Signal(object)
    """ReadingState: how far, in thousandths; its source id is empty."""

    def __init__(self, view: QAbstractScrollArea) -> None:
        super().__init__(view)
        self._view = view
        self._told = -1
        self._timer = QTimer(self, singleShot=True, interval=LOOKED_AT_MS)
        self._timer.timeout.connect(self._look)
        view.verticalScrollBar().valueChanged.connect(self._timer.start)
        view.verticalScrollBar().rangeChanged.connect(self._timer.start)

    def begin(self) -> None:
        """Another text is shown."""
        self._told = -1
        self._timer.start()

    def end(self) -> None:
        """The text is let go of."""
        self._timer.stop()

    @Slot()
    def _look(self) -> None:
        bar = self._view.verticalScrollBar()
        if not self._view.isVisible() or self._view.window().isMinimized():
            return
        whole = bar.maximum() + bar.pageStep()
        at_end = bar.value() >= bar.maximum()
        far = _ALL_PERMILLE if at_end else _ALL_PERMILLE * (bar.value() + bar.pageStep()) // max(1, whole)
        if far > self._told:
            self._told = far
            self.read_on.emit(ReadingState("", scrolled_permille=far))
