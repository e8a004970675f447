"""Marks whose place is not found: what they said, and the way to put them where they belong."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assessor_app.domain.annotations import Annotation
from assessor_app.ui.annotate.words import counted, kind_word
from assessor_app.ui.plain_text import card, plain_label
from assessor_app.ui.theme import space

QUOTE_CHARS = 300
"""Longest quote that is shown whole."""


class PlaceAgain(QFrame):
    """Stands above the list while marks have no place; says what the chosen one said."""

    wanted = Signal(object)
    """Annotation to put where the person is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start hidden."""
        super().__init__(parent)
        self._mark: Annotation | None = None
        frame = card("warning", self)
        frame.setAccessibleName(self.tr("Place not found"))
        column = QVBoxLayout(frame)
        column.setContentsMargins(*[space(self, 2)] * 4)
        column.setSpacing(space(self, 1))
        self.heading = plain_label("", "strong", wraps=True)
        self.said = plain_label("", "body", wraps=True)
        self.hint = plain_label("", "caption", wraps=True)
        self.button = QPushButton(self.tr("Place it here"), frame)
        self.button.clicked.connect(self._ask)
        row = QHBoxLayout()
        row.addWidget(self.button)
        row.addStretch(1)
        for label in (self.heading, self.said, self.hint):
            column.addWidget(label)
        column.addLayout(row)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(space(self, 2), 0, space(self, 2), 0)
        outer.addWidget(frame)
        self.hide()

    def show_lost(self, count: int, chosen: Annotation | None, *, is_editable: bool) -> None:
        """Say how many marks have no place, and what one of them said.

        Args:
            count: marks without a place; none hides this.
            chosen: the one that the person chose, if it is one of them.
            is_editable: whether it is the person's own, and may be changed now.
        """
        self._mark = chosen
        self.setVisible(count > 0)
        self.heading.setText(
            counted(self.tr("The place of one mark is not found"), self.tr("Places not found: {n}"), count)
        )
        self.said.setText(_said(chosen) if chosen is not None else "")
        self.said.setVisible(chosen is not None)
        self.button.setVisible(chosen is not None and is_editable)
        if chosen is None:
            self.hint.setText(self.tr("The file has changed. Choose a mark below to see what it said."))
        elif is_editable:
            self.hint.setText(
                self.tr(
                    "Select the words it belongs to, or scroll to its page, then place it. "
                    "Undo takes it back."
                )
            )
        else:
            self.hint.setText(self.tr("It stays in the list; only its author can place it again."))

    def ask_for_words(self) -> None:
        """Say that here only selected words can take a mark."""
        self.hint.setText(self.tr("Select the words it belongs to first."))

    @Slot()
    def _ask(self) -> None:
        if self._mark is not None:
            self.wanted.emit(self._mark)


def _said(mark: Annotation) -> str:
    """Kind, words and comment of a mark."""
    words = " ".join(mark.anchor.text.exact.split()) if mark.anchor.text is not None else ""
    quote = words if len(words) <= QUOTE_CHARS else words[: QUOTE_CHARS - 1].rstrip() + "…"
    parts = [kind_word(mark.kind) + (f": “{quote}”" if quote else "")]
    if mark.comment.strip():
        parts.append(mark.comment.strip())
    return "\n".join(parts)
