"""Bits are flipped in each file of a profile, files are cut, swapped and taken away, disks are full.

A real store with drafts, things that wait to be sent, a copy and a sealed file, as a crash leaves it, is
harmed in one place and opened again as the program does. The harm must be noticed before anything of it is
shown; every draft must come back at least as it was in the last copy, what waits to be sent byte for byte.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from assessor_app.cache import assessments, evidence, evidence_files, outbox, store_copies, submissions
from assessor_app.cache.connection import database_path
from assessor_app.cache.engine import Store
from assessor_app.cache.generation import NOTE_NAME, read_note
from assessor_app.cache.salvage import Salvaged, salvage
from assessor_app.domain.ids import OutboxId
from assessor_app.domain.submissions import EvidenceState
from assessor_app.errors import DiskFull, KeyUnavailable, SealDamaged, StoreDamaged
from assessor_app.vault import key_file, keys
from assessor_app.vault.keys import MasterKey
from assessor_app.vault.sealed_file import file_key_of
from assessor_app.vault.sealed_reader import SealedReader
from attacks._figure import Figure
from tests import builders
from tests.builders import NOON, FakeClock

TITLE = "files of the profile are damaged, cut, swapped and taken away; disks are full"
SMALL, LARGE = 20, 1_000
DRAFTS = 12
_PROFILE = builders.uuid_text(0x90)
_CONTENT = bytes(range(256)) * 600
_MASTER = MasterKey(bytes(range(100, 132)))


@dataclass(slots=True)
class _Tally:
    """What came of all harm."""

    harms: Counter[str] = field(default_factory=Counter)
    noticed: Counter[str] = field(default_factory=Counter)
    drafts: int = 0
    recovered: int = 0
    as_last_saved: int = 0
    oldest: timedelta = timedelta(0)
    full_disks: int = 0
    broken: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _World:
    """A profile in which work was done, as a crash left it, and what is known of it."""

    folder: Path
    saved: dict[int, str]
    """The newest committed note of each draft."""
    copied: dict[int, str]
    """The same as the last copy has it."""
    copied_at: datetime
    sent: dict[OutboxId, bytes]
    """What waits to be sent, by its key."""
    now: datetime
    blob_id: str
    older: Path
    """An older state of the same profile's files."""


