"""The power fails: recorded writes of assessing and sending, replayed up to a moment of chance.

The real store is worked on by the real verbs while every write, truncation and forcing of its files is noted.
From that a disk is made as a cut may leave it, and opened. It must hold exactly what the last step that the
person was told of made of it, or that and the whole of the step under way: nothing lost, nothing half.
Evidence that is being sealed is cut in the same way.
"""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from assessor_app.cache import connection, forgetting, outbox, sync_state
from assessor_app.cache.engine import Store
from assessor_app.cache.migrate import HISTORY
from assessor_app.domain.assessments import CriterionFeedback, Rating
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.roles import Role
from assessor_app.domain.states import OutboxState
from assessor_app.errors import SealDamaged, StoreError
from assessor_app.services import annotating, assessing
from assessor_app.services.context import Context
from assessor_app.vault import durable
from assessor_app.vault.sealed_file import SealedWriter, file_key_of
from assessor_app.vault.sealed_reader import SealedReader
from attacks._figure import Figure
from attacks._recorded_disk import (
    Disk,
    Force,
    ForceNames,
    Recording,
    Rename,
    Told,
    Write,
    recording,
)
from tests import builders
from tests.builders import CRITERIA, FakeClock
from tests.contexts import context_in, give
from tests.stores import DATABASE_KEY, put_empty_store

TITLE = "the power fails while somebody assesses, sends and downloads"
SMALL, LARGE = 1_000, 10_000
EVIDENCE_SHARE = 5
"""One state in so many is cut while evidence is sealed."""
SUBMISSIONS = 6


def run(
    count: int, seed: int, folder: Path, *, synchronous: str = "FULL", forces_files: bool = True
) -> Figure:
    """Cut the power `count` times.

    Args:
        count: how many disks are made and opened.
        seed: of chance.
        folder: an empty folder.
        synchronous: what the database is told; the store's own is FULL, anything less must show losses.
        forces_files: whether sealed files are forced to the disk before they get their name.
    """
    chance = random.Random(seed)
    of_evidence = count // EVIDENCE_SHARE
    store = _cut_store(folder / "store", count - of_evidence, chance, synchronous)
    evidence = _cut_evidence(folder / "evidence", of_evidence, chance, forces_files)
    broken = [f"{number} {what}" for what, number in {**store, **evidence}.items() if number]
    return Figure(
        (
            f"{count - of_evidence} states of the store, synchronous={synchronous}: "
            + ", ".join(f"{number} {what}" for what, number in store.items()),
            f"{of_evidence} states of sealed evidence: "
            + ", ".join(f"{number} {what}" for what, number in evidence.items()),
        ),
        tuple(broken),
    )


# ---- the store ----


def _cut_store(folder: Path, count: int, chance: random.Random, synchronous: str) -> dict[str, int]:
    put_empty_store(folder)
    with _told_to_be(synchronous), recording(folder) as notes:
        states = _work(folder, notes)
    found = {"lost a saved step": 0, "half a step": 0, "damaged": 0}
    at = folder / "after"
    for told, files in _cuts(notes, count, chance):
        _lay(at, files)
        try:
            held = _digest(at)
        except StoreError:
            found["damaged"] += 1
            continue
        if held in states[told : told + 2]:
            continue
        found["lost a saved step" if held in states else "half a step"] += 1
    return found


@contextmanager
def _told_to_be(synchronous: str) -> Iterator[None]:
    usual = connection._EVERY_CONNECTION
    wanted = tuple(line.replace("synchronous = FULL", f"synchronous = {synchronous}") for line in usual)
    connection._EVERY_CONNECTION = wanted  # type: ignore[assignment]
    try:
        yield
    finally:
        connection._EVERY_CONNECTION = usual


def _work(folder: Path, notes: Recording) -> list[str]:
    """Assess, send, take receipts and forget; gives the store's digest before and after every step."""
    clock = FakeClock()
    context = context_in(folder, Role.ASSESSOR, clock)
    states = [_digest_of(context.store)]
    for step in _steps(context):
        step()
        notes.note(Told(len(states)))
        states.append(_digest_of(context.store))
        clock.advance(seconds=1)
    context.store._read_engine.dispose()
    context.store._write_engine.dispose()
    return states


def _steps(context: Context) -> Iterator[Callable[[], Any]]:
    for number in range(1, SUBMISSIONS + 1):
        submission = builders.submission(number)
        yield partial(give, context.store, submission)
        yield from _assess(context, submission.id, number)
        yield partial(assessing.send, context, submission.id)
        yield partial(_start_sending, context.store)
        yield partial(_take_receipt, context.store)
        if number % 2:
            yield partial(_forget, context.store, submission.id)


def _assess(context: Context, submission_id: SubmissionId, number: int) -> Iterator[Callable[[], Any]]:
    for criterion in CRITERIA:
        yield partial(assessing.save_rating, context, submission_id, Rating(criterion, "demonstrated"))
        for text in ("Your questions leave", "Your questions leave room for thought in each phase. " * 40):
            yield partial(assessing.save_feedback, context, submission_id, CriterionFeedback(criterion, text))
    mark = replace(builders.annotation(number), submission_id=submission_id)
    yield partial(annotating.put, context, mark, "Highlight")
    yield partial(assessing.undo, context, submission_id)
    yield partial(
        assessing.save_overall, context, submission_id, "A lesson in which students do the thinking."
    )


def _start_sending(store: Store) -> None:
    with store.write() as txn:
        for item in outbox.items(txn):
            outbox.move(txn, item.id, OutboxState.SENDING)


