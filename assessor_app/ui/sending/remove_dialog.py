"""Asks before work that ended is removed from this computer for good."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assessor_app.ui.fitted_dialog import FittedDialog
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.theme import space


class RemoveDialog(FittedDialog):
    """Says what goes; nothing is chosen before the person does."""

    decided = Signal()

    def __init__(self, code: str, parent: QWidget | None = None) -> None:
        """Build the question.

        Args:
            code: of the submission.
            parent: the window.
        """
        super().__init__(parent)
        self.setWindowTitle(self.tr("Remove from this computer"))
        self.setModal(True)
        text = self.tr(
            "Everything that you made of {code} is erased from this computer and from every copy on it. "
            "It cannot be brought back. What had arrived at the platform stays there."
        )
        self.keep = QPushButton(self.tr("Keep it"), self)
        self.remove = QPushButton(self.tr("Remove"), self)
        self.remove.setProperty("kind", "danger")
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.keep)
        row.addWidget(self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(space(self, 4),) * 4)
        column.setSpacing(space(self, 3))
        column.addWidget(plain_label(text.format(code=code), "body", self, wraps=True))
        column.addLayout(row)
        self.keep.setDefault(True)
        self.keep.clicked.connect(self.reject)
        self.remove.clicked.connect(self._decide)
        self.keep.setFocus()

    @Slot()
    def _decide(self) -> None:
        self.decided.emit()
        self.accept()
