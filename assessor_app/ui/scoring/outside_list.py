"""The criteria that are no part of a submission: one line that can be unfolded, nothing to rate."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from assessor_app.rubric.schema import Criterion
from assessor_app.ui.icons import dress
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.theme import space


class OutsideList(QWidget):
    """Says that a single artifact is judged by itself, and what it is therefore not judged on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin hidden: a portfolio is judged on everything."""
        super().__init__(parent)
        self._shown: tuple[Criterion, ...] = ()
        self.fold_button = QPushButton(self)
        self.fold_button.setProperty("kind", "quiet")
        self.fold_button.setCheckable(True)
        self.fold_button.toggled.connect(self._fold)
        self.criteria = plain_label("", "quiet", wraps=True)
        self._note = plain_label(
            self.tr("This artifact was handed in by itself and is judged by itself."), "caption", wraps=True
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(self, 0.75))
        for part in (self.fold_button, self._note, self.criteria):
            column.addWidget(part)
        self.criteria.setContentsMargins(space(self, 2.5), 0, 0, 0)
        self._note.setContentsMargins(space(self, 2.5), 0, 0, 0)
        self._fold(is_open=False)
        self.hide()

    def show_criteria(self, criteria: Sequence[Criterion]) -> None:
        """Show these criteria; none hides the list."""
        if tuple(criteria) != self._shown:
            self._shown = tuple(criteria)
            self.criteria.setText("\n".join(f"·  {criterion.text}" for criterion in criteria))
            self._fold(is_open=self.fold_button.isChecked())
        self.setVisible(bool(criteria))

    @Slot(bool)
    def _fold(self, is_open: bool) -> None:
        count = len(self._shown)
        text = self.tr("Not part of this submission: {count} criteria").format(count=count)
        if count == 1:
            text = self.tr("Not part of this submission: 1 criterion")
        self.fold_button.setText(text)
        self.fold_button.setAccessibleDescription(self.tr("Shown") if is_open else self.tr("Hidden"))
        dress(self.fold_button, "chevron-up" if is_open else "chevron-down", "quiet", factor=1.0)
        self.criteria.setVisible(is_open)
