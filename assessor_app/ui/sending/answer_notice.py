"""A line above the work that says that the team lead has answered."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from assessor_app.ui.icons import dress
from assessor_app.ui.sending.notice_line import NoticeLine


class AnswerNotice(NoticeLine):
    """Hidden while there is nothing new."""

    read_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin hidden."""
        super().__init__("message-square", "strong", parent)
        self.button.setText(self.tr("Read it"))
        dress(self.button, "message-square-text")
        self.button.clicked.connect(self.read_wanted)

    def show_count(self, count: int) -> None:
        """Show how many answers are new; 0 hides the line."""
        text = self.tr("The team lead has answered you.")
        if count > 1:
            text = self.tr("The team lead has answered you {n} times.").format(n=count)
        self.words.setText(text)
        self.setVisible(count > 0)
