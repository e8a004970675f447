"""Sheets in the child: what each cell shows, its formula as text, merged cells and widths.

Nothing is calculated.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from assessor_app.documents import worker_number_formats, worker_open_document
from assessor_app.documents.limits import Limits
from assessor_app.documents.worker_cells import (
    CELL_CHARS_MAX,
    CENTRE,
    RIGHT,
    SHEETS_MAX,
    CellStyle,
    Workbook,
    area_of,
    moved,
    place_of,
    rich_text,
    sheet_parts,
    workbook_of,
)
from assessor_app.documents.worker_package import (
    Element,
    Package,
    attribute,
    child,
    children,
    local,
    whole_number,
)
from assessor_app.documents.worker_refusal import Refusal
from assessor_app.documents.worker_text import cleaned

_LISTS_MAX = 5_000
_CHARS_MAX = 4_000_000
_DEFAULT_STYLE = CellStyle()
_TOO_WIDE = 400


@dataclass(slots=True)
class Grid:
    """A sheet as it is read, within limits."""

    limits: Limits
    cells: list[list[object]] = field(default_factory=list)
    """Row, column, text, look, formula, ground; the last two are empty for most."""
    merged: list[list[int]] = field(default_factory=list)
    widths: list[list[float]] = field(default_factory=list)
    """First column, last column, width in characters; 0 for hidden."""
    hidden_rows: list[int] = field(default_factory=list)
    frozen: list[int] = field(default_factory=lambda: [0, 0])
    is_cut: bool = False
    _chars: int = 0

    def add(self, row: int, column: int, text: str, bits: int, formula: str, fill: str = "") -> None:
        """Take a cell; what lies beyond the limits is left out, which `is_cut` then says."""
        if row >= self.limits.sheet_rows or column >= self.limits.sheet_columns:
            self.is_cut = self.is_cut or bool(text)
            return
        words, told = cleaned(text)[:CELL_CHARS_MAX], cleaned(formula)[:CELL_CHARS_MAX]
        if not words and not told:
            return
        if self.is_full:
            self.is_cut = True
            return
        self._chars += len(words) + len(told)
        self.cells.append([row, column, words, bits, told, fill])

    @property
    def is_full(self) -> bool:
        """Whether no more cells are taken."""
        return len(self.cells) >= self.limits.sheet_cells or self._chars >= _CHARS_MAX

    def answer(self) -> dict[str, object]:
        """As the parent's check expects it."""
        return {
            "cells": self.cells,
            "merged": self.merged[:_LISTS_MAX],
            "widths": self.widths[:_LISTS_MAX],
            "hidden_rows": self.hidden_rows[: self.limits.sheet_rows],
            "frozen": self.frozen,
            "cut": self.is_cut,
        }


def list_sheets(package: Package, form: str) -> dict[str, object]:
    """The sheets by name, and which are hidden or hold no cells, such as a chart."""
    if form == "ods":
        return {"sheets": [[attribute(one, "name")[:100], False, True] for one in _tables(package)]}
    if form != "spreadsheet":
        raise Refusal("page_missing")
    sheets = [[cleaned(name), is_hidden, bool(part)] for name, part, is_hidden in sheet_parts(package)]
    if not sheets:
        raise Refusal("no_pages")
    return {"sheets": sheets}


def read_sheet(package: Package, form: str, index: int, limits: Limits) -> dict[str, object]:
    """One sheet's cells.

    Raises:
        Refusal: there is no such sheet, or it cannot be read.
    """
    grid = Grid(limits)
    if form == "ods":
        tables = _tables(package)
        if not 0 <= index < len(tables):
            raise Refusal("page_missing")
        _read_table(tables[index], grid)
        return grid.answer()
    parts = sheet_parts(package)
    if not 0 <= index < len(parts):
        raise Refusal("page_missing")
    part = parts[index][1]
    data = package.read(part) if part else b""
    if data is None:
        raise Refusal("page_damaged")
    if data:
        _SheetReader(workbook_of(package), grid).read(data)
    return grid.answer()


