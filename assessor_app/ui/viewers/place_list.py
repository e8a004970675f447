"""A list of places in what is read: where, and some words of it. A click or Return goes there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QResizeEvent,
    QTextCharFormat,
    QTextLayout,
    QTextOption,
)
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from assessor_app.ui.plain_text import one_line
from assessor_app.ui.theme import colours_of, space

_Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_ENDLESS_PX = 1e5
_CAPTION = 0.9
"""Size of the line above the words, as a share of the text's."""


@dataclass(frozen=True, slots=True)
class PlaceRow:
    """One place."""

    caption: str
    """Where it is, such as "Page 12"; stands above the words."""
    text: str
    """Words of the place; a stranger's, so any."""
    place: Any = None
    """What the list hands out when the row is chosen; None for a row that leads nowhere."""
    bold: tuple[int, int] = (0, 0)
    """Code points of `text` that are set in bold, from and up to."""


class PlaceModel(QAbstractListModel):
    """The rows, as they come."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[PlaceRow] = []

    def replace(self, rows: Sequence[PlaceRow]) -> None:
        """Other rows."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def insert(self, at: int, rows: Sequence[PlaceRow]) -> None:
        """Put more rows before the one at `at`."""
        if rows:
            self.beginInsertRows(_NO_PARENT, at, at + len(rows) - 1)
            self.rows[at:at] = rows
            self.endInsertRows()

    def rowCount(self, parent: _Index = _NO_PARENT) -> int:
        """How many places."""
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """The words; for a screen reader with their place before them."""
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return one_line(row.text)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ": ".join(part for part in (row.caption, one_line(row.text)) if part)
        return None


class _Delegate(QStyledItemDelegate):
    """Paints where, and below it the words in a fixed number of lines."""

    def __init__(self, lines: int, parent: QWidget) -> None:
        super().__init__(parent)
        self._lines = lines

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        """As high as its words need; where all rows are the same, as high as the highest may be."""
        view, model = self.parent(), index.model()
        assert isinstance(view, PlaceList)
        assert isinstance(model, PlaceModel)
        line, lines = option.fontMetrics.height(), self._lines
        if not view.uniformItemSizes():
            width = view.viewport().width() - 2 * space(view, 1)
            text = one_line(model.rows[index.row()].text)
            lines = _laid_out(text, width, option.font, lines, (0, 0))[0].lineCount()
        return QSize(10, round(line * (_CAPTION + lines) + line * 0.75))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        """Caption, words, and which row is current."""
        model, view = index.model(), self.parent()
        assert isinstance(model, PlaceModel)
        assert isinstance(view, QWidget)
        row, colours = model.rows[index.row()], colours_of(view)
        painter.save()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(colours.selected))
        elif option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, QColor(colours.hover))
        line, edge = option.fontMetrics.height(), space(view, 1)
        area = QRectF(option.rect).adjusted(edge, line * 0.3, -edge, 0)
        caption_font = QFont(option.font)
        caption_font.setPointSizeF(option.font.pointSizeF() * _CAPTION)
        painter.setFont(caption_font)
        painter.setPen(QColor(colours.quiet))
        caption = painter.fontMetrics().elidedText(
            row.caption, Qt.TextElideMode.ElideRight, int(area.width())
        )
        painter.drawText(area, int(Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextSingleLine), caption)
        painter.setPen(QColor(colours.text))
        top = area.topLeft() + QPointF(0, painter.fontMetrics().height() * 1.1)
        draw_lines(painter, top, area.width(), one_line(row.text), option.font, self._lines, row.bold)
        painter.setPen(QColor(colours.separator))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        painter.restore()


