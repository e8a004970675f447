"""A mark on a recording as the picture, the time bar and the list show it."""

from __future__ import annotations

from dataclasses import dataclass

from assessor_app.domain.annotations import AnnotationKind, Rect, TimeSpan

SPEEDS = (0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0)
"""Speeds to choose from; 1.0 is as recorded."""
STAYS_MS = 1_000
"""While it plays, a mark of one moment is seen for this long."""


@dataclass(frozen=True, slots=True)
class MediaMark:
    """One mark, saved or on its way."""

    id: str
    """Empty while it is being saved."""
    kind: AnnotationKind
    colour: str
    """Name in the palette."""
    span: TimeSpan
    """A moment has equal ends."""
    rect: Rect | None
    """Region of the frame in its pixels; None for a mark on time alone."""
    words: str
    """One sentence that says all about it."""
    may_change: bool
    """Whether the person can change it."""
    is_selected: bool = False
    opacity: float = 1.0
    """Of its colour, above 0 and at most 1."""
    line_width: float = 2.0
    """Of a region's edge."""

    @property
    def is_range(self) -> bool:
        """Whether it lasts."""
        return self.span.end_ms > self.span.start_ms

    def is_seen_in(self, from_ms: int, to_ms: int, *, is_playing: bool) -> bool:
        """Whether its region is drawn on the frame that is seen from one moment to another."""
        stays_ms = STAYS_MS if is_playing and not self.is_range else 0
        return self.span.start_ms <= to_ms and from_ms <= self.span.end_ms + stays_ms
