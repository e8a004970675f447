"""A line above the work that says that the team lead has answered."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from assessor_app.ui.icons import dress, icon_label
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.scoring.side_by_side import SideBySide
from assessor_app.ui.theme import space


class AnswerNotice(QWidget):
    """Hidden while there is nothing new."""

    read_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin hidden."""
        super().__init__(parent)
        frame = QFrame(self)
        frame.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        frame.setProperty("card", "accent")
        self.words = plain_label("", "strong", self, wraps=True)
        self.button = QPushButton(self.tr("Read it"), self)
        dress(self.button, "message-square-text")
        self.button.clicked.connect(self.read_wanted)
        row = SideBySide(frame)
        row.box.addWidget(icon_label("message-square", "accent", factor=1.2))
        row.box.addWidget(self.words, 1)
        row.box.addWidget(self.button)
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(space(self, 3), space(self, 1), space(self, 3), space(self, 1))
        inside.addWidget(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(space(self, 3), 0, space(self, 3), space(self, 2))
        column.addWidget(frame)
        self.hide()

    def show_count(self, count: int) -> None:
        """Show how many answers are new; 0 hides the line."""
        text = self.tr("The team lead has answered you.")
        if count > 1:
            text = self.tr("The team lead has answered you {n} times.").format(n=count)
        self.words.setText(text)
        self.setVisible(count > 0)
