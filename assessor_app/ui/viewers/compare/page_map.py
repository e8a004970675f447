"""Which place of one version stands beside a place of the other. Numbers only, no widgets."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from assessor_app.documents.difference import Change, PagePair, PageState

Spot = tuple[int, float]
"""Page index from 0, and how far down the page, from 0 to 1."""


def beside(pairs: Sequence[PagePair], spot: Spot, *, from_new: bool) -> Spot:
    """The place in the other version beside this one.

    A page without a partner stands beside the seam where it would be: the end of the page before.

    Args:
        pairs: as the difference has them.
        spot: where the reader is.
        from_new: whether she is in the present version.
    """
    page, share = spot
    at = next((n for n, pair in enumerate(pairs) if (pair.new if from_new else pair.old) == page), None)
    if at is None:
        return spot
    partner = pairs[at].old if from_new else pairs[at].new
    if partner is not None:
        return partner, share
    for near, seam in ((reversed(pairs[:at]), 1.0), (iter(pairs[at:]), 0.0)):
        for pair in near:
            other = pair.old if from_new else pair.new
            is_whole = pair.old is not None and pair.new is not None
            if other is not None and is_whole and pair.state is not PageState.MOVED:
                return other, seam
    return 0, 0.0


def text_knots(changes: Sequence[Change], old_end: int, new_end: int) -> list[tuple[int, int]]:
    """Offsets of two texts that stand beside each other, rising; between two of them both go on evenly.

    Args:
        changes: as the difference has them.
        old_end: code points of the earlier text.
        new_end: code points of the present text.
    """
    knots = [(0, 0)]
    for change in changes:
        for old_at, new_at in (
            (change.old_near.start, change.new_near.start),
            (change.old_near.end, change.new_near.end),
        ):
            if old_at >= knots[-1][0] and new_at >= knots[-1][1]:
                knots.append((old_at, new_at))
    knots.append((old_end, new_end))
    return knots


def beside_in_text(knots: Sequence[tuple[int, int]], offset: int, *, from_new: bool) -> int:
    """The offset in the other text beside this one."""
    mine, theirs = (1, 0) if from_new else (0, 1)
    at = max(0, bisect_right(knots, offset, key=lambda knot: knot[mine]) - 1)
    if at + 1 >= len(knots):
        return knots[-1][theirs]
    (here, there), (then, next_there) = ((k[mine], k[theirs]) for k in knots[at : at + 2])
    share = (offset - here) / (then - here) if then > here else 0.0
    return round(there + share * (next_there - there))
