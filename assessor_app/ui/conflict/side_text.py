"""What one side says at one place, as tall as it is; words of its own are bold, underlined and shaded."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QTextCharFormat
from PySide6.QtWidgets import QFrame, QSizePolicy, QWidget

from assessor_app.ui.conflict.differing_words import pieces
from assessor_app.ui.text_as_tall import TextAsTall, shaded
from assessor_app.ui.theme import colours_of, space


class SideText(TextAsTall):
    """Plain words; nothing in them becomes markup."""

    def __init__(
        self, text: str, other: str | None, name: str, *, empty: str, parent: QWidget | None = None
    ) -> None:
        """Show a text.

        Args:
            text: what this side says; empty where it says nothing.
            other: what it is compared with; None marks no words.
            name: whose side it is, for screen readers.
            empty: what is said where it says nothing.
            parent: Qt parent.
        """
        super().__init__(name, parent)
        self._pieces, self._empty = pieces(text, other), empty
        self.words = text
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setStyleSheet("QTextEdit { background: transparent; border: none; padding: 0; margin: 0; }")
        self.document().setDocumentMargin(0)
        own = " … ".join(piece.text.strip() for piece in self._pieces if piece.is_own)
        if own:
            self.setAccessibleDescription(self.tr("Only here: {words}").format(words=own))
        self.write()

    def _insert(self) -> None:
        colours = colours_of(self)
        own, shared, nothing = shaded(self), QTextCharFormat(), QTextCharFormat()
        own.setFontWeight(QFont.Weight.DemiBold)
        shared.setForeground(QColor(colours.text))
        nothing.setForeground(QColor(colours.quiet))
        nothing.setFontItalic(True)
        cursor = self.textCursor()
        if not self._pieces:
            cursor.insertText(self._empty, nothing)
        for piece in self._pieces:
            cursor.insertText(piece.text, own if piece.is_own else shared)


def side_frame(parent: QWidget) -> QFrame:
    """The frame round one side; the one that stands gets another edge."""
    frame = QFrame(parent)
    frame.setProperty("card", "true")
    frame.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    frame.setContentsMargins(*[space(frame, 1.5)] * 4)
    return frame
