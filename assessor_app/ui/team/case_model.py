"""The list of questions and reports as a model: light rows, filtered and ordered here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from assessor_app.domain.case_list import CaseFilter, CaseGroup, CaseRow, counts, shown
from assessor_app.domain.cases import CaseState
from assessor_app.domain.deadlines import Calendar
from assessor_app.ui.row_clock import RowClock
from assessor_app.ui.team.case_words import row_sentence

CASE_ROLE = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex


class CaseModel(QAbstractListModel):
    """Shows what fits the filter; widgets are made for none of it."""

    filled = Signal()
    """Rows or filter are others now."""

    def __init__(self, now: Callable[[], datetime], parent: QObject | None = None) -> None:
        """Start empty.

        Args:
            now: the present, aware.
            parent: Qt parent.
        """
        super().__init__(parent)
        self._now = now
        self.clock = RowClock(now())
        """The present and the issuer's calendar that rows are worded for."""
        self._rows: tuple[CaseRow, ...] = ()
        self._shown: tuple[CaseRow, ...] = ()
        self._kept = ""
        self.wanted = CaseFilter()
        """The filter in force; set with `set_filter`."""

    def set_rows(self, rows: Sequence[CaseRow], calendar: Calendar | None) -> None:
        """Take all rows anew."""
        self._rows = tuple(rows)
        self.clock = self.clock.at(self._now()).with_calendar(calendar)
        self._refill()

    def set_filter(self, wanted: CaseFilter) -> None:
        """Show what fits."""
        self.wanted, self._kept = wanted, ""
        self._refill()

    def keep(self, case_id: str) -> None:
        """Keep the open case in sight although it does not fit any more, until another one is kept."""
        if case_id != self._kept:
            self._kept = case_id
            self._refill()

    @property
    def total(self) -> int:
        """How many there are, shown or not."""
        return len(self._rows)

    def counts(self) -> tuple[dict[CaseState, int], dict[CaseGroup, int]]:
        """How many there are of each state, and open ones of each group."""
        return counts(self._rows)

    def case_at(self, position: int) -> CaseRow | None:
        """The row at a position; None where nothing stands."""
        return self._shown[position] if 0 <= position < len(self._shown) else None

    def row_of(self, case_id: str) -> int:
        """Where a case stands; -1 where it is not shown."""
        return next((place for place, row in enumerate(self._shown) if row.id == case_id), -1)

    def newest_about(self, submission_id: str) -> str:
        """The id of the case about a submission that was opened last; empty for none."""
        about = [row for row in self._rows if row.submission_id == submission_id]
        return max(about, key=lambda row: row.opened_at).id if about else ""

    def rowCount(self, parent: Index | None = None) -> int:
        """How many are shown."""
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The row, or its words."""
        row = self.case_at(index.row()) if index.isValid() else None
        if row is None:
            return None
        if role == CASE_ROLE:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.code
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return row_sentence(row, self.clock)
        return None

    def _refill(self) -> None:
        after = shown(self._rows, self.wanted)
        if self._kept and all(row.id != self._kept for row in after):
            place = self.row_of(self._kept)
            kept = next((row for row in self._rows if row.id == self._kept), None)
            if kept is not None and place >= 0:
                after = (*after[:place], kept, *after[place:])
        if [row.id for row in after] == [row.id for row in self._shown]:
            self._shown = after
            if after:
                self.dataChanged.emit(self.index(0), self.index(len(after) - 1))
        else:
            self.beginResetModel()
            self._shown = after
            self.endResetModel()
        self.filled.emit()
