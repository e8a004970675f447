"""Known trouble as a bar that stays until it is dismissed, and a bug as a dialog with its details."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

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


class BugDialog(QDialog):
    """An unexpected error: says that saved work is safe and gives the details to pass on."""

    def __init__(self, details: str, parent: QWidget | None = None) -> None:
        """Show `details`, which hold file names and lines of the program, nothing that anybody wrote."""
        super().__init__(parent)
        self.setWindowTitle(self.tr("Unexpected error"))
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
        self.resize(space(self, 150), space(self, 100))

    @Slot()
    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._details)
