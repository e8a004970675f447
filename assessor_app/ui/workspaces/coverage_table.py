"""The table of the coverage page: headings that stay while it scrolls, cells that are read in words."""

from __future__ import annotations

from typing import cast

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from assessor_app.ui.chips import paint_chips
from assessor_app.ui.fitted_text import paint_lines
from assessor_app.ui.icons import painted
from assessor_app.ui.plain_text import one_line
from assessor_app.ui.theme import colours_of, scaled_font
from assessor_app.ui.workspaces.coverage_model import CELL_ROLE, CoverageCell, CoverageModel

Index = QModelIndex | QPersistentModelIndex
_ROW_HEADER_CHARS = 38
_COLUMN_CHARS = 15
_ROW_LINES = 4.0
_HEADER_LINES = 4.2


class _CellPainter(QStyledItemDelegate):
    """A count in a soft box; a ring where a link would be expected; otherwise the cell is empty."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """Paint one cell."""
        view = cast("CoverageTable", self.parent())
        cell = cast("CoverageCell", index.data(CELL_ROLE))
        colours = colours_of(view)
        box = QRectF(option.rect)
        line = QFontMetricsF(view.font()).height()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(box, QColor(colours.raised if cell.is_asked else colours.surface))
        if option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(box, QColor(colours.hover))
        if cell.marks:
            text = str(len(cell.marks))
            font = scaled_font(100, QFont.Weight.DemiBold)
            width = max(line * 1.7, QFontMetricsF(font).horizontalAdvance(text) + line)
            middle = box.center()
            chip = QRectF(middle.x() - width / 2, middle.y() - line * 0.85, width, line * 1.7)
            painter.setPen(QColor(colours.accent))
            painter.setBrush(QColor(colours.accent_soft))
            painter.drawRoundedRect(chip, line * 0.4, line * 0.4)
            painter.setFont(font)
            painter.setPen(QColor(colours.text))
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
        elif cell.is_asked:
            painter.setPen(QPen(QColor(colours.outline), 1.2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(box.center(), line * 0.28, line * 0.28)
        painter.setPen(QColor(colours.separator))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.drawLine(box.topRight(), box.bottomRight())
        if view.currentIndex() == index:
            is_here = view.hasFocus()
            painter.setPen(QPen(QColor(colours.focus if is_here else colours.outline), 2 if is_here else 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(2, 2, -3, -3), line * 0.3, line * 0.3)
        painter.restore()


class _Header(QHeaderView):
    """What both headings share."""

    def __init__(self, orientation: Qt.Orientation, table: CoverageTable) -> None:
        super().__init__(orientation, table)
        self.table = table
        # Without a frame of its own it lies exactly beside the cells.
        self.setStyleSheet("QHeaderView { border: none; margin: 0; padding: 0; }")
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)

    def paintSection(self, painter: QPainter, rect: QRect, section: int) -> None:
        """Paint one heading."""
        colours = colours_of(self)
        box = QRectF(rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(box, QColor(colours.surface))
        painter.setPen(QColor(colours.separator))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        painter.drawLine(box.topRight(), box.bottomRight())
        line = QFontMetricsF(self.table.font()).height()
        self.paint_words(painter, box.adjusted(line * 0.5, line * 0.35, -line * 0.5, -line * 0.35), section)
        painter.restore()

    def paint_words(self, painter: QPainter, box: QRectF, section: int) -> None:
        """Paint what a heading says."""

    def note(self, painter: QPainter, box: QRectF, icon: str, text: str, tone: str) -> None:
        """Paint an icon and a line of words at the foot of a heading."""
        colours, line = colours_of(self), QFontMetricsF(self.table.font()).height()
        foot = QRectF(box.left(), box.bottom() - line, box.width(), line)
        left = foot.left()
        if icon:
            painted(painter, icon, getattr(colours, tone), QRectF(left, foot.top(), line, line))
            left += line * 1.25
        font = scaled_font(90)
        painter.setFont(font)
        painter.setPen(QColor(getattr(colours, tone)))
        room = foot.right() - left
        fitted = QFontMetricsF(font).elidedText(text, Qt.TextElideMode.ElideRight, room)
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRectF(left, foot.top(), room, line), align, fitted)


class _Criteria(_Header):
    """The criteria at the left: number, words, how much evidence."""

    def paint_words(self, painter: QPainter, box: QRectF, section: int) -> None:
        """Number, text, and the count of links or that there are none."""
        row = self.table.coverage.rows[section]
        colours, line = colours_of(self), QFontMetricsF(self.table.font()).height()
        widest = str(len(self.table.coverage.rows))
        width = max(line * 1.2, QFontMetricsF(self.table.font()).horizontalAdvance(widest) + line * 0.7)
        edge = QPointF(box.left() + width, box.top() + line * 0.6)
        paint_chips(painter, edge, (str(row.number),), colours)
        words = box.adjusted(width + line * 0.5, 0, 0, 0)
        painter.setPen(QColor(colours.text))
        paint_lines(painter, words, one_line(row.criterion.text), scaled_font(100), 2)
        icon, tone = ("", "quiet") if row.links else ("triangle-alert", "warning")
        self.note(painter, words, icon, self.table.coverage.links_words(row), tone)


class _Pieces(_Header):
    """The pieces of evidence above: kind, name, what was read."""

    def paint_words(self, painter: QPainter, box: QRectF, section: int) -> None:
        """Icon and name; below it what was read, or that it was not opened yet."""
        entry = self.table.coverage.entries[section]
        colours, line = colours_of(self), QFontMetricsF(self.table.font()).height()
        painted(painter, entry.icon, colours.quiet, QRectF(box.left(), box.top(), line, line))
        words = QRectF(box.left() + line * 1.3, box.top(), box.width() - line * 1.3, box.height())
        font = scaled_font(100, QFont.Weight.Normal if entry.is_opened else QFont.Weight.DemiBold)
        painter.setPen(QColor(colours.text))
        paint_lines(painter, words, entry.title, font, 2)
        if entry.is_opened:
            self.note(painter, box, "", entry.read, "quiet")
        else:
            self.note(painter, box, "eye-off", self.tr("not opened yet"), "warning")


class CoverageTable(QTableView):
    """Criteria by evidence; arrow keys go from cell to cell, Return goes to what a cell says."""

    cell_wanted = Signal(object)
    """CoverageCell: go there."""
    criterion_wanted = Signal(str)
    """Id of a criterion whose heading was clicked."""
    piece_wanted = Signal(str)
    """Key of a piece whose heading was clicked."""
    cell_reached = Signal(object)
    """CoverageCell that the keyboard or pointer went to."""

    def __init__(self, model: CoverageModel, parent: QWidget | None = None) -> None:
        """Show a model."""
        super().__init__(parent)
        self.coverage = model
        self.setModel(model)
        self.setAccessibleName(self.tr("Criteria and evidence"))
        self.setItemDelegate(_CellPainter(self))
        self.setShowGrid(False)
        self.setStyleSheet("QTableCornerButton::section { background: palette(base); border: none; }")
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        for mode in (self.setHorizontalScrollMode, self.setVerticalScrollMode):
            mode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalHeader(_Criteria(Qt.Orientation.Vertical, self))
        self.setHorizontalHeader(_Pieces(Qt.Orientation.Horizontal, self))
        self.verticalHeader().sectionClicked.connect(self._criterion_clicked)
        self.horizontalHeader().sectionClicked.connect(self._piece_clicked)
        self.clicked.connect(self._go)
        self.fit()

    def fit(self) -> None:
        """Make rows, columns and headings as large as the text asks for."""
        metrics = QFontMetricsF(self.font())
        line, char = metrics.height(), metrics.averageCharWidth()
        rows, columns = self.verticalHeader(), self.horizontalHeader()
        wanted = round(char * _ROW_HEADER_CHARS + line * 2)
        rows.setFixedWidth(min(wanted, max(round(char * 22), self.width() * 2 // 5)))
        rows.setDefaultSectionSize(round(line * _ROW_LINES))
        columns.setFixedHeight(round(line * _HEADER_LINES))
        columns.setDefaultSectionSize(round(char * _COLUMN_CHARS + line * 2))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The headings give way where there is little room."""
        super().resizeEvent(event)
        self.fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the person's text size."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange) and hasattr(self, "coverage"):
            self.fit()

    def sizeHint(self) -> QSize:
        """As large as there is room."""
        return QSize(800, 600)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return and Space go to the current cell's evidence."""
        is_go = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)
        if is_go and event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.KeypadModifier,
        ):
            self._go(self.currentIndex())
            return
        super().keyPressEvent(event)

    def currentChanged(self, current: Index, previous: Index) -> None:
        """Tell where the keyboard is."""
        super().currentChanged(current, previous)
        if current.isValid():
            self.cell_reached.emit(self.coverage.cell(current.row(), current.column()))

    @Slot(QModelIndex)
    def _go(self, index: Index) -> None:
        if index.isValid():
            self.cell_wanted.emit(self.coverage.cell(index.row(), index.column()))

    @Slot(int)
    def _criterion_clicked(self, section: int) -> None:
        self.criterion_wanted.emit(str(self.coverage.rows[section].criterion.id))

    @Slot(int)
    def _piece_clicked(self, section: int) -> None:
        self.piece_wanted.emit(self.coverage.entries[section].key)
