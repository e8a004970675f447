"""What is due first comes first, what somebody reads before that, and what is held waits to be asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from assessor_app.cache import evidence, reserve, submissions, wanted_files
from assessor_app.cache.engine import Store
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.downloads import Limits
from assessor_app.domain.ids import RequirementId, SubmissionId
from assessor_app.domain.kinds import DueKind
from assessor_app.domain.states import SubmissionStatus
from assessor_app.domain.submissions import Due, EvidenceFile, EvidenceState, Part, Stage, Submission
from assessor_app.sync.downloads import fetch_all
from assessor_app.sync.transport import Transport
from tests import builders
from tests.answering import Asked, Reply, answering
from tests.builders import NOON, FakeClock
from tests.unit.sync.test_downloads import Patient

BIG = 3_000_000
KB = 1000


class Shelf:
    """Submissions with one file each, wanted, and a platform that has them."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = FakeClock(seed=5)
        self.contents: dict[str, bytes] = {}
        self.asked: list[str] = []
        self.gate = Patient()
        self.during: Callable[[str], None] = lambda _: None

    def put(
        self,
        number: int,
        *,
        days: int,
        size: int = KB,
        status: SubmissionStatus = SubmissionStatus.WAITING_ON_ASSESSOR,
    ) -> SubmissionId:
        """One more, due in so many days."""
        content = bytes([number]) * size
        artifact = builders.artifact(number, content=content)
        self.contents[artifact.id] = content
        made: Submission = builders.submission(
            number,
            parts=(Part(RequirementId("design"), artifacts=(artifact,)),),
            due=(Due(Stage.ASSESSMENT, NOON + timedelta(days=days), DueKind.TARGET),),
            status=status,
        )
        with self.store.write() as txn:
            submissions.put_rubric(txn, builders.rubric_version())
            submissions.put_submission(txn, made)
            evidence.want(txn, made, self.clock)
        return made.id

    def fetch(self, **more: object) -> list[int]:
        """Fetch, and give the numbers of what arrived in turn."""
        came: list[int] = []
        numbers = {builders.submission_id(n): n for n in range(1, 20)}

        def arrived(changes: ChangeSet) -> None:
            came.extend(
                numbers[key] for key in changes.evidence if self.file(key).state is EvidenceState.READY
            )

        def answer(asked: Asked) -> Reply:
            name = asked.path.split("/")[3]
            self.asked.append(name)
            self.during(name)
            data, start = self.contents[name], 0
            if "range" in asked.headers:
                start = int(asked.headers["range"].removeprefix("bytes=").removesuffix("-"))
            span = {"Content-Range": f"bytes {start}-{len(data) - 1}/{len(data)}"} if start else {}
            return Reply(206 if start else 200, data[start:], "application/octet-stream", span)

        with answering(answer) as server:
            transport = Transport(server.origin, access_token=lambda: "t")
            fetch_all(
                self.store,
                transport,
                clock=self.clock,
                gate=self.gate,
                arrived=arrived,
                **more,  # type: ignore[arg-type]
            )
        return came

    def file(self, key: SubmissionId) -> EvidenceFile:
        with self.store.read() as txn:
            return evidence.files(txn, key)[0]


@pytest.fixture
def shelf(store: Store) -> Shelf:
    return Shelf(store)


def test_what_is_due_first_comes_first_and_small_before_large(shelf: Shelf) -> None:
    shelf.put(1, days=3)
    shelf.put(2, days=1, size=5 * KB)
    shelf.put(3, days=1, size=2 * KB)
    shelf.put(4, days=2)
    assert shelf.fetch() == [3, 2, 4, 1]


def test_what_is_opened_meanwhile_comes_before_a_large_file_that_then_goes_on(shelf: Shelf) -> None:
    shelf.put(1, days=1, size=BIG)
    opened = shelf.put(2, days=9)
    shelf.put(3, days=2)

    def open_it(name: str) -> None:
        if name == "art-1":
            shelf.gate.put_first(opened)

    shelf.during = open_it
    assert shelf.fetch() == [2, 1, 3]
    assert shelf.asked == ["art-1", "art-2", "art-1", "art-3"]


def test_what_is_opened_of_the_same_submission_stops_nothing(shelf: Shelf) -> None:
    opened = shelf.put(1, days=1, size=BIG)
    shelf.during = lambda _: shelf.gate.put_first(opened)
    assert shelf.fetch() == [1]
    assert shelf.asked == ["art-1"]