def _take_receipt(store: Store) -> None:
    with store.write() as txn:
        for item in outbox.items(txn):
            outbox.move(txn, item.id, OutboxState.ACKED, status=201, receipt=builders.receipt(item))
        sync_state.set_cursor(txn, "later", builders.NOON)


def _forget(store: Store, submission_id: SubmissionId) -> None:
    with store.write() as txn:
        forgetting.forget(txn, submission_id)


def _digest_of(store: Store) -> str:
    with store.read() as txn:
        return _digest_by(txn.connection.connection.driver_connection)


def _digest(folder: Path) -> str:
    """Of everything in the database of a folder, after it has recovered.

    Raises:
        StoreError: it does not open, or a page does not verify.
    """
    opened = connection.connect(connection.database_path(folder), DATABASE_KEY)
    try:
        revision = opened.execute("SELECT version_num FROM alembic_version").fetchone()
        sound = opened.execute("PRAGMA integrity_check").fetchone()[0]
        if (revision, sound) != ((HISTORY.head,), "ok"):
            raise StoreError("damaged", str(sound), "")
        return _digest_by(opened)
    except dbapi2.Error as error:
        raise StoreError("damaged", str(error), "") from error
    finally:
        opened.close()


def _digest_by(opened: Any) -> str:
    digest = hashlib.sha256()
    names = opened.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        " AND name NOT LIKE 'search_index%' ORDER BY name"
    )
    for (name,) in names.fetchall():
        digest.update(repr((name, opened.execute(f'SELECT * FROM "{name}"').fetchall())).encode())
    return digest.hexdigest()


# ---- sealed evidence ----


def _cut_evidence(folder: Path, count: int, chance: random.Random, forces_files: bool) -> dict[str, int]:
    folder.mkdir(parents=True)
    notes = Recording(folder, {})
    plain = [
        random.Random(number).randbytes(size) for number, size in enumerate((10, 70_000, 150_000, 65_536))
    ]
    with _noted(notes, forces_files):
        for number, content in enumerate(plain):
            _seal(folder, number, content)
            notes.note(Told(number + 1))
    found = {"lost a finished file": 0, "damaged under its own name": 0}
    at = folder / "after"
    for told, files in _cuts(notes, count, chance):
        _lay(at, files)
        for number, content in enumerate(plain):
            path = at / _name(number)
            if not path.exists():
                found["lost a finished file"] += number < told
            elif _read(path, number, len(content)) != content:
                found["damaged under its own name"] += 1
    return found


def _name(number: int) -> str:
    return f"blob-{number}"


def _seal(folder: Path, number: int, content: bytes) -> None:
    with SealedWriter(
        folder / _name(number), submission_key=DATABASE_KEY, blob_id=_name(number), clock=FakeClock()
    ) as writer:
        for start in range(0, len(content), 30_000):
            writer.write(content[start : start + 30_000])
        writer.finish(expected_size=len(content), expected_sha256=hashlib.sha256(content).hexdigest())


def _read(path: Path, number: int, size: int) -> bytes | None:
    try:
        key = file_key_of(path, submission_key=DATABASE_KEY, blob_id=_name(number))
        with SealedReader(path, file_key=key, size_bytes=size) as reader:
            return reader.readall()
    except SealDamaged:
        return None


@contextmanager
def _noted(notes: Recording, forces_files: bool) -> Iterator[None]:
    """Note what sealing asks of its disk: each write, forcing and renaming."""
    usual = (SealedWriter._write_raw, durable.force_to_disk, durable.force_folder_to_disk, Path.replace)
    write, force, force_folder, rename = usual

    def noted_write(writer: SealedWriter, data: memoryview) -> None:
        file = writer._open_file()
        notes.note(Write(writer._part.name, file.tell(), bytes(data)))
        write(writer, data)

    def noted_force(descriptor: int) -> None:
        if forces_files:
            force(descriptor)
            notes.note(Force(os.path.basename(os.readlink(f"/proc/self/fd/{descriptor}"))))

    def noted_folder(folder: Path) -> None:
        force_folder(folder)
        notes.note(ForceNames())

    def noted_rename(source: Path, target: Path) -> Path:
        notes.note(Rename(source.name, Path(target).name))
        return rename(source, target)

    SealedWriter._write_raw = noted_write  # type: ignore[method-assign,assignment]
    durable.force_to_disk, durable.force_folder_to_disk = noted_force, noted_folder
    Path.replace = noted_rename  # type: ignore[method-assign,assignment]
    try:
        yield
    finally:
        SealedWriter._write_raw = write  # type: ignore[method-assign]
        durable.force_to_disk, durable.force_folder_to_disk = force, force_folder
        Path.replace = rename  # type: ignore[method-assign]


# ---- cuts ----


def _cuts(notes: Recording, count: int, chance: random.Random) -> Iterator[tuple[int, dict[str, bytes]]]:
    """Disks that cuts at moments of chance leave, each with the last step that was told before."""
    moments = sorted(chance.randint(0, len(notes.operations)) for _ in range(count))
    disk, told, done = Disk(notes.before), 0, 0
    for moment in moments:
        while done < moment:
            operation = notes.operations[done]
            disk.apply(operation)
            if isinstance(operation, Told):
                told = operation.step
            done += 1
        yield told, disk.after_cut(chance)


def _lay(folder: Path, files: dict[str, bytes]) -> None:
    """Lay a disk's files into a folder, in place of what lay there."""
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        if old.is_file():
            old.unlink()
    for name, content in files.items():
        if not name.endswith("-shm"):
            (folder / name).write_bytes(content)
