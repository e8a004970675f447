"""The levels of one criterion, in full: one is chosen with a digit or a click, never by accident."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QColor,
    QEnterEvent,
    QFocusEvent,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QRadioButton, QSizePolicy, QVBoxLayout, QWidget

from assessor_app.domain.calibration import PracticeAnchor
from assessor_app.rubric.schema import Criterion, Scale
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.scoring.level_example import LevelExample
from assessor_app.ui.scoring.level_shape import LevelShape
from assessor_app.ui.theme import colours_of, space


class LevelOption(QRadioButton):
    """One level: shape, word, the digit that sets it, and its descriptor.

    It is a radio button to screen readers, but never moves with the arrow keys or the wheel: the row has the
    keyboard.
    """

    def __init__(self, index: int, scale: Scale, descriptor: str, parent: QWidget | None = None) -> None:
        """Show level `index` (0 is the lowest) of a scale."""
        super().__init__(parent)
        level = scale.levels[index]
        self.code = level.code
        self.is_marked = False
        self.setAutoExclusive(False)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(level.label)
        self.setAccessibleDescription(descriptor)
        self._digit = plain_label(str(index + 1), "caption-strong")
        head = QHBoxLayout()
        head.setSpacing(space(self, 1.5))
        head.addWidget(LevelShape(index, len(scale.levels)))
        head.addWidget(plain_label(level.label, "strong", wraps=True), 1)
        if index < 9:
            head.addWidget(self._digit)
        self._layout = layout = QVBoxLayout(self)
        layout.setContentsMargins(space(self, 2.5), space(self, 1.75), space(self, 2.5), space(self, 1.75))
        layout.setSpacing(space(self, 0.5))
        layout.addLayout(head)
        if descriptor:
            layout.addWidget(plain_label(descriptor, "body", wraps=True))
        for label in self.findChildren(QWidget):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_digit(self, is_shown: bool) -> None:
        """Whether the digit that sets the level is shown."""
        self._digit.setVisible(is_shown)

    def mark(self, is_marked: bool) -> None:
        """Show that the arrow keys stand here; nothing is chosen by it."""
        if is_marked != self.is_marked:
            self.is_marked = is_marked
            self.update()

    def hitButton(self, _position: object) -> bool:
        """The whole surface can be clicked."""
        return True

    def sizeHint(self) -> QSize:
        """What the words need."""
        return self._layout.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """What the words need at least."""
        return self._layout.minimumSize()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Light up under the pointer."""
        super().enterEvent(event)
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        """Be calm again."""
        super().leaveEvent(event)
        self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls the panel; it never rates."""
        event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """A quiet box; the chosen one stands out by fill, border and tick."""
        colours = colours_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill, line, width = colours.surface, colours.separator, 1.0
        if self.isChecked():
            fill, line, width = colours.accent_soft, colours.accent, 2.0
        elif self.underMouse() and self.isEnabled():
            fill, line = colours.hover, colours.outline
        radius = QFontMetricsF(self.font()).height() * 0.4
        box = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        painter.setPen(QPen(QColor(line), width))
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(box, radius, radius)
        if self.is_marked:
            painter.setPen(QPen(QColor(colours.focus), 2, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(3, 3, -3, -3), radius, radius)
        painter.end()


class LevelRow(QWidget):
    """All levels of one criterion, with one keyboard focus for the row.

    Digits set a level, 0 clears, the arrow keys move a mark and Space takes the level under it.
    """

    chosen = Signal(str)
    """The person chose the level with this code."""
    cleared = Signal()
    """The person takes the rating away."""
    feedback_wanted = Signal()
    """Enter: on to the text."""
    entered = Signal()
    """The row has the keyboard now."""

    def __init__(self, criterion: Criterion, scale: Scale, parent: QWidget | None = None) -> None:
        """Show a criterion's scale, nothing chosen."""
        super().__init__(parent)
        self._criterion, self._scale = criterion, scale
        self._is_read_only = False
        self._mark = -1
        self.digits_enabled = True
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.options = tuple(
            LevelOption(index, scale, criterion.descriptor(level.code), self)
            for index, level in enumerate(scale.levels)
        )
        self._column = layout = QVBoxLayout(self)
        layout.setContentsMargins(4, 4, 4, 4)
        layout.setSpacing(space(self, 1))
        for option in self.options:
            layout.addWidget(option)
            option.clicked.connect(self._clicked)
        self.show_level(None)

    def show_examples(self, anchors: Sequence[PracticeAnchor]) -> None:
        """Put passages of practice below the levels that they stand for."""
        for option, level in zip(self.options, self._scale.levels, strict=True):
            found = [anchor for anchor in anchors if anchor.level == level.code]
            if found:
                example = LevelExample(level.label, found, self)
                self._column.insertWidget(self._column.indexOf(option) + 1, example)

    def show_level(self, code: str | None) -> None:
        """Show which level is set; tells nobody."""
        label = self.tr("not rated")
        for option in self.options:
            option.setChecked(option.code == code)
            option.update()
            if option.code == code:
                label = option.accessibleName()
        self.setAccessibleName(
            self.tr("{criterion} Rating: {level}").format(criterion=self._criterion.text, level=label)
        )
        last = min(9, len(self.options))
        self.setAccessibleDescription(
            self.tr("Keys 1 to {last} set the level, 0 clears it, Enter goes to the feedback.").format(
                last=last
            )
        )

    def level(self) -> str | None:
        """The code shown as set."""
        return next((option.code for option in self.options if option.isChecked()), None)

    def set_read_only(self, is_read_only: bool) -> None:
        """Whether the level can be seen but not changed."""
        self._is_read_only = is_read_only
        for option in self.options:
            option.setEnabled(not is_read_only)
            option.show_digit(not is_read_only)
            option.setCursor(
                Qt.CursorShape.ArrowCursor if is_read_only else Qt.CursorShape.PointingHandCursor
            )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Digits, arrows, Space and Enter; everything else goes on."""
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if plain != Qt.KeyboardModifier.NoModifier or event.isAutoRepeat():
            super().keyPressEvent(event)
            return
        key, digit = event.key(), event.text()
        if digit and digit in "0123456789" and self.digits_enabled:
            self.take(int(digit))
        elif key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self._move_mark(1 if key == Qt.Key.Key_Down else -1)
        elif key == Qt.Key.Key_Space and self._mark >= 0:
            self.take(self._mark + 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.feedback_wanted.emit()
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel scrolls the panel; it never rates."""
        event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the ring."""
        super().focusInEvent(event)
        self.update()
        self.entered.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take the ring and the mark away."""
        super().focusOutEvent(event)
        self._set_mark(-1)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """The focus ring around the row."""
        if not self.hasFocus():
            return
        colours = colours_of(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(colours.focus), 2))
        radius = QFontMetricsF(self.font()).height() * 0.45
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius, radius)
        painter.end()

    @Slot()
    def _clicked(self) -> None:
        option = self.sender()
        if isinstance(option, LevelOption):
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self._choose(option.code)

    def take(self, digit: int) -> None:
        """Do what a digit does: set that level, counted from 1, or clear with 0."""
        if self._is_read_only:
            return
        if digit == 0:
            self.show_level(None)
            self.cleared.emit()
        elif digit <= len(self.options):
            self._choose(self.options[digit - 1].code)

    def _choose(self, code: str) -> None:
        self.show_level(code)
        # At once, before anything is saved or follows from it: the eye is on this row.
        self.repaint()
        self.chosen.emit(code)

    def _move_mark(self, step: int) -> None:
        shown = next((i for i, option in enumerate(self.options) if option.isChecked()), -1)
        start = self._mark if self._mark >= 0 else shown
        self._set_mark(min(max(0, start + step), len(self.options) - 1))

    def _set_mark(self, index: int) -> None:
        self._mark = index
        for number, option in enumerate(self.options):
            option.mark(number == index)
