"""What a download is told while it runs: whose file comes first, how fast, whether to wait. Loads little."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from assessor_app.clock import Clock
from assessor_app.domain.downloads import Limits
from assessor_app.domain.ids import SubmissionId
from assessor_app.sync.rate import Rate

FIRST_AT_MOST = 3
"""So many of the submissions that were opened last go before everything else."""
TOLD_EVERY_S = 0.5


@dataclass(frozen=True, slots=True)
class Coming:
    """One file that is coming."""

    blob_id: str
    submission_id: SubmissionId
    received_bytes: int
    size_bytes: int


@dataclass(slots=True)
class DownloadGate:
    """What lasts as long as the profile is open; safe to use from several threads."""

    clock: Clock = field(default_factory=Clock)
    limits: Limits = field(default_factory=Limits)
    """The person's choices, within the rules of the machine."""
    is_metered: bool = False
    """Whether the system says that the present network counts bytes."""
    is_paused: bool = False
    """Whether the person wants nothing to come for now."""
    held: int = 0
    """So many wanted files do not come by themselves, as the last round found."""
    coming: Coming | None = None
    """The file that is being fetched."""
    tell: Callable[[], None] = lambda: None
    """Called from the network lane when more of a file has come, at most twice a second."""
    _first: tuple[SubmissionId, ...] = ()
    _turn: int = 0
    _is_ended: bool = False
    _bell: threading.Condition = field(default_factory=threading.Condition)
    _rate: Rate | None = None
    _told_s: float = 0.0

    @property
    def first(self) -> tuple[SubmissionId, ...]:
        """Submissions that somebody waits for, newest first."""
        return self._first

    @property
    def turn(self) -> int:
        """Counts up when somebody begins to wait for another submission."""
        return self._turn

    def put_first(self, submission_id: SubmissionId, *, again: bool = False) -> None:
        """Somebody reads a submission now: what is missing of it comes before everything else.

        Args:
            submission_id: which.
            again: look at it anew where it is first already: something of it was asked for.
        """
        with self._bell:
            if self._first[:1] == (submission_id,) and not again:
                return
            others = (key for key in self._first if key != submission_id)
            self._first = (submission_id, *others)[:FIRST_AT_MOST]
            self._turn += 1
            self._bell.notify_all()

    def pause(self, is_paused: bool) -> None:
        """Let nothing come for now, or go on."""
        with self._bell:
            self.is_paused = is_paused
            self._bell.notify_all()

    def limit(self, limits: Limits) -> None:
        """Follow other choices from the next bytes on."""
        with self._bell:
            self.limits = limits
            self._bell.notify_all()

    def end(self) -> None:
        """The profile is being closed: nobody waits any more."""
        with self._bell:
            self._is_ended = True
            self._bell.notify_all()

    @property
    def is_still(self) -> bool:
        """Whether nothing is to come for now."""
        return self.is_paused or self._is_ended

    def makes_way(self, submission_id: SubmissionId, turn: int) -> bool:
        """Whether the file of a submission that was begun in a turn has to stop for now."""
        return self.is_still or (self._turn != turn and self._first[:1] != (submission_id,))

    def wait(self, seconds: float) -> None:
        """Wait, unless something changes."""
        if seconds > 0:
            with self._bell:
                if not self._is_ended:
                    self._bell.wait(seconds)

    def came(self, coming: Coming, count: int) -> None:
        """Bytes have come: tells of them, and waits as long as the limit wants."""
        self.coming = coming
        now_s = self.clock.monotonic_s()
        if now_s - self._told_s >= TOLD_EVERY_S:
            self._told_s = now_s
            self.tell()
        if self._rate is None:
            self._rate = Rate(self.clock)
        self.wait(self._rate.owed_s(count, self.limits.bytes_per_s))
