"""The text of a page as pure data: built from raw words, selected, searched. No parser, no process.

Offsets are Unicode code points in `PageText.text`; boxes are page points, origin top-left.
"""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assessor_app.documents.pages import PageText, SearchHit, Word

Rect = tuple[float, float, float, float]
"""Left, top, right, bottom in page points."""
Point = tuple[float, float]
"""x, y in page points."""

_SENTENCE_ENDS = ".!?\u2026\u3002\uff01\uff1f"  # also the ellipsis, and the wide forms of East Asian text
_CLOSERS = "\"'\u201d\u2019\u00bb)]"
_HYPHENS = "-\u2010"
_SNIPPET_WORDS = 6

# Marks that reorder or hide text, and control codes: nobody wrote them to be read.
_DROPPED = dict.fromkeys(
    [
        *(code for code in [*range(0x20), *range(0x7F, 0xA0)] if not chr(code).isspace()),
        *(0xAD, 0x061C, 0x200B, 0x200E, 0x200F, 0xFEFF),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xD800, 0xE000),
    ]
)


@dataclass(frozen=True, slots=True)
class RawWord:
    """A word as the child sent it, checked for types and bounds only."""

    x0: float
    """Left edge in page points."""
    y0: float
    """Top edge in page points."""
    x1: float
    """Right edge in page points."""
    y1: float
    """Bottom edge in page points."""
    text: str
    block: int
    """Index of the paragraph on the page."""
    line: int
    """Index of the line in its paragraph."""


def clean_text(text: str) -> str:
    """Single spaces for white space, no control codes, bidi marks or lone surrogates, NFC."""
    return unicodedata.normalize("NFC", " ".join(text.translate(_DROPPED).split()))


def build_page_text(page: int, raw_words: Iterable[RawWord]) -> PageText:
    """Put words together to the page's text, in the order given.

    A word that is empty once cleaned is left out.
    """
    words: list[Word] = []
    start = 0
    for raw in raw_words:
        text = clean_text(raw.text)
        if not text:
            continue
        words.append(Word(text, raw.x0, raw.y0, raw.x1, raw.y1, raw.block, raw.line, start))
        start += len(text) + 1
    return PageText(page=page, text=" ".join(word.text for word in words), words=tuple(words))


def quads_for_range(page_text: PageText, start: int, end: int) -> tuple[Rect, ...]:
    """Boxes that cover the code points from `start` up to, not including, `end`: one for each line.

    A word that is touched in part gives the part of its box in proportion to its code points.
    Offsets outside the text are cut; an empty range gives no box.
    """
    start, end = max(0, start), min(len(page_text.text), end)
    rects: list[Rect] = []
    last_line: tuple[int, int] | None = None
    for word in _words_touching(page_text, start, end):
        box = _part_of_word(word, start, end)
        line = (word.block, word.line)
        if rects and line == last_line and box[0] >= rects[-1][0] - 1.0:
            rects[-1] = _union(rects[-1], box)
        else:
            rects.append(box)
        last_line = line
    return tuple(rects)


def range_between(page_text: PageText, point_a: Point, point_b: Point) -> tuple[int, int] | None:
    """The whole words between two points, as when a pointer is dragged over text.

    Returns:
        (start, end) in code points, in order whichever way was dragged; None on a page without words.
    """
    first, last = _word_near(page_text, point_a), _word_near(page_text, point_b)
    if first is None or last is None:
        return None
    if first.start > last.start:
        first, last = last, first
    return first.start, last.start + len(last.text)


