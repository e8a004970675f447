"""Paints the canvas: pages with a quiet shadow, drawings that wait, cards in place of failed pages."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QImage, QLinearGradient, QPainter, QPalette, QPen

from assessor_app.documents.pages import Card
from assessor_app.ui.viewers.page_cache import Clip

_SHADOW_PX = 5
PAPER = QColor(255, 255, 255)
"""A page is white in the dark, too: evidence is never recoloured."""
AIR_PX = 8
"""Canvas left above a page that is gone to."""
DIM = QColor(205, 200, 190)
"""What a dimmed page is multiplied with."""


def canvas_colour(palette: QPalette) -> QColor:
    """The ground behind the pages: darker than a page in both schemes."""
    window = palette.color(QPalette.ColorRole.Window)
    return window.darker(150) if window.lightness() < 128 else window.darker(112)


def snap(rect: QRectF, ratio: float) -> QRectF:
    """A rectangle moved onto whole device pixels, so that text is not smeared."""
    left, top = round(rect.left() * ratio) / ratio, round(rect.top() * ratio) / ratio
    right, bottom = round(rect.right() * ratio) / ratio, round(rect.bottom() * ratio) / ratio
    return QRectF(left, top, right - left, bottom - top)


def upright(rect: QRectF, turn: int) -> QRectF:
    """A page's rectangle from its own top left, as it is before it is turned by quarters."""
    width, height = (rect.height(), rect.width()) if turn % 2 else (rect.width(), rect.height())
    return QRectF(0, 0, width, height)


def turn_upright(painter: QPainter, rect: QRectF, turn: int) -> None:
    """Have a painter draw an upright page into a rectangle that shows it turned to the right by quarters."""
    corners = (rect.topLeft(), rect.topRight(), rect.bottomRight(), rect.bottomLeft())
    painter.translate(corners[turn])
    painter.rotate(90 * turn)


def paint_shadow(painter: QPainter, rect: QRectF) -> None:
    """A soft edge around a page, heavier below; of strips, since outlines cost more than the page itself."""
    wide, above, below = _SHADOW_PX, _SHADOW_PX - 1, _SHADOW_PX + 1
    inner = rect.adjusted(0, 1, 0, 1)
    for strip, edge, outside in (
        (QRectF(rect.left() - wide, inner.top(), wide, inner.height()), rect.left(), rect.left() - wide),
        (QRectF(rect.right(), inner.top(), wide, inner.height()), rect.right(), rect.right() + wide),
    ):
        painter.fillRect(strip, _fading(QPointF(edge, 0), QPointF(outside, 0)))
    for strip, edge, outside in (
        (QRectF(rect.left(), rect.top() - above, rect.width(), above), rect.top(), rect.top() - above),
        (QRectF(rect.left(), rect.bottom(), rect.width(), below), rect.bottom(), rect.bottom() + below),
    ):
        painter.fillRect(strip, _fading(QPointF(0, edge), QPointF(0, outside)))


def _fading(start: QPointF, end: QPointF) -> QBrush:
    """A shade that ends in nothing."""
    gradient = QLinearGradient(start, end)
    gradient.setColorAt(0, QColor(0, 0, 0, 42))
    gradient.setColorAt(0.4, QColor(0, 0, 0, 14))
    gradient.setColorAt(1, QColor(0, 0, 0, 0))
    return QBrush(gradient)


def paint_drawing(painter: QPainter, rect: QRectF, image: QImage, ratio: float) -> None:
    """A drawing, dot for dot when it has the right size, else stretched until the sharp one is there."""
    width, height = rect.width() * ratio, rect.height() * ratio
    if abs(image.width() - width) <= 1.5 and abs(image.height() - height) <= 1.5:
        # A source as large as the target in device pixels: nothing is resampled.
        target = QRectF(rect.topLeft(), QPointF(0, 0))
        target.setWidth(image.width() / ratio)
        target.setHeight(image.height() / ratio)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        painter.drawImage(target, image, QRectF(image.rect()))
        return
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, True)
    painter.drawImage(rect, image, QRectF(image.rect()))


def paint_tile(painter: QPainter, rect: QRectF, clip: Clip, image: QImage, ratio: float) -> None:
    """A sharp part of a large page, over the coarse whole."""
    target = QRectF(
        rect.left() + clip[0] / ratio,
        rect.top() + clip[1] / ratio,
        image.width() / ratio,
        image.height() / ratio,
    )
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    painter.drawImage(target, image, QRectF(image.rect()))


def paint_dim(painter: QPainter, rect: QRectF) -> None:
    """Softens a page for tired eyes; black stays black."""
    painter.save()
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
    painter.fillRect(rect, DIM)
    painter.restore()


def paint_waiting(painter: QPainter, rect: QRectF, text: str) -> None:
    """The word that a page is on its way."""
    painter.setPen(QColor(90, 90, 90))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextDontClip, text)


def paint_card(painter: QPainter, rect: QRectF, card: Card, font: QFont, retry_text: str) -> QRectF:
    """An honest card on a failed page.

    Returns:
        Where the retry button was painted; empty when there is none.
    """
    title_font, flags = QFont(font), Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
    title_font.setBold(True)
    title_font.setPointSizeF(font.pointSizeF() * 1.15)
    width = min(rect.width() - 32, 30 * painter.fontMetrics().averageCharWidth() * 2)
    if width < 60:
        return QRectF()
    column = QRectF(rect.center().x() - width / 2, rect.top(), width, rect.height())
    painter.setFont(title_font)
    title_size = painter.boundingRect(column, int(flags), card.title)
    painter.setFont(font)
    message_size = painter.boundingRect(column, int(flags), card.message)
    line = painter.fontMetrics().height()
    total = title_size.height() + message_size.height() + 3.6 * line
    top = max(rect.top() + line, rect.center().y() - total / 2)
    painter.setPen(QColor(30, 30, 30))
    painter.setFont(title_font)
    painter.drawText(QRectF(column.left(), top, width, title_size.height()), int(flags), card.title)
    painter.setFont(font)
    painter.setPen(QColor(60, 60, 60))
    top += title_size.height() + 0.6 * line
    painter.drawText(QRectF(column.left(), top, width, message_size.height()), int(flags), card.message)
    if not card.can_retry:
        return QRectF()
    top += message_size.height() + 0.8 * line
    button_width = painter.fontMetrics().horizontalAdvance(retry_text) + 2.5 * line
    button = QRectF(rect.center().x() - button_width / 2, top, button_width, max(24.0, 1.8 * line))
    painter.setPen(QPen(QColor(0, 90, 150), 1.5))
    painter.setBrush(QColor(240, 246, 252))
    painter.drawRoundedRect(button, 5, 5)
    painter.setPen(QColor(0, 70, 130))
    painter.drawText(button, int(Qt.AlignmentFlag.AlignCenter), retry_text)
    return button
