"""The note beside the store: what has lost something is told before a byte of it is changed."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from assessor_app.cache import assessments, generation
from assessor_app.cache.connection import database_path, look_at
from assessor_app.cache.engine import Store
from assessor_app.cache.first_rows import first_rows
from assessor_app.domain.roles import Role
from assessor_app.errors import StoreDamaged, StoreOutdated
from tests import builders
from tests.builders import NOON
from tests.stores import DATABASE_KEY, open_store

SID = builders.submission_id(1)


def write(store: Store, text: str) -> None:
    with store.write() as txn:
        assessments.set_note(txn, SID, 1, text, NOON)


def noted(folder: Path) -> int:
    note = generation.read_note(folder, DATABASE_KEY)
    assert note is not None
    return note.generation


def crash(folder: Path, target: Path) -> Path:
    """The profile as a crash leaves it: the log is not moved into the database."""
    shutil.copytree(folder, target, ignore=shutil.ignore_patterns("*-shm"))
    return target


@pytest.fixture
def crashed(tmp_path: Path) -> Path:
    store = open_store(tmp_path / "profile")
    write(store, "first")
    folder = crash(tmp_path / "profile", tmp_path / "crashed")
    shutil.copy(database_path(folder), tmp_path / "older.db")
    shutil.copy(folder / "store.db-wal", tmp_path / "older.db-wal")
    write(store, "second")
    shutil.rmtree(folder)
    crash(tmp_path / "profile", folder)
    store.close()
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.name: path.read_bytes()
        for path in folder.iterdir()
        if path.is_file() and path.suffix not in (".db-shm",)
    }


def test_every_transaction_that_changes_something_is_counted(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    before = noted(tmp_path)
    write(store, "one")
    write(store, "two")
    with store.write():
        pass
    assert noted(tmp_path) == before + 2
    store.close()
    open_store(tmp_path).close()
    assert noted(tmp_path) == before + 2


def test_after_a_crash_everything_is_there(crashed: Path) -> None:
    store = open_store(crashed)
    with store.read() as txn:
        work = assessments.load(txn, SID, 1)
    assert work is not None
    assert work.note_to_approver == "second"
    store.close()


def lose_the_log(folder: Path) -> None:
    (folder / "store.db-wal").unlink()


def put_a_stale_log(folder: Path) -> None:
    shutil.copy(folder.parent / "older.db-wal", folder / "store.db-wal")


def put_an_older_file(folder: Path) -> None:
    lose_the_log(folder)
    shutil.copy(folder.parent / "older.db", database_path(folder))


def flip_in_the_log(folder: Path) -> None:
    content = bytearray((folder / "store.db-wal").read_bytes())
    content[-2000] ^= 1
    (folder / "store.db-wal").write_bytes(content)


@pytest.mark.parametrize("harm", [lose_the_log, put_a_stale_log, put_an_older_file, flip_in_the_log])
def test_a_store_that_lost_something_is_told_and_not_touched(crashed: Path, harm: object) -> None:
    harm(crashed)  # type: ignore[operator]
    before = files(crashed)
    with pytest.raises(StoreOutdated):
        first_rows(crashed, DATABASE_KEY, Role.ASSESSOR)
    with pytest.raises(StoreOutdated):
        open_store(crashed)
    assert files(crashed) == before


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def empty(path: Path) -> None:
    os.truncate(path, 0)


@pytest.mark.parametrize("harm", [truncate, empty, Path.unlink])
def test_a_store_that_is_cut_or_gone_is_never_begun_anew(tmp_path: Path, harm: object) -> None:
    store = open_store(tmp_path)
    write(store, "kept")
    store.close()
    harm(database_path(tmp_path))  # type: ignore[operator]
    with pytest.raises(StoreDamaged):
        first_rows(tmp_path, DATABASE_KEY, Role.ASSESSOR)
    with pytest.raises(StoreDamaged):
        Store.open(tmp_path, DATABASE_KEY, clock=builders.FakeClock())


@pytest.mark.expects_log("does not verify; it is made again")
@pytest.mark.parametrize("at", [20, 530, None])
def test_a_damaged_note_is_made_again(tmp_path: Path, at: int | None) -> None:
    store = open_store(tmp_path)
    write(store, "kept")
    store.close()
    path, number = tmp_path / generation.NOTE_NAME, noted(tmp_path)
    content = bytearray(path.read_bytes())
    for place in (20, 530) if at is None else (at,):
        content[place] ^= 1
    path.write_bytes(content)
    open_store(tmp_path).close()
    assert noted(tmp_path) == number


@pytest.mark.parametrize("written", [0, 1])
def test_killed_while_the_note_is_taken_up_it_still_says_what_was_lost(
    crashed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: int
) -> None:
    class Killed(BaseException):
        pass

    real, times = generation.NoteKeeper._write, iter(range(10))

    def write_some(keeper: generation.NoteKeeper, start: int, number: int) -> None:
        if next(times) == written:
            raise Killed
        real(keeper, start, number)

    monkeypatch.setattr(generation.NoteKeeper, "_write", write_some)
    with pytest.raises(Killed):
        open_store(crashed)
    monkeypatch.undo()
    shutil.copy(tmp_path / "older.db", database_path(crashed))
    shutil.copy(tmp_path / "older.db-wal", crashed / "store.db-wal")
    with pytest.raises(StoreOutdated):
        open_store(crashed)


def test_the_salt_in_the_note_opens_a_file_whose_first_bytes_are_damaged(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    write(store, "kept")
    store.close()
    path, note = database_path(tmp_path), generation.read_note(tmp_path, DATABASE_KEY)
    assert note is not None
    content = bytearray(path.read_bytes())
    content[3] ^= 1
    path.write_bytes(content)
    with closing(look_at(path, DATABASE_KEY, salt=note.salt)) as connection:
        assert generation.generation_of(connection) == note.generation


def test_damage_found_while_open_stops_all_writing(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    write(store, "kept")
    store.close()
    store = open_store(tmp_path)
    path = database_path(tmp_path)
    content = bytearray(path.read_bytes())
    for page in range(1, len(content) // 4096):
        content[page * 4096 + 100] ^= 1
    path.write_bytes(content)
    with pytest.raises(StoreDamaged), store.read() as txn:
        assessments.load(txn, SID, 1)
    size = path.stat().st_size
    with pytest.raises(StoreDamaged):
        write(store, "too late")
    store.close()
    assert (path.stat().st_size, path.read_bytes()) == (size, bytes(content))
    with pytest.raises(StoreDamaged):
        open_store(tmp_path)
