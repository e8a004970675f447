"""PDF documents as teachers make them: flowing text, tables, charts, handwriting, page numbers."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

import pymupdf

from reference_platform.demo import handwriting
from reference_platform.demo.writing import Break, Heading, Manner, Paragraph, Picture, Piece, Table, inline

Colour = tuple[float, float, float]

LETTER = (612.0, 792.0)
"""US Letter in points."""
MARGIN = 64.0
EMPTY = "&#160;<br/>&#160;"
"""A cell to write in."""
GAP = 10.0
CELL_PADDING = 10.0
"""What the style puts left and right of a cell's text, with its border."""
LEAST_ROOM = 70.0
"""Text does not begin in less room than this at the foot of a page."""
INK: Colour = (0.13, 0.2, 0.45)
RED_PEN: Colour = (0.75, 0.1, 0.12)
PENCIL: Colour = (0.28, 0.28, 0.3)

STYLE = """
body { margin: 0; font-family: %s; font-size: 11.5pt; line-height: 1.42; color: #1a1a1a; }
h1 { font-size: 19pt; color: %s; margin-bottom: 4pt; }
h2 { font-size: 14pt; color: %s; margin-top: 12pt; margin-bottom: 3pt; }
h3 { font-size: 12pt; margin-top: 8pt; margin-bottom: 2pt; }
p { margin-top: 3pt; margin-bottom: 5pt; }
ul { margin-top: 0; margin-bottom: 2pt; }
li { margin-bottom: 1pt; }
.small { font-size: 9.5pt; color: #444; }
.quote { margin-left: 16pt; margin-right: 16pt; font-style: italic; }
table { border-collapse: collapse; width: 100%%; font-size: 10.5pt; }
th { background-color: #e8edf3; border: 0.7pt solid #8a94a0; padding: 4pt; text-align: left; }
td { border: 0.7pt solid #8a94a0; padding: 4pt; vertical-align: top; }
"""


Draw = Callable[[pymupdf.Page, pymupdf.Rect], None]
"""Draws within a rectangle of a page."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing in one piece."""

    height: float
    """In points."""
    draw: Draw


def document(
    content: Sequence[Piece],
    *,
    footer: str,
    figures: Mapping[str, Figure] | None = None,
    family: str = "serif",
    accent: str = "#1f3a5f",
    page: tuple[float, float] = LETTER,
) -> bytes:
    """A document with a footer and page numbers, and a layer of text.

    Args:
        content: from top to bottom.
        footer: stands beside the page number.
        figures: by the name that `content` calls them.
        family: CSS font family.
        accent: CSS colour of headings.
        page: width and height in points.
    """
    buffer = io.BytesIO()
    writer = pymupdf.DocumentWriter(buffer)
    drawn: list[tuple[int, pymupdf.Rect, Figure]] = []
    flow = _Flow(writer, page, STYLE % (family, accent, accent))
    text: list[str] = []
    for piece in content:
        if isinstance(piece, (Break, Picture)):
            flow.write("".join(text))
            text = []
        if isinstance(piece, Break):
            flow.next_page()
        elif isinstance(piece, Picture):
            figure = (figures or {})[piece.name]
            number, place = flow.reserve(figure.height)
            drawn.append((number, place, figure))
        else:
            text.append(_html(piece, page[0] - 2 * MARGIN))
    flow.write("".join(text))
    flow.finish()
    writer.close()
    with pymupdf.open("pdf", buffer.getvalue()) as made:
        for number, place, figure in drawn:
            figure.draw(made[number], place)
        _number_pages(made, footer)
        return _bytes_of(made)


def pages_of(data: bytes) -> int:
    """How many pages a PDF has."""
    with pymupdf.open("pdf", data) as opened:
        return int(opened.page_count)


def write_by_hand(
    page: pymupdf.Page,
    lines: Sequence[str],
    at: tuple[float, float],
    *,
    size: float = 11,
    leading: float = 20,
    colour: Colour = INK,
    hand: str = "one",
) -> None:
    """Write lines on a page as if with a pen.

    Args:
        page: where.
        lines: top to bottom.
        at: where the first line's baseline begins.
        size: height of a capital in points.
        leading: from one baseline to the next in points.
        colour: of the pen.
        hand: whose hand.
    """
    shape = page.new_shape()
    for number, line in enumerate(lines):
        for stroke in handwriting.strokes(line, at[0], at[1] + number * leading, size, hand):
            if len(set(stroke)) == 1 or len(stroke) == 1:
                shape.draw_circle(stroke[0], size * 0.09)
            else:
                shape.draw_polyline(stroke)
    shape.finish(color=colour, width=size * 0.1, lineCap=1, lineJoin=1, closePath=False)
    shape.commit()


