"""What is seen of patches on pages: their words, and a frame where one is lifted.

The pages themselves come covered from the worker; nothing here hides anything.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from assessor_app.documents.pages import Patch
from assessor_app.ui.viewers.page_supply import PageSupply

_INK, _EDGE = QColor(70, 74, 80), QColor(150, 156, 164)
_LIFTED = QColor(120, 84, 20)
_LETTER_SHARE = 0.6
"""Height of the words in heights of the patch."""
_SMALLEST_PX = 6.0
"""Words that would be smaller on screen are left out; the patch itself is seen."""


def patch_words() -> str:
    """What stands on a patch."""
    return QCoreApplication.translate("guard", "may name a person")


class PatchOverlay:
    """Lies over the pages of one view.

    Args:
        supply: knows the patches of the pages that were drawn.
        font: the view's.
    """

    def __init__(self, supply: PageSupply, font: QFont) -> None:
        self._supply, self._font = supply, font

    def paint(self, painter: QPainter, page: int, scale: float) -> None:
        """Paint over a page, in page points."""
        for patch in self._supply.patches.get(page, ()):
            if patch.is_lifted:
                self._paint_frame(painter, patch)
            else:
                self._paint_words(painter, patch, scale)

    def _paint_frame(self, painter: QPainter, patch: Patch) -> None:
        pen = QPen(_LIFTED, 1.5, Qt.PenStyle.DashLine)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(_rect(patch), 2, 2)

    def _paint_words(self, painter: QPainter, patch: Patch, scale: float) -> None:
        rect = _rect(patch)
        pen = QPen(_EDGE, 1)
        pen.setCosmetic(True)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect)
        font = QFont(self._font)
        font.setPixelSize(100)
        metrics = QFontMetricsF(font)
        words = patch_words()
        # In page points: as high as the patch allows, or as wide as it is.
        height = min(
            rect.height() * _LETTER_SHARE, 100 * (rect.width() - 3) / metrics.horizontalAdvance(words)
        )
        if height * scale < _SMALLEST_PX:
            return
        factor = height / 100
        painter.save()
        painter.setFont(font)
        painter.setPen(_INK)
        painter.translate(rect.topLeft())
        painter.scale(factor, factor)
        area = QRectF(0, 0, rect.width() / factor, rect.height() / factor)
        painter.drawText(area, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip), words)
        painter.restore()


def _rect(patch: Patch) -> QRectF:
    x0, y0, x1, y1 = patch.rect
    return QRectF(x0, y0, x1 - x0, y1 - y0)
