"""Has the small pictures of the frame strip made, one at a time, behind everything else."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from assessor_app.documents.media_probe import StripFrame, strip_moments
from assessor_app.documents.pages import EvidenceSource
from assessor_app.errors import KnownError
from assessor_app.services import recordings
from assessor_app.services.recordings import Recording
from assessor_app.ui.tasks import Lanes, Ticket

_PRIORITY = -1_000


class StripMaker(QObject):
    """Asks the child of the trial for picture after picture, and keeps them for the next time.

    Args:
        lanes: where the child is asked.
        parent: Qt parent.
    """

    came = Signal(object)
    """StripFrame: one more picture."""

    def __init__(self, lanes: Lanes, parent: QObject) -> None:
        super().__init__(parent)
        self._lanes = lanes
        self._recording: Recording | None = None
        self._source: EvidenceSource | None = None
        self._frames: list[StripFrame] = []
        self._ticket: Ticket | None = None

    def open(self, recording: Recording, source: EvidenceSource) -> None:
        """Begin with a recording; pictures that are known come at once."""
        self._recording, self._source, self._frames = recording, source, []
        for frame in recording.strip:
            self.came.emit(frame)
        self._ask()

    def close(self) -> None:
        """End the work and the child."""
        if self._ticket is not None:
            self._ticket.cancel()
        if self._recording is not None and self._recording.child is not None:
            self._recording.child.end()
        self._recording = self._source = self._ticket = None

    def _ask(self) -> None:
        recording = self._recording
        if recording is None or recording.child is None:
            return
        moments = strip_moments(recording.facts)
        if len(self._frames) == len(moments):
            self._keep(recording)
            return
        child, at_ms = recording.child, moments[len(self._frames)]
        self._ticket = self._lanes.render(
            self,
            lambda _context: child.frame(at_ms),
            self._take,
            failed=self._stop,
            key="strip",
            priority=_PRIORITY,
        )

    def _take(self, frame: StripFrame) -> None:
        self._frames.append(frame)
        self.came.emit(frame)
        self._ask()

    def _stop(self, error: KnownError) -> None:
        """The strip stays as far as it came; the recording plays without it."""
        del error

    def _keep(self, recording: Recording) -> None:
        source, strip = self._source, tuple(self._frames)
        if recording.child is not None:
            recording.child.end()
        if source is not None:
            self._lanes.write(
                lambda context: recordings.keep_strip(context, source, recording.facts, strip),
                background=True,
            )
