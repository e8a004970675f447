"""The local store under kills, stale logs, cut files, flipped bits and a second writer."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache import assessments, submissions
from assessor_app.cache.connection import connect, database_path
from assessor_app.cache.engine import Store
from assessor_app.cache.first_rows import first_rows
from assessor_app.domain.roles import Role
from assessor_app.errors import StoreDamaged, StoreError, StoreOutdated
from assessor_app.services import repairing
from tests import builders
from tests.builders import NOON, FakeClock
from tests.stores import DATABASE_KEY, open_store

ROOT = Path(__file__).parents[2]
SID = builders.submission_id(1)
KILLS = 20

NURSERY = """
import os, sys, traceback
from pathlib import Path
from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache import assessments
from tests import builders
from tests.builders import NOON
from tests.stores import open_store

def say(text):
    os.write(1, (text + "\\n").encode())

def work(folder, first):
    store = open_store(folder)
    number = first
    while True:
        with store.write() as txn:
            assessments.set_overall(txn, builders.submission_id(1), 1, str(number), NOON)
            annotation_rows.put(txn, builders.annotation(number))
        say(f"saved {number}")
        number += 1

for line in sys.stdin:
    child = os.fork()
    if child == 0:
        try:
            work(Path(sys.argv[1]), int(line))
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(1)
    say(f"child {child}")
    say(f"ended {os.waitpid(child, 0)[1]}")
"""


@pytest.fixture
def nursery(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process that has everything imported and forks one working child for each line it reads."""
    with subprocess.Popen(
        [sys.executable, "-c", NURSERY, str(tmp_path / "profile")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
        cwd=ROOT,
    ) as process:
        yield process
        assert process.stdin is not None
        process.stdin.close()
        process.wait(30)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="fork and SIGKILL")
def test_kills_lose_nothing_that_was_saved(tmp_path: Path, nursery: subprocess.Popen[str]) -> None:
    assert nursery.stdin is not None
    assert nursery.stdout is not None
    folder, chance, saved = tmp_path / "profile", random.Random(7), 0
    for _ in range(KILLS):
        nursery.stdin.write(f"{saved + 1}\n")
        until = saved + chance.randint(1, 15)
        child = 0
        for line in nursery.stdout:
            word, number = line.split()
            if word == "child":
                child = int(number)
            elif word == "saved":
                saved = int(number)
                if saved == until:
                    os.kill(child, signal.SIGKILL)
            else:
                assert int(number) == signal.SIGKILL
                break
        check_after_kill(folder, saved)
    assert saved >= KILLS


def check_after_kill(folder: Path, saved: int) -> None:
    """Open what is left as the next start would: everything acknowledged is there, and whole."""
    store = open_store(folder)
    with store.read() as txn:
        made = annotation_rows.of_submission(txn, SID)
        work = assessments.load(txn, SID, 1)
        assert txn.connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
    store.close()
    # One more may have been committed without its word getting out; never a half of one.
    assert [a.id for a in made[:saved]] == [builders.annotation(n).id for n in range(1, saved + 1)]
    assert len(made) in (saved, saved + 1)
    assert work is not None
    assert int(work.overall) == len(made)


def fill(folder: Path, count: int = 30) -> Store:
    store = open_store(folder)
    with store.write() as txn:
        for number in range(1, count + 1):
            submissions.put_submission(txn, builders.submission(number))
            submissions.put_assignment(txn, builders.assignment(number))
    return store


def read_everything(folder: Path) -> int:
    """Open and read every table; the number of rows seen."""
    store = open_store(folder)
    try:
        with store.read() as txn:
            names = txn.connection.exec_driver_sql(
                "SELECT name FROM sqlite_schema WHERE type = 'table'"
            ).scalars()
            rows = sum(
                len(txn.connection.exec_driver_sql(f"SELECT * FROM {name}").fetchall()) for name in names
            )
            txn.connection.exec_driver_sql("PRAGMA integrity_check").fetchall()
            return rows
    finally:
        try:
            store.close()
        except StoreDamaged:
            pass


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.is_file() and not path.name.endswith("-shm")
    }


def noticed_and_repaired(folder: Path) -> None:
    """What has lost something is not opened, and no byte of it changes; a repair makes it whole."""
    before = contents(folder)
    with pytest.raises(StoreOutdated):
        open_store(folder)
    assert contents(folder) == before
    repairing.repair(
        folder, DATABASE_KEY, clock=FakeClock(), progress=lambda _done, _of: None, cancelled=lambda: False
    )


def test_a_log_left_by_a_crash_is_read(tmp_path: Path) -> None:
    store = fill(tmp_path / "live")
    shutil.copytree(tmp_path / "live", tmp_path / "crashed")
    store.close()
    assert (tmp_path / "crashed" / "store.db-wal").stat().st_size > 0
    rows = first_rows(tmp_path / "crashed", DATABASE_KEY, Role.ASSESSOR)
    assert len(rows) == 30
    again = open_store(tmp_path / "crashed")
    with again.read() as txn:
        assert len(submissions.inbox_ids(txn, Role.ASSESSOR)) == 30
    again.close()


