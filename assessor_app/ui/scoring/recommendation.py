"""What goes with the ratings: the overall comment and the note to the approver."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from assessor_app.rubric.checks import Field
from assessor_app.ui.plain_text import card
from assessor_app.ui.scoring.keeping import Keeper
from assessor_app.ui.scoring.text_field import TextField
from assessor_app.ui.theme import space


class OverallFields(QWidget):
    """The overall comment, which the learner reads, and the note, which the approver reads."""

    overall_ready = Signal(str, object)
    """The text and its Keeper."""
    note_ready = Signal(str, object)
    """The text and its Keeper."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(parent)
        self.overall = TextField(
            self.tr("Overall comment"),
            reader=self.tr("The learner reads this"),
            hint=self.tr("What this work shows as a whole"),
            lines=3,
        )
        self.note = TextField(
            self.tr("Note to the approver"),
            reader=self.tr("The approver reads this"),
            hint=self.tr("What the approver should look at, or know"),
            icon="eye-off",
        )
        self.overall_keeper, self.note_keeper = Keeper(self), Keeper(self)
        for field, keeper, send in (
            (self.overall, self.overall_keeper, self._send_overall),
            (self.note, self.note_keeper, self._send_note),
        ):
            field.written.connect(keeper.touch)
            field.left.connect(keeper.flush)
            keeper.due.connect(send)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(space(self, 2))
        margin = space(self, 2.5)
        for field in (self.overall, self.note):
            box = card()
            inner = QVBoxLayout(box)
            inner.setContentsMargins(margin, margin, margin, margin)
            inner.addWidget(field)
            layout.addWidget(box)

    @property
    def keepers(self) -> tuple[Keeper, ...]:
        """Everything that may be unsaved here."""
        return (self.overall_keeper, self.note_keeper)

    def show_texts(self, overall: str, note: str) -> None:
        """Show what is stored, unless something newer is being written here."""
        if not self.overall_keeper.is_unsaved:
            self.overall.show_text(overall)
        if not self.note_keeper.is_unsaved:
            self.note.show_text(note)

    def set_read_only(self, is_read_only: bool) -> None:
        """Whether the texts can be read but not changed."""
        self.overall.set_read_only(is_read_only)
        self.note.set_read_only(is_read_only)

    def focus(self, field: Field) -> None:
        """Put the keyboard into the note to the approver, or else into the overall comment."""
        chosen = self.note if field is Field.NOTE_TO_APPROVER else self.overall
        chosen.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _send_overall(self) -> None:
        self.overall_ready.emit(self.overall.text(), self.overall_keeper)

    @Slot()
    def _send_note(self) -> None:
        self.note_ready.emit(self.note.text(), self.note_keeper)
