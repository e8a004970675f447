"""Types the words of a free text in place, on the page."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetricsF, QKeyEvent, QPalette, QTextLayout, QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget

from assessor_app.domain.annotations import Rect
from assessor_app.ui.annotate.marks import FREE_TEXT_MARGIN_PT, FREE_TEXT_PT, free_text_font

_PAPER, _INK = QColor(255, 255, 255), QColor(20, 20, 20)


class FreeTextEditor(QPlainTextEdit):
    """Lies over the page where the text will stand, in letters of the same size; grows with the words.

    Args:
        parent: the viewport of the pages.
    """

    finished = Signal()
    """The person is done: Esc, Ctrl+Return, or the keyboard went elsewhere."""
    resized = Signal()
    """The words need more room, or less."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Text on the page"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Paper and ink in every scheme: it is a piece of the page.
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.Base, _PAPER)
        palette.setColor(QPalette.ColorRole.Text, _INK)
        self.setPalette(palette)
        self.setStyleSheet(
            f"QPlainTextEdit {{ background: {_PAPER.name()}; color: {_INK.name()}; padding: 0;"
            " border: 2px solid #1e3ca0; border-radius: 2px; margin: 0; }"
        )
        self._is_open = False
        self.textChanged.connect(self.resized)
        self.hide()

    @property
    def is_open(self) -> bool:
        """Whether something is being typed."""
        return self._is_open

    def begin(self, text: str) -> None:
        """Show words and take the keyboard."""
        self._is_open = True
        self.blockSignals(True)
        self.setPlainText(text)
        self.blockSignals(False)
        self.moveCursor(self.textCursor().MoveOperation.End)
        self.show()
        self.raise_()
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.resized.emit()

    def end(self) -> str:
        """Close and return what was typed, without white space at its end."""
        self._is_open = False
        self.hide()
        return self.toPlainText().rstrip()

    def place(self, at: QRectF, scale: float) -> None:
        """Stand over a rectangle of the view.

        Args:
            at: where the text stands, in the viewport.
            scale: logical pixels for each point of a page of A4.
        """
        font = free_text_font()
        font.setPixelSize(max(6, round(FREE_TEXT_PT * scale)))
        self.setFont(font)
        self.document().setDocumentMargin(max(0.0, FREE_TEXT_MARGIN_PT * scale - 2))
        self.setGeometry(at.toAlignedRect())

    def height_pt(self, rect: Rect, mark_scale: float) -> float:
        """How high a text as wide as `rect` has to be, in page points; never less than one line.

        Args:
            rect: its place, in page points.
            mark_scale: how much larger its letters are than on a page of A4.
        """
        return text_height_pt(self.toPlainText(), (rect.x1 - rect.x0) / mark_scale) * mark_scale

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc and Ctrl+Return end it; the rest is typed and reaches nothing below."""
        is_return = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ctrl = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_Escape or (is_return and ctrl):
            self.finished.emit()
            event.accept()
            return
        super().keyPressEvent(event)
        event.accept()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Elsewhere means done; a menu or another window does not."""
        super().focusOutEvent(event)
        kept = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)
        if self._is_open and event.reason() not in kept:
            self.finished.emit()


def text_height_pt(text: str, width_pt: float) -> float:
    """How high a free text is when it is wrapped to a width, in points of a page of A4."""
    room = max(1.0, width_pt - 2 * FREE_TEXT_MARGIN_PT)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    high = 0.0
    for paragraph in text.split("\n"):
        layout = QTextLayout(paragraph, free_text_font())
        layout.setTextOption(option)
        layout.beginLayout()
        while (line := layout.createLine()).isValid():
            line.setLineWidth(room)
            high += line.height()
        layout.endLayout()
    return max(high, QFontMetricsF(free_text_font()).height()) + FREE_TEXT_MARGIN_PT + 2