def run(count: int, seed: int, folder: Path) -> Figure:
    """Harm a profile so many times, each time anew, then fill some disks."""
    chance = random.Random(seed)
    world = _make(folder / "world", chance)
    tally = _Tally()
    for cycle in range(count):
        name = _ORDER[cycle % len(_ORDER)]
        _one(world, folder / "trial", name, chance, tally)
    for number in range(max(3, count // 100)):
        _fill_a_disk(folder / f"full-{number}", tally)
    return _figure(tally)


# ---- the profile ----


def _make(folder: Path, chance: random.Random) -> _World:
    clock = FakeClock()
    profile = folder / "profile"
    key_file.write(profile_folder(profile), _key_file(clock))
    store = Store.open(profile, _MASTER.database_key(), clock=clock)
    saved: dict[int, str] = {}
    with store.write() as txn:
        for number in range(1, DRAFTS + 1):
            submission = builders.submission(number)
            submissions.put_submission(txn, submission)
            submissions.put_assignment(txn, builders.assignment(number))
            evidence.want(txn, submission, clock)
            outbox.enqueue(txn, builders.outbox_item(number, submission_number=number))
    _write_all(store, saved, "first", chance)
    blob_id = _seal(store, clock)
    shutil.copytree(profile, folder / "older", ignore=shutil.ignore_patterns("*-shm"))
    with store.write() as txn:
        txn.erases()  # moves the log into the file
    _write_all(store, saved, "second", chance)
    clock.advance(60)
    store_copies.copy_own_work(store, clock=clock)
    copied, copied_at = dict(saved), clock.now()
    clock.advance(240)
    for number in (1, DRAFTS):
        _write(store, saved, number, "third", chance)
    with store.read() as txn:
        sent = {item.id: item.body for item in outbox.items(txn)}
    # As a crash leaves it: the last changes stand in the log.
    shutil.copytree(profile, folder / "crashed", ignore=shutil.ignore_patterns("*-shm"))
    store.close()
    return _World(folder / "crashed", saved, copied, copied_at, sent, clock.now(), blob_id, folder / "older")


def profile_folder(path: Path) -> Path:
    """The folder, made."""
    path.mkdir(parents=True)
    return path


def _key_file(clock: FakeClock) -> key_file.KeyFile:
    cost = keys.WrapCost(memory_kib=64, iterations=1, lanes=1)
    check = keys.database_check(_MASTER)
    return key_file.wrap(
        _MASTER.secret, profile_id=_PROFILE, database_check=check, passphrase="p", clock=clock, cost=cost
    )


def _write_all(store: Store, saved: dict[int, str], what: str, chance: random.Random) -> None:
    for number in range(1, DRAFTS + 1):
        _write(store, saved, number, what, chance)


def _write(store: Store, saved: dict[int, str], number: int, what: str, chance: random.Random) -> None:
    text = f"{what} of {number} " + chance.randbytes(400).hex()
    with store.write() as txn:
        assessments.set_note(txn, builders.submission_id(number), 1, text, NOON)
    saved[number] = text


def _seal(store: Store, clock: FakeClock) -> str:
    with store.write() as txn:
        file = evidence.files(txn, builders.submission_id(1))[0]
    with evidence_files.writer(store, file, clock=clock) as writer:
        writer.write(_CONTENT)
        writer.finish(expected_size=len(_CONTENT), expected_sha256=hashlib.sha256(_CONTENT).hexdigest())
    with store.write() as txn:
        evidence.set_state(txn, file.blob_id, EvidenceState.READY)
    return file.blob_id


# ---- harm ----

Harm = Callable[[_World, Path, random.Random], None]


def _flip(path: Path, chance: random.Random) -> None:
    content = bytearray(path.read_bytes())
    content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def _cut(path: Path, chance: random.Random) -> None:
    size = path.stat().st_size
    # At the border of a page as well, where nothing but the length tells.
    at = chance.randrange(size)
    os.truncate(path, at if chance.random() < 0.5 else at // 4096 * 4096)


def _newest_copy(folder: Path) -> Path:
    return store_copies.copies(folder)[0].path


def _swap_another_profile(world: _World, folder: Path, chance: random.Random) -> None:
    del world
    other = folder.parent / "other"
    if not other.exists():
        Store.open(other, chance.randbytes(32), clock=FakeClock()).close()
    (folder / "store.db-wal").unlink()
    shutil.copy(database_path(other), database_path(folder))


def _swap_older(world: _World, folder: Path, chance: random.Random) -> None:
    del chance
    for name in ("store.db", "store.db-wal"):
        shutil.copy(world.older / name, folder / name)


def _stale_log(world: _World, folder: Path, chance: random.Random) -> None:
    del chance
    shutil.copy(world.older / "store.db-wal", folder / "store.db-wal")


def _in_file(harm: Callable[[Path, random.Random], None], name: str) -> Harm:
    """Harm to one file of the profile; `*` stands for the newest copy, `+` for the sealed file."""

    def do(world: _World, folder: Path, chance: random.Random) -> None:
        places = {"*": lambda: _newest_copy(folder), "+": lambda: folder / "evidence" / world.blob_id}
        harm(places[name]() if name in places else folder / name, chance)

    return do


def _empty(path: Path, chance: random.Random) -> None:
    del chance
    os.truncate(path, 0)


def _remove(path: Path, chance: random.Random) -> None:
    del chance
    path.unlink()


HARMS: dict[str, Harm] = {
    "bit in the store": _in_file(_flip, "store.db"),
    "bit in the log": _in_file(_flip, "store.db-wal"),
    "bit in the note": _in_file(_flip, NOTE_NAME),
    "bit in the key file": _in_file(_flip, "key.json"),
    "bit in a copy": _in_file(_flip, "*"),
    "bit in evidence": _in_file(_flip, "+"),
    "store cut": _in_file(_cut, "store.db"),
    "store empty": _in_file(_empty, "store.db"),
    "store gone": _in_file(_remove, "store.db"),
    "log cut": _in_file(_cut, "store.db-wal"),
    "log gone": _in_file(_remove, "store.db-wal"),
    "log stale": _stale_log,
    "older file": _swap_older,
    "another's file": _swap_another_profile,
    "evidence cut": _in_file(_cut, "+"),
}
_MAY_BE_REPLACED = ("bit in the store", "store cut")
"""Harm that may meet nothing but pages that the log has replaced already: then all must be as it was."""
_ORDER = (
    *("bit in the store", "bit in the log", "bit in evidence", "bit in the store", "store cut"),
    *("bit in a copy", "bit in the key file", "bit in the store", "log gone", "log stale", "older file"),
    *("bit in the log", "another's file", "bit in the note", "log cut", "bit in the store", "store empty"),
    *("evidence cut", "bit in evidence", "store gone"),
)


def _one(world: _World, trial: Path, name: str, chance: random.Random, tally: _Tally) -> None:
    shutil.rmtree(trial, ignore_errors=True)
    shutil.copytree(world.folder, trial)
    HARMS[name](world, trial, chance)
    tally.harms[name] += 1
    try:
        was_noticed = _is_noticed(world, trial, name)
    except StoreDamaged:
        was_noticed = True
        result = salvage(trial, _MASTER.database_key(), clock=FakeClock(world.now))
        _judge(world, trial, name, result, tally)
    if was_noticed:
        tally.noticed[name] += 1
    elif name not in _MAY_BE_REPLACED or not _is_as_it_was(world, trial):
        tally.broken.append(f"{name}: not noticed, and something is not as it was saved")


def _is_noticed(world: _World, trial: Path, name: str) -> bool:
    """Open the profile as the program does, and look at everything of it that could be shown."""
    if name == "bit in the key file":
        return _key_is_refused(trial)
    store = Store.open(trial, _MASTER.database_key(), clock=FakeClock(world.now))
    try:
        with store.read() as txn:
            store_copies.verify(txn.connection.connection.driver_connection)
        if store.note_was_damaged:
            return True
        if "evidence" in name:
            return _evidence_is_refused(store, world.blob_id)
        if name == "bit in a copy":
            return not _copy_is_good(store)
    finally:
        store.close()
    return False


def _key_is_refused(trial: Path) -> bool:
    try:
        return keys.open_key(trial, _PROFILE, passphrase="p").secret != _MASTER.secret
    except KeyUnavailable:
        return True


def _evidence_is_refused(store: Store, blob_id: str) -> bool:
    with store.read() as txn:
        file = evidence.get(txn, blob_id)
        assert file is not None
        key = evidence.submission_key(txn, file.submission_id)
    path = evidence.path_of(store, blob_id)
    try:
        file_key = file_key_of(path, submission_key=key, blob_id=blob_id)
        with SealedReader(path, file_key=file_key, size_bytes=len(_CONTENT)) as reader:
            return reader.read_at(0, len(_CONTENT)) != _CONTENT
    except SealDamaged:
        return True


def _copy_is_good(store: Store) -> bool:
    copy = store.dial(_newest_copy(store.folder), read_only=True)
    try:
        store_copies.verify(copy)
    except StoreDamaged:
        return False
    finally:
        copy.close()
    return True


def _notes(store: Store) -> dict[int, str]:
    with store.read() as txn:
        found = {n: assessments.load(txn, builders.submission_id(n), 1) for n in range(1, DRAFTS + 1)}
    return {number: work.note_to_approver for number, work in found.items() if work is not None}


def _is_as_it_was(world: _World, trial: Path) -> bool:
    """Harm in a page that the log has replaced already is gone with the next start, and cost nothing."""
    store = Store.open(trial, _MASTER.database_key(), clock=FakeClock(world.now))
    try:
        with store.read() as txn:
            store_copies.verify(txn.connection.connection.driver_connection)
        return _notes(store) == world.saved
    finally:
        store.close()


def _judge(world: _World, trial: Path, name: str, result: Salvaged, tally: _Tally) -> None:
    """After a repair: every draft is there, as saved last or as in the copy; what waits is byte for byte."""
    store = Store.open(trial, _MASTER.database_key(), clock=FakeClock(world.now))
    try:
        notes = _notes(store)
        with store.read() as txn:
            sent = {item.id: item.body for item in outbox.items(txn)}
        store_copies.verify(store.dial_store())
    finally:
        store.close()
    tally.drafts += DRAFTS
    for number in range(1, DRAFTS + 1):
        is_newest = notes.get(number) == world.saved[number]
        tally.as_last_saved += is_newest
        if is_newest or notes.get(number) == world.copied[number]:
            tally.recovered += 1
        else:
            tally.broken.append(f"{name}: a draft did not come back")
        if not is_newest:
            tally.oldest = max(tally.oldest, world.now - world.copied_at)
    if sent != world.sent:
        tally.broken.append(f"{name}: what waits to be sent is not what it was")
    if not any(result.aside.iterdir()) and name != "store gone":
        tally.broken.append(f"{name}: the damaged file was not kept")
    if read_note(trial, _MASTER.database_key()) is None:
        tally.broken.append(f"{name}: the repaired store has no note")


# ---- full disks ----


def _fill_a_disk(folder: Path, tally: _Tally) -> None:
    """SQLite is told that there is no page left: refused cleanly, and the last save is there."""
    store = Store.open(folder, _MASTER.database_key(), clock=FakeClock())
    saved: dict[int, str] = {}
    try:
        _write(store, saved, 1, "saved", random.Random(1))
        with _no_page_left(store):
            try:
                with store.write() as txn:
                    assessments.set_note(txn, builders.submission_id(1), 1, "x" * 300_000, NOON)
            except DiskFull:
                tally.full_disks += 1
            else:
                tally.broken.append("a full disk was not noticed")
        if _notes(store) != saved:
            tally.broken.append("a full disk cost a save")
    finally:
        store.close()


@contextmanager
def _no_page_left(store: Store) -> Iterator[None]:
    with store.write() as txn:
        pages = txn.connection.exec_driver_sql("PRAGMA page_count").scalar()
        txn.connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    yield
    with store.write() as txn:
        txn.connection.exec_driver_sql("PRAGMA max_page_count = 4294967294")


# ---- the figure ----


def _figure(tally: _Tally) -> Figure:
    harms, noticed = sum(tally.harms.values()), sum(tally.noticed.values())
    harmless = [
        f"{name} {n - tally.noticed[name]}" for name, n in tally.harms.items() if n > tally.noticed[name]
    ]
    lines = [
        f"{harms} times harmed, {noticed} noticed"
        + (f"; in pages that the log had replaced already: {', '.join(harmless)}" if harmless else ""),
        ", ".join(f"{name} {tally.noticed[name]}/{n}" for name, n in sorted(tally.harms.items())),
        f"{tally.recovered} of {tally.drafts} drafts salvaged, {tally.as_last_saved} as they were saved last;"
        f" the oldest from a copy {tally.oldest.total_seconds() / 60:.0f} minutes old",
        f"{tally.full_disks} full disks: refused cleanly, last save there",
    ]
    return Figure(tuple(lines), tuple(tally.broken))
