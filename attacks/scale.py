"""A cache far larger than anybody's: first sync, inbox, search, saving and memory, each beside its floor.

A real server hands out pages of made-up submissions, four artifacts each, and the real sync takes them in.
The floor of the sync reads and stores the same pages without understanding them; that of saving is a bare
commit of as many bytes; the peer of the search is a scan of every text. The inbox is opened behind a write,
where a reader knows no page of the store any more, and while writes go on.

At the small size, which is part of every run of the tests, texts are shorter, the floor has the first pages
alone, and the search index is made in large pieces.
"""

from __future__ import annotations

import gc
import itertools
import json
import random
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from assessor_app.cache import search_index, sync_state
from assessor_app.cache.connection import connect
from assessor_app.cache.engine import Store
from assessor_app.clock import Clock
from assessor_app.domain.assessments import CriterionFeedback
from assessor_app.domain.ids import CriterionId, SubmissionId
from assessor_app.domain.inbox_filter import InboxFilter
from assessor_app.domain.roles import Role
from assessor_app.domain.searching import search_words
from assessor_app.rubric.native import rubric_to_json
from assessor_app.services import assessing, inbox_reading, searching
from assessor_app.services.context import Context
from assessor_app.sync import auth
from assessor_app.sync.protocol import (
    ArtifactWire,
    AssignmentWire,
    PartWire,
    ResponseWire,
    RubricRefWire,
    as_json,
    utc_text,
)
from assessor_app.sync.pull import PAGE_LIMIT, pull
from attacks._figure import Figure
from tests.answering import Asked, Reply, answering
from tests.contexts import context_in
from tests.contract.small_content import NOW, rubric, wire
from tests.stores import DATABASE_KEY

TITLE = "100,000 submissions with 400,000 artifacts in the cache"
SMALL, LARGE = 10_000, 100_000
ARTIFACTS = 4
RATE_AT_LEAST = 100_000 / 180
"""Submissions a second: 100,000 in three minutes."""
INBOX_MS, SEARCH_MS, SAVE_MS = 50.0, 100.0, 10.0
LOADED = 4.0
"""A target counts as broken when it is missed so many times over: a machine may be busy otherwise."""
FLOOR_AT_REST = 8_000
"""Pages of so many submissions a second are stored unread where nothing else goes on; fewer: it is busy."""
SAVES, OPENINGS = 300, 20
WORDS = 4_000
WORDS_OF_A_TEXT, FEWER_WORDS = 120, 40
FLOOR_AT_SMALL = 1_000
INDEXED_AT_ONCE_S = 0.5


def run(count: int, seed: int, folder: Path) -> Figure:
    """Fill a cache with `count` submissions and measure.

    Args:
        count: how many submissions.
        seed: of the words in them.
        folder: an empty folder.
    """
    is_small = count <= SMALL
    pages = _Pages(count, random.Random(seed), FEWER_WORDS if is_small else WORDS_OF_A_TEXT)
    report = _Report()
    for start in pages.starts:
        pages.body(start)
    with answering(pages.answer) as server, _collected_elsewhere():
        context = context_in(folder / "profile", Role.ASSESSOR, _TimeGoesOn(), origin=server.origin)
        with context.store.write() as txn:
            sync_state.set_secret(txn, auth.ACCESS, "token-of-scale")
        of_floor = min(count, FLOOR_AT_SMALL) if is_small else count
        floor_s = _timed(partial(_store_unread, folder / "floor.db", pages, of_floor))
        before_mib = _resident_mib()
        took_s = _timed(partial(pull, context.store, context.transport, clock=context.clock))
    report.rate("first sync", count / took_s, of_floor / floor_s)
    report.say(f"memory grew by {_resident_mib() - before_mib:.0f} MiB while syncing")
    _check_counts(context.store, count, report)
    at_once_s = INDEXED_AT_ONCE_S if is_small else search_index.BATCH_S
    report.say(f"indexed for the search in {_timed(partial(_index, context.store, at_once_s)):.1f} s")
    with _collected_elsewhere():
        _measure(context, pages, report)
    context.store.close()
    size_mb = sum(file.stat().st_size for file in (folder / "profile").rglob("*") if file.is_file()) / 1e6
    report.say(f"store of {size_mb:.0f} MB, {_resident_mib():.0f} MiB resident")
    return Figure(tuple(report.lines), tuple(report.broken))


class _TimeGoesOn(Clock):
    """From the platform's moment on: ids made later sort behind, as they do in the program.

    With a clock that stands still they would come in no order, and each new file would change a page of its
    own in the index of all.
    """

    def __init__(self) -> None:
        self._begun_s = time.monotonic()

    def now(self) -> datetime:
        return NOW + timedelta(seconds=time.monotonic() - self._begun_s)


