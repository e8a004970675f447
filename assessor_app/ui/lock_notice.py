"""Says that the window locks in a minute if nobody touches anything."""

from __future__ import annotations

from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from assessor_app.ui.announce import announce
from assessor_app.ui.icons import icon_label
from assessor_app.ui.plain_text import card, plain_label
from assessor_app.ui.theme import space


class LockNotice(QWidget):
    """One line below the menu; a key or a touch of the pointer takes it away."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Start hidden."""
        super().__init__(parent)
        self._text = plain_label(
            self.tr("Locks in a minute, since nobody is there. Press a key or move the pointer to go on."),
            "body",
            wraps=True,
        )
        frame = card("warning", self)
        row = QHBoxLayout(frame)
        row.setContentsMargins(space(self, 4), space(self, 1.5), space(self, 4), space(self, 1.5))
        row.setSpacing(space(self, 3))
        row.addWidget(icon_label("lock", "warning"))
        row.addWidget(self._text, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(space(self, 4), space(self, 2), space(self, 4), 0)
        layout.addWidget(frame)
        self.setVisible(False)

    def showEvent(self, event: QShowEvent) -> None:
        """Say it aloud as well."""
        super().showEvent(event)
        announce(self, self._text.text())
