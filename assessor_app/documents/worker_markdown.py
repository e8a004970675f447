"""Markdown as it reads: headings, lists, quotes, tables, emphasis. Runs only in the child."""

from __future__ import annotations

import re
from itertools import pairwise

from assessor_app.documents.readable import Look
from assessor_app.documents.readable_builder import Builder

Span = tuple[int, int]
_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+")
_CLOSING_HASHES = re.compile(r"[ \t]+#+[ \t]*$")
_UNDERLINE = re.compile(r" {0,3}(=+|-+)[ \t]*$")
_RULE = re.compile(r" {0,3}([-*_])([ \t]*\1){2,}[ \t]*$")
_QUOTE = re.compile(r" {0,3}>[ \t]?")
_ITEM = re.compile(r"([ \t]*)([-*+]|\d{1,9}[.)])[ \t]+(\[[ xX]\][ \t]+)?")
_TABLE_RULE = re.compile(r"[ \t]*\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*$")
_PUNCTUATION = frozenset("\\`*_{}[]()<>#+-.!|~\"'")
_DEEPEST = 8
_WIDEST_TABLE = 48
"""Most characters before the last column; a wider table would be wrapped, and columns mean nothing then."""
_HEADINGS = (Look.TITLE, Look.HEADING, Look.SMALL_HEADING)


def build(builder: Builder) -> None:
    """Put a Markdown text together."""
    _Blocks(builder).run()