def draw_lines(
    painter: QPainter, at: QPointF, width: float, text: str, font: QFont, lines: int, bold: tuple[int, int]
) -> None:
    """Draw words in at most `lines` lines; what is cut off ends in an ellipsis.

    Args:
        painter: with pen.
        at: top left.
        width: room in pixels.
        text: one line.
        font: its font.
        lines: how many at most.
        bold: code points set in bold.
    """
    layout, cut_at = _laid_out(text, width, font, lines, bold)
    if cut_at is not None:
        units = text.encode("utf-16-le")
        rest = units[2 * cut_at :].decode("utf-16-le", "replace")
        shown = QFontMetricsF(font).elidedText(rest, Qt.TextElideMode.ElideRight, width)
        kept = units[: 2 * cut_at].decode("utf-16-le", "replace")
        layout, _ = _laid_out(kept + shown, width, font, lines, bold, is_cut_to_fit=True)
    layout.draw(painter, at)


def _laid_out(
    text: str,
    width: float,
    font: QFont,
    lines: int,
    bold: tuple[int, int],
    *,
    is_cut_to_fit: bool = False,
) -> tuple[QTextLayout, int | None]:
    """Words in lines, and where the last line begins, in UTF-16 units, if it has more than fits."""
    layout = QTextLayout(text, font)
    layout.setTextOption(QTextOption(Qt.AlignmentFlag.AlignLeft))
    if bold[1] > bold[0]:
        layout.setFormats([_bold_range(text, bold)])
    layout.beginLayout()
    top, end, start = 0.0, 0, 0
    for number in range(lines):
        line = layout.createLine()
        if not line.isValid():
            break
        # Words that were cut to fit never break once more: bold ones are a little wider than measured.
        is_last = is_cut_to_fit and number == lines - 1
        line.setLineWidth(_ENDLESS_PX if is_last else width)
        line.setPosition(QPointF(0, top))
        top += line.height()
        start, end = line.textStart(), line.textStart() + line.textLength()
    layout.endLayout()
    return layout, start if end < len(text.encode("utf-16-le")) // 2 else None


def _bold_range(text: str, bold: tuple[int, int]) -> QTextLayout.FormatRange:
    """A range for the layout, which counts UTF-16 units."""
    found = QTextLayout.FormatRange()
    before, inside = text[: bold[0]], text[bold[0] : bold[1]]
    found.start = len(before.encode("utf-16-le")) // 2
    found.length = len(inside.encode("utf-16-le")) // 2
    look = QTextCharFormat()
    look.setFontWeight(QFont.Weight.Bold)
    found.format = look
    return found


class PlaceList(QListView):
    """Shows places; a click, Return or Enter chooses one.

    Args:
        name: what a screen reader calls it.
        parent: Qt parent.
        lines: most lines of words in a row.
        is_uniform: every row has room for so many lines, so that ten thousand rows cost nothing.
    """

    chosen = Signal(object)
    """`PlaceRow.place` of the row that the person wants to go to."""

    def __init__(
        self, name: str, parent: QWidget | None = None, *, lines: int = 2, is_uniform: bool = True
    ) -> None:
        super().__init__(parent)
        self.places = PlaceModel(self)
        self.setModel(self.places)
        self.setItemDelegate(_Delegate(lines, self))
        self.setAccessibleName(name)
        self.setUniformItemSizes(is_uniform)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.clicked.connect(self._choose)

    def show_current(self, row: int) -> None:
        """Make a row the current one and bring it into view, without going there; -1 for none."""
        index = self.places.index(row, 0) if 0 <= row < self.places.rowCount() else QModelIndex()
        self.setCurrentIndex(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return and Enter go to the place; the rest moves."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._choose(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Narrower rows may be higher."""
        super().resizeEvent(event)
        if not self.uniformItemSizes() and event.size().width() != event.oldSize().width():
            self.scheduleDelayedItemsLayout()

    def changeEvent(self, event: QEvent) -> None:
        """Rows grow with the text."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.scheduleDelayedItemsLayout()

    @Slot(QModelIndex)
    def _choose(self, index: QModelIndex) -> None:
        place = self.places.rows[index.row()].place
        if place is not None:
            self.chosen.emit(place)
