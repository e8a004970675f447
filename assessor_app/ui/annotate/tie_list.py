"""The criteria that marks are tied to, as a list of ticks."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from assessor_app.domain.annotations import Annotation
from assessor_app.domain.ids import CriterionId
from assessor_app.ui.annotate.marks_menu import tied

_ID = Qt.ItemDataRole.UserRole


class TieList(QListWidget):
    """One tick for each criterion; half a tick where only some of several marks are tied to it.

    Args:
        parent: Qt parent.
    """

    changed = Signal(object)
    """A function from Annotation to the Annotation as the person wants it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Criteria that this mark is tied to"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrap(True)
        self.itemChanged.connect(self._ticked)

    def set_criteria(self, criteria: Sequence[tuple[CriterionId, str]]) -> None:
        """The criteria to choose from, with their short texts, in the rubric's order."""
        self.blockSignals(True)
        self.clear()
        for criterion_id, text in criteria:
            item = QListWidgetItem(text)
            item.setData(_ID, criterion_id)
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
            )
            item.setCheckState(Qt.CheckState.Unchecked)
            self.addItem(item)
        self.blockSignals(False)

    def show_marks(self, marks: Sequence[Annotation]) -> None:
        """Show to what the marks are tied, without telling anybody."""
        self.blockSignals(True)
        for item in self._items():
            tied = [item.data(_ID) in mark.criteria for mark in marks]
            some = Qt.CheckState.PartiallyChecked if any(tied) else Qt.CheckState.Unchecked
            item.setCheckState(Qt.CheckState.Checked if tied and all(tied) else some)
        self.blockSignals(False)

    def _items(self) -> list[QListWidgetItem]:
        return [self.item(row) for row in range(self.count())]

    @Slot(QListWidgetItem)
    def _ticked(self, item: QListWidgetItem) -> None:
        criterion, is_on = CriterionId(str(item.data(_ID))), item.checkState() is Qt.CheckState.Checked
        order = [CriterionId(str(one.data(_ID))) for one in self._items()]

        self.changed.emit(tied(criterion, order, is_on=is_on))
