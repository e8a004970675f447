"""The words on screen for marks: kinds, readers, colours, and a whole sentence for a screen reader."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication

from assessor_app.domain.annotations import Annotation, AnnotationKind, Audience, SourceKind
from assessor_app.domain.ids import CriterionId

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


def place_words(annotation: Annotation, source_name: str) -> str:
    """Where a mark is: "page 2 of Artifact 1.pdf"."""
    if annotation.anchor.source_kind is SourceKind.RESPONSE or annotation.anchor.page_width_pt == 0:
        return source_name
    return tr("page {page} of {name}").format(page=annotation.anchor.page + 1, name=source_name)


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
