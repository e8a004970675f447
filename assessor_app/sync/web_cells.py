"""Cells of a sheet as fragments in the manner of RFC 7111, which counts rows and columns from 1, and back."""

from __future__ import annotations

import re

_CELL = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_COLUMNS = re.compile(r"([A-Z]{1,3}):([A-Z]{1,3})")
_ROWS = re.compile(r"([1-9]\d{0,6}):([1-9]\d{0,6})")
_NUMBERS = re.compile(r"(\d{1,7}),(\d{1,5})(?:-(\d{1,7}),(\d{1,5}))?")
_RANGE = re.compile(r"(\d{1,7})-(\d{1,7})")
_AS_WRITTEN = "cells="


def to_fragment(cells: str) -> str:
    """`B2:D5` as `cell=2,2-5,4`, `B:D` as `col=2-4`, `2:5` as `row=2-5`; anything else as it is written."""
    first, colon, last = cells.partition(":")
    corners = [_CELL.fullmatch(corner) for corner in ((first, last) if colon else (first,))]
    if all(corners):
        return "cell=" + "-".join(f"{int(c[2])},{_number(c[1])}" for c in corners if c is not None)
    if columns := _COLUMNS.fullmatch(cells):
        return f"col={_number(columns[1])}-{_number(columns[2])}"
    if rows := _ROWS.fullmatch(cells):
        return f"row={rows[1]}-{rows[2]}"
    return _AS_WRITTEN + cells


def from_fragment(value: str) -> str:
    """What `to_fragment` was given; empty for a fragment that names no cells.

    Raises:
        ValueError: it names cells that cannot be.
    """
    name, _, told = value.partition("=")
    if name == "cells":
        return told
    if name == "cell":
        corners = _NUMBERS.fullmatch(told)
        if corners is None:
            raise ValueError("cells")
        first = f"{_letters(int(corners[2]))}{int(corners[1])}"
        return first if corners[3] is None else f"{first}:{_letters(int(corners[4]))}{int(corners[3])}"
    if name in ("col", "row"):
        ends = _RANGE.fullmatch(told)
        if ends is None:
            raise ValueError("cells")
        if name == "row":
            return f"{int(ends[1])}:{int(ends[2])}"
        return f"{_letters(int(ends[1]))}:{_letters(int(ends[2]))}"
    return ""


def _number(letters: str) -> int:
    """1 for A, 27 for AA."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _letters(number: int) -> str:
    """A for 1, AA for 27.

    Raises:
        ValueError: no column has this number.
    """
    if not 1 <= number <= 26 + 26**2 + 26**3:
        raise ValueError("column")
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
