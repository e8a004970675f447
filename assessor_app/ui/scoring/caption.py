"""A few words in a line with others, which give way where room is short."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QWidget

from assessor_app.ui.plain_text import set_role


class Caption(QLabel):
    """Stands on one line; where that does not fit it goes on in a second."""

    def __init__(self, text: str = "", role: str = "caption", parent: QWidget | None = None) -> None:
        """Show `text` in a role of `TEXT_ROLES`."""
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setWordWrap(True)
        set_role(self, role)

    def sizeHint(self) -> QSize:
        """Room for one line."""
        margins = self.contentsMargins()
        width = self.fontMetrics().horizontalAdvance(self.text()) + margins.left() + margins.right() + 2
        return QSize(width, super().minimumSizeHint().height())
