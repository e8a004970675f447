"""The lanes with real threads: order, delivery on the GUI thread, late answers, errors, closing."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QObject, QTimer

from assessor_app.clock import Clock
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import SubmissionId
from assessor_app.errors import DiskFull, KnownError
from assessor_app.ui.tasks import Lanes, bug_text

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


class StoppedClock(Clock):
    def now(self) -> datetime:
        return NOON


class View(QObject):
    """Keeps what it was handed, and on which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.got: list[object] = []
        self.threads: set[str] = set()

    def take(self, value: object) -> None:
        self.got.append(value)
        self.threads.add(threading.current_thread().name)


def waiting(gate: threading.Event, answer: Any = None, started: threading.Event | None = None) -> Any:
    """Work that stands still until the gate opens."""

    def run(_context: object) -> Any:
        if started is not None:
            started.set()
        gate.wait(10)
        return answer

    return run


def noting(notes: list[Any], what: object, answer: Any = None) -> Any:
    """Work that writes down that it ran."""

    def run(_context: object) -> Any:
        notes.append(what)
        return answer

    return run


@pytest.fixture
def lanes(qtbot):
    made = Lanes("the context", clock=StoppedClock())
    bugs: list[str] = []
    made.bug.connect(bugs.append)
    yield made
    assert made.close()
    assert bugs == [] or getattr(made, "expects_bugs", False), bugs


@pytest.fixture
def gate():
    opened = threading.Event()
    yield opened
    opened.set()


def test_an_answer_comes_back_on_the_gui_thread_and_the_work_is_done_elsewhere(lanes, qtbot):
    view: Any = View()
    lanes.read(view, lambda context: (context, threading.current_thread().name), view.take)
    qtbot.waitUntil(lambda: bool(view.got))
    context, worker = view.got[0]
    assert context == "the context"
    assert worker.startswith("lane-read")
    assert view.threads == {"MainThread"}


def test_writes_keep_their_order_and_are_broadcast_with_their_initiator(lanes, qtbot):
    view = View()
    heard: list[Any] = []
    order: list[Any] = []
    lanes.changed.connect(heard.append)

    def verb(number):
        def run(_context):
            order.append(number)
            return ChangeSet(assessments=frozenset({SubmissionId(str(number))}))

        return run

    for number in range(20):
        lanes.write(verb(number), owner=view, done=view.take)
    assert lanes.pending_saves() == 20
    qtbot.waitUntil(lambda: len(view.got) == 20)
    assert order == list(range(20))
    assert [next(iter(changes.assessments)) for changes in heard] == [str(n) for n in range(20)]
    assert all(changes.initiator is view for changes in heard)
    assert lanes.pending_saves() == 0


def test_what_the_person_does_goes_before_sync_batches(lanes, qtbot, gate):
    order: list[str] = []

    def verb(name):
        return noting(order, name, ChangeSet())

    lanes.write(waiting(gate, ChangeSet()))
    lanes.write(verb("batch 1"), background=True)
    lanes.write(verb("batch 2"), background=True)
    lanes.write(verb("rating"))
    assert lanes.pending_saves() == 2
    gate.set()
    qtbot.waitUntil(lambda: len(order) == 3)
    assert order == ["rating", "batch 1", "batch 2"]


def test_saved_tells_the_time_of_a_commit_and_only_of_the_persons_own(lanes, qtbot):
    times: list[Any] = []
    counts: list[Any] = []
    view = View()
    lanes.saved.connect(times.append)
    lanes.busy_with_saves.connect(counts.append)
    lanes.write(lambda _context: ChangeSet(), background=True, done=view.take)
    lanes.write(lambda _context: ChangeSet(), done=view.take)
    qtbot.waitUntil(lambda: len(view.got) == 2)
    assert times == [NOON]
    assert counts == [1, 0]


def test_the_gui_thread_is_never_blocked_by_a_lane(lanes, qtbot, gate):
    view = View()
    ticks: list[Any] = []
    timer = QTimer()
    timer.timeout.connect(lambda: ticks.append(1))
    timer.start(1)
    lanes.write(waiting(gate, ChangeSet()))
    for _ in range(2):
        lanes.read(view, waiting(gate), view.take)
    lanes.render(view, waiting(gate), view.take)
    lanes.network(waiting(gate), owner=view, done=view.take)
    qtbot.waitUntil(lambda: len(ticks) > 20)
    assert view.got == []
    gate.set()
    qtbot.waitUntil(lambda: len(view.got) == 4)


