"""kill -9 while a draft is copied to the platform: only what was typed since is missing there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from assessor_app.cache import conflicts
from assessor_app.domain.assessments import Rating
from assessor_app.domain.ids import CriterionId
from assessor_app.domain.roles import Role
from assessor_app.services import assessing, draft_copies, reading, syncing
from tests.builders import FakeClock
from tests.contexts import context_in
from tests.contract.running import Running, lay, running, serving
from tests.contract.small_content import CRITERIA, NOW, content
from tests.faults import draft_child
from tests.faults.draft_child import POINTS
from tests.integration.at_work import FIRST_ID, at_work, synced
from tests.stores import DATABASE_KEY

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked and killed as on POSIX")
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def platform(tmp_path: Path) -> Iterator[Running]:
    folder = tmp_path / "platform"
    lay(folder, content)
    with serving() as server, running(server, folder) as served:
        yield served


def test_every_point_of_copying(tmp_path: Path, platform: Running) -> None:
    """One draft, killed at each point in turn; each time it is edited again before the next sync."""
    here, elsewhere = tmp_path / "here", tmp_path / "elsewhere"
    with at_work(here, platform, clock=FakeClock(NOW)) as laptop:
        assessing.save_overall(laptop, FIRST_ID, "Begun")
        synced(laptop)
    process = subprocess.Popen(
        [sys.executable, "-m", draft_child.__name__],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    with at_work(elsewhere, platform, clock=FakeClock(NOW, seed=2)) as other:
        for number, point in enumerate(POINTS):
            # Something of another computer is there to be taken up, each time.
            level = ("progressing", "demonstrated")[number % 2]
            assessing.save_rating(other, FIRST_ID, Rating(CriterionId(CRITERIA[0]), level))
            draft_copies.hurry(other)
            synced(other)
            words = f"Killed {point}"
            line = "|".join((str(here / "anna"), DATABASE_KEY.hex(), platform.origin, words, point))
            print(line, file=process.stdin, flush=True)
            assert int(process.stdout.readline()) == -signal.SIGKILL, point
            clock = FakeClock(NOW, seed=3 + number)
            context = context_in(here / "anna", Role.ASSESSOR, clock, origin=platform.origin)
            with closing(context.store):
                syncing.recover(context)
                assessing.save_note(context, FIRST_ID, f"After {point}")
                synced(context)
                work = reading.open_submission(context, FIRST_ID).assessment
                assert (work.overall, work.note_to_approver) == (words, f"After {point}")
                assert work.rating(CriterionId(CRITERIA[0])).level == level
                assert draft_copies.without_copy(context) == ()
                with context.store.read() as txn:
                    assert conflicts.open_ids(txn) == frozenset()
        synced(other)
        assert reading.open_submission(other, FIRST_ID).assessment.overall == words
    process.stdin.close()
    process.wait(10)
    process.stdout.close()
