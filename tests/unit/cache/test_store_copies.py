"""Copies of the store: made from what is there, read through, kept in rotation, rid of what was erased."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from assessor_app.cache import assessments, evidence, forgetting, outbox, store_copies, submissions
from assessor_app.cache.engine import Store
from assessor_app.cache.store_copies import CopyKind, copies, copy_own_work, copy_whole_store, tidy
from assessor_app.domain.states import SubmissionStatus
from assessor_app.domain.submissions import EvidenceState
from assessor_app.errors import StoreDamaged
from tests import builders
from tests.builders import NOON, FakeClock
from tests.stores import DATABASE_KEY

SID = builders.submission_id(1)


def write(store: Store, text: str) -> None:
    with store.write() as txn:
        assessments.set_note(txn, SID, 1, text, NOON)


def rows(store: Store, path: Path, query: str) -> list[tuple[Any, ...]]:
    with closing(store.dial(path, read_only=True)) as connection:
        return [tuple(row) for row in connection.execute(query)]


def test_own_work_is_copied_when_it_changed_and_nothing_else_is(store: Store, clock: FakeClock) -> None:
    item = builders.outbox_item(1)
    with store.write() as txn:
        submissions.put_submission(txn, builders.submission(1))
        outbox.enqueue(txn, item)
        txn.connection.exec_driver_sql("INSERT INTO secret VALUES ('access', 'a token')")
        txn.connection.exec_driver_sql("INSERT INTO setting VALUES ('cursor', 'c')")
    write(store, "mine")
    copy = copy_own_work(store, clock=clock)
    assert copy is not None
    assert copies(store.folder) == (copy,)
    assert rows(store, copy.path, "SELECT note_to_approver FROM assessment") == [("mine",)]
    assert rows(store, copy.path, "SELECT id, body FROM outbox") == [(item.id, item.body)]
    for query in ("SELECT * FROM submission", "SELECT * FROM secret"):
        assert rows(store, copy.path, query) == []
    assert ("cursor",) not in rows(store, copy.path, "SELECT name FROM setting")
    assert copy_own_work(store, clock=clock) is None
    write(store, "more")
    assert copy_own_work(store, clock=clock) is not None
    assert [left.name for left in (store.folder / "copies").glob("*.part*")] == []


def test_a_copy_is_a_store_of_its_own(store: Store, clock: FakeClock, tmp_path: Path) -> None:
    write(store, "mine")
    copy = copy_own_work(store, clock=clock)
    assert copy is not None
    other = tmp_path / "other"
    other.mkdir()
    (other / "store.db").write_bytes(copy.path.read_bytes())
    opened = Store.open(other, DATABASE_KEY, clock=clock)
    with opened.read() as txn:
        work = assessments.load(txn, SID, 1)
    assert work is not None
    assert work.note_to_approver == "mine"
    write(opened, "goes on")
    opened.close()


def test_writing_goes_on_while_the_whole_store_is_copied(store: Store, clock: FakeClock) -> None:
    write(store, "before")
    steps = 0

    def between() -> bool:
        nonlocal steps
        steps += 1
        write(store, f"during {steps}")
        return False

    copy = copy_whole_store(store, clock=clock, cancelled=between)
    assert copy is not None
    assert steps > 0
    assert rows(store, copy.path, "SELECT note_to_approver FROM assessment") == [("before",)]


def test_a_cancelled_copy_leaves_nothing(store: Store, clock: FakeClock) -> None:
    write(store, "mine")
    assert copy_own_work(store, clock=clock, cancelled=lambda: True) is None
    assert copy_whole_store(store, clock=clock, cancelled=lambda: True) is None
    assert list((store.folder / "copies").iterdir()) == []


def test_a_copy_that_does_not_verify_is_not_kept(
    store: Store, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(store, "mine")
    real, dials = store.dial, 0

    def dial(path: Path, *, read_only: bool = False) -> Any:
        nonlocal dials
        dials += 1
        if path.name == "copy.part" and read_only:
            content = bytearray(path.read_bytes())
            content[4096 * 3 + 50] ^= 1
            path.write_bytes(content)
        return real(path, read_only=read_only)

    monkeypatch.setattr(store, "dial", dial)
    with pytest.raises(StoreDamaged):
        copy_own_work(store, clock=clock)
    assert list((store.folder / "copies").iterdir()) == []


def test_a_few_recent_copies_and_one_of_each_day_stay(store: Store, clock: FakeClock) -> None:
    for number in range(3 * 12):
        write(store, f"state {number}")
        copy_own_work(store, clock=clock)
        tidy(store, clock=clock)
        clock.advance(8 * 3600)
    held = copies(store.folder)
    assert [copy.generation for copy in held[: store_copies.OWN_KEPT]] == [36, 35, 34, 33]
    older = held[store_copies.OWN_KEPT :]
    assert [copy.at.hour for copy in older] == [20] * len(older)
    days = {copy.at.date() for copy in held}
    assert len(days) == store_copies.DAYS_KEPT
    assert min(days) == clock.now().date() - timedelta(days=store_copies.DAYS_KEPT - 1)


def test_large_copies_leave_the_last_of_the_disk_alone(
    store: Store, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(store, "mine")
    assert copy_whole_store(store, clock=clock) is not None
    for number in range(6):
        write(store, f"state {number}")
        copy_own_work(store, clock=clock)
    monkeypatch.setattr(store_copies, "free_bytes", lambda _: 1024**3)
    assert copy_whole_store(store, clock=clock) is None
    tidy(store, clock=clock)
    assert [copy.kind for copy in copies(store.folder)] == [CopyKind.OWN] * store_copies.OWN_KEPT


def test_what_was_erased_is_gone_from_every_copy(store: Store, clock: FakeClock) -> None:
    other = builders.submission_id(2)
    with store.write() as txn:
        for number in (1, 2):
            submission = builders.submission(number)
            submissions.put_submission(txn, submission)
            evidence.want(txn, submission, clock)
            assessments.set_note(txn, submission.id, 1, "mine", NOON)
            for file in evidence.files(txn, submission.id):
                evidence.set_state(txn, file.blob_id, EvidenceState.READY)
    own, whole = copy_own_work(store, clock=clock), copy_whole_store(store, clock=clock)
    assert own is not None
    assert whole is not None
    before_upgrade = own.path.with_name("20200101T000000Z-0002.db")
    before_upgrade.write_bytes(whole.path.read_bytes())
    keys = "SELECT submission_id FROM submission_key ORDER BY submission_id"
    assert len(rows(store, own.path, keys)) == 2
    with store.write() as txn:
        evidence.shred(txn, SID)
        forgetting.forget(txn, other)
    tidy(store, clock=clock)
    (left,) = copies(store.folder)
    assert left.kind is CopyKind.OWN
    assert rows(store, left.path, keys) == []
    assert rows(store, left.path, "SELECT submission_id FROM assessment") == [(SID,)]
    # Once is enough: nothing is rewritten that has nothing of it.
    content = left.path.read_bytes()
    tidy(store, clock=clock)
    assert left.path.read_bytes() == content


def test_numbers_of_earlier_denials_go_from_the_copies(store: Store, clock: FakeClock) -> None:
    """Rule 18: the copy made before an upgrade, and the whole one, hold the platform's records."""
    submission = builders.submission(1, attempt=2, prior=(builders.prior_attempt(),))
    with store.write() as txn:
        submissions.put_submission(txn, submission)
    assert copy_whole_store(store, clock=clock) is not None
    with store.write() as txn:
        submissions.erase_earlier_numbers(txn, SID)
        submissions.put_submission(txn, builders.submission(1, status=SubmissionStatus.AWARDED))
    tidy(store, clock=clock)
    assert copies(store.folder) == ()


def test_damaged_files_are_kept_for_a_while(store: Store, clock: FakeClock) -> None:
    home = store.folder / store_copies.ASIDE_NAME
    now = clock.now()
    for days, mark in ((13, ""), (14, ""), (15, store_copies.UNFINISHED_NAME)):
        aside = home / f"{now - timedelta(days=days):%Y%m%dT%H%M%SZ}-{days}"
        aside.mkdir(parents=True)
        (aside / (mark or "store.db")).write_bytes(b"damaged")
    tidy(store, clock=clock)
    assert sorted(aside.name.partition("-")[2] for aside in home.iterdir()) == ["13", "15"]