class _Blocks:
    """Goes through the lines."""

    def __init__(self, builder: Builder) -> None:
        self._builder, self._source = builder, builder.source
        self._lines = _line_spans(builder.source)
        self._at = 0

    def run(self) -> None:
        """All of them."""
        while self._at < len(self._lines):
            start, end = self._lines[self._at]
            line = self._source[start:end]
            if not line.strip():
                self._builder.end_block()
                self._at += 1
            elif _FENCE.match(line):
                self._code(line)
            elif _HEADING.match(line):
                self._heading(start, end)
            elif _RULE.match(line):
                self._builder.end_line()
                at = self._builder.at
                self._builder.put("─" * 24)
                self._builder.look(at, Look.QUIET)
                self._builder.end_line()
                self._at += 1
            elif "|" in line and self._is_table_below():
                self._table()
            elif _QUOTE.match(line):
                self._quote(start, end)
            elif _ITEM.match(line):
                self._item(start, end)
            else:
                self._paragraph()
        self._builder.end_line()

    def _line(self, number: int) -> str:
        start, end = self._lines[number]
        return self._source[start:end]

    def _code(self, opening: str) -> None:
        """Everything up to the closing fence, as it is."""
        found = _FENCE.match(opening)
        fence = found.group(1) if found is not None else "```"
        self._builder.end_block()
        at = self._builder.at
        self._at += 1
        while self._at < len(self._lines):
            start, end = self._lines[self._at]
            self._at += 1
            if self._source[start:end].strip().startswith(fence):
                break
            self._builder.take(start, min(end + 1, len(self._source)))
        self._builder.look(at, Look.CODE)
        self._builder.end_block()

    def _heading(self, start: int, end: int) -> None:
        found = _HEADING.match(self._source[start:end])
        depth = len(found.group(1)) if found is not None else 1
        first = start + (found.end() if found is not None else 0)
        closing = _CLOSING_HASHES.search(self._source[first:end])
        self._builder.end_block()
        self._styled(first, first + closing.start() if closing is not None else end, depth)
        self._builder.end_block()
        self._at += 1

    def _styled(self, start: int, end: int, depth: int) -> None:
        at = self._builder.at
        _inline(self._builder, start, end)
        self._builder.look(at, _HEADINGS[min(depth, len(_HEADINGS)) - 1])

    def _quote(self, start: int, end: int) -> None:
        found = _QUOTE.match(self._source[start:end])
        self._builder.end_line()
        at = self._builder.at
        self._builder.put("▎ ")
        _inline(self._builder, start + (found.end() if found is not None else 0), end)
        self._builder.look(at, Look.QUOTE)
        self._builder.end_line()
        self._at += 1

    def _item(self, start: int, end: int) -> None:
        found = _ITEM.match(self._source[start:end])
        assert found is not None
        self._builder.end_line()
        self._builder.put(" " * min(24, len(found.group(1).expandtabs(4))))
        if found.group(2)[0].isdigit():
            self._builder.take(start + found.start(2), start + found.end(2))
            self._builder.put(" ")
        else:
            self._builder.put("• ")
        box = found.group(3)
        if box:
            self._builder.put("☐ " if box[1] == " " else "☑ ")
        _inline(self._builder, start + found.end(), end)
        self._builder.put("\n")
        self._at += 1

    def _paragraph(self) -> None:
        """Lines that belong together; a line of dashes below makes them a heading."""
        first = self._at
        while self._at < len(self._lines) and self._goes_on(first):
            self._at += 1
        below = self._line(self._at) if self._at < len(self._lines) else ""
        is_heading = bool(_UNDERLINE.match(below)) and below.strip() != ""
        at = self._builder.at
        for number in range(first, self._at):
            start, end = self._lines[number]
            breaks = self._source[start:end].endswith(("  ", "\\"))
            text_end = start + len(self._source[start:end].rstrip().removesuffix("\\" if breaks else ""))
            text_start = start + len(self._source[start:end]) - len(self._source[start:end].lstrip())
            _inline(self._builder, text_start, max(text_start, text_end))
            if number + 1 < self._at:
                self._builder.put("\n" if breaks else " ")
        if is_heading:
            self._builder.look(at, Look.TITLE if below.strip()[0] == "=" else Look.HEADING)
            self._at += 1
        self._builder.end_block() if is_heading else self._builder.end_line()

    def _goes_on(self, first: int) -> bool:
        line = self._line(self._at)
        if self._at == first:
            return True
        if not line.strip() or _UNDERLINE.match(line):
            return False
        return not any(rule.match(line) for rule in (_FENCE, _HEADING, _RULE, _QUOTE, _ITEM))

    def _is_table_below(self) -> bool:
        return (
            self._at + 1 < len(self._lines)
            and "-" in (below := self._line(self._at + 1))
            and bool(_TABLE_RULE.match(below))
        )

    def _table(self) -> None:
        rows = [_cells(self._source, *self._lines[self._at])]
        self._at += 2
        while self._at < len(self._lines) and "|" in self._line(self._at):
            rows.append(_cells(self._source, *self._lines[self._at]))
            self._at += 1
        columns = max(len(row) for row in rows)
        widths = [max(row[x][1] - row[x][0] for row in rows if x < len(row)) for x in range(columns)]
        is_narrow = sum(widths[:-1]) + 3 * len(widths) <= _WIDEST_TABLE
        self._builder.end_block()
        for number, row in enumerate(rows):
            start = self._builder.at
            for x, (first, last) in enumerate(row):
                self._builder.put(" │ " if x else "")
                at = self._builder.at
                _inline(self._builder, first, last)
                if is_narrow and x + 1 < len(row):
                    self._builder.put(" " * max(0, widths[x] - (self._builder.at - at)))
            if is_narrow:
                self._builder.look(start, Look.CODE)
            if number == 0:
                self._builder.look(start, Look.BOLD)
            self._builder.put("\n")
        self._builder.end_block()


def _line_spans(source: str) -> list[Span]:
    spans, start = [], 0
    for line in source.split("\n"):
        spans.append((start, start + len(line)))
        start += len(line) + 1
    return spans


def _cells(source: str, start: int, end: int) -> list[Span]:
    """The cells of a row of a table, without the bars and the air around."""
    text = source[start:end]
    bars = [-1, *(at for at, sign in enumerate(text) if sign == "|" and text[at - 1 : at] != "\\"), len(text)]
    found = []
    for left, right in pairwise(bars):
        cell = text[left + 1 : right]
        is_edge = (left == -1 or right == len(text)) and not cell.strip()
        if not is_edge:
            first = left + 1 + len(cell) - len(cell.lstrip())
            found.append((start + first, start + first + len(cell.strip())))
    return found or [(end, end)]


def _inline(builder: Builder, start: int, end: int, depth: int = 0) -> None:
    """Words of one paragraph or line with emphasis, code and links."""
    _Inline(builder, start, end, depth).run()


