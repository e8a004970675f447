"""Numbers of lines at the left of a text."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from assessor_app.ui.theme import colours_of


class NumberedText(QPlainTextEdit):
    """A plain text that can show the numbers of its lines."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin without numbers."""
        super().__init__(parent)
        self._numbers = _Numbers(self)
        self._numbers.hide()
        self.updateRequest.connect(self._follow)
        self.blockCountChanged.connect(self._make_room)
        self.installEventFilter(self)

    def show_line_numbers(self, is_shown: bool) -> None:
        """Whether numbers stand at the left."""
        self._numbers.setVisible(is_shown)
        self._make_room()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the numbers as high as the text, and as large."""
        if watched is self and event.type() in (QEvent.Type.Resize, QEvent.Type.FontChange):
            self._make_room()
        return super().eventFilter(watched, event)

    def paint_numbers(self, area: QRect) -> None:
        """Paint the numbers of the lines that begin in view."""
        painter = QPainter(self._numbers)
        colours = colours_of(self)
        painter.fillRect(area, QColor(colours.raised))
        painter.setPen(QColor(colours.quiet))
        painter.setFont(self.font())
        block, height = self.firstVisibleBlock(), self.fontMetrics().height()
        top = self.blockBoundingGeometry(block).translated(self.contentOffset()).top()
        right = self._numbers.width() - self.fontMetrics().averageCharWidth()
        while block.isValid() and top <= area.bottom():
            bottom = top + self.blockBoundingRect(block).height()
            if block.isVisible() and bottom >= area.top():
                place = QRect(0, round(top), right, height)
                painter.drawText(place, Qt.AlignmentFlag.AlignRight, str(block.blockNumber() + 1))
            block, top = block.next(), bottom
        painter.end()

    @Slot()
    def _make_room(self) -> None:
        width = 0
        if not self._numbers.isHidden():
            digits = max(2, len(str(max(1, self.blockCount()))))
            width = self.fontMetrics().averageCharWidth() * (digits + 2)
        self.setViewportMargins(width, 0, 0, 0)
        inside = self.contentsRect()
        self._numbers.setGeometry(inside.left(), inside.top(), width, inside.height())

    @Slot(QRect, int)
    def _follow(self, area: QRect, moved_px: int) -> None:
        if moved_px:
            self._numbers.scroll(0, moved_px)
        else:
            self._numbers.update(0, area.y(), self._numbers.width(), area.height())


class _Numbers(QWidget):
    """The strip at the left; told to nobody, a screen reader knows the line itself."""

    def __init__(self, text: NumberedText) -> None:
        super().__init__(text)
        self._text = text

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what is in view."""
        self._text.paint_numbers(event.rect())
