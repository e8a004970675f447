"""The desk of one open profile: connects windows, lanes, verbs and sync. Every connection stands here.

The start has two halves. Up to the first painted inbox only PySide6, sqlcipher3 and key access are loaded;
the heavy half - models, HTTP, the render worker - is loaded on a lane while the window is already there.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from assessor_app.cache.first_rows import first_rows
from assessor_app.clock import Clock
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.inbox import InboxRow
from assessor_app.domain.roles import Role
from assessor_app.errors import KnownError
from assessor_app.services.profiles import Profile
from assessor_app.ui.external_links import open_sign_in_page
from assessor_app.ui.gate import GatePage
from assessor_app.ui.inbox import Inbox
from assessor_app.ui.main_window import MainWindow
from assessor_app.ui.sign_in import SignInPage
from assessor_app.ui.tasks import Lanes, Ticket
from assessor_app.ui.theme import Theme
from assessor_app.ui.unlock import UnlockPage
from assessor_app.ui.waiting_list import WaitingList
from assessor_app.vault import keys
from assessor_app.vault.keys import KeyStatus, MasterKey

if TYPE_CHECKING:
    from assessor_app.services.context import Context
    from assessor_app.services.views import SyncStatus
    from assessor_app.ui.sync_rounds import SyncRounds

PASSPHRASE_VARIABLE = "ASSESSOR_PASSPHRASE"
"""For unattended starts - the demo, tests; otherwise the passphrase is asked for in the window."""
INBOX_RELOAD_MS = 60


@dataclass(frozen=True, slots=True)
class SignInWay:
    """How a person signs in on this desk."""

    account: str = ""
    """Suggested to the platform."""
    browser: Callable[[str], object] = open_sign_in_page
    """Opens the platform's page. The demo's walks through it by itself, on a lane."""
    is_automatic: bool = False
    """Whether sign-in starts without a click."""


class Desk(QObject):
    """One open profile: its window and everything behind it."""

    opened = Signal()
    """The store is open and the first whole inbox has been asked for."""
    closed = Signal()

    def __init__(self, profile: Profile, role: Role, theme: Theme, clock: Clock, way: SignInWay) -> None:
        """Build the window and its lanes; `start` opens the profile."""
        super().__init__()
        self._profile, self._role, self._clock, self._way = profile, role, clock, way
        self._master: MasterKey | None = None
        self._context: Context | None = None
        self.rounds: SyncRounds | None = None
        self._sign_in_ticket: Ticket | None = None
        self._is_closed = False
        self._is_offline = False
        self._wanted = ""
        self.lanes = Lanes(None, self, clock=clock)
        inbox = Inbox(self._fetch_rows, clock.now, role=role)
        self.window = MainWindow(inbox, WaitingList(), theme, role=role)
        self._inbox_timer = QTimer(self)
        self._inbox_timer.setSingleShot(True)
        self._inbox_timer.setInterval(INBOX_RELOAD_MS)
        self._inbox_timer.timeout.connect(self._reload_inbox)
        self._connect()

    def _connect(self) -> None:
        window, lanes = self.window, self.lanes
        lanes.trouble.connect(window.show_error)
        lanes.bug.connect(window.show_bug)
        lanes.saved.connect(window.sync_bar.show_saved)
        lanes.busy_with_saves.connect(window.sync_bar.show_saving)
        lanes.changed.connect(self._changed)
        window.inbox.open_requested.connect(self.open_submission)
        window.waiting.open_requested.connect(self.open_submission)
        window.waiting.retry_requested.connect(self._retry_all)
        window.sync_bar.retry_requested.connect(self.sync_now)
        window.sync_bar.sign_in_requested.connect(self.show_sign_in)
        window.menus.on("sync.now", self.sync_now)
        window.menus.on("app.sign_in", self.show_sign_in)
        window.menus.on("view.reset_layout", self._reset_layout)
        window.about_to_close.connect(self.close)
        window.place_shown.connect(self._place_shown)

    # ---- opening: key, first rows, the rest ----

    def start(self) -> None:
        """Open the profile: the key first, then what is on the disk, then the rest."""
        status = keys.key_status(self._profile.folder)
        passphrase = os.environ.get(PASSPHRASE_VARIABLE)
        if status is KeyStatus.PASSPHRASE and passphrase is None:
            self._ask_passphrase()
        else:
            self._unlock(status, passphrase)

    def _ask_passphrase(self, *, is_new: bool = False) -> None:
        page = UnlockPage(has_recovery_code=not is_new)
        page.passphrase_given.connect(self._try_passphrase)
        page.recovery_code_given.connect(self._try_recovery_code)
        self.window.show_gate(page)
        self._gate = page

    def _unlock(self, status: KeyStatus, passphrase: str | None) -> None:
        folder, profile_id, clock = self._profile.folder, self._profile.id, self._clock

        def key(_: Any) -> MasterKey | None:
            if status is not KeyStatus.NEW:
                return keys.open_key(folder, profile_id, passphrase=passphrase)
            if passphrase is None and not keys.keyring_usable():
                return None
            return keys.create_key(folder, profile_id, clock=clock, passphrase=passphrase)

        self.lanes.network(key, owner=self, done=self._unlocked, failed=self._locked)

    @Slot(str)
    def _try_passphrase(self, passphrase: str) -> None:
        self._gate.show_busy(True)
        self._unlock(keys.key_status(self._profile.folder), passphrase)

    @Slot(str)
    def _try_recovery_code(self, code: str) -> None:
        self._gate.show_busy(True)
        folder, profile_id = self._profile.folder, self._profile.id
        self.lanes.network(
            lambda _: keys.open_with_recovery_code(folder, profile_id, code),
            owner=self,
            done=self._unlocked,
            failed=self._locked,
        )

    def _locked(self, error: KnownError) -> None:
        if isinstance(self.window.gate(), UnlockPage):
            self._gate.show_error(error)
        else:
            self._refuse(error)

    def _unlocked(self, master: MasterKey | None) -> None:
        if master is None:
            self._ask_passphrase(is_new=True)
            return
        self.window.open_gate()
        self._master = master
        folder, key, role = self._profile.folder, master.database_key(), self._role
        self.window.show_place(self.window.place_for(role))
        self.lanes.read(
            self, lambda _: first_rows(folder, key, role), self._show_first_rows, failed=self._refuse
        )

    def _show_first_rows(self, rows: tuple[InboxRow, ...]) -> None:
        self.window.inbox.show_first_rows(rows)
        if not rows:
            self.window.inbox.show_first_sync(0, 0)
        # The heavy half begins once these rows have been painted.
        QTimer.singleShot(0, self, self._open_rest)

    @Slot()
    def _open_rest(self) -> None:
        if self._master is None or self._is_closed:
            return
        key, profile, role, clock = self._master.database_key(), self._profile, self._role, self._clock

        def build(_: Any) -> Context:
            from assessor_app.services.opening import open_context
            from assessor_app.ui import sync_rounds  # noqa: F401 - loaded here, off the GUI thread
            from assessor_app.ui.workspaces import approver, assessor  # noqa: F401

            return open_context(profile.folder, key, origin=profile.origin, role=role, clock=clock)

        self.lanes.network(build, owner=self, done=self._ready, failed=self._refuse)

    def _ready(self, context: Context) -> None:
        from assessor_app.ui.sync_rounds import SyncRounds

        self._context = context
        self.lanes.context = context
        self.rounds = SyncRounds(self.lanes, self)
        self.rounds.status.connect(self._show_status)
        self.rounds.settled.connect(self._settled)
        self._reload_inbox()
        self._reload_waiting()
        self.opened.emit()
        if self._wanted:
            self.open_submission(self._wanted)
        from assessor_app.services import syncing

        self.lanes.read(self, syncing.is_signed_in, self._begin_syncing)

    def _refuse(self, error: KnownError) -> None:
        """The profile cannot be opened: say so on a page of its own."""
        page = GatePage("triangle-alert", error.title, f"{error.message} {error.next_step}".strip())
        self.window.show_gate(page)

    # ---- sign-in and sync ----

    def _begin_syncing(self, is_signed_in: bool) -> None:
        if is_signed_in and self.rounds is not None:
            self.rounds.sync_now()
        elif self._way.is_automatic:
            self._sign_in()
        else:
            self.show_sign_in()

    @Slot()
    def show_sign_in(self) -> None:
        """Show the page that sends the person to her browser; in the demo it is done at once."""
        if self._context is None:
            return
        if self._way.is_automatic:
            self._sign_in()
            return
        host = urlsplit(self._profile.origin).netloc
        page = SignInPage(host, has_work=self.window.inbox.model.total > 0)
        page.sign_in_requested.connect(self._sign_in)
        page.cancelled.connect(self._cancel_sign_in)
        page.work_offline_requested.connect(self.window.open_gate)
        self.window.show_gate(page)

    @Slot()
    def _sign_in(self) -> None:
        from assessor_app.services import syncing

        def job(context: Context) -> ChangeSet:
            return syncing.sign_in(
                context,
                open_browser=lambda url: self.lanes.report(self._open_browser, url),
                login_hint=self._way.account,
                cancelled=lambda: ticket is not None and ticket.is_cancelled,
            )

        ticket: Ticket | None = None
        ticket = self.lanes.network(job, owner=self, done=self._signed_in, failed=self._not_signed_in)
        self._sign_in_ticket = ticket

    @Slot()
    def _cancel_sign_in(self) -> None:
        if self._sign_in_ticket is not None:
            self._sign_in_ticket.cancel()

    def _open_browser(self, url: str) -> None:
        if self._way.is_automatic:
            self.lanes.read(self, lambda _: self._way.browser(url), lambda _: None)
        else:
            self._way.browser(url)

    def _signed_in(self, _: ChangeSet) -> None:
        self.window.open_gate()
        if self.rounds is not None:
            self.rounds.sync_now()

    def _not_signed_in(self, error: KnownError) -> None:
        gate = self.window.gate()
        if isinstance(gate, SignInPage):
            gate.show_error(error)
            return
        from assessor_app.services.views import SyncState, SyncStatus

        state = SyncState.OFFLINE if self._way.is_automatic else SyncState.SIGN_IN
        self._show_status(SyncStatus(state, message=error.title))
        self.window.inbox.end_first_sync()

    @Slot()
    def sync_now(self) -> None:
        """Start a sync; in the demo an unfinished sign-in is made up for first."""
        if self._context is None or self.rounds is None:
            return
        from assessor_app.services import syncing

        self.lanes.read(self, syncing.is_signed_in, self._begin_syncing, key="begin")

    @Slot(object)
    def _show_status(self, status: SyncStatus) -> None:
        self.window.sync_bar.show_status(status)
        self.window.offline_banner.show_status(status)
        self.window.navigation.show_count("waiting", status.waiting + status.needs_you)
        if status.total and self.window.inbox.model.total == 0:
            self.window.inbox.show_first_sync(status.done, status.total)

        self._is_offline = status.state.value == "offline"
        self._in_workspace("set_offline", self._is_offline)

    @Slot(object)
    def _settled(self, status: SyncStatus) -> None:
        self.window.inbox.end_first_sync()
        if status.state.value == "sign_in" and self.window.workspace() is None:
            self.show_sign_in()

    # ---- what is shown ----

    @Slot(str)
    def open_submission(self, submission_id: str) -> None:
        """Open a submission in the workspace of this window's role, as soon as the store is open."""
        if self._context is None:
            self._wanted = submission_id
            return
        from assessor_app.ui.workspaces.approver import ApproverWorkspace
        from assessor_app.ui.workspaces.assessor import AssessorWorkspace

        kind = ApproverWorkspace if self._role is Role.APPROVER else AssessorWorkspace
        workspace = kind(self.lanes, SubmissionId(submission_id), self._clock.now, keys=self.window.keys)
        workspace.close_requested.connect(self._close_workspace)
        workspace.unsaved_changed.connect(self._show_unsaved)
        workspace.set_offline(self._is_offline)
        row = self.window.inbox.model.known_row(SubmissionId(submission_id))
        self.window.show_workspace(workspace, row.code if row else "")

    @Slot()
    def _close_workspace(self) -> None:
        self._flush()
        self.window.close_workspace()
        self.window.inbox.focus_list()

    @Slot(bool)
    def _show_unsaved(self, is_unsaved: bool) -> None:
        if is_unsaved:
            self.window.sync_bar.show_saving(1)

    @Slot()
    def _reset_layout(self) -> None:
        self._in_workspace("reset_layout")

    def _in_workspace(self, name: str, *values: object) -> None:
        """Do what the open submission offers under this name, if there is one that offers it."""
        act = getattr(self.window.workspace(), name, None)
        if callable(act):
            act(*values)

    @Slot(str)
    def _place_shown(self, place: str) -> None:
        if place != "workspace":
            self._flush()

    def _flush(self) -> None:
        self._in_workspace("flush")

    @Slot(object)
    def _changed(self, changes: ChangeSet) -> None:
        if changes.inbox:
            self._inbox_timer.start()
        if changes.outbox:
            self._reload_waiting()

    def _fetch_rows(self, ids: Sequence[SubmissionId], deliver: Callable[[Sequence[InboxRow]], None]) -> None:
        if self._context is None:
            return
        from assessor_app.services import reading

        self.lanes.read(self, lambda context: reading.inbox_rows(context, ids), deliver)

    @Slot()
    def _reload_inbox(self) -> None:
        if self._context is None or self._is_closed:
            return
        from assessor_app.services import reading

        self.lanes.read(self, reading.inbox_overview, self._take_inbox, key="inbox")

    def _take_inbox(self, overview: tuple[tuple[SubmissionId, ...], Any]) -> None:
        ids, labels = overview
        self.window.inbox.set_labels(labels)
        self.window.inbox.set_ids(ids)

    def _reload_waiting(self) -> None:
        if self._context is None or self._is_closed:
            return
        from assessor_app.services import reading

        self.lanes.read(self, reading.waiting, self._take_waiting, key="waiting")

    def _take_waiting(self, found: Any) -> None:
        items = tuple(item for item, _ in found)
        titles = {item.submission_id: title for item, title in found}
        self.window.waiting.show_items(items, titles, self._clock.now())

    @Slot()
    def _retry_all(self) -> None:
        from assessor_app.services import syncing

        self.lanes.write(syncing.try_all_again, done=self._retry_ready)

    def _retry_ready(self, _: ChangeSet) -> None:
        self.sync_now()

    # ---- the end ----

    @Slot()
    def look_up(self) -> None:
        """Do nothing: gives the interpreter a moment to notice a signal of the system."""

    @Slot()
    def close(self) -> None:
        """Commit what was typed, end the lanes, release the profile. Safe to call twice."""
        if self._is_closed:
            return
        self._flush()
        self._is_closed = True
        self._inbox_timer.stop()
        if self.rounds is not None:
            self.rounds.stop()
        self._cancel_sign_in()
        self.window.close_workspace()
        self.lanes.close()
        if self._context is not None:
            from assessor_app.services.opening import close_context

            close_context(self._context)
        self.closed.emit()
