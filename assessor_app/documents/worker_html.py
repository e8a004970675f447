"""The words of an HTML file, with headings, lists and tables. Runs only in the child; nothing is loaded."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

from assessor_app.documents.readable import Look
from assessor_app.documents.readable_builder import Builder
from assessor_app.documents.worker_text import cleaned

_SKIPPED = frozenset(
    {"script", "style", "template", "noscript", "iframe", "object", "embed", "svg", "math", "select", "audio"}
    | {"video", "canvas"}
)
_VOID = frozenset(
    {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
)
_BLOCKS = frozenset(
    {"p", "section", "article", "header", "footer", "main", "nav", "aside", "blockquote", "pre", "ul", "ol"}
    | {"dl", "table", "figure", "form", "fieldset", "address", "h1", "h2", "h3", "h4", "h5", "h6", "title"}
)
_LINES = frozenset({"div", "li", "tr", "dt", "dd", "figcaption", "caption", "br", "option", "legend"})
_LOOKS = {
    "title": Look.QUIET,
    "h1": Look.TITLE,
    "h2": Look.HEADING,
    **dict.fromkeys(("h3", "h4", "h5", "h6"), Look.SMALL_HEADING),
    **dict.fromkeys(("b", "strong", "th", "dt"), Look.BOLD),
    **dict.fromkeys(("i", "em", "cite", "var"), Look.ITALIC),
    **dict.fromkeys(("s", "del", "strike"), Look.STRUCK),
    **dict.fromkeys(("code", "pre", "kbd", "samp", "tt"), Look.CODE),
    "blockquote": Look.QUOTE,
    "a": Look.LINK,
}
_CELLS = frozenset({"td", "th", "dt", "dd"})
_WIDEST_TABLE = 48
"""Most characters before the last column; a wider table would be wrapped, and columns mean nothing then."""
_TABLES_ALIGNED = 100
_DEEPEST = 200
_ADDRESS_MAX_CHARS = 300


def build(builder: Builder) -> None:
    """Put the words of a page together."""
    parser = _Words(builder)
    parser.feed(builder.source)
    parser.close()
    builder.end_line()


class _Table:
    """Where the cells of a table end."""

    def __init__(self, start: int) -> None:
        self.start = start
        self.rows: list[list[int]] = []
        """For each row where it begins, then where each of its cells but the last ends."""

    def spots(self, widest: int) -> list[tuple[int, int]] | None:
        """Where spaces make columns, and how many; None for a table that is too wide for them."""
        between = 3
        widths: list[int] = []
        for row in self.rows:
            for x, end in enumerate(row[1:]):
                begin = row[0] if x == 0 else row[x] + between
                widths += [0] * (x + 1 - len(widths))
                widths[x] = max(widths[x], end - begin)
        if sum(widths) + between * len(widths) > widest:
            return None
        found = []
        for row in self.rows:
            for x, end in enumerate(row[1:]):
                begin = row[0] if x == 0 else row[x] + between
                if end - begin < widths[x]:
                    found.append((end, widths[x] - (end - begin)))
        return found


class _Words(HTMLParser):
    """Hands words on and turns markup into lines and looks."""

    def __init__(self, builder: Builder) -> None:
        super().__init__(convert_charrefs=False)
        self._builder = builder
        self._line_starts = [0, *(found.end() for found in re.finditer("\n", builder.source))]
        self._open: list[tuple[str, int, str]] = []
        self._skipping: str | None = None
        self._lists: list[int | None] = []
        self._is_spaced = True
        self._cells = 0
        self._tables: list[_Table] = []
        self._aligned = 0

    # ---- tags ----

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a line, a list item, a cell, a look."""
        if self._skipping is not None:
            return
        if tag in _SKIPPED and tag not in _VOID:
            self._skipping = tag
            return
        if tag in _CELLS or tag == "tr":
            self._close_cells()
        told = {name: value or "" for name, value in attrs}
        self._break_before(tag)
        if tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "li":
            self._begin_item()
        elif tag == "table":
            self._tables.append(_Table(self._builder.at))
        elif tag == "tr":
            self._begin_row()
        elif tag in ("td", "th"):
            self._begin_cell()
        elif tag == "hr":
            self._builder.end_line()
            self._put("─" * 24 + "\n")
        elif tag == "img":
            words = cleaned(told.get("alt", "")).strip()
            self._put(f"[Picture: {words}]" if words else "[Picture]")
        if tag in _LOOKS and len(self._open) < _DEEPEST:
            self._open.append((tag, self._builder.at, told.get("href", "")))

    def handle_endtag(self, tag: str) -> None:
        """End what was begun."""
        if self._skipping is not None:
            self._skipping = None if tag == self._skipping else self._skipping
            return
        for index in range(len(self._open) - 1, -1, -1):
            name, start, address = self._open[index]
            if name == tag:
                for inner, begun, _ in self._open[index:]:
                    self._builder.look(begun, _LOOKS[inner])
                del self._open[index:]
                self._tell_address(start, address)
                break
        if tag in ("tr", "table", "dl"):
            self._close_cells()
        if tag == "table" and self._tables:
            self._end_table(self._tables.pop())
        if tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        self._break_before(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that ends at once."""
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    # ---- words ----

    def handle_data(self, data: str) -> None:
        """Words as they stand in the source, white space as on the page."""
        if self._skipping is not None:
            return
        line, column = self.getpos()
        start = self._line_starts[line - 1] + column
        if any(tag == "pre" for tag, _, _ in self._open):
            self._builder.take(start, start + len(data))
            return
        for found in re.finditer(r"\s+|\S+", data):
            if found.group().isspace():
                if not self._is_spaced:
                    self._space(start + found.start())
            else:
                self._builder.take(start + found.start(), start + found.end())
                self._is_spaced = False

    def handle_entityref(self, name: str) -> None:
        """A named character."""
        self._character(unescape(f"&{name};"))

    def handle_charref(self, name: str) -> None:
        """A numbered character."""
        self._character(unescape(f"&#{name};"))

    # ---- inside ----

    def _character(self, text: str) -> None:
        if self._skipping is None:
            self._put(cleaned(text.replace("\xa0", " ")))

    def _put(self, text: str) -> None:
        if text:
            self._builder.put(text)
            self._is_spaced = text[-1].isspace()

    def _space(self, at: int) -> None:
        if self._builder.source[at] == " ":
            self._builder.take(at, at + 1)
        else:
            self._builder.put(" ")
        self._is_spaced = True

    def _break_before(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._builder.end_block()
            self._is_spaced = True
        elif tag in _LINES:
            self._builder.end_line()
            self._is_spaced = True

    def _begin_row(self) -> None:
        self._cells = 0
        if self._tables:
            self._tables[-1].rows.append([self._builder.at])

    def _begin_cell(self) -> None:
        if self._cells:
            if self._tables and self._tables[-1].rows:
                self._tables[-1].rows[-1].append(self._builder.at)
            self._put(" │ ")
        self._cells += 1

    def _end_table(self, table: _Table) -> None:
        """Make columns of a table that is narrow enough; of one within another only the outer is one."""
        if self._tables or self._aligned >= _TABLES_ALIGNED:
            return
        spots = table.spots(_WIDEST_TABLE)
        if spots is not None:
            self._aligned += 1
            if spots:
                self._builder.widen(spots)
            self._builder.look(table.start, Look.CODE)

    def _close_cells(self) -> None:
        """Cells need no end: the next one ends them."""
        while self._open and self._open[-1][0] in _CELLS:
            name, start, _ = self._open.pop()
            self._builder.look(start, _LOOKS[name])

    def _begin_item(self) -> None:
        depth = max(0, len(self._lists) - 1)
        number = self._lists[-1] if self._lists else None
        if number is None:
            self._put("  " * depth + "• ")
        else:
            self._lists[-1] = number + 1
            self._put("  " * depth + f"{number + 1}. ")

    def _tell_address(self, start: int, untrusted_address: str) -> None:
        """Say where a link leads: it is words here and leads nowhere."""
        address = cleaned(untrusted_address).strip()[:_ADDRESS_MAX_CHARS]
        if address and not address.startswith("#") and start < self._builder.at:
            at = self._builder.at
            self._put(f" ({address})")
            self._builder.look(at, Look.QUIET)
