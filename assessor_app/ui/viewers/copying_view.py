"""While a copy of an office file is being made: what goes on, for how long at most, and a way out."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from assessor_app.ui.icons import icon_label
from assessor_app.ui.plain_text import ElidedLabel, card, plain_label
from assessor_app.ui.theme import space
from assessor_app.ui.viewers.base import EvidenceViewer


class CopyingView(EvidenceViewer):
    """A card in the middle of the view; everything else stays usable."""

    left = Signal()
    """The person does not want to wait."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        frame = card("true", self)
        frame.setMaximumWidth(round(self.fontMetrics().averageCharWidth() * 64))
        inner = QVBoxLayout(frame)
        edge = space(self, 5)
        inner.setContentsMargins(edge, edge, edge, edge)
        inner.setSpacing(space(self, 2))
        self.name = ElidedLabel("", "caption", self)
        self.title = plain_label(self.tr("Making a copy to read…"), "title", self, wraps=True)
        self.message = plain_label("", "body", self, wraps=True)
        self.progress = QProgressBar(self)
        self.progress.setRange(0, 0)
        self.progress.setTextVisible(False)
        self.progress.setAccessibleName(self.tr("A copy is being made"))
        self.button = QPushButton(self.tr("Cancel"), self)
        self.button.clicked.connect(self.left)
        buttons = QHBoxLayout()
        buttons.addWidget(self.button)
        buttons.addStretch(1)
        for widget in (icon_label("hourglass", "quiet", factor=2.2), self.name, self.title, self.message):
            inner.addWidget(widget)
        inner.addWidget(self.progress)
        inner.addSpacing(space(self, 1))
        inner.addLayout(buttons)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(frame, 8)
        row.addStretch(1)
        outer.addLayout(row)
        outer.addStretch(3)
        self.setFocusProxy(self.button)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def begin(self, name: str, program: str, *, has_text: bool) -> None:
        """Say what is going on.

        Args:
            name: neutral name of the file.
            program: what makes the copy; empty where it is not known yet.
            has_text: whether its text can be read without a copy.
        """
        self.name.set_whole_text(name)
        self.message.setText(
            self.tr(
                "{program} lays the file out on this computer, with macros and links switched off. It mostly "
                "takes a few seconds and is given up after a minute. The next time it opens at once."
            ).format(program=program or self.tr("LibreOffice"))
        )
        self.button.setText(self.tr("Read its text now") if has_text else self.tr("Cancel"))
        self.progress.setRange(0, 0)
        self.setAccessibleName(f"{name}. {self.title.text()}" if name else self.title.text())
        self.setAccessibleDescription(self.message.text())

    def escape(self) -> bool:
        """Leave it."""
        self.left.emit()
        return True
