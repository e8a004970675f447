"""The parent's hold on one render child: start, ask with a deadline, end, start again."""

from __future__ import annotations

import contextlib
import logging
import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from multiprocessing.shared_memory import SharedMemory
from typing import NoReturn

from assessor_app.clock import Clock
from assessor_app.documents import channel, process_guard, worker_start
from assessor_app.documents.limits import MEBIBYTE, Limits
from assessor_app.errors import KnownError

CONTEXT = multiprocessing.get_context("spawn")
"""How children are started: with nothing of what the parent holds."""

_LOG = logging.getLogger(__name__)
_TICK_S = 0.25
_JOIN_S = 5.0
_SEGMENT_STEP_BYTES = 4 * MEBIBYTE
_SEGMENT_KEPT_BYTES = 32 * MEBIBYTE
_FAILED_STARTS_AT_ONCE = 3
_BACKOFF_FIRST_S = 2.0
_BACKOFF_LONGEST_S = 60.0


class ChildLost(Exception):
    """The child did not answer a request and was ended.

    Attributes:
        reason: timeout, crashed, too_much_memory or bad_answer: a reason of `cards.REASONS`.
    """

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason


class ViewerUnavailable(KnownError):
    """The render child cannot be started at all."""

    def __init__(self) -> None:
        """Say so, and that the work is safe."""
        super().__init__(
            "Pages cannot be shown right now",
            "The page viewer could not be started on this computer. Your ratings and notes are safe, and "
            "you can go on writing.",
            "It is tried again by itself; if this stays, restart the workstation.",
        )


def memory_of(segment: SharedMemory) -> memoryview:
    """The bytes of an open segment."""
    memory = segment.buf
    assert memory is not None
    return memory


class _GiveUp(Exception):
    """Raised while waiting for a child: the deadline has passed, or it has grown too large."""


