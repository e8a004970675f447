"""Zoom as a rule and as a number, and the steps of the zoom keys. Numbers only, no widgets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from assessor_app.documents.pages import PageSize
from assessor_app.documents.sniff import Kind
from assessor_app.ui.viewers.page_layout import MARGIN_PX

SMALLEST, LARGEST = 0.1, 8.0
"""Bounds of the zoom; 1.0 is 100 %."""
STEPS = (0.1, 0.25, 0.33, 0.5, 0.67, 0.75, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0, 8.0)
"""Where the zoom keys stop."""


class Fit(Enum):
    """What the zoom follows when the window changes."""

    NOTHING = "nothing"
    PAGE = "page"
    WIDTH = "width"
    HEIGHT = "height"


@dataclass(frozen=True, slots=True)
class Zoom:
    """How large pages are shown."""

    fit: Fit = Fit.WIDTH
    factor: float = 1.0
    """1.0 is 100 %: paper in its own size, a picture dot for dot. Counts when nothing is fitted."""


def pixels_per_point(kind: Kind, ratio: float) -> float:
    """Logical pixels for each point at 100 %: 96 dpi for paper, dot for dot for a picture.

    Args:
        kind: what is shown.
        ratio: device pixels for each logical pixel.
    """
    return 1.0 / ratio if kind is Kind.IMAGE else 96 / 72


def fitted_factor(
    fit: Fit, sizes: Sequence[PageSize], view_size: tuple[int, int], base: float, page: int
) -> float:
    """The factor that makes pages fit the view.

    Args:
        fit: width: the widest page; page: the whole of one page; height: the height of one page.
        sizes: the pages' sizes in points, as they are shown.
        view_size: the viewport's width and height in logical pixels.
        base: logical pixels for each point at 100 %.
        page: the page that is in view.
    """
    room_x, room_y = max(40, view_size[0] - 2 * MARGIN_PX), max(40, view_size[1] - 2 * MARGIN_PX)
    widest = max(size.width_pt for size in sizes)
    factor = room_x / (widest * base)
    if fit is Fit.PAGE:
        size = sizes[page]
        factor = min(room_x / (size.width_pt * base), room_y / (size.height_pt * base))
    elif fit is Fit.HEIGHT:
        factor = room_y / (sizes[page].height_pt * base)
    return bounded(factor)


def bounded(factor: float) -> float:
    """The factor within its bounds."""
    return min(LARGEST, max(SMALLEST, factor))


def step(factor: float, direction: int) -> float:
    """The next stop of the zoom keys, larger for a positive direction."""
    if direction > 0:
        return next((stop for stop in STEPS if stop > factor * 1.01), LARGEST)
    return next((stop for stop in reversed(STEPS) if stop < factor * 0.99), SMALLEST)
