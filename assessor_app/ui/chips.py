"""Small chips with numbers or words, painted in lists."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from assessor_app.ui.colours import Colours
from assessor_app.ui.theme import scaled_font

MOST_PAINTED = 3
"""More than so many chips are counted."""
_SIZE_PERCENT = 85


def chip_texts(numbers: Sequence[int], most: int = MOST_PAINTED) -> tuple[str, ...]:
    """What the chips say: the first numbers, and how many more there are."""
    if len(numbers) <= most:
        return tuple(str(number) for number in numbers)
    return (*(str(number) for number in numbers[: most - 1]), f"+{len(numbers) - most + 1}")


def paint_chips(painter: QPainter, right: QPointF, texts: Sequence[str], colours: Colours) -> float:
    """Paint chips from a point at the middle of their right edge to the left.

    Returns:
        How wide they are, with some air at the left; 0 for none.
    """
    if not texts:
        return 0.0
    font = scaled_font(_SIZE_PERCENT, QFont.Weight.DemiBold)
    metrics = QFontMetricsF(font)
    height, gap = metrics.height() * 1.15, metrics.height() * 0.2
    painter.setFont(font)
    at = right.x()
    for text in reversed(texts):
        width = max(height, metrics.horizontalAdvance(text) + metrics.height() * 0.6)
        box = QRectF(at - width, right.y() - height / 2, width, height)
        painter.setPen(QColor(colours.outline))
        painter.setBrush(QColor(colours.raised))
        painter.drawRoundedRect(box, height * 0.3, height * 0.3)
        painter.setPen(QColor(colours.text))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        at -= width + gap
    return right.x() - at