def test_a_pause_ends_a_file_in_the_middle_and_what_has_come_stays(shelf: Shelf) -> None:
    key = shelf.put(1, days=1, size=BIG)
    shelf.during = lambda _: shelf.gate.pause(True)
    assert shelf.fetch() == []
    part = evidence.path_of(shelf.store, shelf.file(key).blob_id + ".part")
    assert part.stat().st_size > 0
    assert shelf.fetch() == []
    shelf.during = lambda _: None
    shelf.gate.pause(False)
    assert shelf.fetch() == [1]


def test_large_files_wait_to_be_asked_for(shelf: Shelf) -> None:
    large = shelf.put(1, days=1, size=BIG)
    shelf.put(2, days=2)
    shelf.gate.limit(Limits(large_bytes=2_000_000))
    shelf.gate.put_first(large)
    assert shelf.fetch() == [2]
    assert shelf.gate.held == 1
    with shelf.store.write() as txn:
        wanted_files.ask_for(txn, [shelf.file(large).blob_id])
    assert shelf.fetch() == [1]
    assert shelf.gate.held == 0


def test_on_a_metered_line_only_what_is_open_comes(shelf: Shelf) -> None:
    shelf.put(1, days=1)
    opened = shelf.put(2, days=2)
    shelf.gate.is_metered = True
    assert shelf.fetch() == []
    shelf.gate.put_first(opened)
    assert shelf.fetch() == [2]
    shelf.gate.limit(Limits(waits_on_metered=False))
    assert shelf.fetch() == [1]


def test_what_a_trip_needs_comes_whatever_is_chosen(shelf: Shelf) -> None:
    key = shelf.put(1, days=1, size=BIG)
    shelf.gate.is_metered = True
    shelf.gate.limit(Limits(large_bytes=1, quota_bytes=1))
    assert shelf.fetch(only=[key]) == [1]


def test_where_room_is_short_the_least_urgent_goes_and_nothing_goes_in_turn(shelf: Shelf) -> None:
    settled = shelf.put(1, days=1, size=100 * KB, status=SubmissionStatus.AWARDED)
    late = shelf.put(2, days=9, size=100 * KB)
    shelf.put(3, days=5, size=100 * KB)
    assert sorted(shelf.fetch()) == [1, 2, 3]
    shelf.gate.limit(Limits(quota_bytes=350 * KB))
    shelf.put(4, days=2, size=100 * KB)
    assert shelf.fetch() == [4]
    assert shelf.file(settled).state is EvidenceState.WANTED
    assert not evidence.path_of(shelf.store, shelf.file(settled).blob_id).exists()
    assert shelf.fetch() == []
    shelf.put(5, days=1, size=100 * KB)
    assert shelf.fetch() == [5]
    assert shelf.file(late).state is EvidenceState.WANTED
    assert shelf.fetch() == []
    # Opened, it comes again, and something that is due later than the rest makes room.
    shelf.gate.put_first(late)
    assert shelf.fetch() == [2]
    assert shelf.fetch() == []


def test_work_that_was_begun_never_goes(shelf: Shelf) -> None:
    begun = shelf.put(1, days=9, size=100 * KB)
    assert shelf.fetch() == [1]
    with shelf.store.write() as txn:
        txn.connection.exec_driver_sql(
            "INSERT INTO unsent_question (submission_id, text) VALUES (?, 'May I?')", (begun,)
        )
    shelf.gate.limit(Limits(quota_bytes=150 * KB))
    shelf.put(2, days=1, size=100 * KB)
    assert shelf.fetch() == []
    assert shelf.file(begun).state is EvidenceState.READY


def test_two_gigabytes_of_the_disk_stay_free_unless_somebody_asks(
    shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = shelf.put(1, days=1)
    monkeypatch.setattr(reserve, "free_bytes", lambda _: 1_900_000_000)
    assert shelf.fetch() == []
    with shelf.store.write() as txn:
        wanted_files.ask_for(txn, [shelf.file(key).blob_id])
    assert shelf.fetch() == [1]


def test_the_chosen_speed_holds_over_a_file(shelf: Shelf) -> None:
    shelf.put(1, days=1, size=BIG)
    shelf.gate.limit(Limits(bytes_per_s=1_000_000))
    began_s = shelf.gate.clock.monotonic_s()
    assert shelf.fetch() == [1]
    # Half a second's bytes come at once.
    assert 2.4 < shelf.gate.clock.monotonic_s() - began_s <= 2.6
