"""Comma and tab separated values as columns that stand below one another. Runs only in the child."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assessor_app.documents.readable import Look
from assessor_app.documents.readable_builder import Builder

_DELIMITERS = (",", ";", "\t", "|")
_LINES_LOOKED_AT = 20
_WIDEST = 40
"""A longer cell pushes the rest of its row aside; none is cut."""
_BETWEEN = " │ "
_NUMBER = re.compile(r"[-+]?[\d.,\s]*\d\s?%?")
_NUMBER_MAX_CHARS = 24


@dataclass(frozen=True, slots=True)
class _Cell:
    """Where the words of a cell stand; doubled quotes and line ends split them."""

    spans: tuple[tuple[int, int], ...]
    width: int


def build(builder: Builder) -> None:
    """Lay the cells of a table below one another."""
    source = builder.source
    rows = _rows(source, _delimiter_of(source))
    columns = max((len(row) for row in rows), default=0)
    widths = [
        min(_WIDEST, max((row[x].width for row in rows if x < len(row)), default=0)) for x in range(columns)
    ]
    right = [_is_numeric(source, [row[x] for row in rows[1:] if x < len(row)]) for x in range(columns)]
    for number, row in enumerate(rows):
        start = builder.at
        for x, cell in enumerate(row):
            if x:
                builder.put(_BETWEEN)
            air = max(0, widths[x] - cell.width)
            if right[x]:
                builder.put(" " * air)
            _take(builder, cell)
            if not right[x] and x + 1 < len(row):
                builder.put(" " * air)
        if number == 0 and len(rows) > 1:
            builder.look(start, Look.BOLD)
            builder.put("\n" + "─┼─".join("─" * width for width in widths))
        builder.put("\n")


def _take(builder: Builder, cell: _Cell) -> None:
    for number, (first, last) in enumerate(cell.spans):
        if number and builder.source[first - 1] == "\n":
            builder.put(" ↵ ")
        builder.take(first, last)


def _delimiter_of(source: str) -> str:
    """The sign that stands most evenly in the first lines."""
    lines = [line for line in source.split("\n", _LINES_LOOKED_AT)[:_LINES_LOOKED_AT] if line.strip()]
    counts = {sign: [line.count(sign) for line in lines] for sign in _DELIMITERS}
    return max(_DELIMITERS, key=lambda sign: (min(counts[sign], default=0), sum(counts[sign])))


def _rows(source: str, delimiter: str) -> list[list[_Cell]]:
    """The cells of each line; quotes may hold delimiters and line ends."""
    rows: list[list[_Cell]] = []
    row: list[_Cell] = []
    at, end = 0, len(source)
    while at < end:
        cell, at = _cell(source, at, delimiter)
        row.append(cell)
        if at >= end or source[at] == "\n":
            rows.append(row)
            row = []
            at += 1
        else:
            at += 1
            if at >= end:
                row.append(_Cell((), 0))
    if row:
        rows.append(row)
    return [row for row in rows if any(cell.width for cell in row)]


def _cell(source: str, at: int, delimiter: str) -> tuple[_Cell, int]:
    """A cell that begins at a place, and where the sign behind it stands."""
    if source[at : at + 1] == '"':
        return _quoted(source, at + 1, delimiter)
    ends = [found for found in (source.find(delimiter, at), source.find("\n", at)) if found >= 0]
    end = min(ends, default=len(source))
    return _Cell(((at, end),), end - at), end


def _quoted(source: str, at: int, delimiter: str) -> tuple[_Cell, int]:
    spans: list[tuple[int, int]] = []
    start = at
    while True:
        quote = source.find('"', at)
        quote = len(source) if quote < 0 else quote
        _split_lines(source, start, quote, spans)
        if source[quote : quote + 2] == '""':
            # One of the two is shown.
            start, at = quote + 1, quote + 2
            continue
        break
    after = [found for found in (source.find(delimiter, quote), source.find("\n", quote)) if found >= 0]
    end = min(after, default=len(source))
    if quote + 1 < end:
        # Words behind the closing quote are wrong there, but they are the learner's.
        spans.append((quote + 1, end))
    width = sum(last - first for first, last in spans) + 3 * sum(
        1 for first, _ in spans[1:] if source[first - 1] == "\n"
    )
    return _Cell(tuple(spans), width), end


def _split_lines(source: str, start: int, end: int, spans: list[tuple[int, int]]) -> None:
    while True:
        line = source.find("\n", start, end)
        if line < 0:
            spans.append((start, end))
            return
        spans.append((start, line))
        start = line + 1


def _is_numeric(source: str, cells: list[_Cell]) -> bool:
    """Whether a column holds numbers alone."""
    found = False
    for cell in cells:
        if not cell.width:
            continue
        text = "".join(source[first:last] for first, last in cell.spans).strip()
        if len(text) > _NUMBER_MAX_CHARS or not _NUMBER.fullmatch(text):
            return False
        found = True
    return found
