"""Which marks lie under a point, or are crossed by a stroke. Numbers only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import QPointF

from assessor_app.domain.annotations import AnnotationKind, Rect
from assessor_app.ui.annotate.ink import Point, distance_to_segment
from assessor_app.ui.annotate.marks import to_rect

_GRAB_PX = 5.0
LINE_KINDS = (AnnotationKind.INK, AnnotationKind.ARROW)
"""Kinds that are a line: only the line itself is touched, not the box around it."""


def is_hit(
    kind: AnnotationKind,
    rects: Sequence[Rect],
    point: QPointF,
    scale: float,
    *,
    path: Sequence[Point] = (),
    width_pt: float = 2.0,
) -> bool:
    """Whether a point is on a mark: anywhere on words and signs, near the line of ink and the edge of a box.

    Args:
        kind: of the mark.
        rects: its places, in page points.
        point: in page points.
        scale: logical pixels for each point.
        path: points of ink or of an arrow.
        width_pt: of its line.
    """
    grab = _GRAB_PX / scale
    if kind in LINE_KINDS and path:
        return _is_near_line(path, (point.x(), point.y()), grab + width_pt / 2)
    for rect in rects:
        box = to_rect(rect)
        if not box.adjusted(-grab, -grab, grab, grab).contains(point):
            continue
        if kind is AnnotationKind.ELLIPSE:
            return _is_near_ellipse(rect, point, grab + width_pt)
        if kind is AnnotationKind.BOX:
            inset = grab + width_pt
            inner = box.adjusted(inset, inset, -inset, -inset)
            return not (inner.isValid() and inner.contains(point))
        return True
    return False


def is_crossed(
    kind: AnnotationKind,
    rects: Sequence[Rect],
    start: Point,
    end: Point,
    scale: float,
    *,
    path: Sequence[Point] = (),
    width_pt: float = 2.0,
) -> bool:
    """Whether a straight piece of an eraser's way touches a mark.

    Args:
        kind: of the mark.
        rects: its places, in page points.
        start: where the piece begins.
        end: where it ends.
        scale: logical pixels for each point.
        path: points of ink or of an arrow.
        width_pt: of its line.
    """
    length_px = math.hypot(end[0] - start[0], end[1] - start[1]) * scale
    steps = max(1, math.ceil(length_px / _GRAB_PX))
    for step in range(steps + 1):
        share = step / steps
        at = QPointF(start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share)
        if is_hit(kind, rects, at, scale, path=path, width_pt=width_pt):
            return True
    return False


def _is_near_line(path: Sequence[Point], point: Point, reach: float) -> bool:
    if len(path) == 1:
        return math.dist(path[0], point) <= reach
    return any(distance_to_segment(point, a, b) <= reach for a, b in pairwise(path))


def _is_near_ellipse(rect: Rect, point: QPointF, reach: float) -> bool:
    half_width, half_height = (rect.x1 - rect.x0) / 2, (rect.y1 - rect.y0) / 2
    if half_width <= reach or half_height <= reach:
        return True
    x, y = point.x() - (rect.x0 + half_width), point.y() - (rect.y0 + half_height)
    outer = math.hypot(x / (half_width + reach), y / (half_height + reach))
    inner = math.hypot(x / (half_width - reach), y / (half_height - reach))
    return outer <= 1 <= inner
