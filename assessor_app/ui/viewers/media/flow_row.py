"""Groups of controls side by side that go on in the next row where room is short."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from assessor_app.ui.theme import space


class FlowRow(QFrame):
    """Lays its groups out in as few rows as fit; the last group of the first row goes to the right edge.

    Args:
        parent: Qt parent.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._groups: tuple[QWidget, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def set_groups(self, groups: Sequence[QWidget]) -> None:
        """The groups, in order; each is shown and hidden as its owner likes."""
        self._groups = tuple(groups)
        for group in groups:
            group.setParent(self)
            group.installEventFilter(self)
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        """More rows make it higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of all rows at a width."""
        rows = self._rows(width)
        gap = self._gap()
        heights = [max(group.sizeHint().height() for group in row) for row in rows]
        return sum(heights) + gap * max(0, len(rows) - 1) + 2 * gap

    def sizeHint(self) -> QSize:
        """All in one row."""
        wanted = sum(group.sizeHint().width() + self._gap() * 3 for group in self._shown())
        return QSize(wanted, self.heightForWidth(max(wanted, self.width())))

    def minimumSizeHint(self) -> QSize:
        """As wide as the widest group."""
        widest = max((group.minimumSizeHint().width() for group in self._shown()), default=0)
        return QSize(widest + 2 * self._gap(), self.heightForWidth(max(widest, self.width())))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay out anew."""
        super().resizeEvent(event)
        self._lay_out()

    def eventFilter(self, _watched: object, event: QEvent) -> bool:
        """A group has another size, or is shown or hidden."""
        kinds = (QEvent.Type.LayoutRequest, QEvent.Type.ShowToParent, QEvent.Type.HideToParent)
        if event.type() in kinds:
            self.updateGeometry()
            self._lay_out()
        return False

    def _gap(self) -> int:
        return space(self, 1)

    def _shown(self) -> list[QWidget]:
        return [group for group in self._groups if not group.isHidden()]

    def _rows(self, width: int) -> list[list[QWidget]]:
        """The groups by rows."""
        rows: list[list[QWidget]] = []
        left = 0
        for group in self._shown():
            needed = group.sizeHint().width() + 2 * self._gap()
            if not rows or needed > left:
                rows.append([])
                left = width - 2 * self._gap()
            rows[-1].append(group)
            left -= needed
        return rows

    def _lay_out(self) -> None:
        gap, y = self._gap(), self._gap()
        for row in self._rows(self.width()):
            height = max(group.sizeHint().height() for group in row)
            x = gap
            for index, group in enumerate(row):
                width = min(group.sizeHint().width(), self.width() - 2 * gap)
                is_last = index == len(row) - 1 and index > 0
                at = self.width() - gap - width if is_last else x
                group.setGeometry(at, y, width, height)
                x += width + 2 * gap
            y += height + gap
