"""What every viewer of one piece of evidence can do. Signals go out, frozen data comes in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from assessor_app.documents.pages import DocumentInfo, EvidenceSource, FileRemark
from assessor_app.domain.annotations import Anchor, Annotation
from assessor_app.domain.ids import AnnotationId, CriterionId
from assessor_app.services.guarding import LiftWish
from assessor_app.ui.annotate.visibility import LayerVisibility

Command = Callable[[], object]
"""What an entry of the table of keys does; a bound method."""


class EvidenceViewer(QWidget):
    """Base of the viewers; what one cannot do does nothing."""

    annotation_created = Signal(object)
    """AnnotationDraft: a new mark, to be saved."""
    marks_edited = Signal(object)
    """MarksEdit: marks changed, taken away or copied, as one step."""
    marks_picked = Signal(tuple)
    """Ids of the marks that the person selected here."""
    layers_wanted = Signal(object)
    """LayerVisibility that the person wants."""
    tool_changed = Signal(str)
    """Id of the tool that is on, as in the table of keys."""
    colour_changed = Signal(str)
    """Name of the colour in use."""
    switched = Signal(str, bool)
    """Id of an entry of the table of keys that is a switch, and whether it is on now."""
    places_known = Signal(str, object, object)
    """Id of the evidence, a frozenset of the ids of marks on it whose place is not found, and a mapping from
    id to Placement of those that were found by their words."""
    lift_wanted = Signal(object)
    """LiftWish: patches that the person wants lifted, or put back."""
    lifted = Signal(object)
    """LiftWish: patches that were lifted or put back just now."""
    read_on = Signal(object)
    """ReadingState: what was seen, played or scrolled just now; its source id is left empty."""

    def anchor_here(self, mark: Annotation) -> Anchor | None:
        """Where a mark would stand if it were placed now: the selected words, or the page in view.

        Returns:
            None when there is no such place here.
        """
        del mark
        return None

    def commands(self) -> Mapping[str, Command]:
        """What this viewer does for ids of the table of keys."""
        return {}

    def set_annotations(
        self, annotations: Sequence[Annotation], read_only: frozenset[AnnotationId] = frozenset()
    ) -> None:
        """Show the marks of the submission that belong to what is shown.

        Args:
            annotations: all marks of the submission.
            read_only: ids of marks by somebody else.
        """

    def set_criteria(self, criteria: Sequence[tuple[CriterionId, str]]) -> None:
        """The criteria that marks can be tied to, with short texts, in the rubric's order."""

    def set_editable(self, is_editable: bool) -> None:
        """Whether marks can be made and changed."""

    def go_to(self, anchor: Anchor) -> None:
        """Bring a place into view."""

    def select_annotation(self, annotation_id: AnnotationId) -> bool:
        """Bring a mark into view and select it; False when it has no place here."""
        del annotation_id
        return False

    def show_picked(self, annotation_ids: Sequence[AnnotationId]) -> None:
        """Select the marks that were picked elsewhere, as far as they are here; tell nobody."""

    def set_layers(self, layers: LayerVisibility) -> None:
        """Show or hide layers of marks; the learner's own is what was left in the file itself."""

    def open_search(self) -> None:
        """Open the search bar."""

    def escape(self) -> bool:
        """One step out of what is being done; False when there is nothing to leave."""
        return False

    def flush(self) -> None:
        """Hand on what is being typed, at once: before leaving, sending, closing."""

    def show_lifted(self, wish: LiftWish) -> None:
        """Patches were lifted or put back: show it."""
        self.lifted.emit(wish)

    def discard_pending(self) -> None:
        """Take away new marks that could not be saved."""


Preparation = Callable[[Any, EvidenceSource, DocumentInfo], object]
"""Runs on a lane, in the same breath as the file is opened: the context, the file, what it is."""


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file that was found and recognised, with what its viewer wanted beside it."""

    source: EvidenceSource
    info: DocumentInfo
    source_id: str
    """Artifact id, for anchors."""
    prepared: Any
    """What the viewer's own preparation gave."""


class FileViewer(EvidenceViewer):
    """Base of the viewers of files: the first one that shows a file's kind gets it."""

    @staticmethod
    def shows(info: DocumentInfo) -> bool:
        """Whether this viewer is for such a file; called on a lane, so it touches nothing."""
        raise NotImplementedError

    def preparation(self, width_px: int) -> Preparation:
        """What a lane does right after opening a file for this viewer.

        Args:
            width_px: room for the viewer, in logical pixels.
        """
        del width_px
        return _nothing

    def insist(self) -> None:
        """The person asks once more for a file that got a card; told before its preparation is asked for."""

    def open_file(self, opened: OpenedFile) -> None:
        """Show a file."""
        raise NotImplementedError

    def set_remarks(self, remarks: Sequence[FileRemark]) -> None:
        """Show what stands in the original of the file beside it: an office file's comments, say."""

    def close_file(self) -> None:
        """Let go of the file and stop all work on it."""


def _nothing(context: object, source: EvidenceSource, info: DocumentInfo) -> None:
    """No preparation."""
    del context, source, info
