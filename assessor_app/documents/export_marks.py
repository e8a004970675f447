"""Marks as standard PDF annotations: which kind each becomes, and its geometry in a PDF's own space.

Pure data, from which both the annotated copy and the XFDF file are written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from assessor_app.domain.annotations import Annotation, AnnotationKind, Rect
from assessor_app.domain.palette import colour_of

Point = tuple[float, float]
ToPdf = Callable[[float, float], Point]
"""From page points (origin top-left, after CropBox and rotation) to the PDF's own space."""
Box = tuple[float, float, float, float]
"""Left, bottom, right, top in the PDF's own space."""

_SUBTYPES = {
    AnnotationKind.HIGHLIGHT: "Highlight",
    AnnotationKind.UNDERLINE: "Underline",
    AnnotationKind.STRIKE_OUT: "StrikeOut",
    AnnotationKind.NOTE: "Text",
    AnnotationKind.QUESTION: "Text",
    AnnotationKind.FREE_TEXT: "FreeText",
    AnnotationKind.BOX: "Square",
    AnnotationKind.ELLIPSE: "Circle",
    AnnotationKind.ARROW: "Line",
    AnnotationKind.INK: "Ink",
}
ON_WORDS = frozenset({"Highlight", "Underline", "StrikeOut"})
"""Kinds whose geometry is quads along lines of words."""
FREE_TEXT_PT = 11.0
"""Size of the letters of a free text, on a page of A4."""
_FALLBACK_RGB = (0.9, 0.62, 0.0)


@dataclass(frozen=True, slots=True)
class PdfMark:
    """One standard annotation; all coordinates in the PDF's own space."""

    page: int
    """Page index from 0, in the copy."""
    subtype: str
    name: str
    """Neutral: the mark's number in the copy."""
    rect: Box
    quads: tuple[tuple[Point, Point, Point, Point], ...]
    """Upper left, upper right, lower left, lower right, for each line of words."""
    path: tuple[Point, ...]
    """Points of ink, or both ends of an arrow."""
    contents: str
    rgb: tuple[float, float, float]
    opacity: float
    width: float
    """Of its line, in the PDF's points."""
    font_size: float
    """Of the letters of a free text, in the PDF's points."""
    icon: str
    """Name of a note's sign; empty for all else."""
    day: datetime
    """When it was last changed, to the day, in UTC."""
    turn: int
    """By how many degrees the page is turned clockwise when it is shown."""


def rgb_of(name: str) -> tuple[float, float, float]:
    """Red, green and blue, 0 to 1, of a colour of the palette or of #rrggbb."""
    code = colour_of(name).removeprefix("#")
    try:
        if len(code) != 6:
            raise ValueError
        red, green, blue = bytes.fromhex(code)
    except ValueError:
        return _FALLBACK_RGB
    return red / 255, green / 255, blue / 255


def pdf_mark(
    annotation: Annotation,
    *,
    page: int,
    rects: tuple[Rect, ...],
    path: tuple[Point, ...],
    to_pdf: ToPdf,
    name: str,
    scale: float = 1.0,
    turn: int = 0,
) -> PdfMark | None:
    """The standard annotation for a mark.

    Args:
        annotation: the mark.
        page: page index in the copy.
        rects: where it stands now, in page points.
        path: its drawn line, in page points.
        to_pdf: into the PDF's own space.
        name: neutral name.
        scale: points of the PDF for each page point, for widths of lines.
        turn: degrees by which the page is turned.

    Returns:
        None when there is nothing to draw.
    """
    subtype = _SUBTYPES[annotation.kind]
    points = tuple(to_pdf(x, y) for x, y in path)
    if subtype == "Line" and len(points) < 2 and rects:
        # An arrow that was drawn as a box: along its diagonal.
        points = (to_pdf(rects[0].x0, rects[0].y0), to_pdf(rects[0].x1, rects[0].y1))
    if subtype == "Line" and len(points) >= 2:
        points = (points[0], points[-1])
    is_drawn = subtype in ("Ink", "Line")
    if (subtype == "Ink" and not points) or not (is_drawn or rects):
        return None
    quads = tuple(_quad(rect, to_pdf) for rect in rects) if subtype in ON_WORDS else ()
    scale *= annotation.anchor.mark_scale
    width = annotation.line_width_pt * scale
    all_points = list(points) if is_drawn else []
    if not all_points:
        all_points = [corner for rect in rects for corner in _quad(rect, to_pdf)]
    margin = width * 3 if is_drawn else 0.0
    return PdfMark(
        page=page,
        subtype=subtype,
        name=name,
        rect=_around(all_points, margin),
        quads=quads,
        path=points if is_drawn else (),
        contents=annotation.comment,
        rgb=rgb_of(annotation.colour),
        opacity=_opacity(annotation),
        width=width,
        font_size=round(FREE_TEXT_PT * scale, 2),
        icon={AnnotationKind.NOTE: "Comment", AnnotationKind.QUESTION: "Help"}.get(annotation.kind, ""),
        day=annotation.modified_at,
        turn=turn,
    )


def day_text(day: datetime) -> str:
    """A PDF date, to the day."""
    return f"D:{day:%Y%m%d}000000Z"


def _opacity(annotation: Annotation) -> float:
    """A highlight is light of itself, as on screen, so that the words on it are read easily."""
    if annotation.kind is not AnnotationKind.HIGHLIGHT:
        return annotation.opacity
    return round(annotation.opacity * (0.6 if annotation.colour == "yellow" else 0.4), 3)


def _quad(rect: Rect, to_pdf: ToPdf) -> tuple[Point, Point, Point, Point]:
    return (
        to_pdf(rect.x0, rect.y0),
        to_pdf(rect.x1, rect.y0),
        to_pdf(rect.x0, rect.y1),
        to_pdf(rect.x1, rect.y1),
    )


def _around(points: list[Point], margin: float) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs) - margin, min(ys) - margin, max(xs) + margin, max(ys) + margin
