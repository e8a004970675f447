"""Note and question mark: a small sign at a place, for a comment that belongs to no words."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt

from assessor_app.documents.anchoring import PagePoint, anchor_box
from assessor_app.domain.annotations import AnnotationKind
from assessor_app.ui.annotate.marks import NOTE_SIZE_PT
from assessor_app.ui.annotate.tool import Desk, Tool

ENTRY_IDS = {AnnotationKind.NOTE: "tool.note", AnnotationKind.QUESTION: "tool.question"}
"""Ids of the tools in the table of keys."""


class NoteTool(Tool):
    """Puts a sign where the page is clicked.

    Args:
        desk: what is worked on.
        kind: note or question.
    """

    def __init__(self, desk: Desk, kind: AnnotationKind) -> None:
        super().__init__(desk)
        self.entry_id = ENTRY_IDS[kind]
        self._kind = kind

    def press(self, at: PagePoint, screen: QPointF) -> bool:
        """The place is where the button goes down."""
        del screen
        self.desk.layer.select(None)
        self.desk.selection.clear()
        target = self.desk.target(at.page)
        half = NOTE_SIZE_PT * target.mark_scale / 2
        x = min(max(at.x, half), target.size.width_pt - half)
        y = min(max(at.y, half), target.size.height_pt - half)
        anchor = anchor_box(target, (x - half, y - half), (x + half, y + half))
        self.desk.create(self._kind, anchor)
        return True

    def put_size(self, page: int, room: QSizeF) -> QSizeF | None:
        """A sign has one size, which grows with large sheets alone."""
        del room
        side = NOTE_SIZE_PT * self.desk.target(page).mark_scale
        return QSizeF(side, side)

    def put(self, page: int, rect: QRectF) -> None:
        """As a click there would."""
        self.press(PagePoint(page, rect.center().x(), rect.center().y()), QPointF())

    def cursor(self, at: PagePoint | None) -> Qt.CursorShape:
        """A cross on the pages."""
        return Qt.CursorShape.CrossCursor if at is not None else Qt.CursorShape.ArrowCursor
