"""kill -9 while unsent work is exported: a whole file or none, and every judgement arrives once."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from assessor_app.cache import outbox
from assessor_app.domain.states import OutboxState
from assessor_app.services import assessing
from reference_platform.models import Recommendation, StoredAnswer
from tests.builders import FakeClock
from tests.contract.running import fill, running, serving
from tests.contract.small_content import NOW, content
from tests.faults import exporting_child
from tests.integration.at_work import FIRST_ID, assess, at_work, synced
from tests.stores import DATABASE_KEY

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked and killed as on POSIX")
ROOT = Path(__file__).resolve().parents[2]


def test_killed_at_any_step_there_is_a_whole_file_or_none(tmp_path: Path) -> None:
    fill(tmp_path / "platform", content())
    with (
        serving() as server,
        running(server, tmp_path / "platform") as platform,
        at_work(tmp_path, platform, clock=FakeClock(NOW)) as anna,
    ):
        assess(anna)
        assessing.send(anna, FIRST_ID)
        arguments = [str(anna.folder), DATABASE_KEY.hex(), platform.origin]
        with subprocess.Popen(
            [sys.executable, "-m", exporting_child.__name__, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        ) as child:
            assert child.stdin is not None
            assert child.stdout is not None
            for number, point in enumerate(exporting_child.POINTS):
                target = tmp_path / f"{number}.awsealed"
                child.stdin.write(f"{point}|{target}\n")
                child.stdin.flush()
                assert int(child.stdout.readline()) == -signal.SIGKILL
                with anna.store.read() as txn:
                    (row,) = outbox.items(txn)
                assert row.state is OutboxState.QUEUED
                # Where a file may be, the row may have left; where nothing was begun, it has not.
                assert row.attempts == (point != "before anything")
                assert target.exists() == (point in ("file written", "before the mark"))
                if target.exists():
                    sent = platform.client("otto").call("POST", "/v1/imports", data=target.read_bytes())
                    assert sent.json()["taken"] == 1
            child.stdin.close()
        synced(anna)
        with anna.store.read() as txn:
            assert outbox.items(txn) == ()
        with platform.platform.database.read() as session:
            for table in (Recommendation, StoredAnswer):
                assert session.scalar(select(func.count()).select_from(table)) == 1
