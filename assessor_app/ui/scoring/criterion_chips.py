"""Criteria as small numbered chips: buttons that lead to the criterion."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from assessor_app.domain.ids import CriterionId
from assessor_app.ui.plain_text import plain_label, set_plain_tooltip
from assessor_app.ui.theme import space

_MOST_BUTTONS = 4


class CriterionChips(QWidget):
    """A row of chips, each a button that leads to its criterion."""

    criterion_wanted = Signal(str)
    """Id of the criterion to go to."""
    more_wanted = Signal()
    """There are more than are shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin with none."""
        super().__init__(parent)
        self._shown: tuple[tuple[int, CriterionId, str], ...] = ()
        self._buttons: list[QPushButton] = []
        self._caption = plain_label(self.tr("Serves"), "caption", self)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(space(self, 0.75))
        self._row.addWidget(self._caption)
        self.hide()

    @property
    def buttons(self) -> tuple[QPushButton, ...]:
        """The chips, in order."""
        return tuple(self._buttons)

    def show_criteria(self, criteria: Sequence[tuple[int, CriterionId, str]]) -> None:
        """Show the criteria that something serves.

        Args:
            criteria: number, id and text of each.
        """
        if tuple(criteria) == self._shown:
            return
        self._shown = tuple(criteria)
        for button in self._buttons:
            button.hide()
            button.deleteLater()
        most = len(criteria) if len(criteria) <= _MOST_BUTTONS else _MOST_BUTTONS - 1
        self._buttons = [self._button(*criterion) for criterion in criteria[:most]]
        if most < len(criteria):
            self._buttons.append(self._more_button(len(criteria) - most))
        for button in self._buttons:
            self._row.addWidget(button)
        self.setVisible(bool(criteria))

    def _button(self, number: int, criterion_id: CriterionId, text: str) -> QPushButton:
        button = QPushButton(str(number), self)
        button.setProperty("kind", "number")
        button.setProperty("criterion", str(criterion_id))
        name = self.tr("Criterion {number}: {text}").format(number=number, text=text)
        button.setAccessibleName(name)
        set_plain_tooltip(button, name)
        button.clicked.connect(self._clicked)
        return button

    def _more_button(self, count: int) -> QPushButton:
        button = QPushButton(f"+{count}", self)
        button.setProperty("kind", "number")
        name = self.tr("{count} more criteria: show the coverage page").format(count=count)
        button.setAccessibleName(name)
        set_plain_tooltip(button, name)
        button.clicked.connect(self.more_wanted)
        return button

    @Slot()
    def _clicked(self) -> None:
        button = self.sender()
        if isinstance(button, QPushButton):
            self.criterion_wanted.emit(str(button.property("criterion")))
