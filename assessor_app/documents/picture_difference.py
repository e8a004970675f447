"""Whether two drawn pages look the same, and where they do not: for scans and pictures, without words."""

from __future__ import annotations

from dataclasses import dataclass

from assessor_app.documents.pages import PagePixels, PageSize
from assessor_app.documents.text_layer import Rect

LOOK_PX = 240
"""The longer side of the drawings that are compared, in pixels: a line of writing is a few of them high."""
_CELL_PX = 8
_CELL_DIFFERS = 6.0
"""Mean difference of a cell's brightness, of 255, from which on it counts: above the noise of a JPEG."""
_SHAPE_SLACK = 0.02
"""By how much the ratio of the sides may differ before two pages count as of another shape."""


@dataclass(frozen=True, slots=True)
class Look:
    """What the comparison of two drawn pages gave."""

    is_same: bool
    rects: tuple[Rect, ...] = ()
    """Where they differ, as shares of width and height from 0 to 1; empty when the shape itself differs."""


def look_scale(size: PageSize) -> float:
    """The scale at which a page is drawn to be compared, in pixels for each point."""
    return LOOK_PX / max(size.width_pt, size.height_pt)


def compare_looks(old: PagePixels, new: PagePixels) -> Look:
    """Compare two pages that were drawn at their `look_scale`.

    Args:
        old: the earlier version's page.
        new: the present version's page.
    """
    old_ratio, new_ratio = old.width_px / old.height_px, new.width_px / new.height_px
    if abs(old_ratio - new_ratio) > _SHAPE_SLACK * max(old_ratio, new_ratio):
        return Look(is_same=False)
    width, height = min(old.width_px, new.width_px), min(old.height_px, new.height_px)
    cells = _differing_cells(old, new, width, height)
    rects = tuple(
        (
            max(0.0, left * _CELL_PX / width),
            max(0.0, top * _CELL_PX / height),
            min(1.0, right * _CELL_PX / width),
            min(1.0, bottom * _CELL_PX / height),
        )
        for left, top, right, bottom in _boxes(cells)
    )
    return Look(is_same=not rects, rects=rects)


def _differing_cells(old: PagePixels, new: PagePixels, width: int, height: int) -> list[list[bool]]:
    """Rows of cells; True where the two drawings differ."""
    columns = -(-width // _CELL_PX)
    cells: list[list[bool]] = []
    for top in range(0, height, _CELL_PX):
        bottom = min(height, top + _CELL_PX)
        sums = [0] * columns
        for y in range(top, bottom):
            # The green bytes stand for the brightness.
            one = old.data[y * old.stride + 1 : y * old.stride + 4 * width : 4]
            other = new.data[y * new.stride + 1 : y * new.stride + 4 * width : 4]
            if one == other:
                continue
            apart = [abs(a - b) for a, b in zip(one, other, strict=True)]
            for column in range(columns):
                sums[column] += sum(apart[column * _CELL_PX : (column + 1) * _CELL_PX])
        sizes = [(min(width, (c + 1) * _CELL_PX) - c * _CELL_PX) * (bottom - top) for c in range(columns)]
        cells.append([total > _CELL_DIFFERS * size for total, size in zip(sums, sizes, strict=True)])
    return cells


def _boxes(cells: list[list[bool]]) -> list[tuple[int, int, int, int]]:
    """Boxes around groups of cells that touch, also at a corner: left, top, right, bottom in cells."""
    left_over = {(x, y) for y, row in enumerate(cells) for x, differs in enumerate(row) if differs}
    boxes = []
    while left_over:
        first = min(left_over, key=lambda cell: (cell[1], cell[0]))
        left_over.remove(first)
        group, edge = [first], [first]
        while edge:
            x, y = edge.pop()
            near = {(x + dx, y + dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)} & left_over
            left_over -= near
            group += near
            edge += near
        xs, ys = [x for x, _ in group], [y for _, y in group]
        boxes.append((min(xs), min(ys), max(xs) + 1, max(ys) + 1))
    return boxes