class _SheetReader:
    """Reads the rows of one sheet as they come, so that a long sheet is not held twice."""

    def __init__(self, workbook: Workbook, grid: Grid) -> None:
        self._workbook, self._grid = workbook, grid
        self._shared: dict[str, tuple[str, int, int]] = {}
        self._row = -1

    def read(self, data: bytes) -> None:
        """Read a part.

        Raises:
            Refusal: it declares a document type, or is no XML from the beginning.
        """
        count = 0
        try:
            for element in _elements(data):
                count += 1
                self._take(element)
        except etree.XMLSyntaxError:
            if not count:
                raise Refusal("page_damaged") from None
            self._grid.is_cut = True

    def _take(self, element: Element) -> None:
        name, grid = local(element), self._grid
        if name == "row":
            self._take_row(element)
        elif name == "mergeCell":
            area = area_of(attribute(element, "ref"))
            if area is not None and len(grid.merged) < _LISTS_MAX:
                grid.merged.append(list(area))
        elif name == "col":
            first = whole_number(attribute(element, "min"), 1, 1, 16_384) - 1
            last = whole_number(attribute(element, "max"), first + 1, first + 1, 16_384) - 1
            is_hidden = attribute(element, "hidden") in ("1", "true")
            width = 0.0 if is_hidden else _number(attribute(element, "width"))
            if width is not None and len(grid.widths) < _LISTS_MAX:
                grid.widths.append([first, last, max(0.0, min(width, _TOO_WIDE))])
        elif name == "pane" and attribute(element, "state").startswith("frozen"):
            rows, columns = (_number(attribute(element, side)) or 0.0 for side in ("ySplit", "xSplit"))
            grid.frozen = [int(max(0.0, min(rows, 100.0))), int(max(0.0, min(columns, 100.0)))]

    def _take_row(self, row: Element) -> None:
        self._row = whole_number(attribute(row, "r"), self._row + 2, 1, 1_048_576) - 1
        if attribute(row, "hidden") in ("1", "true"):
            self._grid.hidden_rows.append(self._row)
        column = -1
        for cell in row:
            if local(cell) != "c":
                continue
            place = place_of(attribute(cell, "r")) or (self._row, column + 1)
            column = place[1]
            style = whole_number(attribute(cell, "s"), 0, 0, 10**6)
            known = self._workbook.styles
            look = known[style] if style < len(known) else _DEFAULT_STYLE
            text, bits = self._shown(cell, look)
            formula = self._formula(cell, self._row, column)
            self._grid.add(self._row, column, text, bits, formula, look.fill)

    def _shown(self, cell: Element, look: CellStyle) -> tuple[str, int]:
        """What a cell shows, and its look."""
        kind, bits = attribute(cell, "t", "n"), look.bits
        if kind == "inlineStr":
            inline = child(cell, "is")
            return rich_text(inline) if inline is not None else "", bits
        value = child(cell, "v")
        raw = (value.text or "") if value is not None else ""
        if kind == "s":
            at = whole_number(raw, -1, -1, 10**7)
            return self._workbook.texts[at] if 0 <= at < len(self._workbook.texts) else "", bits
        if kind == "b":
            return ("TRUE" if raw == "1" else "FALSE") if raw else "", bits | CENTRE
        number = _number(raw) if kind == "n" else None
        if number is None:
            return raw, bits
        side = 0 if bits & CENTRE else RIGHT
        is_1904 = self._workbook.is_1904
        return worker_number_formats.shown(number, look.code, is_1904=is_1904), bits | side

    def _formula(self, cell: Element, row: int, column: int) -> str:
        """A cell's formula as it would be read there, with its equals sign; empty for none."""
        formula = child(cell, "f")
        if formula is None:
            return ""
        text, group = formula.text or "", attribute(formula, "si")
        if attribute(formula, "t") == "shared" and group:
            if text:
                self._shared[group] = (text, row, column)
            elif group in self._shared:
                first, from_row, from_column = self._shared[group]
                text = moved(first, row - from_row, column - from_column)
        return f"={text}" if text else ""


def _elements(data: bytes) -> Iterator[Element]:
    """The elements of a sheet that matter, each when it is complete; rows are let go of afterwards.

    Raises:
        Refusal: a document type is declared.
        etree.XMLSyntaxError: it is no XML, from here on.
    """
    wanted = ("row", "mergeCell", "col", "pane")
    walk = etree.iterparse(
        io.BytesIO(data), events=("end",), resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    for number, (_, element) in enumerate(walk):
        if number == 0 and element.getroottree().docinfo.doctype:
            raise Refusal("unsafe_archive")
        if local(element) in wanted:
            yield element
        if local(element) == "row":
            element.clear()


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _tables(package: Package) -> list[Element]:
    _, body = worker_open_document.body_of(package)
    return [one for one in body if local(one) == "table"][:SHEETS_MAX]


def _read_table(table: Element, grid: Grid) -> None:
    """An OpenDocument table: its cells say what they show."""
    row = 0
    for element in table.iter():
        if local(element) != "table-row":
            continue
        repeats = whole_number(attribute(element, "number-rows-repeated"), 1, 1, 1_048_576)
        cells = list(_cells_of(element))
        # The last row of a sheet stands for all the empty ones below it.
        for offset in range(repeats if cells else 0):
            if row + offset >= grid.limits.sheet_rows or grid.is_full:
                grid.is_cut = True
                break
            for column, text, bits, formula, area in cells:
                grid.add(row + offset, column, text, bits, formula)
                if area != (1, 1) and len(grid.merged) < _LISTS_MAX:
                    top = row + offset
                    grid.merged.append([top, column, top + area[0] - 1, column + area[1] - 1])
        row += repeats


def _cells_of(row: Element) -> Iterator[tuple[int, str, int, str, tuple[int, int]]]:
    """Column, text, look, formula, and rows and columns covered, for each cell that shows something."""
    column = 0
    for cell in children(row):
        if local(cell) not in ("table-cell", "covered-table-cell"):
            continue
        repeats = whole_number(attribute(cell, "number-columns-repeated"), 1, 1, 16_384)
        lines = (worker_open_document.words_of(one) for one in cell if local(one) in ("p", "h"))
        text = "\n".join(lines)
        formula = attribute(cell, "formula").partition(":")[2]
        is_number = attribute(cell, "value-type") in ("float", "percentage", "currency", "date", "time")
        rows = whole_number(attribute(cell, "number-rows-spanned"), 1, 1, 10_000)
        columns = whole_number(attribute(cell, "number-columns-spanned"), 1, 1, 1_000)
        if text or formula:
            for offset in range(min(repeats, 1_000)):
                yield column + offset, text, RIGHT if is_number else 0, formula, (rows, columns)
        column += repeats
