"""Notes what the list of accounts shows of a profile: when it was open, and how much is unsent."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Slot

from assessor_app.clock import Clock
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.roles import Role
from assessor_app.services import profiles
from assessor_app.services.context import Context
from assessor_app.services.unsent import unsent_work
from assessor_app.ui.tasks import Lanes

COUNT_MS = 3_000
"""Changes that come together are counted together."""
_log = logging.getLogger(__name__)


class StandingNotes(QObject):
    """One for each unlocked stretch. A note that cannot be written costs a line of the list, nothing else."""

    def __init__(
        self, folder: Path, role: Role, lanes: Lanes, clock: Clock, parent: QObject | None = None
    ) -> None:
        """Note that the profile is open, and count soon."""
        super().__init__(parent)
        self._folder, self._lanes, self._clock = folder, lanes, clock
        self._noted = [-1]
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(COUNT_MS)
        self._timer.timeout.connect(self._count)
        lanes.changed.connect(self._changed)
        self._note(lambda _: profiles.note_opened(folder, role, clock.now()))
        self._timer.start()

    def cancel(self) -> None:
        """Count once more, behind the last writes of this stretch, which nobody has told of yet."""
        self._timer.stop()
        self._count()

    @Slot()
    def signed_in(self) -> None:
        """Note that the person has signed in."""
        folder = self._folder
        self._note(lambda _: profiles.note_signed_out(folder, False))

    @Slot(object)
    def _changed(self, changes: ChangeSet) -> None:
        if changes and not self._timer.isActive():
            self._timer.start()

    @Slot()
    def _count(self) -> None:
        folder, clock, noted = self._folder, self._clock, self._noted

        def count(context: Context) -> None:
            number = len(unsent_work(context))
            if number != noted[0]:
                noted[0] = number
                profiles.note_unsent(folder, number, clock.now())

        self._note(count)

    def _note(self, write: Callable[[Context], None]) -> None:
        def job(context: Context) -> ChangeSet:
            try:
                write(context)
            except OSError as error:
                _log.info("what the list of accounts shows was not kept: %s", type(error).__name__)
            return ChangeSet()

        self._lanes.write(job, background=True)
