"""Ink: a stroke of the pen, kept as a smooth curve through few points. The pen's pressure is left out."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPointF, QSizeF
from PySide6.QtGui import QPainter

from assessor_app.documents.anchoring import PagePoint, anchor_box
from assessor_app.domain.annotations import AnnotationKind
from assessor_app.ui.annotate.ink import Point, simplified
from assessor_app.ui.annotate.marks import paint_mark
from assessor_app.ui.annotate.shapes import bounds_of
from assessor_app.ui.annotate.tool import Desk, DrawTool


class InkTool(DrawTool):
    """Draws freely; a click makes a dot.

    Args:
        desk: what is worked on.
    """

    entry_id = "tool.ink"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._points: list[Point] = []

    def press(self, at: PagePoint, screen: QPointF) -> bool:
        """The pen goes down."""
        self._points = [self._on_page(at)]
        return super().press(at, screen)

    def move(self, at: PagePoint, screen: QPointF) -> None:
        """The pen moves; it stays on its page."""
        point = self._on_page(at)
        if self.start is not None and point != self._points[-1]:
            self._points.append(point)
        super().move(at, screen)

    def put_size(self, page: int, room: QSizeF) -> QSizeF | None:
        """A stroke has to be drawn."""
        del page, room
        return None

    def finish(self, start: PagePoint, end: PagePoint) -> None:
        """The pen is lifted."""
        last = self._on_page(end)
        if last != self._points[-1]:
            self._points.append(last)
        path = simplified(self._points)
        box = bounds_of((), path)
        anchor = anchor_box(self.desk.target(start.page), (box.x0, box.y0), (box.x1, box.y1))
        self.desk.create(AnnotationKind.INK, replace(anchor, path=path))

    def paint(self, painter: QPainter, page: int, scale: float) -> None:
        """The stroke so far."""
        if self.start is None or self.start.page != page:
            return
        style = self.desk.style(AnnotationKind.INK)
        paint_mark(
            painter, AnnotationKind.INK, (bounds_of((), self._points),), style.colour, scale,
            path=self._points, opacity=style.opacity, width_pt=style.line_width_pt,
            mark_scale=self.desk.target(page).mark_scale,
        )  # fmt: skip

    def _on_page(self, at: PagePoint) -> Point:
        size = self.desk.target(at.page).size
        return (
            round(min(max(at.x, 0.0), size.width_pt), 2),
            round(min(max(at.y, 0.0), size.height_pt), 2),
        )
