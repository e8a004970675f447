"""Repairing a damaged store: what can be read is read, the rest comes from copies, and nothing is deleted."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache import assessments, evidence, outbox, salvage, store_copies, submissions
from assessor_app.cache.connection import database_path, look_at
from assessor_app.cache.damaged_table import Reader, TableReading, rows
from assessor_app.cache.engine import Store
from assessor_app.cache.salvage import Cancelled, Salvaged
from assessor_app.domain.states import OutboxState
from assessor_app.domain.submissions import EvidenceState
from assessor_app.errors import StoreDamaged
from tests import builders
from tests.builders import NOON, FakeClock
from tests.stores import DATABASE_KEY, open_store

DRAFTS = 12
PAGE = 4096


def words(number: int, of: str = "a note") -> str:
    """Long enough that a few fill a page."""
    return f"{of} on {number} " + "x" * 900


def work(folder: Path, clock: FakeClock) -> Store:
    """A store with work in it, the log moved into the file."""
    store = open_store(folder, clock)
    with store.write() as txn:
        for number in range(1, DRAFTS + 1):
            submission = builders.submission(number)
            submissions.put_submission(txn, submission)
            submissions.put_assignment(txn, builders.assignment(number))
            evidence.want(txn, submission, clock)
            assessments.set_note(txn, submission.id, 1, words(number), NOON)
            annotation_rows.put(txn, builders.annotation(number, submission_id=submission.id))
            outbox.enqueue(txn, builders.outbox_item(number, submission_number=number))
        first = evidence.files(txn, builders.submission_id(1))[0]
        evidence.set_state(txn, first.blob_id, EvidenceState.READY)
    (store.evidence_folder / first.blob_id).write_bytes(b"sealed")
    return store


def notes(store: Store) -> dict[int, str]:
    with store.read() as txn:
        found = {n: assessments.load(txn, builders.submission_id(n), 1) for n in range(1, DRAFTS + 1)}
    return {number: work.note_to_approver for number, work in found.items() if work is not None}


def repair(folder: Path, clock: FakeClock, **more: Any) -> Salvaged:
    return salvage.salvage(folder, DATABASE_KEY, clock=clock, **more)


_KNOWN_PAGES: dict[tuple[str, int], list[int]] = {}


def leaf_pages(folder: Path, table: str) -> list[int]:
    """Numbers of the pages that hold a table's rows; the same in every store that `work` makes."""
    size = database_path(folder).stat().st_size
    if (table, size) not in _KNOWN_PAGES:
        _KNOWN_PAGES[table, size] = _find_leaf_pages(folder, table)
    return _KNOWN_PAGES[table, size]


