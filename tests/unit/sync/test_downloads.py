"""Evidence comes whole and verified or not at all, goes on where it stopped, and is never plain on disk."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from assessor_app.cache import evidence
from assessor_app.cache.engine import Store
from assessor_app.clock import Clock
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import RequirementId
from assessor_app.domain.submissions import EvidenceFile, EvidenceState, Part, Submission
from assessor_app.errors import Offline
from assessor_app.sync.download_gate import DownloadGate
from assessor_app.sync.downloads import MAX_FILE_BYTES, fetch_all
from assessor_app.sync.transport import Portal, Transport, Unavailable, UnknownEffect
from assessor_app.vault.sealed_file import CHUNK_BYTES, SealedReader, file_key_of
from tests import builders
from tests.answering import Asked, Reply, answering, problem
from tests.builders import FakeClock

MARKER = b"Canaria Birdsong writes about fractions. "
CONTENT = MARKER * 20_000
"""About 820 KB."""


def submission(*contents: bytes, media_type: str = "application/pdf", **changes: Any) -> Submission:
    files = tuple(
        builders.artifact(n, content=data, media_type=media_type, **changes)
        for n, data in enumerate(contents, 1)
    )
    return builders.submission(parts=(Part(RequirementId("design"), artifacts=files),))


@dataclass
class Files:
    """A platform that serves files, with faults."""

    contents: dict[str, bytes]
    cut_after: list[int] = field(default_factory=list)
    """Bytes after which each of the next answers breaks off."""
    ignores_range: bool = False
    kind: str = "application/octet-stream"
    etag: str | None = None
    asked: list[Asked] = field(default_factory=list)
    sent_bytes: int = 0

    def __call__(self, asked: Asked) -> Reply:
        self.asked.append(asked)
        data = self.contents[asked.path.split("/")[3]]
        start, status = 0, 200
        if "range" in asked.headers and not self.ignores_range:
            start, status = int(asked.headers["range"].removeprefix("bytes=").removesuffix("-")), 206
            if start >= len(data):
                return problem(416)
        rest = data[start:]
        length = str(len(rest))
        if self.cut_after:
            rest = rest[: self.cut_after.pop(0)]
        self.sent_bytes += len(rest)
        headers = {"Content-Length": length}
        if status == 206:
            headers["Content-Range"] = f"bytes {start}-{len(data) - 1}/{len(data)}"
        headers |= {"ETag": self.etag} if self.etag else {}
        return Reply(status, rest, self.kind, headers)


@dataclass(slots=True)
class Patient(DownloadGate):
    """Waits no real time, and notes how long it would have."""

    clock: Clock = field(default_factory=FakeClock)
    waited: list[float] = field(default_factory=list)

    def wait(self, seconds: float) -> None:
        if seconds:
            self.waited.append(seconds)
            assert isinstance(self.clock, FakeClock)
            self.clock.advance(seconds)


@pytest.fixture
def want(store: Store, clock: FakeClock) -> Callable[[Submission], tuple[EvidenceFile, ...]]:
    def put(wanted: Submission) -> tuple[EvidenceFile, ...]:
        with store.write() as txn:
            evidence.want(txn, wanted, clock)
            return evidence.files(txn, wanted.id)

    return put


def fetch(store: Store, platform: Callable[[Asked], Reply], **more: object) -> int:
    with answering(platform) as server:
        transport = Transport(server.origin, access_token=lambda: "t")
        more.setdefault("gate", Patient())
        return fetch_all(store, transport, clock=FakeClock(seed=2), **more)  # type: ignore[arg-type]


def state(store: Store, file: EvidenceFile) -> tuple[EvidenceState, int]:
    with store.read() as txn:
        held = evidence.get(txn, file.blob_id)
    assert held is not None
    return held.state, held.failures


def read_back(store: Store, file: EvidenceFile) -> bytes:
    with store.read() as txn:
        key = evidence.submission_key(txn, file.submission_id)
    path = evidence.path_of(store, file.blob_id)
    file_key = file_key_of(path, submission_key=key, blob_id=file.blob_id)
    with SealedReader(path, file_key=file_key, size_bytes=file.size_bytes) as reader:
        return reader.read_at(0, file.size_bytes)


def on_disk(store: Store) -> Iterator[tuple[Path, bytes]]:
    for path in store.folder.rglob("*"):
        if path.is_file():
            yield path, path.read_bytes()


def test_a_file_arrives_sealed(store: Store, want: Callable[..., tuple[EvidenceFile, ...]]) -> None:
    (file,) = want(submission(CONTENT))
    told: list[ChangeSet] = []
    platform = Files({"art-1": CONTENT})
    assert fetch(store, platform, arrived=told.append) == 1
    assert state(store, file) == (EvidenceState.READY, 0)
    assert read_back(store, file) == CONTENT
    assert platform.asked[0].headers["accept-encoding"] == "identity"
    assert "range" not in platform.asked[0].headers
    assert told == [ChangeSet(evidence=frozenset({file.submission_id}), inbox=True)]


def test_it_goes_on_where_it_stopped_and_nothing_is_ever_plain_on_disk(
    store: Store, want: Callable[..., tuple[EvidenceFile, ...]]
) -> None:
    (file,) = want(submission(CONTENT))
    platform = Files({"art-1": CONTENT}, cut_after=[200_000, 7, 300_001])
    seen = 0

    def look(asked: Asked) -> Reply:
        nonlocal seen
        seen += 1
        assert not [path for path, data in on_disk(store) if MARKER in data or b"Birdsong" in data]
        assert state(store, file) == (EvidenceState.WANTED, 0)
        return platform(asked)

    assert fetch(store, look) == 1
    assert seen == 4
    assert read_back(store, file) == CONTENT
    assert [("range" in a.headers) for a in platform.asked] == [False, True, True, True]
    assert platform.asked[1].headers["if-range"] == f'"{file.sha256}"'
    # The file stays open between cuts, so that not one byte comes twice.
    assert platform.sent_bytes == len(CONTENT)
    assert not [path for path, data in on_disk(store) if b"Birdsong" in data]


def test_a_cut_is_waited_out_with_more_patience_the_less_came(
    store: Store, want: Callable[..., tuple[EvidenceFile, ...]]
) -> None:
    (file,) = want(submission(CONTENT))
    platform = Files({"art-1": CONTENT}, cut_after=[100_000, 1, 1, 90_000, 0, 0])
    gate = Patient()
    assert fetch(store, platform, gate=gate) == 1
    assert gate.waited == [0.25, 0.5, 1.0, 0.25, 0.5, 1.0]
    assert read_back(store, file) == CONTENT


def test_a_connection_that_brings_nothing_more_ends_the_round_and_the_next_goes_on(
    store: Store, want: Callable[..., tuple[EvidenceFile, ...]]
) -> None:
    (file,) = want(submission(CONTENT))
    platform = Files({"art-1": CONTENT}, cut_after=[200_000, *[0] * 5])
    with pytest.raises(UnknownEffect):
        fetch(store, platform)
    assert state(store, file) == (EvidenceState.WANTED, 0)
    assert fetch(store, platform) == 1
    # Only a new start costs the chunk that was not whole.
    assert platform.asked[-1].headers["range"] == f"bytes={200_000 // CHUNK_BYTES * CHUNK_BYTES}-"
    assert read_back(store, file) == CONTENT


def test_a_platform_that_knows_no_ranges(store: Store, want: Callable[..., tuple[EvidenceFile, ...]]) -> None:
    (file,) = want(submission(CONTENT))
    platform = Files({"art-1": CONTENT}, cut_after=[300_000], ignores_range=True)
    assert fetch(store, platform) == 1
    assert len(platform.asked) == 2
    assert read_back(store, file) == CONTENT


@pytest.mark.parametrize(
    "served",
    [CONTENT[:-1], CONTENT[:-1] + b"!", b"", CONTENT + b"more"],
    ids=["short", "other", "no", "long"],
)
def test_what_does_not_match_three_times_is_damaged_and_the_others_come(
    store: Store, want: Callable[..., tuple[EvidenceFile, ...]], served: bytes
) -> None:
    damaged, good = want(submission(CONTENT, b"good"))
    platform = Files({"art-1": served, "art-2": b"good"})
    assert fetch(store, platform) == 1
    assert state(store, damaged) == (EvidenceState.DAMAGED, 3)
    assert state(store, good) == (EvidenceState.READY, 0)
    assert [a.path.split("/")[3] for a in platform.asked] == ["art-2"] + ["art-1"] * 3
    assert [p.name for p, _ in on_disk(store) if damaged.blob_id in p.name] == []
    assert fetch(store, platform) == 0


def test_more_than_announced_is_not_read(store: Store, want: Callable[..., tuple[EvidenceFile, ...]]) -> None:
    (file,) = want(submission(b"small"))
    # 200 MB are announced and 40 MB are there to come.
    body = bytes(40_000_000)

    def huge(_: Asked) -> Reply:
        return Reply(200, body, "application/octet-stream", {"Content-Length": "200000000"})

    tracemalloc.start()
    assert fetch(store, huge) == 0
    largest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert state(store, file) == (EvidenceState.DAMAGED, 3)
    assert largest < 8_000_000
    assert sum(len(data) for path, data in on_disk(store) if "evidence" in path.parts) == 0


def test_what_is_announced_as_endless_is_not_asked_for(
    store: Store, want: Callable[..., tuple[EvidenceFile, ...]]
) -> None:
    (file,) = want(submission(b"x", size_bytes=MAX_FILE_BYTES + 1))
    platform = Files({"art-1": b"x"})
    assert fetch(store, platform) == 0
    assert not platform.asked
    assert state(store, file)[0] is EvidenceState.DAMAGED


@pytest.mark.parametrize("status", [400, 403, 404, 410])
def test_a_file_that_the_platform_refuses_does_not_keep_the_others(
    store: Store, want: Callable[..., tuple[EvidenceFile, ...]], status: int
) -> None:
    refused, good = want(submission(CONTENT, b"good"))
    files = Files({"art-2": b"good"})
    assert fetch(store, lambda a: problem(status) if "art-1" in a.path else files(a)) == 1
    assert state(store, refused) == (EvidenceState.DAMAGED, 3)
    assert state(store, good)[0] is EvidenceState.READY


@pytest.mark.parametrize(
    "reply", [problem(500), *(Reply(status, b"<html>", "text/html") for status in (403, 404, 451))]
)
def test_what_is_no_word_on_the_file_damages_nothing_and_keeps_no_other(
    store: Store, want: Callable[..., tuple[EvidenceFile, ...]], reply: Reply
) -> None:
    held_up, good = want(submission(CONTENT, CONTENT + b"more"))
    files = Files({"art-1": CONTENT, "art-2": CONTENT + b"more"}, cut_after=[200_000, *[0] * 5])
    with pytest.raises(UnknownEffect):
        fetch(store, files)
    asked: list[str] = []

    def between(request: Asked) -> Reply:
        asked.append(request.path)
        return reply if "art-1" in request.path else files(request)

    assert [fetch(store, between) for _ in range(4)] == [1, 0, 0, 0]
    assert sum("art-1" in path for path in asked) == 4
    assert state(store, held_up) == (EvidenceState.WANTED, 0)
    assert state(store, good)[0] is EvidenceState.READY
    assert fetch(store, files) == 1
    # What had come before was kept.
    assert "range" in files.asked[-1].headers
    assert read_back(store, held_up) == CONTENT


@pytest.mark.parametrize("status", [408, 425, 429, 502, 503])
def test_a_platform_in_trouble_damages_nothing(
    store: Store, want: Callable[..., tuple[EvidenceFile, ...]], status: int
) -> None:
    (file,) = want(submission(CONTENT))
    with pytest.raises(Unavailable):
        fetch(store, lambda _: problem(status))
    assert state(store, file) == (EvidenceState.WANTED, 0)


def test_the_page_of_a_portal_is_no_evidence(
    store: Store, want: Callable[..., tuple[EvidenceFile, ...]]
) -> None:
    (file,) = want(submission(CONTENT))
    with pytest.raises(Portal):
        fetch(store, lambda _: Reply(200, b"<html>", "text/html"))
    assert state(store, file) == (EvidenceState.WANTED, 0)


def test_evidence_in_html_arrives(store: Store, want: Callable[..., tuple[EvidenceFile, ...]]) -> None:
    page = b"<h1>My lesson</h1>"
    (file,) = want(submission(page, media_type="text/html"))
    assert fetch(store, Files({"art-1": page}, kind="text/html", etag=f'"{file.sha256}"')) == 1
    assert read_back(store, file) == page


def test_a_part_that_is_longer_than_the_file_now_is_thrown_away(
    store: Store, want: Callable[..., tuple[EvidenceFile, ...]]
) -> None:
    (file,) = want(submission(CONTENT))
    platform = Files({"art-1": CONTENT}, cut_after=[400_000])

    def no_more(asked: Asked) -> Reply:
        # The platform says that there are no bytes behind our part; a fresh start then brings the whole file.
        return problem(416) if "range" in asked.headers else platform(asked)

    assert fetch(store, no_more) == 1
    assert "range" not in platform.asked[-1].headers
    assert read_back(store, file) == CONTENT


def test_a_copy_is_asked_for_by_its_digest(
    store: Store, want: Callable[..., tuple[EvidenceFile, ...]]
) -> None:
    word = builders.artifact(1, rendition=True)
    files = want(builders.submission(parts=(Part(RequirementId("design"), artifacts=(word,)),)))
    asked: list[str] = []

    def platform(request: Asked) -> Reply:
        asked.append(request.path)
        data = b"%PDF-1.7 copy 1" if "rendition" in request.path else b"%PDF-1.7 evidence 1"
        return Reply(200, data, "application/octet-stream")

    assert fetch(store, platform) == 2
    copy = next(f for f in files if f.is_rendition)
    own = "/v1/artifacts/art-1/content"
    assert sorted(asked) == [own, f"{own}?rendition={copy.sha256}"]


def test_a_cancelled_round_ends_between_files(
    store: Store, want: Callable[..., tuple[EvidenceFile, ...]]
) -> None:
    want(submission(b"one", b"two"))
    here: list[ChangeSet] = []
    platform = Files({"art-1": b"one", "art-2": b"two"})
    assert fetch(store, platform, arrived=here.append, cancelled=lambda: bool(here)) == 1


def test_offline_the_files_stay_wanted(store: Store, want: Callable[..., tuple[EvidenceFile, ...]]) -> None:
    (file,) = want(submission(CONTENT))
    with pytest.raises(Offline):
        fetch_all(store, Transport("http://127.0.0.1:1", access_token=lambda: "t"), clock=FakeClock())
    assert state(store, file) == (EvidenceState.WANTED, 0)
