"""How words of a readable text look: headings larger, code in even letters, quotes and addresses quieter."""

from __future__ import annotations

from PySide6.QtGui import QColor, QFont, QTextCharFormat

from assessor_app.documents.readable import Look
from assessor_app.ui.colours import Colours

EVEN_FAMILIES = ("Cascadia Mono", "Menlo", "DejaVu Sans Mono", "Liberation Mono", "monospace")
"""Fonts whose letters are all of one width; the first one that is there is used."""
_SIZES = {Look.TITLE: 1.5, Look.HEADING: 1.25, Look.SMALL_HEADING: 1.08}


def format_of(look: Look, colours: Colours, size_pt: float) -> QTextCharFormat:
    """The format of a stretch.

    Args:
        look: what it is.
        colours: the scheme in force.
        size_pt: size of ordinary words.
    """
    made = QTextCharFormat()
    if look in _SIZES:
        made.setFontPointSize(size_pt * _SIZES[look])
        made.setFontWeight(QFont.Weight.DemiBold)
    elif look is Look.BOLD:
        made.setFontWeight(QFont.Weight.Bold)
    elif look is Look.ITALIC:
        made.setFontItalic(True)
    elif look is Look.STRUCK:
        made.setFontStrikeOut(True)
    elif look is Look.CODE:
        made.setFontFamilies(list(EVEN_FAMILIES))
        made.setFontFixedPitch(True)
    elif look is Look.LINK:
        made.setForeground(QColor(colours.accent))
    else:
        made.setForeground(QColor(colours.quiet))
    return made


def even_font(font: QFont) -> QFont:
    """The same font with letters of one width."""
    made = QFont(font)
    made.setFamilies(list(EVEN_FAMILIES))
    made.setStyleHint(QFont.StyleHint.Monospace)
    made.setFixedPitch(True)
    return made
