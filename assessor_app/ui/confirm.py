"""The one modal question: only for what cannot be undone."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assessor_app.ui.fitted_dialog import FittedDialog
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.theme import space


class ConfirmDialog(FittedDialog):
    """Says what will happen; the safe answer has the focus, Escape is the safe answer."""

    def __init__(
        self, title: str, text: str, act: str, *, dangerous: bool = False, parent: QWidget | None = None
    ) -> None:
        """Build the question.

        Args:
            title: what is about to happen, as a question.
            text: what it means, and what stays as it is.
            act: words of the button that does it: a verb, never "OK".
            dangerous: whether something is lost by it.
            parent: the window that asks.
        """
        super().__init__(parent)
        self.setWindowTitle(title)
        self.setModal(True)
        cancel, go = QPushButton(self.tr("Cancel"), self), QPushButton(act, self)
        go.setObjectName("confirm_act")
        cancel.setObjectName("confirm_cancel")
        go.setProperty("kind", "danger" if dangerous else "primary")
        go.setAutoDefault(False)
        cancel.setDefault(True)
        go.clicked.connect(self.accept)
        cancel.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.setSpacing(space(self))
        buttons.addStretch(1)
        buttons.addWidget(cancel)
        buttons.addWidget(go)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*[space(self, 6)] * 4)
        layout.setSpacing(space(self, 3))
        layout.addWidget(plain_label(title, "title", wraps=True))
        layout.addWidget(plain_label(text, "body", wraps=True))
        layout.addSpacing(space(self))
        layout.addLayout(buttons)
        self.setMinimumWidth(space(self, 110))
        cancel.setFocus(Qt.FocusReason.OtherFocusReason)


def confirm(parent: QWidget, title: str, text: str, act: str, *, dangerous: bool = False) -> bool:
    """Ask, and wait for the answer; False when the person thought better of it."""
    dialog = ConfirmDialog(title, text, act, dangerous=dangerous, parent=parent)
    answer = dialog.exec()
    dialog.deleteLater()
    return answer == QDialog.DialogCode.Accepted
