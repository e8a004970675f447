"""Everything that lives for one unlocked stretch of a profile: made when it opens, ended when it locks.

A part is anything with `cancel()`, if it has something under way; `end` cancels all and lets go of them. The
module is loaded after the first paint, so that its imports cost no start-up time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, Slot

from assessor_app.clock import Clock
from assessor_app.desk.claiming import Claiming
from assessor_app.desk.comment_bank import CommentBank
from assessor_app.desk.copying_soon import CopyingSoon
from assessor_app.desk.downloads import DownloadDesk
from assessor_app.desk.given_back import GivenBack
from assessor_app.desk.inbox_work import InboxWork
from assessor_app.desk.lists import Lists
from assessor_app.desk.signing_in import SigningIn
from assessor_app.desk.standing_notes import StandingNotes
from assessor_app.desk.store_keeping import StoreKeeping
from assessor_app.desk.trips import TripDesk
from assessor_app.desk.unsent import UnsentDesk
from assessor_app.desk.way import SignInWay
from assessor_app.desk.writing_watch import WritingWatch
from assessor_app.services.context import Context
from assessor_app.services.profiles import Profile
from assessor_app.ui.conflict.opening import Comparing
from assessor_app.ui.external_links import open_network_page
from assessor_app.ui.inbox_actions import InboxActions
from assessor_app.ui.main_window import MainWindow
from assessor_app.ui.network_watch import NetworkWatch
from assessor_app.ui.sync_rounds import SyncRounds
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.viewers.guard.scanning import Scanning
from assessor_app.ui.workspaces.assessor import AssessorWorkspace


@dataclass(frozen=True, slots=True)
class Asked:
    """What parts ask of the desk."""

    open_submission: Callable[[str], None]
    sync_now: Callable[[], None]
    repair: Callable[[], None]


class Stretch(QObject):
    """The parts of one unlocked stretch."""

    def __init__(
        self,
        context: Context,
        profile: Profile,
        way: SignInWay,
        window: MainWindow,
        actions: InboxActions,
        lanes: Lanes,
        clock: Clock,
        parent: QObject,
        *,
        asked: Asked,
    ) -> None:
        """Make every part.

        Args:
            context: the open profile.
            profile: which one it is.
            way: how a person signs in here.
            window: the window that shows it.
            actions: what the person asks of rows of the inbox.
            lanes: those of this stretch.
            clock: for times.
            parent: the desk.
            asked: what parts ask of the desk.
        """
        super().__init__(parent)
        self.context, self._window, self._asked = context, window, asked
        self.lists = Lists(window, lanes, clock, self)
        self.inbox_work = InboxWork(window, lanes, asked.open_submission, self)
        self.claiming = Claiming(window, actions, lanes, clock, asked.sync_now, self)
        self.signing_in = SigningIn(way, profile.origin, window, lanes, self)
        self.unsent = UnsentDesk(window, lanes, clock, self)
        self.signing_in.export_requested.connect(self.unsent.export)
        self.rounds = SyncRounds(lanes, self)
        self.writing = WritingWatch(window, lanes, self)
        self.rounds.is_writing = self.writing.is_writing
        self.rounds.status.connect(self.writing.show_status)
        self.rounds.status.connect(window.waiting.show_status)
        self.writing.left.connect(self.rounds.sync_now)
        self._origin = profile.origin
        self._network = NetworkWatch(self)
        self._network.changed.connect(self.rounds.try_at_once)
        window.sync_bar.browser_requested.connect(self._open_network_page)
        self.scanning = Scanning(lanes, self)
        self.store_keeping = StoreKeeping(lanes, asked.repair, self)
        self.notes = StandingNotes(profile.folder, context.role, lanes, clock, self)
        self.signing_in.signed_in.connect(self.notes.signed_in)
        self.given_back = GivenBack(window, lanes, self)
        self.comments = CommentBank(window, lanes, self)
        self.store_keeping.disk_full.connect(window.sync_bar.show_disk_full)
        self.trips = TripDesk(
            window, actions, lanes, self.lists, self.rounds, clock, asked.open_submission, self
        )
        self.downloads = DownloadDesk(context, window, self._network, lanes, self.rounds, self)
        self.comparing = Comparing(window, lanes, parent=self)
        window.waiting.compare_requested.connect(self.comparing.open)
        self.comparing.finished.connect(self._go_on)
        self.copying = self._copying(lanes, clock)

    def _copying(self, lanes: Lanes, clock: Clock) -> CopyingSoon:
        copying = CopyingSoon(lanes, clock, self)
        copying.wanted.connect(self.rounds.copy_drafts)
        return copying

    @Slot()
    def _open_network_page(self) -> None:
        open_network_page(self._origin)
        self.rounds.expect_soon()

    @Slot(str, bool)
    def _go_on(self, submission_id: str, and_send: bool) -> None:
        """What was put together is to be checked and sent, or decided anew."""
        if not and_send:
            return
        self._asked.open_submission(submission_id)
        workspace = self._window.workspace()
        if isinstance(workspace, AssessorWorkspace):
            once = Qt.ConnectionType.SingleShotConnection
            workspace.shown.connect(workspace.review_mode.show, once)

    def end(self) -> None:
        """Cancel what is under way; the lanes are closed next, and then the parts go with this object."""
        for part in self.children():
            cancel = getattr(part, "cancel", None)
            if callable(cancel):
                cancel()
