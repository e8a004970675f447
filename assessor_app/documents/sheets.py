"""Sheets as a grid: what the child says of a workbook, checked, and the names of cells."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntFlag

from assessor_app.documents.answers import AnswerRefused
from assessor_app.documents.limits import Limits
from assessor_app.documents.pages import EvidenceSource
from assessor_app.documents.patches import PATCHES_MAX
from assessor_app.documents.renderer import Renderer

SHEETS_MAX = 256
"""Most sheets of one workbook."""
_NAME_MAX_CHARS = 100
_CELL_MAX_CHARS = 4_000
_LIST_MAX = 5_000
_FROZEN_MAX = 100
_PLACE_MAX = 1_048_576
_CELL_FIELDS = 6
_FILL = re.compile(r"[0-9a-f]{6}|")
_WIDTH_MAX = 400
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})$")
_READ_WAIT_S = 20.0

Area = tuple[int, int, int, int]
"""Top, left, bottom, right: rows and columns from 0, all inclusive."""


class Look(IntFlag):
    """How a cell shows its text."""

    PLAIN = 0
    BOLD = 1
    ITALIC = 2
    RIGHT = 4
    CENTRE = 8
    WRAPS = 16


@dataclass(frozen=True, slots=True)
class SheetName:
    """One tab of a workbook."""

    name: str
    """As the learner wrote it."""
    is_hidden: bool
    has_cells: bool
    """False for a sheet that is one chart."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What one cell shows."""

    text: str
    look: Look = Look.PLAIN
    formula: str = ""
    """With its equals sign, as text alone; empty for a value that was typed."""
    fill: str = ""
    """The ground that the learner gave it, six hexadecimal digits; empty for none."""


@dataclass(frozen=True, slots=True)
class SheetGrid:
    """One sheet."""

    rows: int
    """Rows up to the last that is filled, at least 1."""
    columns: int
    """Columns up to the last that is filled, at least 1."""
    cells: Mapping[tuple[int, int], Cell] = field(repr=False)
    """By row and column from 0; empty cells are not there."""
    merged: tuple[Area, ...] = ()
    widths: Mapping[int, float] = field(default_factory=dict)
    """Width in characters by column; 0 for one that the learner hid."""
    hidden_rows: frozenset[int] = frozenset()
    frozen_rows: int = 0
    """Rows that stay at the top."""
    frozen_columns: int = 0
    is_cut: bool = False
    """Whether the sheet has more than is shown."""
    patches: Mapping[tuple[int, int], bool] = field(default_factory=dict)
    """Cells that may name a person, by row and column, and whether each is lifted."""


def sheets_of(renderer: Renderer, source: EvidenceSource) -> tuple[SheetName, ...]:
    """The tabs of a workbook.

    Raises:
        RefusedWithCard: they cannot be had; its `card` says why.
        ViewerUnavailable: no child can be started.
    """
    return renderer.fetch(source, {"do": "sheets"}, checked_names)


def grid_of(renderer: Renderer, source: EvidenceSource, index: int) -> SheetGrid:
    """One sheet of a workbook.

    Raises:
        RefusedWithCard: it cannot be had; its `card` says why.
        ViewerUnavailable: no child can be started.
    """
    return renderer.fetch(source, {"do": "sheet", "sheet": index}, checked_grid, wait_s=_READ_WAIT_S)


def checked_names(untrusted: dict[str, object], limits: Limits) -> tuple[SheetName, ...]:
    """The tabs as the child says.

    Raises:
        AnswerRefused: none, too many, or of the wrong types.
    """
    del limits
    names = []
    for one in _list_of(untrusted.get("sheets"), SHEETS_MAX, "sheets"):
        if not isinstance(one, list) or len(one) != 3:
            raise AnswerRefused("sheet")
        name, is_hidden, has_cells = one
        if not isinstance(name, str) or len(name) > _NAME_MAX_CHARS:
            raise AnswerRefused("name")
        if not isinstance(is_hidden, bool) or not isinstance(has_cells, bool):
            raise AnswerRefused("sheet")
        names.append(SheetName(name, is_hidden, has_cells))
    if not names:
        raise AnswerRefused("sheets")
    return tuple(names)


