"""Not scorable: an outcome of its own with a reason, never the lowest level."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from assessor_app.domain.assessments import Rating
from assessor_app.domain.ids import CriterionId
from assessor_app.rubric.schema import NotScorableCode, NotScorableEffect
from assessor_app.ui.icons import dress
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.scoring.keeping import Keeper
from assessor_app.ui.scoring.text_field import TextField
from assessor_app.ui.theme import space


class NotScorable(QWidget):
    """A button with the issuer's reasons and, once one is chosen, the note that says why."""

    ready = Signal(object, object)
    """Rating and its Keeper: save this and tell the keeper."""

    def __init__(
        self, criterion_id: CriterionId, codes: tuple[NotScorableCode, ...], parent: QWidget | None = None
    ) -> None:
        """Offer the reasons of a rubric version."""
        super().__init__(parent)
        self._criterion_id = criterion_id
        self._codes = {code.code: code for code in codes}
        self._code: str | None = None
        self.keeper = Keeper(self)
        self.keeper.due.connect(self._send)
        self.button = QPushButton(self.tr("Not scorable…"), self)
        self.button.setProperty("kind", "quiet")
        self.menu = QMenu(self)
        self.menu.setAccessibleName(self.tr("Reasons why it cannot be scored"))
        for code in codes:
            action = self.menu.addAction(code.label.replace("&", "&&"))
            action.setData(code.code)
        self.menu.triggered.connect(self._picked)
        self.button.setMenu(self.menu)
        dress(self.button, "ban", "quiet", factor=1.0)
        self._effect = plain_label("", "caption", wraps=True)
        self.note = TextField(
            self.tr("Why it cannot be scored"),
            reader="",
            hint=self.tr("What you tried, and what you saw"),
            parent=self,
        )
        self.note.written.connect(self.keeper.touch)
        self.note.left.connect(self.keeper.flush)
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(space(self, 1.5))
        layout.addLayout(row)
        layout.addWidget(self._effect)
        layout.addWidget(self.note)
        self._show_code(None)
        self.setVisible(bool(codes))

    def show_rating(self, rating: Rating) -> None:
        """Show what is stored, unless something newer is being written here."""
        if self.keeper.is_unsaved:
            return
        self._show_code(rating.not_scorable)
        self.note.show_text(rating.note if rating.not_scorable else "")

    def drop(self) -> None:
        """A level was chosen instead: forget the reason."""
        self.keeper.flush()
        self._show_code(None)
        self.note.show_text("")

    def set_read_only(self, is_read_only: bool) -> None:
        """Whether it can be seen but not changed."""
        self.button.setEnabled(not is_read_only)
        self.note.set_read_only(is_read_only)

    @property
    def code(self) -> str | None:
        """The reason shown as chosen."""
        return self._code

    def open_menu(self) -> None:
        """Show the reasons."""
        if self.button.isEnabled():
            self.button.showMenu()

    @Slot(QAction)
    def _picked(self, action: QAction) -> None:
        self.choose(str(action.data()))

    def choose(self, code: str) -> None:
        """Take one of the reasons, as the person did in the menu."""
        self._show_code(code)
        self.keeper.touch()
        self.keeper.flush()
        self.note.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _send(self) -> None:
        self.ready.emit(
            Rating(self._criterion_id, not_scorable=self._code, note=self.note.text()), self.keeper
        )

    def _show_code(self, code: str | None) -> None:
        self._code = code
        known = self._codes.get(code or "")
        label = known.label if known else (code or "")
        text = self.tr("Not scorable: {reason}").format(reason=label) if code else self.tr("Not scorable…")
        self.button.setText(text.replace("&", "&&"))
        self.note.setVisible(code is not None)
        self._effect.setVisible(known is not None)
        if known is not None:
            self._effect.setText(self._effect_words(known))
            self.note.edit.setAccessibleDescription(self._effect.text())

    def _effect_words(self, code: NotScorableCode) -> str:
        effect = {
            NotScorableEffect.FAIL: self.tr("Counts as not reached."),
            NotScorableEffect.BLOCK: self.tr("The approver decides."),
            NotScorableEffect.EXCLUDE: self.tr("Taken out: not counted."),
        }[code.effect]
        reader = (
            self.tr("The learner reads the note.")
            if code.learner_visible
            else self.tr("The approver reads the note; the learner does not.")
        )
        return f"{effect} {reader}"
