"""The criteria that are no part of a submission: one line that can be unfolded, nothing to rate."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assessor_app.rubric.schema import Criterion
from assessor_app.ui.icons import dress
from assessor_app.ui.long_button import LongButton
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.theme import space


class OutsideList(QWidget):
    """Says that a single artifact is judged by itself, and what it is therefore not judged on."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin hidden: a portfolio is judged on everything."""
        super().__init__(parent)
        self._shown: tuple[Criterion, ...] = ()
        self.fold_button = LongButton("", self)
        self.fold_button.setProperty("kind", "quiet")
        self.fold_button.clicked.connect(self._toggle)
        self.criteria = plain_label("", "quiet", wraps=True)
        self._note = plain_label(
            self.tr("This artifact was handed in by itself and is judged by itself."), "caption", wraps=True
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(space(self, 0.75))
        column.addWidget(self.fold_button, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._note)
        column.addWidget(self.criteria)
        self.criteria.setContentsMargins(space(self, 2.5), 0, 0, 0)
        self._note.setContentsMargins(space(self, 2.5), 0, 0, 0)
        self._fold(is_open=False)
        self.hide()

    def show_criteria(self, criteria: Sequence[Criterion]) -> None:
        """Show these criteria; none hides the list."""
        if tuple(criteria) != self._shown:
            self._shown = tuple(criteria)
            self.criteria.setText("\n".join(f"·  {criterion.text}" for criterion in criteria))
            self._fold(is_open=not self.criteria.isHidden())
        self.setVisible(bool(criteria))

    @Slot()
    def _toggle(self) -> None:
        self._fold(is_open=self.criteria.isHidden())

    def _fold(self, *, is_open: bool) -> None:
        text = self.tr("Not part of this submission ({count})").format(count=len(self._shown))
        self.fold_button.set_words(text)
        self.fold_button.setAccessibleDescription(self.tr("Shown") if is_open else self.tr("Hidden"))
        dress(self.fold_button, "chevron-up" if is_open else "chevron-down", "quiet", factor=1.0)
        self.criteria.setVisible(is_open)
