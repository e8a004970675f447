"""Giving work back for good: why, who learns of it, and what becomes of what was made of it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QButtonGroup,
    QHBoxLayout,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
    QWidget,
)

from assessor_app.domain.cases import RecusalReason
from assessor_app.domain.wording import has_words
from assessor_app.ui.fitted_dialog import FittedDialog
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.scoring.text_field import TextField
from assessor_app.ui.theme import space


class RecuseDialog(FittedDialog):
    """Asks for the reason; nothing is chosen before the person does."""

    decided = Signal(object, str)
    """RecusalReason, and the note for the lead."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build the question."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Give this work back for good"))
        self.setModal(True)
        self.reasons = {
            RecusalReason.KNOWS_LEARNER: QRadioButton(self.tr("I recognise this work, or whose it is"), self),
            RecusalReason.CONFLICT: QRadioButton(self.tr("I have a conflict of interest"), self),
            RecusalReason.LANGUAGE: QRadioButton(self.tr("I cannot judge work in its language"), self),
            RecusalReason.OTHER: QRadioButton(self.tr("Another reason, which I write below"), self),
        }
        self._group = QButtonGroup(self)
        for button in self.reasons.values():
            self._group.addButton(button)
        self._group.buttonToggled.connect(self._refresh)
        self.note = TextField(
            self.tr("What the team lead should know"),
            reader=self.tr("The team lead reads this"),
            hint=self.tr("Name nobody"),
        )
        self.note.written.connect(self._refresh)
        self.cancel = QPushButton(self.tr("Keep the work"), self)
        self.go = QPushButton(self.tr("Give back for good"), self)
        self.go.setProperty("kind", "danger")
        self.go.setAutoDefault(False)
        self.cancel.setDefault(True)
        self.cancel.clicked.connect(self.reject)
        self.go.clicked.connect(self._decide)
        self._lay_out()
        self._refresh()
        self.reasons[RecusalReason.KNOWS_LEARNER].setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[space(self, 6)] * 4)
        layout.setSpacing(space(self, 2))
        layout.addWidget(plain_label(self.tr("Give this work back for good?"), "title", wraps=True))
        what = self.tr(
            "It goes to somebody else, as if it had never been with you, and does not come to you again. "
            "Nobody but the team lead learns of it or sees why."
        )
        layout.addWidget(plain_label(what, "body", wraps=True))
        layout.addSpacing(space(self))
        for button in self.reasons.values():
            layout.addWidget(button)
        layout.addSpacing(space(self))
        layout.addWidget(self.note)
        erased = self.tr(
            "Your ratings, words and marks stay on this computer until the platform has confirmed; until it "
            "is told, you can keep the work after all. Then they are erased, and so is the evidence."
        )
        layout.addWidget(plain_label(erased, "caption", wraps=True))
        layout.addSpacing(space(self))
        buttons = QHBoxLayout()
        buttons.setSpacing(space(self))
        buttons.addStretch(1)
        buttons.addWidget(self.cancel)
        buttons.addWidget(self.go)
        layout.addLayout(buttons)
        self.setMinimumWidth(space(self, 120))

    def reason(self) -> RecusalReason | None:
        """What was chosen."""
        return next((reason for reason, button in self.reasons.items() if button.isChecked()), None)

    @Slot()
    def _refresh(self) -> None:
        reason = self.reason()
        needs_words = reason is RecusalReason.OTHER and not has_words(self.note.text())
        self.go.setEnabled(reason is not None and not needs_words)

    @Slot()
    def _decide(self) -> None:
        self.decided.emit(self.reason(), self.note.text())
        self.accept()
