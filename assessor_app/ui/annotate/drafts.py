"""What the viewers say about marks: new ones, edits of several at once, and the palette by number."""

from __future__ import annotations

from dataclasses import dataclass

from assessor_app.domain.annotations import Anchor, Annotation, AnnotationKind
from assessor_app.domain.ids import AnnotationId, CriterionId
from assessor_app.ui.theme import ANNOTATION_COLOURS

COLOUR_KEYS = ("orange", "sky", "green", "yellow", "blue", "purple")
"""The colours in the order of their keys, 1 to 6."""
FIRST_COLOUR = "yellow"
"""The colour in use before another is chosen."""
OPACITIES = (0.25, 0.5, 0.75, 1.0)
"""The choices of how much of the colour there is."""
WIDTHS_PT = (1.0, 2.0, 4.0, 8.0)
"""The choices of line widths, in page points."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a mark is painted."""

    colour: str = FIRST_COLOUR
    """One of the palette's names."""
    opacity: float = 1.0
    """Of the colour, above 0 and at most 1."""
    line_width_pt: float = 2.0
    """Of ink, arrows and edges, in page points."""


@dataclass(frozen=True, slots=True)
class AnnotationDraft:
    """A mark that was just made: it is not kept until the workspace has saved it."""

    kind: AnnotationKind
    anchor: Anchor
    colour: str
    """One of the palette's names."""
    opacity: float = 1.0
    line_width_pt: float = 2.0
    comment: str = ""
    """Of a free text its words; of a copy those of the original."""
    criteria: tuple[CriterionId, ...] = ()
    """Those of the original, of a copy."""
    id: AnnotationId | None = None
    """Of a mark that is known by it before it is kept; None has one given."""


@dataclass(frozen=True, slots=True)
class MarksEdit:
    """Several changes that one undo takes back."""

    label: str
    """What was done, shown as "Undo ..."."""
    puts: tuple[Annotation, ...] = ()
    """Marks as they shall be."""
    deletes: tuple[AnnotationId, ...] = ()
    """Marks to take away."""
    drafts: tuple[AnnotationDraft, ...] = ()
    """Marks to make."""
    goes_on: bool = False
    """Whether the same typing goes on: one step with the latest one, however long the person rested."""


def fill_of(colour: str) -> str:
    """The palette colour as #rrggbb; orange for a name that is not known here."""
    return ANNOTATION_COLOURS.get(colour, ANNOTATION_COLOURS["orange"])
