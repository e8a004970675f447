"""The eraser: takes whole marks away that it crosses, the person's own ones only."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt

from assessor_app.documents.anchoring import PagePoint
from assessor_app.domain.ids import AnnotationId
from assessor_app.ui.annotate.tool import Desk, DrawTool


class EraserTool(DrawTool):
    """Collects marks along a drag and deletes them together: one drag, one undo.

    Args:
        desk: what is worked on.
    """

    entry_id = "tool.eraser"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._touched: dict[AnnotationId, None] = {}
        self._last: PagePoint | None = None

    def press(self, at: PagePoint, screen: QPointF) -> bool:
        """Touch what lies there."""
        super().press(at, screen)
        self._touched, self._last = {}, at
        self._rub(at)
        return True

    def move(self, at: PagePoint, screen: QPointF) -> None:
        """Touch what lies on the way."""
        super().move(at, screen)
        if self.start is not None:
            self._rub(at)

    def finish(self, start: PagePoint, end: PagePoint) -> None:
        """Take away what was touched."""
        del start
        self._rub(end)
        touched, self._touched = tuple(self._touched), {}
        if touched:
            self.desk.erase(touched)

    def cancel(self) -> bool:
        """Let everything stand."""
        was_busy = bool(self._touched) or self.end is not None
        self._touched = {}
        self.desk.layer.set_faded(frozenset())
        super().cancel()
        return was_busy

    def cursor(self, at: PagePoint | None) -> Qt.CursorShape:
        """A cross, or a hand over what would go."""
        if at is not None and self._own_at(at, at):
            return Qt.CursorShape.PointingHandCursor
        return super().cursor(at)

    def _rub(self, at: PagePoint) -> None:
        before = self._last or at
        self._last = at
        for annotation_id in self._own_at(before, at):
            self._touched[annotation_id] = None
        self.desk.layer.set_faded(frozenset(self._touched))

    def _own_at(self, start: PagePoint, end: PagePoint) -> list[AnnotationId]:
        layer = self.desk.layer
        crossed = layer.crossed(end.page, (start.x, start.y), (end.x, end.y), self.desk.scale)
        return [mark.annotation.id for mark in crossed if layer.can_change(mark.annotation.id)]