def test_a_stale_log_of_an_older_time_is_noticed(tmp_path: Path) -> None:
    folder = tmp_path / "profile"
    store = fill(folder)
    stale = (folder / "store.db-wal").read_bytes()
    store.close()
    later = open_store(folder)
    with later.write() as txn:
        assessments.set_note(txn, SID, 1, "newer than the log", NOON)
    later.close()
    (folder / "store.db-wal").write_bytes(stale)
    noticed_and_repaired(folder)
    again = open_store(folder)
    with again.read() as txn:
        assert txn.connection.exec_driver_sql("PRAGMA integrity_check").scalar() == "ok"
        assert len(submissions.inbox_ids(txn, Role.ASSESSOR)) == 30
    again.close()


def test_a_lost_log_is_noticed_and_leaves_a_whole_store(tmp_path: Path) -> None:
    store = fill(tmp_path / "live")
    shutil.copytree(tmp_path / "live", tmp_path / "copied", ignore=shutil.ignore_patterns("*-wal", "*-shm"))
    store.close()
    noticed_and_repaired(tmp_path / "copied")
    assert read_everything(tmp_path / "copied") >= 1


def test_a_garbled_log_is_not_believed(tmp_path: Path) -> None:
    store = fill(tmp_path / "live")
    shutil.copytree(tmp_path / "live", tmp_path / "crashed")
    store.close()
    log = tmp_path / "crashed" / "store.db-wal"
    log.write_bytes(random.Random(1).randbytes(log.stat().st_size))
    noticed_and_repaired(tmp_path / "crashed")
    assert read_everything(tmp_path / "crashed") >= 1


@pytest.mark.parametrize("left", [0, 100, 4096, 3 * 4096 + 17, -4096])
def test_a_cut_store_is_told(tmp_path: Path, left: int) -> None:
    fill(tmp_path).close()
    file = database_path(tmp_path)
    file.write_bytes(file.read_bytes()[:left])
    with pytest.raises(StoreDamaged) as caught:
        read_everything(tmp_path)
    assert "what was sent is safe" in caught.value.message
    assert caught.value.next_step


def test_a_file_of_something_else_is_told(tmp_path: Path) -> None:
    tmp_path.mkdir(exist_ok=True)
    database_path(tmp_path).write_bytes(b"SQLite format 3\0" + bytes(8000))
    with pytest.raises(StoreDamaged):
        open_store(tmp_path)


@pytest.mark.parametrize("seed", range(12))
def test_a_flipped_bit_is_noticed(tmp_path: Path, seed: int) -> None:
    fill(tmp_path).close()
    file, chance = database_path(tmp_path), random.Random(seed)
    data = bytearray(file.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    file.write_bytes(data)
    with pytest.raises(StoreDamaged):
        read_everything(tmp_path)


OTHER_WRITER = """
import sys
from assessor_app.cache.connection import connect, database_path
from pathlib import Path
connection = connect(database_path(Path(sys.argv[1])), bytes.fromhex(sys.argv[2]))
connection.execute("BEGIN IMMEDIATE")
connection.execute("INSERT INTO setting VALUES ('other', 'first')")
print("locked", flush=True)
sys.stdin.readline()
connection.execute("COMMIT")
print("free", flush=True)
"""


def other_writer(folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", OTHER_WRITER, str(folder), DATABASE_KEY.hex()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def with_other_writer(folder: Path, act: Callable[[subprocess.Popen[str]], None]) -> None:
    with other_writer(folder) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "locked\n"
        act(process)


def test_a_writer_waits_for_another_process(tmp_path: Path) -> None:
    store = fill(tmp_path)

    def release_and_write(process: subprocess.Popen[str]) -> None:
        assert process.stdin is not None
        assert len(first_rows(tmp_path, DATABASE_KEY, Role.ASSESSOR)) == 30
        # The other commits at some time while this one waits.
        process.stdin.write("\n")
        process.stdin.flush()
        with store.write() as txn:
            seen = txn.connection.exec_driver_sql("SELECT value FROM setting WHERE name = 'other'").scalar()
            assessments.set_note(txn, SID, 1, "second", NOON)
        assert seen == "first"

    with_other_writer(tmp_path, release_and_write)
    store.close()


def test_a_writer_that_never_ends_is_told_in_words(tmp_path: Path) -> None:
    store = fill(tmp_path)
    with store.write() as txn:
        txn.connection.exec_driver_sql("PRAGMA busy_timeout = 50")

    def try_to_write(process: subprocess.Popen[str]) -> None:
        with pytest.raises(StoreError) as caught, store.write():
            pass
        assert "database is locked" not in str(caught.value)
        assert "in use by another program" in caught.value.title
        process.communicate("\n", timeout=30)

    with_other_writer(tmp_path, try_to_write)
    with store.write() as txn:
        assessments.set_note(txn, SID, 1, "and on", NOON)
    store.close()


def test_a_damaged_page_under_an_open_store_is_told(tmp_path: Path) -> None:
    store = fill(tmp_path)
    store.close()
    store = open_store(tmp_path)
    file = database_path(tmp_path)
    raw = connect(file, DATABASE_KEY)
    page = raw.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'assignment'").fetchone()[0]
    raw.close()
    with file.open("r+b") as handle:
        handle.seek((page - 1) * 4096 + 100)
        handle.write(b"\0\0\0\0")
    with pytest.raises(StoreDamaged), store.write() as txn:
        submissions.put_assignment(txn, builders.assignment(3))
    with store.read() as txn:
        assert submissions.get_submission(txn, SID) == builders.submission(1)
    store.close()
