from __future__ import annotations

import errno
import os
import stat
import sys
import threading
from pathlib import Path

import pytest
import sqlalchemy as sa

from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache import assessments, submissions
from assessor_app.cache.connection import DATABASE_NAME, connect
from assessor_app.cache.engine import Store
from assessor_app.cache.models import FeedbackRecord
from assessor_app.errors import DiskFull, KnownError, StoreDamaged, StoreError
from tests import builders
from tests.builders import NOON, FakeClock
from tests.stores import DATABASE_KEY, open_store

SID = builders.submission_id(1)


def set_note(store: Store, text: str) -> None:
    with store.write() as txn:
        assessments.set_note(txn, SID, 1, text, NOON)


def note(store: Store) -> str:
    with store.read() as txn:
        work = assessments.load(txn, SID, 1)
    return work.note_to_approver if work else ""


def test_a_new_store_is_made_and_opened_again(tmp_path: Path, clock: FakeClock) -> None:
    folder = tmp_path / "deep" / "profile"
    store = Store.open(folder, DATABASE_KEY, clock=clock)
    set_note(store, "kept")
    assert (store.folder, store.evidence_folder) == (folder, folder / "evidence")
    store.close()
    store.close()
    assert sorted(file.name for file in folder.iterdir()) == ["evidence", DATABASE_NAME, "store.seal"]
    again = Store.open(folder, DATABASE_KEY, clock=clock)
    assert note(again) == "kept"
    again.close()


@pytest.mark.skipif(os.name == "nt", reason="POSIX permissions")
def test_the_folders_are_for_this_user_alone(tmp_path: Path, clock: FakeClock) -> None:
    Store.open(tmp_path / "profile", DATABASE_KEY, clock=clock).close()
    for folder in (tmp_path / "profile", tmp_path / "profile" / "evidence"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "profile" / DATABASE_NAME).stat().st_mode) == 0o600


def test_an_error_rolls_everything_back(store: Store) -> None:
    set_note(store, "before")

    def fail_half_way() -> None:
        with store.write() as txn:
            assessments.set_note(txn, SID, 1, "after", NOON)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert note(store) == "before"
    set_note(store, "and on")
    assert note(store) == "and on"


def test_a_reader_sees_one_state_throughout(store: Store) -> None:
    set_note(store, "first")
    with store.read() as txn:
        before = assessments.load(txn, SID, 1)
        set_note(store, "second")
        assert assessments.load(txn, SID, 1) == before
    assert note(store) == "second"


def test_a_reading_transaction_cannot_write(store: Store) -> None:
    with pytest.raises(StoreError), store.read() as txn:
        assessments.set_note(txn, SID, 1, "no", NOON)


def test_writing_inside_writing_is_a_bug_that_shows_at_once(store: Store) -> None:
    with store.write(), pytest.raises(RuntimeError), store.write():
        pass
    set_note(store, "still usable")


def test_a_second_thread_waits_for_the_first(store: Store) -> None:
    order: list[str] = []
    started = threading.Event()

    def second() -> None:
        started.set()
        with store.write() as txn:
            order.append("second")
            assessments.set_note(txn, SID, 1, "second", NOON)

    thread = threading.Thread(target=second)
    with store.write() as txn:
        thread.start()
        started.wait()
        assessments.set_note(txn, SID, 1, "first", NOON)
        order.append("first")
    thread.join()
    assert order == ["first", "second"]
    assert note(store) == "second"


def test_writing_holds_the_store_from_its_first_moment(store: Store) -> None:
    """A writer that only read so far could find its snapshot outdated when it writes at last."""
    other = connect(store.folder / DATABASE_NAME, DATABASE_KEY)
    other.execute("PRAGMA busy_timeout = 0")
    with store.write(), pytest.raises(Exception, match="locked"):
        other.execute("BEGIN IMMEDIATE")
    other.execute("BEGIN IMMEDIATE")
    other.close()


def pragma(txn: object, name: str) -> object:
    return txn.connection.exec_driver_sql(f"PRAGMA {name}").scalar()  # type: ignore[attr-defined]


def test_what_is_committed_is_on_the_disk(store: Store) -> None:
    for transaction in (store.read(), store.write()):
        with transaction as txn:
            assert pragma(txn, "journal_mode") == "wal"
            assert pragma(txn, "synchronous") == 2
            assert pragma(txn, "foreign_keys") == 1
            assert pragma(txn, "secure_delete") == 1
            assert pragma(txn, "temp_store") == 2


