"""kill -9 at named points of taking back and giving back: both sides agree in the end, nothing is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import select

from assessor_app.cache import assessments, outbox, submissions
from assessor_app.domain.assessments import OutboxKind
from assessor_app.domain.roles import Role
from assessor_app.domain.states import AssessmentState
from assessor_app.services import syncing
from reference_platform.models import AuditEntry, Recommendation, Recusal, TeamCase
from tests.builders import FakeClock
from tests.contexts import context_in
from tests.contract.running import Running, lay, running, serving
from tests.contract.small_content import FIRST, NOW, content
from tests.faults import after_sending_child
from tests.faults.after_sending_child import POINTS
from tests.integration.at_work import FIRST_ID, assess, assess_and_send, at_work, synced
from tests.stores import DATABASE_KEY

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked and killed as on POSIX"),
    pytest.mark.heavy,
]
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Running]:
    folder = tmp_path / "platform"
    lay(folder, content)
    with serving() as server, running(server, folder) as served:
        yield served


class Mortal:
    """The process whose forks work and die."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", after_sending_child.__name__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )

    def dies(self, folder: Path, platform: Running, verb: str, point: str) -> None:
        """Do it in a process that is killed at a point."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        words = (str(folder / "anna"), DATABASE_KEY.hex(), platform.origin, verb, point)
        print("|".join(words), file=self._process.stdin, flush=True)
        assert int(self._process.stdout.readline()) == -signal.SIGKILL

    def close(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(10)
        self._process.stdout.close()


@pytest.fixture(scope="module")
def mortal() -> Iterator[Mortal]:
    started = Mortal()
    yield started
    started.close()


def come_back(folder: Path, platform: Running) -> tuple[bool, AssessmentState | None, int]:
    """Start again and sync: whether the submission is here, how the work stands, what still waits."""
    clock = FakeClock(NOW, seed=9)
    context = context_in(folder / "anna", Role.ASSESSOR, clock, origin=platform.origin)
    with closing(context.store):
        syncing.recover(context)
        synced(context)
        with context.store.read() as txn:
            is_here = submissions.get_submission(txn, FIRST_ID) is not None
            work = assessments.load(txn, FIRST_ID, 1)
            waiting = len(outbox.items(txn))
            asked = outbox.every_of_kinds(txn, FIRST_ID, (OutboxKind.WITHDRAWAL, OutboxKind.RECUSAL))
        assert len(asked) <= 1
        if work is not None:
            assert len(work.ratings) == len(work.feedback) == 2
        return is_here, work.state if work is not None else None, waiting


@pytest.mark.parametrize("point", [p for p in POINTS if p != "erased but not committed"])
def test_taken_back_on_both_sides_or_on_none(
    tmp_path: Path, platform: Running, mortal: Mortal, point: str
) -> None:
    with at_work(tmp_path, platform, clock=FakeClock(NOW)) as anna:
        assess_and_send(anna)
    mortal.dies(tmp_path, platform, "take_back", point)
    is_here, state, waiting = come_back(tmp_path, platform)
    with platform.platform.database.read() as session:
        is_there = session.scalar(select(Recommendation.id).where(Recommendation.submission_id == FIRST))
        done = session.scalars(select(AuditEntry.what).where(AuditEntry.what.like("%taken back"))).all()
    assert (is_here, waiting) == (True, 0)
    assert state is (AssessmentState.DRAFT if is_there is None else AssessmentState.FINAL)
    assert len(done) == (is_there is None)
    assert (is_there is not None) == (point == "queued but not committed")


@pytest.mark.parametrize("point", POINTS)
def test_given_back_on_both_sides_or_on_none(
    tmp_path: Path, platform: Running, mortal: Mortal, point: str
) -> None:
    with at_work(tmp_path, platform, clock=FakeClock(NOW)) as anna:
        assess(anna)
    mortal.dies(tmp_path, platform, "give_back", point)
    is_here, state, waiting = come_back(tmp_path, platform)
    with platform.platform.database.read() as session:
        given = session.scalars(select(Recusal.actor_id)).all()
        told = session.scalars(select(TeamCase.id)).all()
    assert waiting == 0
    assert is_here == (state is not None) == (not given)
    assert len(given) == len(told) <= 1
    assert is_here == (point == "queued but not committed")