def checked_grid(untrusted: dict[str, object], limits: Limits) -> SheetGrid:
    """A sheet as the child says.

    Raises:
        AnswerRefused: more than the limits allow, a place outside the sheet, or the wrong types.
    """
    cells: dict[tuple[int, int], Cell] = {}
    for one in _list_of(untrusted.get("cells"), limits.sheet_cells, "cells"):
        if not isinstance(one, list) or len(one) != _CELL_FIELDS:
            raise AnswerRefused("cell")
        row, column = _whole(one[0], limits.sheet_rows - 1), _whole(one[1], limits.sheet_columns - 1)
        text, formula = _text(one[2]), _text(one[4])
        cells[row, column] = Cell(text, Look(_whole(one[3], 31)), formula, _fill(one[5]))
    rows = max((row for row, _ in cells), default=0) + 1
    columns = max((column for _, column in cells), default=0) + 1
    merged = []
    for one in _list_of(untrusted.get("merged"), _LIST_MAX, "merged"):
        top, left, bottom, right = _four(one)
        if top <= bottom and left <= right and top < limits.sheet_rows and left < limits.sheet_columns:
            merged.append((top, left, min(bottom, rows - 1), min(right, columns - 1)))
    is_cut = untrusted.get("cut")
    frozen = untrusted.get("frozen")
    if not isinstance(is_cut, bool) or not isinstance(frozen, list) or len(frozen) != 2:
        raise AnswerRefused("grid")
    hidden = _list_of(untrusted.get("hidden_rows"), limits.sheet_rows, "hidden rows")
    return SheetGrid(
        rows=rows,
        columns=columns,
        cells=cells,
        merged=tuple(area for area in merged if area[2] > area[0] or area[3] > area[1]),
        widths=_widths(untrusted.get("widths"), columns),
        hidden_rows=frozenset(_whole(row, 1_048_576) for row in hidden),
        frozen_rows=_whole(frozen[0], _FROZEN_MAX),
        frozen_columns=_whole(frozen[1], _FROZEN_MAX),
        is_cut=is_cut,
        patches=_patches(untrusted.get("patches", [])),
    )


def _patches(untrusted: object) -> dict[tuple[int, int], bool]:
    found = {}
    for one in _list_of(untrusted, PATCHES_MAX, "patches"):
        if not isinstance(one, list) or len(one) != 3 or not isinstance(one[2], bool):
            raise AnswerRefused("patch")
        found[_whole(one[0], _PLACE_MAX), _whole(one[1], _PLACE_MAX)] = one[2]
    return found


def column_name(column: int) -> str:
    """The letters of a column from 0: A, B, ..., Z, AA."""
    name = ""
    column += 1
    while column > 0:
        column, letter = divmod(column - 1, 26)
        name = chr(65 + letter) + name
    return name


def area_name(area: Area) -> str:
    """An area as people write it: "B2" or "B2:D5"."""
    top, left, bottom, right = area
    first = f"{column_name(left)}{top + 1}"
    last = f"{column_name(right)}{bottom + 1}"
    return first if first == last else f"{first}:{last}"


def named_area(name: str) -> Area | None:
    """The area of a name such as "B2" or "B2:D5"; None for anything else."""
    first, _, last = name.strip().upper().partition(":")
    start, end = _place(first), _place(last or first)
    if start is None or end is None:
        return None
    return min(start[0], end[0]), min(start[1], end[1]), max(start[0], end[0]), max(start[1], end[1])


def _place(name: str) -> tuple[int, int] | None:
    found = _REFERENCE.match(name)
    if found is None:
        return None
    column = 0
    for letter in found.group(1):
        column = column * 26 + ord(letter) - 64
    return int(found.group(2)) - 1, column - 1


def _widths(untrusted: object, columns: int) -> dict[int, float]:
    widths: dict[int, float] = {}
    for one in _list_of(untrusted, _LIST_MAX, "widths"):
        if not isinstance(one, list) or len(one) != 3:
            raise AnswerRefused("width")
        width = one[2]
        if isinstance(width, bool) or not isinstance(width, int | float) or not math.isfinite(width):
            raise AnswerRefused("width")
        first, last = _whole(one[0], 16_383), _whole(one[1], 16_383)
        for column in range(first, min(last, columns - 1) + 1):
            widths[column] = max(0.0, min(float(width), float(_WIDTH_MAX)))
    return widths


def _list_of(untrusted: object, longest: int, name: str) -> list[object]:
    if not isinstance(untrusted, list) or len(untrusted) > longest:
        raise AnswerRefused(name)
    return untrusted


def _four(untrusted: object) -> tuple[int, int, int, int]:
    if not isinstance(untrusted, list) or len(untrusted) != 4:
        raise AnswerRefused("area")
    top, left, bottom, right = (_whole(edge, 1_048_576) for edge in untrusted)
    return top, left, bottom, right


def _whole(untrusted: object, highest: int) -> int:
    if type(untrusted) is not int or not 0 <= untrusted <= highest:
        raise AnswerRefused("number")
    return untrusted


def _fill(untrusted: object) -> str:
    if not isinstance(untrusted, str) or _FILL.fullmatch(untrusted) is None:
        raise AnswerRefused("fill")
    return untrusted


def _text(untrusted: object) -> str:
    if not isinstance(untrusted, str) or len(untrusted) > _CELL_MAX_CHARS:
        raise AnswerRefused("text")
    return untrusted
