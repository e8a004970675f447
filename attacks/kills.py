"""kill -9 at named points and at moments of chance, while editing, queueing, sending, pulling, upgrading.

One profile is worked on by one process after the other, each of them killed; after each kill its store is
opened and held beside what the person was told. In the end a last process finishes everything, and the
platform must have every recommendation once, with exactly what was written.
"""

from __future__ import annotations

import json
import random
import shutil
import signal
import subprocess
import sys
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import select

from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache import assessments, evidence, outbox, submissions, sync_state
from assessor_app.cache.engine import Store
from assessor_app.cache.migrate import HISTORY
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.states import AssessmentState, OutboxState
from assessor_app.domain.submissions import EvidenceState
from assessor_app.errors import StoreError
from assessor_app.sync import auth
from attacks import _killed_worker
from attacks._figure import Figure
from reference_platform.models import Recommendation, StoredAnswer
from tests import builders
from tests.contract.running import Running, fill, lasting_token, running, serving
from tests.contract.small_content import content
from tests.stores import DATABASE_KEY, open_store, put_older_store

TITLE = "kill -9 at named and random points of editing, queueing, sending, pulling, migrating"
SMALL, LARGE = 100, 1_000
UPGRADES = 4
"""One cycle in so many upgrades a store of an earlier schema."""
MOST_CYCLES = 3
"""So many processes are started at most for each that is to be killed: some end before their moment."""
FIRST_LONGEST_MS = 60.0
ROOT = Path(__file__).resolve().parents[1]


