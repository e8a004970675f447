"""The lanes: the only place that starts threads. The GUI thread asks, a lane works, the answer comes back.

Six kinds of lane: *write* (one thread, in order), *read* (two), *network* (one), *render* (one, newest
first), *convert* (one, for what another program takes long to do) and *words* (one, for the spelling). An
answer is delivered on the GUI thread by a courier whose queued signal runs a bound method; a late answer -
superseded, cancelled, or for a window that is gone - is dropped there. A request with its closures is let go
of on the GUI thread alone, so that a lane never destroys a widget.
"""

from __future__ import annotations

import heapq
import sys
import threading
import traceback
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import count
from typing import Any, TypeVar

import shiboken6
from PySide6.QtCore import QObject, Qt, Signal, Slot

from assessor_app.clock import Clock
from assessor_app.domain.changes import ChangeSet
from assessor_app.errors import DiskFull, KnownError

T = TypeVar("T")
SWITCH_S = 0.001
"""Longest wait of the GUI thread for a lane that is busy with Python; five times that is the usual."""
DELIVERY_BUDGET_S = 0.008
"""Longest stretch of answers handled in one go, so that the window keeps painting in between."""
USER_VERB, SYNC_BATCH = 0, 1
"""Ranks on the write lane: what the person did goes first."""


@dataclass(slots=True, eq=False)
class _Request:
    """One thing asked of a lane; made, changed and forgotten on the GUI thread."""

    query: Callable[[Any], Any]
    owner: QObject | None
    done: Callable[[Any], None] | None
    failed: Callable[[KnownError], None] | None
    key: str
    is_write: bool = False
    is_user_verb: bool = False
    broadcasts: bool = False
    dropped: bool = False


def _nothing(context: Any) -> None:
    """What a request asks before it is told what to ask."""
    del context


class _Stoppable:
    """A job that can ask whether anybody still waits for it."""

    def __init__(self, job: Callable[[Any, Callable[[], bool]], Any], request: _Request) -> None:
        self._job, self._request = job, request

    def run(self, context: Any) -> Any:
        """Do it."""
        return self._job(context, self._is_dropped)

    def _is_dropped(self) -> bool:
        return self._request.dropped


