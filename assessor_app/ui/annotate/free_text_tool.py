"""Free text: words written on the page itself, in a box that is drawn or simply clicked."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QPainter

from assessor_app.documents.anchoring import PagePoint, anchor_box
from assessor_app.domain.annotations import AnnotationKind, Rect
from assessor_app.ui.annotate.marks import paint_mark
from assessor_app.ui.annotate.tool import DrawTool

_WIDTH_PT, _HEIGHT_PT = 180.0, 22.0
"""Of a text that is begun with a click, on a page of A4."""
_NARROWEST_PT = 30.0
"""A drag that gives less room is taken for a click."""


class FreeTextTool(DrawTool):
    """Gives a text its place; a click on a text that is there opens it."""

    entry_id = "tool.text"

    def finish(self, start: PagePoint, end: PagePoint) -> None:
        """Let the words be typed."""
        there = self.desk.layer.at(start.page, QPointF(start.x, start.y), self.desk.scale)
        if there is not None and there.annotation.kind is AnnotationKind.FREE_TEXT:
            self.desk.rewrite_text(there.annotation)
            return
        rect = self._rect(start, end)
        target = self.desk.target(start.page)
        if rect.x1 - rect.x0 < _NARROWEST_PT * target.mark_scale:
            size, times = target.size, target.mark_scale
            wide, high = min(_WIDTH_PT * times, size.width_pt), min(_HEIGHT_PT * times, size.height_pt)
            x = min(start.x, size.width_pt - wide)
            y = min(max(0.0, start.y - high / 2), size.height_pt - high)
            rect = Rect(round(x, 2), round(y, 2), round(x + wide, 2), round(y + high, 2))
        self.desk.write_text(start.page, rect)

    def put_size(self, page: int, room: QSizeF) -> QSizeF | None:
        """As after a click."""
        times = self.desk.target(page).mark_scale
        return QSizeF(min(_WIDTH_PT * times, room.width()), min(_HEIGHT_PT * times, room.height()))

    def put(self, page: int, rect: QRectF) -> None:
        """Let the words be typed there."""
        ends = (rect.left(), rect.top(), rect.right(), rect.bottom())
        self.desk.write_text(page, Rect(*(round(end, 2) for end in ends)))

    def paint(self, painter: QPainter, page: int, scale: float) -> None:
        """The box that is being drawn."""
        if self.start is None or self.end is None or self.start.page != page:
            return
        style = self.desk.style(AnnotationKind.FREE_TEXT)
        rects = (self._rect(self.start, self.end),)
        paint_mark(
            painter, AnnotationKind.FREE_TEXT, rects, style.colour, scale,
            opacity=style.opacity, width_pt=style.line_width_pt,
            mark_scale=self.desk.target(page).mark_scale,
        )  # fmt: skip

    def _rect(self, start: PagePoint, end: PagePoint) -> Rect:
        return anchor_box(self.desk.target(start.page), (start.x, start.y), (end.x, end.y)).rects[0]
