"""The parts of a workbook that its cells lean on: the list of sheets, shared texts, formats. Child only."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assessor_app.documents.worker_number_formats import BUILT_IN
from assessor_app.documents.worker_package import (
    Element,
    Package,
    attribute,
    child,
    children,
    local,
    whole_number,
)
from assessor_app.documents.worker_sheet_colours import fills_of

SHEETS_MAX = 256
"""Most sheets of one workbook that are shown."""
_TEXTS_MAX = 500_000
_STYLES_MAX = 70_000
CELL_CHARS_MAX = 4_000
"""Most characters of one cell."""
_REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{1,7})$")
_RELATIVE = re.compile(r"(?<![A-Za-z0-9_.$!'\"])(\$?)([A-Z]{1,3})(\$?)(\d{1,7})(?![A-Za-z0-9_(.])")
BOLD, ITALIC, RIGHT, CENTRE, WRAPS = 1, 2, 4, 8, 16
"""What a cell's look says, as bits."""


@dataclass(frozen=True, slots=True)
class CellStyle:
    """How the cells of one style show what they hold."""

    code: str = "General"
    """The format of numbers."""
    bits: int = 0
    fill: str = ""
    """The ground as six hexadecimal digits; empty for none."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """What all sheets of a workbook share."""

    texts: tuple[str, ...]
    styles: tuple[CellStyle, ...]
    is_1904: bool
    """Whether its days are counted from 1904."""


def sheet_parts(package: Package) -> list[tuple[str, str, bool]]:
    """Name, path and whether it is hidden, for each sheet in the order of its tabs.

    Raises:
        Refusal: there is no workbook in the package.
    """
    part = package.main_part() or "xl/workbook.xml"
    root, relations = package.needed_xml(part), package.relations(part)
    found = []
    for one in children(child(root, "sheets"))[:SHEETS_MAX]:
        ids = [str(value) for key, value in one.attrib.items() if str(key).endswith("}id")]
        relation = relations.get(ids[0]) if ids else None
        is_grid = relation is not None and relation.kind == "worksheet"
        target = relation.target if relation is not None and is_grid else ""
        is_hidden = attribute(one, "state", "visible") != "visible"
        found.append((attribute(one, "name")[:100], target, is_hidden))
    return found


def workbook_of(package: Package) -> Workbook:
    """The texts and styles of a workbook; an unreadable part counts as none."""
    part = package.main_part() or "xl/workbook.xml"
    root, relations = package.needed_xml(part), package.relations(part)
    texts, styles, theme = (package.named(relations, kind) for kind in ("sharedStrings", "styles", "theme"))
    properties = child(root, "workbookPr")
    is_1904 = properties is not None and attribute(properties, "date1904") in ("1", "true")
    shared = children(package.xml(texts) if texts else None)[:_TEXTS_MAX]
    return Workbook(
        tuple(rich_text(one) for one in shared if local(one) == "si"),
        _styles(package.xml(styles) if styles else None, package.xml(theme) if theme else None),
        is_1904,
    )


def rich_text(element: Element) -> str:
    """The words of a text in runs, without the reading aid that Japanese texts carry."""
    found = []
    for one in element:
        name = local(one)
        if name == "t":
            found.append(one.text or "")
        elif name == "r":
            found.extend(text.text or "" for text in one if local(text) == "t")
    return "".join(found)[:CELL_CHARS_MAX]


def place_of(reference: str) -> tuple[int, int] | None:
    """Row and column from 0 for a cell such as "B2"; None for anything else, or beyond a sheet."""
    found = _REFERENCE.match(reference)
    if found is None:
        return None
    column = 0
    for letter in found.group(1).upper():
        column = column * 26 + ord(letter) - 64
    row = int(found.group(2))
    return (row - 1, column - 1) if 1 <= row <= 1_048_576 and column <= 16_384 else None


def area_of(reference: str) -> tuple[int, int, int, int] | None:
    """Top, left, bottom, right from 0, inclusive, for an area such as "B2:D5"; None for anything else."""
    first, _, last = reference.partition(":")
    start, end = place_of(first), place_of(last or first)
    if start is None or end is None:
        return None
    return min(start[0], end[0]), min(start[1], end[1]), max(start[0], end[0]), max(start[1], end[1])


def moved(formula: str, rows: int, columns: int) -> str:
    """A formula that several cells share, as it reads in a cell so many rows and columns further on."""

    def move(found: re.Match[str]) -> str:
        fixed_column, letters, fixed_row, digits = found.groups()
        place = place_of(letters + digits)
        if place is None:
            return found.group(0)
        row = place[0] + (0 if fixed_row else rows)
        column = place[1] + (0 if fixed_column else columns)
        if row < 0 or column < 0:
            return "#REF!"
        return f"{fixed_column}{column_name(column)}{fixed_row}{row + 1}"

    parts = formula.split('"')
    # What stands between quotes is text, not a place.
    return '"'.join(part if at % 2 else _RELATIVE.sub(move, part) for at, part in enumerate(parts))


def column_name(column: int) -> str:
    """The letters of a column from 0: A, B, ..., Z, AA."""
    name = ""
    column += 1
    while column > 0:
        column, letter = divmod(column - 1, 26)
        name = chr(65 + letter) + name
    return name


def _styles(root: Element | None, theme: Element | None) -> tuple[CellStyle, ...]:
    fills = fills_of(root, theme)
    codes = dict(BUILT_IN)
    for one in children(child(root, "numFmts")):
        codes[whole_number(attribute(one, "numFmtId"), 0, 0, 100_000)] = attribute(
            one, "formatCode", "General"
        )
    fonts = []
    for font in children(child(root, "fonts")):
        marks = {local(one): attribute(one, "val", "1") for one in font}
        is_bold, is_italic = (marks.get(name, "0") not in ("0", "false") for name in ("b", "i"))
        fonts.append((BOLD if is_bold else 0) | (ITALIC if is_italic else 0))
    found = []
    for one in children(child(root, "cellXfs"))[:_STYLES_MAX]:
        number = whole_number(attribute(one, "fontId"), 0, 0, 100_000)
        bits = fonts[number] if number < len(fonts) else 0
        alignment = child(one, "alignment")
        if alignment is not None:
            bits |= {"right": RIGHT, "center": CENTRE}.get(attribute(alignment, "horizontal"), 0)
            bits |= WRAPS if attribute(alignment, "wrapText") in ("1", "true") else 0
        number = whole_number(attribute(one, "numFmtId"), 0, 0, 100_000)
        fill = whole_number(attribute(one, "fillId"), 0, 0, 100_000)
        ground = fills[fill] if fill < len(fills) else ""
        found.append(CellStyle(codes.get(number, "General"), bits, ground))
    return tuple(found)