class _Inline:
    """Goes through the signs of a stretch. What has no closing sign is shown as it is."""

    def __init__(self, builder: Builder, start: int, end: int, depth: int) -> None:
        self._builder, self._source = builder, builder.source
        self._at, self._end, self._depth = start, end, depth
        self._plain = start
        self._missing: set[str] = set()
        """Signs that have no closing one from here on: not looked for again."""

    def run(self) -> None:
        """All of it."""
        while self._at < self._end:
            sign = self._source[self._at]
            if sign == "\\" and self._at + 1 < self._end and self._source[self._at + 1] in _PUNCTUATION:
                self._flush(self._at)
                self._plain = self._at + 1
                self._at += 2
            elif sign not in "`*_~![<" or self._depth >= _DEEPEST or not self._marked(sign):
                self._at += 1
        self._flush(self._end)

    def _flush(self, end: int) -> None:
        self._builder.take(self._plain, min(end, self._end))
        self._plain = end

    def _marked(self, sign: str) -> bool:
        """Show what begins here, if it does; True when it was shown."""
        if sign == "`":
            return self._code()
        if sign in "![":
            return self._link()
        if sign == "<":
            return self._address()
        for marker, look in (("**", Look.BOLD), ("__", Look.BOLD), ("~~", Look.STRUCK)):
            if self._source.startswith(marker, self._at):
                return self._emphasis(marker, look)
        return sign in "*_" and self._emphasis(sign, Look.ITALIC)

    def _find(self, marker: str, start: int) -> int:
        """Where a sign stands next; -1 for nowhere, which is remembered."""
        if marker in self._missing:
            return -1
        found = self._source.find(marker, start, self._end)
        if found < 0:
            self._missing.add(marker)
        return found

    def _skip_to(self, after: int) -> bool:
        self._at = self._plain = after
        return True

    def _code(self) -> bool:
        ticks = len(self._source[self._at : self._end]) - len(self._source[self._at : self._end].lstrip("`"))
        first = self._at + ticks
        closing = self._find("`" * ticks, first)
        if closing < 0:
            return False
        self._flush(self._at)
        at = self._builder.at
        self._builder.take(first, closing)
        self._builder.look(at, Look.CODE)
        return self._skip_to(closing + ticks)

    def _emphasis(self, marker: str, look: Look) -> bool:
        first = self._at + len(marker)
        if first >= self._end or self._source[first].isspace():
            return False
        if marker[0] == "_" and self._at and self._source[self._at - 1].isalnum():
            return False
        closing = self._find(marker, first + 1)
        if closing < 0 or self._source[closing - 1].isspace():
            return False
        after = closing + len(marker)
        if marker[0] == "_" and after < self._end and self._source[after].isalnum():
            return False
        self._flush(self._at)
        at = self._builder.at
        _inline(self._builder, first, closing, self._depth + 1)
        self._builder.look(at, look)
        return self._skip_to(after)

    def _link(self) -> bool:
        """A link or a picture: its words, and where it leads, as words."""
        is_picture = self._source[self._at] == "!"
        first = self._at + (2 if is_picture else 1)
        if is_picture and self._source[self._at + 1 : self._at + 2] != "[":
            return False
        middle = self._find("](", first)
        closing = self._find(")", middle + 2) if middle >= 0 else -1
        if closing < 0 or "\n" in self._source[middle:closing]:
            return False
        self._flush(self._at)
        at = self._builder.at
        self._builder.put("[Picture: " if is_picture else "")
        _inline(self._builder, first, middle, self._depth + 1)
        self._builder.put("]" if is_picture else "")
        self._builder.look(at, Look.QUIET if is_picture else Look.LINK)
        if not is_picture and self._source[first:middle] != self._source[middle + 2 : closing]:
            at = self._builder.at
            self._builder.put(" (")
            self._builder.take(middle + 2, closing)
            self._builder.put(")")
            self._builder.look(at, Look.QUIET)
        return self._skip_to(closing + 1)

    def _address(self) -> bool:
        """An address in pointed brackets."""
        if not self._source.startswith(("<http://", "<https://", "<mailto:"), self._at):
            return False
        closing = self._find(">", self._at)
        if closing < 0 or " " in self._source[self._at : closing]:
            return False
        self._flush(self._at)
        at = self._builder.at
        self._builder.take(self._at + 1, closing)
        self._builder.look(at, Look.LINK)
        return self._skip_to(closing + 1)
