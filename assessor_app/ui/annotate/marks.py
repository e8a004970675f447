"""How marks look on a page. Free functions over kind, places, path and style; no state."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPen, QPolygonF, QTextOption

from assessor_app.domain.annotations import AnnotationKind, Rect
from assessor_app.ui.annotate.drafts import fill_of
from assessor_app.ui.annotate.ink import Point, smooth_path
from assessor_app.ui.theme import mixed

HIGHLIGHT_SHARE = 0.35
"""How much of the colour a highlight has: black words on it keep a contrast of 12 and more."""
NOTE_SIZE_PT = 18.0
"""Side of a note's sign on a page of A4."""
FREE_TEXT_PT = 11.0
"""Size of the letters of a free text, on a page of A4."""
FREE_TEXT_MARGIN_PT = 4.0
"""Between the edge of a free text and its letters, on a page of A4."""
_SELECTED_EDGE = QColor(30, 60, 160)
_SIGNS = (AnnotationKind.NOTE, AnnotationKind.QUESTION)


@dataclass(frozen=True, slots=True)
class _Look:
    colour: str
    pen: QPen
    opacity: float


def to_rect(rect: Rect) -> QRectF:
    """A domain rectangle as Qt's."""
    return QRectF(rect.x0, rect.y0, rect.x1 - rect.x0, rect.y1 - rect.y0)


def paint_mark(
    painter: QPainter,
    kind: AnnotationKind,
    rects: Sequence[Rect],
    colour: str,
    scale: float,
    *,
    mark_scale: float = 1.0,
    path: Sequence[Point] = (),
    opacity: float = 1.0,
    width_pt: float = 2.0,
    text: str = "",
    is_selected: bool = False,
    has_comment: bool = False,
) -> None:
    """Paint one mark in page points.

    Args:
        painter: in page points.
        kind: how it looks.
        rects: one for each line of words, or the one box.
        colour: name in the palette.
        scale: logical pixels for each point.
        mark_scale: how much larger letters, lines and corners are than on a page of A4.
        path: points of ink; tail and tip of an arrow.
        opacity: of the colour, above 0 and at most 1.
        width_pt: of ink, arrows and edges, on a page of A4.
        text: the words of a free text.
        is_selected: with an edge.
        has_comment: with a small bubble at its end.
    """
    if not rects:
        return
    painter.save()
    # All that has a size of its own is told in points of A4; so the sheet is made that large.
    painter.scale(mark_scale, mark_scale)
    scale *= mark_scale
    boxes = [_shrunk(to_rect(rect), mark_scale) for rect in rects]
    path = [(x / mark_scale, y / mark_scale) for x, y in path]
    painter.save()
    pen = _edge(colour, max(width_pt, 0.75 / scale), opacity)
    _paint_kind(painter, kind, boxes, _Look(colour, pen, opacity), path, text)
    painter.restore()
    if is_selected:
        _paint_selected(painter, boxes)
    if has_comment and kind not in (*_SIGNS, AnnotationKind.FREE_TEXT):
        _paint_bubble(painter, boxes[-1], colour, scale)
    painter.restore()


def _paint_kind(
    painter: QPainter,
    kind: AnnotationKind,
    boxes: Sequence[QRectF],
    look: _Look,
    path: Sequence[Point],
    text: str,
) -> None:
    """The mark itself, in points of a page of A4."""
    colour, pen, opacity = look.colour, look.pen, look.opacity
    painter.setBrush(Qt.BrushStyle.NoBrush)
    if kind is AnnotationKind.HIGHLIGHT:
        _paint_highlight(painter, boxes, colour, opacity)
    elif kind in (AnnotationKind.UNDERLINE, AnnotationKind.STRIKE_OUT):
        _paint_line(painter, boxes, pen, at=0.55 if kind is AnnotationKind.STRIKE_OUT else 0.96)
    elif kind in _SIGNS:
        _paint_sign(painter, boxes[0], colour, "?" if kind is AnnotationKind.QUESTION else "", opacity)
    elif kind is AnnotationKind.ELLIPSE:
        _paint_shape(painter, boxes[0], colour, pen, opacity, is_round=True)
    elif kind is AnnotationKind.ARROW:
        _paint_arrow(painter, path, pen)
    elif kind is AnnotationKind.INK:
        painter.setPen(pen)
        painter.drawPath(smooth_path(path))
    elif kind is AnnotationKind.FREE_TEXT:
        _paint_free_text(painter, boxes[0], colour, pen, opacity, text)
    else:
        _paint_shape(painter, boxes[0], colour, pen, opacity, is_round=False)


def _shrunk(box: QRectF, times: float) -> QRectF:
    return QRectF(box.x() / times, box.y() / times, box.width() / times, box.height() / times)


def free_text_font() -> QFont:
    """The letters of free texts, measured in points of a page of A4."""
    font = QFont()
    font.setPixelSize(round(FREE_TEXT_PT))
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font


def _edge(colour: str, width_pt: float, opacity: float) -> QPen:
    """A pen that is darkened to stand out on white."""
    ink = QColor(mixed(fill_of(colour), "#000000", 0.15))
    ink.setAlphaF(opacity)
    pen = QPen(ink, width_pt)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    return pen


def _paint_highlight(painter: QPainter, boxes: Sequence[QRectF], colour: str, opacity: float) -> None:
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
    share = HIGHLIGHT_SHARE if colour != "yellow" else 0.6
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for box in boxes:
        path.addRoundedRect(box.adjusted(-1, 0, 1, 0), 1.5, 1.5)
    painter.fillPath(path.simplified(), QColor(mixed("#ffffff", fill_of(colour), share * opacity)))


