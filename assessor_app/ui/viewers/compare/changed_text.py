"""A text with its changes: what was added is underlined, what was taken away is struck out, both shaded."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QColor, QContextMenuEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from assessor_app.documents.anchoring import plain_text
from assessor_app.documents.difference import Change
from assessor_app.ui.theme import colours_of, mixed, scaled_font
from assessor_app.ui.viewers.compare.change_overlay import ADDED, REMOVED

_READING_PERCENT = 106
_SHARE, _CURRENT_SHARE = 0.2, 0.45


class ChangedText(QPlainTextEdit):
    """Shows one side of a comparison of texts.

    Args:
        parent: Qt parent.
        is_new: whether it is the present version's side.
    """

    moved = Signal()
    """The text stands elsewhere in the view."""

    def __init__(self, parent: QWidget | None = None, *, is_new: bool) -> None:
        super().__init__(parent)
        self._is_new = is_new
        self._changes: Sequence[Change] = ()
        self._current: Change | None = None
        self._text = ""
        self._wide: list[int] = []
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setStyleSheet(
            "QPlainTextEdit { background: palette(base); }"
            "QPlainTextEdit:!focus { border: 1px solid transparent; margin: 1px; }"
        )
        self.setFont(scaled_font(_READING_PERCENT))
        self.verticalScrollBar().valueChanged.connect(self._tell_moved)

    @property
    def length(self) -> int:
        """Code points of the text."""
        return len(self._text)

    def show_text(self, text: str) -> None:
        """Show another text, without changes yet."""
        self._text = plain_text(text)
        self._wide = [at for at, character in enumerate(self._text) if character > "\uffff"]
        self._changes, self._current = (), None
        self.setPlainText(self._text)
        self._shade()

    def show_changes(self, changes: Sequence[Change]) -> None:
        """Mark what differs."""
        self._changes = changes
        self._shade()

    def go_to(self, change: Change) -> None:
        """Bring a change into view and mark it as the one at hand."""
        self._current = change
        near = change.new_near if self._is_new else change.old_near
        self.setTextCursor(self._cursor(near.start, near.start))
        self.centerCursor()
        self._shade()

    def offset_at_top(self) -> int:
        """The code point in the first line of the view."""
        position = self.cursorForPosition(self.viewport().rect().topLeft()).position()
        return position - bisect_left(self._wide, position, key=self._unit)

    def put_at_top(self, offset: int) -> None:
        """Scroll so that a code point stands in the first line of the view."""
        block = self._cursor(offset, offset)
        line = block.block().firstLineNumber()
        layout = block.block().layout()
        within = layout.lineForTextPosition(block.positionInBlock()).lineNumber() if layout.lineCount() else 0
        self.verticalScrollBar().setValue(line + within)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """No menu of its own: what can be done stands in the bar."""
        event.ignore()

    def changeEvent(self, event: QEvent) -> None:
        """Shades follow the scheme, and letters the person's text size."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.ApplicationFontChange:
            self.setFont(scaled_font(_READING_PERCENT))
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_changes"):
            self._shade()

    @Slot()
    def _tell_moved(self) -> None:
        self.moved.emit()

    def _shade(self) -> None:
        colours = colours_of(self)
        surface = colours.surface
        colour = ADDED if self._is_new else REMOVED
        shown: list[QTextEdit.ExtraSelection] = []
        for change in self._changes:
            look = QTextCharFormat()
            share = _CURRENT_SHARE if change is self._current else _SHARE
            look.setBackground(QColor(mixed(surface, colour, share)))
            if self._is_new:
                look.setFontUnderline(True)
                look.setUnderlineColor(QColor(colours.text))
            else:
                look.setFontStrikeOut(True)
            for place in change.new if self._is_new else change.old:
                shade = QTextEdit.ExtraSelection()
                shade.cursor = self._cursor(place.start, place.end)
                shade.format = look
                shown.append(shade)
        self.setExtraSelections(shown)

    def _cursor(self, start: int, end: int) -> QTextCursor:
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._unit(start))
        cursor.setPosition(self._unit(end), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _unit(self, code_point: int) -> int:
        """Where a code point begins in UTF-16 units, as Qt counts."""
        code_point = min(max(0, code_point), len(self._text))
        return code_point + bisect_left(self._wide, code_point)
