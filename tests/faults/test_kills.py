"""kill -9 at named points of assessing and sending: nothing lost or doubled, nothing falsely confirmed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from assessor_app.cache import assessments, outbox, sync_state
from assessor_app.domain.assessments import OutboxItem
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.roles import Role
from assessor_app.domain.states import AssessmentState, OutboxState
from assessor_app.services import syncing
from assessor_app.sync import auth
from reference_platform.models import Recommendation, StoredAnswer
from tests.builders import FakeClock
from tests.contexts import context_in
from tests.contract.running import Running, fill, lasting_token, running, serving
from tests.contract.small_content import NOW, content
from tests.faults import sending_child
from tests.faults.sending_child import POINTS
from tests.stores import DATABASE_KEY, open_store

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked and killed as on POSIX")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Running]:
    folder = tmp_path / "platform"
    folder.mkdir()
    fill(folder, content(len(POINTS) + 1))
    with serving() as server, running(server, folder) as served:
        yield served


@pytest.fixture
def profile(tmp_path: Path, platform: Running) -> Path:
    """A profile that has everything, ready to be worked on."""
    context = context_in(tmp_path / "profile", Role.ASSESSOR, FakeClock(NOW), origin=platform.origin)
    with context.store.write() as txn:
        sync_state.set_secret(txn, auth.ACCESS, lasting_token("busy"))
    syncing.sync(context, report=lambda _: None, changed=lambda _: None)
    context.store.close()
    return context.folder


class Child:
    """The process that works and dies."""

    def __init__(self, profile: Path, origin: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", sending_child.__name__, str(profile), DATABASE_KEY.hex(), origin],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    def run(self, point: str, *ids: str) -> tuple[set[str], set[str], int]:
        """What it told the person was saved and was sent, and how it ended."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{point}|{' '.join(ids)}\n")
        self._process.stdin.flush()
        told: dict[str, set[str]] = {"saved": set(), "sent": set()}
        for line in self._process.stdout:
            word, _, rest = line.strip().partition(" ")
            if word == "ended":
                return told["saved"], told["sent"], int(rest)
            told[word].add(rest)
        raise AssertionError("the child is gone")

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


@pytest.fixture
def child(profile: Path, platform: Running) -> Iterator[Child]:
    started = Child(profile, platform.origin)
    yield started
    started.close()


def rows(profile: Path) -> tuple[OutboxItem, ...]:
    store = open_store(profile)
    with store.read() as txn:
        found = outbox.items(txn, open_only=False)
    store.close()
    return found


def check(profile: Path, platform: Running, saved: set[str], sent: set[str]) -> None:
    """What the person was told is true, and what the store calls confirmed the platform has."""
    store = open_store(profile)
    with store.read() as txn:
        for submission_id in saved:
            held = assessments.load(txn, SubmissionId(submission_id), 1)
            assert held is not None
            assert len(held.ratings) == len(held.feedback) == 2
            assert held.overall
            final = held.state is AssessmentState.FINAL
            queued = len(outbox.of_submission(txn, SubmissionId(submission_id)))
            # Final and queued come together or not at all.
            assert final == (queued == 1)
            assert final or submission_id not in sent
    store.close()
    with platform.platform.database.read() as session:
        known = {answer.key: answer.sha256 for answer in session.scalars(select(StoredAnswer))}
    for item in rows(profile):
        if item.state is OutboxState.ACKED:
            assert known.get(item.id) == item.sha256


def test_killed_at_every_point_nothing_is_lost_or_doubled_or_falsely_confirmed(
    profile: Path, platform: Running, child: Child
) -> None:
    ids = [str(uuid.UUID(int=1000 + n)) for n in range(len(POINTS) + 1)]
    saved: set[str] = set()
    sent: set[str] = set()
    for point, submission_id in zip(POINTS, ids, strict=False):
        told_saved, told_sent, status = child.run(point, submission_id)
        assert status == -signal.SIGKILL, point
        saved |= told_saved
        sent |= told_sent
        check(profile, platform, saved, sent)
    assert saved == set(ids[:-1])
    _, _, status = child.run("", *ids)
    assert status == 0
    check(profile, platform, set(ids), set(ids))
    items = rows(profile)
    assert [item.state for item in items] == [OutboxState.ACKED] * len(ids)
    assert {item.submission_id for item in items} == set(ids)
    with platform.platform.database.read() as session:
        received = [made.submission_id for made in session.scalars(select(Recommendation))]
    assert sorted(received) == sorted(ids)
