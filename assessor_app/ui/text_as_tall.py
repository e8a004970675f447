"""Words to read, as tall as they are: the page around them scrolls, and nothing in them becomes markup."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QResizeEvent, QTextCharFormat, QWheelEvent
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextEdit, QWidget

from assessor_app.ui.theme import colours_of, mixed

_SHARE = 0.16
_HINT_CHARS, _LEAST_CHARS = 30, 16


class TextAsTall(QTextEdit):
    """Read only; whoever derives from it writes the words, and again when scheme or text size change."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Be ready to be written.

        Args:
            name: whose words they are, for screen readers.
            parent: Qt parent.
        """
        super().__init__(parent)
        self.setReadOnly(True)
        self.setAcceptRichText(False)
        self.setTabChangesFocus(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(name)
        self._is_written = False

    def write(self) -> None:
        """Put the words in anew; call it once everything that they depend on is there."""
        self._is_written = True
        self.clear()
        self._insert()

    def _insert(self) -> None:
        """Insert the words at the cursor of the empty document."""
        raise NotImplementedError

    def sizeHint(self) -> QSize:
        """As tall as the words at the present width."""
        return QSize(self.fontMetrics().averageCharWidth() * _HINT_CHARS, self._needed_px())

    def minimumSizeHint(self) -> QSize:
        """A few words wide."""
        return QSize(self.fontMetrics().averageCharWidth() * _LEAST_CHARS, self._needed_px())

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
        if event.type() in changed and getattr(self, "_is_written", False):
            self.write()
            self.setFixedHeight(self._needed_px())

    def _needed_px(self) -> int:
        document = self.document()
        document.setTextWidth(self.viewport().width())
        frame = self.height() - self.viewport().height()
        return round(document.size().height()) + max(0, frame) + 1


def shaded(widget: QWidget) -> QTextCharFormat:
    """The look of words that are pointed out: shaded and underlined, never by colour alone."""
    colours = colours_of(widget)
    look = QTextCharFormat()
    look.setBackground(QColor(mixed(colours.surface, colours.accent, _SHARE)))
    look.setFontUnderline(True)
    look.setUnderlineColor(QColor(colours.accent))
    look.setForeground(QColor(colours.text))
    return look
