"""Words painted on a few lines, the last of which ends in an ellipsis where room is short."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QTextLayout


def paint_lines(painter: QPainter, box: QRectF, text: str, font: QFont, most: int) -> float:
    """Paint words with the painter's pen, wrapped between words.

    Args:
        painter: its font is changed.
        box: its width is kept; lines begin at its top.
        text: plain words.
        font: of all lines.
        most: most lines.

    Returns:
        The height that was used.
    """
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    layout = QTextLayout(text, font)
    layout.beginLayout()
    used = 0
    while used < most:
        line = layout.createLine()
        if not line.isValid():
            break
        line.setLineWidth(box.width())
        start = line.textStart()
        shown = text[start:] if used == most - 1 else text[start : start + line.textLength()]
        fitted = metrics.elidedText(shown.strip(), Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(QPointF(box.left(), box.top() + metrics.height() * used + metrics.ascent()), fitted)
        used += 1
    layout.endLayout()
    return metrics.height() * used
