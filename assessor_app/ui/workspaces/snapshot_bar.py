"""A line above a link's snapshot: what is shown is what the platform captured, and the way back."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from assessor_app.domain.submissions import Link
from assessor_app.ui.icons import dress
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.theme import space


class SnapshotBar(QWidget):
    """Says that this is a snapshot, and whether comments are in it."""

    back_wanted = Signal()
    """Back to the link itself."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin hidden."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("surface", "raised")
        self.words = plain_label("", "body", self, wraps=True)
        self.back_button = QPushButton(self.tr("Back to the link"), self)
        self.back_button.setProperty("kind", "quiet")
        dress(self.back_button, "arrow-left", "quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(space(self, 3), space(self, 0.5), space(self, 1), space(self, 0.5))
        row.addWidget(self.words, 1)
        row.addWidget(self.back_button)
        self.back_button.clicked.connect(self.back_wanted)
        self.hide()

    def show_link(self, link: Link) -> None:
        """Show the line for a link's snapshot."""
        comments = {
            True: self.tr("Snapshot of the link, with the comments on the page."),
            False: self.tr("Snapshot of the link. Comments were not captured."),
            None: self.tr("Snapshot of the link. Whether comments are in it is not known."),
        }
        self.words.setText(comments[link.comments_captured])
        self.show()