def _paint_line(painter: QPainter, boxes: Sequence[QRectF], pen: QPen, at: float) -> None:
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    for box in boxes:
        y = box.top() + box.height() * at
        painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))


def _paint_shape(
    painter: QPainter, box: QRectF, colour: str, pen: QPen, opacity: float, *, is_round: bool
) -> None:
    """A tint and an edge that lies inside of the box."""
    path = QPainterPath()
    half = min(pen.widthF() / 2, box.width() / 4, box.height() / 4)
    inner = box.adjusted(half, half, -half, -half)
    if is_round:
        path.addEllipse(inner)
    else:
        path.addRoundedRect(inner, 2, 2)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
    painter.fillPath(path, QColor(mixed("#ffffff", fill_of(colour), 0.1 * opacity)))
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
    painter.setPen(pen)
    painter.drawPath(path)


def _paint_arrow(painter: QPainter, path: Sequence[Point], pen: QPen) -> None:
    """A shaft that ends in a filled head; the tip is exactly where it was put."""
    if len(path) < 2:
        return
    tail, tip = QPointF(*path[0]), QPointF(*path[-1])
    length = math.hypot(tip.x() - tail.x(), tip.y() - tail.y())
    if length == 0:
        return
    along = QPointF((tip.x() - tail.x()) / length, (tip.y() - tail.y()) / length)
    across = QPointF(-along.y(), along.x())
    head = min(length, 5.0 + 3.0 * pen.widthF())
    neck = tip - along * head
    shaft, point = QPainterPath(), QPainterPath()
    half = pen.widthF() / 2
    end = neck + along * min(half, head / 2)
    shaft.addPolygon(
        QPolygonF([tail + across * half, end + across * half, end - across * half, tail - across * half])
    )
    shaft.closeSubpath()
    point.addPolygon(QPolygonF([tip, neck + across * (head * 0.42), neck - across * (head * 0.42)]))
    point.closeSubpath()
    # One shape in one go: shaft and head never darken each other where they meet.
    painter.fillPath(shaft.united(point), pen.color())


def _paint_free_text(
    painter: QPainter, box: QRectF, colour: str, pen: QPen, opacity: float, text: str
) -> None:
    """Black letters on a light ground of the colour, wrapped in the box."""
    ground = QColor(mixed("#ffffff", fill_of(colour), 0.14))
    ground.setAlphaF(0.35 + 0.6 * opacity)
    pen.setWidthF(min(pen.widthF(), 1.0))
    painter.setPen(pen)
    painter.setBrush(ground)
    painter.drawRoundedRect(box, 2, 2)
    margin = FREE_TEXT_MARGIN_PT
    inner = box.adjusted(margin, margin / 2, -margin, -margin / 2)
    painter.setClipRect(box, Qt.ClipOperation.IntersectClip)
    painter.setFont(free_text_font())
    painter.setPen(QColor(20, 20, 20))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    painter.drawText(inner, text, option)


def _paint_sign(painter: QPainter, box: QRectF, colour: str, letter: str, opacity: float) -> None:
    """A sheet with a folded corner, with lines or a letter on it."""
    painter.setOpacity(painter.opacity() * (0.4 + 0.6 * opacity))
    fold = box.width() * 0.32
    sheet = QPainterPath(box.topLeft())
    sheet.lineTo(box.topRight())
    sheet.lineTo(box.right(), box.bottom() - fold)
    sheet.lineTo(box.right() - fold, box.bottom())
    sheet.lineTo(box.bottomLeft())
    sheet.closeSubpath()
    painter.fillPath(sheet, QColor(fill_of(colour)))
    painter.setPen(_edge(colour, 0.9, 1.0))
    painter.drawPath(sheet)
    is_dark = QColor(fill_of(colour)).lightnessF() < 0.3
    ink = QPen(QColor(255, 255, 255) if is_dark else QColor(20, 20, 20), 1.1)
    painter.setPen(ink)
    if letter:
        font = painter.font()
        font.setPixelSize(max(1, round(box.height() * 0.72)))
        font.setBold(True)
        painter.setFont(font)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), letter)
        return
    for row in (0.3, 0.5, 0.7):
        right = box.right() - box.width() * (0.22 if row < 0.7 else 0.45)
        y = box.top() + box.height() * row
        painter.drawLine(QPointF(box.left() + box.width() * 0.2, y), QPointF(right, y))


def _paint_selected(painter: QPainter, boxes: Sequence[QRectF]) -> None:
    pen = QPen(_SELECTED_EDGE, 1.5, Qt.PenStyle.DashLine)
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for box in boxes:
        path.addRect(box.adjusted(-2, -1.5, 2, 1.5))
    painter.drawPath(path.simplified())


def _paint_bubble(painter: QPainter, box: QRectF, colour: str, scale: float) -> None:
    """A small speech bubble at the last corner, of one size on screen; between lines, not on letters."""
    size = 9.0 / scale
    bubble = QRectF(box.right() - size * 0.1, box.top() - size * 0.65, size, size * 0.8)
    path = QPainterPath()
    path.addRoundedRect(bubble, size * 0.25, size * 0.25)
    path.moveTo(bubble.left() + size * 0.2, bubble.bottom())
    path.lineTo(bubble.left() + size * 0.15, bubble.bottom() + size * 0.3)
    path.lineTo(bubble.left() + size * 0.5, bubble.bottom())
    painter.fillPath(path, QColor(mixed(fill_of(colour), "#000000", 0.25)))
