"""The left pane: what was handed in, and the marks that were made on it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QVBoxLayout, QWidget

from assessor_app.domain.annotations import Annotation
from assessor_app.domain.ids import AnnotationId, CriterionId
from assessor_app.ui.annotate.annotation_list import AnnotationList
from assessor_app.ui.page_stack import PageStack
from assessor_app.ui.scoring.toggle_chip import ToggleChip
from assessor_app.ui.theme import space
from assessor_app.ui.workspaces.evidence_entries import EvidenceGroup
from assessor_app.ui.workspaces.evidence_list import EvidenceList
from assessor_app.ui.workspaces.evidence_standing import places_of


class LeftPane(QWidget):
    """Evidence or marks, one at a time."""

    mark_wanted = Signal(object)
    """The annotation to go to."""
    marks_edited = Signal(object)
    """MarksEdit: what the list does to marks."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin with the evidence."""
        super().__init__(parent)
        self.evidence = EvidenceList(self)
        self.marks = AnnotationList(self)
        self._stack = PageStack(self)
        self._stack.addWidget(self.evidence)
        self._stack.addWidget(self.marks)
        # The filters of the marks may shrink: the evidence decides how wide this pane must be.
        self.marks.setMinimumWidth(1)
        self._group = QButtonGroup(self)
        row = QHBoxLayout()
        row.setContentsMargins(space(self, 2), space(self, 1.5), space(self, 2), space(self, 1))
        row.setSpacing(space(self, 1))
        self.evidence_button, self.marks_button = ToggleChip(parent=self), ToggleChip(parent=self)
        for number, button in enumerate((self.evidence_button, self.marks_button)):
            button.setChecked(number == 0)
            self._group.addButton(button, number)
            row.addWidget(button)
        row.addStretch(1)
        self.evidence_button.setText(self.tr("Evidence"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(row)
        layout.addWidget(self._stack, 1)
        self._group.idToggled.connect(self._choose)
        self.marks.chosen.connect(self.mark_wanted)
        self.marks.edited.connect(self.marks_edited)
        self._named: tuple[dict[str, str], tuple[tuple[CriterionId, str], ...]] = ({}, ())
        self.setFocusProxy(self.evidence)
        self._tell_count(0)

    def show_groups(
        self, groups: Sequence[EvidenceGroup], criteria: Sequence[tuple[CriterionId, str]]
    ) -> None:
        """Show what there is.

        Args:
            groups: the evidence.
            criteria: ids and short texts, for the filter of the marks.
        """
        self.evidence.show_groups(groups)
        names = {
            place: entry.title
            for group in groups
            for entry in group.entries
            if entry.item is not None
            for place in places_of(entry.item)
        }
        if (names, tuple(criteria)) != self._named:
            # Lines change with each page that is read; the names seldom do.
            self._named = (names, tuple(criteria))
            self.marks.set_names(names, criteria)

    def show_marks(
        self, marks: Sequence[Annotation], others: frozenset[AnnotationId] = frozenset(), *, is_editable: bool
    ) -> None:
        """Show the marks of the submission.

        Args:
            marks: all of them.
            others: ids of marks by somebody else.
            is_editable: whether marks can be deleted here.
        """
        self.marks.set_annotations(marks, others)
        self.marks.set_editable(is_editable)
        self._tell_count(len(marks))

    @Slot()
    def show_evidence(self) -> None:
        """Bring the list of evidence up, with the keyboard on it."""
        self.evidence_button.setChecked(True)
        self.evidence.setFocus()

    def show_marks_alone(self) -> None:
        """There is no evidence here any more: only marks that were made on it are left to read, if any."""
        self.setVisible(self._count > 0)
        self.marks_button.setChecked(True)
        self.evidence_button.hide()

    def _tell_count(self, count: int) -> None:
        self._count = count
        self.marks_button.setText(self.tr("Marks") if not count else self.tr("Marks {n}").format(n=count))

    @Slot(int, bool)
    def _choose(self, number: int, is_chosen: bool) -> None:
        if is_chosen:
            self._stack.setCurrentIndex(number)
            self.setFocusProxy(self.evidence if number == 0 else self.marks)
