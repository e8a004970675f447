"""The preview: all that the learner will read, by requirement or by piece of evidence, as it is written."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QTextCursor
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton, QTextEdit, QVBoxLayout, QWidget

from assessor_app.domain.assessments import Outcome
from assessor_app.rubric.learner_reading import CriterionReading, LearnerReading, PieceReading
from assessor_app.ui.icons import dress
from assessor_app.ui.plain_text import one_line, plain_label, separator
from assessor_app.ui.scoring.side_by_side import SideBySide
from assessor_app.ui.scoring.toggle_chip import ToggleChip
from assessor_app.ui.theme import colours_of, space
from assessor_app.ui.words.reading_document import ReadingDocument


@dataclass(frozen=True, slots=True)
class Previewed:
    """What is previewed at one moment."""

    title: str
    """Of the micro-credential."""
    reading: LearnerReading
    outcome: Outcome
    outcome_words: str
    """The issuer's word for it; empty where there is none."""


class LearnerPreview(QWidget):
    """A page of its own in the middle; nothing can be changed here."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin empty, by requirement."""
        super().__init__(parent)
        self.setAccessibleName(self.tr("Preview as the learner reads it"))
        self._shown: Previewed | None = None
        self.by_requirement = ToggleChip(self.tr("By requirement"), self)
        self.by_piece = ToggleChip(self.tr("By evidence"), self)
        self.close_button = QPushButton(self.tr("Back"), self)
        self.close_button.setAccessibleName(self.tr("Back to the evidence"))
        dress(self.close_button, "arrow-left", "quiet", factor=1.0)
        self.text = QTextEdit(self)
        self.text.setReadOnly(True)
        self.text.setFrameShape(QFrame.Shape.NoFrame)
        self.text.setAccessibleName(self.tr("What the learner reads"))
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        group = QButtonGroup(self)
        bar = SideBySide(self)
        bar.box.setContentsMargins(space(self, 3), space(self, 1.5), space(self, 3), space(self, 1.5))
        bar.box.addWidget(self.close_button)
        for chip in (self.by_requirement, self.by_piece):
            group.addButton(chip)
            bar.box.addWidget(chip)
        bar.box.addStretch(1)
        self.by_requirement.setChecked(True)
        note = plain_label(
            self.tr("The learner reads this, once it is decided. It follows what you write."),
            "caption",
            wraps=True,
        )
        note.setContentsMargins(space(self, 4), 0, space(self, 4), space(self, 1))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(bar)
        layout.addWidget(note)
        layout.addWidget(separator(self))
        layout.addWidget(self.text, 1)
        self.setFocusProxy(self.text)
        self.close_button.clicked.connect(self.closed)
        self.by_requirement.toggled.connect(self._show)

    def show_previewed(self, previewed: Previewed) -> None:
        """Show what is there now; the place on the page stays."""
        if previewed != self._shown:
            self._shown = previewed
            self._show()

    def changeEvent(self, event: QEvent) -> None:
        """Other colours or another size: set the text again."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self._show()

    # ---- inside ----

    @Slot()
    def _show(self) -> None:
        if self._shown is None:
            return
        bar = self.text.verticalScrollBar()
        at = bar.value()
        document = self.text.document()
        page = ReadingDocument(document, QGuiApplication.font(), colours_of(self))
        document.setDocumentMargin(space(self, 4))
        shown = self._shown
        page.say(shown.title, "title", heading=1)
        if self.by_requirement.isChecked():
            self._say_outcome(page, shown)
            for requirement in shown.reading.requirements:
                page.say(requirement.title, "heading", gap=1.8, heading=2)
                for criterion in requirement.criteria:
                    self._say_criterion(page, criterion)
            self._say_end(page, shown.reading)
        else:
            told = [piece for piece in shown.reading.pieces if not piece.is_empty]
            for piece in told:
                self._say_piece(page, piece)
            if not told:
                page.say(self.tr("Nothing is said on a piece of evidence yet."), "quiet", gap=1.0)
            elif len(told) < len(shown.reading.pieces):
                page.say(self.tr("Nothing is said on the other pieces of evidence."), "quiet", gap=1.8)
        # Written from top to bottom, it would else show its end.
        self.text.moveCursor(QTextCursor.MoveOperation.Start)
        bar.setValue(at)

    def _say_outcome(self, page: ReadingDocument, shown: Previewed) -> None:
        words = {
            Outcome.AWARD: shown.outcome_words or self.tr("Awarded"),
            Outcome.DENY: shown.outcome_words or self.tr("Not awarded"),
            Outcome.UNDECIDED: self.tr("Not decided yet"),
        }[shown.outcome]
        page.say(words, "strong")

    def _say_criterion(self, page: ReadingDocument, criterion: CriterionReading) -> None:
        page.say(f"{criterion.number}. {one_line(criterion.text)}", "strong", gap=1.2, heading=3)
        page.say(
            criterion.outcome or self.tr("No level yet"), "body" if criterion.outcome else "quiet", gap=0.3
        )
        page.write(criterion.feedback)
        looked = self.tr("Looked in: {names}. Not found.")
        names = ", ".join(one_line(name) for name in criterion.looked_in)
        for title, text in (
            (self.tr("What was seen"), criterion.seen or (looked.format(names=names) if names else "")),
            (self.tr("What is missing"), criterion.missing),
            (self.tr("Next step"), criterion.next_step),
        ):
            if text:
                page.say(title, "caption-strong")
                page.write(text)
        if criterion.is_empty:
            page.say(self.tr("Nothing is written here yet."), "quiet", gap=0.3)

    def _say_end(self, page: ReadingDocument, reading: LearnerReading) -> None:
        parts = [
            (self.tr("Overall"), "\n\n".join(part for part in (reading.overall, reading.advice) if part)),
            (self.tr("From the approver"), reading.final),
        ]
        for title, text in parts:
            if text:
                page.say(title, "heading", gap=1.8, heading=2)
                page.write(text)

    def _say_piece(self, page: ReadingDocument, piece: PieceReading) -> None:
        name = one_line(piece.name) or self.tr("A written response")
        page.say(name, "heading", gap=1.8, heading=2)
        page.write(piece.feedback)
        if piece.comments:
            page.say(self.tr("Comments on it"), "caption-strong")
            for comment in piece.comments:
                page.write(comment)
        if piece.criteria:
            page.say(self.tr("It stands for"), "caption-strong")
            for number, text in piece.criteria:
                page.say(f"{number}. {one_line(text)}", gap=0.25)
