"""Back and forward through the places from which the person jumped elsewhere."""

from __future__ import annotations

from assessor_app.documents.anchoring import PagePoint

MOST_PLACES = 100
"""Places that are remembered in each direction."""
_SAME_PT = 24.0


class History:
    """Two piles of places of one document. A jump puts the place left onto the first."""

    def __init__(self) -> None:
        """Begin empty."""
        self._back: list[PagePoint] = []
        self._forward: list[PagePoint] = []
        self._walk: tuple[str, PagePoint] | None = None

    def clear(self) -> None:
        """Another document."""
        self._back.clear()
        self._forward.clear()
        self._walk = None

    def jumped(self, before: PagePoint, after: PagePoint, walk: str = "") -> None:
        """The person has jumped.

        Args:
            before: where she was.
            after: where she is now.
            walk: what is walked through step by step, such as a list by its arrow keys; of a walk only the
                place before its first step is kept. Empty for a jump of its own.
        """
        goes_on = self._walk is not None and self._walk[0] == walk and is_same(self._walk[1], before)
        self._walk = (walk, after) if walk else None
        if goes_on or is_same(before, after):
            return
        self._forward.clear()
        if not (self._back and is_same(self._back[-1], before)):
            self._back.append(before)
            del self._back[:-MOST_PLACES]

    def back(self, place: PagePoint) -> PagePoint | None:
        """Where to go back to from a place; None when there is nothing."""
        return self._step(self._back, self._forward, place)

    def forward(self, place: PagePoint) -> PagePoint | None:
        """Where to go forward to from a place; None when there is nothing."""
        return self._step(self._forward, self._back, place)

    def _step(self, taken: list[PagePoint], put: list[PagePoint], place: PagePoint) -> PagePoint | None:
        self._walk = None
        # A place that is in view already is no way back.
        while taken and is_same(taken[-1], place):
            taken.pop()
        if not taken:
            return None
        put.append(place)
        return taken.pop()


def is_same(one: PagePoint, other: PagePoint) -> bool:
    """Whether two places are the same for a reader."""
    return one.page == other.page and abs(one.y - other.y) < _SAME_PT and abs(one.x - other.x) < _SAME_PT
