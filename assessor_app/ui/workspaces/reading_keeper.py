"""Keeps how far each piece of evidence was read: at once on screen, a little later in the local store."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.reading import ReadingState
from assessor_app.errors import KnownError
from assessor_app.services import reading_progress
from assessor_app.ui.tasks import Lanes

_KEEP_AFTER_MS = 3000


class ReadingKeeper(QObject):
    """What was read of one submission. It is written behind everything that the person does.

    Args:
        lanes: where it is read and written.
        submission_id: whose evidence.
        parent: the view that shows it.
    """

    changed = Signal()
    """More is known than before."""

    def __init__(self, lanes: Lanes, submission_id: SubmissionId, parent: QObject) -> None:
        super().__init__(parent)
        self._lanes, self._submission_id = lanes, submission_id
        self._states: dict[str, ReadingState] = {}
        self._pending: dict[str, ReadingState] = {}
        self._timer = QTimer(self, singleShot=True, interval=_KEEP_AFTER_MS)
        self._timer.timeout.connect(self.flush)
        lanes.read(self, lambda context: reading_progress.load(context, submission_id), self._take)

    @property
    def states(self) -> Mapping[str, ReadingState]:
        """What was read, by the id of artifact, response or link; what is missing was never opened."""
        return self._states

    @Slot(object)
    def add(self, more: ReadingState) -> None:
        """Something was opened or read on."""
        if not more.source_id:
            return
        before = self._states.get(more.source_id)
        after = more if before is None else before.with_more(more)
        if after == before:
            return
        self._states[more.source_id] = self._pending[more.source_id] = after
        if not self._timer.isActive():
            self._timer.start()
        self.changed.emit()

    @Slot()
    def flush(self) -> None:
        """Write what is not written yet."""
        self._timer.stop()
        if not self._pending:
            return
        more, self._pending = tuple(self._pending.values()), {}
        submission_id = self._submission_id
        self._lanes.write(
            lambda context: reading_progress.keep(context, submission_id, more),
            failed=_let_go,
            background=True,
        )

    def _take(self, stored: tuple[ReadingState, ...]) -> None:
        for state in stored:
            known = self._states.get(state.source_id)
            self._states[state.source_id] = state if known is None else state.with_more(known)
        if stored:
            self.changed.emit()


def _let_go(_error: KnownError) -> None:
    """A hint that could not be kept is not worth a word: what matters tells of the same trouble itself."""
