"""How the words of a page stand together: rows, pieces of rows, and where on the page a piece is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Protocol

_TITLE_ROWS, _TITLE_SHARE = 8, 0.45
_HEADER_SHARE, _FOOTER_SHARE = 0.10, 0.92
_EDGE_ROWS = 3
_LOOKED_AT = 120
"""So many words say which way a page is held."""
_CORNER_SHARE = 0.25
_LARGE = 1.3
"""What is so much higher than the page's usual letters is a heading."""
_GAP = 1.6
"""Space between words, in heights of a letter, from which on two pieces are apart."""


class Zone(StrEnum):
    """Where a piece of a line stands."""

    TITLE = "title"
    """Below the first heading of the first page."""
    EDGE = "edge"
    """Header or footer, or a corner of a page that is a picture."""
    BODY = "body"


class PlacedWord(Protocol):
    """A word with its box in page points, origin top-left."""

    @property
    def text(self) -> str:
        """The word."""
        ...

    @property
    def x0(self) -> float:
        """Left edge."""
        ...

    @property
    def y0(self) -> float:
        """Top edge."""
        ...

    @property
    def x1(self) -> float:
        """Right edge."""
        ...

    @property
    def y1(self) -> float:
        """Bottom edge."""
        ...


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a line without a wide gap in it."""

    text: str
    zone: Zone


@dataclass(frozen=True, slots=True)
class _Turned:
    """A word of a page that was turned so that it can be read."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float


def readable(
    words: Sequence[PlacedWord], size: tuple[float, float]
) -> tuple[Sequence[PlacedWord], tuple[float, float]]:
    """The words as on a page that is held so that its lines go from left to right, and that page's size.

    A sheet that was scanned on its side or upside down is read by people who turn it.
    """
    steps = {"right": 0, "left": 0, "down": 0, "up": 0}
    for before, after in pairwise(words[:_LOOKED_AT]):
        across = (after.x0 + after.x1 - before.x0 - before.x1) / 2
        down = (after.y0 + after.y1 - before.y0 - before.y1) / 2
        if abs(across) > abs(down):
            steps["right" if across > 0 else "left"] += 1
        else:
            steps["down" if down > 0 else "up"] += 1
    way = max(steps, key=lambda name: steps[name])
    width, height = size
    if way == "left":
        turned = [_Turned(w.text, width - w.x1, height - w.y1, width - w.x0, height - w.y0) for w in words]
        return turned, size
    # A column of single words goes down as well: sideways are only words that are higher than wide.
    long = [word for word in words[:_LOOKED_AT] if len(word.text) > 2]
    are_upright = sum(word.y1 - word.y0 > word.x1 - word.x0 for word in long) * 2 <= len(long)
    if way == "right" or are_upright:
        return words, size
    if way == "down":
        return [_Turned(w.text, w.y0, width - w.x1, w.y1, width - w.x0) for w in words], (height, width)
    return [_Turned(w.text, height - w.y1, w.x0, height - w.y0, w.x1) for w in words], (height, width)


def rows_of(words: Sequence[PlacedWord]) -> list[list[int]]:
    """Words that stand on one height, from the left, rows from the top."""
    order = sorted(range(len(words)), key=lambda index: (words[index].y0 + words[index].y1, words[index].x0))
    rows: list[list[int]] = []
    middle = reach = 0.0
    for index in order:
        word = words[index]
        at = (word.y0 + word.y1) / 2
        if rows and at - middle <= reach:
            rows[-1].append(index)
            continue
        rows.append([index])
        middle, reach = at, max(1.0, (word.y1 - word.y0) * 0.4)
    for row in rows:
        row.sort(key=lambda index: words[index].x0)
    return rows


def pieces_of(words: Sequence[PlacedWord], row: Sequence[int]) -> list[list[int]]:
    """A row cut at its wide gaps."""
    pieces: list[list[int]] = []
    for index in row:
        word = words[index]
        if pieces:
            last = words[pieces[-1][-1]]
            if word.x0 - last.x1 <= max(6.0, _GAP * (last.y1 - last.y0)):
                pieces[-1].append(index)
                continue
        pieces.append([index])
    return pieces


def _height(words: Sequence[PlacedWord], row: Sequence[int]) -> float:
    return max(words[index].y1 - words[index].y0 for index in row)


def is_heading(words: Sequence[PlacedWord], rows: Sequence[Sequence[int]]) -> bool:
    """Whether the first row is larger than the next ones: what a page is about, never by whom."""
    following = [_height(words, row) for row in rows[1:4]]
    return not following or _height(words, rows[0]) > max(following) * 1.12


def zone_of(
    words: Sequence[PlacedWord],
    piece: Sequence[int],
    number: int,
    count: int,
    page: int,
    size: tuple[float, float],
    usual: float,
    *,
    is_picture: bool,
) -> Zone:
    """Where a piece stands."""
    width, height = size
    left, right = words[piece[0]].x0, words[piece[-1]].x1
    top = min(words[index].y0 for index in piece)
    bottom = max(words[index].y1 for index in piece)
    is_large = bottom - top > usual * _LARGE
    is_outer = number < _EDGE_ROWS or number >= count - _EDGE_ROWS
    if is_outer and not is_large and (bottom <= height * _HEADER_SHARE or top >= height * _FOOTER_SHARE):
        return Zone.EDGE
    if is_picture:
        is_side = right <= width / 2 or left >= width / 2
        is_end = bottom <= height * _CORNER_SHARE or top >= height * (1 - _CORNER_SHARE)
        if is_side and is_end:
            return Zone.EDGE
    if page == 0 and number < _TITLE_ROWS and top <= height * _TITLE_SHARE:
        return Zone.TITLE
    return Zone.BODY
