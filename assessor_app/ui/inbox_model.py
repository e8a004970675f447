"""The inbox as a model: an order of ids, and rows that are fetched 100 at a time as they come into view."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from enum import StrEnum
from functools import partial

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.inbox import InboxRow, LocalState
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.ui.inbox_words import Section, is_done_here, is_settled, section_of, sentence

PAGE_ROWS = 100
ROW_ROLE = Qt.ItemDataRole.UserRole
SECTION_ROLE = Qt.ItemDataRole.UserRole + 1
"""Section, if the row is the first one shown under its heading, else None."""
IS_LAST_ROLE = Qt.ItemDataRole.UserRole + 2
"""Whether the row is the last one under its heading."""

Index = QModelIndex | QPersistentModelIndex
Deliver = Callable[[Sequence[InboxRow]], None]
Fetch = Callable[[Sequence[SubmissionId], Deliver], None]
"""Asks for the rows of some ids; the answer comes to the callback later, on the GUI thread."""


class Show(StrEnum):
    """Which part of the inbox is shown."""

    ALL = "all"
    TO_DO = "to_do"
    IN_PROGRESS = "in_progress"
    RETURNED = "returned"
    DONE = "done"
    SETTLED = "settled"


def belongs(row: InboxRow, show: Show) -> bool:
    """Whether a row stands in a part of the inbox."""
    is_open = not is_settled(row)
    match show:
        case Show.ALL:
            return True
        case Show.TO_DO:
            return is_open and not is_done_here(row)
        case Show.IN_PROGRESS:
            return is_open and row.local_state is LocalState.DRAFT
        case Show.RETURNED:
            return is_open and row.is_returned and not is_done_here(row)
        case Show.DONE:
            return is_open and is_done_here(row)
        case Show.SETTLED:
            return not is_open


class InboxModel(QAbstractTableModel):
    """Rows of the inbox in the store's order, one column. Never fetches more than is looked at."""

    filled = Signal()
    """Rows arrived or went; the view counts anew."""

    def __init__(
        self,
        fetch: Fetch,
        now: Callable[[], datetime],
        *,
        role: Role = Role.ASSESSOR,
        zone: tzinfo | None = None,
        parent: QObject | None = None,
    ) -> None:
        """Start empty.

        Args:
            fetch: asks for rows by id.
            now: the present, aware.
            role: whose inbox it is.
            zone: the person's time zone; the system's if None.
            parent: Qt parent.
        """
        super().__init__(parent)
        self._fetch, self._now_source, self._role, self._zone = fetch, now, role, zone
        self._labels: Mapping[SubmissionStatus, str] = {}
        self._now = now()
        self._order: tuple[SubmissionId, ...] = ()
        self._known: dict[SubmissionId, InboxRow] = {}
        self._loaded = 0
        self._generation = 0
        self._pending = 0
        self._shown: list[InboxRow] = []
        self._sections: list[Section] = []
        self._show, self._text = Show.ALL, ""

    # ---- what the lead and the view tell it ----

    def set_first_rows(self, rows: Sequence[InboxRow]) -> None:
        """Show these at once; for the first paint, before the whole order is known."""
        self._known.update((row.id, row) for row in rows)
        self._order = tuple(row.id for row in rows)
        self._loaded = len(self._order)
        self._rebuild()

    def set_ids(self, ids: Sequence[SubmissionId]) -> None:
        """Take a new order; rows that are shown stay until their fresh ones arrive."""
        self._generation += 1
        self._pending = 0
        self._order = tuple(ids)
        kept = set(self._order)
        self._known = {key: row for key, row in self._known.items() if key in kept}
        self._loaded = min(len(self._order), max(self._loaded, PAGE_ROWS))
        for start in range(0, self._loaded, PAGE_ROWS):
            self._request(self._order[start : min(start + PAGE_ROWS, self._loaded)])
        self._rebuild()

    def reload(self, ids: Sequence[SubmissionId]) -> None:
        """Fetch fresh rows of some ids that are known; the order stays."""
        stale = [key for key in ids if key in self._known]
        for start in range(0, len(stale), PAGE_ROWS):
            self._request(stale[start : start + PAGE_ROWS])

    def set_labels(self, labels: Mapping[SubmissionStatus, str]) -> None:
        """Take the issuer's words for states."""
        self._labels = dict(labels)
        self._tell_all_changed()

    def set_filter(self, show: Show, text: str) -> None:
        """Show only a part, and only rows whose code or title holds `text`."""
        self._show, self._text = show, text.strip().casefold()
        self._rebuild()
        self._fill_up()

    def tick(self) -> None:
        """Look at the time again: dates turn into today and overdue."""
        self._now = self._now_source()
        self._sections = [section_of(row, self._now, self._zone) for row in self._shown]
        self._tell_all_changed()

    # ---- what is shown ----

    @property
    def role(self) -> Role:
        """Whose inbox it is."""
        return self._role

    @property
    def labels(self) -> Mapping[SubmissionStatus, str]:
        """The issuer's words for states."""
        return self._labels

    @property
    def now(self) -> datetime:
        """The moment that the rows are worded for."""
        return self._now

    @property
    def zone(self) -> tzinfo | None:
        """The person's time zone; None is the system's."""
        return self._zone

    @property
    def total(self) -> int:
        """How many submissions there are, shown or not."""
        return len(self._order)

    @property
    def is_filtered(self) -> bool:
        """Whether some rows are held back."""
        return self._show is not Show.ALL or bool(self._text)

    @property
    def is_waiting(self) -> bool:
        """Whether rows have been asked for and are still to come."""
        return self._pending > 0

    def known_row(self, submission_id: SubmissionId) -> InboxRow | None:
        """The row of a submission, if it has been fetched; shown or filtered away."""
        return self._known.get(submission_id)

    def row_of(self, submission_id: SubmissionId) -> int:
        """The position of a submission among the rows shown; -1 if it is not shown."""
        for position, row in enumerate(self._shown):
            if row.id == submission_id:
                return position
        return -1

    def row_at(self, position: int) -> InboxRow:
        """The row shown at a position.

        Raises:
            IndexError: there is none.
        """
        return self._shown[position]

    def shown_rows(self) -> list[InboxRow]:
        """The rows that are shown, in their order."""
        return list(self._shown)

    def rowCount(self, parent: Index | None = None) -> int:
        """How many rows are shown so far."""
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index | None = None) -> int:
        """One: a delegate draws the whole row."""
        return 0 if parent is not None and parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The row, its words, or its place under a heading."""
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        row, position = self._shown[index.row()], index.row()
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            said = sentence(row, self._now, self._labels, self._role, self._zone)
            return said if role == Qt.ItemDataRole.AccessibleTextRole else None
        if role == ROW_ROLE:
            return row
        if role == SECTION_ROLE:
            is_first = position == 0 or self._sections[position - 1] is not self._sections[position]
            return self._sections[position] if is_first else None
        if role == IS_LAST_ROLE:
            return (
                position == len(self._shown) - 1
                or self._sections[position + 1] is not self._sections[position]
            )
        return None

    def canFetchMore(self, parent: Index) -> bool:
        """Whether the order holds more than has been asked for."""
        return not parent.isValid() and not self._pending and self._loaded < len(self._order)

    def fetchMore(self, parent: Index) -> None:
        """Ask for the next page."""
        if not self.canFetchMore(parent):
            return
        start = self._loaded
        self._loaded = min(len(self._order), start + PAGE_ROWS)
        self._request(self._order[start : self._loaded])

    # ---- inside ----

    def _request(self, ids: Sequence[SubmissionId]) -> None:
        if ids:
            self._pending += 1
            self._fetch(tuple(ids), partial(self._take, self._generation))

    def _take(self, generation: int, rows: Sequence[InboxRow]) -> None:
        """Rows have arrived; those asked for before the last new order are late and dropped."""
        if generation != self._generation:
            return
        self._pending -= 1
        self._known.update((row.id, row) for row in rows)
        self._rebuild()
        self._fill_up()

    def _fill_up(self) -> None:
        """While a filter leaves less than a page to see, look further down the order."""
        if self.is_filtered and len(self._shown) < PAGE_ROWS:
            self.fetchMore(QModelIndex())

    def _matches(self, row: InboxRow) -> bool:
        if not belongs(row, self._show):
            return False
        return self._text in row.title.casefold() or self._text in row.code.casefold()

    def _rebuild(self) -> None:
        self._now = self._now_source()
        rows = [self._known[key] for key in self._order[: self._loaded] if key in self._known]
        # The store orders by what it knows of time; a date that has passed since then moves nothing.
        rows = [row for row in rows if self._matches(row)]
        sections = [section_of(row, self._now, self._zone) for row in rows]
        order = sorted(range(len(rows)), key=lambda position: sections[position])
        rows, sections = [rows[n] for n in order], [sections[n] for n in order]
        before, after = [row.id for row in self._shown], [row.id for row in rows]
        if before == after:
            self._shown, self._sections = rows, sections
            self._tell_all_changed()
        elif before and after[: len(before)] == before:
            self.beginInsertRows(QModelIndex(), len(before), len(after) - 1)
            self._shown, self._sections = rows, sections
            self.endInsertRows()
            self._tell_all_changed()
        else:
            self.beginResetModel()
            self._shown, self._sections = rows, sections
            self.endResetModel()
        self.filled.emit()

    def _tell_all_changed(self) -> None:
        if self._shown:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown) - 1, 0))
