"""Words selected by keys: from the first word in view, or on from what is selected already."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QCoreApplication, QRectF

from assessor_app.documents.pages import PageText, Word
from assessor_app.ui.annotate.shapes import word_index
from assessor_app.ui.annotate.sheet import Sheet
from assessor_app.ui.annotate.text_selection import TextSelection
from assessor_app.ui.announce import announce

Way = tuple[int, int]
"""Words on (1) or back (-1), lines down (1) or up (-1); one of the two is 0."""


def tr(text: str) -> str:
    """The translation of a text of this module."""
    return QCoreApplication.translate("WordKeys", text)


class WordKeys:
    """Extends and moves the selected words of a page, whole words at a time.

    Args:
        sheet: the page view; it is scrolled along.
        text_of: the words of a page; None while they are on their way.
        selection: the selected words.
    """

    def __init__(
        self, sheet: Sheet, text_of: Callable[[int], PageText | None], selection: TextSelection
    ) -> None:
        self._sheet, self._text_of, self._selection = sheet, text_of, selection
        self._ends = (0, 0)
        """Indices of the word that stays and the word that moves, as they were left."""

    def extend(self, way: Way) -> None:
        """Select up to another word; with nothing selected, the first word or line in view."""
        self._go(way, keeps_start=True)

    def move(self, way: Way) -> None:
        """Select as many words elsewhere; with nothing selected, the first word in view."""
        self._go(way, keeps_start=False)

    def _go(self, way: Way, *, keeps_start: bool) -> None:
        selected = self._selection.page if self._selection.span is not None else None
        page = self._sheet.page if selected is None else selected
        text = self._text_of(page)
        if text is None:
            # They are asked for now; the key works once they are here.
            self._say(tr("The words of this page are being read"))
            return
        before = () if selected is None else self._selected_words(text)
        if selected is None:
            first = self._first_in_view(page, text.words)
            if first is None:
                self._say(tr("No words in view") if text.words else tr("No words on this page"))
                return
            fixed = moving = first
            if way[1] and keeps_start:
                moving = _line_end(text.words, first)
        else:
            fixed, moving = self._known_ends(text)
            by = _step(text.words, moving, way)
            if not keeps_start:
                low, high = min(fixed, moving), max(fixed, moving)
                by = max(-low, min(by, len(text.words) - 1 - high))
                fixed += by
            moving += by
        self._select(page, text, fixed, moving)
        self._say(change_words(text, before, self._selected_words(text)))

    def _select(self, page: int, text: PageText, fixed: int, moving: int) -> None:
        self._ends = (fixed, moving)
        first, last = text.words[min(fixed, moving)], text.words[max(fixed, moving)]
        self._selection.select(page, first.start, last.start + len(last.text))
        end = text.words[moving]
        self._sheet.show_rect(page, QRectF(end.x0, end.y0, end.x1 - end.x0, end.y1 - end.y0))

    def _selected_words(self, text: PageText) -> tuple[int, ...]:
        """The indices of the selected words."""
        span = self._selection.span
        if span is None or not text.words:
            return ()
        return tuple(range(word_index(text, span[0]), word_index(text, span[1] - 1) + 1))

    def _known_ends(self, text: PageText) -> tuple[int, int]:
        """The ends as they were left, unless something else was selected since."""
        words = self._selected_words(text)
        if (min(self._ends), max(self._ends)) == (words[0], words[-1]):
            return self._ends
        return words[0], words[-1]

    def _first_in_view(self, page: int, words: Sequence[Word]) -> int | None:
        view = QRectF(self._sheet.viewport().rect())
        for index, word in enumerate(words):
            box = QRectF(word.x0, word.y0, word.x1 - word.x0, word.y1 - word.y0)
            if view.contains(self._sheet.rect_in_view(page, box)):
                return index
        return None

    def _say(self, words: str) -> None:
        announce(self._sheet.viewport(), words)


def change_words(text: PageText, before: Sequence[int], after: Sequence[int]) -> str:
    """What a screen reader says: the words that came in or went, or all that are selected now.

    Args:
        text: the page.
        before: indices of the words that were selected.
        after: indices of those that are.
    """
    old, new = set(before), set(after)
    if old == new:
        return tr("No more words there")
    if new < old:
        return tr("{words}, no longer selected").format(words=_joined(text, sorted(old - new)))
    come = sorted(new - old) if old < new else sorted(new)
    return tr("{words}, selected").format(words=_joined(text, come))


def _joined(text: PageText, indices: Sequence[int]) -> str:
    return " ".join(text.words[index].text for index in indices)


def _step(words: Sequence[Word], index: int, way: Way) -> int:
    """By how many words the key goes from a word; 0 at the page's ends."""
    if way[0]:
        return max(0, min(index + way[0], len(words) - 1)) - index
    down = way[1] > 0
    there = _line_end(words, index) + 1 if down else _line_start(words, index) - 1
    if not 0 <= there < len(words):
        # Beyond the last line is its end, beyond the first its beginning.
        return (len(words) - 1 if down else 0) - index
    line = range(_line_start(words, there), _line_end(words, there) + 1)
    x = (words[index].x0 + words[index].x1) / 2
    return min(line, key=lambda at: max(words[at].x0 - x, 0.0, x - words[at].x1)) - index


def _line_start(words: Sequence[Word], index: int) -> int:
    while index > 0 and _line(words[index - 1]) == _line(words[index]):
        index -= 1
    return index


def _line_end(words: Sequence[Word], index: int) -> int:
    while index + 1 < len(words) and _line(words[index + 1]) == _line(words[index]):
        index += 1
    return index


def _line(word: Word) -> tuple[int, int]:
    return word.block, word.line
