"""The coverage page: which criteria have evidence, which evidence was not opened yet, and the way to both."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assessor_app.domain.annotations import Annotation
from assessor_app.rubric.schema import RubricVersion
from assessor_app.ui.icons import dress, icon_label
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.theme import space
from assessor_app.ui.workspaces.coverage_model import CoverageCell, CoverageModel
from assessor_app.ui.workspaces.coverage_table import CoverageTable
from assessor_app.ui.workspaces.evidence_entries import EvidenceGroup


class CoveragePage(QWidget):
    """Criteria by pieces of evidence, with what is missing said above."""

    back_wanted = Signal()
    """Back to the submission."""
    cell_wanted = Signal(object)
    """CoverageCell: go to its first evidence link, or to the piece with the criterion open beside it."""
    criterion_wanted = Signal(str)
    """Id of a criterion to go to."""
    piece_wanted = Signal(str)
    """Key of a piece of evidence to open."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(parent)
        self.setAccessibleName(self.tr("Coverage"))
        self.model = CoverageModel()
        self.model.setParent(self)
        self.table = CoverageTable(self.model, self)
        self.back_button = QPushButton(self.tr("Back to the submission"), self)
        dress(self.back_button, "arrow-left", "quiet")
        self._title = plain_label(self.tr("Coverage"), "title", self)
        self.bare = plain_label("", "body", self, wraps=True)
        self.unopened = plain_label("", "body", self, wraps=True)
        self._bare_icon, self._unopened_icon = icon_label("circle-check"), icon_label("circle-check")
        self._legend = plain_label(
            self.tr("Ring: handed in for this criterion, not linked yet. Return goes to what a cell names."),
            "caption",
            self,
            wraps=True,
        )
        self.here = plain_label("", "quiet", self, wraps=True)
        self.here.setMinimumHeight(self.here.fontMetrics().height() * 2)
        self.here.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._lay_out()
        self.setFocusProxy(self.table)
        self.back_button.clicked.connect(self.back_wanted)
        self.table.cell_wanted.connect(self.cell_wanted)
        self.table.criterion_wanted.connect(self.criterion_wanted)
        self.table.piece_wanted.connect(self.piece_wanted)
        self.table.cell_reached.connect(self._tell_here)

    def show_coverage(
        self, rubric: RubricVersion, groups: Sequence[EvidenceGroup], marks: Sequence[Annotation]
    ) -> None:
        """Show the present state; the current cell and the scrolling stay."""
        self.model.show(rubric, groups, marks)
        bare, unopened = self.model.bare, self.model.unopened
        criteria, pieces = len(self.model.rows), len(self.model.entries)
        self.bare.setText(
            self.tr("{count} of {all} criteria have no evidence link yet").format(count=bare, all=criteria)
            if bare
            else self.tr("Every criterion has an evidence link")
        )
        self.unopened.setText(
            self.tr("{count} of {all} pieces of evidence were not opened yet").format(
                count=unopened, all=pieces
            )
            if unopened
            else self.tr("Every piece of evidence was opened")
            if pieces
            else self.tr("Nothing was handed in")
        )
        dress(self._bare_icon, "triangle-alert" if bare else "circle-check", "warning" if bare else "ok")
        dress(self._unopened_icon, "eye-off" if unopened else "eye", "warning" if unopened else "ok")
        index = self.table.currentIndex()
        if not index.isValid() and criteria and pieces:
            self.table.setCurrentIndex(self.model.index(0, 0))
        elif index.isValid():
            self._tell_here(self.model.cell(index.row(), index.column()))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(space(self, 3))
        top.addWidget(self._title)
        top.addStretch(1)
        top.addWidget(self.back_button)
        facts = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        facts.setSpacing(space(self, 0.5))
        self._facts = facts
        for icon, label in ((self._bare_icon, self.bare), (self._unopened_icon, self.unopened)):
            row = QHBoxLayout()
            row.setSpacing(space(self, 1.5))
            row.addWidget(icon, 0, Qt.AlignmentFlag.AlignTop)
            row.addWidget(label, 1)
            facts.addLayout(row, 1)
        layout = QVBoxLayout(self)
        edge = space(self, 3)
        layout.setContentsMargins(edge, space(self, 2), edge, space(self, 1))
        layout.setSpacing(space(self, 1.5))
        layout.addLayout(top)
        layout.addLayout(facts)
        layout.addWidget(self._legend)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.here)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is missing stands in one line where there is room: the table needs the height."""
        super().resizeEvent(event)
        wanted = sum(
            label.fontMetrics().horizontalAdvance(label.text()) for label in (self.bare, self.unopened)
        )
        is_wide = self.width() > wanted + space(self, 30)
        self._facts.setDirection(
            QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom
        )

    @Slot(object)
    def _tell_here(self, cell: CoverageCell) -> None:
        self.here.setText(self.model.cell_words(cell))
