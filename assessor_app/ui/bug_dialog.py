"""A bug as a dialog with its details. Loaded with the first bug."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.screen_room import resize_within_screen
from assessor_app.ui.theme import space


class BugDialog(QDialog):
    """An unexpected error: says that saved work is safe and gives the details to pass on."""

    def __init__(self, details: str, parent: QWidget | None = None) -> None:
        """Show `details`, which hold file names and lines of the program, nothing that anybody wrote."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Something went wrong"))
        self._details = details
        title = plain_label(self.tr("Something in the program went wrong"), "title", wraps=True)
        text = plain_label(
            self.tr(
                "What was shown as saved is saved. You can go on working; if it happens again, close the "
                "program, start it again, and pass these details on to support."
            ),
            "body",
            wraps=True,
        )
        shown = QPlainTextEdit(details, self)
        shown.setReadOnly(True)
        shown.setTabChangesFocus(True)
        shown.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        shown.setAccessibleName(self.tr("Details"))
        copy = QPushButton(self.tr("Copy details"), self)
        close = QPushButton(self.tr("Go on"), self)
        close.setProperty("kind", "primary")
        close.setDefault(True)
        copy.clicked.connect(self._copy)
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(copy)
        buttons.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[space(self, 5)] * 4)
        layout.setSpacing(space(self, 3))
        for widget in (title, text, shown):
            layout.addWidget(widget)
        layout.addLayout(buttons)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        resize_within_screen(self, space(self, 150), space(self, 100))

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._details)
