"""The hand: moves the pages."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt

from assessor_app.documents.anchoring import PagePoint
from assessor_app.ui.annotate.tool import Desk, Tool


class HandTool(Tool):
    """Drags the pages."""

    entry_id = "tool.hand"

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._last: QPointF | None = None

    def press(self, at: PagePoint, screen: QPointF) -> bool:
        """Take hold."""
        del at
        self._last = screen
        return True

    def move(self, at: PagePoint, screen: QPointF) -> None:
        """The pages follow."""
        del at
        if self._last is not None:
            offset = screen - self._last
            self.desk.scroll_by(-offset.x(), -offset.y())
            self._last = screen

    def release(self, at: PagePoint, screen: QPointF) -> None:
        """Let go."""
        del at, screen
        self._last = None

    def cursor(self, at: PagePoint | None) -> Qt.CursorShape:
        """An open hand, or a closed one."""
        del at
        return Qt.CursorShape.ClosedHandCursor if self._last is not None else Qt.CursorShape.OpenHandCursor