class RenderChild:
    """One child process. Not thread-safe: the renderer lends it to one thread at a time.

    Only `end` may be called from another thread: it makes a request that is under way fail.
    """

    def __init__(
        self,
        limits: Limits,
        clock: Clock,
        entry: Callable[[Connection, Limits], None] | None = None,
    ) -> None:
        """Start nothing yet.

        Args:
            limits: what a file may cost.
            clock: the program's clock.
            entry: what the child runs: a function of a module, with its end of the pipe and the limits; None
                for pages.
        """
        self._limits = limits
        self._clock = clock
        self._entry = entry
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None
        self._job: process_guard.ChildJob | None = None
        self._segment: SharedMemory | None = None
        self._is_ready = self._is_given_up = False
        self._failed_starts = 0
        self._next_start_s = 0.0
        self._number = 0
        self.starts = 0
        """How many times a process was started: all but the first took the place of one that was lost."""

    @property
    def pid(self) -> int | None:
        """Process id; None while there is no child."""
        return self._process.pid if self._process is not None else None

    def start(self) -> None:
        """Start the child unless it runs; does not wait until it is ready.

        Raises:
            ViewerUnavailable: it was given up, or failed to start several times; then it is tried again after
                a while.
        """
        if self._process is not None and self._process.is_alive():
            return
        self._clear()
        if self._is_given_up or self._clock.monotonic_s() < self._next_start_s:
            raise ViewerUnavailable
        ours, theirs = CONTEXT.Pipe(duplex=True)
        process = CONTEXT.Process(
            target=self._entry or worker_start.main,
            args=(theirs, self._limits),
            name="render",
            daemon=True,
        )
        try:
            with process_guard.deaf_to_interrupts():
                process.start()
        except OSError:
            ours.close()
            self._count_failed_start()
            raise ViewerUnavailable from None
        finally:
            theirs.close()
        self.starts += 1
        self._process, self._connection = process, ours
        self._job = process_guard.ChildJob(process.sentinel, self._limits)

    def ask(self, request: dict[str, object], deadline_s: float) -> dict[str, object]:
        """Send a request and wait for its answer.

        Args:
            request: what to do; a number and the deadline are added.
            deadline_s: seconds that the child has for it.

        Returns:
            The answer: untrusted.

        Raises:
            ChildLost: the child did not answer in time, or died, or grew too large; it has been ended.
            ViewerUnavailable: it does not start.
        """
        connection = self._ready_connection()
        self._number += 1
        try:
            numbered = {**request, "number": self._number, "deadline_s": deadline_s}
            untrusted_answer = self._receive(connection, deadline_s, numbered)
        except channel.ChannelClosed:
            self._lose("crashed")
        except channel.FrameRefused:
            self._lose("bad_answer")
        if untrusted_answer.get("number") != self._number:
            self._lose("bad_answer")
        return untrusted_answer

    def segment_of(self, size_bytes: int) -> SharedMemory:
        """The segment that the child draws into, grown if need be.

        Raises:
            OSError: there is not so much shared memory.
        """
        if self._segment is None or self._segment.size < size_bytes:
            self._drop_segment()
            rounded = -(-size_bytes // _SEGMENT_STEP_BYTES) * _SEGMENT_STEP_BYTES
            segment = SharedMemory(create=True, size=rounded)
            try:
                process_guard.reserve_shared_memory(segment.name.lstrip("/"), rounded)
            except OSError:
                segment.close()
                segment.unlink()
                raise
            self._segment = segment
        return self._segment

    def trim(self) -> None:
        """Give a very large segment back."""
        if self._segment is not None and self._segment.size > _SEGMENT_KEPT_BYTES:
            self._drop_segment()

    def end(self) -> None:
        """Kill the child at once and reap it; safe to call again and from another thread."""
        process = self._process
        if process is None:
            return
        with contextlib.suppress(ValueError):  # closed by the other thread in between
            process.kill()
            process.join(_JOIN_S)

    def give_up(self) -> None:
        """End the child at once, and start none any more; safe from another thread."""
        self._is_given_up = True
        self.end()

    def close(self) -> None:
        """End the child and free pipe, job and segment."""
        self.end()
        self._clear()
        self._drop_segment()

    def _ready_connection(self) -> Connection:
        """The pipe to a child that has said that it is ready; starts one if there is none.

        Raises:
            ViewerUnavailable: it does not start.
        """
        while True:
            self.start()
            assert self._connection is not None
            if self._is_ready:
                return self._connection
            try:
                untrusted_hello = self._receive(self._connection, self._limits.start_s)
            except (channel.ChannelClosed, channel.FrameRefused, ChildLost):
                untrusted_hello = {}
            if untrusted_hello.get("ready") == self.pid:
                self._is_ready = True
                self._failed_starts = 0
                return self._connection
            self.end()
            self._count_failed_start()

    def _count_failed_start(self) -> None:
        """Wait longer after each failed start beyond the first few."""
        self._failed_starts += 1
        excess = self._failed_starts - _FAILED_STARTS_AT_ONCE
        _LOG.info("render child failed to start, %d in a row", self._failed_starts)
        if excess >= 0:
            pause_s = min(_BACKOFF_LONGEST_S, _BACKOFF_FIRST_S * 2.0 ** min(excess, 10))
            self._next_start_s = self._clock.monotonic_s() + pause_s

    def _receive(
        self, connection: Connection, deadline_s: float, request: dict[str, object] | None = None
    ) -> dict[str, object]:
        """Wait for a message, after a request if there is one; look at the child's size while waiting.

        Raises:
            ChildLost: the deadline passed or the child grew too large; it has been ended.
            ChannelClosed, FrameRefused: as `channel.send` and `channel.receive`.
        """
        until_s = self._clock.monotonic_s() + deadline_s
        reason = "timeout"

        def wait_s() -> float:
            nonlocal reason
            left_s = until_s - self._clock.monotonic_s()
            if left_s <= 0.0:
                raise _GiveUp
            if left_s < deadline_s - _TICK_S / 2 and self._is_too_large():
                reason = "too_much_memory"
                raise _GiveUp
            return min(left_s, _TICK_S)

        try:
            if request is not None:
                channel.send(connection, request, wait_s=wait_s)
            return channel.receive(connection, max_bytes=self._limits.max_answer_bytes, wait_s=wait_s)
        except _GiveUp:
            self._lose(reason)

    def _is_too_large(self) -> bool:
        """Whether the child holds more memory than one may."""
        resident = process_guard.resident_bytes(self.pid) if self.pid is not None else None
        return resident is not None and resident > self._limits.max_resident_bytes

    def _lose(self, reason: str) -> NoReturn:
        """End the child and say why.

        Raises:
            ChildLost: always.
        """
        self.end()
        self._clear()
        raise ChildLost(reason) from None

    def _clear(self) -> None:
        """Forget a child that has ended."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        if self._process is not None:
            self._process.join(_JOIN_S)
            with contextlib.suppress(ValueError):  # still running: the system cannot end it
                self._process.close()
            self._process = None
        if self._job is not None:
            self._job.close()
            self._job = None
        self._is_ready = False

    def _drop_segment(self) -> None:
        """Free the segment."""
        if self._segment is not None:
            self._segment.close()
            self._segment.unlink()
            self._segment = None
