"""The words on screen for marks: kinds, readers, colours, and a whole sentence for a screen reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QCoreApplication

from assessor_app.documents.anchoring import Found
from assessor_app.domain.annotations import Annotation, AnnotationKind, Audience, SourceKind, TimeSpan
from assessor_app.domain.ids import CriterionId
from assessor_app.ui.place_names import has_slides, is_picture
from assessor_app.ui.times import time_words

QUOTE_CHARS = 60
"""Longest quote in a line; the rest is an ellipsis."""


def tr(text: str) -> str:
    """The translation of a text of this module."""
    return QCoreApplication.translate("Annotations", text)


def kind_word(kind: AnnotationKind) -> str:
    """The name of a kind of mark."""
    return {
        AnnotationKind.HIGHLIGHT: tr("Highlight"),
        AnnotationKind.UNDERLINE: tr("Underline"),
        AnnotationKind.STRIKE_OUT: tr("Strike-out"),
        AnnotationKind.NOTE: tr("Note"),
        AnnotationKind.FREE_TEXT: tr("Text"),
        AnnotationKind.BOX: tr("Box"),
        AnnotationKind.ELLIPSE: tr("Ellipse"),
        AnnotationKind.ARROW: tr("Arrow"),
        AnnotationKind.INK: tr("Ink"),
        AnnotationKind.QUESTION: tr("Question"),
    }[kind]


def colour_word(colour: str) -> str:
    """The name of a colour of the palette."""
    return {
        "orange": tr("Orange"),
        "sky": tr("Sky blue"),
        "green": tr("Green"),
        "yellow": tr("Yellow"),
        "blue": tr("Blue"),
        "vermillion": tr("Vermillion"),
        "purple": tr("Purple"),
    }.get(colour, colour)


def audience_words(audience: Audience) -> str:
    """Who reads it."""
    return {
        Audience.ONLY_ME: tr("Only you"),
        Audience.APPROVER: tr("The approver reads this"),
        Audience.LEARNER: tr("The learner reads this"),
    }[audience]


def quote(annotation: Annotation, limit: int = QUOTE_CHARS) -> str:
    """The marked words, shortened; empty when there are none."""
    if annotation.anchor.text is None:
        return ""
    words = " ".join(annotation.anchor.text.exact.split())
    return words if len(words) <= limit else words[: limit - 1].rstrip() + "…"


def span_words(span: TimeSpan) -> str:
    """A moment or a range of a recording: "0:12.4" or "0:12.4 to 0:18.0"."""
    start = time_words(span.start_ms)
    if span.end_ms <= span.start_ms:
        return start
    return tr("{start} to {end}").format(start=start, end=time_words(span.end_ms))


def place_words(annotation: Annotation, source_name: str) -> str:
    """Where a mark is: "page 2 of Artifact 1.pdf"."""
    if annotation.anchor.span is not None:
        return tr("{time} of {name}").format(time=span_words(annotation.anchor.span), name=source_name)
    if annotation.anchor.source_kind is SourceKind.RESPONSE or annotation.anchor.page_width_pt == 0:
        return source_name
    page, media_type = annotation.anchor.page, annotation.anchor.media_type
    if page == 0 and is_picture(source_name, media_type):
        return source_name
    words = tr("page {page} of {name}")
    if has_slides(source_name, media_type):
        words = tr("slide {page} of {name}")
    return words.format(page=page + 1, name=source_name)


def found_words(found: Found) -> str:
    """What is said of a mark that was found again in a changed file; empty when there is nothing to say."""
    return {Found.ELSEWHERE: tr("moved"), Found.SIMILAR: tr("words changed since")}.get(found, "")


def spoken(
    annotation: Annotation,
    source_name: str,
    criteria: Mapping[CriterionId, str],
    *,
    is_found: bool = True,
) -> str:
    """One sentence that says all about a mark.

    Args:
        annotation: the mark.
        source_name: neutral name of the artifact or response.
        criteria: short texts by id.
        is_found: False when its place is not found in the file at hand.
    """
    parts = [
        tr("{kind} on {place}").format(
            kind=kind_word(annotation.kind), place=place_words(annotation, source_name)
        )
    ]
    words = quote(annotation)
    if words:
        parts[0] += tr(": “{words}”").format(words=words)
    if annotation.comment:
        parts.append(tr("comment: {text}").format(text=" ".join(annotation.comment.split())))
    tied = [criteria[criterion] for criterion in annotation.criteria if criterion in criteria]
    if tied:
        parts.append(tr("tied to {criteria}").format(criteria="; ".join(tied)))
    parts.append(audience_words(annotation.audience))
    if not is_found:
        parts.append(tr("place not found"))
    return ", ".join(parts)


def counted(one: str, many: str, count: int) -> str:
    """The words for one mark or for several; `many` holds {n}."""
    return one if count == 1 else many.format(n=count)


def change_label(before: Sequence[Annotation], after: Sequence[Annotation]) -> str:
    """What was done to marks, for "Undo ...".

    Args:
        before: the marks as they were.
        after: the same marks as they shall be, in the same order.
    """
    count = len(after)
    old, new = next(((a, b) for a, b in zip(before, after, strict=True) if a != b), (before[0], after[0]))
    if old.comment != new.comment:
        return tr("Text") if new.kind is AnnotationKind.FREE_TEXT else tr("Comment")
    if old.anchor != new.anchor:
        if _size(old) == _size(new) and old.anchor.text is None:
            return counted(tr("Move mark"), tr("Move {n} marks"), count)
        if old.anchor.text is not None:
            return counted(tr("Change marked words"), tr("Move {n} marks"), count)
        return counted(tr("Resize mark"), tr("Resize {n} marks"), count)
    if old.colour != new.colour:
        return counted(tr("Colour of mark"), tr("Colour of {n} marks"), count)
    if old.audience != new.audience:
        return counted(tr("Reader of mark"), tr("Reader of {n} marks"), count)
    if old.criteria != new.criteria:
        return counted(tr("Evidence link"), tr("Evidence links of {n} marks"), count)
    if old.opacity != new.opacity:
        return counted(tr("Opacity of mark"), tr("Opacity of {n} marks"), count)
    if old.line_width_pt != new.line_width_pt:
        return counted(tr("Line width of mark"), tr("Line width of {n} marks"), count)
    return counted(tr("Change mark"), tr("Change {n} marks"), count)


def _size(annotation: Annotation) -> tuple[float, float]:
    """Width and height of what is drawn, to a tenth of a point; a moved arrow keeps its own."""
    rects, path = annotation.anchor.rects, annotation.anchor.path
    if len(path) > 1:
        return round(path[-1][0] - path[0][0], 1), round(path[-1][1] - path[0][1], 1)
    if not rects:
        return 0.0, 0.0
    return round(rects[0].x1 - rects[0].x0, 1), round(rects[0].y1 - rects[0].y0, 1)
