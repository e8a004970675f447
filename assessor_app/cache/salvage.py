"""Repairing a damaged store: what the person made is read out of it and its copies into a new one.

Nothing is deleted and nothing is written to what is damaged. Sources are ranked by their generation: a table
that the newest one has whole is taken from there alone; where pages are damaged, older ones fill the gaps. A
row that the newest one is known not to have was taken away by the person and does not come back. Then the old
files get a second name in a dated folder, and the new store takes their place in one step: a kill at any
moment leaves a store that is noticed as damaged again, or the new one.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from assessor_app.cache import generation, own_tables, store_copies
from assessor_app.cache.connection import connect, database_path, look_at
from assessor_app.cache.damaged_table import Reader, Row, TableReading, columns_of, key_columns, rows
from assessor_app.cache.engine import folder_trouble
from assessor_app.cache.migrate import make_empty
from assessor_app.cache.salvage_finish import finish, unlink_orphans
from assessor_app.cache.store_copies import ASIDE_NAME, UNFINISHED_NAME, CopyKind
from assessor_app.cache.trouble import translated
from assessor_app.clock import Clock
from assessor_app.errors import StoreError
from assessor_app.vault.durable import force_folder_to_disk, force_to_disk, open_private, replace_durably

_NEW = "store.repaired"
_LOG_ENDS = ("-wal", "-shm")
_COPIES_USED = 4
_BATCH = 200


class Cancelled(Exception):
    """The person stopped the repair; everything is as it was."""


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What came of a repair."""

    aside: Path
    """Where the damaged files are kept."""
    drafts: int
    """Pieces of work that were known."""
    lost: tuple[tuple[str, str], ...]
    """Work of which something could not be read anywhere: the submission's id and its code, if known."""
    copy_at: datetime | None
    """The moment of the newest copy that was needed; None when the damaged file gave everything."""
    read_whole: bool
    """Whether the damaged file and its log gave every row; else what came after `copy_at` may be missing."""


@dataclass(slots=True)
class _Source:
    """One file that work is read from."""

    reader: Reader
    generation: int
    at: datetime | None = None
    """When it was made, for a copy."""
    is_own_only: bool = False
    """Whether it holds the person's own tables alone."""
    has_broken_pages: bool = False
    """Whether pages do not verify; what cannot be read is then told by itself."""

    def is_sound(self, table: str) -> bool:
        """Whether what a table that could be read does not have was not there.

        Not so where all pages verify and yet contradict each other: they are of different moments.
        """
        if self.has_broken_pages:
            return True
        try:
            answer = self.reader.all(f"PRAGMA quick_check('{table}')")
        except dbapi2.Error:
            return False
        return answer == [("ok",)]


@dataclass(slots=True)
class _Tally:
    """What is found on the way."""

    lost: dict[str, set[Row]] = field(default_factory=dict)
    """Keys by table of rows that no source had."""
    copies_used: list[datetime] = field(default_factory=list)
    read_whole: bool = True


