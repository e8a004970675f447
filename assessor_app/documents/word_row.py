"""The words of a page kept small: for work that holds the words of a thousand pages at once.

A `Word` is an object, and Python looks through all objects for cycles every now and then: with 400,000 of
them the window would stand still for a tenth of a second. Here they are one row of texts and one of numbers.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from dataclasses import dataclass

from assessor_app.documents.pages import TEXT_LAYER, PageText, Word

_NUMBERS = 7
"""Of each word: its box, its paragraph, its line and where it stands."""


@dataclass(frozen=True, slots=True)
class WordRow:
    """The text of one page and its words, as `PageText` has them."""

    page: int
    """Page index from 0."""
    text: str
    layer: str
    texts: tuple[str, ...]
    """The words in reading order."""
    numbers: array[float]
    """Seven for each word: x0, y0, x1, y1 in page points, paragraph, line, offset in `text`."""

    def box(self, index: int) -> tuple[float, float, float, float]:
        """The box of a word in page points: left, top, right, bottom."""
        x0, y0, x1, y1 = self.numbers[index * _NUMBERS : index * _NUMBERS + 4]
        return x0, y0, x1, y1

    def start(self, index: int) -> int:
        """Offset of a word in the text, in code points."""
        return int(self.numbers[index * _NUMBERS + 6])

    def unpacked(self) -> PageText:
        """The page with its words as objects."""
        rows = zip(*[iter(self.numbers)] * _NUMBERS, strict=True)
        words = (
            Word(text, x0, y0, x1, y1, int(block), int(line), int(start))
            for text, (x0, y0, x1, y1, block, line, start) in zip(self.texts, rows, strict=True)
        )
        return PageText(self.page, self.text, tuple(words), self.layer)


def word_row(page: PageText, vocabulary: dict[str, str]) -> WordRow:
    """The same page, kept small.

    Args:
        page: with its words.
        vocabulary: each word once, shared by the pages that are kept together; grows.
    """
    numbers: array[float] = array("d")
    for word in page.words:
        numbers.extend((word.x0, word.y0, word.x1, word.y1, word.block, word.line, word.start))
    texts = tuple(vocabulary.setdefault(word.text, word.text) for word in page.words)
    return WordRow(page.page, page.text, page.layer, texts, numbers)


def wordless(page: int) -> WordRow:
    """A page that has no words, or whose words cannot be had."""
    return WordRow(page, "", TEXT_LAYER, (), array("d"))


def are_laid_out_alike(old: WordRow, new: WordRow, shift_pt: float) -> bool:
    """Whether the same number of words stand in the same places.

    Args:
        old: a page.
        new: another.
        shift_pt: how far a word may have moved, in page points.
    """
    if len(old.texts) != len(new.texts):
        return False
    for edge in (0, 1):
        pairs = zip(old.numbers[edge::_NUMBERS], new.numbers[edge::_NUMBERS], strict=True)
        if any(abs(one - other) >= shift_pt for one, other in pairs):
            return False
    return True


def word_rows(pages: Iterable[PageText | WordRow]) -> list[WordRow]:
    """Pages of either form, all kept small."""
    vocabulary: dict[str, str] = {}
    return [page if isinstance(page, WordRow) else word_row(page, vocabulary) for page in pages]
