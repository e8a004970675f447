"""The note: a small sign at a place, for a comment that belongs to no words."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt

from assessor_app.documents.anchoring import PagePoint, anchor_box
from assessor_app.domain.annotations import AnnotationKind
from assessor_app.ui.annotate.marks import NOTE_SIZE_PT
from assessor_app.ui.annotate.tool import Tool


class NoteTool(Tool):
    """Puts a note where the page is clicked."""

    entry_id = "tool.note"

    def press(self, at: PagePoint, screen: QPointF) -> bool:
        """The place is where the button goes down."""
        del screen
        self.desk.layer.select(None)
        self.desk.selection.clear()
        target = self.desk.target(at.page)
        half = NOTE_SIZE_PT / 2
        x = min(max(at.x, half), target.size.width_pt - half)
        y = min(max(at.y, half), target.size.height_pt - half)
        anchor = anchor_box(target, (x - half, y - half), (x + half, y + half))
        self.desk.create(AnnotationKind.NOTE, anchor)
        return True

    def cursor(self, at: PagePoint | None) -> Qt.CursorShape:
        """A cross on the pages."""
        return Qt.CursorShape.CrossCursor if at is not None else Qt.CursorShape.ArrowCursor
