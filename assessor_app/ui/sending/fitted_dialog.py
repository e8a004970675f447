"""A dialog as high as its words need: a layout alone would cut wrapped words."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog


class FittedDialog(QDialog):
    """Grows and shrinks with what is in it; its width stays."""

    def showEvent(self, event: QShowEvent) -> None:
        """The width is known now."""
        super().showEvent(event)
        self.fit()

    def event(self, event: QEvent) -> bool:
        """Something in it asks for another height."""
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self.fit()
        return handled

    def fit(self) -> None:
        """As high as the words need at this width."""
        layout = self.layout()
        if layout is not None:
            height = layout.totalHeightForWidth(self.width())
            if height != self.height():
                self.setMinimumHeight(height)
                self.resize(self.width(), height)
