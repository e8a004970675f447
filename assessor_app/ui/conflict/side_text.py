"""What one side says at one place, as tall as it is; words of its own are bold, underlined and shaded."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QFont, QResizeEvent, QTextCharFormat, QWheelEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget

from assessor_app.ui.conflict.differing_words import pieces
from assessor_app.ui.theme import colours_of, mixed, space

_SHARE = 0.16


class SideText(QTextEdit):
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
        super().__init__(parent)
        self._pieces, self._empty = pieces(text, other), empty
        self.words = text
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setStyleSheet("QTextEdit { background: transparent; border: none; padding: 0; margin: 0; }")
        self.document().setDocumentMargin(0)
        self.setAccessibleName(name)
        own = " … ".join(piece.text.strip() for piece in self._pieces if piece.is_own)
        if own:
            self.setAccessibleDescription(self.tr("Only here: {words}").format(words=own))
        self._write()

    def sizeHint(self) -> QSize:
        """As tall as the words at the present width."""
        return QSize(self.fontMetrics().averageCharWidth() * 24, self._needed_px())

    def minimumSizeHint(self) -> QSize:
        """A few words wide."""
        return QSize(self.fontMetrics().averageCharWidth() * 14, self._needed_px())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width needs another height."""
        super().resizeEvent(event)
        if self.height() != self._needed_px():
            self.setFixedHeight(self._needed_px())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The page around it scrolls."""
        event.ignore()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """No menu of its own."""
        event.ignore()

    def changeEvent(self, event: QEvent) -> None:
        """Shades follow the scheme and the text size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and hasattr(self, "_pieces"):
            self._write()
            self.setFixedHeight(self._needed_px())

    def _needed_px(self) -> int:
        document = self.document()
        document.setTextWidth(self.viewport().width())
        frame = self.height() - self.viewport().height()
        return round(document.size().height()) + max(0, frame) + 1

    def _write(self) -> None:
        colours = colours_of(self)
        own, shared, nothing = QTextCharFormat(), QTextCharFormat(), QTextCharFormat()
        own.setBackground(QColor(mixed(colours.surface, colours.accent, _SHARE)))
        own.setFontUnderline(True)
        own.setUnderlineColor(QColor(colours.accent))
        own.setFontWeight(QFont.Weight.DemiBold)
        for look in (own, shared):
            look.setForeground(QColor(colours.text))
        nothing.setForeground(QColor(colours.quiet))
        nothing.setFontItalic(True)
        self.clear()
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
