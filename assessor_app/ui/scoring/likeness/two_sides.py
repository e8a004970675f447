"""Two things beside each other, each with half the width; one below the other where it is narrow."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from assessor_app.ui.theme import space

_NARROW_IN_CHARS = 62


class TwoSides(QWidget):
    """The left or upper one is this submission's, the right or lower one the other's."""

    def __init__(self, here: QWidget, there: QWidget, parent: QWidget | None = None) -> None:
        """Put the two side by side."""
        super().__init__(parent)
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(space(self, 3))
        for side in (here, there):
            self._box.addWidget(side, 1)

    @property
    def is_side_by_side(self) -> bool:
        """Whether there is room for both in one line."""
        return self._box.direction() is QBoxLayout.Direction.LeftToRight

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may need another arrangement."""
        super().resizeEvent(event)
        directions = QBoxLayout.Direction
        is_narrow = self.width() < self.fontMetrics().averageCharWidth() * _NARROW_IN_CHARS
        wanted = directions.TopToBottom if is_narrow else directions.LeftToRight
        if wanted is not self._box.direction():
            self._box.setDirection(wanted)
            self.updateGeometry()