def _find_leaf_pages(folder: Path, table: str) -> list[int]:
    """Without one of them some rows can be read, and not all."""
    path, found = database_path(folder), {}
    trial = folder.parent / "trial.db"
    content = bytearray(path.read_bytes())
    for page in range(2, len(content) // PAGE + 1):
        content[(page - 1) * PAGE + 2000] ^= 1
        trial.write_bytes(content)
        content[(page - 1) * PAGE + 2000] ^= 1
        reading, came = TableReading(), 0
        with suppress(StoreDamaged), closing(Reader(partial(look_at, trial, DATABASE_KEY))) as reader:
            came = len(list(rows(reader, table, ["rowid"], reading)))
        if not reading.is_complete and came:
            found[page] = came
    return list(found)


def flip(path: Path, page: int, at: int = 2000) -> None:
    content = bytearray(path.read_bytes())
    content[(page - 1) * PAGE + at] ^= 1
    path.write_bytes(content)


def test_rows_around_a_damaged_page_and_the_copy_give_everything(tmp_path: Path, clock: FakeClock) -> None:
    store = work(tmp_path, clock)
    copy = store_copies.copy_own_work(store, clock=clock)
    assert copy is not None
    with store.write() as txn:
        assessments.set_note(txn, builders.submission_id(1), 1, words(1, "newer than the copy"), NOON)
        outbox.withdraw_queued(txn, builders.outbox_item(5).id)
    expected = notes(store)
    store.close()
    damaged = leaf_pages(tmp_path, "assessment")[1]
    flip(database_path(tmp_path), damaged)
    flip(database_path(tmp_path), leaf_pages(tmp_path, "outbox")[-1])
    before = database_path(tmp_path).read_bytes()
    told: list[tuple[int, int]] = []
    result = repair(tmp_path, clock, progress=lambda done, of: told.append((done, of)))
    assert (result.drafts, result.lost, result.copy_at) == (DRAFTS, (), copy.at)
    assert told[-1][0] == told[-1][1]
    assert (result.aside / "store.db").read_bytes() == before
    store = open_store(tmp_path, clock)
    assert notes(store) == expected
    with store.read() as txn:
        queued = {item.id: item.body for item in outbox.items(txn)}
        assert len(annotation_rows.of_submission(txn, builders.submission_id(3))) == 1
        assert submissions.get_submission(txn, builders.submission_id(2)) == builders.submission(2)
    # What she took back stays taken back; the rest is there byte for byte, under its own key.
    wanted = [builders.outbox_item(n, submission_number=n) for n in range(1, DRAFTS + 1) if n != 5]
    assert queued == {item.id: item.body for item in wanted}
    store.close()


def test_without_a_copy_what_is_lost_is_named(tmp_path: Path, clock: FakeClock) -> None:
    work(tmp_path, clock).close()
    flip(database_path(tmp_path), leaf_pages(tmp_path, "assessment")[1])
    result = repair(tmp_path, clock)
    assert result.drafts == DRAFTS
    assert 0 < len(result.lost) < DRAFTS
    assert all(code.startswith("S-00") for _, code in result.lost)
    store = open_store(tmp_path, clock)
    lost = {submission_id for submission_id, _ in result.lost}
    kept = {n: words(n) for n in range(1, DRAFTS + 1) if builders.submission_id(n) not in lost}
    assert notes(store) == kept
    store.close()


def cut_in_half(folder: Path) -> None:
    path = database_path(folder)
    os.truncate(path, path.stat().st_size // 2 // PAGE * PAGE)


def make_empty(folder: Path) -> None:
    os.truncate(database_path(folder), 0)


def remove(folder: Path) -> None:
    database_path(folder).unlink()


def damage_the_first_page(folder: Path) -> None:
    flip(database_path(folder), 1)


def damage_the_salt(folder: Path) -> None:
    flip(database_path(folder), 1, at=3)


def put_anothers_file(folder: Path) -> None:
    other = folder.parent / "other"
    Store.open(other, bytes(32), clock=FakeClock()).close()
    shutil.copy(database_path(other), database_path(folder))


HARMS = [cut_in_half, make_empty, remove, damage_the_first_page, damage_the_salt, put_anothers_file]


@pytest.mark.parametrize("harm", HARMS, ids=lambda harm: harm.__name__)
def test_every_draft_comes_back(tmp_path: Path, clock: FakeClock, harm: Callable[[Path], None]) -> None:
    folder = tmp_path / "profile"
    store = work(folder, clock)
    store_copies.copy_own_work(store, clock=clock)
    expected = notes(store)
    store.close()
    harm(folder)
    with pytest.raises(StoreDamaged):
        open_again(folder, clock)
    result = repair(folder, clock)
    assert (result.drafts, result.lost) == (DRAFTS, ())
    store = open_again(folder, clock)
    assert notes(store) == expected
    with store.read() as txn:
        assert len(outbox.items(txn)) == DRAFTS
        files = evidence.files(txn, builders.submission_id(1))
        assert [file.state for file in files if file.state is EvidenceState.READY] != []
        evidence.submission_key(txn, builders.submission_id(1))
    assert len(list(store.evidence_folder.iterdir())) == 1
    store.close()


def open_again(folder: Path, clock: FakeClock) -> Store:
    return Store.open(folder, DATABASE_KEY, clock=clock)


@pytest.mark.parametrize("log", ["missing", "stale", "damaged"])
def test_a_store_without_its_log(tmp_path: Path, clock: FakeClock, log: str) -> None:
    """Of two changes since the copy, the log held both; what is lost with it is told as a moment."""
    folder, crashed = tmp_path / "profile", tmp_path / "crashed"
    store = work(folder, clock)
    stale = (folder / "store.db-wal").read_bytes()
    with store.write() as txn:
        txn.erases()  # empties the log
    copy = store_copies.copy_own_work(store, clock=clock)
    with store.write() as txn:
        assessments.set_note(txn, builders.submission_id(1), 1, words(1, "in the log"), NOON)
    shutil.copytree(folder, crashed, ignore=shutil.ignore_patterns("*-shm"))
    store.close()
    if log == "missing":
        (crashed / "store.db-wal").unlink()
    elif log == "stale":
        (crashed / "store.db-wal").write_bytes(stale)
    else:
        content = bytearray((crashed / "store.db-wal").read_bytes())
        content[100] ^= 1
        (crashed / "store.db-wal").write_bytes(content)
    assert copy is not None
    with pytest.raises(StoreDamaged):
        open_again(crashed, clock)
    result = repair(crashed, clock)
    assert (result.drafts, result.lost, result.read_whole) == (DRAFTS, (), False)
    store = open_again(crashed, clock)
    assert notes(store) == {number: words(number) for number in range(1, DRAFTS + 1)}
    store.close()


def test_a_cancelled_repair_changes_nothing(tmp_path: Path, clock: FakeClock) -> None:
    work(tmp_path, clock).close()
    flip(database_path(tmp_path), leaf_pages(tmp_path, "assessment")[1])
    before = sorted(path.name for path in tmp_path.rglob("*"))
    with pytest.raises(Cancelled):
        repair(tmp_path, clock, cancelled=lambda: True)
    assert sorted(path.name for path in tmp_path.rglob("*")) == before


@pytest.mark.parametrize("at", ["second name", "log gone", "in place"])
def test_a_repair_that_is_cut_off_is_done_again(
    tmp_path: Path, clock: FakeClock, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    folder, crashed = tmp_path / "profile", tmp_path / "crashed"
    store = work(folder, clock)
    with store.write() as txn:
        txn.erases()
    with store.write() as txn:
        assessments.set_note(txn, builders.submission_id(1), 1, words(1, "in the log"), NOON)
    expected = notes(store)
    shutil.copytree(folder, crashed, ignore=shutil.ignore_patterns("*-shm"))
    store.close()
    flip(database_path(crashed), leaf_pages(crashed, "submission")[0])
    (crashed / "store.damaged").touch()

    class Killed(BaseException):
        pass

    def kill(*_: object) -> None:
        raise Killed

    name = {"second name": "_second_name", "log gone": "replace_durably", "in place": "force_folder_to_disk"}
    real, calls = getattr(salvage, name[at]), 0

    def cut(*arguments: Any) -> None:
        nonlocal calls
        calls += 1
        if at == "in place" and calls < 3:
            real(*arguments)
            return
        kill()

    monkeypatch.setattr(salvage, name[at], cut)
    if at != "in place":
        with pytest.raises(Killed):
            repair(crashed, clock)
        monkeypatch.undo()
        with pytest.raises(StoreDamaged):
            open_again(crashed, clock)
    monkeypatch.undo()
    result = repair(crashed, clock)
    assert (result.drafts, result.lost) == (DRAFTS, ())
    store = open_again(crashed, clock)
    assert notes(store) == expected
    store.close()


def test_what_was_being_sent_keeps_its_state(tmp_path: Path, clock: FakeClock) -> None:
    store = work(tmp_path, clock)
    sent = builders.outbox_item(2, submission_number=2)
    with store.write() as txn:
        outbox.move(txn, sent.id, OutboxState.SENDING)
        outbox.move(txn, sent.id, OutboxState.ACKED, receipt=builders.receipt(sent))
    store.close()
    flip(database_path(tmp_path), leaf_pages(tmp_path, "assessment")[0])
    repair(tmp_path, clock)
    store = open_store(tmp_path, clock)
    with store.read() as txn:
        kept = outbox.get(txn, sent.id)
    assert kept is not None
    assert (kept.state, kept.receipt) == (OutboxState.ACKED, builders.receipt(sent))
    store.close()
