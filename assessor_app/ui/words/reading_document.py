"""Feedback set as text: headings, captions and light Markdown, put in by formats and never as markup."""

from __future__ import annotations

from PySide6.QtGui import (
    QColor,
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextOption,
)

from assessor_app.domain.light_markdown import Block, BlockKind, Line, parse
from assessor_app.ui.colours import Colours
from assessor_app.ui.plain_text import INVISIBLE
from assessor_app.ui.style_sheet import TEXT_ROLES

_LINE_SEPARATOR = "\u2028"
_NEW_LINES = {**INVISIBLE, ord("\n"): _LINE_SEPARATOR, ord("\r"): None}
_INDENT_EM = 1.6


class ReadingDocument:
    """Fills one document from top to bottom."""

    def __init__(self, document: QTextDocument, font: QFont, colours: Colours) -> None:
        """Begin with an empty document.

        Args:
            document: its content is thrown away.
            font: of the body; the application's, already scaled.
            colours: the scheme in force.
        """
        document.clear()
        document.setUndoRedoEnabled(False)
        document.setDefaultFont(font)
        self._font, self._colours = font, colours
        self._em = document.defaultFont().pointSizeF() * 4 / 3
        # The sign of a line in a list stands as far before its words as the words are moved in.
        option = document.defaultTextOption()
        option.setTabStopDistance(_INDENT_EM * self._em)
        document.setDefaultTextOption(option)
        self._cursor = QTextCursor(document)
        self._is_first = True

    def say(self, text: str, role: str = "body", *, gap: float = 0.6, heading: int = 0) -> None:
        """One paragraph of the program's own words, or of a name.

        Args:
            text: shown as it is.
            role: a key of `TEXT_ROLES`.
            gap: air above, in lines.
            heading: its level for screen readers, from 1; 0 for none.
        """
        self._begin(gap, heading=heading)
        self._cursor.insertText(text.translate(_NEW_LINES), self._look(role))

    def write(self, text: str) -> None:
        """What somebody wrote, with its light Markdown."""
        for block in parse(text):
            self._block(block)

    # ---- inside ----

    def _block(self, block: Block) -> None:
        sign = {BlockKind.BULLET: "•", BlockKind.NUMBER: f"{block.number}."}.get(block.kind, "")
        self._begin(0.25 if sign else 0.35, indent=_INDENT_EM * self._em if sign else 0.0)
        plain = self._look("body")
        if sign:
            self._cursor.insertText(f"{sign}\t", plain)
        for number, line in enumerate(block.lines):
            if number:
                self._cursor.insertText(_LINE_SEPARATOR, plain)
            self._line(line)

    def _line(self, line: Line) -> None:
        for run in line:
            look = self._look("body")
            if run.bold:
                look.setFontWeight(QFont.Weight.Bold)
            look.setFontItalic(run.italic)
            self._cursor.insertText(run.text.translate(_NEW_LINES), look)

    def _begin(self, gap: float, *, indent: float = 0.0, heading: int = 0) -> None:
        shape = QTextBlockFormat()
        shape.setTopMargin(0 if self._is_first else gap * self._em)
        shape.setHeadingLevel(heading)
        if indent:
            shape.setLeftMargin(indent)
            shape.setTextIndent(-indent)
            shape.setTabPositions([QTextOption.Tab(indent, QTextOption.TabType.LeftTab)])
        if self._is_first:
            self._cursor.setBlockFormat(shape)
        else:
            self._cursor.insertBlock(shape, QTextCharFormat())
        self._is_first = False

    def _look(self, role: str) -> QTextCharFormat:
        factor, weight, colour = TEXT_ROLES[role]
        look = QTextCharFormat()
        font = QFont(self._font)
        font.setPointSizeF(font.pointSizeF() * factor)
        font.setWeight(QFont.Weight(weight))
        look.setFont(font)
        look.setForeground(QColor(getattr(self._colours, colour)))
        return look
