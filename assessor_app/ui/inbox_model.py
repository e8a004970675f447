"""The inbox as a model: headings of groups, and rows that are fetched 100 at a time as they are looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot

from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.inbox import InboxRow
from assessor_app.domain.inbox_groups import Days, Group, InboxOrder, days_of, grouped
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.ui.inbox_words import heading_sentence, sentence
from assessor_app.ui.row_clock import RowClock

if TYPE_CHECKING:
    from assessor_app.domain.deadlines import Calendar

PAGE_ROWS = 100
ROW_ROLE = Qt.ItemDataRole.UserRole
HEADING_ROLE = Qt.ItemDataRole.UserRole + 1
"""Heading, if a heading stands here, else None."""
IS_FIRST_ROLE = Qt.ItemDataRole.UserRole + 2
"""Whether the row is the first one under its heading."""
IS_LAST_ROLE = Qt.ItemDataRole.UserRole + 3
"""Whether the row is the last one under its heading."""

Index = QModelIndex | QPersistentModelIndex
Deliver = Callable[[Sequence[InboxRow]], None]
Fetch = Callable[[Sequence[SubmissionId], Deliver], None]
"""Asks for the rows of some ids; the answer comes to the callback later, on the GUI thread."""
Item = Group | SubmissionId


class _Held:
    """What is known of everything in the inbox, shown or filtered away."""

    def __init__(self) -> None:
        self._rows: dict[SubmissionId, InboxRow] = {}

    def add(self, rows: Sequence[InboxRow]) -> None:
        """Take rows that have arrived."""
        self._rows.update((row.id, row) for row in rows)

    def gone_with(self, order: InboxOrder) -> list[InboxRow]:
        """What a new order does not hold any more; under a filter that cannot be known."""
        if order.total != len(order.ids):
            return []
        here = set(order.ids)
        gone = [row for key, row in self._rows.items() if key not in here]
        for row in gone:
            del self._rows[row.id]
        return gone


class InboxModel(QAbstractTableModel):
    """Headings and rows in the store's order, one column. Never fetches more than is looked at."""

    filled = Signal()
    """Rows arrived or went; the view counts anew."""
    left = Signal(list)
    """Rows of submissions that are not in the inbox any more, whatever the filter."""
    forgotten = Signal()
    """Everything was let go of."""

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
        self._fetch, self._now_source, self._role = fetch, now, role
        self._labels: Mapping[SubmissionStatus, str] = {}
        self.clock = RowClock(now(), zone)
        """The present, the zones and the issuer's calendar that rows are worded for."""
        self.lead = timedelta(0)
        """How far the platform's clock is ahead: what is due is due by that one."""
        self._order = InboxOrder()
        self._groups: tuple[tuple[Group, tuple[SubmissionId, ...]], ...] = ()
        self._counts: dict[Group, int] = {}
        self._folded: set[Group] = set()
        self._known: dict[SubmissionId, InboxRow] = {}
        self._gone: set[SubmissionId] = set()
        self._held = _Held()
        self._generation = 0
        self._pending = 0
        self._wanted = PAGE_ROWS
        self._items: list[Item] = []
        self._shown: list[Item] = []
        self._places: dict[Item, int] = {}

    # ---- what the lead and the view tell it ----

    def set_first_rows(self, rows: Sequence[InboxRow]) -> None:
        """Show these at once; for the first paint, before the whole order is known."""
        self._known.update((row.id, row) for row in rows)
        self._order = InboxOrder.of_rows(rows)
        self._regroup()

    def set_order(self, order: InboxOrder) -> None:
        """Take a new order; rows that are shown stay until their fresh ones arrive."""
        self._generation += 1
        self._pending = 0
        if gone := self._held.gone_with(order):
            self.left.emit(gone)
        self._order = order
        kept = set(order.ids)
        self._known = {key: row for key, row in self._known.items() if key in kept}
        self._gone.clear()
        self._wanted = max(PAGE_ROWS, min(self._wanted, len(order.ids)))
        self._regroup(is_fresh=True)

    def forget(self) -> None:
        """Let go of everything: nothing has left, the profile is being locked."""
        self._held = _Held()
        self.set_order(InboxOrder())
        self.forgotten.emit()

    def reload(self, ids: Sequence[SubmissionId]) -> None:
        """Fetch fresh rows of some ids that are known; the order stays."""
        self._request([key for key in ids if key in self._known])

    def set_labels(self, labels: Mapping[SubmissionStatus, str]) -> None:
        """Take the issuer's words for states."""
        self._labels = dict(labels)
        self._tell_all_changed()

    def set_calendar(self, calendar: Calendar | None) -> None:
        """Take the issuer's calendar."""
        self.clock = self.clock.with_calendar(calendar)
        self._tell_all_changed()

    def set_folded(self, group: Group, is_folded: bool) -> None:
        """Show a group's heading alone, or its rows too."""
        (self._folded.add if is_folded else self._folded.discard)(group)
        self._regroup()

    @Slot()
    def tick(self) -> None:
        """Look at the time again: dates turn into today and overdue."""
        self._regroup()

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
    def total(self) -> int:
        """How many submissions there are, shown or not."""
        return self._order.total

    @property
    def fitting(self) -> int:
        """How many submissions fit the filter, fetched or not."""
        return len(self._order.ids) - len(self._gone)

    @property
    def counts(self) -> Mapping[Group, int]:
        """How many submissions each group holds."""
        return self._counts

    @property
    def folded(self) -> frozenset[Group]:
        """Groups of which the heading alone is shown."""
        return frozenset(self._folded)

    @property
    def is_waiting(self) -> bool:
        """Whether rows have been asked for and are still to come."""
        return self._pending > 0

    def known_row(self, submission_id: SubmissionId) -> InboxRow | None:
        """The row of a submission, if it has been fetched; shown or not."""
        return self._known.get(submission_id)

    def row_of(self, item: Item) -> int:
        """The position of a submission or a group's heading among what is shown; -1 if it is not shown."""
        return self._places.get(item, -1)

    def item_at(self, position: int) -> Item:
        """What stands at a position.

        Raises:
            IndexError: nothing does.
        """
        return self._shown[position]

    def row_at(self, position: int) -> InboxRow | None:
        """The submission's row at a position; None where a heading stands.

        Raises:
            IndexError: nothing stands there.
        """
        item = self._shown[position]
        return None if isinstance(item, Group) else self._known[item]

    def shown_rows(self) -> list[InboxRow]:
        """The rows of submissions that are shown, in their order."""
        return [self._known[item] for item in self._shown if not isinstance(item, Group)]

    def rowCount(self, parent: Index | None = None) -> int:
        """How many headings and rows are shown so far."""
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index | None = None) -> int:
        """One: a delegate draws the whole row."""
        return 0 if parent is not None and parent.isValid() else 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The row or the heading, its words, and its place in its group."""
        if not index.isValid() or index.row() >= len(self._shown):
            return None
        item, position = self._shown[index.row()], index.row()
        if isinstance(item, Group):
            return self._heading_data(item, role)
        if role == Qt.ItemDataRole.DisplayRole:
            return self._known[item].title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return sentence(self._known[item], self.clock, self._labels, self._role)
        if role == ROW_ROLE:
            return self._known[item]
        if role == IS_FIRST_ROLE:
            return position == 0 or isinstance(self._shown[position - 1], Group)
        if role == IS_LAST_ROLE:
            return position == len(self._shown) - 1 or isinstance(self._shown[position + 1], Group)
        return None

    def canFetchMore(self, parent: Index) -> bool:
        """Whether the order holds more than has been asked for."""
        return not parent.isValid() and not self._pending and len(self._shown) < len(self._items)

    def fetchMore(self, parent: Index) -> None:
        """Ask for the next page."""
        if self.canFetchMore(parent):
            self._wanted = len(self._shown) + PAGE_ROWS
            self._request(self._unknown())
            self._rebuild()

    # ---- inside ----

    def _heading_data(self, group: Group, role: int) -> object:
        if role == HEADING_ROLE:
            return group
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return heading_sentence(group, self._counts[group], is_folded=group in self._folded)
        return None

    def _unknown(self) -> list[SubmissionId]:
        """Those to be shown whose rows are not here."""
        wanted = self._items[: self._wanted]
        return [item for item in wanted if not isinstance(item, Group) and item not in self._known]

    def _request(self, ids: Sequence[SubmissionId]) -> None:
        for start in range(0, len(ids), PAGE_ROWS):
            self._pending += 1
            asked = tuple(ids[start : start + PAGE_ROWS])
            self._fetch(asked, partial(self._take, self._generation, asked))

    def _take(self, generation: int, asked: Sequence[SubmissionId], rows: Sequence[InboxRow]) -> None:
        """Rows have arrived; those asked for before the last new order are late and dropped."""
        if generation != self._generation:
            return
        self._pending -= 1
        self._known.update((row.id, row) for row in rows)
        self._held.add(rows)
        gone = set(asked) - {row.id for row in rows}
        if gone:
            self._gone |= gone
            self._regroup()
        else:
            self._request_missing()
            self._rebuild()

    def _regroup(self, *, is_fresh: bool = False) -> None:
        """Put the order under its headings anew.

        Args:
            is_fresh: the order is new, so that rows that are here already are asked for again.
        """
        self.clock = self.clock.at(self._now_source() + self.lead)
        days: Days = days_of(self.clock.now, self.clock.zone)
        self._groups = grouped(self._order, days)
        self._items, self._counts = [], {}
        for group, ids in self._groups:
            left = [key for key in ids if key not in self._gone] if self._gone else ids
            if left:
                self._counts[group] = len(left)
                self._items.append(group)
                self._items += () if group in self._folded else left
        if is_fresh:
            wanted = self._items[: self._wanted]
            self._request([item for item in wanted if not isinstance(item, Group)])
        else:
            self._request_missing()
        self._rebuild()

    def _request_missing(self) -> None:
        if not self._pending and self._generation:
            self._request(self._unknown())

    def _rebuild(self) -> None:
        """Show as far as rows are here, without a gap."""
        after: list[Item] = []
        for item in self._items[: self._wanted]:
            if isinstance(item, Group) or item in self._known:
                after.append(item)
            else:
                break
        while after and isinstance(after[-1], Group) and after[-1] not in self._folded:
            # A heading comes with its first row.
            after.pop()
        before = self._shown
        if before == after:
            self._tell_all_changed()
        elif before and after[: len(before)] == before:
            self.beginInsertRows(QModelIndex(), len(before), len(after) - 1)
            self._show(after)
            self.endInsertRows()
            self._tell_all_changed()
        else:
            self.beginResetModel()
            self._show(after)
            self.endResetModel()
        self.filled.emit()

    def _show(self, items: list[Item]) -> None:
        self._shown = items
        self._places = {item: place for place, item in enumerate(items)}

    def _tell_all_changed(self) -> None:
        if self._shown:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._shown) - 1, 0))
