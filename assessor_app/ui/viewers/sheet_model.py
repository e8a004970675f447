"""The cells of one sheet as a table, with the marks on them, the learner's comments and what was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont

from assessor_app.documents.sheets import Area, Cell, Look, SheetGrid, area_name, column_name
from assessor_app.domain.annotations import AnnotationKind
from assessor_app.ui.annotate.clipboard import said_aloud
from assessor_app.ui.plain_text import INVISIBLE, LINE_CHARS, plain_tip

Index = QModelIndex | QPersistentModelIndex
MARKS_ROLE = Qt.ItemDataRole.UserRole + 1
"""CellMark sequence of a cell, for the painter."""
REMARK_ROLE = Qt.ItemDataRole.UserRole + 2
"""Whether the learner, or a colleague of hers, left a comment on the cell."""
HIT_ROLE = Qt.ItemDataRole.UserRole + 3
"""Whether the words looked for stand in the cell."""
FILL_ROLE = Qt.ItemDataRole.UserRole + 4
"""The ground that the learner gave a cell, as "#rrggbb"; None for none."""
_EMPTY = Cell("")
COPIED_CELLS = 200_000
"""Most cells that are copied at once."""
_SHORT_CHARS = 8
"""What is no longer fits into any column."""


@dataclass(frozen=True, slots=True)
class CellMark:
    """A mark on an area of the sheet that is shown."""

    id: str
    """Empty for one that is not saved yet."""
    kind: AnnotationKind
    colour: str
    area: Area
    opacity: float = 1.0
    is_selected: bool = False

    def covers(self, row: int, column: int) -> bool:
        """Whether it lies on a cell."""
        top, left, bottom, right = self.area
        return top <= row <= bottom and left <= column <= right


class SheetModel(QAbstractTableModel):
    """One sheet; never more than the child sent and the check let through.

    Args:
        parent: Qt parent.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._grid = SheetGrid(rows=1, columns=1, cells={})
        self._marks: tuple[CellMark, ...] = ()
        self._remarked: Mapping[tuple[int, int], str] = {}
        self._hits: frozenset[tuple[int, int]] = frozenset()

    @property
    def grid(self) -> SheetGrid:
        """The sheet that is shown."""
        return self._grid

    def set_grid(self, grid: SheetGrid) -> None:
        """Show another sheet."""
        self.beginResetModel()
        self._grid, self._marks, self._remarked, self._hits = grid, (), {}, frozenset()
        self.endResetModel()

    def set_marks(self, marks: Sequence[CellMark]) -> None:
        """Show other marks."""
        self._marks = tuple(marks)
        self._repaint()

    def set_remarks(self, remarks: Mapping[tuple[int, int], str]) -> None:
        """Show that there are comments in the file, by row and column."""
        self._remarked = remarks
        self._repaint()

    def set_hits(self, hits: frozenset[tuple[int, int]]) -> None:
        """Show where the words looked for stand."""
        self._hits = hits
        self._repaint()

    def cell(self, row: int, column: int) -> Cell:
        """What a cell shows."""
        return self._grid.cells.get((row, column), _EMPTY)

    def remark(self, row: int, column: int) -> str:
        """The comment on a cell; empty for none."""
        return self._remarked.get((row, column), "")

    def marks_at(self, row: int, column: int) -> tuple[CellMark, ...]:
        """The marks on a cell, in the order in which they were made."""
        return tuple(mark for mark in self._marks if mark.covers(row, column))

    def text_of(self, area: Area, most_cells: int = COPIED_CELLS) -> str:
        """The cells of an area as they are shown, tabs between columns and a line for each row.

        Args:
            area: the cells.
            most_cells: rows beyond so many cells are left out.
        """
        top, left, bottom, right = area
        bottom = min(bottom, top + max(1, most_cells // (right - left + 1)) - 1)
        return "\n".join(
            "\t".join(self.cell(row, column).text for column in range(left, right + 1))
            for row in range(top, bottom + 1)
            if row not in self._grid.hidden_rows
        )

    def look_for(self, query: str) -> list[tuple[int, int]]:
        """The cells whose text or formula holds some words, row by row; case makes no difference."""
        words = query.casefold().strip()
        if not words:
            return []
        return sorted(
            place
            for place, cell in self._grid.cells.items()
            if words in cell.text.casefold() or words in cell.formula.casefold()
        )

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Rows up to the last that is filled."""
        return 0 if parent.isValid() else self._grid.rows

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Columns up to the last that is filled."""
        return 0 if parent.isValid() else self._grid.columns

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Text, look and marks of a cell."""
        if not index.isValid():
            return None
        row, column = index.row(), index.column()
        cell = self.cell(row, column)
        if role == Qt.ItemDataRole.DisplayRole:
            return said_aloud(cell.text)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if Look.RIGHT in cell.look else Qt.AlignmentFlag.AlignLeft
            if Look.CENTRE in cell.look:
                side = Qt.AlignmentFlag.AlignHCenter
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.FontRole and cell.look & (Look.BOLD | Look.ITALIC):
            font = QFont()
            font.setBold(Look.BOLD in cell.look)
            font.setItalic(Look.ITALIC in cell.look)
            return font
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._told(row, column, cell)
        if role == Qt.ItemDataRole.ToolTipRole and len(cell.text) > _SHORT_CHARS:
            return plain_tip(cell.text[:LINE_CHARS].translate(INVISIBLE))
        if role == FILL_ROLE:
            return f"#{cell.fill}" if cell.fill else None
        if role == MARKS_ROLE:
            return self.marks_at(row, column)
        if role == REMARK_ROLE:
            return (row, column) in self._remarked
        if role == HIT_ROLE:
            return (row, column) in self._hits
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        """Letters above, numbers at the side, as people name cells."""
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        return column_name(section) if orientation is Qt.Orientation.Horizontal else str(section + 1)

    def _told(self, row: int, column: int, cell: Cell) -> str:
        """A cell for a screen reader."""
        parts = [area_name((row, column, row, column)), said_aloud(cell.text) or self.tr("empty")]
        count = len(self.marks_at(row, column))
        if count:
            parts.append(self.tr("%n mark(s)", "", count))
        if (row, column) in self._remarked:
            parts.append(self.tr("comment in the file"))
        return ", ".join(parts)

    def _repaint(self) -> None:
        last = self.index(self._grid.rows - 1, self._grid.columns - 1)
        self.dataChanged.emit(self.index(0, 0), last)


def tinted(surface: str, colour: QColor, share: float) -> QColor:
    """A colour laid thinly over a surface."""
    ground = QColor(surface)
    parts = (
        round(under * (1 - share) + over * share)
        for under, over in zip(
            (ground.red(), ground.green(), ground.blue()),
            (colour.red(), colour.green(), colour.blue()),
            strict=True,
        )
    )
    return QColor(*parts)