def words_within(page_text: PageText, rects: Sequence[Rect]) -> str:
    """The words whose middle lies in one of some boxes, in reading order, with single spaces."""

    def is_within(word: Word) -> bool:
        x, y = (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2
        return any(x0 <= x <= x1 and y0 <= y <= y1 for x0, y0, x1, y1 in rects)

    return " ".join(word.text for word in page_text.words if is_within(word))


def word_at(page_text: PageText, point: Point) -> tuple[int, int] | None:
    """The word under a point, as (start, end) in code points; None when there is none there."""
    for word in page_text.words:
        if word.x0 <= point[0] <= word.x1 and word.y0 <= point[1] <= word.y1:
            return word.start, word.start + len(word.text)
    return None


def sentence_at(page_text: PageText, point: Point) -> tuple[int, int] | None:
    """The sentence under or next to a point, within its paragraph, as (start, end) in code points.

    Returns:
        None on a page without words.
    """
    near = _word_near(page_text, point)
    if near is None:
        return None
    index = _index_at(page_text.words, near.start)
    words = page_text.words
    first = last = index
    while first > 0 and words[first - 1].block == near.block and not _ends_sentence(words[first - 1]):
        first -= 1
    while last + 1 < len(words) and words[last + 1].block == near.block and not _ends_sentence(words[last]):
        last += 1
    return words[first].start, words[last].start + len(words[last].text)


def find(page_text: PageText, query: str) -> tuple[SearchHit, ...]:
    """Where `query` stands on the page, whatever its case and accents, also over ends of lines.

    A word that is hyphenated at the end of a line is found as one word and as two.

    Returns:
        Hits in reading order, not overlapping; empty for a blank query.
    """
    wanted = _fold(clean_text(query)).text
    if not wanted:
        return ()
    ranges: set[tuple[int, int]] = set()
    for folded in (_fold(page_text.text), _fold(page_text.text, skip=_line_end_hyphens(page_text))):
        at = folded.text.find(wanted)
        while at >= 0:
            ranges.add((folded.starts[at], folded.ends[at + len(wanted) - 1]))
            at = folded.text.find(wanted, at + len(wanted))
    hits: list[SearchHit] = []
    for start, end in sorted(ranges):
        if hits and start < hits[-1].end:
            continue
        rects = quads_for_range(page_text, start, end)
        snippet, at = _snippet(page_text, start, end)
        hits.append(SearchHit(page_text.page, rects, snippet, start, end, at))
    return tuple(hits)


def folded_query(query: str) -> str:
    """What `find` looks for: without case and accents; empty for a blank query."""
    return _fold(clean_text(query)).text


def folded_forms(text: str) -> tuple[str, ...]:
    """A page's text without case and accents, as it stands and with hyphenated words joined.

    Where `folded_query` is in none of them, `find` finds nothing; where it is, there may be a hit.
    """
    plain = _folded_text(text)
    joined = plain
    for hyphen in _HYPHENS:
        joined = joined.replace(f"{hyphen} ", "")
    return (plain,) if joined == plain else (plain, joined)


def _folded_text(text: str) -> str:
    """The same text as `_fold` makes, without the places, many times faster."""
    if text.isascii():
        return text.lower()
    folded = unicodedata.normalize("NFKD", text).casefold()
    return "".join(piece for piece in folded if not unicodedata.combining(piece))


@dataclass(frozen=True, slots=True)
class _Folded:
    """Text without case and accents, and where each of its code points came from."""

    text: str
    starts: list[int]
    ends: list[int]


def _fold(text: str, skip: frozenset[int] = frozenset()) -> _Folded:
    """Fold case and accents away; code points at offsets in `skip` vanish."""
    if text.isascii() and not skip:
        return _Folded(text.lower(), list(range(len(text))), list(range(1, len(text) + 1)))
    out: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for offset, character in enumerate(text):
        if offset in skip:
            continue
        for piece in unicodedata.normalize("NFKD", character).casefold():
            if unicodedata.combining(piece):
                if ends:
                    ends[-1] = offset + 1
                continue
            out.append(piece)
            starts.append(offset)
            ends.append(offset + 1)
    return _Folded("".join(out), starts, ends)


def _line_end_hyphens(page_text: PageText) -> frozenset[int]:
    """Offsets of hyphens at ends of lines, with the space behind each."""
    offsets: set[int] = set()
    for word, following in zip(page_text.words, page_text.words[1:], strict=False):
        other_line = word.block == following.block and word.line != following.line
        if other_line and len(word.text) > 1 and word.text[-1] in _HYPHENS:
            offsets.update((following.start - 2, following.start - 1))
    return frozenset(offsets)


def _index_at(words: Sequence[Word], offset: int) -> int:
    """Index of the last word that starts at or before `offset`; -1 before the first."""
    return bisect_right(words, offset, key=lambda word: word.start) - 1


def _words_touching(page_text: PageText, start: int, end: int) -> Sequence[Word]:
    """The words that have a code point in the range."""
    if start >= end:
        return ()
    words = page_text.words
    first = max(0, _index_at(words, start))
    if words and words[first].start + len(words[first].text) <= start:
        first += 1
    return words[first : _index_at(words, end - 1) + 1]


def _part_of_word(word: Word, start: int, end: int) -> Rect:
    """The part of a word's box that a range covers, by proportion of code points."""
    count = len(word.text)
    width = word.x1 - word.x0
    from_share = max(0, start - word.start) / count
    to_share = min(count, end - word.start) / count
    return (word.x0 + width * from_share, word.y0, word.x0 + width * to_share, word.y1)


def _union(first: Rect, second: Rect) -> Rect:
    """The smallest box around two boxes."""
    return (
        min(first[0], second[0]),
        min(first[1], second[1]),
        max(first[2], second[2]),
        max(first[3], second[3]),
    )


def _word_near(page_text: PageText, point: Point) -> Word | None:
    """The word under a point, else the nearest one; a word on the same height counts as nearer."""
    x, y = point

    def distance(word: Word) -> float:
        across = max(word.x0 - x, 0.0, x - word.x1)
        down = max(word.y0 - y, 0.0, y - word.y1)
        return across + 4.0 * down

    return min(page_text.words, key=distance, default=None)


def _ends_sentence(word: Word) -> bool:
    """Whether a sentence ends with this word: a full stop and the like, maybe behind it a closing mark."""
    bare = word.text.rstrip(_CLOSERS)
    if not bare or bare[-1] not in _SENTENCE_ENDS:
        return False
    # "e.g.", "J." and the like do not end a sentence; "…" and "?" always do.
    inner = bare[:-1]
    return not (
        bare[-1] == "." and (("." in inner and inner.replace(".", "").isalpha()) or _is_initial(inner))
    )


def _is_initial(text: str) -> bool:
    """Whether this is one capital letter, as in a middle initial."""
    return len(text) == 1 and text.isupper()


def _snippet(page_text: PageText, start: int, end: int) -> tuple[str, int]:
    """The hit with a few words on both sides, and where in it the hit begins."""
    words = page_text.words
    first = max(0, _index_at(words, start) - _SNIPPET_WORDS)
    last = min(len(words) - 1, _index_at(words, end - 1) + _SNIPPET_WORDS)
    cut = page_text.text[words[first].start : words[last].start + len(words[last].text)]
    before = "… " if first > 0 else ""
    shown = before + cut + (" …" if last < len(words) - 1 else "")
    return shown, len(before) + start - words[first].start
