"""The shapes of levels: a rung of a scale is told by number, word and shape, never by colour alone."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from assessor_app.ui.theme import colours_of, level_look

_STAR = ((0.5, 0.0), (0.62, 0.36), (1.0, 0.38), (0.7, 0.62), (0.81, 1.0), (0.5, 0.78), (0.19, 1.0),
         (0.3, 0.62), (0.0, 0.38), (0.38, 0.36))  # fmt: skip
_DIAMOND = ((0.5, 0.0), (1.0, 0.5), (0.5, 1.0), (0.0, 0.5))


def paint_shape(painter: QPainter, box: QRectF, shape: str, fill: str, line: str) -> None:
    """Draw a level's shape.

    Args:
        painter: with antialiasing on.
        box: a square.
        shape: one of `theme.LEVEL_SHAPES`.
        fill: #rrggbb inside.
        line: #rrggbb of the outline.
    """
    painter.setPen(QPen(QColor(line), max(1.2, box.width() * 0.09)))
    painter.setBrush(QColor(fill))
    if shape == "square":
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 2, 2)
    elif shape in ("star", "diamond"):
        points = _STAR if shape == "star" else _DIAMOND
        spots = [QPointF(box.left() + x * box.width(), box.top() + y * box.height()) for x, y in points]
        painter.drawPolygon(QPolygonF(spots))
    elif shape == "half":
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(box)
        painter.setBrush(QColor(line))
        painter.drawChord(box, 180 * 16, 180 * 16)
    else:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawEllipse(box)


class LevelShape(QWidget):
    """The shape of one level, beside its word."""

    def __init__(self, index: int, levels: int, parent: QWidget | None = None) -> None:
        """Draw level `index` (0 is the lowest) of `levels`."""
        super().__init__(parent)
        self._index, self._levels = index, levels
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def set_level(self, index: int, levels: int) -> None:
        """Draw another level."""
        self._index, self._levels = index, levels
        self.update()

    def sizeHint(self) -> QSize:
        """A little smaller than a line of text is high."""
        side = round(self.fontMetrics().height() * 0.9)
        return QSize(side, side)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the shape."""
        colours = colours_of(self)
        look = level_look(self._index, self._levels, colours)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5)
        side = min(box.width(), box.height())
        box = QRectF(box.left(), box.center().y() - side / 2, side, side)
        paint_shape(painter, box, look.shape, look.fill, colours.accent)
        painter.end()
