"""How much two texts have in common, from a small sketch of each: to tell which is a version of which."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice
from zlib import crc32

SKETCH_SIZE = 400
"""Numbers kept of a text, however long it is; likeness is then off by a few hundredths."""
MOST_WORDS = 40_000
"""Words of a text that are looked at: a hundred pages tell what a file is."""
_RUN = 5
"""Words that stand together in both texts count as common."""


def sketch_of(texts: Iterable[str]) -> frozenset[int]:
    """What is kept of a text: the smallest numbers that its runs of five words come out as.

    Args:
        texts: its pages from the first; a run may go over the end of a page.
    """
    words = list(islice((word for text in texts for word in text.casefold().split()), MOST_WORDS))
    runs = {
        crc32(" ".join(words[at : at + _RUN]).encode("utf-8", "replace"))
        for at in range(max(min(1, len(words)), len(words) - _RUN + 1))
    }
    return frozenset(sorted(runs)[:SKETCH_SIZE])


def likeness(one: frozenset[int], other: frozenset[int]) -> float:
    """The share of runs that two texts have in common, from 0 to 1; 0 where a text has no words."""
    if not one or not other:
        return 0.0
    together = sorted(one | other)[:SKETCH_SIZE]
    return sum(number in one and number in other for number in together) / len(together)
