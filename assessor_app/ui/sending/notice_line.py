"""A line above the work with an icon, words and one button; hidden while it has nothing to say."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QPushButton, QVBoxLayout, QWidget

from assessor_app.ui.icons import icon_label
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.scoring.side_by_side import SideBySide
from assessor_app.ui.theme import space


class NoticeLine(QWidget):
    """Begins hidden; whoever derives from it fills `words` and `button`, and shows it."""

    def __init__(self, icon: str, look: str, parent: QWidget | None = None) -> None:
        """Build the line.

        Args:
            icon: name of the icon before the words.
            look: of the words, as `plain_label` knows it.
            parent: Qt parent.
        """
        super().__init__(parent)
        frame = QFrame(self)
        frame.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        frame.setProperty("card", "accent")
        self.words = plain_label("", look, self, wraps=True)
        self.button = QPushButton(self)
        row = SideBySide(frame)
        row.box.addWidget(icon_label(icon, "accent", factor=1.2))
        row.box.addWidget(self.words, 1)
        row.box.addWidget(self.button)
        inside = QVBoxLayout(frame)
        inside.setContentsMargins(space(self, 3), space(self, 1), space(self, 3), space(self, 1))
        inside.addWidget(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(space(self, 3), 0, space(self, 3), space(self, 2))
        column.addWidget(frame)
        self.hide()
