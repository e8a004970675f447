"""A text that somebody reads later: plain, growing with what is written, told apart by its reader."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QSize, Qt, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QResizeEvent, QTextCursor, QWheelEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from assessor_app.ui.icons import icon_label
from assessor_app.ui.scoring.caption import Caption
from assessor_app.ui.scoring.side_by_side import SideBySide
from assessor_app.ui.theme import space

_MOST_LINES = 12


class GrowingEdit(QPlainTextEdit):
    """A plain text edit as high as its text, with its own undo; Tab leaves it."""

    written = Signal()
    """The person changed the text; never sent when a text is shown."""
    left = Signal()
    """The keyboard went elsewhere."""
    menu_wanted = Signal(QMenu, QPoint)
    """The context menu is about to be shown: the menu, for who adds to it, and where it was asked for."""

    def __init__(self, lines: int, parent: QWidget | None = None) -> None:
        """Take at least `lines` lines of room."""
        super().__init__(parent)
        self._least = lines
        self._is_showing = False
        self.setTabChangesFocus(True)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.textChanged.connect(self._changed)
        self.document().documentLayout().documentSizeChanged.connect(self._grow)

    def show_text(self, text: str) -> None:
        """Replace the text without telling anybody; the cursor stays where it can."""
        if text == self.toPlainText():
            return
        position = self.textCursor().position()
        self._is_showing = True
        self.setPlainText(text)
        self._is_showing = False
        cursor = QTextCursor(self.document())
        cursor.setPosition(min(position, self.document().characterCount() - 1))
        self.setTextCursor(cursor)

    def select_words(self, start: int, end: int) -> None:
        """Select some of the text.

        Args:
            start: in code points; beyond the text is its end.
            end: exclusive.
        """
        text = self.toPlainText()
        cursor = QTextCursor(self.document())
        cursor.setPosition(_qt_length(text[:start]))
        cursor.setPosition(_qt_length(text[:end]), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)
        self.ensureCursorVisible()

    def sizeHint(self) -> QSize:
        """As high as the text, within bounds."""
        line = self.fontMetrics().lineSpacing()
        lines = min(max(int(self.document().size().height()), self._least), _MOST_LINES)
        return QSize(line * 12, self.height_of(lines))

    def height_of(self, lines: int) -> int:
        """How high the field is with that many lines in view, in pixels."""
        line = self.fontMetrics().lineSpacing()
        frame = self.height() - self.viewport().height() if self.isVisible() else line
        return lines * line + frame + round(2 * self.document().documentMargin()) + 2

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width wraps the text anew, and with it changes the height."""
        super().resizeEvent(event)
        if self.sizeHint().height() != self.height():
            self.updateGeometry()

    def minimumSizeHint(self) -> QSize:
        """The height is not negotiable, the width is."""
        return QSize(self.fontMetrics().averageCharWidth() * 12, self.sizeHint().height())

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll the page around, unless this text is longer than its field."""
        bar = self.verticalScrollBar()
        if bar.minimum() == bar.maximum() or not self.hasFocus():
            event.ignore()
            return
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes to whoever holds the field; everything else is text."""
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """The usual menu, with what others add."""
        menu = self.createStandardContextMenu(event.pos())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.menu_wanted.emit(menu, event.pos())
        menu.popup(event.globalPos())

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Say that the field was left."""
        super().focusOutEvent(event)
        self.left.emit()

    @Slot()
    def _changed(self) -> None:
        if not self._is_showing:
            self.written.emit()

    @Slot()
    def _grow(self) -> None:
        is_longer = self.document().size().height() > _MOST_LINES
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if is_longer else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(policy)
        self.updateGeometry()


def _qt_length(text: str) -> int:
    """How long a text is in UTF-16 units, as Qt counts."""
    return len(text) + sum(ord(char) > 0xFFFF for char in text)


class TextField(QWidget):
    """A growing edit under its heading, with a line that says who reads it.

    Args:
        title: what is written here.
        reader: who reads it, such as "The learner reads this"; empty where a heading nearby says so.
        hint: shown while the field is empty.
        lines: least height in lines.
        icon: the reader's icon.
    """

    written = Signal()
    left = Signal()

    def __init__(
        self,
        title: str,
        *,
        reader: str = "",
        hint: str = "",
        lines: int = 2,
        icon: str = "eye",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.edit = GrowingEdit(lines, self)
        self.edit.setAccessibleName(f"{title}. {reader}" if reader else title)
        self.edit.setPlaceholderText(hint)
        self.edit.written.connect(self.written)
        self.edit.left.connect(self.left)
        self.setFocusProxy(self.edit)
        head = SideBySide(self)
        head.box.addWidget(Caption(title, "caption-strong"), 1)
        if reader:
            who = QWidget(head)
            across = QHBoxLayout(who)
            across.setContentsMargins(0, 0, 0, 0)
            across.setSpacing(space(self, 1))
            across.addWidget(icon_label(icon, "quiet", factor=0.95))
            across.addWidget(Caption(reader), 1)
            head.box.addWidget(who)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(space(self, 1))
        layout.addWidget(head)
        layout.addWidget(self.edit)

    def text(self) -> str:
        """What is written."""
        return self.edit.toPlainText()

    def show_text(self, text: str) -> None:
        """Show a text without telling anybody."""
        self.edit.show_text(text)

    def set_read_only(self, is_read_only: bool) -> None:
        """Whether the text can be read but not changed."""
        self.edit.setReadOnly(is_read_only)
