"""Annotations on evidence: anchored to words where there are words, to the page where not.

Coordinates are in page space: points, origin top-left, after CropBox and /Rotate. Text positions are
Unicode code points in the named text layer. The wire format is a W3C Web Annotation
(`sync/web_annotation.py`); these types hold what it says.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assessor_app.domain.ids import AnnotationId, CriterionId, SubmissionId


class AnnotationKind(StrEnum):
    """The tool that made it."""

    HIGHLIGHT = "highlight"
    UNDERLINE = "underline"
    STRIKE_OUT = "strike_out"
    NOTE = "note"
    FREE_TEXT = "free_text"
    BOX = "box"
    ELLIPSE = "ellipse"
    ARROW = "arrow"
    INK = "ink"
    QUESTION = "question"


class Audience(StrEnum):
    """Who reads it. A new one is for the author only, and then is never sent."""

    ONLY_ME = "only_me"
    APPROVER = "approver"
    LEARNER = "learner"


class SourceKind(StrEnum):
    """What kind of thing is annotated."""

    ARTIFACT = "artifact"
    RESPONSE = "response"


@dataclass(frozen=True, slots=True)
class Rect:
    """An upright rectangle in page points, x0 <= x1 and y0 <= y1."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass(frozen=True, slots=True)
class TextAnchor:
    """Where words stand in a text layer, told three ways so that they can be found again."""

    exact: str
    prefix: str
    suffix: str
    start: int
    """Code points from the page's start."""
    end: int
    """Exclusive."""
    layer: str


_USUAL_PAGE_PT = 708.0
"""Side of a square as large as a page of A4."""


def mark_scale(width_pt: float, height_pt: float) -> float:
    """How much larger letters, lines and signs of marks are on a sheet than on a page of A4; 1 or more.

    A photograph has thousands of points at a side: what can be read on a page would be a speck on it. It
    follows from the sheet alone, never from the zoom, so that a mark looks the same to everybody.
    """
    return max(1.0, math.sqrt(max(0.0, width_pt * height_pt)) / _USUAL_PAGE_PT)


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A moment or a range of a recording; a moment has equal ends."""

    start_ms: int
    """Milliseconds from the beginning, 0 or more."""
    end_ms: int
    """Inclusive, never before the start."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The place of an annotation: page, shape, and the words under it if there are any."""

    source_kind: SourceKind
    source_id: str
    """Artifact id or response id."""
    source_sha256: str
    """Digest of the bytes that were annotated."""
    page: int
    """0-based; 0 for a response."""
    page_width_pt: float
    page_height_pt: float
    rects: tuple[Rect, ...] = ()
    """One for each line of text, or the one box."""
    path: tuple[tuple[float, float], ...] = ()
    """Points of an ink stroke or an arrow."""
    text: TextAnchor | None = None
    span: TimeSpan | None = None
    """When in a recording; `rects` is then a region of the frame, in the frame's pixels."""
    cells: str = ""
    """Cells of a sheet, such as "B2:D5"; `page` is then the sheet's index."""
    media_type: str = ""
    """Of the annotated bytes, such as "image/png", as far as known; it tells a picture from a page."""

    @property
    def mark_scale(self) -> float:
        """How much larger than on a page of A4 the letters, lines and signs of a mark are here."""
        return mark_scale(self.page_width_pt, self.page_height_pt)


@dataclass(frozen=True, slots=True)
class Annotation:
    """One mark of an assessor or approver on a piece of evidence."""

    id: AnnotationId
    submission_id: SubmissionId
    kind: AnnotationKind
    anchor: Anchor
    comment: str
    audience: Audience
    criteria: tuple[CriterionId, ...]
    """The criteria that this evidence is tied to."""
    colour: str
    """One of the palette's names, such as "orange"."""
    created_at: datetime
    modified_at: datetime
    revision: int = 1
    opacity: float = 1.0
    """Of the colour, above 0 and at most 1; a highlight is light of itself."""
    line_width_pt: float = 2.0
    """Of ink, arrows and edges, in points of a page of A4; wider on larger sheets, see `mark_scale`."""