def _html(piece: Heading | Paragraph | Table, width: float) -> str:
    if isinstance(piece, Heading):
        return f"<h{piece.level}>{_runs(piece.text)}</h{piece.level}>"
    if isinstance(piece, Table):
        return _table(piece, width)
    if piece.manner is Manner.ITEM:
        return f"<ul><li>{_runs(piece.text)}</li></ul>"
    return f'<p class="{piece.manner}">{_runs(piece.text)}</p>'


def _runs(text: str) -> str:
    made = ""
    for run, bold, italic in inline(text):
        part = escape(run)
        part = f"<b>{part}</b>" if bold else part
        made += f"<i>{part}</i>" if italic else part
    return made


def _table(piece: Table, width: float) -> str:
    # The layout engine reads the attribute, not the style, and only when every cell of a column says it.
    marks = [
        f' width="{round(width * percent / sum(piece.widths) - CELL_PADDING)}"' for percent in piece.widths
    ]

    def row(tag: str, cells: Sequence[str]) -> str:
        made = (
            f"<{tag}{mark}>{_runs(cell) or EMPTY}</{tag}>" for cell, mark in zip(cells, marks, strict=True)
        )
        return f"<tr>{''.join(made)}</tr>"

    return f"<table>{row('th', piece.head)}{''.join(row('td', cells) for cells in piece.rows)}</table>"


def _bytes_of(made: pymupdf.Document) -> bytes:
    made.subset_fonts()
    made.set_metadata({})
    return bytes(made.tobytes(garbage=3, deflate=True, no_new_id=True))


def _number_pages(made: pymupdf.Document, footer: str) -> None:
    for index in range(made.page_count):
        page = made[index]
        bottom = page.rect.height - 34
        grey = (0.4, 0.4, 0.4)
        page.draw_line((MARGIN, bottom - 12), (page.rect.width - MARGIN, bottom - 12), color=grey, width=0.4)
        page.insert_text((MARGIN, bottom), footer, fontsize=8, color=grey)
        number = f"Page {index + 1} of {made.page_count}"
        indent = page.rect.width - MARGIN - pymupdf.get_text_length(number, fontsize=8)
        page.insert_text((indent, bottom), number, fontsize=8, color=grey)


class _Flow:
    """Places text and figures one below the other."""

    def __init__(self, writer: pymupdf.DocumentWriter, page: tuple[float, float], style: str) -> None:
        self._writer = writer
        self._style = style
        self._page = pymupdf.Rect(0, 0, *page)
        self._bottom = page[1] - MARGIN
        self._number = -1
        self._device: pymupdf.DeviceWrapper | None = None
        self._y = self._bottom

    def write(self, html: str) -> None:
        """Let text flow from where the last piece ended."""
        if not html:
            return
        story = pymupdf.Story(html, user_css=self._style)
        if self._bottom - self._y < LEAST_ROOM:
            self.next_page()
        more = 1
        while more:
            area = pymupdf.Rect(MARGIN, self._y, self._page.width - MARGIN, self._bottom)
            more, filled = story.place(area)
            story.draw(self._device)
            self._y = filled[3] + GAP
            if more:
                self.next_page()

    def reserve(self, height: float) -> tuple[int, pymupdf.Rect]:
        """Keep room for a figure, on the next page where this one has too little: page and place."""
        if self._bottom - self._y < height:
            self.next_page()
        place = pymupdf.Rect(MARGIN, self._y, self._page.width - MARGIN, self._y + height)
        self._y = place.y1 + GAP
        return self._number, place

    def next_page(self) -> None:
        """Go on at the top of a new page."""
        self.finish()
        self._device = self._writer.begin_page(self._page)
        self._number += 1
        self._y = MARGIN

    def finish(self) -> None:
        """End the last page."""
        if self._device is not None:
            self._writer.end_page()
            self._device = None
