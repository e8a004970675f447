"""Feedback for one criterion: the learner's text, and what a denial owes her."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assessor_app.domain.assessments import CriterionFeedback
from assessor_app.domain.ids import CriterionId
from assessor_app.rubric.checks import Field
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.scoring.keeping import Keeper
from assessor_app.ui.scoring.text_field import TextField
from assessor_app.ui.theme import space


class FeedbackFields(QWidget):
    """The four parts of a criterion's feedback; three of them only below passing."""

    ready = Signal(object, object)
    """CriterionFeedback and its Keeper: save this and tell the keeper."""

    def __init__(self, criterion_id: CriterionId, criterion_name: str, parent: QWidget | None = None) -> None:
        """Begin empty.

        Args:
            criterion_id: whose feedback it is.
            criterion_name: the criterion's text, for screen readers.
            parent: Qt parent.
        """
        super().__init__(parent)
        self._shown = CriterionFeedback(criterion_id)
        self.keeper = Keeper(self)
        self.keeper.due.connect(self._send)
        self._owed = QWidget(self)
        self.text = TextField(
            self.tr("Feedback"),
            reader=self.tr("The learner reads this"),
            hint=self.tr("What in the evidence led to this rating?"),
            parent=self,
        )
        self._owed_title = plain_label(self.tr("So that the learner can use it:"), "caption", wraps=True)
        reader = self.tr("The learner reads this")
        self.seen = TextField(
            self.tr("What was seen"),
            reader=reader,
            hint=self.tr("What the evidence does show"),
            lines=1,
            parent=self._owed,
        )
        self.missing = TextField(
            self.tr("What is missing"),
            reader=reader,
            hint=self.tr("What this criterion asks for beyond that"),
            lines=1,
            parent=self._owed,
        )
        self.next_step = TextField(
            self.tr("Next step"),
            reader=reader,
            hint=self.tr("One thing to do before submitting again"),
            lines=1,
            parent=self._owed,
        )
        self._lay_out()
        for field in self._fields():
            field.edit.setAccessibleDescription(criterion_name)
            field.written.connect(self._touched)
            field.left.connect(self.keeper.flush)
        self._owed.hide()

    def feedback(self) -> CriterionFeedback:
        """What is written now."""
        return replace(
            self._shown,
            text=self.text.text(),
            seen=self.seen.text(),
            missing=self.missing.text(),
            next_step=self.next_step.text(),
        )

    def show_feedback(self, feedback: CriterionFeedback) -> None:
        """Show what is stored, unless something newer is being written here."""
        if self.keeper.is_unsaved:
            return
        self._shown = feedback
        self.text.show_text(feedback.text)
        self.seen.show_text(feedback.seen)
        self.missing.show_text(feedback.missing)
        self.next_step.show_text(feedback.next_step)

    def set_owed(self, *, parts: bool, next_step: bool) -> None:
        """Show the fields that a denial needs; what is written in them stays visible in any case.

        Args:
            parts: what was seen and what is missing.
            next_step: the next step.
        """
        self.seen.setVisible(parts or bool(self.seen.text()))
        self.missing.setVisible(parts or bool(self.missing.text()))
        self.next_step.setVisible(next_step or bool(self.next_step.text()))
        self._owed.setVisible(any(not f.isHidden() for f in (self.seen, self.missing, self.next_step)))

    def set_read_only(self, is_read_only: bool) -> None:
        """Whether it can be read but not changed."""
        for field in self._fields():
            field.set_read_only(is_read_only)

    def focus(self, field: Field) -> None:
        """Put the keyboard into one of the parts."""
        chosen = {
            Field.SEEN: self.seen,
            Field.MISSING: self.missing,
            Field.NEXT_STEP: self.next_step,
        }.get(field, self.text)
        chosen.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _fields(self) -> tuple[TextField, ...]:
        return (self.text, self.seen, self.missing, self.next_step)

    def _lay_out(self) -> None:
        inner = QVBoxLayout(self._owed)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(space(self, 1.5))
        inner.addWidget(self._owed_title)
        for field in (self.seen, self.missing, self.next_step):
            inner.addWidget(field)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(space(self, 2.5))
        layout.addWidget(self.text)
        layout.addWidget(self._owed)

    @Slot()
    def _touched(self) -> None:
        self.keeper.touch()

    @Slot()
    def _send(self) -> None:
        self.ready.emit(self.feedback(), self.keeper)
