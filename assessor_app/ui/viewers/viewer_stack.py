"""The viewers of evidence, one in front of the others: what is asked of them all, and what they tell."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from assessor_app.domain.ids import AnnotationId, CriterionId
from assessor_app.domain.reading import ReadingState
from assessor_app.ui.annotate.visibility import LayerVisibility
from assessor_app.ui.viewers.base import EvidenceViewer
from assessor_app.ui.viewers.card_view import CardView


class ViewerStack(QWidget):
    """Base of the centre: `viewers` and `card` are filled by it, then `connect_viewers` is called.

    Args:
        parent: Qt parent.
    """

    annotation_created = Signal(object)
    """AnnotationDraft: a new mark, to be saved; see `discard_pending` for when that fails."""
    marks_edited = Signal(object)
    """MarksEdit: marks changed, taken away or copied, as one step."""
    marks_picked = Signal(tuple)
    """Ids of the marks that the person selected here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.viewers: tuple[EvidenceViewer, ...] = ()
        self.card = CardView(self)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.stack = QStackedLayout()
        self.column.addLayout(self.stack, 1)

    def connect_viewers(self) -> None:
        """Hand on what the viewers tell."""
        for viewer in self.viewers:
            viewer.annotation_created.connect(self.annotation_created)
            viewer.marks_edited.connect(self.marks_edited)
            viewer.marks_picked.connect(self.tell_picked)
            viewer.layers_wanted.connect(self.set_layers)
            viewer.read_on.connect(self.tell_read)

    def tell_picked(self, annotation_ids: tuple[AnnotationId, ...]) -> None:
        """Marks were selected in a viewer."""
        self.marks_picked.emit(annotation_ids)

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
        for viewer in self.viewers:
            viewer.set_criteria(criteria)

    def set_editable(self, is_editable: bool) -> None:
        """Whether marks can be made and changed."""
        for viewer in self.viewers:
            viewer.set_editable(is_editable)

    def set_layers(self, layers: LayerVisibility) -> None:
        """Show or hide layers of marks, whatever evidence is shown."""
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
