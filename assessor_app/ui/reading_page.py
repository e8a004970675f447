"""A calm page of text in a readable column: statements, earlier attempts, notices."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.theme import space

_COLUMN_IN_CHARS = 78


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph with its role in the text."""

    text: str
    role: str = "body"
    """A key of `TEXT_ROLES`."""
    gap: float = 1.5
    """Air above, in quarters of a line."""


class ReadingPage(QScrollArea):
    """Plain paragraphs, one below the other; the words can be selected and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        """Begin empty."""
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._shown: tuple[Block, ...] = ()
        self.setWidget(QWidget(self))

    def show_blocks(self, name: str, blocks: Sequence[Block], buttons: Sequence[QPushButton] = ()) -> None:
        """Replace the page.

        Args:
            name: what it is, for screen readers.
            blocks: from top to bottom.
            buttons: what can be done here, below the text; the page takes ownership.
        """
        self.setAccessibleName(name)
        column = QWidget(self)
        column.setMaximumWidth(column.fontMetrics().averageCharWidth() * _COLUMN_IN_CHARS)
        column.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        inner = QVBoxLayout(column)
        inner.setContentsMargins(space(self, 5), space(self, 4), space(self, 5), space(self, 6))
        inner.setSpacing(0)
        for number, block in enumerate(blocks):
            if number:
                inner.addSpacing(space(self, block.gap))
            label = plain_label(block.text, block.role, wraps=True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            inner.addWidget(label)
        for button in buttons:
            inner.addSpacing(space(self, 3))
            inner.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        inner.addStretch(1)
        page = QWidget(self)
        # Across: a layout downwards would reckon the height for the whole width, and cut what wraps in less.
        outer = QHBoxLayout(page)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(column, 1)
        outer.addStretch(0)
        self.setWidget(page)
        self.verticalScrollBar().setValue(0)
        self.setAccessibleDescription("\n".join(block.text for block in blocks))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page keys and arrows scroll."""
        bar = self.verticalScrollBar()
        moves = {
            Qt.Key.Key_PageDown: bar.pageStep(),
            Qt.Key.Key_Space: bar.pageStep(),
            Qt.Key.Key_PageUp: -bar.pageStep(),
            Qt.Key.Key_Home: -bar.maximum(),
            Qt.Key.Key_End: bar.maximum(),
        }
        step = moves.get(Qt.Key(event.key()))
        if step is None or event.modifiers() != Qt.KeyboardModifier.NoModifier:
            super().keyPressEvent(event)
            return
        bar.setValue(bar.value() + step)
