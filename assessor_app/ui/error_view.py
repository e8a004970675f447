"""Known trouble as a bar that stays until it is dismissed."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assessor_app.errors import KnownError
from assessor_app.ui.announce import announce
from assessor_app.ui.icons import dress, icon_label
from assessor_app.ui.plain_text import card, plain_label
from assessor_app.ui.theme import space


class ErrorBar(QWidget):
    """What happened, that the work is safe, and what to do; never in the way of other work."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start hidden."""
        super().__init__(parent)
        self.setObjectName("error_bar")
        self.setAccessibleName(self.tr("Something needs a word"))
        self._title = plain_label("", "heading", wraps=True)
        self._message = plain_label("", "body", wraps=True)
        self._next = plain_label("", "strong", wraps=True)
        dismiss = QPushButton(self.tr("Dismiss"), self)
        dismiss.setProperty("kind", "quiet")
        dress(dismiss, "x", "text")
        dismiss.clicked.connect(self.hide)
        texts = QVBoxLayout()
        texts.setSpacing(space(self, 0.5))
        for label in (self._title, self._message, self._next):
            texts.addWidget(label)
        frame = card("danger", self)
        row = QHBoxLayout(frame)
        row.setContentsMargins(space(self, 4), space(self, 2), space(self, 2), space(self, 2))
        row.setSpacing(space(self, 3))
        row.addWidget(icon_label("triangle-alert", "danger", factor=1.3), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(texts, 1)
        row.addWidget(dismiss, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(space(self, 4), space(self, 2), space(self, 4), 0)
        layout.addWidget(frame)
        self.hide()

    @Slot(object)
    def show_error(self, error: KnownError) -> None:
        """Show an error; it takes the place of the one before."""
        self._title.setText(error.title)
        self._message.setText(error.message)
        self._next.setText(error.next_step)
        self._next.setVisible(bool(error.next_step))
        self.show()
        announce(self, f"{error.title}. {error.message} {error.next_step}", urgent=True)