def test_macos_is_asked_for_a_real_flush(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    opened = connect(tmp_path / "x.db", DATABASE_KEY)
    for name in ("fullfsync", "checkpoint_fullfsync"):
        assert opened.execute(f"PRAGMA {name}").fetchone()[0] == 1
    opened.close()


def test_another_key_does_not_open_it(store: Store, clock: FakeClock, capfd: pytest.CaptureFixture) -> None:
    with pytest.raises(StoreDamaged) as caught:
        Store.open(store.folder, bytes(32), clock=clock)
    assert "safe" in caught.value.message
    assert capfd.readouterr() == ("", "")


def test_a_key_of_another_length_is_a_bug(tmp_path: Path, clock: FakeClock) -> None:
    with pytest.raises(ValueError):
        Store.open(tmp_path, b"short", clock=clock)


def test_a_folder_that_cannot_be_used(tmp_path: Path, clock: FakeClock) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError) as caught:
        Store.open(tmp_path / "file", DATABASE_KEY, clock=clock)
    assert caught.value.next_step


def test_no_room_for_a_new_store(tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull):
        Store.open(tmp_path, DATABASE_KEY, clock=clock)
    monkeypatch.undo()
    Store.open(tmp_path, DATABASE_KEY, clock=clock).close()


def test_a_database_that_is_a_folder(tmp_path: Path, clock: FakeClock) -> None:
    (tmp_path / DATABASE_NAME).mkdir()
    with pytest.raises(StoreError):
        Store.open(tmp_path, DATABASE_KEY, clock=clock)


def test_a_full_disk_loses_only_the_last_change(store: Store) -> None:
    set_note(store, "saved")
    with store.write() as txn:
        pages = txn.connection.exec_driver_sql("PRAGMA page_count").scalar()
        txn.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(DiskFull) as caught:
        set_note(store, "x" * 200_000)
    assert "saved before it is safe" in caught.value.message
    assert note(store) == "saved"
    with store.write() as txn:
        txn.connection.exec_driver_sql("PRAGMA max_page_count = 1000000")
    set_note(store, "x" * 200_000)
    assert len(note(store)) == 200_000


def test_a_broken_constraint_is_a_bug_and_tells_no_content(store: Store) -> None:
    values = {
        "submission_id": "s",
        "round": 1,
        "criterion_id": "c",
        "text": "what the learner reads",
        "seen": "",
        "missing": "",
        "next_step": "",
    }
    with pytest.raises(sa.exc.IntegrityError) as caught, store.write() as txn:
        txn.connection.execute(sa.insert(FeedbackRecord).values(values))
    assert not isinstance(caught.value, KnownError)
    assert "what the learner reads" not in str(caught.value)


def test_nothing_readable_lies_on_the_disk(store: Store) -> None:
    planted = "a sentence that only the approver may read"
    set_note(store, planted)
    with store.write() as txn:
        submissions.put_submission(txn, builders.submission(1))
        annotation_rows.put(txn, builders.annotation(1))
    looked_at = 0
    for file in store.folder.rglob("*"):
        if file.is_file():
            data = file.read_bytes()
            looked_at += len(data)
            for text in (planted, "fourth graders", "think-alouds", "SQLite format 3", DATABASE_KEY.hex()):
                assert text.encode() not in data
            assert DATABASE_KEY not in data
    assert looked_at > 100_000


def test_closing_leaves_one_file(store: Store) -> None:
    set_note(store, "kept")
    assert (store.folder / (DATABASE_NAME + "-wal")).exists()
    store.close()
    assert not (store.folder / (DATABASE_NAME + "-wal")).exists()


@pytest.mark.skipif(sys.platform != "linux", reason="/proc")
def test_closing_releases_every_file(tmp_path: Path) -> None:
    def held() -> list[str]:
        return [
            link
            for fd in os.listdir("/proc/self/fd")
            if os.path.exists(f"/proc/self/fd/{fd}")
            and str(tmp_path) in (link := os.readlink(f"/proc/self/fd/{fd}"))
        ]

    store = open_store(tmp_path)
    with store.read(), store.read():
        set_note(store, "x")
    assert held()
    store.close()
    assert held() == []
