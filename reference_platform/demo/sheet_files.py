"""Workbooks: sheets with a bold header row, numbers as numbers, sums as formulas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reference_platform.demo import office
from reference_platform.demo.writing import Break, Heading, Piece, Table

S = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
PLAIN, HEAD, TITLE = 0, 1, 2
"""Numbers of the cell styles."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet: a title above one table."""

    title: str
    table: Table


def workbook(content: Sequence[Piece]) -> bytes:
    """A workbook.

    Args:
        content: sheets parted by breaks, each a heading and one table; a cell that begins with `=` is a
            formula and its value, parted by a semicolon.

    Raises:
        ValueError: a sheet has no heading or no table.
    """
    sheets = _sheets(content)
    names = "".join(
        f'<sheet name="{office.text(sheet.title[:31])}" sheetId="{number}" r:id="rId{number}"/>'
        for number, sheet in enumerate(sheets, start=1)
    )
    parts = {
        "_rels/.rels": office.relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": (
            f'<workbook xmlns="{S}" xmlns:r="{office.OFFICE}"><sheets>{names}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": office.relations(
            [
                *[("worksheet", f"worksheets/sheet{number}.xml") for number in range(1, len(sheets) + 1)],
                ("styles", "styles.xml"),
            ]
        ),
        "xl/styles.xml": _styles(),
    }
    kinds = {"xl/workbook.xml": f"{KIND}.sheet.main+xml", "xl/styles.xml": f"{KIND}.styles+xml"}
    for number, sheet in enumerate(sheets, start=1):
        parts[f"xl/worksheets/sheet{number}.xml"] = _sheet(sheet)
        kinds[f"xl/worksheets/sheet{number}.xml"] = f"{KIND}.worksheet+xml"
    return office.package(parts, kinds)


def _sheets(content: Sequence[Piece]) -> list[Sheet]:
    groups: list[list[Piece]] = [[]]
    for piece in content:
        if isinstance(piece, Break):
            groups.append([])
        else:
            groups[-1].append(piece)
    made = []
    for group in groups:
        titles = [piece.text for piece in group if isinstance(piece, Heading)]
        tables = [piece for piece in group if isinstance(piece, Table)]
        if not titles or not tables:
            raise ValueError("a sheet is a heading and a table")
        made.append(Sheet(titles[0], tables[0]))
    return made


def _sheet(sheet: Sheet) -> str:
    table = sheet.table
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{percent * 0.9:g}" customWidth="1"/>'
        for number, percent in enumerate(table.widths, start=1)
    )
    rows = [_row(1, [sheet.title], TITLE, 1), _row(3, table.head, HEAD, _lines(table.head, table.widths))]
    for number, cells in enumerate(table.rows, start=4):
        rows.append(_row(number, cells, PLAIN, _lines(cells, table.widths)))
    return (
        f'<worksheet xmlns="{S}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews>'
        '<sheetView workbookViewId="0"><pane ySplit="3" topLeftCell="A4" '
        'activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{columns}</cols><sheetData>{''.join(rows)}</sheetData>"
        '<pageSetup orientation="landscape" fitToWidth="1" fitToHeight="0"/></worksheet>'
    )


def _lines(cells: Sequence[str], widths: Sequence[int]) -> int:
    """How many lines the fullest cell takes."""
    return max(
        1 if cell.startswith("=") else -(-len(cell) // max(1, round(percent * 0.75)))
        for cell, percent in zip(cells, widths, strict=True)
    )


def _row(number: int, cells: Sequence[str], style: int, lines: int) -> str:
    made = ""
    for index, cell in enumerate(cells):
        place = f'r="{chr(ord("A") + index)}{number}" s="{style}"'
        if cell.startswith("="):
            formula, _, value = cell[1:].partition(";")
            made += f"<c {place}><f>{office.text(formula)}</f><v>{value}</v></c>"
        elif _is_number(cell):
            made += f"<c {place}><v>{cell}</v></c>"
        elif cell:
            text = f'<t xml:space="preserve">{office.text(cell)}</t>'
            made += f'<c {place} t="inlineStr"><is>{text}</is></c>'
    height = 21 if style == TITLE else 16 * max(1, lines)
    return f'<row r="{number}" ht="{height}" customHeight="1">{made}</row>'


def _is_number(cell: str) -> bool:
    return cell.replace(".", "", 1).removeprefix("-").isdigit()


def _styles() -> str:
    border = "".join(
        f'<{side} style="thin"><color rgb="FFB4BCC4"/></{side}>'
        for side in ("left", "right", "top", "bottom")
    )
    wrap = '<alignment horizontal="left" vertical="top" wrapText="1"/>'
    return (
        f'<styleSheet xmlns="{S}"><fonts count="3"><font><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="11"/><name val="Calibri"/></font>'
        '<font><b/><sz val="15"/><name val="Calibri"/></font>'
        '</fonts><fills count="3"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill><fill><patternFill patternType="solid">'
        '<fgColor rgb="FFE8EDF3"/></patternFill></fill></fills><borders count="2"><border/>'
        f'<border>{border}</border></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3">'
        f'<xf fontId="0" borderId="1" applyBorder="1" applyAlignment="1">{wrap}</xf>'
        f'<xf fontId="1" fillId="2" borderId="1" applyFont="1" applyFill="1" applyBorder="1" '
        f'applyAlignment="1">{wrap}</xf><xf fontId="2" applyFont="1"/></cellXfs></styleSheet>'
    )