class _Pages:
    """The platform's pages: one rubric, then a submission and its assignment, and so on."""

    def __init__(self, count: int, chance: random.Random, words: int) -> None:
        self._count = count
        self._words = [
            "".join(chance.choices("etaoinshrdlucmfwyp", k=chance.randint(3, 9))) for _ in range(WORDS)
        ]
        weights = list(itertools.accumulate(1 / (rank + 1) for rank in range(WORDS)))
        self._text = lambda: " ".join(chance.choices(self._words, cum_weights=weights, k=words))
        # Texts are put together, not data: making the content must not outweigh taking it in.
        self._submission = _text(_change("submission", "SUBMISSION", as_json(_made_of_marks())))
        role = AssignmentWire(submission_id="SUBMISSION", role=Role.ASSESSOR)
        self._assignment = _text(_change("assignment", "SUBMISSION:assessor", as_json(role)))
        self._bodies: dict[int, bytes] = {}

    @property
    def starts(self) -> range:
        """The first submission of each page."""
        return range(0, self._count, PAGE_LIMIT // 2)

    @property
    def some_words(self) -> list[str]:
        """Common words and rare ones."""
        return [self._words[rank] for rank in (0, 40, 600, 3_000)]

    def body(self, start: int) -> bytes:
        """One page's answer, made at the first call."""
        if start not in self._bodies:
            end = min(start + PAGE_LIMIT // 2, self._count)
            first = [_text(_change("rubric_version", "think-alouds:3", rubric_to_json(rubric())))]
            changes = [] if start else first
            for number in range(start, end):
                changes += self._of(number)
            around = {"next_cursor": str(end), "has_more": end < self._count, "server_time": utc_text(NOW)}
            self._bodies[start] = f'{{"changes": [{",".join(changes)}], {_text(around)[1:]}'.encode()
        return self._bodies[start]

    def answer(self, asked: Asked) -> Reply:
        cursor = parse_qs(urlsplit(asked.path).query).get("cursor", ["0"])[0]
        return Reply(body=self.body(int(cursor)))

    def _of(self, number: int) -> list[str]:
        name = str(uuid.UUID(int=10**6 + number))
        submission = self._submission.replace("SUBMISSION", name).replace("NUMBER", f"{number:06}")
        return [submission.replace("TEXT", self._text()), self._assignment.replace("SUBMISSION", name)]


def _change(kind: str, name: str, data: object) -> dict[str, Any]:
    return {"type": kind, "id": name, "rev": 1, "op": "upsert", "data": data}


_text = json.dumps


def _made_of_marks() -> Any:
    """A submission with marks in the places that differ from one to the next."""
    artifacts = [
        ArtifactWire(
            id=f"NUMBER-artifact-{number}",
            filename=f"Artifact {number}.pdf",
            media_type="application/pdf",
            size_bytes=100_000,
            sha256=f"{number}" * 64,
            page_count=3,
        )
        for number in range(1, ARTIFACTS + 1)
    ]
    response = ResponseWire(id="NUMBER-response", prompt_id="analyze-prompt", text="TEXT")
    part = PartWire(requirement_id="analyze", responses=[response], artifacts=artifacts)
    version = rubric()
    ref = RubricRefWire(id=str(version.id), version=version.version, hash=version.hash)
    return wire("SUBMISSION", code="S-NUMBER", parts=[part], rubric=ref)


class _Report:
    """Lines with their targets."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.broken: list[str] = []
        self._busy = 1.0

    def say(self, line: str) -> None:
        self.lines.append(line)

    def rate(self, what: str, ours: float, floor: float) -> None:
        self._busy = max(1.0, FLOOR_AT_REST / floor)
        self._line(
            f"{what}: {ours:.0f} a second, floor {floor:.0f}, ratio {floor / ours:.1f}, "
            f"wanted {RATE_AT_LEAST:.0f}",
            RATE_AT_LEAST / ours,
        )

    def times(
        self, what: str, ours: list[float], share: float, target_ms: float, floor: list[float] | None = None
    ) -> None:
        mine, slowness = _percentile(ours, share), 0.0
        beside = ""
        if floor is not None:
            bare = _percentile(floor, share)
            beside = f", beside it {bare:.2f} ms, ratio {mine / bare:.1f}"
            slowness = bare / target_ms
        line = f"{what}: {share:.0%} within {mine:.1f} ms{beside}, wanted {target_ms:.0f} ms"
        self._line(line, mine / target_ms, slowness)

    def _line(self, line: str, part_of_target: float, slowness: float = 0.0) -> None:
        self.lines.append(line + ("" if part_of_target <= 1 else " -> MISSED"))
        if part_of_target > LOADED * max(self._busy, slowness):
            self.broken.append(line)


@dataclass(frozen=True, slots=True)
class _Counted:
    submissions: int
    artifacts: int
    aside: int


def _check_counts(store: Store, count: int, report: _Report) -> None:
    with store.read() as txn:
        of = txn.connection.exec_driver_sql
        held = _Counted(
            int(of("SELECT count(*) FROM submission").scalar() or 0),
            int(of("SELECT count(*) FROM evidence_file").scalar() or 0),
            len(sync_state.quarantined(txn)),
        )
    report.say(f"{held.submissions:,} submissions, {held.artifacts:,} artifacts, {held.aside} set aside")
    if held != _Counted(count, ARTIFACTS * count, 0):
        report.broken.append(f"not everything came: {held}")


def _measure(context: Context, pages: _Pages, report: _Report) -> None:
    report.say(f"inbox opened for the first time in {_timed_ms(partial(_open_inbox, context)):.1f} ms")
    opened = []
    for number in range(OPENINGS):
        _save(context, number)
        opened.append(_timed_ms(partial(_open_inbox, context)))
    report.times("inbox open behind a write", opened, 0.95, INBOX_MS)
    with _saving(context):
        opened = [_timed_ms(partial(_open_inbox, context)) for _ in range(OPENINGS)]
    report.times("inbox open while saves go on", opened, 0.95, INBOX_MS)
    queries = [word[:length] for word in pages.some_words for length in range(1, len(word) + 1)]
    scans = [_timed_ms(partial(_scan, context.store, word)) for word in pages.some_words]
    found = [_timed_ms(partial(searching.find, context, text)) for text in queries]
    report.times("search as it is typed", found, 0.95, SEARCH_MS, scans)
    saves, bare = [], []
    with context.store.write() as txn:
        txn.connection.exec_driver_sql("CREATE TABLE bare (number INTEGER PRIMARY KEY, text TEXT)")
    for number in range(SAVES):
        saves.append(_timed_ms(partial(_save, context, number)))
        bare.append(_timed_ms(partial(_bare_commit, context.store, number, _written(number))))
    report.times("autosave", saves, 0.99, SAVE_MS, bare)


@contextmanager
def _collected_elsewhere() -> Iterator[None]:
    """As in the program, no lane collects cycles, and what is there for long is set aside."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()


def _open_inbox(context: Context) -> None:
    order = inbox_reading.overview(context, InboxFilter()).order
    inbox_reading.rows(context, order.ids[:100])


def _written(number: int) -> str:
    return "Your questions leave room for thought in each phase. " * (1 + number % 10) + str(number)


def _save(context: Context, number: int) -> None:
    name = SubmissionId(str(uuid.UUID(int=10**6 + number % 7)))
    feedback = CriterionFeedback(CriterionId("analyze-1"), _written(number))
    assessing.save_feedback(context, name, feedback)


@contextmanager
def _saving(context: Context) -> Iterator[None]:
    """Somebody writes all the time, a little faster than anybody types."""
    is_over = threading.Event()

    def save() -> None:
        number = OPENINGS
        while not is_over.wait(0.02):
            number += 1
            _save(context, number)

    writer = threading.Thread(target=save)
    writer.start()
    try:
        yield
    finally:
        is_over.set()
        writer.join()


def _bare_commit(store: Store, number: int, text: str) -> None:
    with store.write() as txn:
        txn.connection.exec_driver_sql("INSERT INTO bare VALUES (?, ?)", (number, text))


def _scan(store: Store, text: str) -> int:
    tests = " AND ".join("text LIKE ?" for _ in search_words(text)) or "0"
    values = tuple(f"%{word}%" for word in search_words(text))
    with store.read() as txn:
        # Nothing of a person's stands in the statement: the words are values.
        rows = txn.connection.exec_driver_sql(
            f"SELECT submission_id, substr(text, 1, 100) FROM search_text WHERE {tests} LIMIT 300",
            values,
        )
        return len(rows.fetchall())


def _index(store: Store, at_once_s: float) -> None:
    is_left = True
    while is_left:
        with store.write() as txn:
            is_left = search_index.index_some(txn, time.monotonic, at_once_s)


def _store_unread(path: Path, pages: _Pages, count: int) -> None:
    """The floor: every page parsed and its records stored as they are, one commit for each page."""
    opened = connect(path, DATABASE_KEY)
    opened.execute("PRAGMA journal_mode = WAL")
    opened.execute("CREATE TABLE record (type TEXT, id TEXT, data TEXT, PRIMARY KEY (type, id))")
    for start in pages.starts:
        if start >= count:
            break
        changes = json.loads(pages.body(start))["changes"]
        rows = [(change["type"], change["id"], json.dumps(change["data"])) for change in changes]
        opened.execute("BEGIN")
        opened.executemany("INSERT INTO record VALUES (?, ?, ?)", rows)
        opened.execute("COMMIT")
    opened.close()


def _timed(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _timed_ms(act: Callable[[], object]) -> float:
    return _timed(act) * 1000


def _percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def _resident_mib() -> float:
    """Memory of this process that is in use; 0 where the system does not tell."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return 0.0
    return pages * 4096 / 2**20
