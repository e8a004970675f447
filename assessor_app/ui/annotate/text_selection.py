"""Words selected on a page, by pointer or by search, and how they are painted."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QRectF, Signal, Slot
from PySide6.QtGui import QColor, QPainter

from assessor_app.documents.pages import PageText
from assessor_app.documents.text_layer import Point, quads_for_range

_SELECTED = QColor(168, 205, 250)


def word_near(page_text: PageText, point: Point) -> int | None:
    """The index of the word that is nearest to a place on the page.

    A word on the same height counts as nearer than one above or below.

    Returns:
        None on a page without words.
    """
    x, y = point
    words = page_text.words

    def distance(index: int) -> float:
        word = words[index]
        return max(word.x0 - x, 0.0, x - word.x1) + 4.0 * max(word.y0 - y, 0.0, y - word.y1)

    return min(range(len(words)), key=distance, default=None)


def offset_near(page_text: PageText, point: Point) -> int | None:
    """The gap between two code points that is nearest to a place on the page.

    Returns:
        0..len(text); None on a page without words.
    """
    index = word_near(page_text, point)
    if index is None:
        return None
    word = page_text.words[index]
    share = (point[0] - word.x0) / max(0.01, word.x1 - word.x0)
    return word.start + round(min(1.0, max(0.0, share)) * len(word.text))


class TextSelection(QObject):
    """One stretch of words on one page. An overlay of the page view.

    Args:
        text_of: the words of a page, None while they are on their way.
        parent: Qt parent.
    """

    changed = Signal()

    def __init__(self, text_of: Callable[[int], PageText | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._text_of = text_of
        self.page: int | None = None
        self._span = (0, 0)
        self._drag: tuple[Point, Point] | None = None
        self._is_shown = True

    @property
    def span(self) -> tuple[int, int] | None:
        """First code point and one past the last; None when nothing is selected."""
        return self._span if self.page is not None and self._span[0] < self._span[1] else None

    @property
    def text(self) -> str:
        """The selected words."""
        page_text = self._text_of(self.page) if self.page is not None else None
        return page_text.text[self._span[0] : self._span[1]] if page_text else ""

    def begin(self, page: int, at: Point) -> None:
        """A drag starts."""
        self.page, self._span, self._drag, self._is_shown = page, (0, 0), (at, at), True
        self.changed.emit()

    def extend(self, at: Point) -> None:
        """The drag goes on to another place of the same page."""
        if self._drag is None:
            return
        self._drag = (self._drag[0], at)
        self._follow_drag()

    def select(self, page: int, start: int, end: int, *, is_shown: bool = True) -> None:
        """Select code points `start` up to `end`; not painted if something else shows the place."""
        self.page, self._span, self._drag, self._is_shown = page, (start, end), None, is_shown
        self.changed.emit()

    def clear(self) -> None:
        """Select nothing."""
        if self.page is not None:
            self.page, self._span, self._drag = None, (0, 0), None
            self.changed.emit()

    def show(self) -> None:
        """Paint the selection from now on."""
        self._is_shown = True
        self.changed.emit()

    @Slot(int)
    def text_arrived(self, page: int) -> None:
        """Words that a drag waited for are known now."""
        if page == self.page and self._drag is not None:
            self._follow_drag()

    def rects(self) -> tuple[QRectF, ...]:
        """The selected places in page points, one for each line."""
        page_text = self._text_of(self.page) if self.page is not None else None
        if page_text is None or self.span is None:
            return ()
        boxes = quads_for_range(page_text, *self._span)
        return tuple(QRectF(x0, y0, x1 - x0, y1 - y0) for x0, y0, x1, y1 in boxes)

    def paint(self, painter: QPainter, page: int, scale: float) -> None:
        """Paint the selection under the words, as it were."""
        del scale
        if page != self.page or not self._is_shown:
            return
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
        for rect in self.rects():
            painter.fillRect(rect, _SELECTED)

    def _follow_drag(self) -> None:
        page_text = self._text_of(self.page) if self.page is not None else None
        if page_text is None or self._drag is None:
            return
        first, last = (offset_near(page_text, point) for point in self._drag)
        if first is not None and last is not None:
            self._span = (min(first, last), max(first, last))
            self.changed.emit()
