"""A quiet line below a text: this sentence was written before, and could be kept."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from assessor_app.ui.plain_text import one_line, plain_label
from assessor_app.ui.scoring.side_by_side import SideBySide
from assessor_app.ui.scoring.text_field import GrowingEdit
from assessor_app.ui.theme import space

_MOST_CHARS = 90


class RepeatOffer(QWidget):
    """Takes no focus, asks nothing again, and goes when the sentence goes."""

    keep_wanted = Signal()
    declined = Signal()

    def __init__(self, edit: GrowingEdit, sentence: str, parent: QWidget) -> None:
        """Offer to keep a sentence.

        Args:
            edit: the text that it stands in.
            sentence: as it is written there.
            parent: the field of the text.
        """
        super().__init__(parent)
        self.edit, self.sentence = edit, sentence
        shown = one_line(sentence)
        if len(shown) > _MOST_CHARS:
            shown = shown[: _MOST_CHARS - 1].rstrip() + "…"
        words = self.tr("You have written this before: “{sentence}”").format(sentence=shown)
        self.keep = QPushButton(self.tr("Keep as a comment…"), self)
        self.no = QPushButton(self.tr("Not this one"), self)
        for button in (self.keep, self.no):
            button.setProperty("kind", "quiet")
            button.setAutoDefault(False)
            button.setAccessibleDescription(words)
        self.keep.clicked.connect(self.keep_wanted)
        self.no.clicked.connect(self.declined)
        row = SideBySide(self)
        row.box.addWidget(self.keep)
        row.box.addWidget(self.no)
        row.box.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(space(self, 0.5))
        layout.addWidget(plain_label(words, "caption", wraps=True))
        layout.addWidget(row)
        edit.textChanged.connect(self._text_changed)

    @Slot()
    def _text_changed(self) -> None:
        if self.sentence not in self.edit.toPlainText():
            self.go()

    def go(self) -> None:
        """Be gone."""
        self.hide()
        self.deleteLater()
