"""The words that name the person, so that they do not leave by oversight."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.scoring.keeping import Keeper
from assessor_app.ui.scoring.text_field import TextField
from assessor_app.ui.theme import space


class OwnWords(QWidget):
    """One line that opens into a field; what is written there stays on this computer."""

    ready = Signal(str, object)
    """The words, and their Keeper."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin closed."""
        super().__init__(parent)
        self.keeper = Keeper(self)
        self.keeper.due.connect(self._send)
        self.button = QPushButton(self.tr("Words that name you…"), self)
        self.button.setProperty("kind", "quiet")
        self.button.setCheckable(True)
        self.field = TextField(
            self.tr("Words that name you"),
            reader=self.tr("Only you"),
            hint=self.tr("A nickname, initials, your office: one on each line"),
            icon="lock",
        )
        self.field.written.connect(self.keeper.touch)
        self.field.left.connect(self.keeper.flush)
        self.field.hide()
        self.button.toggled.connect(self._toggle)
        said = self.tr("Your name, as far as this computer knows it, is looked for in what leaves.")
        row = QHBoxLayout()
        row.setSpacing(space(self, 2))
        row.addWidget(plain_label(said, "caption", wraps=True), 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(space(self, 1))
        layout.addLayout(row)
        layout.addWidget(self.field)

    def show_words(self, words: Sequence[str]) -> None:
        """Show what is stored, unless something newer is being written."""
        if not self.keeper.is_unsaved and not self.field.edit.hasFocus():
            self.field.show_text("\n".join(words))

    @Slot(bool)
    def _toggle(self, is_open: bool) -> None:
        self.field.setVisible(is_open)
        if is_open:
            self.field.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _send(self) -> None:
        self.ready.emit(self.field.text(), self.keeper)
