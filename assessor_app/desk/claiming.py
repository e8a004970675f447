"""Taking work, giving it back, keeping it longer: connects the dialogs with the platform."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QObject, Slot

from assessor_app.clock import Clock
from assessor_app.domain.claims import ClaimAnswer, ClaimOutcome, QueueCount
from assessor_app.domain.ids import MicrocredentialId, SubmissionId
from assessor_app.domain.inbox import InboxRow
from assessor_app.errors import KnownError
from assessor_app.services import claiming
from assessor_app.services.context import Context
from assessor_app.ui.bulk_dialog import BulkDialog
from assessor_app.ui.claim_dialog import ClaimDialog
from assessor_app.ui.inbox_actions import InboxActions
from assessor_app.ui.main_window import MainWindow
from assessor_app.ui.tasks import Lanes


class _Stop:
    """Set on the GUI thread, asked on the lane."""

    is_wanted = False


class Claiming(QObject):
    """One dialog at a time, for one unlocked stretch."""

    def __init__(
        self,
        window: MainWindow,
        actions: InboxActions,
        lanes: Lanes,
        clock: Clock,
        sync_now: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        """Listen to the inbox's actions.

        Args:
            window: parent of the dialogs.
            actions: what the person asks for.
            lanes: where the platform is asked.
            clock: for words about until when.
            sync_now: brings what was taken.
            parent: Qt parent.
        """
        super().__init__(parent)
        self._window, self._lanes, self._clock, self._sync_now = window, lanes, clock, sync_now
        self._dialog: ClaimDialog | BulkDialog | None = None
        self._stop = _Stop()
        actions.claim_wanted.connect(self._ask_claim)
        actions.release_wanted.connect(self._ask_release)
        actions.renew_wanted.connect(self._ask_renew)

    def cancel(self) -> None:
        """Let go of what is open: the profile is being locked."""
        self._stop.is_wanted = True
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None

    # ---- claiming ----

    @Slot()
    def _ask_claim(self) -> None:
        dialog = ClaimDialog(self._window)
        dialog.again_wanted.connect(self._ask_queue)
        dialog.claim_wanted.connect(self._claim)
        self._open(dialog)
        self._ask_queue()

    @Slot()
    def _ask_queue(self) -> None:
        self._lanes.network(claiming.queue, owner=self, done=self._show_queue, failed=self._failed)

    def _show_queue(self, counts: Sequence[QueueCount]) -> None:
        if isinstance(self._dialog, ClaimDialog):
            self._dialog.show_queue(counts)

    @Slot(dict)
    def _claim(self, wanted: Mapping[MicrocredentialId, int]) -> None:
        stop = self._begin()

        def job(context: Context) -> tuple[ClaimOutcome, ...]:
            return claiming.claim(context, wanted, report=self._tell, cancelled=lambda: stop.is_wanted)

        self._lanes.network(job, owner=self, done=self._done, failed=self._failed)

    # ---- giving back and keeping ----

    @Slot(list)
    def _ask_release(self, rows: Sequence[InboxRow]) -> None:
        self._ask(BulkDialog(rows, gives_back=True, parent=self._window), claiming.release)

    @Slot(list)
    def _ask_renew(self, rows: Sequence[InboxRow]) -> None:
        self._ask(BulkDialog(rows, gives_back=False, parent=self._window), claiming.renew)

    def _ask(self, dialog: BulkDialog, verb: Callable[..., tuple[ClaimOutcome, ...]]) -> None:
        def run(ids: Sequence[SubmissionId]) -> None:
            stop = self._begin()

            def job(context: Context) -> tuple[ClaimOutcome, ...]:
                return verb(context, ids, report=self._tell, cancelled=lambda: stop.is_wanted)

            self._lanes.network(job, owner=self, done=self._done, failed=self._failed)

        dialog.go_wanted.connect(run)
        self._open(dialog)

    # ---- inside ----

    def _open(self, dialog: ClaimDialog | BulkDialog) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
        self._dialog = dialog
        dialog.stop_wanted.connect(self._want_stop)
        dialog.finished.connect(self._closed)
        dialog.open()

    @Slot()
    def _closed(self) -> None:
        if self._dialog is not None:
            self._dialog.deleteLater()
            self._dialog = None
        self._window.inbox.focus_list()

    @Slot()
    def _want_stop(self) -> None:
        self._stop.is_wanted = True

    def _begin(self) -> _Stop:
        self._stop = _Stop()
        return self._stop

    def _tell(self, outcomes: Sequence[ClaimOutcome]) -> None:
        """On the lane's thread."""
        self._lanes.report(self._show_progress, tuple(outcomes))

    def _show_progress(self, outcomes: Sequence[ClaimOutcome]) -> None:
        if self._dialog is not None:
            self._dialog.show_progress(outcomes)

    def _done(self, outcomes: Sequence[ClaimOutcome]) -> None:
        if self._dialog is not None:
            self._dialog.show_done(outcomes, self._clock.now())
        if any(outcome.answer in (ClaimAnswer.DONE, ClaimAnswer.NOT_YOURS) for outcome in outcomes):
            self._sync_now()

    def _failed(self, error: KnownError) -> None:
        if self._dialog is not None:
            self._dialog.show_trouble(error)