def run(count: int, seed: int, folder: Path, *, lies: bool = False) -> Figure:
    """Kill `count` processes.

    Args:
        count: how many are killed.
        seed: of chance.
        folder: an empty folder.
        lies: whether everything is told as saved before it is, so that losses must be found.
    """
    chance = random.Random(seed)
    attack = _Attack(folder, count, chance, lies)
    with attack.at_work() as platform:
        cycle = 0
        while attack.counts["killed"] < count and cycle < MOST_CYCLES * count:
            if cycle % UPGRADES == UPGRADES - 1:
                attack.upgrade(cycle // UPGRADES)
            else:
                attack.work(cycle)
            cycle += 1
        attack.finish(platform)
    counts = attack.counts
    return Figure(
        (
            f"{counts['killed']} killed at {len(attack.points)} named points, and at {counts['by chance']}"
            f" moments of chance; {counts['upgrades']} of them upgraded; {counts['ended first']} ended first",
            f"{counts['told']} things told as saved, {counts['sent']} sent",
            f"{counts['lost']} lost, {counts['doubled']} doubled, {counts['falsely sent']} falsely sent,"
            f" {counts['corrupt']} corrupt",
        ),
        tuple(attack.broken),
    )


class _Attack:
    """One profile, the processes that work on it, and what they told."""

    def __init__(self, folder: Path, count: int, chance: random.Random, lies: bool) -> None:
        self.counts: Counter[str] = Counter()
        self.broken: list[str] = []
        self.points: set[str] = set()
        self._tried: Counter[str] = Counter()
        self._folder, self._chance, self._lies = folder, chance, lies
        self._profile = folder / "profile"
        self._ids = [str(uuid.UUID(int=1000 + number)) for number in range(max(4, count // 6))]
        self._told: dict[tuple[str, str], str] = {}
        self._begun: dict[tuple[str, str], str] = {}
        self._upgrades = _Upgrades(folder / "older")
        self._longest_ms = FIRST_LONGEST_MS
        self._statements = 0

    @contextmanager
    def at_work(self) -> Iterator[Running]:
        """The platform and the worker, until the block ends."""
        fill(self._folder / "platform", content(len(self._ids)))
        with serving() as server, running(server, self._folder / "platform") as platform:
            self._origin = platform.origin
            with closing(open_store(self._profile)) as store, store.write() as txn:
                sync_state.set_secret(txn, auth.ACCESS, lasting_token("busy"))
            command = [sys.executable, "-m", _killed_worker.__name__]
            pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
            with subprocess.Popen(command, cwd=ROOT, **pipes) as self._worker:
                yield platform
                assert self._worker.stdin is not None
                self._worker.stdin.close()

    def work(self, cycle: int) -> None:
        """Let a process work until it is killed, then look at what it left."""
        is_named = cycle % 2 == 0
        point = self._next_point() if is_named else ""
        if point in _killed_worker.NEED_CHANGES or not is_named:
            self._let_it_come_again()
        status = self._run(
            job="work",
            folder=str(self._profile),
            origin=self._origin,
            ids=self._unsent()[:6],
            all=False,
            point=point,
            hit=1 if self._chance.random() < 0.8 else 2,
            after_ms=None if is_named else self._chance.uniform(1, self._longest_ms),
            syncs_first=self._chance.random() < 0.5,
            serial=cycle * 100,
            seed=self._chance.random(),
        )
        if not is_named:
            # Neither always at the beginning nor always too late, however quick the machine is.
            self._longest_ms *= 1.3 if status == -signal.SIGKILL else 0.8
        self._count(status, point)
        self._look(cycle)

    def _next_point(self) -> str:
        """The named point that was reached least often."""
        point = min(_killed_worker.POINTS, key=lambda name: self._tried[name])
        self._tried[point] += 1
        return point

    def _unsent(self) -> list[str]:
        """The submissions that were not told as sent; the last one when all were."""
        return [name for name in self._ids if self._told.get((name, "sent")) != "1"] or self._ids[-1:]

    def _let_it_come_again(self) -> None:
        """Everything is to be pulled anew, and one file of evidence to be fetched."""
        with closing(open_store(self._profile)) as store, store.write() as txn:
            sync_state.set_cursor(txn, None, None)
            files = evidence.files(txn, SubmissionId(self._chance.choice(self._ids)))
            for file in files[:1]:
                evidence.set_state(txn, file.blob_id, EvidenceState.WANTED)

    def upgrade(self, number: int) -> None:
        """Kill a process while it upgrades a store, and upgrade it whole afterwards."""
        folder, revision = self._upgrades.make(number, self._folder / "upgraded")
        statement = self._upgrades.statement(number)
        if statement is None:
            # Once, to know how many statements there are.
            self._run(job="upgrade", folder=str(folder), statement=10**6, after_ms=None)
            self._upgrades.know(number, self._statements)
            folder, revision = self._upgrades.make(number, self._folder / "upgraded")
            statement = self._upgrades.statement(number)
        status = self._run(job="upgrade", folder=str(folder), statement=statement, after_ms=None)
        self.counts["upgrades"] += 1
        self._count(status, f"upgrade from {revision}")
        try:
            store = open_store(folder)
        except StoreError:
            self._say("corrupt", f"a store of {revision}, killed at statement {statement}")
            return
        with closing(store):
            if not _is_filled(store):
                self._say("lost", f"work in a store of {revision}, killed at statement {statement}")

    def finish(self, platform: Running) -> None:
        """Let a last process end everything, and hold the platform beside what was told."""
        wanted = {"ids": self._ids, "point": "", "hit": 0, "after_ms": None, "syncs_first": True, "all": True}
        for attempt in range(2):
            self._run(
                job="work",
                folder=str(self._profile),
                origin=self._origin,
                serial=10**7 * (attempt + 1),
                seed=1,
                **wanted,
            )
        self._look(-1)
        with platform.platform.database.read() as session:
            received = list(session.scalars(select(Recommendation)))
            known = {answer.key: answer.sha256 for answer in session.scalars(select(StoredAnswer))}
        by_submission = Counter(made.submission_id for made in received)
        self.counts["sent"] = len(received)
        for submission_id in self._ids:
            if by_submission[submission_id] == 0:
                self._say("lost", f"the recommendation of {submission_id}")
        for submission_id, times in by_submission.items():
            if times > 1:
                self._say("doubled", submission_id)
        for made in received:
            if not made.body["feedback"]["overall"].endswith(f" {self._told[made.submission_id, 'overall']}"):
                self._say("lost", f"the last words on {made.submission_id}")
        with closing(open_store(self._profile)) as store, store.read() as txn:
            for item in outbox.items(txn, open_only=False):
                if item.state is not OutboxState.ACKED:
                    self._say("lost", f"{item.kind} of {item.submission_id} is {item.state}")
                elif known.get(item.id) != item.sha256:
                    self._say("falsely sent", f"{item.kind} of {item.submission_id}")
            for submission_id in self._ids:
                for file in evidence.files(txn, SubmissionId(submission_id)):
                    if file.state is not EvidenceState.READY:
                        self._say("lost", f"evidence of {submission_id} is {file.state}")

    def _run(self, **job: Any) -> int:
        assert self._worker.stdin is not None
        assert self._worker.stdout is not None
        self._worker.stdin.write(json.dumps({"key": DATABASE_KEY.hex(), "lies": self._lies, **job}) + "\n")
        self._worker.stdin.flush()
        for line in self._worker.stdout:
            word, *rest = line.split()
            if word == "ended":
                return int(rest[0])
            if word == "statements":
                self._statements = int(rest[0])
            if word in ("begin", "saved"):
                submission_id, value, what = rest[0], rest[-1], " ".join(rest[1:-1])
                self._begun[submission_id, what] = value
                if word == "saved":
                    self.counts["told"] += 1
                    self._told[submission_id, what] = value
        raise AssertionError("the worker is gone")

    def _count(self, status: int, point: str) -> None:
        if status == -signal.SIGKILL:
            self.counts["killed"] += 1
            self.counts["by chance"] += not point
            if point:
                self.points.add(point)
        else:
            self.counts["ended first"] += 1
            if status != 0:
                self._say("corrupt", f"a process ended with {status} at {point or 'a moment of chance'}")

    def _say(self, kind: str, what: str) -> None:
        self.counts[kind] += 1
        self.broken.append(f"{kind}: {what}")

    def _look(self, cycle: int) -> None:
        """Hold the store beside what was told and begun."""
        try:
            store = open_store(self._profile)
        except StoreError as error:
            self._say("corrupt", f"after cycle {cycle}: {error}")
            return
        with closing(store), store.read() as txn:
            sound = txn.connection.exec_driver_sql("PRAGMA integrity_check").scalar()
            if sound != "ok":
                self._say("corrupt", f"after cycle {cycle}: {sound}")
            held = {name: _held(txn, SubmissionId(name)) for name in {key[0] for key in self._begun}}
        for submission_id, found in held.items():
            if found.get("sent", "0") not in ("0", "1"):
                self._say("corrupt", f"after cycle {cycle}: {submission_id} is {found['sent']}")
        for (submission_id, what), value in self._told.items():
            has = held[submission_id].get(what)
            if has not in (value, self._begun[submission_id, what]):
                self._say("lost", f"after cycle {cycle}: {what} of {submission_id} is {has}, told {value}")
            elif has is not None:
                # What was begun when the kill came is, from now on, what it turned out to be.
                self._told[submission_id, what] = self._begun[submission_id, what] = has


def _held(txn: Any, submission_id: SubmissionId) -> dict[str, str]:
    """What a store has of a submission, in the words of the worker."""
    work = assessments.load(txn, submission_id, 1)
    if work is None:
        return {}
    found = {f"rating {rating.criterion_id}": str(rating.level) for rating in work.ratings}
    found |= {
        f"feedback {feedback.criterion_id}": feedback.text.rpartition(" ")[2] for feedback in work.feedback
    }
    found["overall"] = work.overall.rpartition(" ")[2]
    found |= {f"mark {mark.id}": "1" for mark in annotation_rows.of_submission(txn, submission_id)}
    queued = len(outbox.of_submission(txn, submission_id))
    found["sent"] = str(queued)
    if (work.state is AssessmentState.FINAL) != (queued == 1):
        found["sent"] = f"{work.state}, but queued {queued} times"
    return found


class _Upgrades:
    """Stores of every earlier schema with work in them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._earlier = HISTORY.revisions[:-1]
        self._statements: dict[str, int] = {}

    def make(self, number: int, target: Path) -> tuple[Path, str]:
        """Lay a fresh store of an earlier schema."""
        revision = self._revision(number)
        ready = self._folder / revision
        if not ready.exists():
            filled = self._folder / "filled"
            if not filled.exists():
                _fill(open_store(filled))
            put_older_store(ready, filled, revision, self._folder / f"scripts-{revision}")
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(ready, target)
        return target, revision

    def know(self, number: int, statements: int) -> None:
        """Note how many statements it takes from this number's schema to the head."""
        self._statements[self._revision(number)] = statements

    def statement(self, number: int) -> int | None:
        """At which statement to die, or around them (-1, -2); None when their number is not known."""
        statements = self._statements.get(self._revision(number))
        if statements is None:
            return None
        turn = number // len(self._earlier)
        if turn % 8 == 7:
            return -1 - turn // 8 % 2
        # A step that has no divisor in common with most numbers comes by all of them.
        return 1 + turn * 37 % statements

    def _revision(self, number: int) -> str:
        return self._earlier[number % len(self._earlier)]


def _fill(store: Store) -> None:
    with closing(store), store.write() as txn:
        submissions.put_submission(txn, builders.submission(1))
        submissions.put_assignment(txn, builders.assignment(1))
        assessments.set_rating(txn, builders.submission_id(1), 1, builders.ratings()[0], builders.NOON)
        annotation_rows.put(txn, builders.annotation(1))
        outbox.enqueue(txn, builders.outbox_item(1))


def _is_filled(store: Store) -> bool:
    with store.read() as txn:
        work = assessments.load(txn, builders.submission_id(1), 1)
        return (
            work is not None
            and work.ratings == builders.ratings()[:1]
            and annotation_rows.of_submission(txn, builders.submission_id(1)) == (builders.annotation(1),)
            and outbox.items(txn) == (builders.outbox_item(1),)
            and txn.connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        )
