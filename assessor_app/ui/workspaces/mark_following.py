"""One selection of marks for the page, the list of marks and the evidence links of the panel."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from assessor_app.domain.annotations import Annotation
from assessor_app.domain.ids import AnnotationId, CriterionId
from assessor_app.ui.annotate.annotation_list import AnnotationList
from assessor_app.ui.scoring.evidence_links import EvidenceLinks
from assessor_app.ui.workspaces.document_place import DocumentPlace


class CriterionPlace(Protocol):
    """A card of one criterion."""

    criterion_id: CriterionId


class CriterionPanel(Protocol):
    """What is used of the panel on the right."""

    @property
    def current(self) -> CriterionPlace | None:
        """The open card."""
        ...

    def card_of(self, criterion_id: CriterionId) -> object | None:
        """The card of a criterion."""
        ...

    def show_card(self, criterion_id: CriterionId) -> None:
        """Open a card without moving the keyboard."""
        ...


class MarkFollowing(QObject):
    """Whoever picks a mark, the other two follow. The keyboard stays where it is.

    Args:
        marks: the list.
        document: the page.
        go_to: brings a mark into view, on whatever evidence it stands.
        workspace: where the evidence links are found; owns this object.
    """

    def __init__(
        self,
        marks: AnnotationList,
        document: DocumentPlace,
        go_to: Callable[[Annotation], None],
        workspace: QWidget,
    ) -> None:
        super().__init__(workspace)
        self._list, self._document, self._go_to, self._workspace = marks, document, go_to, workspace
        self._picked: tuple[AnnotationId, ...] = ()
        self._panel: CriterionPanel | None = None
        self._marks: Callable[[], Sequence[Annotation]] = tuple
        marks.picked.connect(self._picked_in_list)
        document.marks_picked.connect(self._picked_on_page)

    @property
    def picked(self) -> tuple[AnnotationId, ...]:
        """Ids of the selected marks."""
        return self._picked

    @property
    def criterion_id(self) -> CriterionId | None:
        """The criterion whose card is open; None while none is."""
        card = self._panel.current if self._panel is not None else None
        return None if card is None else card.criterion_id

    def use_panel(self, panel: CriterionPanel, marks: Callable[[], Sequence[Annotation]]) -> None:
        """Let the panel follow, too.

        Args:
            panel: opens the criterion that a picked mark is tied to.
            marks: all marks that may be seen now.
        """
        self._panel, self._marks = panel, marks

    def show(self, annotation_ids: Iterable[AnnotationId]) -> None:
        """Select marks in the list, the links and the document, without going anywhere."""
        self._picked = tuple(annotation_ids)
        self._list.show_picked(self._picked)
        self._document.view.show_picked(self._picked)
        self.refresh()

    def refresh(self) -> None:
        """The links were made anew: show there again what is selected."""
        for links in self._workspace.findChildren(EvidenceLinks):
            links.show_picked(self._picked)

    @Slot(object)
    def _picked_in_list(self, marks: Sequence[Annotation]) -> None:
        self._picked = tuple(mark.id for mark in marks)
        if len(marks) == 1:
            # Shown before it is gone to: what is opened for it then selects it.
            self._document.view.show_picked(self._picked)
            self._go_to(marks[0])
            self._open_criterion(marks[0])
        else:
            self._document.view.show_picked(self._picked)
        self.refresh()

    @Slot(tuple)
    def _picked_on_page(self, annotation_ids: tuple[AnnotationId, ...]) -> None:
        self._picked = annotation_ids
        self._list.show_picked(annotation_ids)
        picked = [mark for mark in self._marks() if mark.id in annotation_ids]
        if len(picked) == 1:
            self._open_criterion(picked[0])
        self.refresh()

    def _open_criterion(self, mark: Annotation) -> None:
        """Open a criterion that the mark is tied to, unless one is open or the person works in the panel."""
        panel = self._panel
        if panel is None or not mark.criteria:
            return
        cards = [panel.card_of(criterion) for criterion in mark.criteria]
        focus: QWidget | None = self._workspace.focusWidget()
        is_busy = (
            isinstance(panel, QWidget)
            and focus is not None
            and focus.hasFocus()
            and panel.isAncestorOf(focus)
        )
        if panel.current in cards or is_busy:
            return
        panel.show_card(mark.criteria[0])
