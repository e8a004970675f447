"""However the program dies, the next start knows, once, and what is kept of it quotes nobody."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assessor_app.clock import Clock
from assessor_app.desk.crash_watch import KEPT, CrashWatch, crash_files

ROOT = Path(__file__).resolve().parents[2]
WORD = "Marisol Quintero wrote this"


def start(folder: Path, way: str) -> subprocess.Popen[str]:
    """A real workstation on a list of no accounts, which dies in its way."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.faults.crash_child", str(folder), way, WORD],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def watch() -> Iterator[CrashWatch]:
    """The next start; whatever it changed about this process is put back."""
    made = CrashWatch(Clock())
    yield made
    made.end()


def no_word_in(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert WORD.encode() not in content, path
            assert str(Path.home()).encode() not in content, path


@pytest.mark.parametrize(
    ("way", "last_words"),
    [
        ("error", "Planted: ["),
        ("fault", "Fatal Python error: Segmentation fault"),
        ("qt", "Qt ended the program."),
        ("kill", ""),
    ],
)
def test_an_end_that_was_not_clean_is_found_once(
    tmp_path: Path, watch: CrashWatch, way: str, last_words: str
) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)
    child = start(tmp_path, "hang" if way == "kill" else way)
    if way == "kill":
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        child.send_signal(signal.SIGKILL)
    child.communicate(timeout=60)
    assert child.returncode != 0
    watch.start(tmp_path / "logs")
    (crash,) = watch.found
    assert before <= crash.at <= datetime.now(UTC) + timedelta(seconds=1)
    assert last_words in crash.text
    assert bool(crash.text) == bool(last_words)
    if way == "fault":
        assert "crash_child.py" in crash.text
    assert len(crash_files(tmp_path / "logs")) == 1
    no_word_in(tmp_path)
    again = CrashWatch(Clock())
    again.start(tmp_path / "logs")
    assert again.found == ()
    again.end()


@pytest.mark.parametrize(("way", "kept"), [("quit", 0), ("slot", 1), ("thread", 1)])
def test_a_clean_end_is_not_told_of(tmp_path: Path, watch: CrashWatch, way: str, kept: int) -> None:
    """What broke on the way without ending it is kept for a report, and offered to nobody."""
    child = start(tmp_path, way)
    out, _ = child.communicate(timeout=60)
    assert child.returncode == 0
    if way == "slot":
        assert out == "1 told, True\n", "nobody was told that something broke"
    watch.start(tmp_path / "logs")
    assert watch.found == ()
    files = crash_files(tmp_path / "logs")
    assert len(files) == kept
    assert all("Planted" in path.read_text("utf-8") for path in files)
    no_word_in(tmp_path)


def test_a_program_that_runs_beside_is_not_taken_for_dead(tmp_path: Path, watch: CrashWatch) -> None:
    first = CrashWatch(Clock())
    first.start(tmp_path)
    watch.start(tmp_path)
    assert watch.found == ()
    watch.end()
    first.end()
    assert list(tmp_path.iterdir()) == []


def test_only_the_newest_are_kept(tmp_path: Path, watch: CrashWatch) -> None:
    for number in range(KEPT + 3):
        path = tmp_path / f"running-1-{number:08x}.txt"
        path.write_text("Fatal Python error: Aborted\n")
        at = time.time() - 3600 * (number + 1)
        os.utime(path, (at, at))
    watch.start(tmp_path)
    assert len(watch.found) == KEPT + 3
    assert watch.found[0].at > watch.found[-1].at
    assert len(crash_files(tmp_path)) == KEPT


def test_a_folder_that_cannot_be_written_costs_the_watch_alone(tmp_path: Path, watch: CrashWatch) -> None:
    (tmp_path / "logs").write_text("in the way")
    watch.start(tmp_path / "logs")
    watch.note("Traceback (most recent call last):\n")
    watch.beat()
    assert watch.found == ()
    with contextlib.suppress(OSError):
        watch.end()
