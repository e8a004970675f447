"""The page number in the bar, to read and to type."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget


class PageField(QLineEdit):
    """The page number, to read and to type."""

    chosen = Signal(int)
    """Page index from 0 that was typed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page, self._count = 0, 0
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setAccessibleName(self.tr("Page number"))
        self._fit()
        self.returnPressed.connect(self._take)

    def changeEvent(self, event: QEvent) -> None:
        """Room for four digits at any size of text."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        self.setFixedWidth(round(self.fontMetrics().averageCharWidth() * 8))

    def show_page(self, page: int, count: int) -> None:
        """Show where the reader is, unless she is typing."""
        self._page, self._count = page, count
        if not self.hasFocus() or not self.isModified():
            self.setText(str(page + 1))

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What was typed and not sent is forgotten."""
        super().focusOutEvent(event)
        self.setText(str(self._page + 1))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc puts the number back."""
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self.setText(str(self._page + 1))
            return
        super().keyPressEvent(event)

    @Slot()
    def _take(self) -> None:
        text = self.text().strip()
        self.setModified(False)
        if text.isdecimal() and len(text) < 8:
            self.chosen.emit(min(max(int(text), 1), max(1, self._count)) - 1)
        self.setText(str(self._page + 1))
