"""The colours of marks in the bar: a row of swatches, or one button with a menu where room is short."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Slot
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from assessor_app.ui.annotate.drafts import COLOUR_KEYS, FIRST_COLOUR, fill_of
from assessor_app.ui.icons import icon_size
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.plain_text import set_plain_tooltip
from assessor_app.ui.theme import colours_of


def swatch(colour: str, widget: QWidget, *, is_on: bool) -> QIcon:
    """A disc in a colour of marks; the one in use wears a tick, not colour alone.

    Args:
        colour: name in the palette.
        widget: what wears it.
        is_on: whether it is the colour in use.
    """
    side, ratio = icon_size(widget, 0.95), widget.devicePixelRatioF()
    drawn = QPixmap(round(side * ratio), round(side * ratio))
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    fill = QColor(fill_of(colour))
    painter.setPen(QPen(QColor(colours_of(widget).outline), 1))
    painter.setBrush(fill)
    painter.drawEllipse(1, 1, side - 2, side - 2)
    if is_on:
        painter.setPen(QPen(QColor("black" if fill.lightnessF() > 0.36 else "white"), side / 9))
        tick = ((0.28, 0.52), (0.44, 0.68), (0.72, 0.34))
        painter.drawPolyline([QPointF(x * side, y * side) for x, y in tick])
    painter.end()
    return QIcon(drawn)


class ColourButton(QToolButton):
    """One colour.

    Args:
        colour: name in the palette.
        parent: Qt parent.
    """

    def __init__(self, colour: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._colour = colour
        self.setCheckable(True)
        self.toggled.connect(self._draw)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """As large as the text, at any size of it."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._draw()

    @Slot()
    def _draw(self) -> None:
        side = icon_size(self, 0.95)
        self.setIconSize(QSize(side, side))
        self.setIcon(swatch(self._colour, self, is_on=self.isChecked()))


class ColourMenuButton(QToolButton):
    """All colours behind one button that shows the one in use.

    Args:
        table: words and keys.
        run: runs the command of an id.
        parent: Qt parent.
    """

    def __init__(self, table: KeyTable, run: Callable[[str], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table, self._run = table, run
        self._colour = FIRST_COLOUR
        self.setObjectName("colour.menu")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        menu = QMenu(self)
        self._choices: list[QAction] = []
        for number in range(1, len(COLOUR_KEYS) + 1):
            choice = QAction(table.entry(f"colour.{number}").title, menu)
            choice.setCheckable(True)
            choice.setData(f"colour.{number}")
            choice.triggered.connect(self._take)
            self._choices.append(choice)
            menu.addAction(choice)
        self.setMenu(menu)
        self.show_colour(FIRST_COLOUR)

    def show_colour(self, colour: str) -> None:
        """Show which colour is in use."""
        self._colour = colour
        for choice, name in zip(self._choices, COLOUR_KEYS, strict=True):
            choice.setChecked(name == colour)
            if name == colour:
                title = self.tr("Colour of new marks: {colour}").format(colour=choice.text())
                self.setAccessibleName(title)
                set_plain_tooltip(self, title)
        self._draw()

    def changeEvent(self, event: QEvent) -> None:
        """As large as the text, at any size of it."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._draw()

    def _draw(self) -> None:
        side = icon_size(self, 0.95)
        self.setIconSize(QSize(side, side))
        self.setIcon(swatch(self._colour, self, is_on=True))
        for choice, name in zip(self._choices, COLOUR_KEYS, strict=True):
            choice.setIcon(swatch(name, self, is_on=name == self._colour))

    @Slot()
    def _take(self) -> None:
        sender = self.sender()
        if isinstance(sender, QAction):
            self._run(str(sender.data()))
            # What is in use follows what really happened.
            self.show_colour(self._colour)
