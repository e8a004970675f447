"""The first page that a new assessor sees: what will happen, in four lines, and one button."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from assessor_app.ui.gate import GatePage
from assessor_app.ui.icons import icon_label
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.theme import space


class FirstRunPage(GatePage):
    """Welcome, and what happens next."""

    start_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        """Build the page."""
        super().__init__(
            "scale",
            self.tr("Welcome"),
            self.tr(
                "This is where you assess micro-credentials. Once your work is here, no network is needed."
            ),
            parent,
        )
        steps = (
            ("lock", self.tr("A key is made on this computer; everything is stored encrypted.")),
            ("log-in", self.tr("You sign in with your browser.")),
            ("download", self.tr("The submissions that wait for you arrive, what is due first.")),
            ("send", self.tr("What you finish is sent as soon as the platform can be reached.")),
        )
        for name, words in steps:
            row = QHBoxLayout()
            row.setSpacing(space(self, 3))
            row.addWidget(icon_label(name, "quiet"))
            row.addWidget(plain_label(words, "body", wraps=True), 1)
            self.body.addLayout(row)
        start = QPushButton(self.tr("Start"), self)
        start.setProperty("kind", "primary")
        start.clicked.connect(self.start_requested)
        row = QHBoxLayout()
        row.addWidget(start)
        row.addStretch(1)
        self.body.addSpacing(space(self, 2))
        self.body.addLayout(row)
        self.setFocusProxy(start)
