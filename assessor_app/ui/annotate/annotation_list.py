"""The list of all marks of a submission, with filters; Return goes to the mark."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QHeaderView, QTreeView, QVBoxLayout, QWidget

from assessor_app.domain.annotations import Annotation
from assessor_app.domain.ids import AnnotationId, CriterionId
from assessor_app.ui.annotate.annotation_model import WORDS, AnnotationModel, Filter
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.theme import space


class _Tree(QTreeView):
    """A tree without branches whose rows are gone to by Return, and deleted by Delete."""

    chosen = Signal(QModelIndex)
    delete_pressed = Signal(QModelIndex)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return and Delete act on the row; the rest moves."""
        if self.currentIndex().isValid() and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.chosen.emit(self.currentIndex())
        elif self.currentIndex().isValid() and event.key() == Qt.Key.Key_Delete:
            self.delete_pressed.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class AnnotationList(QWidget):
    """Lists marks; takes data, emits what the person wants.

    Args:
        parent: Qt parent.
    """

    chosen = Signal(object)
    """Annotation to go to."""
    delete_requested = Signal(str)
    """Id of a mark to delete; never somebody else's."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = AnnotationModel()
        self.model.setParent(self)
        self._others: frozenset[AnnotationId] = frozenset()
        self._is_editable = True
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(self, 1))
        self.sources = self._choice(self.tr("Marks on which evidence"), self.tr("All evidence"))
        self.criteria = self._choice(self.tr("Marks tied to which criterion"), self.tr("All criteria"))
        self.only_mine = QCheckBox(self.tr("Only mine"), self)
        self.only_mine.hide()
        filters = QHBoxLayout()
        filters.addWidget(self.sources, 1)
        filters.addWidget(self.criteria, 1)
        filters.addWidget(self.only_mine)
        column.addLayout(filters)
        self.tree = _Tree(self)
        self.tree.setModel(self.model)
        self.tree.setRootIsDecorated(False)
        self.tree.setUniformRowHeights(True)
        self.tree.setAllColumnsShowFocus(True)
        self.tree.setAccessibleName(self.tr("Marks on the evidence"))
        header = self.tree.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(WORDS, QHeaderView.ResizeMode.Stretch)
        column.addWidget(self.tree, 1)
        self.empty = plain_label(
            self.tr("Nothing marked yet. Select words in the evidence and press Alt+1."),
            "quiet",
            self,
            wraps=True,
        )
        column.addWidget(self.empty)
        self.sources.currentIndexChanged.connect(self._filter)
        self.criteria.currentIndexChanged.connect(self._filter)
        self.only_mine.toggled.connect(self._filter)
        self.tree.chosen.connect(self._choose)
        self.tree.doubleClicked.connect(self._choose)
        self.tree.delete_pressed.connect(self._delete)
        self.setFocusProxy(self.tree)
        self._tell_empty()

    def set_names(self, sources: Mapping[str, str], criteria: Sequence[tuple[CriterionId, str]]) -> None:
        """Names to show and to filter by.

        Args:
            sources: neutral names of artifacts and responses by id, in the order of the evidence.
            criteria: ids and short texts, in the rubric's order.
        """
        self.model.set_names(sources, dict(criteria))
        self._fill(self.sources, sources.items())
        self._fill(self.criteria, criteria)

    def set_annotations(
        self,
        annotations: Sequence[Annotation],
        others: frozenset[AnnotationId] = frozenset(),
        not_found: frozenset[AnnotationId] = frozenset(),
    ) -> None:
        """Replace the marks; the row of the moment stays if it is still there."""
        index = self.tree.currentIndex()
        current = self.model.annotation(index.row()).id if index.isValid() else None
        self._others = others
        self.only_mine.setVisible(bool(others))
        self.model.set_annotations(annotations, others, not_found)
        if current is not None:
            self.show_current(current)
        self._tell_empty()

    def set_editable(self, is_editable: bool) -> None:
        """Whether marks can be deleted here."""
        self._is_editable = is_editable

    def show_current(self, annotation_id: AnnotationId) -> None:
        """Make a mark the current row, without going to it."""
        row = self.model.row_of(annotation_id)
        if row >= 0:
            self.tree.setCurrentIndex(self.model.index(row, 0))

    def _choice(self, name: str, everything: str) -> QComboBox:
        box = QComboBox(self)
        box.setAccessibleName(name)
        box.setMinimumContentsLength(8)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        box.addItem(everything, None)
        return box

    def _fill(self, box: QComboBox, items: Iterable[tuple[str, str]]) -> None:
        """Replace the choices below the first; the choice of the moment stays if it is still there."""
        box.blockSignals(True)
        chosen = box.currentData()
        while box.count() > 1:
            box.removeItem(1)
        for key, text in items:
            box.addItem(text, key)
        box.setCurrentIndex(max(0, box.findData(chosen)))
        box.blockSignals(False)
        self._filter()

    def _filter(self) -> None:
        self.model.set_filter(
            Filter(self.sources.currentData(), self.criteria.currentData(), self.only_mine.isChecked())
        )
        self._tell_empty()

    def _tell_empty(self) -> None:
        self.empty.setVisible(self.model.rowCount() == 0)

    def _choose(self, index: QModelIndex) -> None:
        self.chosen.emit(self.model.annotation(index.row()))

    def _delete(self, index: QModelIndex) -> None:
        annotation = self.model.annotation(index.row())
        if self._is_editable and annotation.id not in self._others:
            self.delete_requested.emit(annotation.id)
