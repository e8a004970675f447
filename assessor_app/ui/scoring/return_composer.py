"""Where the approver writes a return: why, and which criteria to look at again."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QVBoxLayout, QWidget

from assessor_app.domain.ids import CriterionId
from assessor_app.domain.wording import has_words
from assessor_app.rubric.schema import Criterion
from assessor_app.ui.plain_text import one_line, plain_label
from assessor_app.ui.scoring.keeping import Keeper
from assessor_app.ui.scoring.text_field import TextField
from assessor_app.ui.theme import space


class ReturnComposer(QFrame):
    """Reason and named criteria of a return."""

    ready = Signal(str, tuple, object)
    """Reason, criterion ids and the Keeper."""
    reason_changed = Signal(bool)
    """Whether there is a reason."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(parent)
        self.setProperty("card", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.keeper = Keeper(self)
        self.keeper.due.connect(self._send)
        self.reason = TextField(
            self.tr("Why you return it"),
            reader=self.tr("The assessor reads this"),
            hint=self.tr("What to look at again, and what you saw in the evidence"),
            lines=3,
        )
        self.reason.written.connect(self._written)
        self.reason.left.connect(self.keeper.flush)
        self._boxes: dict[CriterionId, QCheckBox] = {}
        self._labels: list[QWidget] = []
        self._list = QGridLayout()
        self._list.setSpacing(space(self, 0.5))
        self._list.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        margin = space(self, 2.5)
        layout.setContentsMargins(margin, margin, margin, margin)
        layout.setSpacing(space(self, 1.5))
        layout.addWidget(plain_label(self.tr("Return to the assessor"), "heading"))
        layout.addWidget(self.reason)
        layout.addWidget(plain_label(self.tr("Criteria to look at again"), "caption-strong"))
        layout.addLayout(self._list)

    def set_criteria(self, criteria: Sequence[Criterion]) -> None:
        """Offer the criteria of a rubric version."""
        if list(self._boxes) == [criterion.id for criterion in criteria]:
            return
        gone: list[QWidget] = [*self._boxes.values(), *self._labels]
        for widget in gone:
            widget.hide()
            widget.deleteLater()
        self._boxes, self._labels = {}, []
        for number, criterion in enumerate(criteria, 1):
            text = one_line(criterion.text)
            box = QCheckBox(str(number), self)
            box.setAccessibleName(f"{number}. {text}")
            box.clicked.connect(self._ticked)
            self._boxes[criterion.id] = box
            label = plain_label(text, wraps=True)
            self._labels.append(label)
            self._list.addWidget(box, number, 0, Qt.AlignmentFlag.AlignTop)
            self._list.addWidget(label, number, 1)

    def show_return(self, reason: str, criteria: Sequence[CriterionId]) -> None:
        """Show what is stored, unless something newer is being written here."""
        if self.keeper.is_unsaved:
            return
        self.reason.show_text(reason)
        for criterion_id, box in self._boxes.items():
            box.setChecked(criterion_id in criteria)

    def criteria(self) -> tuple[CriterionId, ...]:
        """The criteria that are named."""
        return tuple(criterion_id for criterion_id, box in self._boxes.items() if box.isChecked())

    def has_reason(self) -> bool:
        """Whether something is written as the reason."""
        return has_words(self.reason.text())

    def box_of(self, criterion_id: CriterionId) -> QCheckBox:
        """The box of a criterion."""
        return self._boxes[criterion_id]

    @Slot()
    def _written(self) -> None:
        self.keeper.touch()
        self.reason_changed.emit(self.has_reason())

    @Slot()
    def _ticked(self) -> None:
        self.keeper.touch()
        self.keeper.flush()

    @Slot()
    def _send(self) -> None:
        self.ready.emit(self.reason.text(), self.criteria(), self.keeper)