def salvage(
    folder: Path,
    database_key: bytes,
    *,
    clock: Clock,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Salvaged:
    """Repair the store in a folder. Nobody has it open; the key was checked to be its own.

    Args:
        folder: the profile's folder.
        database_key: 32 raw bytes.
        clock: tells the time of the repair.
        progress: told how many tables are done, of how many.
        cancelled: asked often.

    Raises:
        Cancelled: nothing was changed.
        DiskFull, StoreError: the new store cannot be made; nothing was changed.
    """
    now, new = clock.now(), folder / _NEW
    note = generation.read_note(folder, database_key)
    try:
        _remove(new)
        with contextlib.ExitStack() as held:
            sources = _sources(folder, database_key, note.salt if note else b"", held)
            newest = max([note.generation if note else 0, *(source.generation for source in sources)])
            make_empty(new, database_key)
            target = held.enter_context(contextlib.closing(connect(new, database_key)))
            tally = _fill(target, sources, note.generation if note else 0, progress, cancelled)
            result = finish(target, folder, newest + 1, now, tally.lost)
            store_copies.verify(target)
            target.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        if cancelled():
            raise Cancelled
        aside = _swap(folder, new, now)
        unlink_orphans(folder, result.orphans)
    except dbapi2.Error as error:
        raise translated(error) or error from error
    except OSError as error:
        raise folder_trouble(error) from error
    finally:
        _remove(new)
    at = max(tally.copies_used, default=None)
    return Salvaged(aside, result.drafts, result.lost, at, tally.read_whole)


# ---- where work is read from ----


def _sources(folder: Path, key: bytes, salt: bytes, held: contextlib.ExitStack) -> list[_Source]:
    """All files that can be opened at all, the newest first."""
    places = [database_path(folder)]
    places += sorted(
        path.with_name("store.db")
        for path in (folder / ASIDE_NAME).glob(f"*/{UNFINISHED_NAME}")
        if path.is_file()
    )
    found: list[_Source] = []
    for path in filter(Path.exists, places):
        log = path.with_name(path.name + "-wal")
        has_log = log.exists() and log.stat().st_size > 0
        for without_log in (False, True) if has_log else (False,):
            source = _opened(path, key, salt, held, without_log=without_log)
            if source is not None:
                found.append(source)
    copies = store_copies.copies(folder)
    chosen = [copy for copy in copies if copy.kind is CopyKind.OWN][:_COPIES_USED]
    for kind in (CopyKind.WHOLE, CopyKind.BEFORE_UPGRADE):
        chosen += [copy for copy in copies if copy.kind is kind][:1]
    for copy in chosen:
        source = _opened(copy.path, key, b"", held)
        if source is not None:
            found.append(replace(source, at=copy.at, is_own_only=copy.kind is CopyKind.OWN))
    # Of equals the damaged store itself goes first: it was found first.
    return sorted(found, key=lambda source: -source.generation)


def _opened(
    path: Path, key: bytes, salt: bytes, held: contextlib.ExitStack, *, without_log: bool = False
) -> _Source | None:
    """A file that can be read at all, with the salt as it is or as the note has it."""
    for used in (b"", salt) if salt else (b"",):
        try:
            reader = Reader(partial(look_at, path, key, salt=used, without_log=without_log))
        except (StoreError, OSError):
            continue
        number = _generation(reader)
        if number is None:
            reader.close()
            continue
        held.callback(reader.close)
        return _Source(reader, number, has_broken_pages=_has_broken_pages(reader))
    return None


def _generation(reader: Reader) -> int | None:
    """What a file says it is; 0 where it does not say, None where nothing of it can be read."""
    with contextlib.suppress(dbapi2.Error, ValueError):
        rows_found = reader.all("SELECT value FROM setting WHERE name = ?", (generation.SETTING,))
        return int(rows_found[0][0]) if rows_found else 0
    try:
        reader.all("SELECT count(*) FROM sqlite_master")
    except dbapi2.Error:
        return None
    return 0


def _has_broken_pages(reader: Reader) -> bool:
    try:
        return bool(reader.all("PRAGMA cipher_integrity_check"))
    except dbapi2.Error:
        return True


# ---- into the new store ----


def _fill(
    target: Any,
    sources: list[_Source],
    noted: int,
    progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> _Tally:
    own = own_tables.own_tables(target)
    tables = (*own, *sorted(own_tables.FROM_THE_PLATFORM | own_tables.OF_THE_SESSION))
    tally = _Tally()
    if not sources or sources[0].at is not None or sources[0].generation < noted:
        tally.read_whole = False
    target.execute("PRAGMA synchronous = OFF")
    target.execute("PRAGMA foreign_keys = OFF")
    target.execute("BEGIN")
    for done, table in enumerate(tables):
        progress(done, len(tables))
        of_table = [s for s in sources if table in own or not s.is_own_only]
        if table in own_tables.OF_THE_SESSION:
            # A token that was replaced meanwhile would end the session: only the newest of all will do.
            of_table = [s for s in of_table[:1] if s.at is None and s.generation >= noted]
        _fill_table(target, table, of_table, tally, cancelled)
    target.execute("COMMIT")
    progress(len(tables), len(tables))
    return tally


def _fill_table(
    target: Any, table: str, sources: list[_Source], tally: _Tally, cancelled: Callable[[], bool]
) -> None:
    key = key_columns(target, table)
    all_columns = [row[0] for row in target.execute("SELECT name FROM pragma_table_info(?)", (table,))]
    lost: set[Row] = set()
    known: frozenset[Row] | None = None
    for source in sources:
        names = columns_of(source.reader, table)
        columns = [name for name in all_columns if name in names]
        if not set(key) <= set(columns):
            continue
        reading = TableReading()
        places = [columns.index(name) for name in key]
        came = 0
        marks = ", ".join("?" * len(columns))
        named = ", ".join(f'"{name}"' for name in columns)
        insert = f'INSERT OR IGNORE INTO "{table}" ({named}) VALUES ({marks})'
        for batch in _batches(rows(source.reader, table, columns, reading)):
            if cancelled():
                raise Cancelled
            wanted = [row for row in batch if known is None or tuple(row[at] for at in places) in known]
            before = target.total_changes
            target.executemany(insert, wanted)
            came += target.total_changes - before
        if came and source.at is not None:
            tally.copies_used.append(source.at)
        lost |= reading.lost
        if reading.is_complete and source.is_sound(table):
            break
        if source.at is None:
            tally.read_whole = False
        known = reading.keys if known is None else known
    where = " AND ".join(f'"{name}" = ?' for name in key)
    query = f'SELECT 1 FROM "{table}" WHERE {where}'
    missing = {row for row in lost if target.execute(query, row).fetchone() is None}
    if missing:
        tally.lost[table] = missing


def _batches(found: Iterator[Row]) -> Iterator[list[Row]]:
    batch: list[Row] = []
    for row in found:
        batch.append(row)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    yield batch


# ---- putting it in place ----


def _swap(folder: Path, new: Path, now: datetime) -> Path:
    """Keep the damaged files under another name, and put the new store in their place."""
    descriptor = open_private(new, os.O_RDWR)
    try:
        force_to_disk(descriptor)
    finally:
        os.close(descriptor)
    aside = _aside(folder, now)
    path = database_path(folder)
    for source in (path, *(path.with_name(path.name + end) for end in _LOG_ENDS)):
        kept = aside / source.name
        if source.exists() and not kept.exists():
            _second_name(source, kept)
    force_folder_to_disk(aside)
    # A log that stays would be played into the new store.
    for end in _LOG_ENDS:
        path.with_name(path.name + end).unlink(missing_ok=True)
    force_folder_to_disk(folder)
    replace_durably(new, path)
    (folder / generation.DAMAGE_NAME).unlink(missing_ok=True)
    for unfinished in (folder / ASIDE_NAME).glob(f"*/{UNFINISHED_NAME}"):
        unfinished.unlink()
    return aside


def _aside(folder: Path, now: datetime) -> Path:
    """The dated folder of this repair, or of one that was cut off."""
    home = folder / ASIDE_NAME
    home.mkdir(mode=0o700, exist_ok=True)
    for left in sorted(home.glob(f"*/{UNFINISHED_NAME}")):
        return left.parent
    aside = home / f"{now:%Y%m%dT%H%M%SZ}"
    number = 1
    while aside.exists():
        number += 1
        aside = home / f"{now:%Y%m%dT%H%M%SZ}-{number}"
    aside.mkdir(mode=0o700)
    (aside / UNFINISHED_NAME).touch(mode=0o600)
    return aside


def _second_name(source: Path, kept: Path) -> None:
    try:
        kept.hardlink_to(source)
    except OSError:
        shutil.copy2(source, kept)


def _remove(path: Path) -> None:
    for end in ("", "-wal", "-shm"):
        with contextlib.suppress(OSError):
            path.with_name(path.name + end).unlink(missing_ok=True)