def test_a_newer_request_of_the_same_key_drops_the_older_answer(lanes, qtbot, gate):
    view = View()
    lanes.read(view, waiting(gate, "old"), view.take, key="page")
    lanes.read(view, lambda _context: "new", view.take, key="page")
    qtbot.waitUntil(lambda: view.got == ["new"])
    gate.set()
    lanes.read(view, lambda _context: "other", view.take)
    qtbot.waitUntil(lambda: "other" in view.got)
    lanes.close()
    assert view.got == ["new", "other"]


def test_an_answer_for_a_window_that_is_gone_is_dropped(lanes, qtbot, gate):
    gone, view = View(), View()
    got = gone.got
    lanes.read(gone, waiting(gate), gone.take)
    lanes.report(gone.take, "progress")
    shiboken6.delete(gone)
    gate.set()
    for _ in range(2):
        lanes.read(view, lambda _context: "answer", view.take)
    qtbot.waitUntil(lambda: len(view.got) == 2)
    lanes.close()
    assert got == []


def test_a_cancelled_request_does_not_even_start(lanes, qtbot, gate):
    view = View()
    ran: list[Any] = []
    lanes.render(view, waiting(gate), view.take)
    ticket = lanes.render(view, noting(ran, "cancelled"), view.take)
    ticket.cancel()
    assert ticket.is_cancelled
    lanes.render(view, noting(ran, "kept"), view.take, priority=-1)
    gate.set()
    qtbot.waitUntil(lambda: len(view.got) == 2)
    assert ran == ["kept"]


def test_render_takes_the_visible_first_and_then_the_newest(lanes, qtbot, gate):
    view, started = View(), threading.Event()
    lanes.render(view, waiting(gate, started=started), view.take)
    assert started.wait(10)
    order: list[str] = []
    for name, priority in (("ahead 1", 0), ("ahead 2", 0), ("visible", 1)):
        lanes.render(view, noting(order, name), view.take, priority=priority)
    gate.set()
    qtbot.waitUntil(lambda: len(order) == 3)
    assert order == ["visible", "ahead 2", "ahead 1"]


def test_a_known_error_goes_to_the_asker_or_else_to_the_error_bar(lanes, qtbot):
    view = View()
    bar: list[Any] = []
    lanes.trouble.connect(bar.append)

    def full(_context):
        raise DiskFull("Disk full", "Your last save worked at 14:02.", "Free space to go on.")

    lanes.write(full, owner=view, failed=view.take)
    lanes.write(full)
    qtbot.waitUntil(lambda: bool(view.got and bar))
    assert isinstance(view.got[0], KnownError)
    assert bar[0].title == "Disk full"
    assert lanes.pending_saves() == 0


def test_a_failed_save_is_told_even_when_its_window_is_gone(lanes, qtbot):
    gone = View()
    bar: list[Any] = []
    lanes.trouble.connect(bar.append)

    def full(_context):
        raise DiskFull("Disk full", "Your last save worked at 14:02.")

    lanes.write(full, owner=gone, failed=gone.take)
    shiboken6.delete(gone)
    qtbot.waitUntil(lambda: bool(bar))


def test_a_bug_is_told_with_its_place_and_without_what_was_written(lanes, qtbot):
    lanes.expects_bugs = True
    bugs: list[Any] = []
    saved: list[Any] = []
    learners_words = "my name is " + "nibor"[::-1]
    lanes.bug.connect(bugs.append)
    lanes.saved.connect(saved.append)

    def broken(_context):
        raise ValueError(learners_words)

    lanes.write(broken)
    qtbot.waitUntil(lambda: bool(bugs))
    assert "test_tasks.py" in bugs[0]
    assert "ValueError" in bugs[0]
    assert "robin" not in bugs[0]
    assert saved == []


