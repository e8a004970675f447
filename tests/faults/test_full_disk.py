"""A disk that is really full, three ways: nothing saved is lost, what is written is saved, one message."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from assessor_app.cache import assessments, reserve
from assessor_app.cache.engine import Store
from assessor_app.domain.changes import ChangeSet
from assessor_app.errors import DiskFull
from assessor_app.services import store_care
from assessor_app.sync import cycle
from assessor_app.sync.transport import Transport
from assessor_app.ui.tasks import Lanes
from tests import builders
from tests.builders import NOON, FakeClock
from tests.stores import open_store

SID = builders.submission_id(1)
DISK_BYTES = 24 * 1024**2
PATIENCE_MS = 30_000


def set_note(store: Store, text: str) -> None:
    with store.write() as txn:
        assessments.set_note(txn, SID, 1, text, NOON)


def note(store: Store) -> str:
    with store.read() as txn:
        work = assessments.load(txn, SID, 1)
    return work.note_to_approver if work else ""


def fill_up(folder: Path) -> Path:
    """Another program takes all the room that is left."""
    other = folder / "of-another-program"
    with other.open("wb", buffering=0) as file:
        for size in (64 * 1024, 512):
            with contextlib.suppress(OSError):
                while True:
                    file.write(bytes(size))
    return other


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own that is really full when it is full."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", str(folder)]
    if sys.platform != "linux" or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("a disk of its own needs the right to mount one")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_on_a_full_disk_what_is_written_is_saved_and_nothing_is_fetched(small_disk: Path, qtbot: Any) -> None:
    profile = small_disk / "profile"
    store = open_store(profile)
    set_note(store, "saved")
    assert reserve.make(profile)
    assert (profile / "reserve").stat().st_blocks * 512 >= reserve.wanted_bytes(profile)
    other = fill_up(small_disk)
    context: Any = SimpleNamespace(store=store, folder=profile)
    lanes = Lanes(context, clock=FakeClock())
    try:
        _go_on_writing(context, lanes, qtbot, other)
    finally:
        lanes.close()
        store.close()


def _go_on_writing(context: Any, lanes: Lanes, qtbot: Any, other: Path) -> None:
    store, profile = context.store, context.folder
    told: list[str] = []
    lanes.disk_full.connect(lambda: told.append("full"))
    lanes.trouble.connect(lambda error: told.append(error.title))
    for number in range(3):
        text = f"on a full disk {number} " + "x" * 50_000
        with qtbot.waitSignal(lanes.saved, timeout=PATIENCE_MS):
            lanes.write(partial(write_verb, text=text))
        assert note(store) == text
    # The first save met it and was done again; the others went straight through. Nothing was said twice.
    assert told == ["full"]
    assert not (profile / "reserve").exists()
    assert store_care.keep_reserve(context)
    with pytest.raises(DiskFull):
        cycle.run(store, Nobody("http://127.0.0.1:9"), clock=FakeClock())
    other.unlink()
    assert not store_care.keep_reserve(context)
    assert reserve.is_whole(profile)


def write_verb(context: Any, *, text: str) -> ChangeSet:
    set_note(context.store, text)
    return ChangeSet()


class Nobody(Transport):
    """A platform that can be reached and must not be asked for anything."""

    def look_for_platform(self) -> None:
        pass

    def call(self, *_: Any, **__: Any) -> Any:
        raise AssertionError("asked on a full disk")

    stream = call


def test_without_a_reserve_the_write_is_refused_and_the_last_save_is_there(small_disk: Path) -> None:
    profile = small_disk / "profile"
    store = open_store(profile)
    set_note(store, "saved")
    other = fill_up(small_disk)
    for _ in range(2):
        with pytest.raises(DiskFull) as caught:
            set_note(store, "x" * 200_000)
        assert "saved before it is safe" in caught.value.message
        assert note(store) == "saved"
    other.unlink()
    set_note(store, "and on")
    store.close()
    store = open_store(profile)
    assert note(store) == "and on"
    store.close()


_LIMITED = """
import resource, sys
from pathlib import Path
from assessor_app.cache import assessments
from assessor_app.cache.engine import Store
from assessor_app.errors import StoreError
from tests import builders
from tests.faults.test_full_disk import note, set_note
from tests.stores import DATABASE_KEY

store = Store.open(Path(sys.argv[1]), DATABASE_KEY, clock=builders.FakeClock())
set_note(store, "saved")
size = (store.folder / "store.db-wal").stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size + 8192, resource.RLIM_INFINITY))
for _ in range(2):
    try:
        set_note(store, "x" * 500_000)
    except StoreError as error:
        print(type(error).__name__, error.title)
    assert note(store) == "saved"
resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
set_note(store, "and on")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="limits of files as on POSIX")
def test_a_file_that_may_not_grow(tmp_path: Path) -> None:
    """A quota on files: the system refuses in the middle of a write, not with the words of a full disk."""
    open_store(tmp_path / "profile").close()
    done = subprocess.run(
        [sys.executable, "-c", _LIMITED, str(tmp_path / "profile")],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout.splitlines() == ["StoreUnwritable The local store cannot be written"] * 2, done.stderr
    store = open_store(tmp_path / "profile")
    assert note(store) == "and on"
    store.close()


def test_a_database_that_is_full(tmp_path: Path) -> None:
    """SQLite's own word for it: the reserve goes, and the change can be saved once there is room."""
    store = open_store(tmp_path)
    set_note(store, "saved")
    (tmp_path / "reserve").write_bytes(b"room")
    with store.write() as txn:
        pages = txn.connection.exec_driver_sql("PRAGMA page_count").scalar()
        txn.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DiskFull):
        set_note(store, "x" * 200_000)
    assert not (tmp_path / "reserve").exists()
    assert note(store) == "saved"
    store.close()


def test_no_room_where_only_the_system_knows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A used-up quota comes as a failed write; whether that is the reason is tried."""
    store = open_store(tmp_path)
    assert reserve.has_room(tmp_path)
    real = os.write

    def full(descriptor: int, data: bytes) -> int:
        if len(data) == 64 * 1024:
            raise OSError(122, "Disk quota exceeded")
        return real(descriptor, data)

    monkeypatch.setattr(os, "write", full)
    assert not reserve.has_room(tmp_path)
    monkeypatch.undo()
    store.close()


def test_the_reserve_is_small_on_a_small_disk(small_disk: Path) -> None:
    assert reserve.wanted_bytes(small_disk) == DISK_BYTES // reserve.SHARE_OF_DISK
    assert reserve.wanted_bytes(Path.cwd()) <= reserve.LARGEST_BYTES
    assert reserve.make(small_disk)
    assert reserve.give_up(small_disk)
    assert not reserve.give_up(small_disk)
    fill_up(small_disk)
    assert not reserve.make(small_disk)
    assert reserve.is_short(small_disk)
