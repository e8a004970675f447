"""What the coverage page shows: criteria down, pieces of evidence across, evidence links in each cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt

from assessor_app.domain.annotations import Annotation
from assessor_app.domain.ids import RequirementId
from assessor_app.rubric.schema import Criterion, RubricVersion
from assessor_app.ui.plain_text import one_line, plain_tip
from assessor_app.ui.workspaces.evidence_entries import EvidenceEntry, EvidenceGroup
from assessor_app.ui.workspaces.evidence_standing import places_of

Index = QModelIndex | QPersistentModelIndex
CELL_ROLE = Qt.ItemDataRole.UserRole
_NOWHERE = QModelIndex()


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """A criterion."""

    number: int
    """1 for the first of the rubric."""
    criterion: Criterion
    requirement_id: RequirementId
    links: int
    """Evidence links on all pieces together."""


@dataclass(frozen=True, slots=True)
class CoverageCell:
    """One criterion and one piece of evidence."""

    row: CoverageRow
    entry: EvidenceEntry
    marks: tuple[Annotation, ...]
    """Marks on the piece that are tied to the criterion, in the order of their places."""
    is_asked: bool
    """Whether the piece was handed in for the criterion's requirement."""


class CoverageModel(QAbstractTableModel):
    """A table of counts; each cell says in words what it means."""

    def __init__(self) -> None:
        """Begin empty."""
        super().__init__()
        self.rows: tuple[CoverageRow, ...] = ()
        self.entries: tuple[EvidenceEntry, ...] = ()
        self._marks: tuple[Annotation, ...] = ()
        self._cells: dict[tuple[int, int], tuple[Annotation, ...]] = {}

    def show(
        self, rubric: RubricVersion, groups: Sequence[EvidenceGroup], marks: Sequence[Annotation]
    ) -> None:
        """Show the present state; which lines and columns there are stays, if they do."""
        rows = tuple(
            CoverageRow(number, criterion, requirement.id, _links(criterion, marks))
            for number, (requirement, criterion) in enumerate(
                ((r, c) for r in rubric.requirements for c in r.criteria), 1
            )
        )
        entries = tuple(entry for group in groups for entry in group.entries if entry.item is not None)
        if (rows, entries, tuple(marks)) == (self.rows, self.entries, self._marks):
            return
        is_same_table = [row.criterion.id for row in rows] == [row.criterion.id for row in self.rows] and [
            entry.key for entry in entries
        ] == [entry.key for entry in self.entries]
        if not is_same_table:
            self.beginResetModel()
        self.rows, self.entries, self._marks = rows, entries, tuple(marks)
        self._cells = _cells_of(rows, entries, marks)
        if not is_same_table:
            self.endResetModel()
        elif rows and entries:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(entries) - 1))
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(entries) - 1)
            self.headerDataChanged.emit(Qt.Orientation.Vertical, 0, len(rows) - 1)

    def cell(self, y: int, x: int) -> CoverageCell:
        """What stands where a criterion and a piece meet."""
        row, entry = self.rows[y], self.entries[x]
        return CoverageCell(
            row, entry, self._cells.get((y, x), ()), entry.requirement_id == row.requirement_id
        )

    @property
    def bare(self) -> int:
        """How many criteria have no evidence link."""
        return sum(not row.links for row in self.rows)

    @property
    def unopened(self) -> int:
        """How many pieces were not opened yet."""
        return sum(not entry.is_opened for entry in self.entries)

    # ---- words ----

    def cell_words(self, cell: CoverageCell) -> str:
        """A cell in one sentence."""
        count = len(cell.marks)
        links = (
            self.tr("1 evidence link")
            if count == 1
            else self.tr("{count} evidence links").format(count=count)
            if count
            else self.tr("handed in for this criterion, no evidence link yet")
            if cell.is_asked
            else self.tr("no evidence link")
        )
        return f"{self.row_words(cell.row)}  ·  {cell.entry.title}  ·  {links}"

    def row_words(self, row: CoverageRow) -> str:
        """A criterion with its number."""
        return self.tr("Criterion {number}: {text}").format(
            number=row.number, text=one_line(row.criterion.text)
        )

    def links_words(self, row: CoverageRow) -> str:
        """How much evidence a criterion has."""
        if not row.links:
            return self.tr("No evidence link yet")
        if row.links == 1:
            return self.tr("1 evidence link")
        return self.tr("{count} evidence links").format(count=row.links)

    # ---- Qt ----

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        """The criteria."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        """The pieces of evidence."""
        return 0 if parent.isValid() else len(self.entries)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """A cell's count, its meaning in words, and the cell itself."""
        if not index.isValid():
            return None
        cell = self.cell(index.row(), index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return str(len(cell.marks)) if cell.marks else ""
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.cell_words(cell)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(self.cell_words(cell))
        return cell if role == CELL_ROLE else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Criteria and pieces in words."""
        if role not in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return None
        if orientation is Qt.Orientation.Vertical:
            row = self.rows[section]
            words = f"{self.row_words(row)}. {self.links_words(row)}"
        else:
            words = self.entries[section].words
        return plain_tip(words) if role == Qt.ItemDataRole.ToolTipRole else words


def _links(criterion: Criterion, marks: Sequence[Annotation]) -> int:
    return sum(criterion.id in mark.criteria for mark in marks)


def _cells_of(
    rows: Sequence[CoverageRow], entries: Sequence[EvidenceEntry], marks: Sequence[Annotation]
) -> dict[tuple[int, int], tuple[Annotation, ...]]:
    """The marks of each cell that has any, in the order of their places; row and column from 0."""
    columns = {
        place: x
        for x, entry in enumerate(entries)
        if entry.item is not None
        for place in places_of(entry.item)
    }
    row_of = {row.criterion.id: y for y, row in enumerate(rows)}
    found: dict[tuple[int, int], list[Annotation]] = {}
    for mark in sorted(marks, key=lambda m: (m.anchor.page, m.created_at)):
        x = columns.get(mark.anchor.source_id)
        for criterion_id in mark.criteria:
            if x is not None and criterion_id in row_of:
                found.setdefault((row_of[criterion_id], x), []).append(mark)
    return {cell: tuple(tied) for cell, tied in found.items()}
