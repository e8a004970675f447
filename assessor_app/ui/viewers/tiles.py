"""Which drawings a view needs: whole pages, or sharp tiles of a page that is very large on screen."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSizeF

from assessor_app.documents.pages import PageSize
from assessor_app.ui.viewers.page_cache import TileKey
from assessor_app.ui.viewers.page_layout import PageLayout

WHOLE_PX = 6_000_000
"""Most pixels of a page that is drawn as a whole; a larger one gets a coarse whole and sharp tiles."""
TILE_PX = 1024
"""Side of a tile in device pixels."""
AHEAD, BEHIND = 2, 1
"""Pages drawn before they are reached, after and before the ones in view."""


def whole_key(size: PageSize, page: int, scale: float) -> TileKey:
    """The drawing of the whole page, coarser than wanted where that would be too many pixels.

    Args:
        size: the page's size in points.
        page: index from 0.
        scale: device pixels for each point.
    """
    pixels = size.width_pt * size.height_pt * scale * scale
    if pixels > WHOLE_PX:
        scale = math.sqrt(WHOLE_PX / (size.width_pt * size.height_pt))
    return TileKey(page, round(scale, 5))


def tiles_on(
    page: int, size: PageSize, scale: float, page_rect: QRectF, view: QRectF, ratio: float, turn: int = 0
) -> tuple[TileKey, ...]:
    """The sharp tiles of a large page that are in view; none when its whole drawing is sharp.

    Args:
        page: index from 0.
        size: the page's size in points.
        scale: device pixels for each point.
        page_rect: where the page stands, in logical pixels.
        view: what is seen, in the same coordinates.
        ratio: device pixels for each logical pixel.
        turn: quarter turns to the right in which the page is shown.
    """
    if size.width_pt * size.height_pt * scale * scale <= WHOLE_PX:
        return ()
    seen = page_rect.intersected(view)
    if seen.isEmpty():
        return ()
    width, height = math.ceil(size.width_pt * scale), math.ceil(size.height_pt * scale)
    upright = turned_back(seen.translated(-page_rect.topLeft()), page_rect.size(), turn)
    left, top = upright.left() * ratio, upright.top() * ratio
    right, bottom = left + upright.width() * ratio, top + upright.height() * ratio
    keys: list[TileKey] = []
    for row in range(int(top // TILE_PX), int((min(bottom, height) - 1) // TILE_PX) + 1):
        for column in range(int(left // TILE_PX), int((min(right, width) - 1) // TILE_PX) + 1):
            x, y = column * TILE_PX, row * TILE_PX
            if x < width and y < height:
                clip = (x, y, min(x + TILE_PX, width), min(y + TILE_PX, height))
                keys.append(TileKey(page, round(scale, 5), clip))
    return tuple(keys)


def turned_back(part: QRectF, page: QSizeF, turn: int) -> QRectF:
    """A part of a page that is shown turned, on the upright page.

    Args:
        part: from the top left of the page as it is shown.
        page: the page's size as it is shown.
        turn: quarter turns to the right.
    """
    if turn == 1:
        return QRectF(part.top(), page.width() - part.right(), part.height(), part.width())
    if turn == 2:
        left, top = page.width() - part.right(), page.height() - part.bottom()
        return QRectF(left, top, part.width(), part.height())
    if turn == 3:
        return QRectF(page.height() - part.bottom(), part.left(), part.height(), part.width())
    return part


def wanted_tiles(layout: PageLayout, view: QRectF, ratio: float) -> list[TileKey]:
    """Everything to have drawn, the most urgent first: in view, sharp tiles, then the neighbours.

    Args:
        layout: the column of pages.
        view: what is seen, in content coordinates.
        ratio: device pixels for each logical pixel.
    """
    scale = layout.scale * ratio
    visible = layout.visible(view.top(), view.height())
    current = layout.current(view.top(), view.height())
    in_order = sorted(visible, key=lambda page: (page != current, page))
    keys = [whole_key(layout.sizes[page], page, scale) for page in in_order]
    for page in in_order:
        box = layout.box(page)
        rect = QRectF(box.x, box.y, box.width, box.height)
        keys += tiles_on(page, layout.sizes[page], scale, rect, view, ratio, layout.turn)
    if len(visible):
        after = range(visible[-1] + 1, min(len(layout), visible[-1] + 1 + AHEAD))
        before = range(visible[0] - 1, max(-1, visible[0] - 1 - BEHIND), -1)
        keys += [whole_key(layout.sizes[page], page, scale) for page in (*after, *before)]
    return keys
