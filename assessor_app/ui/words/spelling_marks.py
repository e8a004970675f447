"""Waves under wrong words of one text. They are laid over it: the text and its undo are never touched."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from assessor_app.services.spelling import Checked
from assessor_app.ui.theme import colours_of

PAUSE_MS = 300
"""A text is looked through so long after a change, and while typing goes on no more often than that."""
MOST_WAVES = 400
"""More wrong words than that get no wave: the text is in another language."""


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
        self._wrong: list[QTextCursor] = []
        self._shifts: list[tuple[int, int, int]] | None = None
        """What was changed since the question that is under way: place, removed, added; None: none is."""
        self._is_written = False
        self._shown: list[int] | None = None
        """Which of the wrong words have waves now; None where they must be laid anew."""
        self._timer = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._timer.timeout.connect(self._ask)
        edit.document().contentsChange.connect(self._contents_changed)
        edit.cursorPositionChanged.connect(self._moved)
        self.look_again()

    def look_again(self) -> None:
        """Look through the text, such as after another language was chosen."""
        self._ask()

    def wrong_at(self, position: int) -> QTextCursor | None:
        """A selection of the wrong word at a place, or None."""
        return next((self._copy(c) for c in self._wrong if _touches(c, position)), None)

    def next_wrong(self, position: int) -> QTextCursor | None:
        """A selection of the wrong word at a place, else the next one, else the first; None for none."""
        after = [c for c in self._live() if c.selectionEnd() >= position]
        found = (after or self._live())[:1]
        return self._copy(found[0]) if found else None

    def words(self) -> list[str]:
        """The words that have waves, in their order."""
        return [cursor.selectedText() for cursor in self._live() if not self._is_being_written(cursor)]

    @Slot()
    def refresh(self) -> None:
        """Lay the waves, if others are due than those that are there."""
        due = [
            number
            for number, cursor in enumerate(self._wrong)
            if cursor.hasSelection() and not self._is_being_written(cursor)
        ]
        if due == self._shown:
            return
        self._shown = due
        look = QTextCharFormat()
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
        look.setUnderlineColor(QColor(colours_of(self._edit).danger))
        shown = []
        for number in due:
            selection = QTextEdit.ExtraSelection()
            selection.cursor, selection.format = self._wrong[number], look
            shown.append(selection)
        self._edit.setExtraSelections(shown)

    # ---- inside ----

    def _live(self) -> list[QTextCursor]:
        return [cursor for cursor in self._wrong if cursor.hasSelection()]

    def _copy(self, cursor: QTextCursor) -> QTextCursor:
        return QTextCursor(cursor)

    @Slot(int, int, int)
    def _contents_changed(self, place: int, removed: int, added: int) -> None:
        if self._shifts is not None:
            self._shifts.append((place, removed, added))
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
        document = self._edit.document()
        self._wrong, self._shown = [], None
        for start, end in checked.spans[:MOST_WAVES]:
            place = _shifted(start, end, shifts)
            if place is not None and place[1] < document.characterCount():
                cursor = QTextCursor(document)
                cursor.setPosition(place[0])
                cursor.setPosition(place[1], QTextCursor.MoveMode.KeepAnchor)
                self._wrong.append(cursor)
        self.refresh()
        self.changed.emit()

    def _is_being_written(self, cursor: QTextCursor) -> bool:
        if not self._is_written or not self._edit.hasFocus():
            return False
        return cursor.selectionStart() < self._edit.textCursor().position() <= cursor.selectionEnd()


def _touches(cursor: QTextCursor, position: int) -> bool:
    return cursor.selectionStart() <= position <= cursor.selectionEnd()


def _shifted(start: int, end: int, shifts: list[tuple[int, int, int]]) -> tuple[int, int] | None:
    """Where a word stands after changes; None if they touched it."""
    for place, removed, added in shifts:
        if place + removed <= start:
            start, end = start + added - removed, end + added - removed
        elif place < end:
            return None
    return start, end
