"""How far one piece of evidence was read here: for the person herself, never sent, no check (rule 28)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

Run = tuple[int, int]
"""First and last, both included."""


@dataclass(frozen=True, slots=True)
class ReadingState:
    """What was seen of one piece of evidence on this machine. It exists once the piece was opened."""

    source_id: str
    """Artifact, response or link id."""
    pages: tuple[Run, ...] = ()
    """Pages seen, from 0, as runs in ascending order that neither touch nor overlap."""
    page_count: int = 0
    """0 for what has no pages, or when it is not known."""
    played_ms: tuple[Run, ...] = ()
    """Stretches of a recording that were played, in milliseconds, as runs."""
    length_ms: int = 0
    """How long the recording is; 0 for what is none."""
    scrolled_permille: int | None = None
    """The furthest line of a text that was in view, in thousandths; None for what is no text."""

    @property
    def pages_seen(self) -> int:
        """How many pages were seen."""
        return sum(last - first + 1 for first, last in self.pages)

    @property
    def played_total_ms(self) -> int:
        """How much of the recording was played, each stretch once."""
        return sum(last - first for first, last in self.played_ms)

    def with_more(self, other: ReadingState) -> ReadingState:
        """Both together; what is known of one piece only grows."""
        scrolled = [p for p in (self.scrolled_permille, other.scrolled_permille) if p is not None]
        return replace(
            self,
            pages=merged((*self.pages, *other.pages)),
            page_count=max(self.page_count, other.page_count),
            played_ms=merged((*self.played_ms, *other.played_ms)),
            length_ms=max(self.length_ms, other.length_ms),
            scrolled_permille=max(scrolled) if scrolled else None,
        )


def merged(runs: Iterable[Run]) -> tuple[Run, ...]:
    """The same numbers as few runs in ascending order.

    Args:
        runs: in any order; one whose last is below its first counts for nothing.
    """
    found: list[Run] = []
    for first, last in sorted(run for run in runs if 0 <= run[0] <= run[1]):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)
