"""The arrow: points at something, from where the button goes down to where it goes up."""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtGui import QPainter

from assessor_app.documents.anchoring import PagePoint, anchor_box
from assessor_app.domain.annotations import Anchor, AnnotationKind
from assessor_app.ui.annotate.marks import paint_mark
from assessor_app.ui.annotate.tool import DrawTool

_SHORTEST_PT = 6.0
"""A shorter one is a slip of the hand."""


class ArrowTool(DrawTool):
    """Draws from the tail to the tip."""

    entry_id = "tool.arrow"

    def finish(self, start: PagePoint, end: PagePoint) -> None:
        """Make it, unless it is too short to be meant."""
        anchor = self._anchor(start, end)
        if math.dist(*anchor.path) >= _SHORTEST_PT:
            self.desk.create(AnnotationKind.ARROW, anchor)

    def paint(self, painter: QPainter, page: int, scale: float) -> None:
        """The arrow that is being drawn."""
        if self.start is None or self.end is None or self.start.page != page:
            return
        anchor, style = self._anchor(self.start, self.end), self.desk.style(AnnotationKind.ARROW)
        paint_mark(
            painter, AnnotationKind.ARROW, anchor.rects, style.colour, scale,
            path=anchor.path, opacity=style.opacity, width_pt=style.line_width_pt,
            mark_scale=anchor.mark_scale,
        )  # fmt: skip

    def _anchor(self, start: PagePoint, end: PagePoint) -> Anchor:
        """Tail and tip, cut at the page's edges."""
        target = self.desk.target(start.page)
        ends = tuple(
            (
                round(min(max(at.x, 0.0), target.size.width_pt), 2),
                round(min(max(at.y, 0.0), target.size.height_pt), 2),
            )
            for at in (start, end)
        )
        return replace(anchor_box(target, *ends), path=ends)
