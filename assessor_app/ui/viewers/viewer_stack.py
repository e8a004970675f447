"""The viewers of evidence, one in front of the others: what is asked of them all, and what they tell."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assessor_app.domain.ids import AnnotationId, CriterionId
from assessor_app.domain.reading import ReadingState
from assessor_app.ui.annotate.visibility import LayerVisibility
from assessor_app.ui.page_stack import FrontLayout
from assessor_app.ui.viewers.base import EvidenceViewer
from assessor_app.ui.viewers.card_view import CardView


class ViewerStack(QWidget):
    """Base of the centre, which makes viewers when they are first needed and has each of them taken in.

    Args:
        parent: Qt parent.
    """

    annotation_created = Signal(object)
    """AnnotationDraft: a new mark, to be saved; see `discard_pending` for when that fails."""
    marks_edited = Signal(object)
    """MarksEdit: marks changed, taken away or copied, as one step."""
    marks_picked = Signal(tuple)
    """Ids of the marks that the person selected here."""
    places_known = Signal(str, object, object)
    """See `EvidenceViewer.places_known`."""
    lift_wanted = Signal(object)
    """LiftWish: patches that the person wants lifted, or put back."""
    viewer_made = Signal(object)
    """EvidenceViewer: one more that can be shown here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.viewers: tuple[EvidenceViewer, ...] = ()
        """Those that there are by now."""
        self._criteria: Sequence[tuple[CriterionId, str]] = ()
        self._is_editable: bool | None = None
        self._layers: LayerVisibility | None = None
        self.card = CardView(self)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.stack = FrontLayout()
        self.column.addLayout(self.stack, 1)

    def take_in(self, viewer: EvidenceViewer) -> None:
        """Stand a new viewer with the others: it is told what they know, and what it tells is handed on."""
        self.stack.addWidget(viewer)
        if viewer is not self.card:
            _join_tab_order(self.card, viewer)
        viewer.set_criteria(self._criteria)
        if self._is_editable is not None:
            viewer.set_editable(self._is_editable)
        if self._layers is not None:
            viewer.set_layers(self._layers)
        viewer.annotation_created.connect(self.annotation_created)
        viewer.marks_edited.connect(self.marks_edited)
        viewer.marks_picked.connect(self.tell_picked)
        viewer.layers_wanted.connect(self.set_layers)
        viewer.read_on.connect(self.tell_read)
        viewer.places_known.connect(self.places_known)
        viewer.lift_wanted.connect(self.lift_wanted)
        self.viewers = (*self.viewers, viewer)
        self.viewer_made.emit(viewer)

    @Slot(object)
    def tell_picked(self, annotation_ids: tuple[AnnotationId, ...]) -> None:
        """Marks were selected in a viewer."""
        self.marks_picked.emit(annotation_ids)

    @Slot(object)
    def tell_read(self, more: ReadingState) -> None:
        """More was seen in a viewer."""
        raise NotImplementedError

    @property
    def viewer(self) -> EvidenceViewer:
        """The viewer in front."""
        current = self.stack.currentWidget()
        return current if isinstance(current, EvidenceViewer) else self.card

    def set_criteria(self, criteria: Sequence[tuple[CriterionId, str]]) -> None:
        """The criteria that marks can be tied to, with short texts, in the rubric's order."""
        self._criteria = tuple(criteria)
        for viewer in self.viewers:
            viewer.set_criteria(criteria)

    def set_editable(self, is_editable: bool) -> None:
        """Whether marks can be made and changed."""
        self._is_editable = is_editable
        for viewer in self.viewers:
            viewer.set_editable(is_editable)

    @Slot(object)
    def set_layers(self, layers: LayerVisibility) -> None:
        """Show or hide layers of marks, whatever evidence is shown."""
        self._layers = layers
        for viewer in self.viewers:
            viewer.set_layers(layers)

    def discard_pending(self) -> None:
        """Take away new marks that could not be saved."""
        self.viewer.discard_pending()

    def flush(self) -> None:
        """Hand on what is being typed: before leaving, sending, closing."""
        for viewer in self.viewers:
            viewer.flush()

    def escape(self) -> bool:
        """One step out of what is being done; False when there is nothing to leave."""
        return self.viewer.escape()

    def run(self, entry_id: str) -> bool:
        """Run a command of the viewer in front; False when it has none of that id."""
        command = self.viewer.commands().get(entry_id)
        if command is None:
            return False
        command()
        return True


def _join_tab_order(behind: QWidget, viewer: EvidenceViewer) -> None:
    """Let the tabulator reach a viewer in its place: left alone, it comes to what was made last at last.

    Args:
        behind: what it reaches right before.
        viewer: what the viewer hands the keyboard to goes first, then its bars.
    """
    heart = viewer.focusProxy() or viewer
    parts = dict.fromkeys([heart, *heart.findChildren(QWidget), *viewer.findChildren(QWidget)])
    for part in parts:
        # What drops down from a choice lies in a window of its own.
        is_here = part is viewer or viewer.isAncestorOf(part)
        if is_here and part.focusPolicy() != Qt.FocusPolicy.NoFocus:
            QWidget.setTabOrder(behind, part)
            behind = part
