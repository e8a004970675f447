"""The grid of a sheet on screen: cells, marks on them, the rows that stay at the top."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPointF, QRect, QRectF, Qt, Signal, Slot
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFont,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPalette,
    QPen,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from assessor_app.documents.sheets import Area, Look, SheetGrid
from assessor_app.domain.annotations import AnnotationKind
from assessor_app.ui.annotate.clipboard import said_aloud
from assessor_app.ui.annotate.drafts import fill_of
from assessor_app.ui.theme import colours_of, luminance
from assessor_app.ui.viewers.sheet_model import (
    FILL_ROLE,
    HIT_ROLE,
    MARKS_ROLE,
    REMARK_ROLE,
    CellMark,
    Index,
    SheetModel,
    tinted,
)

ZOOMS = (50, 67, 75, 80, 90, 100, 110, 125, 150, 175, 200, 250, 300)
"""Steps of the text's size in per cent."""
_DEFAULT_CHARS, _MOST_CHARS, _PAD_CHARS = 10.0, 60.0, 2.0
_FREE_TEXT_CHARS = 18.0
"""So wide does a column become for its words alone; longer ones run over their neighbours."""
_BOLD_TIMES = 1.2
"""How much wider bold letters are, at most."""
_MOST_LINES = 8
_SPANS_MAX = 1_000
_FROZEN_MAX = 6
_LARGE_AREA_CELLS = 10_000
_ROWS_MEASURED = 2_000
"""So many rows get a height of their own; each costs the window a little."""
_HIGHLIGHT_SHARE, _LIGHT_SHARE = 0.45, 0.14
_HIT = QColor("#e69f00")
_LIGHT_GROUND = 0.18
"""Luminance above which black words stand out more than white ones."""


class SheetDelegate(QStyledItemDelegate):
    """Paints a cell with the marks on it."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        """Marks tint the ground of a cell; what was found does, too."""
        super().initStyleOption(option, index)
        surface = colours_of(option.widget).surface
        fill = index.data(FILL_ROLE)
        ground = QColor(fill) if fill else None
        if index.data(HIT_ROLE):
            ground = tinted((ground or QColor(surface)).name(), _HIT, _HIGHLIGHT_SHARE)
        for mark in index.data(MARKS_ROLE) or ():
            is_strong = mark.kind is AnnotationKind.HIGHLIGHT
            share = (_HIGHLIGHT_SHARE if is_strong else _LIGHT_SHARE) * mark.opacity
            ground = tinted((ground or QColor(surface)).name(), QColor(fill_of(mark.colour)), share)
        if ground is not None:
            option.backgroundBrush = QBrush(ground)
            if fill:
                words = "#000000" if luminance(ground.name()) > _LIGHT_GROUND else "#ffffff"
                option.palette.setColor(QPalette.ColorRole.Text, QColor(words))
        option.textElideMode = Qt.TextElideMode.ElideRight

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        """The cell, the edges of its marks, and a corner where there is a comment in the file."""
        super().paint(painter, option, index)
        cell = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for mark in index.data(MARKS_ROLE) or ():
            self._paint_edges(painter, cell, mark, index)
            self._paint_sign(painter, cell, mark, index)
        if index.data(REMARK_ROLE):
            size = min(8.0, cell.height() / 2)
            corner = [cell.topRight(), cell.topRight() - QPointF(size, 0), cell.topRight() + QPointF(0, size)]
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours_of(option.widget).accent))
            painter.drawPolygon(QPolygonF(corner))
        painter.restore()

    @staticmethod
    def _paint_edges(painter: QPainter, cell: QRectF, mark: CellMark, index: Index) -> None:
        """The mark's frame where the cell lies at its edge."""
        top, left, bottom, right = mark.area
        colour = QColor(fill_of(mark.colour))
        pen = QPen(colour, 3.0 if mark.is_selected else 1.5)
        painter.setPen(pen)
        inside = cell.adjusted(1, 1, -1, -1)
        if index.row() == top:
            painter.drawLine(inside.topLeft(), inside.topRight())
        if index.row() == bottom:
            painter.drawLine(inside.bottomLeft(), inside.bottomRight())
        if index.column() == left:
            painter.drawLine(inside.topLeft(), inside.bottomLeft())
        if index.column() == right:
            painter.drawLine(inside.topRight(), inside.bottomRight())

    @staticmethod
    def _paint_sign(painter: QPainter, cell: QRectF, mark: CellMark, index: Index) -> None:
        """The sign of a note or a question in the mark's last column, at the side where no words begin."""
        top, _left, _bottom, right = mark.area
        colour, inside = QColor(fill_of(mark.colour)), cell.adjusted(1, 1, -1, -1)
        signs = {AnnotationKind.NOTE: "•", AnnotationKind.QUESTION: "?"}
        if (index.row(), index.column()) == (top, right) and mark.kind in signs:
            side = min(inside.height() - 2, 14.0)
            aligned = Qt.AlignmentFlag(index.data(Qt.ItemDataRole.TextAlignmentRole) or 0)
            is_right = bool(aligned & Qt.AlignmentFlag.AlignRight)
            x = inside.left() + 1 if is_right else inside.right() - side - 1
            badge = QRectF(x, inside.top() + 1, side, side)
            painter.setBrush(colour)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawRoundedRect(badge, 3, 3)
            font = QFont(painter.font())
            font.setPixelSize(max(6, round(side * 0.8)))
            font.setBold(True)
            painter.setFont(font)
            painter.setPen(QColor("#000000" if colour.lightness() > 110 else "#ffffff"))
            painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, signs[mark.kind])


