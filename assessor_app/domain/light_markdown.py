"""Light Markdown, as feedback is written in: paragraphs, line breaks, lists, **bold** and *italic*.

Nothing else means anything: an address is plain words, `<b>` is three characters. What comes out is data,
never markup, so nothing that somebody typed is ever taken for more than text. Total, in linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

_NEW_LINE = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_BULLET = re.compile(r"[ \t]*[-*+•][ \t]+(?=\S)")
_NUMBER = re.compile(r"[ \t]*([0-9]{1,3})[.)][ \t]+(?=\S)")
_STARS = re.compile(r"\\\*|\*+")
_MOST_STARS = 3


@dataclass(frozen=True, slots=True)
class Run:
    """Some words that look the same; never empty."""

    text: str
    bold: bool = False
    italic: bool = False


Line = tuple[Run, ...]
"""One line as it was typed; at least one run."""


class BlockKind(StrEnum):
    """What a block is."""

    PARAGRAPH = "paragraph"
    BULLET = "bullet"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or one entry of a list."""

    kind: BlockKind
    lines: tuple[Line, ...]
    """One for each line that was typed, at least one."""
    number: int = 0
    """The number as it was typed; 0 where there is none."""


def parse(text: str) -> tuple[Block, ...]:
    """The blocks of a text, from top to bottom.

    A list entry begins with "- ", "* ", "+ ", "• ", "1. " or "1) "; an indented line below goes on with it.
    """
    blocks: list[Block] = []
    lines: list[Line] = []
    kind, number = BlockKind.PARAGRAPH, 0

    def end_block() -> None:
        if lines:
            blocks.append(Block(kind, tuple(lines), number))
            lines.clear()

    for line in _NEW_LINE.split(text):
        words = line
        if not line.strip():
            end_block()
            kind, number = BlockKind.PARAGRAPH, 0
            continue
        bullet, counted = _BULLET.match(line), _NUMBER.match(line)
        if bullet is not None:
            end_block()
            kind, number, words = BlockKind.BULLET, 0, line[bullet.end() :]
        elif counted is not None:
            end_block()
            kind, number, words = BlockKind.NUMBER, int(counted[1]), line[counted.end() :]
        elif kind is not BlockKind.PARAGRAPH and not line[0].isspace():
            end_block()
            kind, number = BlockKind.PARAGRAPH, 0
        lines.append(tuple(_runs(words.strip())))
    end_block()
    return tuple(blocks)


def plain_words(text: str) -> str:
    """The words of a text without its marks, one line for each line, for where nothing can be bold."""
    return "\n".join("".join(run.text for run in line) for block in parse(text) for line in block.lines)


@dataclass(frozen=True, slots=True)
class _Piece:
    """Some characters of a line; a mark that found its partner has no characters of its own any more."""

    text: str
    bold: int = 0
    """1 where bold begins, -1 where it ends."""
    italic: int = 0


def _runs(line: str) -> Iterator[Run]:
    """A line cut where its look changes."""
    bold = italic = 0
    words: list[str] = []
    for piece in _pieces(line):
        if piece.bold or piece.italic:
            if words:
                yield Run("".join(words), bold > 0, italic > 0)
                words = []
            bold, italic = bold + piece.bold, italic + piece.italic
        if piece.text:
            words.append(piece.text)
    if words:
        yield Run("".join(words), bold > 0, italic > 0)


def _pieces(line: str) -> list[_Piece]:
    """A line cut at its stars, pairs of them found."""
    pieces: list[_Piece] = []
    opened: dict[str, int] = {}
    """Where the mark of each look stands that waits for its end."""
    at = 0
    for found in _STARS.finditer(line):
        if found.start() > at:
            pieces.append(_Piece(line[at : found.start()]))
        at = found.end()
        stars = found[0]
        if stars.startswith("\\"):
            pieces.append(_Piece("*"))
            continue
        if len(stars) > _MOST_STARS:
            pieces.append(_Piece(stars))
            continue
        before, after = line[max(0, found.start() - 1) : found.start()], line[at : at + 1]
        looks = ("bold",) * (len(stars) > 1) + ("italic",) * (len(stars) != 2)
        for look in looks:
            _take(look, pieces, opened, before, after)
    if at < len(line):
        pieces.append(_Piece(line[at:]))
    return pieces


def _take(look: str, pieces: list[_Piece], opened: dict[str, int], before: str, after: str) -> None:
    """Add a mark: the end of an open one, the start of a new one, or plain characters."""
    ends = bool(before) and not before.isspace() and not after.isalnum()
    begins = bool(after) and not after.isspace() and not before.isalnum()
    if ends and look in opened:
        pieces[opened.pop(look)] = _Piece("", **{look: 1})
        pieces.append(_Piece("", **{look: -1}))
        return
    if begins:
        opened[look] = len(pieces)
    pieces.append(_Piece("**" if look == "bold" else "*"))
