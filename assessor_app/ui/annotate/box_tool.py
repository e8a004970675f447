"""The box: frames a figure, a table, a piece of a photograph."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter

from assessor_app.documents.anchoring import PagePoint, anchor_box
from assessor_app.domain.annotations import AnnotationKind, Rect
from assessor_app.ui.annotate.drafts import FIRST_COLOUR
from assessor_app.ui.annotate.handles import SMALLEST_PT
from assessor_app.ui.annotate.marks import paint_mark
from assessor_app.ui.annotate.tool import Desk, Tool


class BoxTool(Tool):
    """Draws a box from corner to corner."""

    entry_id = "tool.box"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._from: PagePoint | None = None
        self._to: PagePoint | None = None
        self.colour = FIRST_COLOUR

    def press(self, at: PagePoint, screen: QPointF) -> bool:
        """The first corner."""
        del screen
        self.desk.layer.select(None)
        self.desk.selection.clear()
        self._from, self._to = at, None
        return True

    def move(self, at: PagePoint, screen: QPointF) -> None:
        """The other corner follows."""
        del screen
        self._to = at
        self.desk.repaint()

    def release(self, at: PagePoint, screen: QPointF) -> None:
        """Make the box, unless it is too small to be meant."""
        del screen
        start, self._from, self._to = self._from, None, None
        self.desk.repaint()
        if start is None:
            return
        anchor = anchor_box(self.desk.target(start.page), (start.x, start.y), (at.x, at.y))
        rect = anchor.rects[0]
        if rect.x1 - rect.x0 >= SMALLEST_PT and rect.y1 - rect.y0 >= SMALLEST_PT:
            self.desk.create(AnnotationKind.BOX, anchor)

    def cancel(self) -> bool:
        """Drop a box that is half drawn."""
        was_busy = self._to is not None
        self._from = self._to = None
        self.desk.repaint()
        return was_busy

    def cursor(self, at: PagePoint | None) -> Qt.CursorShape:
        """A cross on the pages."""
        return Qt.CursorShape.CrossCursor if at is not None else Qt.CursorShape.ArrowCursor

    def paint(self, painter: QPainter, page: int, scale: float) -> None:
        """The box that is being drawn."""
        if self._from is None or self._to is None or self._from.page != page:
            return
        xs, ys = sorted((self._from.x, self._to.x)), sorted((self._from.y, self._to.y))
        paint_mark(painter, AnnotationKind.BOX, (Rect(xs[0], ys[0], xs[1], ys[1]),), self.colour, scale)
