"""How marks look on a page, and which one lies under a point. No state."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from assessor_app.domain.annotations import AnnotationKind, Rect
from assessor_app.ui.annotate.drafts import fill_of
from assessor_app.ui.theme import mixed

HIGHLIGHT_SHARE = 0.35
"""How much of the colour a highlight has: black words on it keep a contrast of 12 and more."""
NOTE_SIZE_PT = 18.0
"""Side of a note's sign on the page."""
_GRAB_PX = 4.0
_SELECTED_EDGE = QColor(30, 60, 160)


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
        is_selected: with an edge.
        has_comment: with a small bubble at its end.
    """
    boxes = [to_rect(rect) for rect in rects]
    if not boxes:
        return
    painter.save()
    if kind is AnnotationKind.HIGHLIGHT:
        _paint_highlight(painter, boxes, colour)
    elif kind in (AnnotationKind.UNDERLINE, AnnotationKind.STRIKE_OUT):
        _paint_line(painter, boxes, colour, at=0.5 if kind is AnnotationKind.STRIKE_OUT else 0.96)
    elif kind in (AnnotationKind.NOTE, AnnotationKind.QUESTION):
        _paint_sign(painter, boxes[0], colour, "?" if kind is AnnotationKind.QUESTION else "")
    elif kind is AnnotationKind.ELLIPSE:
        painter.setPen(_edge(colour, 2.5))
        painter.drawEllipse(boxes[0])
    else:
        _paint_box(painter, boxes[0], colour)
    painter.restore()
    if is_selected:
        _paint_selected(painter, boxes)
    if has_comment and kind not in (AnnotationKind.NOTE, AnnotationKind.QUESTION):
        _paint_bubble(painter, boxes[-1], colour, scale)


def is_hit(kind: AnnotationKind, rects: Sequence[Rect], point: QPointF, scale: float) -> bool:
    """Whether a point is on a mark: anywhere on words and signs, near the edge of a box."""
    grab = _GRAB_PX / scale
    for rect in rects:
        box = to_rect(rect)
        if not box.adjusted(-grab, -grab, grab, grab).contains(point):
            continue
        if kind in (AnnotationKind.BOX, AnnotationKind.ELLIPSE):
            inner = box.adjusted(2 * grab, 2 * grab, -2 * grab, -2 * grab)
            return not (inner.isValid() and inner.contains(point))
        return True
    return False


def _edge(colour: str, width_px: float) -> QPen:
    """A pen of a width in logical pixels at any scale, darkened to stand out on white."""
    pen = QPen(QColor(mixed(fill_of(colour), "#000000", 0.15)), width_px)
    pen.setCosmetic(True)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    return pen


def _paint_highlight(painter: QPainter, boxes: Sequence[QRectF], colour: str) -> None:
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
    tint = QColor(mixed("#ffffff", fill_of(colour), HIGHLIGHT_SHARE if colour != "yellow" else 0.6))
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for box in boxes:
        path.addRoundedRect(box.adjusted(-1, 0, 1, 0), 1.5, 1.5)
    painter.fillPath(path.simplified(), tint)


def _paint_line(painter: QPainter, boxes: Sequence[QRectF], colour: str, at: float) -> None:
    painter.setPen(_edge(colour, 2.5))
    for box in boxes:
        y = box.top() + box.height() * at
        painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))


def _paint_box(painter: QPainter, box: QRectF, colour: str) -> None:
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Multiply)
    painter.fillRect(box, QColor(mixed("#ffffff", fill_of(colour), 0.1)))
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
    painter.setPen(_edge(colour, 2.5))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, 2, 2)


def _paint_sign(painter: QPainter, box: QRectF, colour: str, letter: str) -> None:
    """A sheet with a folded corner, with lines or a letter on it."""
    fold = box.width() * 0.32
    sheet = QPainterPath(box.topLeft())
    sheet.lineTo(box.topRight())
    sheet.lineTo(box.right(), box.bottom() - fold)
    sheet.lineTo(box.right() - fold, box.bottom())
    sheet.lineTo(box.bottomLeft())
    sheet.closeSubpath()
    painter.fillPath(sheet, QColor(fill_of(colour)))
    painter.setPen(_edge(colour, 1.2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawPath(sheet)
    ink = QPen(QColor(20, 20, 20), 1.4)
    ink.setCosmetic(True)
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
    """A small speech bubble behind the last words, of one size on screen."""
    size = 11.0 / scale
    bubble = QRectF(box.right() + 2 / scale, box.top() - size * 0.7, size, size * 0.8)
    path = QPainterPath()
    path.addRoundedRect(bubble, size * 0.25, size * 0.25)
    path.moveTo(bubble.left() + size * 0.2, bubble.bottom())
    path.lineTo(bubble.left() + size * 0.15, bubble.bottom() + size * 0.3)
    path.lineTo(bubble.left() + size * 0.5, bubble.bottom())
    painter.fillPath(path, QColor(mixed(fill_of(colour), "#000000", 0.25)))
