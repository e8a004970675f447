"""The lead's place of calibration: what will stand here, said honestly; nothing made up."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from assessor_app.ui.icons import icon_label
from assessor_app.ui.plain_text import card, plain_label
from assessor_app.ui.theme import space


class LeadWorkspace(QWidget):
    """Says what an assessment team lead will find here."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build the page."""
        super().__init__(parent)
        self.setObjectName("lead_workspace")
        self.setAccessibleName(self.tr("Calibration"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        column = QVBoxLayout()
        column.setSpacing(space(self, 3))
        title = self.tr("Calibration sessions will appear here")
        text = self.tr("This version does not have them yet. Nothing is waiting for you.")
        column.addWidget(plain_label(title, "title", wraps=True))
        column.addWidget(plain_label(text, "quiet", wraps=True))
        for icon, heading, words in self._coming():
            column.addWidget(self._row(icon, heading, words))
        column.addStretch(1)
        page = QWidget(self)
        page.setLayout(column)
        page.setMaximumWidth(page.fontMetrics().averageCharWidth() * 84)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(space(self, 8), space(self, 6), space(self, 8), space(self, 6))
        layout.addWidget(page, 1)
        layout.addStretch(0)

    def _coming(self) -> tuple[tuple[str, str, str], ...]:
        return (
            (
                "scale",
                self.tr("Calibration sessions"),
                self.tr("Open a session on anchor submissions; see how assessors agree, and discuss."),
            ),
            (
                "calendar",
                self.tr("Reports"),
                self.tr("What is due, who has how much work, and how ratings agree over time."),
            ),
        )

    def _row(self, icon: str, heading: str, words: str) -> QWidget:
        box = card()
        across = QHBoxLayout(box)
        across.setContentsMargins(space(self, 3), space(self, 3), space(self, 3), space(self, 3))
        across.setSpacing(space(self, 3))
        across.addWidget(icon_label(icon, "quiet", factor=1.5), 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout()
        column.setSpacing(space(self, 0.5))
        column.addWidget(plain_label(heading, "strong", wraps=True))
        column.addWidget(plain_label(words, wraps=True))
        across.addLayout(column, 1)
        return box
