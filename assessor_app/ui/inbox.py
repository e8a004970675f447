"""The inbox: what is due first, where each piece of work stands, and whether its evidence is here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QSignalBlocker, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from assessor_app.domain.ids import MicrocredentialId, SubmissionId
from assessor_app.domain.inbox import InboxRow
from assessor_app.domain.inbox_filter import InboxFilter, SavedView
from assessor_app.domain.inbox_groups import InboxOrder
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.ui.inbox_empty import EmptyInbox, FirstSync
from assessor_app.ui.inbox_filter_bar import FilterBar
from assessor_app.ui.inbox_list import InboxList
from assessor_app.ui.inbox_model import Fetch, InboxModel
from assessor_app.ui.inbox_row import column_margin, measures
from assessor_app.ui.inbox_search import SearchPage
from assessor_app.ui.inbox_views import ArrangeViewsDialog, SaveViewDialog
from assessor_app.ui.inbox_words import count_words
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.plain_text import plain_label
from assessor_app.ui.theme import space

if TYPE_CHECKING:
    from assessor_app.domain.deadlines import Calendar

TICK_MS = 60_000
"""How often dates are worded anew."""


class Inbox(QWidget):
    """List, filter and the states in which there is no list."""

    open_requested = Signal(str)
    """A submission's id."""
    filter_changed = Signal(object)
    """InboxFilter: the order that fits it is wanted."""
    views_changed = Signal(object)
    """All SavedViews as they are to be kept."""
    search_opened = Signal(object)
    """The SearchPage, each time that it comes to the front."""

    def __init__(
        self,
        fetch: Fetch,
        now: Callable[[], datetime],
        *,
        keys: KeyTable | None = None,
        role: Role = Role.ASSESSOR,
        zone: tzinfo | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """Build an empty inbox.

        Args:
            fetch: asks for rows by id, for the model.
            now: the present, aware.
            keys: the key table.
            role: whose inbox it is.
            zone: the person's time zone; the system's if None.
            parent: Qt parent.
        """
        super().__init__(parent)
        self.setObjectName("inbox")
        self.setAccessibleName(self.tr("Inbox"))
        self._keys = keys or KeyTable()
        self._has_synced, self._is_offline = True, False
        self.model = InboxModel(fetch, now, role=role, zone=zone, parent=self)
        self.list = InboxList(self.model, self)
        self._selected: SubmissionId | None = None
        self._search: SearchPage | None = None
        self._empty = EmptyInbox(self)
        self._first_sync = FirstSync(self)
        self._stack = QStackedWidget(self)
        for page in (self.list, self._empty, self._first_sync):
            self._stack.addWidget(page)
        self._title = plain_label(self.tr("Inbox"), "display")
        self._summary = plain_label("", "quiet")
        self._filter = QLineEdit(self)
        self.bar = FilterBar(self._keys, self)
        self._lay_out()
        self._connect()

    # ---- what comes in ----

    def show_first_rows(self, rows: Sequence[InboxRow]) -> None:
        """Show these at once, before the whole order is known."""
        self.model.set_first_rows(rows)

    def set_order(self, order: InboxOrder) -> None:
        """Take the order of what fits the filter; rows follow as they are looked at."""
        self._has_synced = self._has_synced or bool(order.total)
        self.model.set_order(order)

    def set_labels(self, labels: Mapping[SubmissionStatus, str]) -> None:
        """Take the issuer's words for states."""
        self.model.set_labels(labels)

    def set_calendar(self, calendar: Calendar | None) -> None:
        """Take the issuer's calendar."""
        self.model.set_calendar(calendar)

    def set_titles(self, titles: Mapping[MicrocredentialId, str]) -> None:
        """Take the micro-credentials that the filter offers."""
        self.bar.set_titles(titles)

    def set_views(self, views: Sequence[SavedView]) -> None:
        """Take the saved views, in the person's order."""
        self.bar.set_views(views)

    def show_first_sync(self, done: int, total: int) -> None:
        """Say that work is on its way; shown only while nothing else is.

        Args:
            done: files of evidence fetched.
            total: files to fetch; 0 while that is not known.
        """
        self._has_synced = False
        self._first_sync.show_progress(done, total)
        self._choose_page()

    def end_first_sync(self, *, is_offline: bool = False) -> None:
        """The first sync has ended: an empty inbox is now really empty, or the platform was not there.

        Args:
            is_offline: whether the platform could not be reached, so that nothing is known.
        """
        self._has_synced, self._is_offline = True, is_offline
        self._choose_page()

    @property
    def wanted(self) -> InboxFilter:
        """The filter in force."""
        return self.bar.wanted

    @Slot()
    def focus_filter(self) -> None:
        """Put the keyboard into the filter."""
        self.close_search()
        self._filter.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._filter.selectAll()

    @property
    def is_searching(self) -> bool:
        """Whether the search stands in the list's place."""
        return self._search is not None and self._stack.currentWidget() is self._search

    @Slot()
    def open_search(self) -> None:
        """Show the search over everything, with the keyboard in its words."""
        if self._search is None:
            self._search = SearchPage(self)
            self._search.closed.connect(self.close_search)
            self._stack.addWidget(self._search)
        self._head.hide()
        self._stack.setCurrentWidget(self._search)
        self.setFocusProxy(self._search)
        self._search.focus_words()
        self.search_opened.emit(self._search)

    @Slot()
    def close_search(self) -> None:
        """Back to the list."""
        if self.is_searching:
            self._head.show()
            self.setFocusProxy(self.list)
            self._stack.setCurrentWidget(self.list)
            self._choose_page()
            self.focus_list()

    def forget(self) -> None:
        """Show nothing of anybody's work any more: before the profile is locked."""
        self.close_search()
        if self._search is not None:
            self._stack.removeWidget(self._search)
            self._search.deleteLater()
            self._search = None
        self.model.forget()

    def focus_list(self) -> None:
        """Put the keyboard on the row chosen last, or the first; in the search, on what was found."""
        if self.is_searching and self._search is not None:
            self._search.focus_last()
            return
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self.list.choose_first()

    # ---- inside ----

    @Slot(int)
    def _align_head(self, room: int) -> None:
        """Keep title and filter above the column of rows."""
        margin = round(column_margin(room, measures().line))
        column = self._head.layout()
        if column is not None:
            bar = self.list.width() - room
            column.setContentsMargins(margin, 0, margin + bar, 0)

    def _lay_out(self) -> None:
        unit = space(self)
        head = QHBoxLayout()
        head.setSpacing(unit * 2)
        titles = QVBoxLayout()
        titles.setSpacing(0)
        titles.addWidget(self._title)
        titles.addWidget(self._summary)
        head.addLayout(titles, 1)
        self._filter.setPlaceholderText(self.tr("Filter by title or code"))
        self._filter.setAccessibleName(self.tr("Filter by title or code"))
        self._filter.setClearButtonEnabled(True)
        self._filter.setMinimumWidth(space(self, 52))
        self._filter.setToolTip(self._keys.hint("inbox.filter"))
        head.addWidget(self._filter, 0, Qt.AlignmentFlag.AlignBottom)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(unit)
        head.addLayout(self._buttons)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(unit * 4, unit * 3, unit * 4, 0)
        layout.setSpacing(unit * 2)
        self._head = QWidget(self)
        column = QVBoxLayout(self._head)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit * 2)
        column.addLayout(head)
        column.addWidget(self.bar)
        layout.addWidget(self._head)
        layout.addWidget(self._stack, 1)
        self.setFocusProxy(self.list)

    def add_button(self, button: QPushButton) -> None:
        """Put a button at the right of the filter field."""
        self._buttons.addWidget(button, 0, Qt.AlignmentFlag.AlignBottom)

    def _connect(self) -> None:
        self._filter.textChanged.connect(self._type)
        self.bar.changed.connect(self._apply)
        self.bar.save_requested.connect(self._save_view)
        self.bar.manage_requested.connect(self._arrange_views)
        self.list.resized.connect(self._align_head)
        self.list.open_requested.connect(self.open_requested)
        self.list.selectionModel().currentChanged.connect(self._remember)
        self.model.modelReset.connect(self._restore_selection)
        self.model.filled.connect(self._refresh)
        timer = QTimer(self)
        timer.timeout.connect(self.model.tick)
        timer.start(TICK_MS)
        self.addAction(self._keys.action("inbox.filter", self, self.focus_filter))
        self.addAction(self._keys.action("inbox.search", self, self.open_search))
        self.addAction(self._keys.action("inbox.layers", self, self.bar.open_menu))
        self.addAction(self._keys.action("inbox.unfilter", self, self._take_off_one))

    @Slot(str)
    def _type(self, text: str) -> None:
        self.bar.set_text(text)
        self.filter_changed.emit(self.wanted)

    @Slot(object)
    def _apply(self, wanted: InboxFilter) -> None:
        if self._filter.text() != wanted.text:
            with QSignalBlocker(self._filter):
                self._filter.setText(wanted.text)
        self.filter_changed.emit(wanted)

    @Slot()
    def _save_view(self) -> None:
        self._ask(SaveViewDialog(self.wanted, self.bar.views, self.bar.titles, self))

    @Slot()
    def _arrange_views(self) -> None:
        self._ask(ArrangeViewsDialog(self.bar.views, self.bar.titles, self))

    def _ask(self, dialog: SaveViewDialog | ArrangeViewsDialog) -> None:
        """Show a dialog about views; what it arranges is kept when it is accepted."""

        def keep() -> None:
            self.set_views(dialog.arranged())
            self.views_changed.emit(dialog.arranged())

        dialog.accepted.connect(keep)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot()
    def _take_off_one(self) -> None:
        if self.is_searching and self._search is not None:
            self._search.step_out()
        elif not self.bar.take_off_one():
            self.focus_list()

    @Slot(QModelIndex)
    def _remember(self, index: QModelIndex) -> None:
        row = self.model.row_at(index.row()) if index.isValid() else None
        if row is not None:
            self._selected = row.id

    @Slot()
    def _restore_selection(self) -> None:
        position = self.model.row_of(self._selected) if self._selected is not None else -1
        if position >= 0:
            self.list.choose(position)

    @Slot()
    def _refresh(self) -> None:
        self._summary.setText(self._summary_words())
        self._choose_page()

    def _summary_words(self) -> str:
        total = self.model.total
        if not total:
            return ""
        if self.wanted.layers:
            return self.tr("{shown} shown of {total}").format(shown=self.model.fitting, total=total)
        return count_words(total)

    def _choose_page(self) -> None:
        if self.is_searching:
            return
        if self.model.fitting:
            page: QWidget = self.list
        elif not self._has_synced and not self.model.total:
            page = self._first_sync
        else:
            is_filtered = bool(self.wanted.layers) and self.model.total > 0
            key = self._keys.shown("inbox.unfilter")
            self._empty.say(is_filtered=is_filtered, is_offline=self._is_offline, unfilter_key=key)
            page = self._empty
        if self._stack.currentWidget() is not page:
            self._stack.setCurrentWidget(page)
