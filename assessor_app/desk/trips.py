"""Getting ready for a trip: connects the window, the line above the inbox, the platform and the check."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QVBoxLayout

from assessor_app.clock import Clock
from assessor_app.desk.lists import Lists
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import SubmissionId
from assessor_app.errors import KnownError
from assessor_app.services import trip_check, trip_getting, trips
from assessor_app.services.context import Context
from assessor_app.services.trip_check import CheckProgress
from assessor_app.services.trip_getting import Got
from assessor_app.services.trips import TripSetup, TripStanding
from assessor_app.ui.inbox_actions import InboxActions
from assessor_app.ui.main_window import MainWindow
from assessor_app.ui.sync_rounds import SyncRounds
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.trip.trip_dialog import TripDialog
from assessor_app.ui.trip.trip_line import TripLine
from assessor_app.ui.viewers.media import probe_start


class _Stop:
    """Set on the GUI thread, asked on the lanes."""

    is_wanted = False


class TripDesk(QObject):
    """One window and one check at a time, for one unlocked stretch."""

    def __init__(
        self,
        window: MainWindow,
        actions: InboxActions,
        lanes: Lanes,
        lists: Lists,
        rounds: SyncRounds,
        clock: Clock,
        open_submission: Callable[[str], None],
        parent: QObject | None = None,
    ) -> None:
        """Put the line above the inbox and listen.

        Args:
            window: with the inbox.
            actions: what the person asks for.
            lanes: where the store and the platform are asked.
            lists: tells how the trip stands.
            rounds: makes way for what a trip needs.
            clock: the present.
            open_submission: opens a submission by its id.
            parent: Qt parent.
        """
        super().__init__(parent)
        self._window, self._lanes, self._rounds = window, lanes, rounds
        self._clock, self._open = clock, open_submission
        self._dialog: TripDialog | None = None
        self._stop = _Stop()
        self._got: Got | None = None
        self._standing: TripStanding | None = None
        self._is_running = False
        self.line = TripLine(window.inbox)
        layout = window.inbox.layout()
        if isinstance(layout, QVBoxLayout):
            layout.insertWidget(1, self.line)
        window.inbox.list.resized.connect(self.line.fit)
        self.line.fit(window.inbox.list.viewport().width())
        self.line.look_wanted.connect(self._ask)
        self.line.end_wanted.connect(self._end)
        actions.trip_wanted.connect(self._ask)
        lists.trip_read.connect(self._take_standing)
        # Told each minute, too: a return passes while nothing else happens.
        window.inbox.model.filled.connect(self._look_at_the_clock)

    def cancel(self) -> None:
        """Let go of everything: the profile is being locked."""
        self._stop.is_wanted = True
        self._window.inbox.model.filled.disconnect(self._look_at_the_clock)
        self.line.hide()
        self.line.deleteLater()
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None

    @property
    def dialog(self) -> TripDialog | None:
        """The window, while it is open."""
        return self._dialog

    # ---- the window ----

    @Slot()
    def _ask(self) -> None:
        if self._dialog is not None:
            return
        self._dialog = dialog = TripDialog(self._clock.now, self._window)
        dialog.go_wanted.connect(self._set)
        dialog.again_wanted.connect(self._again)
        dialog.cure_wanted.connect(self._cure)
        dialog.open_wanted.connect(self._open_work)
        dialog.stop_wanted.connect(self._want_stop)
        dialog.end_wanted.connect(self._end)
        dialog.finished.connect(self._closed)
        also = self._window.inbox.list.selected_ids()
        self._lanes.read(self, lambda context: trips.setup(context, also), self._begin, key="setup")

    def _begin(self, setup: TripSetup) -> None:
        if self._dialog is None:
            return
        self._dialog.show_setup(setup)
        if self._is_running:
            self._dialog.show_running(self.tr("Getting everything here…"))
        self._dialog.open()

    @Slot()
    def _closed(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None
        self._window.inbox.focus_list()

    @Slot(str)
    def _open_work(self, submission_id: str) -> None:
        if self._dialog is not None:
            self._dialog.reject()
        self._open(submission_id)

    # ---- the trip ----

    @Slot(object, object)
    def _set(self, until: datetime, chosen: Sequence[SubmissionId]) -> None:
        def verb(context: Context) -> ChangeSet:
            return trips.set_trip(context, until, chosen)

        self._lanes.write(verb, done=lambda _: self._run(tuple(chosen)))

    @Slot()
    def _again(self) -> None:
        """Look at everything once more; what was stopped goes on where it was."""
        self._lanes.read(self, trips.setup, self._begin_again, key="again")

    def _begin_again(self, setup: TripSetup) -> None:
        if setup.trip is None or setup.readiness is None:
            return
        found = setup.readiness
        is_begun = 0 < found.unchecked < found.total and not found.troubles
        self._run(setup.trip.submissions, forgets=not is_begun)

    @Slot(str, object)
    def _cure(self, submission_id: str, _: object) -> None:
        self._run((SubmissionId(submission_id),), forgets=True)

    @Slot()
    def _end(self) -> None:
        self._stop.is_wanted = True
        self._lanes.write(trips.end)
        if self._dialog is not None:
            self._dialog.reject()

    @Slot()
    def _want_stop(self) -> None:
        self._stop.is_wanted = True

    # ---- getting and checking ----

    def _run(self, ids: tuple[SubmissionId, ...], *, forgets: bool = False) -> None:
        """Keep, fetch, then look at what was not looked at."""
        if self._is_running:
            return
        self._is_running = True
        self._stop = stop = _Stop()
        self._rounds.make_way()

        def job(context: Context) -> Got:
            got = trip_getting.get(
                context,
                ids,
                changed=lambda changes: self._lanes.report(self._lanes.broadcast, changes),
                cancelled=lambda: stop.is_wanted,
            )
            if forgets:
                # Only now: what was found damaged says what has to be fetched again.
                trips.forget_checks(context, ids)
            return got

        self._say_running(self.tr("Getting everything here…"))
        self._lanes.network(job, owner=self, done=self._check, failed=self._failed)

    def _check(self, got: Got) -> None:
        self._got, stop = got, self._stop

        def job(context: Context, should_stop: Callable[[], bool]) -> ChangeSet:
            return trip_check.check(
                context,
                probe_start.main,
                report=lambda progress: self._lanes.report(self._show_progress, progress),
                cancelled=lambda: stop.is_wanted or should_stop(),
            )

        self._lanes.convert(self, job, self._done, failed=self._failed, key="check")

    def _show_progress(self, progress: CheckProgress) -> None:
        text = self.tr("Checking: {done} of {total}")
        words = text.format(done=progress.done + 1, total=progress.total)
        self.line.show_running(words, self._clock.now())
        if self._dialog is not None:
            self._dialog.show_progress(progress)

    def _done(self, changes: ChangeSet) -> None:
        self._is_running = False
        self.line.show_running("", self._clock.now())
        self._lanes.broadcast(changes)
        self._lanes.read(self, trips.setup, self._show_result, key="setup")

    def _show_result(self, setup: TripSetup) -> None:
        if self._dialog is not None:
            self._dialog.show_result(setup, self._got)

    def _failed(self, error: KnownError) -> None:
        self._got = Got(trouble=error)
        self._done(ChangeSet())

    def _say_running(self, words: str) -> None:
        self.line.show_running(words, self._clock.now())
        if self._dialog is not None:
            self._dialog.show_running(words)

    # ---- the inbox ----

    @Slot(object)
    def _take_standing(self, standing: TripStanding | None) -> None:
        self._standing = standing
        self._look_at_the_clock()

    @Slot()
    def _look_at_the_clock(self) -> None:
        self.line.show_standing(self._standing, self._clock.now())
