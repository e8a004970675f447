"""What the viewers say about marks: a new one, and the palette by number."""

from __future__ import annotations

from dataclasses import dataclass

from assessor_app.domain.annotations import Anchor, AnnotationKind
from assessor_app.ui.theme import ANNOTATION_COLOURS

COLOUR_KEYS = ("orange", "sky", "green", "yellow", "blue", "purple")
"""The colours in the order of their keys, 1 to 6."""
FIRST_COLOUR = "yellow"
"""The colour in use before another is chosen."""


@dataclass(frozen=True, slots=True)
class AnnotationDraft:
    """A mark that was just made: it is not kept until the workspace has saved it."""

    kind: AnnotationKind
    anchor: Anchor
    colour: str
    """One of the palette's names."""


def fill_of(colour: str) -> str:
    """The palette colour as #rrggbb; orange for a name that is not known here."""
    return ANNOTATION_COLOURS.get(colour, ANNOTATION_COLOURS["orange"])