class Ticket:
    """A request under way; lets the asker change its mind."""

    def __init__(self, request: _Request) -> None:
        """Hold the request until its answer has been delivered."""
        self._request = request

    def cancel(self) -> None:
        """Drop the request: it does not start any more, and a late answer is not delivered."""
        self._request.dropped = True

    @property
    def is_cancelled(self) -> bool:
        """Whether the answer will be dropped."""
        return self._request.dropped


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a lane has to say about one request, or a value on its way (number None)."""

    number: int | None
    value: Any = None
    error: KnownError | None = None
    bug: str = ""
    deliver: Callable[[Any], None] | None = None
    met_full_disk: bool = False


class _Courier(QObject):
    """Carries answers to the GUI thread. `leave` may be called from any thread."""

    _ping = Signal()

    def __init__(self, handle: Callable[[_Answer], None], clock: Clock, parent: QObject) -> None:
        super().__init__(parent)
        self._handle = handle
        self._clock = clock
        self._arrived: deque[_Answer] = deque()
        self._ping.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def leave(self, answer: _Answer) -> None:
        """Put an answer into the bag and ring."""
        self._arrived.append(answer)
        self._ping.emit()

    @Slot()
    def _deliver(self) -> None:
        until = self._clock.monotonic_s() + DELIVERY_BUDGET_S
        while self._arrived:
            self._handle(self._arrived.popleft())
            if self._arrived and self._clock.monotonic_s() > until:
                self._ping.emit()
                return

    def deliver_all(self) -> None:
        """Hand over everything that has arrived, however long it takes."""
        while self._arrived:
            self._handle(self._arrived.popleft())


class _Lane:
    """Named threads that take request numbers from one queue, lowest order first."""

    def __init__(self, name: str, threads: int, work: Callable[[int], None]) -> None:
        self._work = work
        self._queue: list[tuple[int, int, int]] = []
        self._bell = threading.Condition()
        self._is_closing = False
        self._idle = 0
        self._unstarted = [
            threading.Thread(target=self._loop, name=f"lane-{name}-{index}", daemon=False)
            for index in range(threads)
        ]
        self._threads: list[threading.Thread] = []

    def put(self, rank: int, order: int, number: int) -> None:
        """Queue a request; a thread more is started where none is free and one may be."""
        with self._bell:
            heapq.heappush(self._queue, (rank, order, number))
            self._bell.notify()
            is_wanted = len(self._queue) > self._idle
        if is_wanted and self._unstarted:
            thread = self._unstarted.pop(0)
            self._threads.append(thread)
            thread.start()

    def close(self) -> None:
        """Take what is queued to its end, then let the threads end."""
        with self._bell:
            self._is_closing = True
            self._bell.notify_all()

    def join(self, timeout_s: float) -> bool:
        """Wait for the threads; False if one is still at work after `timeout_s` seconds."""
        for thread in self._threads:
            thread.join(timeout_s)
        return not any(thread.is_alive() for thread in self._threads)

    def _loop(self) -> None:
        while True:
            with self._bell:
                while not self._queue and not self._is_closing:
                    self._idle += 1
                    self._bell.wait()
                    self._idle -= 1
                if not self._queue:
                    return
                number = heapq.heappop(self._queue)[2]
            self._work(number)


def bug_text(error: BaseException) -> str:
    """Where an unexpected exception came from: files, lines and types, without its message.

    The message is left out because it may quote what somebody wrote (a database error names its values).
    """
    parts: list[str] = []
    seen: BaseException | None = error
    while seen is not None:
        frames = traceback.format_list(traceback.extract_tb(seen.__traceback__))
        parts.append("".join(frames) + f"{type(seen).__module__}.{type(seen).__qualname__}")
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
    return "\n\ncaused by\n".join(parts)


class Lanes(QObject):
    """Runs verbs and queries off the GUI thread. Every method but `report` is for the GUI thread only."""

    changed = Signal(object)
    """ChangeSet, after each committed verb and after each sync."""
    trouble = Signal(object)
    """KnownError that nobody handled: for the error bar."""
    bug = Signal(str)
    """Where an unexpected exception came from: for the dialog."""
    saved = Signal(object)
    """datetime (UTC), after each committed verb of the person."""
    disk_full = Signal()
    """A save of the person's met a full disk; it was done again, in the room that is kept for that."""
    busy_with_saves = Signal(int)
    """How many verbs of the person are still to be committed, whenever that number changes."""

    def __init__(self, context: object, parent: QObject | None = None, *, clock: Clock | None = None) -> None:
        """Get ready; a lane's threads start with what is asked of it, so that a start waits for none.

        Args:
            context: passed to every verb and query as its only argument.
            parent: Qt parent.
            clock: source of the time that `saved` tells.
        """
        super().__init__(parent)
        sys.setswitchinterval(SWITCH_S)
        self.context = context
        self._clock = clock or Clock()
        self._numbers = count()
        self._requests: dict[int, _Request] = {}
        self._latest: dict[tuple[int, str], _Request] = {}
        self._unsaved = 0
        self._is_closing = False
        self._is_closed = False
        self._courier = _Courier(self._receive, self._clock, self)
        self._lanes = {
            "write": _Lane("write", 1, self._work),
            "read": _Lane("read", 2, self._work),
            "network": _Lane("network", 1, self._work),
            "render": _Lane("render", 1, self._work),
            "convert": _Lane("convert", 1, self._work),
            "words": _Lane("words", 1, self._work),
        }

    # ---- asking ----

    def write(
        self,
        verb: Callable[[Any], ChangeSet],
        *,
        owner: QObject | None = None,
        done: Callable[[ChangeSet], None] | None = None,
        failed: Callable[[KnownError], None] | None = None,
        background: bool = False,
    ) -> None:
        """Run a verb on the write lane, in the order asked; its changes are broadcast.

        Args:
            verb: one transaction on the local store.
            owner: the view that asks; told to everybody as the initiator.
            done: called with the changes, after the broadcast.
            failed: called instead of `trouble` when the verb fails in a known way.
            background: a sync batch: goes after what the person does, and is no save of hers.

        Raises:
            RuntimeError: the lanes are closed; the save would be lost in silence.
        """
        if self._is_closed:
            raise RuntimeError("the lanes are closed: nothing can be saved any more")
        request = _Request(verb, owner, done, failed, "", is_write=True, is_user_verb=not background)
        request.broadcasts = True
        if request.is_user_verb:
            self._count_unsaved(+1)
        self._ask("write", request, SYNC_BATCH if background else USER_VERB)

    def read(
        self,
        owner: QObject,
        query: Callable[[Any], T],
        done: Callable[[T], None],
        *,
        failed: Callable[[KnownError], None] | None = None,
        key: str = "",
    ) -> Ticket:
        """Run a query on a read lane.

        Args:
            owner: the view that asks; the answer is dropped when it is gone.
            query: reads the store, changes nothing.
            done: called with the answer.
            failed: called instead of `trouble`.
            key: a newer request of the same owner and key drops this one; empty: nothing does.
        """
        return self._ask("read", _Request(query, owner, done, failed, key))

    def render(
        self,
        owner: QObject,
        query: Callable[[Any], T],
        done: Callable[[T], None],
        *,
        failed: Callable[[KnownError], None] | None = None,
        key: str = "",
        priority: int = 0,
    ) -> Ticket:
        """Run page work on the render lane: higher `priority` first, among equals the newest first."""
        return self._ask("render", _Request(query, owner, done, failed, key), -priority, newest_first=True)

    def convert(
        self,
        owner: QObject,
        job: Callable[[Any, Callable[[], bool]], T],
        done: Callable[[T], None],
        *,
        failed: Callable[[KnownError], None] | None = None,
        key: str = "",
    ) -> Ticket:
        """Run a long job that holds up nothing else, such as another program at work on a file.

        Args:
            owner: the view that asks; the answer is dropped when it is gone.
            job: takes the context and a function to ask often, which is True once nobody waits any more.
            done: called with the answer.
            failed: called instead of `trouble`.
            key: a newer request of the same owner and key drops this one; empty: nothing does.
        """
        request = _Request(_nothing, owner, done, failed, key)
        request.query = _Stoppable(job, request).run
        return self._ask("convert", request)

    def words(
        self, owner: QObject, query: Callable[[Any], T], done: Callable[[T], None], *, key: str
    ) -> Ticket:
        """Ask about the spelling of words: nothing else waits for it; `key` as in `read`."""
        return self._ask("words", _Request(query, owner, done, None, key))

    def network(
        self,
        job: Callable[[Any], T],
        *,
        owner: QObject | None = None,
        done: Callable[[T], None] | None = None,
        failed: Callable[[KnownError], None] | None = None,
    ) -> Ticket:
        """Run a job that talks to the platform; an answer that is a ChangeSet is broadcast."""
        request = _Request(job, owner, done, failed, "")
        request.broadcasts = True
        return self._ask("network", request)

    def report(self, deliver: Callable[[T], None], value: T) -> None:
        """Have `deliver(value)` run on the GUI thread soon. May be called from any thread.

        Args:
            deliver: a bound method of a QObject; nothing happens when that object is gone by then.
            value: what to hand over.
        """
        self._courier.leave(_Answer(None, value, deliver=deliver))

    def broadcast(self, changes: ChangeSet) -> None:
        """Tell every view what changed; for parts of a sync that are committed before it ends."""
        if changes:
            self.changed.emit(changes)

    @property
    def is_closed(self) -> bool:
        """Whether nothing can be asked any more."""
        return self._is_closed

    def pending_saves(self) -> int:
        """How many verbs of the person are still to be committed."""
        return self._unsaved

    def close(self, timeout_s: float = 10) -> bool:
        """Finish the queued writes, drop the rest, end the threads.

        Args:
            timeout_s: longest wait in seconds, all lanes together.

        Returns:
            False when a thread was still at work at the end of the time.
        """
        self._is_closing = True
        until = self._clock.monotonic_s() + timeout_s
        for request in list(self._requests.values()):
            request.dropped = request.dropped or not request.is_write
        for lane in self._lanes.values():
            lane.close()
        ended = [lane.join(max(0.0, until - self._clock.monotonic_s())) for lane in self._lanes.values()]
        self._is_closed = True
        self._courier.deliver_all()
        if all(ended):
            self._requests.clear()
            self._latest.clear()
        return all(ended)

    # ---- on the GUI thread ----

    def _ask(self, lane: str, request: _Request, rank: int = 0, *, newest_first: bool = False) -> Ticket:
        if self._is_closing and not request.is_write:
            request.dropped = True
            return Ticket(request)
        number = next(self._numbers)
        if request.key:
            place = (id(request.owner), request.key)
            if place in self._latest:
                self._latest[place].dropped = True
            self._latest[place] = request
        self._requests[number] = request
        self._lanes[lane].put(rank, -number if newest_first else number, number)
        return Ticket(request)

    def _count_unsaved(self, step: int) -> None:
        self._unsaved += step
        self.busy_with_saves.emit(self._unsaved)

    def _receive(self, answer: _Answer) -> None:
        """Hand one answer over; a callback that breaks is a bug of its own and stops nobody else."""
        try:
            if answer.number is None:
                self._pass_on(answer)
            else:
                self._settle(self._requests.pop(answer.number), answer)
        except Exception as error:  # noqa: BLE001 - the border: what breaks here is told, not raised into Qt
            self.bug.emit(bug_text(error))

    def _pass_on(self, answer: _Answer) -> None:
        receiver = getattr(answer.deliver, "__self__", None)
        if isinstance(receiver, QObject) and not shiboken6.isValid(receiver):
            return
        if answer.deliver is not None:
            answer.deliver(answer.value)

    def _settle(self, request: _Request, answer: _Answer) -> None:
        place = (id(request.owner), request.key)
        if self._latest.get(place) is request:
            del self._latest[place]
        is_wanted = not request.dropped and (request.owner is None or shiboken6.isValid(request.owner))
        if request.is_user_verb:
            self._count_unsaved(-1)
        if answer.met_full_disk:
            self.disk_full.emit()
        if answer.bug:
            self.bug.emit(answer.bug)
        elif answer.error is not None:
            if is_wanted and request.failed is not None:
                request.failed(answer.error)
            elif is_wanted or request.is_write:
                self.trouble.emit(answer.error)
        else:
            self._succeed(request, answer.value, is_wanted=is_wanted)

    def _succeed(self, request: _Request, value: Any, *, is_wanted: bool) -> None:
        if request.is_user_verb:
            self.saved.emit(self._clock.now())
        if request.broadcasts and isinstance(value, ChangeSet):
            value = replace(value, initiator=request.owner) if request.is_write else value
            self.broadcast(value)
        if is_wanted and request.done is not None:
            request.done(value)

    # ---- on a lane ----

    def _work(self, number: int) -> None:
        self._courier.leave(self._answer(number))

    def _answer(self, number: int) -> _Answer:
        """Run the request; nothing of it is held here once this returns."""
        request = self._requests[number]
        if request.dropped:
            return _Answer(number)
        met_full_disk = False
        try:
            try:
                value = request.query(self.context)
            except DiskFull:
                if not request.is_write:
                    raise
                # The store has given up the room that is kept for this; nothing was done at the first try.
                met_full_disk = True
                value = request.query(self.context)
            return _Answer(number, value, met_full_disk=met_full_disk)
        except KnownError as error:
            # Frames hold what the closures hold; they must not travel with the error.
            error.__cause__ = error.__context__ = None
            return _Answer(number, error=error.with_traceback(None), met_full_disk=met_full_disk)
        except Exception as error:  # noqa: BLE001 - the border: every bug becomes one answer
            return _Answer(number, bug=bug_text(error))
