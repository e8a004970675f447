"""Plain text with marks on it: a written response or a text file. Offsets are code points."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QColor, QContextMenuEvent, QMouseEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from assessor_app.documents.anchoring import PLAIN_LAYER, plain_text
from assessor_app.documents.pages import PageText, SearchHit, Word
from assessor_app.documents.readable import Look, OffsetMap, ReadableText, Styled
from assessor_app.documents.text_layer import find
from assessor_app.domain.annotations import AnnotationKind
from assessor_app.ui.annotate.drafts import fill_of
from assessor_app.ui.annotate.marks import HIGHLIGHT_SHARE
from assessor_app.ui.annotate.patched_text import PatchedText, covered_runs
from assessor_app.ui.annotate.text_looks import even_font, format_of
from assessor_app.ui.theme import colours_of, luminance, mixed, scaled_font

_HIT = "#e69f00"
_READING_PERCENT = 112


_UNDERLINES = {
    AnnotationKind.UNDERLINE: QTextCharFormat.UnderlineStyle.SingleUnderline,
    AnnotationKind.NOTE: QTextCharFormat.UnderlineStyle.DotLine,
    AnnotationKind.QUESTION: QTextCharFormat.UnderlineStyle.WaveUnderline,
}
"""How marks on words that cover none of them are told apart."""


@dataclass(frozen=True, slots=True)
class TextMark:
    """A mark on the text."""

    id: str
    kind: AnnotationKind
    colour: str
    start: int
    """First code point."""
    end: int
    """One past the last."""
    opacity: float = 1.0
    is_selected: bool = False


class AnnotatedText(PatchedText):
    """Shows text as it is, or as it reads, to be read, selected, searched and marked.

    Offsets count in the text as it is written, whichever of the two is shown.

    Args:
        parent: Qt parent.
    """

    mark_clicked = Signal(str)
    """Id of the mark under a click; empty for none."""
    selected = Signal()
    """The person finished selecting words with the pointer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        # Read like a page, not like a disabled field, and not like an empty one below its last line.
        # By name: the comment box that lies over the text keeps the edges of its own field.
        self.setObjectName("annotated_text")
        self.setStyleSheet(
            "QPlainTextEdit#annotated_text { background: palette(base); }"
            "QPlainTextEdit#annotated_text:!focus { border: 1px solid transparent; margin: 1px; }"
        )
        self.setFont(scaled_font(_READING_PERCENT))
        self._text = self._shown = ""
        self._map: OffsetMap | None = None
        self._looks: tuple[Styled, ...] = ()
        self._is_even = False
        self._units: list[int] | None = None
        self._marks: Sequence[TextMark] = ()
        self._hits: Sequence[SearchHit] = ()
        self._current: SearchHit | None = None

    def show_text(self, text: str, readable: ReadableText | None = None) -> None:
        """Replace the text; marks and hits are gone.

        Args:
            text: as it is written.
            readable: what it reads like, to be shown in its place; made of the very same text.
        """
        self._text = plain_text(text)
        self._shown = readable.shown if readable is not None else self._text
        self._map = OffsetMap(readable) if readable is not None else None
        self._looks = readable.looks if readable is not None else ()
        self._units = _unit_offsets(self._shown)
        self._marks, self._hits, self._current = (), (), None
        # The looks of the text before would go on in this one.
        self.clear()
        self.setCurrentCharFormat(QTextCharFormat())
        self.setPlainText(self._shown)
        runs = covered_runs(self._shown)
        self.show_patches([(self._unit_of_shown(start), self._unit_of_shown(end)) for start, end in runs])
        self._dress_words()
        self._paint_all()

    def set_even(self, is_even: bool, *, wraps: bool = True) -> None:
        """Whether all letters are of one width, as for code, and whether long lines are wrapped."""
        self._is_even = is_even
        mode = QPlainTextEdit.LineWrapMode.WidgetWidth if wraps else QPlainTextEdit.LineWrapMode.NoWrap
        self.setLineWrapMode(mode)
        self._set_font()

    def first_in_view(self) -> int:
        """The place of the source that stands at the top of the view."""
        return self._code_point(self.cursorForPosition(self.viewport().rect().topLeft()).position())

    @property
    def text(self) -> str:
        """The text that offsets count in."""
        return self._text

    # ---- places ----

    def span(self) -> tuple[int, int] | None:
        """The selected words as code points; None when nothing is selected."""
        cursor = self.textCursor()
        if not cursor.hasSelection():
            return None
        start = self._code_point(cursor.selectionStart())
        return start, max(start, self._code_point(cursor.selectionEnd(), is_end=True))

    def select_span(self, start: int, end: int) -> None:
        """Select words and bring them into view."""
        cursor = self._cursor(start, end)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def clear_selection(self) -> None:
        """Select nothing."""
        cursor = self.textCursor()
        cursor.clearSelection()
        self.setTextCursor(cursor)

    def show_span(self, start: int) -> None:
        """Bring a place into view."""
        self.setTextCursor(self._cursor(start, start))
        self.centerCursor()

    def rect_of(self, start: int, end: int) -> QRect:
        """Where words stand in the view: from the first line's left to the last line's bottom."""
        first = self.cursorRect(self._cursor(start, start))
        last = self.cursorRect(self._cursor(end, end))
        return first.united(last)

    # ---- marks and hits ----

    def show_marks(self, marks: Sequence[TextMark]) -> None:
        """Replace the marks."""
        self._marks = marks
        self._paint_all()

    def look_for(self, query: str) -> tuple[SearchHit, ...]:
        """Every place where words stand, whatever their case and accents."""
        found = find(_as_page(self._shown), query) if query.strip() else ()
        self._hits, self._current = tuple(self._in_source(hit) for hit in found), None
        self._paint_all()
        return tuple(self._hits)

    def show_hit(self, hit: SearchHit) -> None:
        """Make a hit the current one and bring it into view."""
        self._current = hit
        self.select_span(hit.start, hit.end)
        self._paint_all()

    def mark_at(self, position: int) -> str:
        """Id of the shortest mark at a code point; empty for none."""
        over = [mark for mark in self._marks if mark.start <= position < mark.end]
        return min(over, key=lambda mark: mark.end - mark.start).id if over else ""

    # ---- Qt ----

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on a mark, or the end of selecting."""
        super().mouseReleaseEvent(event)
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        if self.textCursor().hasSelection():
            self.selected.emit()
        else:
            position = self.cursorForPosition(event.position().toPoint()).position()
            self.mark_clicked.emit(self.mark_at(self._code_point(position)))

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """No menu of its own: what can be done stands in the bar."""
        event.ignore()

    def changeEvent(self, event: QEvent) -> None:
        """Marks follow the scheme, and letters the person's text size."""
        super().changeEvent(event)
        # The style sheet puts an older font back after the application's has changed: look again then.
        looks = (QEvent.Type.ApplicationFontChange, QEvent.Type.StyleChange)
        wanted = scaled_font(_READING_PERCENT).pointSizeF()
        if event.type() in looks and hasattr(self, "_marks") and self.font().pointSizeF() != wanted:
            self._set_font()
            self._dress_words()
        if event.type() is QEvent.Type.PaletteChange and hasattr(self, "_marks"):
            self._dress_words()
            self._paint_all()

    def _set_font(self) -> None:
        font = scaled_font(_READING_PERCENT)
        self.setFont(even_font(font) if self._is_even else font)

    def _dress_words(self) -> None:
        """Give headings, code and the like their looks."""
        if not self._looks:
            return
        colours, size_pt = colours_of(self), self.font().pointSizeF()
        formats = {look: format_of(look, colours, size_pt) for look in Look}
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        for styled in self._looks:
            cursor.setPosition(self._unit_of_shown(styled.start))
            cursor.setPosition(self._unit_of_shown(styled.end), QTextCursor.MoveMode.KeepAnchor)
            cursor.mergeCharFormat(formats[styled.look])
        cursor.endEditBlock()

    def _in_source(self, hit: SearchHit) -> SearchHit:
        if self._map is None:
            return hit
        start = self._map.to_source(hit.start, is_end=False)
        return replace(hit, start=start, end=max(start, self._map.to_source(hit.end, is_end=True)))

    def _paint_all(self) -> None:
        surface = colours_of(self).surface
        shown: list[QTextEdit.ExtraSelection] = []
        for mark in self._marks:
            shown.append(self._shade(mark.start, mark.end, _format(mark, surface)))
        for hit in self._hits:
            look = QTextCharFormat()
            look.setBackground(QColor(mixed(surface, _HIT, 0.75 if hit is self._current else 0.4)))
            shown.append(self._shade(hit.start, hit.end, look))
        self.setExtraSelections(shown)

    def _shade(self, start: int, end: int, look: QTextCharFormat) -> QTextEdit.ExtraSelection:
        shade = QTextEdit.ExtraSelection()
        shade.cursor = self._cursor(start, end)
        shade.format = look
        return shade

    def _cursor(self, start: int, end: int) -> QTextCursor:
        cursor = QTextCursor(self.document())
        cursor.setPosition(self._unit(start))
        last = self._unit(end, is_end=True) if end > start else self._unit(start)
        cursor.setPosition(max(cursor.position(), last), QTextCursor.MoveMode.KeepAnchor)
        return cursor

    def _unit(self, code_point: int, *, is_end: bool = False) -> int:
        """Where a place of the source stands in the document of Qt."""
        code_point = min(max(0, code_point), len(self._text))
        if self._map is not None:
            code_point = self._map.to_shown(code_point, is_end=is_end)
        return self._unit_of_shown(code_point)

    def _unit_of_shown(self, code_point: int) -> int:
        code_point = min(code_point, len(self._shown))
        return code_point if self._units is None else self._units[code_point]

    def _code_point(self, unit: int, *, is_end: bool = False) -> int:
        """The place of the source that stands at a place of the document of Qt."""
        shown = unit if self._units is None else bisect_left(self._units, unit)
        return shown if self._map is None else self._map.to_source(shown, is_end=is_end)