def test_a_callback_that_breaks_is_a_bug_and_stops_nobody_else(lanes, qtbot):
    lanes.expects_bugs = True
    bugs: list[Any] = []
    view = View()
    lanes.bug.connect(bugs.append)

    def broken(_value):
        raise RuntimeError

    lanes.read(view, lambda _context: 1, broken)
    qtbot.waitUntil(lambda: bool(bugs))
    lanes.read(view, lambda _context: 2, view.take)
    qtbot.waitUntil(lambda: view.got == [2])


def test_changes_of_the_network_are_broadcast_without_an_initiator(lanes, qtbot):
    heard: list[Any] = []
    view = View()
    lanes.changed.connect(heard.append)
    lanes.network(lambda _context: ChangeSet(inbox=True), owner=view, done=view.take)
    qtbot.waitUntil(lambda: bool(view.got))
    assert heard == [ChangeSet(inbox=True)]
    assert heard[0].initiator is None


def test_progress_reported_by_a_job_arrives_on_the_gui_thread(lanes, qtbot):
    view = View()

    def job(_context):
        for number in range(5):
            lanes.report(view.take, number)

    lanes.network(job)
    qtbot.waitUntil(lambda: len(view.got) == 5)
    assert view.got == list(range(5))
    assert view.threads == {"MainThread"}


def test_closing_finishes_every_write_and_drops_the_rest(qtbot, gate):
    lanes = Lanes(None)
    view = View()
    written: list[Any] = []
    lanes.write(waiting(gate, ChangeSet()))
    for number in range(50):
        lanes.write(noting(written, number, ChangeSet()))
        lanes.read(view, lambda _context: 1, view.take)
    gate.set()
    assert lanes.close()
    assert written == list(range(50))
    assert lanes.pending_saves() == 0
    assert view.got == []
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("lane-")]


def test_a_save_after_closing_is_refused_aloud_and_a_read_is_dropped(qtbot):
    lanes, view = Lanes(None), View()
    assert lanes.close()
    with pytest.raises(RuntimeError):
        lanes.write(lambda _context: ChangeSet())
    assert lanes.read(view, lambda _context: 1, view.take).is_cancelled


def test_closing_says_when_a_thread_is_stuck(qtbot, gate):
    lanes, started = Lanes(None), threading.Event()
    lanes.network(waiting(gate, started=started))
    assert started.wait(10)
    assert not lanes.close(timeout_s=0.05)
    gate.set()
    assert lanes.close()


def noting_after(everybody: threading.Barrier) -> Any:
    """A verb that waits for everybody."""

    def verb(_context: object) -> ChangeSet:
        everybody.wait(10)
        return ChangeSet()

    return verb


def test_a_lane_starts_no_more_threads_than_are_asked_for(lanes, qtbot):
    view = View()
    for number in range(20):
        lanes.read(view, lambda _context, number=number: number, view.take)
        qtbot.waitUntil(lambda number=number: len(view.got) == number + 1)
        # The thread rings before it goes back to wait: give it the moment that it needs.
        qtbot.waitUntil(lambda: lanes._lanes["read"]._idle > 0)
    assert [t.name for t in threading.enumerate() if t.name.startswith("lane-")] == ["lane-read-0"]


def test_lane_threads_are_not_daemons(lanes):
    view = View()
    everybody = threading.Barrier(6)
    for _ in range(2):
        lanes.read(view, lambda _context: everybody.wait(10), view.take)
    lanes.network(lambda _context: everybody.wait(10))
    lanes.render(view, lambda _context: everybody.wait(10), view.take)
    lanes.write(noting_after(everybody))
    everybody.wait(10)
    threads = [thread for thread in threading.enumerate() if thread.name.startswith("lane-")]
    assert sorted(thread.name for thread in threads) == [
        "lane-network-0",
        "lane-read-0",
        "lane-read-1",
        "lane-render-0",
        "lane-write-0",
    ]
    assert not any(thread.daemon for thread in threads)


def test_bug_text_names_the_cause_as_well():
    try:
        try:
            raise KeyError("secret")
        except KeyError as error:
            raise ValueError("secret") from error
    except ValueError as error:
        text = bug_text(error)
    assert "ValueError" in text
    assert "caused by" in text
    assert "KeyError" in text
    assert "builtins.ValueError: secret" not in text
