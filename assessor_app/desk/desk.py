"""The desk of one profile: connects windows, lanes, verbs and sync. Every connection stands here.

The start has two halves. Up to the first painted inbox only PySide6, sqlcipher3 and key access are loaded;
the heavy half - models, HTTP, the render worker - is loaded on a lane while the window is already there.
What belongs to one unlocked stretch (lanes, context, lists, sign-in, sync) is made anew after each lock.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from assessor_app.clock import Clock
from assessor_app.desk.opening import Opening
from assessor_app.desk.reporting import Reporting
from assessor_app.desk.way import SignInWay
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.inbox import InboxRow
from assessor_app.domain.roles import Role
from assessor_app.services.profiles import Profile
from assessor_app.ui.gate import GatePage
from assessor_app.ui.inbox import Inbox
from assessor_app.ui.inbox_actions import InboxActions
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.locked_words import locked_words
from assessor_app.ui.main_window import MainWindow
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.theme import Theme
from assessor_app.ui.waiting_list import WaitingList

if TYPE_CHECKING:
    from assessor_app.desk.left_place import LeftPlace
    from assessor_app.desk.stretch import Stretch
    from assessor_app.services.context import Context
    from assessor_app.services.views import SyncStatus
    from assessor_app.ui.sync_rounds import SyncRounds


class Desk(QObject):
    """One profile: its window and everything behind it."""

    opened = Signal()
    """The store is open and the first whole inbox has been asked for."""
    closed = Signal()

    def __init__(self, profile: Profile, role: Role, theme: Theme, clock: Clock, way: SignInWay) -> None:
        """Build the window and its lanes; `start` opens the profile."""
        super().__init__()
        self._profile, self._role, self._clock, self._way = profile, role, clock, way
        self._stretch: Stretch | None = None
        self._wanted = self._open_id = ""
        self._waiting = 0
        self._left: LeftPlace | None = None
        self._is_offline = self._has_renewed = self._has_settled = False
        self.is_closed = False
        inbox = Inbox(self._fetch_rows, clock.now, role=role)
        self._inbox_actions = InboxActions(inbox, KeyTable())
        self.window = MainWindow(inbox, WaitingList(), theme, role=role)
        self._reporting = Reporting(self.window, role, clock.now, self)
        self._connect_window()
        self._make_lanes()

    def _connect_window(self) -> None:
        window = self.window
        window.inbox.open_requested.connect(self.open_submission)
        window.waiting.open_requested.connect(self.open_submission)
        window.waiting.retry_requested.connect(self._retry_all)
        window.sync_bar.retry_requested.connect(self.sync_now)
        window.sync_bar.sign_in_requested.connect(self.show_sign_in)
        window.menus.on("sync.now", self.sync_now)
        window.menus.on("app.sign_in", self.show_sign_in)
        window.menus.on("app.lock", self.lock)
        window.menus.on("view.reset_layout", self._reset_layout)
        window.about_to_close.connect(self.close)
        window.place_shown.connect(self._place_shown)

    def _make_lanes(self) -> None:
        """Lanes and opening of one unlocked stretch."""
        window = self.window
        self.lanes = lanes = Lanes(None, self, clock=self._clock)
        lanes.trouble.connect(window.show_error)
        lanes.bug.connect(window.show_bug)
        lanes.saved.connect(window.sync_bar.show_saved)
        lanes.busy_with_saves.connect(window.sync_bar.show_saving)
        self._opening = opening = Opening(self._profile, self._role, window, lanes, self._clock, self)
        opening.first_rows_read.connect(self._show_first_rows)
        opening.ready.connect(self._ready)

    @property
    def is_open(self) -> bool:
        """Whether the store is open, and not locked."""
        return self._stretch is not None

    @property
    def rounds(self) -> SyncRounds | None:
        """Syncs while the profile is open."""
        return None if self._stretch is None else self._stretch.rounds

    # ---- opening ----

    @Slot()
    def start(self) -> None:
        """Open the profile: the key first, then what is on the disk, then the rest."""
        self._opening.begin()

    @Slot(object)
    def _show_first_rows(self, rows: tuple[InboxRow, ...]) -> None:
        self.window.inbox.show_first_rows(rows)
        if not rows:
            self.window.inbox.show_first_sync(0, 0)

    @Slot(object)
    def _ready(self, context: Context) -> None:
        from assessor_app.desk.stretch import Asked, Stretch

        lanes, window = self.lanes, self.window
        lanes.context = context
        self._stretch = stretch = Stretch(
            context,
            self._profile,
            self._way,
            window,
            self._inbox_actions,
            lanes,
            self._clock,
            self,
            asked=Asked(self.open_submission, self.sync_now, self.repair),
        )
        stretch.lists.inbox_read.connect(self._end_first_sync)
        stretch.lists.reload()
        stretch.signing_in.signed_in.connect(self._sync_at_once)
        stretch.signing_in.status.connect(self._settled)
        stretch.rounds.status.connect(self._show_status)
        stretch.rounds.settled.connect(self._settled)
        self._reporting.begin(lanes)
        self.opened.emit()
        if self._wanted:
            self.open_submission(self._wanted)
        self.sync_now()

    # ---- sign-in and sync ----

    @Slot()
    def sync_now(self) -> None:
        """Start a sync; where nobody is signed in, that comes first."""
        if self._stretch is None:
            return
        from assessor_app.services import syncing

        self.lanes.read(self, syncing.sign_in_wanted, self._begin_syncing, key="begin")

    def _begin_syncing(self, ended: SyncStatus | None) -> None:
        if ended is None:
            self._sync_at_once()
        elif self._way.is_automatic or (self._reporting.is_empty and self.window.inbox.model.total == 0):
            self.show_sign_in()
        else:
            # There is work that can go on: the bar asks, nothing stands in the way.
            self._settled(ended)

    @Slot()
    def show_sign_in(self) -> None:
        """Show the page that sends the person to her browser; in the demo it is done at once."""
        if self._stretch is not None:
            self._stretch.signing_in.ask()

    @Slot()
    def _sync_at_once(self) -> None:
        if self._stretch is not None:
            self._stretch.rounds.sync_now()

    @Slot(object)
    def _show_status(self, status: SyncStatus) -> None:
        window = self.window
        window.sync_bar.show_status(status)
        window.offline_banner.show_status(status)
        window.navigation.show_count("waiting", status.waiting + status.needs_you)
        if status.total and window.inbox.model.total == 0:
            window.inbox.show_first_sync(status.done, status.total)
        self._waiting = status.waiting
        self._is_offline = status.state.value == "offline"
        self._in_workspace("set_offline", self._is_offline)

    @Slot(object)
    def _settled(self, status: SyncStatus) -> None:
        self._show_status(status)
        self._has_settled = True
        if self._stretch is not None and self.window.inbox.model.total == 0:
            # Whether nothing is there can be said when what has just come was read.
            self._stretch.lists.reload()
        if status.state.value != "sign_in" or self.window.gate() is not None:
            return
        if self._way.is_automatic and not self._has_renewed:
            # Once: a platform that refuses what it has just given would be asked for ever.
            self._has_renewed = True
            self.show_sign_in()
        elif not self._way.is_automatic and self._reporting.is_empty and self.window.inbox.model.total == 0:
            self.show_sign_in()

    @Slot()
    def _end_first_sync(self) -> None:
        if self._has_settled:
            self.window.inbox.end_first_sync(is_offline=self._is_offline)

    @Slot()
    def _retry_all(self) -> None:
        if self._stretch is None:
            return
        from assessor_app.services import syncing

        self.lanes.write(syncing.try_all_again, done=self._retry_ready)

    def _retry_ready(self, _: ChangeSet) -> None:
        self.sync_now()

    # ---- what is shown ----

    @Slot(str)
    def open_submission(self, submission_id: str) -> None:
        """Open a submission in the workspace of this window's role, as soon as the store is open."""
        self._wanted = submission_id
        if self._stretch is None or self._reporting.open_about(submission_id):
            return
        from assessor_app.desk.workspace_making import make_workspace

        self._wanted, self._open_id = "", submission_id
        left, self._left = self._left, None
        workspace = make_workspace(self._role, self.lanes, submission_id, self._clock, self.window.keys, left)
        workspace.close_requested.connect(self._close_workspace)
        workspace.unsaved_changed.connect(self._show_unsaved)
        workspace.set_offline(self._is_offline)
        row = self.window.inbox.model.known_row(SubmissionId(submission_id))
        self.window.show_workspace(workspace, row.code if row else "")

    @Slot()
    def _close_workspace(self) -> None:
        self._in_workspace("flush")
        self.window.close_workspace()
        self.window.inbox.focus_list()
        if self._stretch is not None:
            self._stretch.copying.leave()

    @Slot(bool)
    def _show_unsaved(self, is_unsaved: bool) -> None:
        if is_unsaved:
            self.window.sync_bar.show_saving(1)

    @Slot()
    def _reset_layout(self) -> None:
        self._in_workspace("reset_layout")

    def keep_words(self, words: tuple[tuple[str, str], ...]) -> None:
        """Keep what stood in a window that is about to be closed; it is given back after unlocking."""
        if self._stretch is not None and words:
            self._stretch.given_back.keep(words)

    def keep_what_was_typed(self) -> None:
        """Queue the saving of whatever stands in a field."""
        self._in_workspace("flush")
        self._reporting.flush()

    def _in_workspace(self, name: str, *values: object) -> None:
        """Do what the open submission offers under this name, if there is one that offers it."""
        act = getattr(self.window.workspace(), name, None)
        if callable(act):
            act(*values)

    @Slot(str)
    def _place_shown(self, place: str) -> None:
        if place != "workspace":
            self._in_workspace("flush")

    def _fetch_rows(self, ids: Sequence[SubmissionId], deliver: Callable[[Sequence[InboxRow]], None]) -> None:
        if self._stretch is not None:
            self._stretch.lists.fetch_rows(ids, deliver)

    # ---- the end ----

    @Slot()
    def lock(self) -> None:
        """Commit what was typed, let go of key and store, and ask for the key again."""
        if self._end_stretch("lock", self.tr("Locked")):
            self._opening.begin_locked(locked_words(self._waiting))

    @Slot()
    def repair(self) -> None:
        """Let go of a store that is damaged, and open it anew: that begins with its repair."""
        if self._end_stretch("triangle-alert", self.tr("One moment")):
            self._opening.begin()

    def _end_stretch(self, icon: str, title: str) -> bool:
        """Let go of key and store; False when nothing was open."""
        if self.is_closed or self._stretch is None:
            return False
        from assessor_app.desk.left_place import left_place
        from assessor_app.desk.seen import clear_screen_copies

        self._wanted = self._open_id if self.window.workspace() is not None else ""
        self._in_workspace("flush")
        self._left = left_place(self.window.workspace())
        clear_screen_copies()
        self._reporting.forget()
        self.window.close_workspace()
        self.window.show_gate(GatePage(icon, title, locked_words(self._waiting)))
        self._release()
        self.window.inbox.forget()
        self.window.waiting.show_items((), {}, self._clock.now())
        self._make_lanes()
        return True

    @Slot()
    def close(self) -> None:
        """Commit what was typed, end the lanes, release the profile. Safe to call twice."""
        if self.is_closed:
            return
        self.keep_what_was_typed()
        self.is_closed = True
        self.window.close_workspace()
        self._release()
        self.closed.emit()

    def _release(self) -> None:
        """End one unlocked stretch: queued writes are done, calls under way are cut, the store is closed."""
        stretch, self._stretch = self._stretch, None
        if stretch is not None:
            stretch.end()
        self._opening.hurry()
        has_ended = self.lanes.close()
        self._opening.end()
        for gone in (stretch, self._opening):
            if gone is not None:
                gone.deleteLater()
        if has_ended:
            # A thread that is still at work may yet want to leave its answer there.
            self.lanes.deleteLater()
