"""The handles of a selected mark: where they are, and what dragging one does. Numbers only."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from assessor_app.domain.annotations import AnnotationKind, Rect
from assessor_app.ui.annotate.ink import Point
from assessor_app.ui.annotate.marks import to_rect

SIZE_PX = 9.0
"""Side of a handle on screen."""
_REACH_PX = 12.0
SMALLEST_PT = 4.0
"""A box is never made smaller than this."""
TEXT_KINDS = (AnnotationKind.HIGHLIGHT, AnnotationKind.UNDERLINE, AnnotationKind.STRIKE_OUT)
"""Kinds that follow words where there are words."""
BOX_KINDS = (AnnotationKind.BOX, AnnotationKind.ELLIPSE)
"""Kinds that frame a piece of a page."""
SIGN_KINDS = (AnnotationKind.NOTE, AnnotationKind.QUESTION)
"""Kinds of one size, that stand at a place."""


class Handle(Enum):
    """Which part of a mark is dragged."""

    START = "start"
    END = "end"
    TOP_LEFT = "top_left"
    TOP = "top"
    TOP_RIGHT = "top_right"
    RIGHT = "right"
    BOTTOM_RIGHT = "bottom_right"
    BOTTOM = "bottom"
    BOTTOM_LEFT = "bottom_left"
    LEFT = "left"
    WHOLE = "whole"


CURSORS = {
    Handle.START: Qt.CursorShape.SizeHorCursor,
    Handle.END: Qt.CursorShape.SizeHorCursor,
    Handle.TOP_LEFT: Qt.CursorShape.SizeFDiagCursor,
    Handle.BOTTOM_RIGHT: Qt.CursorShape.SizeFDiagCursor,
    Handle.TOP_RIGHT: Qt.CursorShape.SizeBDiagCursor,
    Handle.BOTTOM_LEFT: Qt.CursorShape.SizeBDiagCursor,
    Handle.TOP: Qt.CursorShape.SizeVerCursor,
    Handle.BOTTOM: Qt.CursorShape.SizeVerCursor,
    Handle.LEFT: Qt.CursorShape.SizeHorCursor,
    Handle.RIGHT: Qt.CursorShape.SizeHorCursor,
    Handle.WHOLE: Qt.CursorShape.SizeAllCursor,
}
"""The pointer's shape over each handle."""


def handle_places(
    kind: AnnotationKind, rects: Sequence[Rect], *, has_words: bool, path: Sequence[Point] = ()
) -> dict[Handle, QPointF]:
    """Where the handles of a mark are, in page points.

    Args:
        kind: of the mark.
        rects: its places.
        has_words: whether it is anchored to words, so that its ends can move along them.
        path: tail and tip of an arrow.
    """
    if not rects:
        return {}
    first, last = to_rect(rects[0]), to_rect(rects[-1])
    if kind is AnnotationKind.ARROW and len(path) > 1:
        return {Handle.START: QPointF(*path[0]), Handle.END: QPointF(*path[-1])}
    if has_words and kind not in SIGN_KINDS:
        return {Handle.START: first.bottomLeft(), Handle.END: last.bottomRight()}
    if kind in SIGN_KINDS:
        return {}
    middle = first.center()
    return {
        Handle.TOP_LEFT: first.topLeft(),
        Handle.TOP: QPointF(middle.x(), first.top()),
        Handle.TOP_RIGHT: first.topRight(),
        Handle.RIGHT: QPointF(first.right(), middle.y()),
        Handle.BOTTOM_RIGHT: first.bottomRight(),
        Handle.BOTTOM: QPointF(middle.x(), first.bottom()),
        Handle.BOTTOM_LEFT: first.bottomLeft(),
        Handle.LEFT: QPointF(first.left(), middle.y()),
    }


def handle_at(places: dict[Handle, QPointF], point: QPointF, scale: float) -> Handle | None:
    """The handle within reach of a point, the nearest of several."""
    reach = _REACH_PX / scale

    def distance(handle: Handle) -> float:
        offset = places[handle] - point
        return max(abs(offset.x()), abs(offset.y()))

    near = min(places, key=distance, default=None)
    return near if near is not None and distance(near) <= reach / 1.5 else None


def dragged(rect: Rect, handle: Handle, dx: float, dy: float, width_pt: float, height_pt: float) -> Rect:
    """The rectangle after dragging a handle (or the whole) by an offset; it stays on the page.

    Args:
        rect: as it was when the drag began.
        handle: what is dragged.
        dx: offset to the right since then, in page points.
        dy: offset down.
        width_pt: the page's width.
        height_pt: the page's height.
    """
    if handle is Handle.WHOLE:
        dx = min(max(dx, -rect.x0), width_pt - rect.x1)
        dy = min(max(dy, -rect.y0), height_pt - rect.y1)
        return Rect(rect.x0 + dx, rect.y0 + dy, rect.x1 + dx, rect.y1 + dy)
    name = handle.value
    x0, y0, x1, y1 = rect.x0, rect.y0, rect.x1, rect.y1
    if "left" in name:
        x0 = min(max(0.0, x0 + dx), x1 - SMALLEST_PT)
    if "right" in name:
        x1 = max(min(width_pt, x1 + dx), x0 + SMALLEST_PT)
    if "top" in name:
        y0 = min(max(0.0, y0 + dy), y1 - SMALLEST_PT)
    if "bottom" in name:
        y1 = max(min(height_pt, y1 + dy), y0 + SMALLEST_PT)
    return Rect(x0, y0, x1, y1)


def paint_handles(painter: QPainter, places: dict[Handle, QPointF], scale: float) -> None:
    """Small squares, of one size on screen."""
    side = SIZE_PX / scale
    pen = QPen(QColor(30, 60, 160), 1.5)
    pen.setCosmetic(True)
    painter.setPen(pen)
    painter.setBrush(QColor(255, 255, 255))
    for place in places.values():
        painter.drawRect(QRectF(place.x() - side / 2, place.y() - side / 2, side, side))
