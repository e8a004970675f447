"""Keeps the inbox and the list of what waits to be sent as the store has them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from assessor_app.clock import Clock
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.inbox import InboxRow
from assessor_app.domain.inbox_filter import SavedView
from assessor_app.services import comparing, inbox_reading, reading, saved_views
from assessor_app.services.inbox_reading import InboxOverview
from assessor_app.ui.main_window import MainWindow
from assessor_app.ui.tasks import Lanes

INBOX_RELOAD_MS = 60
"""Changes that come together are read together."""


class Lists(QObject):
    """Reloads a list when something in it changed."""

    inbox_read = Signal()
    """The inbox shows the whole order that the store has."""
    trip_read = Signal(object)
    """TripStanding or None."""

    def __init__(self, window: MainWindow, lanes: Lanes, clock: Clock, parent: QObject | None = None) -> None:
        """Listen to the lanes; `reload` fills both lists."""
        super().__init__(parent)
        self._window, self._lanes, self._clock = window, lanes, clock
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(INBOX_RELOAD_MS)
        self._timer.timeout.connect(self._reload_inbox)
        lanes.changed.connect(self._changed)
        window.inbox.filter_changed.connect(self._reload_inbox)
        window.inbox.views_changed.connect(self._save_views)

    def reload(self) -> None:
        """Read both lists anew."""
        self._reload_inbox()
        self._reload_waiting()

    def fetch_rows(self, ids: Sequence[SubmissionId], deliver: Callable[[Sequence[InboxRow]], None]) -> None:
        """Read the rows that the inbox is about to show."""
        self._lanes.read(self, lambda context: inbox_reading.rows(context, ids), deliver)

    @Slot(object)
    def _changed(self, changes: ChangeSet) -> None:
        if changes.inbox or changes.frame:
            self._timer.start()
        if changes.outbox:
            self._reload_waiting()

    @Slot()
    def _reload_inbox(self) -> None:
        wanted = self._window.inbox.wanted
        self._lanes.read(
            self, lambda context: inbox_reading.overview(context, wanted), self._take_inbox, key="inbox"
        )

    @Slot(object)
    def _save_views(self, views: tuple[SavedView, ...]) -> None:
        self._lanes.write(lambda context: saved_views.save_views(context, views))

    def _take_inbox(self, overview: InboxOverview) -> None:
        inbox = self._window.inbox
        inbox.set_labels(overview.labels)
        inbox.set_calendar(overview.calendar)
        inbox.model.lead = overview.lead
        inbox.set_titles(overview.titles)
        inbox.set_views(overview.views)
        self.trip_read.emit(overview.trip)
        inbox.set_order(overview.order)
        self.inbox_read.emit()

    def _reload_waiting(self) -> None:
        self._lanes.read(
            self,
            lambda context: (
                reading.waiting(context),
                reading.exported_times(context),
                comparing.comparable(context),
            ),
            self._take_waiting,
            key="waiting",
        )

    def _take_waiting(self, answer: Any) -> None:
        found, exported, comparable = answer
        items = tuple(item for item, _ in found)
        titles = {item.submission_id: title for item, title in found}
        self._window.waiting.show_items(items, titles, self._clock.now(), exported, comparable)
