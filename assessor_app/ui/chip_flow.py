"""Chips side by side that go on in the next line where room is short."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class ChipFlow(QLayout):
    """Lays widgets out from left to right, in as few lines as fit; hidden ones take no room."""

    def __init__(self, gap: int, parent: QWidget | None = None) -> None:
        """Start empty.

        Args:
            gap: pixels between chips and between lines.
            parent: the widget that is laid out.
        """
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._gap = gap
        self.setContentsMargins(0, 0, 0, 0)

    def addItem(self, item: QLayoutItem) -> None:
        """Qt's own way in."""
        self._items.append(item)

    def count(self) -> int:
        """How many widgets."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """One of them; None behind the last."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Take one out; None behind the last."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """It takes no more room than it needs."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """More lines make it higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of all lines at a width."""
        return self._arrange(width, QPoint(0, 0), moves=False)

    def sizeHint(self) -> QSize:
        """As wide as the widest chip; the rest goes below."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """Room for the widest chip."""
        size = QSize()
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        return size

    def setGeometry(self, rect: QRect) -> None:
        """Lay out anew."""
        super().setGeometry(rect)
        self._arrange(rect.width(), rect.topLeft(), moves=True)

    def _arrange(self, width: int, at: QPoint, *, moves: bool) -> int:
        """Place everything; returns the height."""
        shown = [item for item in self._items if not item.isEmpty()]
        line = max((item.sizeHint().height() for item in shown), default=0)
        x = y = 0
        for item in shown:
            size = item.sizeHint().boundedTo(QSize(width, line))
            if x and x + size.width() > width:
                x, y = 0, y + line + self._gap
            if moves:
                item.setGeometry(QRect(at + QPoint(x, y), QSize(size.width(), line)))
            x += size.width() + self._gap
        return y + line
