"""Where pages lie in a continuous column, and what of it is in view. Numbers only, no widgets.

Content coordinates are logical pixels from the top left of the whole column; page coordinates are
points, origin top-left.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from assessor_app.documents.anchoring import PagePoint
from assessor_app.documents.pages import PageSize

MARGIN_PX = 14
"""Empty canvas around the column."""
GAP_PX = 12
"""Empty canvas between two pages."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in content coordinates."""

    x: float
    y: float
    width: float
    height: float


def turned_size(size: PageSize, turn: int) -> PageSize:
    """A page's size as it is seen after quarter turns."""
    return PageSize(size.height_pt, size.width_pt) if turn % 2 else size


class PageLayout:
    """One column of pages at one scale.

    Args:
        sizes: the pages' sizes in points.
        scale: logical pixels for each point, above 0.
        view_width: width of the viewport; pages are centred in it when they are narrower.
        turn: quarter turns to the right in which pages are shown. Page coordinates never turn.
    """

    def __init__(self, sizes: Sequence[PageSize], scale: float, view_width: int, turn: int = 0) -> None:
        self.sizes = tuple(sizes)
        self.scale = scale
        self.turn = turn % 4
        shown = [turned_size(size, self.turn) for size in self.sizes]
        self._widths = [max(1, round(size.width_pt * scale)) for size in shown]
        self._heights = [max(1, round(size.height_pt * scale)) for size in shown]
        self._tops: list[int] = []
        top = MARGIN_PX
        for height in self._heights:
            self._tops.append(top)
            top += height + GAP_PX
        self.height = (top - GAP_PX if sizes else top) + MARGIN_PX
        self.width = max([view_width, *(width + 2 * MARGIN_PX for width in self._widths)])

    def __len__(self) -> int:
        return len(self.sizes)

    def box(self, page: int) -> Box:
        """The rectangle of a page."""
        width = self._widths[page]
        # On a whole pixel: half a one would make the page a pixel wider than its drawing.
        return Box((self.width - width) // 2, self._tops[page], width, self._heights[page])

    def page_at(self, y: float) -> int:
        """The page at a height, or the nearest above in a gap; 0 above the first."""
        return max(0, bisect_right(self._tops, y) - 1)

    def visible(self, top: float, view_height: float) -> range:
        """The pages that some row of the view shows."""
        if not self.sizes:
            return range(0)
        first = self.page_at(top)
        if self._tops[first] + self._heights[first] <= top and first + 1 < len(self):
            first += 1
        return range(first, self.page_at(top + view_height - 1) + 1)

    def current(self, top: float, view_height: float) -> int:
        """The page that fills most of the view; the upper one of equals."""
        best, best_shown = 0, -1.0
        for page in self.visible(top, view_height):
            upper = max(top, self._tops[page])
            lower = min(top + view_height, self._tops[page] + self._heights[page])
            shown = (lower - upper) / min(self._heights[page], view_height)
            if shown > best_shown + 1e-6:
                best, best_shown = page, shown
        return best

    def to_page(self, x: float, y: float, page: int | None = None) -> PagePoint:
        """The place on the page at a point of the column, or relative to a given page."""
        page = self.page_at(y) if page is None else page
        box = self.box(page)
        across, down = (x - box.x) / self.scale, (y - box.y) / self.scale
        size = self.sizes[page]
        if self.turn == 1:
            across, down = down, size.height_pt - across
        elif self.turn == 2:
            across, down = size.width_pt - across, size.height_pt - down
        elif self.turn == 3:
            across, down = size.width_pt - down, across
        return PagePoint(page, across, down)

    def to_content(self, point: PagePoint) -> tuple[float, float]:
        """The point of the column for a place on a page."""
        box = self.box(point.page)
        size = self.sizes[point.page]
        across, down = point.x, point.y
        if self.turn == 1:
            across, down = size.height_pt - point.y, point.x
        elif self.turn == 2:
            across, down = size.width_pt - point.x, size.height_pt - point.y
        elif self.turn == 3:
            across, down = point.y, size.width_pt - point.x
        return box.x + across * self.scale, box.y + down * self.scale
