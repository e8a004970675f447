"""What the assessor wrote for one criterion, part by part, to read."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from assessor_app.domain.assessments import CriterionFeedback
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.theme import space


class SaidFeedback(QWidget):
    """Each part of a criterion's feedback under its own heading; empty parts are left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(parent)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(space(self, 1))
        self._parts: list[tuple[QLabel, QLabel]] = []
        titles = (
            self.tr("Feedback: the learner reads this"),
            self.tr("What was seen"),
            self.tr("What is missing"),
            self.tr("Next step"),
        )
        for title in titles:
            part = plain_label(title, "caption-strong", wraps=True), plain_label("", wraps=True)
            part[1].setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            for label in part:
                layout.addWidget(label)
            self._parts.append(part)

    def show_feedback(self, feedback: CriterionFeedback | None) -> None:
        """Show what was written; None or nothing written hides all of it."""
        texts = ("", "", "", "")
        if feedback is not None:
            texts = (feedback.text, feedback.seen, feedback.missing, feedback.next_step)
        is_any = any(text.strip() for text in texts)
        for number, ((title, label), text) in enumerate(zip(self._parts, texts, strict=True)):
            label.setText(text.strip())
            label.setVisible(bool(text.strip()))
            # The first heading says who reads all of it.
            title.setVisible(bool(text.strip()) or (number == 0 and is_any))
        self.setVisible(is_any)
