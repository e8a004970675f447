"""Waves under wrong words of one text. They are laid over it: the text and its undo are never touched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from assessor_app.services.spelling import Checked
from assessor_app.ui.theme import colours_of

PAUSE_MS = 300
"""A text is looked through so long after a change, and while typing goes on no more often than that."""
_MARGIN_CHARS = 80
MOST_WAVES = 400
"""More wrong words than that get no wave: the text is in another language."""


Span = tuple[int, int]
"""Start and end of a word, in UTF-16 units as Qt counts."""


class Checks(Protocol):
    """Looks for wrong words elsewhere, and answers later."""

    def __call__(self, owner: QObject, text: str, done: Callable[[Checked], None]) -> None:
        """Call `done` on the GUI thread; an earlier question of the same owner is dropped."""
        ...


class SpellingMarks(QObject):
    """Watches one text. The word that the cursor stands in is being written: it is left alone."""

    changed = Signal()
    """Other words have waves now."""

    def __init__(self, edit: QPlainTextEdit, check: Checks) -> None:
        """Watch a text, at once.

        Args:
            edit: the text; owns this object.
            check: finds what is wrong.
        """
        super().__init__(edit)
        self._edit, self._check = edit, check
        self._wrong: list[Span] = []
        """Places, not cursors: making one costs half a millisecond in a paragraph of thousands of words."""
        self._shifts: list[tuple[int, int, int]] | None = None
        """What was changed since the question that is under way: place, removed, added; None: none is."""
        self._is_written = False
        self._shown: list[Span] | None = None
        """Which of the wrong words have waves now; None where they must be laid anew."""
        self._view = (0, 0)
        """The first and the last place in the text that can be seen, with a few words more."""
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self._ask)
        edit.document().contentsChange.connect(self._contents_changed)
        edit.cursorPositionChanged.connect(self._moved)
        bar = edit.verticalScrollBar()
        bar.valueChanged.connect(self._scrolled)
        bar.rangeChanged.connect(self._scrolled)
        self.look_again()

    def look_again(self) -> None:
        """Look through the text, such as after another language was chosen."""
        self._ask()

    def wrong_at(self, position: int) -> QTextCursor | None:
        """A selection of the wrong word at a place, or None."""
        return next((self._cursor(span) for span in self._wrong if span[0] <= position <= span[1]), None)

    def next_wrong(self, position: int) -> QTextCursor | None:
        """A selection of the wrong word at a place, else the next one, else the first; None for none."""
        after = [span for span in self._wrong if span[1] >= position] or self._wrong
        return self._cursor(after[0]) if after else None

    def words(self) -> list[str]:
        """The words that have waves, in their order; those out of view too."""
        due = [span for span in self._wrong if not self._is_being_written(span)]
        return [self._cursor(span).selectedText() for span in due]

    @Slot()
    def refresh(self) -> None:
        """Lay the waves of the words in view, if others are due than those that are there."""
        first, last = self._view
        due = [
            span
            for span in self._wrong
            if span[1] >= first and span[0] <= last and not self._is_being_written(span)
        ]
        if due == self._shown:
            return
        self._shown = due
        look = QTextCharFormat()
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        look.setUnderlineColor(QColor(colours_of(self._edit).danger))
        shown = []
        for span in due:
            selection = QTextEdit.ExtraSelection()
            selection.cursor, selection.format = self._cursor(span), look
            shown.append(selection)
        self._edit.setExtraSelections(shown)

    # ---- inside ----

    @Slot()
    def _scrolled(self) -> None:
        port = self._edit.viewport().rect()
        first = self._edit.cursorForPosition(port.topLeft()).position()
        last = self._edit.cursorForPosition(port.bottomRight()).position()
        self._view = (first - _MARGIN_CHARS, last + _MARGIN_CHARS)
        self.refresh()

    def _cursor(self, span: Span) -> QTextCursor:
        cursor = QTextCursor(self._edit.document())
        cursor.setPosition(span[0])
        cursor.setPosition(span[1], QTextCursor.MoveMode.KeepAnchor)
        return cursor

    @Slot(int, int, int)
    def _contents_changed(self, place: int, removed: int, added: int) -> None:
        change = [(place, removed, added)]
        if self._shifts is not None:
            self._shifts += change
        self._wrong = _moved_along(self._wrong, change)
        if self._shown is not None:
            # The waves that are laid move by themselves; that of a word that was changed is taken away.
            moved = _moved_along(self._shown, change)
            self._shown = moved if len(moved) == len(self._shown) else None
        self._is_written = True
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _moved(self) -> None:
        """Typing moves the cursor too; when it leaves a word by itself, that word is finished."""
        if not self._timer.isActive():
            self._is_written = False
        self.refresh()

    @Slot()
    def _ask(self) -> None:
        self._shifts = []
        self._check(self, self._edit.toPlainText(), self._take)

    def _take(self, checked: Checked) -> None:
        shifts, self._shifts = self._shifts or [], None
        self._wrong, self._shown = _moved_along(checked.spans[:MOST_WAVES], shifts), None
        self._scrolled()
        self.changed.emit()

    def _is_being_written(self, span: Span) -> bool:
        if not self._is_written or not self._edit.hasFocus():
            return False
        return span[0] < self._edit.textCursor().position() <= span[1]


def _moved_along(spans: Sequence[Span], changes: Sequence[tuple[int, int, int]]) -> list[Span]:
    """Where words stand after changes; those that were touched are left out."""
    moved = (_shifted(start, end, changes) for start, end in spans)
    return [span for span in moved if span is not None]


def _shifted(start: int, end: int, shifts: Sequence[tuple[int, int, int]]) -> tuple[int, int] | None:
    """Where a word stands after changes; None if they touched it."""
    for place, removed, added in shifts:
        if place + removed <= start:
            start, end = start + added - removed, end + added - removed
        elif place < end:
            return None
    return start, end
