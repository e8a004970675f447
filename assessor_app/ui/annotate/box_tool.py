"""The box and the ellipse: frame a figure, a table, a piece of a photograph."""

from __future__ import annotations

from PySide6.QtGui import QPainter

from assessor_app.documents.anchoring import PagePoint, anchor_box
from assessor_app.domain.annotations import AnnotationKind
from assessor_app.ui.annotate.handles import SMALLEST_PT
from assessor_app.ui.annotate.marks import paint_mark
from assessor_app.ui.annotate.tool import Desk, DrawTool

ENTRY_IDS = {AnnotationKind.BOX: "tool.box", AnnotationKind.ELLIPSE: "tool.ellipse"}
"""Ids of the tools in the table of keys."""


class BoxTool(DrawTool):
    """Draws from corner to corner.

    Args:
        desk: what is worked on.
        kind: box or ellipse.
    """

    def __init__(self, desk: Desk, kind: AnnotationKind) -> None:
        super().__init__(desk)
        self.entry_id = ENTRY_IDS[kind]
        self._kind = kind

    def finish(self, start: PagePoint, end: PagePoint) -> None:
        """Make it, unless it is too small to be meant."""
        anchor = anchor_box(self.desk.target(start.page), (start.x, start.y), (end.x, end.y))
        rect = anchor.rects[0]
        if rect.x1 - rect.x0 >= SMALLEST_PT and rect.y1 - rect.y0 >= SMALLEST_PT:
            self.desk.create(self._kind, anchor)

    def paint(self, painter: QPainter, page: int, scale: float) -> None:
        """What is being drawn."""
        if self.start is None or self.end is None or self.start.page != page:
            return
        a, b, style = self.start, self.end, self.desk.style(self._kind)
        rects = anchor_box(self.desk.target(page), (a.x, a.y), (b.x, b.y)).rects
        paint_mark(
            painter, self._kind, rects, style.colour, scale,
            opacity=style.opacity, width_pt=style.line_width_pt,
            mark_scale=self.desk.target(page).mark_scale,
        )  # fmt: skip