def _format(mark: TextMark, surface: str) -> QTextCharFormat:
    look = QTextCharFormat()
    fill = fill_of(mark.colour)
    if mark.kind is AnnotationKind.HIGHLIGHT:
        is_light = luminance(surface) > 0.5
        share = 0.6 if is_light and mark.colour == "yellow" else HIGHLIGHT_SHARE
        look.setBackground(QColor(mixed(surface, fill, share * mark.opacity)))
    else:
        look.setBackground(QColor(mixed(surface, fill, 0.16 * mark.opacity)))
    if mark.kind is AnnotationKind.STRIKE_OUT:
        look.setFontStrikeOut(True)
    elif mark.kind is not AnnotationKind.HIGHLIGHT:
        look.setUnderlineStyle(_UNDERLINES[mark.kind])
        look.setUnderlineColor(QColor(fill))
    if mark.is_selected:
        look.setFontUnderline(True)
        look.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DashUnderline)
    return look


def _unit_offsets(text: str) -> list[int] | None:
    """Where each code point begins in UTF-16 units; None when the two are the same."""
    if not text or max(text) <= "\uffff":
        return None
    offsets = [0]
    for character in text:
        offsets.append(offsets[-1] + (2 if character > "\uffff" else 1))
    return offsets


def _as_page(text: str) -> PageText:
    """The text as one page for searching, its offsets unchanged."""
    flat = re.sub(r"\s", " ", text)
    words = tuple(
        Word(found.group(), 0.0, 0.0, 1.0, 1.0, 0, 0, found.start()) for found in re.finditer(r"\S+", flat)
    )
    return PageText(0, flat, words, PLAIN_LAYER)