class SheetTable(QTableView):
    """Shows a sheet, to be read, selected, copied and marked.

    Args:
        model: the cells.
        parent: Qt parent.
    """

    area_changed = Signal()
    """Other cells are selected, or another one is the current one."""
    cell_clicked = Signal(int, int)
    """Row and column of a cell that was clicked without dragging."""
    moved = Signal()
    """The sheet was scrolled or resized: what floats above it must follow."""

    def __init__(self, model: SheetModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._cells = model
        self._percent = 100
        self._lines: dict[int, int] = {}
        self.setModel(model)
        _dress(self)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setAccessibleName(self.tr("Sheet"))
        self.setTabKeyNavigation(False)
        self.frozen = QTableView(self)
        self.frozen.setModel(model)
        _dress(self.frozen)
        self.frozen.setSelectionModel(self.selectionModel())
        self.frozen.setProperty("plain", "true")
        self.frozen.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.frozen.horizontalHeader().hide()
        self.frozen.verticalHeader().hide()
        self.frozen.setFrameShape(QFrame.Shape.NoFrame)
        self.frozen.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.frozen.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # It shares the cells that are selected, and must not follow them.
        self.frozen.setAutoScroll(False)
        self.frozen.hide()
        self.horizontalScrollBar().valueChanged.connect(self.frozen.horizontalScrollBar().setValue)
        self.horizontalHeader().sectionResized.connect(self._column_resized)
        for bar in (self.horizontalScrollBar(), self.verticalScrollBar()):
            bar.valueChanged.connect(self.moved)
        self.selectionModel().selectionChanged.connect(self.area_changed)
        self.selectionModel().currentChanged.connect(self.area_changed)

    # ---- what is shown ----

    def show_grid(self, grid: SheetGrid, lines: dict[int, int], overflows: tuple[Area, ...] = ()) -> None:
        """Show another sheet.

        Args:
            grid: its cells.
            lines: rows that need more than one line, and how many.
            overflows: areas over which long words run.
        """
        for table in (self, self.frozen):
            table.clearSpans()
        self._cells.set_grid(grid)
        self._lines = lines
        for top, left, bottom, right in (*grid.merged[:_SPANS_MAX], *overflows):
            self.setSpan(top, left, bottom - top + 1, right - left + 1)
            if top < min(grid.frozen_rows, _FROZEN_MAX):
                self.frozen.setSpan(top, left, bottom - top + 1, right - left + 1)
        self._measure()
        self.setCurrentIndex(self._cells.index(0, 0))
        self.scrollToTop()

    @property
    def percent(self) -> int:
        """Size of the text in per cent of the window's."""
        return self._percent

    def set_percent(self, percent: int) -> None:
        """Show the text larger or smaller; columns and rows follow."""
        self._percent = max(ZOOMS[0], min(ZOOMS[-1], percent))
        size = QGuiApplication.font()
        font = QFont(size)
        if size.pointSizeF() > 0:
            font.setPointSizeF(size.pointSizeF() * self._percent / 100)
        else:
            font.setPixelSize(max(1, round(size.pixelSize() * self._percent / 100)))
        for table in (self, self.frozen):
            table.setFont(font)
            table.horizontalHeader().setFont(font)
            table.verticalHeader().setFont(font)
        self._measure()

    def zoom_step(self, direction: int) -> None:
        """The next larger (1) or smaller (-1) text."""
        steps = [z for z in ZOOMS if (z > self._percent if direction > 0 else z < self._percent)]
        if steps:
            self.set_percent(steps[0] if direction > 0 else steps[-1])

    # ---- cells ----

    def area(self) -> Area | None:
        """The cells that are selected; None where there are none."""
        selection = self.selectionModel().selection()
        ranges = [selection.at(number) for number in range(selection.count())]
        if not ranges:
            return None
        return (
            min(part.top() for part in ranges),
            min(part.left() for part in ranges),
            max(part.bottom() for part in ranges),
            max(part.right() for part in ranges),
        )

    def select_area(self, area: Area) -> None:
        """Select cells and bring them into view; what lies beyond the sheet is left out."""
        rows, columns = self._cells.grid.rows - 1, self._cells.grid.columns - 1
        top, left, bottom, right = area
        first = self._cells.index(min(top, rows), min(left, columns))
        last = self._cells.index(min(bottom, rows), min(right, columns))
        self.selectionModel().setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)
        self.selectionModel().select(
            QItemSelection(first, last), QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
        self.scrollTo(last)
        self.scrollTo(first)

    def rect_of(self, area: Area) -> QRect:
        """Where cells are in the viewport, in pixels; may lie outside of it."""
        first = self.visualRect(self._cells.index(area[0], area[1]))
        return first.united(self.visualRect(self._cells.index(area[2], area[3])))

    def copy(self) -> None:
        """Put the selected cells on the clipboard, as text with tabs between columns."""
        area = self.area()
        if area is not None:
            QGuiApplication.clipboard().setText(said_aloud(self._cells.text_of(area)))

    # ---- events ----

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Copy, and the usual ways through cells."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on one cell is told, so that a mark on it is selected."""
        super().mouseReleaseEvent(event)
        index, area = self.indexAt(event.position().toPoint()), self.area()
        is_one = area is not None and (area[0], area[1]) == (index.row(), index.column())
        if event.button() is Qt.MouseButton.LeftButton and index.isValid() and is_one:
            self.cell_clicked.emit(index.row(), index.column())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The rows that stay keep their place."""
        super().resizeEvent(event)
        self._place_frozen()
        self.moved.emit()

    # ---- inside ----

    def _measure(self) -> None:
        """Columns as wide as the file says, rows as high as their lines."""
        grid, metrics = self._cells.grid, self.fontMetrics()
        char, line = metrics.averageCharWidth(), metrics.height()
        pad = round(char * _PAD_CHARS)
        for table in (self, self.frozen):
            table.verticalHeader().setDefaultSectionSize(round(line * 1.5))
            table.horizontalHeader().setDefaultSectionSize(round(char * _DEFAULT_CHARS) + pad)
            for column in range(grid.columns):
                chars = grid.widths.get(column, _DEFAULT_CHARS)
                table.setColumnHidden(column, chars == 0.0)
                table.setColumnWidth(column, round(char * min(chars, _MOST_CHARS)) + pad)
        for row, lines in self._lines.items():
            height = round(line * (min(lines, _MOST_LINES) + 0.5))
            self.setRowHeight(row, height)
            if row < _FROZEN_MAX:
                self.frozen.setRowHeight(row, height)
        for row in sorted(grid.hidden_rows)[:_ROWS_MEASURED]:
            if row < grid.rows:
                self.setRowHidden(row, True)
        self._place_frozen()

    def _place_frozen(self) -> None:
        grid = self._cells.grid
        count = min(grid.frozen_rows, _FROZEN_MAX, grid.rows)
        height = sum(self.rowHeight(row) for row in range(count))
        is_shown = 0 < count < grid.rows and height < self.viewport().height() // 2
        self.frozen.setVisible(is_shown)
        if is_shown:
            corner = self.viewport().geometry().topLeft()
            self.frozen.setGeometry(corner.x(), corner.y(), self.viewport().width(), height)
            self.frozen.verticalScrollBar().setValue(0)
            self.frozen.raise_()

    @Slot(int, int, int)
    def _column_resized(self, column: int, _before: int, width: int) -> None:
        self.frozen.setColumnWidth(column, width)


def lines_of(grid: SheetGrid) -> dict[int, int]:
    """Rows whose cells need more than one line, by the width of their columns; for a lane."""
    found: dict[int, int] = {}
    for (row, column), cell in grid.cells.items():
        lines = cell.text.count("\n") + 1
        if Look.WRAPS in cell.look:
            width = max(4.0, min(grid.widths.get(column, _DEFAULT_CHARS), _MOST_CHARS))
            lines = sum(max(1, -(-len(line) // round(width))) for line in cell.text.split("\n"))
        if lines > found.get(row, 1) and (row in found or len(found) < _ROWS_MEASURED):
            found[row] = lines
    return found


def fitted(grid: SheetGrid) -> SheetGrid:
    """The same sheet with columns wide enough for their numbers and dates, which must never be cut.

    The window's letters are wider than those that the file was laid out with. A column that the file gives
    no width takes that of its words, too, within reason; for a lane.
    """
    widths = dict(grid.widths)
    for (_, column), cell in grid.cells.items():
        is_free = column not in grid.widths
        if grid.widths.get(column) == 0.0 or not (Look.RIGHT in cell.look or is_free):
            continue
        most = _MOST_CHARS if Look.RIGHT in cell.look else _FREE_TEXT_CHARS
        needed = min(float(max(map(len, said_aloud(cell.text).split("\n")))) + 1.0, most)
        widths[column] = max(widths.get(column, _DEFAULT_CHARS), needed)
    return replace(grid, widths=widths)


def overflows_of(grid: SheetGrid) -> tuple[Area, ...]:
    """Areas over which long words run where the cells beside them are empty; for a lane."""
    merged = {(row, column) for area in grid.merged for row, column in _cells_of(area)}
    taken: set[tuple[int, int]] = set()
    found: list[Area] = []
    for (row, column), cell in sorted(grid.cells.items()):
        is_plain = not cell.look & (Look.RIGHT | Look.CENTRE | Look.WRAPS) and "\n" not in cell.text
        if not is_plain or len(found) >= _SPANS_MAX or (row, column) in merged:
            continue
        last, room = column, _chars_of(grid, column)
        needed = len(cell.text) * (_BOLD_TIMES if Look.BOLD in cell.look else 1.0)
        while room < needed and last + 1 < grid.columns:
            beside = (row, last + 1)
            if beside in grid.cells or beside in merged or beside in taken:
                break
            last += 1
            room += _chars_of(grid, last) + _PAD_CHARS
        if last > column:
            found.append((row, column, row, last))
            taken.update(_cells_of(found[-1]))
    return tuple(found)


def _chars_of(grid: SheetGrid, column: int) -> float:
    return min(grid.widths.get(column, _DEFAULT_CHARS), _MOST_CHARS)


def _cells_of(area: Area) -> list[tuple[int, int]]:
    top, left, bottom, right = area
    if (bottom - top + 1) * (right - left + 1) > _LARGE_AREA_CELLS:
        return [(top, left)]
    return [(row, column) for row in range(top, bottom + 1) for column in range(left, right + 1)]


def _dress(table: QTableView) -> None:
    table.setItemDelegate(SheetDelegate(table))
    table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setWordWrap(True)
    table.setCornerButtonEnabled(False)
    # A frame of their own would set the headers off from the cells that they name.
    for header in (table.horizontalHeader(), table.verticalHeader()):
        header.setProperty("plain", "true")
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
