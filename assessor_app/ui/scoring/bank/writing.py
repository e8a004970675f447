"""A "/" in a text brings the comments that fit; Tab goes through what is left to fill in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QTextCursor
from PySide6.QtWidgets import QAbstractScrollArea, QPlainTextEdit

from assessor_app.domain.comment_bank import (
    BankEntry,
    CommentBank,
    WritingPlace,
    fill,
    leftover_placeholders,
)
from assessor_app.domain.ids import SubmissionId
from assessor_app.ui.announce import announce
from assessor_app.ui.scoring.bank.offer_list import MOST_OFFERED, OfferList, OfferRow, OfferWords, in_window
from assessor_app.ui.scoring.bank.slash import asks_for_comments, may_go_on, utf16

_TAKING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
_STEPS = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
_PAGES = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}


@dataclass(frozen=True, slots=True)
class Writing:
    """Where a text is written, and what is known there."""

    place: WritingPlace = field(default_factory=WritingPlace)
    answers: Mapping[str, str] = field(default_factory=dict)
    """By placeholder name."""
    submission_id: SubmissionId | None = None


class BankWriting(QObject):
    """Watches one text for as long as it lives; the text itself knows nothing of it."""

    used = Signal(object)
    """The BankEntry that was inserted."""

    def __init__(
        self,
        edit: QPlainTextEdit,
        bank: Callable[[], CommentBank],
        writing: Callable[[], Writing],
        now: Callable[[], datetime],
    ) -> None:
        """Watch a text.

        Args:
            edit: the text; owns this object.
            bank: the entries, asked for whenever they are needed.
            writing: where the text is written, as it is now.
            now: the present, aware.
        """
        super().__init__(edit)
        self._edit, self._bank, self._writing, self._now = edit, bank, writing, now
        self._offers: OfferList | None = None
        self._words = OfferWords(edit)
        self._words.hide()
        self._slash: int | None = None
        """Where the "/" stands, in UTF-16 units, while something is looked for."""
        self._asked = ""
        """What the list was last made for: one key changes text and cursor, and asks twice."""
        self._is_typing_slash = False
        self._is_inserting = False
        self._unsure: list[QTextCursor] = []
        """Answers that were filled in and not looked at yet."""
        edit.installEventFilter(self)
        edit.textChanged.connect(self._text_changed)
        edit.cursorPositionChanged.connect(self._follow)
        area = _scroll_area_around(edit)
        if area is not None:
            area.verticalScrollBar().valueChanged.connect(self._move)

    # ---- for others ----

    @property
    def offers(self) -> OfferList | None:
        """The list, once there was one."""
        return self._offers

    @property
    def is_offering(self) -> bool:
        """Whether the list is shown."""
        return self._offers is not None and self._offers.isVisible()

    @Slot()
    def ask(self) -> None:
        """Offer comments at the cursor, as if a "/" had been typed there."""
        if self._edit.isReadOnly():
            return
        before = self._line_before(self._edit.textCursor())
        self._is_typing_slash = True
        self._edit.textCursor().insertText("/" if asks_for_comments(before) else " /")

    @Slot(object)
    def insert(self, entry: BankEntry) -> None:
        """Put an entry in the place of what is looked for, or of the selection; one step of undo."""
        filled = fill(entry.text, self._writing().answers)
        cursor = self._edit.textCursor()
        if self._slash is not None:
            end = cursor.position()
            cursor.setPosition(self._slash)
            cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        begin = cursor.selectionStart()
        self.close()
        self._is_inserting = True
        cursor.insertText(filled.text)
        self._is_inserting = False
        self._unsure = []
        for start, end in filled.stops:
            if not leftover_placeholders(filled.text[start:end]):
                self._unsure.append(
                    self._selected(begin + utf16(filled.text[:start]), begin + utf16(filled.text[:end]))
                )
        if filled.stops:
            start, end = filled.stops[0]
            self._select(begin + utf16(filled.text[:start]), begin + utf16(filled.text[:end]))
        else:
            self._edit.setTextCursor(cursor)
        self.used.emit(entry)

    @Slot()
    def close(self) -> None:
        """Take the list away; what was typed stays as text."""
        self._slash = None
        if self._offers is not None:
            self._offers.hide()

    # ---- keyboard ----

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Take the keys that belong to the list or to a stop; everything else is the text's."""
        kind = event.type()
        if kind is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if self.is_offering and self._is_for_list(event):
                event.accept()
                return True
        elif kind is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            self._is_typing_slash = event.text() == "/"
            if self.is_offering and self._is_for_list(event):
                self._use_key(Qt.Key(event.key()))
                return True
            if event.key() == Qt.Key.Key_Tab and _is_plain(event):
                return self._next_stop()
        elif kind is QEvent.Type.InputMethod and isinstance(event, QInputMethodEvent):
            self._is_typing_slash = event.commitString() == "/"
        elif kind in (QEvent.Type.FocusOut, QEvent.Type.Hide):
            self.close()
        return False

    @staticmethod
    def _is_for_list(event: QKeyEvent) -> bool:
        key = Qt.Key(event.key())
        return _is_plain(event) and (key in (*_TAKING, Qt.Key.Key_Escape) or key in _STEPS or key in _PAGES)

    def _use_key(self, key: Qt.Key) -> None:
        assert self._offers is not None
        if key in _STEPS:
            self._offers.step(_STEPS[key])
        elif key in _PAGES:
            self._offers.page(_PAGES[key])
        elif key is Qt.Key.Key_Escape:
            self.close()
        else:
            entry = self._offers.current()
            if entry is not None:
                self.insert(entry)

    # ---- looking for ----

    @Slot()
    def _text_changed(self) -> None:
        if self._is_inserting:
            return
        if self._is_typing_slash:
            self._is_typing_slash = False
            cursor = self._edit.textCursor()
            before = self._line_before(cursor)
            if before.endswith("/") and asks_for_comments(before[:-1]):
                self._slash = cursor.position() - 1
        self._follow()

    @Slot()
    def _follow(self) -> None:
        """Offer what fits to what stands between the "/" and the cursor."""
        if self._slash is None or self._is_inserting:
            return
        cursor = self._edit.textCursor()
        place = cursor.position() - cursor.block().position()
        slash = self._slash - cursor.block().position()
        line = cursor.block().text()
        if cursor.hasSelection() or not 0 <= slash < place or _between(line, slash, slash + 1) != "/":
            self.close()
            return
        typed = _between(line, slash + 1, place)
        if not may_go_on(typed):
            self.close()
            return
        if not (self.is_offering and typed == self._asked):
            self._asked = typed
            self._offer(typed)

    def _offer(self, typed: str) -> None:
        writing = self._writing()
        offers = self._bank().offers(typed, writing.place, self._now())[:MOST_OFFERED]
        if not offers:
            if self._offers is not None:
                self._offers.hide()
            return
        rows = [
            OfferRow(offer.entry, fill(offer.entry.text, writing.answers).text, self._words.fits(offer))
            for offer in offers
        ]
        if self._offers is None or self._offers.parentWidget() is not self._edit.window():
            self._offers = OfferList(self._edit.window())
            self._offers.chosen.connect(self.insert)
            self._edit.destroyed.connect(self._offers.deleteLater)
        self._offers.show_rows(rows, in_window(self._edit.viewport(), self._edit.cursorRect()))

    @Slot()
    def _move(self) -> None:
        if self.is_offering and self._offers is not None:
            self._offers.place(in_window(self._edit.viewport(), self._edit.cursorRect()))

    @staticmethod
    def _line_before(cursor: QTextCursor) -> str:
        return _between(cursor.block().text(), 0, cursor.position() - cursor.block().position())

    # ---- stops ----

    def _stops(self) -> list[tuple[int, int]]:
        """What is still to be gone through, in UTF-16 units."""
        text = self._edit.toPlainText()
        left = [(utf16(text[: p.start]), utf16(text[: p.end])) for p in leftover_placeholders(text)]
        self._unsure = [cursor for cursor in self._unsure if cursor.hasSelection()]
        unsure = [(cursor.selectionStart(), cursor.selectionEnd()) for cursor in self._unsure]
        return sorted({*left, *unsure})

    def _next_stop(self) -> bool:
        """Select what is to be filled in next; False where there is nothing more, so that Tab leaves.

        From one stop it goes on to the next, never round: whoever fills in nothing is not held here.
        """
        if self._edit.isReadOnly():
            return False
        cursor = self._edit.textCursor()
        here = (cursor.selectionStart(), cursor.selectionEnd())
        stops = self._stops()
        self._unsure = [c for c in self._unsure if (c.selectionStart(), c.selectionEnd()) != here]
        later = [stop for stop in stops if stop[0] >= here[1] and stop != here]
        wanted = later or ([] if here in stops else [stop for stop in stops if stop != here])
        if not wanted:
            return False
        self._select(*wanted[0])
        return True

    def _select(self, start: int, end: int) -> None:
        cursor = self._selected(start, end)
        self._edit.setTextCursor(cursor)
        announce(self._edit, self.tr("Fill in: {words}").format(words=cursor.selectedText().strip("{} ")))

    def _selected(self, start: int, end: int) -> QTextCursor:
        cursor = QTextCursor(self._edit.document())
        cursor.setPosition(start)
        cursor.setPosition(end, QTextCursor.MoveMode.KeepAnchor)
        return cursor


def _is_plain(event: QKeyEvent) -> bool:
    """Whether no Shift, Ctrl or Alt is held."""
    return not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier


def _between(text: str, start: int, end: int) -> str:
    """A piece of a text by places in UTF-16 units."""
    if text.isascii():
        return text[start:end]
    return text.encode("utf-16-le", "surrogatepass")[2 * start : 2 * end].decode("utf-16-le", "surrogatepass")


def _scroll_area_around(edit: QPlainTextEdit) -> QAbstractScrollArea | None:
    """The page that the text scrolls with."""
    above = edit.parentWidget()
    while above is not None and not isinstance(above, QAbstractScrollArea):
        above = above.parentWidget()
    return above
