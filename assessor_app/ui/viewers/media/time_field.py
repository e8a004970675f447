"""A moment to read and to type."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from assessor_app.ui.plain_text import set_plain_tooltip
from assessor_app.ui.times import time_words, typed_time_ms


class TimeField(QLineEdit):
    """Shows a moment; a typed one is chosen with Return, or by leaving the field.

    Args:
        name: accessible name.
        parent: Qt parent.
    """

    chosen = Signal(int)
    """The moment that was typed, in milliseconds."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._time_ms = 0
        self.setAccessibleName(name)
        set_plain_tooltip(
            self, self.tr("{name}: minutes, seconds and tenths, such as 1:15.4").format(name=name)
        )
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._fit()
        self.returnPressed.connect(self._take)
        self.show_time(0)

    def show_time(self, time_ms: int) -> None:
        """Show a moment, unless somebody is typing."""
        self._time_ms = time_ms
        if not (self.hasFocus() and self.isModified()):
            self.setText(time_words(time_ms))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc puts the time back."""
        if event.key() == Qt.Key.Key_Escape and self.isModified():
            self._put_back()
            return
        super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """What was typed counts; what is no time is forgotten."""
        super().focusOutEvent(event)
        self._take()

    def changeEvent(self, event: QEvent) -> None:
        """Room for hours at any size of text."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        self.setFixedWidth(round(self.fontMetrics().averageCharWidth() * 13))

    def _put_back(self) -> None:
        self.setText(time_words(self._time_ms))
        self.setModified(False)

    @Slot()
    def _take(self) -> None:
        typed = typed_time_ms(self.text())
        was_typed = self.isModified()
        self._put_back()
        if was_typed and typed is not None:
            self.chosen.emit(typed)
