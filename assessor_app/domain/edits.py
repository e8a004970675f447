"""Edits that can be undone: each is stored with its inverse in the same transaction."""

from __future__ import annotations

from dataclasses import dataclass

from assessor_app.domain.annotations import Annotation
from assessor_app.domain.assessments import Rating
from assessor_app.domain.ids import AnnotationId


@dataclass(frozen=True, slots=True)
class PutAnnotation:
    """Make the annotation so, whether it is new, changed or back from deletion."""

    annotation: Annotation


@dataclass(frozen=True, slots=True)
class DeleteAnnotation:
    """Take the annotation away."""

    annotation_id: AnnotationId


@dataclass(frozen=True, slots=True)
class SetRating:
    """Make the rating of one criterion so; an unset rating clears it."""

    rating: Rating


Edit = PutAnnotation | DeleteAnnotation | SetRating


@dataclass(frozen=True, slots=True)
class EditStep:
    """What one undo takes back: one or more edits, and their inverses in the order to apply them."""

    label: str
    """What was done, such as "Highlight" or "Rate criterion"; shown as "Undo Highlight"."""
    forward: tuple[Edit, ...]
    inverse: tuple[Edit, ...]
