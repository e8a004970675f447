"""Ink: from the pointer's many points to few, and from few to a smooth curve. Numbers only."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainterPath

Point = tuple[float, float]
TOLERANCE_PT = 0.4
"""A stored stroke is never farther than this from what the hand drew."""
MOST_POINTS = 2_000
"""Of one stroke; a longer one is thinned more."""
_PIECE = 128


def simplified(points: Sequence[Point], tolerance_pt: float = TOLERANCE_PT) -> tuple[Point, ...]:
    """The few points that tell a stroke (Douglas and Peucker, 1973), ends included.

    Args:
        points: of the pointer, in page points.
        tolerance_pt: how far the result may lie from the stroke.
    """
    kept = list(points)
    if len(kept) > _PIECE:
        # Piece by piece first: a scribble over a whole page would else take seconds.
        pieces = (kept[start : start + _PIECE + 1] for start in range(0, len(kept), _PIECE))
        kept = [point for piece in pieces for point in _peucker(piece, tolerance_pt)]
    if len(kept) <= 4 * _PIECE:
        kept = _peucker(kept, tolerance_pt)
    while len(kept) > MOST_POINTS:
        kept = [*kept[:-1:2], kept[-1]]
    return tuple((round(x, 2), round(y, 2)) for x, y in kept)


def _peucker(points: Sequence[Point], tolerance: float) -> list[Point]:
    if len(points) < 3:
        return list(points)
    keep = {0, len(points) - 1}
    # A list of its own instead of recursion: a long stroke would reach Python's limit.
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        farthest, distance = first, tolerance
        for index in range(first + 1, last):
            away = distance_to_segment(points[index], points[first], points[last])
            if away > distance:
                farthest, distance = index, away
        if farthest != first:
            keep.add(farthest)
            spans += [(first, farthest), (farthest, last)]
    return [points[index] for index in sorted(keep)]


def distance_to_segment(point: Point, a: Point, b: Point) -> float:
    """How far a point is from the straight line between two others, ends included."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    length = dx * dx + dy * dy
    share = 0.0 if length == 0 else ((point[0] - a[0]) * dx + (point[1] - a[1]) * dy) / length
    share = min(1.0, max(0.0, share))
    return math.hypot(point[0] - a[0] - share * dx, point[1] - a[1] - share * dy)


def smooth_path(points: Sequence[Point]) -> QPainterPath:
    """A curve through all points, without corners and without swinging out between them."""
    path = QPainterPath()
    if not points:
        return path
    path.moveTo(*points[0])
    if len(points) == 1:
        # A dot: a line of no length is painted with round ends.
        path.lineTo(points[0][0] + 0.01, points[0][1])
        return path
    ways = [_direction(points, index) for index in range(len(points))]
    for index in range(len(points) - 1):
        a, b = points[index], points[index + 1]
        third = math.hypot(b[0] - a[0], b[1] - a[1]) / 3
        path.cubicTo(
            QPointF(a[0] + ways[index][0] * third, a[1] + ways[index][1] * third),
            QPointF(b[0] - ways[index + 1][0] * third, b[1] - ways[index + 1][1] * third),
            QPointF(*b),
        )
    return path


def _direction(points: Sequence[Point], index: int) -> Point:
    """Where the stroke is going at a point, as a vector of length 1."""
    before, after = points[max(0, index - 1)], points[min(len(points) - 1, index + 1)]
    dx, dy = after[0] - before[0], after[1] - before[1]
    length = math.hypot(dx, dy)
    return (dx / length, dy / length) if length else (0.0, 0.0)
