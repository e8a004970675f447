"""From a finding on the last page to the place that it points at, wherever in the workspace that is."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject

from assessor_app.domain.annotations import Annotation
from assessor_app.rubric.checks import Field, Place
from assessor_app.ui.scoring.panel import ScoringPanel
from assessor_app.ui.workspaces.document_place import DocumentPlace
from assessor_app.ui.workspaces.evidence_list import EvidenceList


class PlaceJump(QObject):
    """Goes to a criterion's fields, a mark, a piece of evidence or the feedback on it."""

    def __init__(
        self,
        panel: ScoringPanel,
        evidence: EvidenceList,
        document: DocumentPlace,
        marks: Callable[[], Sequence[Annotation]],
        go_to_mark: Callable[[Annotation], None],
        parent: QObject,
    ) -> None:
        """Know the parts.

        Args:
            panel: the rubric.
            evidence: the list of pieces.
            document: shows a piece, with the feedback on it.
            marks: all marks, as of now.
            go_to_mark: brings a mark into view.
            parent: the workspace.
        """
        super().__init__(parent)
        self._panel, self._evidence, self._document = panel, evidence, document
        self._marks, self._go_to_mark = marks, go_to_mark

    def go_to(self, place: Place) -> None:
        """Go there, with the keyboard; to the panel where the place is not there any more."""
        mark = next((mark for mark in self._marks() if mark.id == place.annotation_id), None)
        if mark is not None:
            self._go_to_mark(mark)
        elif place.source_id is None or not self._evidence.select_source(place.source_id):
            self._panel.go_to_place(place)
        elif place.field is Field.ON_EVIDENCE:
            self._document.feedback.go_to(place.span)
        else:
            self._evidence.setFocus()
