"""Highlighter, underline and strike-out: whole words by dragging; a rectangle where a page has no words."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from assessor_app.documents.anchoring import PagePoint, anchor_box, anchor_words
from assessor_app.documents.text_layer import quads_for_range, range_between, sentence_at, word_at
from assessor_app.domain.annotations import AnnotationKind, Rect
from assessor_app.ui.annotate.marks import paint_mark
from assessor_app.ui.annotate.tool import Desk, Tool

_MOVED_PX = 4.0
ENTRY_IDS = {
    AnnotationKind.HIGHLIGHT: "tool.highlight",
    AnnotationKind.UNDERLINE: "tool.underline",
    AnnotationKind.STRIKE_OUT: "tool.strike_out",
}
"""Ids of the tools in the table of keys."""


class TextMarkTool(Tool):
    """Marks words.

    Args:
        desk: what is worked on.
        kind: highlight, underline or strike-out.
    """

    def __init__(self, desk: Desk, kind: AnnotationKind) -> None:
        super().__init__(desk)
        self.entry_id = ENTRY_IDS[kind]
        self._kind = kind
        self._from: PagePoint | None = None
        self._to: PagePoint | None = None

    def press(self, at: PagePoint, screen: QPointF) -> bool:
        """A mark begins."""
        del screen
        self.desk.layer.select(None)
        self.desk.selection.clear()
        self._from, self._to = at, None
        return True

    def move(self, at: PagePoint, screen: QPointF) -> None:
        """Show what would be marked."""
        del screen
        if self._from is None:
            return
        distance = max(abs(at.x - self._from.x), abs(at.y - self._from.y)) * self.desk.scale
        if self._to is not None or distance >= _MOVED_PX:
            self._to = at
            self.desk.repaint()

    def release(self, at: PagePoint, screen: QPointF) -> None:
        """Make the mark; a mere click makes none."""
        del screen
        start, was_dragged = self._from, self._to is not None
        self._from = self._to = None
        if start is None or not was_dragged:
            return
        page_text, target = self.desk.text(start.page), self.desk.target(start.page)
        if page_text is not None and page_text.words:
            span = range_between(page_text, (start.x, start.y), (at.x, at.y))
            if span is not None:
                self.desk.create(self._kind, anchor_words(target, page_text, *span))
        elif page_text is not None and self._kind is AnnotationKind.HIGHLIGHT:
            anchor = anchor_box(target, (start.x, start.y), (at.x, at.y))
            if anchor.rects[0].x1 - anchor.rects[0].x0 > 1 and anchor.rects[0].y1 - anchor.rects[0].y0 > 1:
                self.desk.create(self._kind, anchor)
        self.desk.repaint()

    def clicks(self, at: PagePoint, count: int) -> None:
        """Two clicks mark a word, three a sentence."""
        page_text = self.desk.text(at.page)
        if page_text is None:
            return
        point = (at.x, at.y)
        span = word_at(page_text, point) if count == 2 else sentence_at(page_text, point)
        if span is not None and count == 2:
            # The word waits for a third click as a selection; the tool's key or Return marks it.
            self.desk.selection.select(at.page, *span)
        elif span is not None:
            self.desk.selection.clear()
            self.desk.create(self._kind, anchor_words(self.desk.target(at.page), page_text, *span))

    def cancel(self) -> bool:
        """Drop a mark that is half made."""
        was_busy = self._from is not None and self._to is not None
        self._from = self._to = None
        self.desk.repaint()
        return was_busy

    def cursor(self, at: PagePoint | None) -> Qt.CursorShape:
        """A text cursor: words are marked."""
        return Qt.CursorShape.IBeamCursor if at is not None else Qt.CursorShape.ArrowCursor

    def paint(self, painter: QPainter, page: int, scale: float) -> None:
        """The mark that is being made."""
        if self._from is None or self._to is None or self._from.page != page:
            return
        page_text = self.desk.text(page)
        a, b = (self._from.x, self._from.y), (self._to.x, self._to.y)
        rects: tuple[Rect, ...] = ()
        if page_text is not None and page_text.words:
            span = range_between(page_text, a, b)
            rects = tuple(Rect(*box) for box in quads_for_range(page_text, *span)) if span else ()
        elif page_text is not None and self._kind is AnnotationKind.HIGHLIGHT:
            rects = (Rect(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1])),)
        style = self.desk.style(self._kind)
        paint_mark(
            painter, self._kind, rects, style.colour, scale,
            opacity=style.opacity, width_pt=style.line_width_pt,
            mark_scale=self.desk.target(page).mark_scale,
        )  # fmt: skip
