"""The honest card: what it is, why it is not shown, what can be done."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from assessor_app.documents.pages import Card
from assessor_app.ui.icons import dress, icon_label
from assessor_app.ui.plain_text import ElidedLabel, plain_label
from assessor_app.ui.plain_text import card as card_frame
from assessor_app.ui.theme import space
from assessor_app.ui.viewers.base import EvidenceViewer

ICONS = {
    "no_rendition": "file-text",
    "media_later": "film",
    "archive": "paperclip",
    "not_here": "download",
    "encrypted": "lock",
    "damaged": "triangle-alert",
    "page_damaged": "triangle-alert",
    "seal_damaged": "triangle-alert",
    "picture_too_large": "image",
    "timeout": "clock",
    "unsafe_archive": "ban",
    "nothing": "inbox",
}
"""Icons by a card's reason; anything else is a file with a question mark."""


class CardView(EvidenceViewer):
    """Shows a card in the middle of the view."""

    retry_requested = Signal()
    """Try the same piece of evidence again."""
    list_requested = Signal()
    """Go back to the list of evidence."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        frame = card_frame("true", self)
        frame.setMaximumWidth(round(self.fontMetrics().averageCharWidth() * 64))
        inner = QVBoxLayout(frame)
        edge = space(self, 5)
        inner.setContentsMargins(edge, edge, edge, edge)
        inner.setSpacing(space(self, 2))
        self._icon = icon_label("file-question-mark", "quiet", factor=2.2)
        self.name = ElidedLabel("", "caption", self)
        self.title = plain_label("", "title", self, wraps=True)
        self.message = plain_label("", "body", self, wraps=True)
        for widget in (self._icon, self.name, self.title, self.message):
            inner.addWidget(widget)
        self._buttons = QHBoxLayout()
        self.retry_button = QPushButton(self.tr("Try again"), self)
        self.list_button = QPushButton(self.tr("Back to the list"), self)
        self.list_button.setProperty("kind", "quiet")
        self._buttons.addWidget(self.retry_button)
        self._buttons.addWidget(self.list_button)
        self._buttons.addStretch(1)
        inner.addSpacing(space(self, 1))
        inner.addLayout(self._buttons)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(frame, 8)
        row.addStretch(1)
        outer.addLayout(row)
        outer.addStretch(3)
        self.retry_button.clicked.connect(self.retry_requested)
        self.list_button.clicked.connect(self.list_requested)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Buttons side by side where there is room, else one below the other."""
        super().resizeEvent(event)
        shown = [button for button in (self.retry_button, self.list_button) if not button.isHidden()]
        wanted = sum(button.sizeHint().width() for button in shown) + space(self, 16)
        is_wide = event.size().width() >= wanted
        self._buttons.setDirection(
            QBoxLayout.Direction.LeftToRight if is_wide else QBoxLayout.Direction.TopToBottom
        )

    def show_card(self, card: Card, name: str = "") -> None:
        """Show another card.

        Args:
            card: its words.
            name: neutral name of the piece of evidence.
        """
        dress(self._icon, ICONS.get(card.reason, "file-question-mark"), "quiet", factor=2.2)
        self.name.set_whole_text(name)
        self.name.setVisible(bool(name))
        self.title.setText(card.title)
        self.message.setText(card.message)
        self.retry_button.setVisible(card.can_retry)
        self.setAccessibleName(f"{name}. {card.title}" if name else card.title)
        self.setAccessibleDescription(card.message)
