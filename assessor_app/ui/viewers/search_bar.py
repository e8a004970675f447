"""The search bar above the evidence: words, how many hits, next and previous."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QToolButton, QWidget

from assessor_app.ui.announce import announce
from assessor_app.ui.icons import dress
from assessor_app.ui.plain_text import plain_label, set_plain_tooltip
from assessor_app.ui.theme import space

_TYPING_MS = 80


class SearchBar(QFrame):
    """Takes the words and says what was found; the search itself is somebody else's.

    Args:
        parent: Qt parent.
    """

    query_changed = Signal(str)
    """What to look for; empty for nothing."""
    step = Signal(int)
    """1 for the next hit, -1 for the previous."""
    closed = Signal()
    """The bar was closed."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", "raised")
        self.setAccessibleName(self.tr("Find in the evidence"))
        row = QHBoxLayout(self)
        row.setContentsMargins(*(space(self, quarters) for quarters in (3, 1.5, 2, 1.5)))
        row.setSpacing(space(self, 1.5))
        self.field = QLineEdit(self)
        self.field.setAccessibleName(self.tr("Words to find"))
        self.field.setPlaceholderText(self.tr("Find in this piece of evidence"))
        self.field.setClearButtonEnabled(True)
        for button in self.field.findChildren(QToolButton):
            button.setAccessibleName(self.tr("Clear the words"))
        self.field.setMaximumWidth(round(self.fontMetrics().averageCharWidth() * 44))
        self.result = plain_label("", "quiet")
        self.result.setMinimumWidth(round(self.fontMetrics().averageCharWidth() * 16))
        row.addWidget(self.field, 3)
        self.previous_button = self._button("chevron-up", self.tr("Previous hit (Shift+F3)"))
        self.next_button = self._button("chevron-down", self.tr("Next hit (F3)"))
        row.addWidget(self.previous_button)
        row.addWidget(self.next_button)
        row.addWidget(self.result)
        row.addStretch(1)
        self.close_button = self._button("x", self.tr("Close the search (Esc)"))
        row.addWidget(self.close_button)
        self._timer = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._timer.timeout.connect(self._look)
        self._sent = ""
        self.field.textChanged.connect(self._typed)
        self.previous_button.clicked.connect(self._previous)
        self.next_button.clicked.connect(self._next)
        self.close_button.clicked.connect(self.leave)
        self.hide()

    def open(self, words: str = "") -> None:
        """Show the bar with the keyboard in it; words that are selected are looked for."""
        self.show()
        if words:
            self.field.setText(words)
        self.field.selectAll()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._look()

    @Slot()
    def leave(self) -> None:
        """Close the bar and forget the hits."""
        self._timer.stop()
        self._sent = ""
        self.hide()
        self.query_changed.emit("")
        self.closed.emit()

    def show_result(self, number: int, count: int, *, is_running: bool, unread_pages: int = 0) -> None:
        """Say what was found.

        Args:
            number: which hit is shown, from 1; 0 for none.
            count: hits so far.
            is_running: whether there are pages left to read.
            unread_pages: pages that could not be read.
        """
        if not self.field.text().strip():
            words = ""
        elif count:
            words = self.tr("{number} of {count}").format(number=number, count=count)
            words += "…" if is_running else ""
        else:
            words = self.tr("Searching…") if is_running else self.tr("Not found")
        if unread_pages and not is_running:
            words += " " + self.tr("(pages that could not be read: {count})").format(count=unread_pages)
        if words != self.result.text():
            self.result.setText(words)
            if not is_running:
                announce(self, words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return and F3 go on, with Shift back; Esc closes."""
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            is_back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if self.field.text() != self._sent:
                self._look()
            else:
                self.step.emit(-1 if is_back else 1)
        elif event.matches(QKeySequence.StandardKey.FindNext):
            self.step.emit(1)
        elif event.matches(QKeySequence.StandardKey.FindPrevious):
            self.step.emit(-1)
        else:
            super().keyPressEvent(event)

    @Slot()
    def _typed(self) -> None:
        self._timer.start()

    @Slot()
    def _look(self) -> None:
        self._timer.stop()
        if self.field.text() != self._sent:
            self._sent = self.field.text()
            self.query_changed.emit(self._sent)

    @Slot()
    def _previous(self) -> None:
        self.step.emit(-1)

    @Slot()
    def _next(self) -> None:
        self.step.emit(1)

    def _button(self, icon: str, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setAccessibleName(name)
        set_plain_tooltip(button, name)
        dress(button, icon)
        return button
