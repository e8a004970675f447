"""One side of a shared passage: what stands in both is underlined and shaded, the rest is quiet."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QResizeEvent, QTextCharFormat, QWheelEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget

from assessor_app.domain.matches import Excerpt
from assessor_app.ui.plain_text import INVISIBLE
from assessor_app.ui.theme import colours_of, mixed, space

_SHARE = 0.16


class PassageText(QTextEdit):
    """Plain words as tall as they are; nothing in them becomes markup."""

    def __init__(self, excerpt: Excerpt, name: str, parent: QWidget | None = None) -> None:
        """Show an excerpt.

        Args:
            excerpt: the words, in runs.
            name: which submission and source it is from, for screen readers.
            parent: Qt parent.
        """
        super().__init__(parent)
        self._runs = [(run.text.translate(INVISIBLE), run.same) for run in excerpt.runs]
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(space(self, 1.5))
        same = " … ".join(text for text, is_same in self._runs if is_same)
        self.setAccessibleName(name)
        self.setAccessibleDescription(self.tr("In both: {words}").format(words=same))
        self._write()

    def sizeHint(self) -> QSize:
        """As tall as the words at the present width."""
        return QSize(self.fontMetrics().averageCharWidth() * 30, self._needed_px())

    def minimumSizeHint(self) -> QSize:
        """A few words wide."""
        return QSize(self.fontMetrics().averageCharWidth() * 16, self._needed_px())

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
        changed = (QEvent.Type.PaletteChange, QEvent.Type.FontChange, QEvent.Type.StyleChange)
        if event.type() in changed and hasattr(self, "_runs"):
            self._write()
            self.setFixedHeight(self._needed_px())

    def _needed_px(self) -> int:
        document = self.document()
        document.setTextWidth(self.viewport().width())
        frame = self.height() - self.viewport().height()
        return round(document.size().height()) + max(0, frame) + 1

    def _write(self) -> None:
        colours = colours_of(self)
        same, other = QTextCharFormat(), QTextCharFormat()
        same.setBackground(QColor(mixed(colours.surface, colours.accent, _SHARE)))
        same.setFontUnderline(True)
        same.setUnderlineColor(QColor(colours.accent))
        same.setForeground(QColor(colours.text))
        other.setForeground(QColor(colours.quiet))
        self.clear()
        cursor = self.textCursor()
        for number, (text, is_same) in enumerate(self._runs):
            if number:
                cursor.insertText(" ", other)
            cursor.insertText(text, same if is_same else other)
