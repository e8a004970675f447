"""What every criterion's card has: a line with number, text and state, and a body that opens below it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from assessor_app.rubric.schema import Criterion, Scale
from assessor_app.ui.plain_text import plain_label, set_role
from assessor_app.ui.scoring.level_shape import LevelShape
from assessor_app.ui.theme import colours_of, space


class SummaryLine(QWidget):
    """Number and text; while the card is closed also its state, and a button that opens it."""

    activated = Signal()

    def __init__(self, number: int, criterion: Criterion, scale: Scale, parent: QWidget) -> None:
        """Begin closed, without a state."""
        super().__init__(parent)
        self._levels = len(scale.levels)
        self._text = plain_label(f"{number}.  {criterion.text}", "body", wraps=True)
        self._shape = LevelShape(0, self._levels)
        self._words = plain_label("", "caption-strong")
        self._more = plain_label("", "caption", wraps=True)
        self._state = QWidget(self)
        state = QHBoxLayout(self._state)
        state.setContentsMargins(0, 0, 0, 0)
        state.setSpacing(space(self, 1.5))
        state.addWidget(self._shape)
        state.addWidget(self._words)
        state.addWidget(self._more, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(space(self, 1))
        layout.addWidget(self._text)
        layout.addWidget(self._state)
        self.set_open(False)

    def set_open(self, is_open: bool) -> None:
        """Stand out while open; be reachable by keyboard while closed."""
        set_role(self._text, "heading" if is_open else "body")
        self._state.setVisible(not is_open)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus if is_open else Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.ArrowCursor if is_open else Qt.CursorShape.PointingHandCursor)

    def show_state(self, words: str, level: int, more: Sequence[str]) -> None:
        """Word the state.

        Args:
            words: how it stands.
            level: index of the level whose shape is shown; -1 for none.
            more: further facts.
        """
        self._shape.setVisible(level >= 0)
        self._shape.set_level(max(0, level), self._levels)
        self._words.setText(words)
        self._more.setText("·  " + "  ·  ".join(more) if more else "")
        self.setAccessibleName(f"{self._text.text()} {words}. {', '.join(more)}")

    def state_words(self) -> str:
        """How it stands, as shown."""
        return self._words.text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter or Space opens the card."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.activated.emit()
            return
        super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Repaint the ring when the keyboard comes or goes."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self.update()
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The focus ring."""
        if not self.hasFocus():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours_of(self).focus), 2))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), 4, 4)
        painter.end()


class OpenableCard(QFrame):
    """A card of one criterion: a summary line, and a body that is shown while the card is open."""

    open_wanted = Signal(object)
    """This card: the person turned to it."""

    def __init__(
        self, number: int, criterion: Criterion, scale: Scale, parent: QWidget | None = None
    ) -> None:
        """Build the card; the heir fills `body`."""
        super().__init__(parent)
        self.setProperty("card", "true")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._is_open = False
        self.criterion_id = criterion.id
        self.summary = SummaryLine(number, criterion, scale, self)
        self.body_widget = QWidget(self)
        """What is shown while the card is open; the parent of its parts."""
        self.body = QVBoxLayout(self.body_widget)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(space(self, 2.5))
        layout = QVBoxLayout(self)
        margin = space(self, 2.5)
        layout.setContentsMargins(margin, margin, margin, margin)
        layout.setSpacing(space(self, 2))
        layout.addWidget(self.summary)
        layout.addWidget(self.body_widget)
        self.body_widget.hide()
        self.summary.activated.connect(self._ask_to_open)

    @property
    def is_open(self) -> bool:
        """Whether the whole card is shown."""
        return self._is_open

    def set_open(self, is_open: bool) -> None:
        """Show the whole card, or its line."""
        self._is_open = is_open
        self.body_widget.setVisible(is_open)
        self.summary.set_open(is_open)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The card; an accent line around the open one."""
        super().paintEvent(event)
        if not self._is_open:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours_of(self).accent), 1.5))
        radius = QFontMetricsF(self.font()).height() * 0.5
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75), radius, radius)
        painter.end()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a closed card opens it."""
        if not self._is_open and event.button() is Qt.MouseButton.LeftButton:
            self.open_wanted.emit(self)
            return
        super().mousePressEvent(event)

    @Slot()
    def _ask_to_open(self) -> None:
        self.open_wanted.emit(self)
