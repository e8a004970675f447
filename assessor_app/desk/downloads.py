"""Evidence comes when somebody reads: the open submission first, and at once what she asks for."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot

from assessor_app.config import Config
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.downloads import Limits
from assessor_app.domain.ids import SubmissionId
from assessor_app.services import downloading
from assessor_app.services.context import Context
from assessor_app.ui.main_window import MainWindow
from assessor_app.ui.network_watch import NetworkWatch
from assessor_app.ui.sync_rounds import SyncRounds
from assessor_app.ui.tasks import Lanes


def limits_of(config: Config) -> Limits:
    """What holds for downloads: the person's choices, within the rules of the machine."""
    return Limits(
        bytes_per_s=1000 * config.speed_kb_per_s,
        large_bytes=1000**2 * config.large_file_mb,
        waits_on_metered=config.waits_on_metered,
        quota_bytes=1000**3 * config.room_gb,
    )


class DownloadDesk(QObject):
    """Connects the window, the network and the rounds, for one unlocked stretch."""

    def __init__(
        self,
        context: Context,
        window: MainWindow,
        network: NetworkWatch,
        lanes: Lanes,
        rounds: SyncRounds,
        parent: QObject | None = None,
    ) -> None:
        """Listen.

        Args:
            context: the open profile.
            window: tells what is opened, and asks for a pause.
            network: tells whether the connection is metered.
            lanes: where the store is asked.
            rounds: fetch.
            parent: Qt parent.
        """
        super().__init__(parent)
        self._gate, self._window, self._lanes, self._rounds = context.downloads, window, lanes, rounds
        window.place_shown.connect(self._place_shown)
        window.sync_bar.pause_requested.connect(self._pause)
        network.metered.connect(self._metered)
        self._gate.is_metered = network.is_metered
        lanes.changed.connect(self._changed)

    @Slot(str)
    def _place_shown(self, place: str) -> None:
        submission_id = getattr(self._window.workspace(), "submission_id", None)
        if place == "workspace" and submission_id is not None:
            wanted = SubmissionId(submission_id)
            self._lanes.read(
                self, lambda context: downloading.put_first(context, wanted), self._go_on, key="first"
            )

    def _go_on(self, is_missing: bool) -> None:
        if is_missing:
            self._rounds.sync_now()

    @Slot(object)
    def _changed(self, changes: ChangeSet) -> None:
        """What somebody asked for comes at once; what a round brought has no initiator."""
        if changes.evidence and changes.initiator is not None:
            self._rounds.sync_now()

    @Slot(bool)
    def _pause(self, is_paused: bool) -> None:
        self._gate.pause(is_paused)
        self._lanes.broadcast(ChangeSet(inbox=True))
        self._rounds.sync_now()

    @Slot(bool)
    def _metered(self, is_metered: bool) -> None:
        self._gate.is_metered = is_metered
        if not is_metered:
            self._rounds.sync_now()
