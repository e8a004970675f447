"""Buttons or words side by side; one below the other where they do not fit."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from assessor_app.ui.theme import space


class SideBySide(QWidget):
    """Never makes its surroundings wider than the widest thing in it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin empty; `box` takes the widgets."""
        super().__init__(parent)
        self.box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self.box.setContentsMargins(0, 0, 0, 0)
        self.box.setSpacing(space(self, 1.5))

    def minimumSizeHint(self) -> QSize:
        """As wide as the widest thing."""
        widths = [widget.minimumSizeHint().width() for widget in self._shown()]
        return QSize(max(widths, default=0), super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        """Everything side by side, in the height that they take now."""
        return QSize(self._needed_px(), super().sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width may need another arrangement."""
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """So may other words, another text size or another choice of what is shown."""
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
        return handled

    def _arrange(self) -> None:
        directions = QBoxLayout.Direction
        wanted = directions.LeftToRight if self.width() >= self._needed_px() else directions.TopToBottom
        if wanted is not self.box.direction():
            self.box.setDirection(wanted)
            self.updateGeometry()

    def _needed_px(self) -> int:
        shown = self._shown()
        margins = self.box.contentsMargins()
        gaps = self.box.spacing() * max(0, len(shown) - 1) + margins.left() + margins.right()
        return sum(widget.sizeHint().width() for widget in shown) + gaps

    def _shown(self) -> list[QWidget]:
        items = [self.box.itemAt(number) for number in range(self.box.count())]
        widgets = [item.widget() for item in items if item is not None]
        return [widget for widget in widgets if widget is not None and not widget.isHidden()]
