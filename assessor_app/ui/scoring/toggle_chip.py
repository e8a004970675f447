"""A chip that is on or off and keeps its width when its words turn bold."""

from __future__ import annotations

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QPushButton, QWidget


class ToggleChip(QPushButton):
    """A checkable chip with room for its words in bold."""

    def __init__(self, text: str = "", parent: QWidget | None = None) -> None:
        """Begin off."""
        super().__init__(text, parent)
        self.setProperty("kind", "chip")
        self.setCheckable(True)
        self.toggled.connect(self._wear_weight)

    @Slot(bool)
    def _wear_weight(self, is_on: bool) -> None:
        """Be bold as the style sheet is, so that Qt places an icon beside the words as wide as they are."""
        font = QFont()
        font.setWeight(QFont.Weight.DemiBold if is_on else QFont.Weight.Normal)
        self.setFont(font)

    def sizeHint(self) -> QSize:
        """As wide as the words are in bold."""
        return self._with_bold_words(super().sizeHint())

    def minimumSizeHint(self) -> QSize:
        """As wide as the words are in bold; Qt's own asks `sizeHint`, which would count them twice."""
        return self.sizeHint()

    def _with_bold_words(self, hint: QSize) -> QSize:
        bold = QFont(self.font())
        bold.setWeight(QFont.Weight.Bold)
        widths = [QFontMetricsF(font).horizontalAdvance(self.text()) for font in (self.font(), bold)]
        return QSize(hint.width() + round(widths[1] - widths[0]) + 2, hint.height())
