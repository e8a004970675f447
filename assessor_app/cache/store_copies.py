"""Copies of the store: one's own work every few minutes, the whole file once a day, each read through.

A copy of the own work is a store of the same schema with the platform's tables left empty: small and quick,
so that it can be made often. The whole file is copied in steps from one reading transaction: no writer
waits for it, and every page is verified on the way. A copy that fails leaves nothing and stops nobody. What
was erased for good stays in no copy: small ones are rewritten, whole ones are deleted.
"""

from __future__ import annotations

import contextlib
import logging
import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from assessor_app.cache import erased, own_tables
from assessor_app.cache.engine import Store
from assessor_app.cache.generation import generation_of
from assessor_app.cache.migrate import COPIES_NAME
from assessor_app.cache.reserve import free_bytes
from assessor_app.cache.trouble import damaged, translated
from assessor_app.clock import Clock
from assessor_app.errors import KnownError
from assessor_app.vault.durable import force_to_disk, open_private, replace_durably

OWN_KEPT = 4
"""So many of the newest copies of the own work stay..."""
DAYS_KEPT = 7
"""... and the last one of each of so many days before."""
ROOM_LEFT_BYTES = 2 * 1024**3
"""Copies never eat into the last of the disk: where less than this is free, the large ones go."""
ASIDE_NAME = "damaged"
"""Folder, inside the profile's, where a repair keeps the damaged files."""
UNFINISHED_NAME = "unfinished"
"""Marks such a folder while its repair is not at its end."""
DAMAGED_KEPT_DAYS = 14
"""So long; whoever can read more out of them has that time."""
STEP_PAGES = 256
"""Pages copied at a time; a cancelled copy ends after one step."""
_ROWS_AT_ONCE = 500
_NAME = re.compile(r"(own|whole)-(\d{8}T\d{6}Z)-g(\d+)(?:-e(\d+))?\.db")
_BEFORE_UPGRADE = re.compile(r"(\d{8}T\d{6}Z)-(\w+)\.db")
_STAMP = "%Y%m%dT%H%M%SZ"

_log = logging.getLogger(__name__)


class CopyKind(StrEnum):
    """What a copy holds."""

    OWN = "own"
    """The person's own work."""
    WHOLE = "whole"
    """The whole store."""
    BEFORE_UPGRADE = "before_upgrade"
    """The whole store of an earlier version of the program."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of the store, as its name tells."""

    path: Path
    kind: CopyKind
    at: datetime
    generation: int
    """Of the store when it was copied; 0 where the name does not tell."""
    erased_up_to: int
    """What was erased up to this generation of the store is not in it."""


def copies(folder: Path) -> tuple[Copy, ...]:
    """The copies of a profile's store, the newest first."""
    try:
        names = [path for path in (folder / COPIES_NAME).iterdir() if path.suffix == ".db"]
    except OSError:
        return ()
    found = [copy for copy in map(_named, names) if copy is not None]
    return tuple(sorted(found, key=lambda copy: (copy.generation, copy.at, copy.path.name), reverse=True))


def copy_own_work(
    store: Store, *, clock: Clock, cancelled: Callable[[], bool] = lambda: False
) -> Copy | None:
    """Copy what the person made, if anything changed since the last such copy.

    Returns:
        The copy; None where the newest one is still true, or the copy was cancelled.

    Raises:
        StoreDamaged: the store does not verify.
        StoreError, OSError: it could not be made; nothing is left of it.
    """
    with _source(store) as source:
        generation = generation_of(source)
        if any(c.kind is CopyKind.OWN and c.generation == generation for c in copies(store.folder)):
            return None
        with _part(store.folder) as part:
            with contextlib.closing(store.dial(part)) as target:
                target.execute("PRAGMA synchronous = OFF")
                if not _fill(source, target, cancelled):
                    return None
            return _finish(store, part, CopyKind.OWN, clock.now(), generation)


def copy_whole_store(
    store: Store, *, clock: Clock, cancelled: Callable[[], bool] = lambda: False
) -> Copy | None:
    """Copy the whole store; every page of it is read, so that damage anywhere is noticed.

    Returns:
        The copy; None when it was cancelled or the disk has no room for it: then the store is only read.

    Raises:
        StoreDamaged: the store does not verify.
        StoreError, OSError: it could not be made; nothing is left of it.
    """
    size = _size(store.folder)
    with _source(store) as source:
        if free_bytes(store.folder) < ROOM_LEFT_BYTES + size:
            verify(source)
            return None
        generation = generation_of(source)
        with _part(store.folder) as part:
            with contextlib.closing(store.dial(part)) as target:
                target.execute("PRAGMA synchronous = OFF")
                try:
                    source.backup(target, pages=STEP_PAGES, sleep=0, progress=_stopper(cancelled))
                except _Cancelled:
                    return None
            return _finish(store, part, CopyKind.WHOLE, clock.now(), generation)


def verify(connection: Any) -> None:
    """Read all of a store or copy.

    Raises:
        StoreDamaged: a page does not verify, or the file contradicts itself.
    """
    read_through(connection, whole=True)


def read_through(connection: Any, *, whole: bool) -> None:
    """Read a store or copy; all of it, or no more than its first pages.

    Raises:
        StoreDamaged: a page does not verify, or the file contradicts itself.
    """
    try:
        if not whole:
            generation_of(connection)
            return
        broken = connection.execute("PRAGMA cipher_integrity_check").fetchall()
        answer = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except dbapi2.Error as error:
        raise translated(error) or damaged() from error
    if broken or answer != "ok":
        raise damaged()


def take_out_erased(store: Store) -> None:
    """Take what was erased for good out of all copies; a copy that is being made is looked at by `tidy`."""
    with _source(store) as source:
        newest_erasure = erased.newest_erasure(source)
        for copy in copies(store.folder):
            if copy.erased_up_to < newest_erasure:
                with contextlib.suppress(OSError):
                    _without_erased(store, source, copy, newest_erasure)


def tidy(store: Store, *, clock: Clock) -> None:
    """Take away copies that are too many or too large, and out of the rest what was erased for good."""
    take_out_erased(store)
    for copy in _superfluous(copies(store.folder), clock.now(), free_bytes(store.folder)):
        with contextlib.suppress(OSError):
            copy.path.unlink()
    _forget_damaged(store.folder, clock.now())
    for left in (store.folder / COPIES_NAME).glob("*.part*"):
        with contextlib.suppress(OSError):
            left.unlink()


# ---- making one ----


class _Cancelled(Exception):
    """Nobody waits for the copy any more."""


def _stopper(cancelled: Callable[[], bool]) -> Callable[[int, int, int], None]:
    def step(_status: int, _left: int, _total: int) -> None:
        if cancelled():
            raise _Cancelled

    return step


@contextlib.contextmanager
def _source(store: Store) -> Iterator[Any]:
    """A connection that sees one state of the store for as long as it is held."""
    connection = store.dial_store()
    try:
        connection.execute("BEGIN")
        yield connection
    except dbapi2.Error as error:
        raise translated(error) or error from error
    finally:
        connection.close()


@contextlib.contextmanager
def _part(folder: Path) -> Iterator[Path]:
    """A file to make a copy in, for this user alone; what is left of it at the end goes."""
    home = folder / COPIES_NAME
    home.mkdir(mode=0o700, exist_ok=True)
    part = home / "copy.part"
    beside = [part.with_name(part.name + end) for end in ("", "-wal", "-shm", "-journal")]
    for path in beside:
        path.unlink(missing_ok=True)
    os.close(open_private(part, os.O_RDWR | os.O_CREAT))
    try:
        yield part
    finally:
        for path in beside:
            path.unlink(missing_ok=True)


def _fill(source: Any, target: Any, cancelled: Callable[[], bool]) -> bool:
    """Lay the schema and the person's own rows into an empty file; False when cancelled."""
    schema = source.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type = 'trigger', rowid"
    ).fetchall()
    # The tables behind the search index make themselves with it.
    schema = [
        row for row in schema if not own_tables.is_shadow(row[1]) or row[2].startswith("CREATE VIRTUAL")
    ]
    target.execute("BEGIN")
    for kind, _, statement in schema:
        if kind != "trigger":
            target.execute(statement)
    for table in ("alembic_version", *own_tables.own_tables(source)):
        if not copy_rows(source, target, table, own_tables.kept_rows(table), cancelled):
            return False
    for kind, _, statement in schema:
        if kind == "trigger":
            target.execute(statement)
    target.execute("COMMIT")
    return True


def copy_rows(source: Any, target: Any, table: str, where: str, cancelled: Callable[[], bool]) -> bool:
    """Copy rows of a table of the same name and columns; False when cancelled on the way."""
    rows = source.execute(f'SELECT * FROM "{table}" WHERE {where}')
    marks = ", ".join("?" * len(rows.description))
    while batch := rows.fetchmany(_ROWS_AT_ONCE):
        if cancelled():
            return False
        target.executemany(f'INSERT INTO "{table}" VALUES ({marks})', batch)
    return True


def _finish(store: Store, part: Path, kind: CopyKind, at: datetime, generation: int) -> Copy:
    """Read a copy through, bring it to the disk, and give it its name."""
    with contextlib.closing(store.dial(part, read_only=True)) as copy:
        verify(copy)
        if generation_of(copy) != generation:
            raise damaged()
    descriptor = open_private(part, os.O_RDWR)
    try:
        force_to_disk(descriptor)
    finally:
        os.close(descriptor)
    target = part.with_name(f"{kind}-{at:{_STAMP}}-g{generation}.db")
    replace_durably(part, target)
    return Copy(target, kind, at, generation, generation)


# ---- keeping them ----


def _named(path: Path) -> Copy | None:
    if match := _NAME.fullmatch(path.name):
        kind, stamp, generation, erased_up_to = match.groups()
        number = int(generation)
        return Copy(path, CopyKind(kind), _moment(stamp), number, int(erased_up_to or number))
    if match := _BEFORE_UPGRADE.fullmatch(path.name):
        return Copy(path, CopyKind.BEFORE_UPGRADE, _moment(match[1]), 0, 0)
    return None


def _forget_damaged(folder: Path, now: datetime) -> None:
    """Files of repairs go after a while: they hold what was erased for good since."""
    home = folder / ASIDE_NAME
    for aside in home.iterdir() if home.is_dir() else ():
        stamp = aside.name.partition("-")[0]
        with contextlib.suppress(OSError, ValueError):
            if (now - _moment(stamp)).days >= DAMAGED_KEPT_DAYS and not (aside / UNFINISHED_NAME).exists():
                shutil.rmtree(aside)


def _moment(stamp: str) -> datetime:
    return datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)


def _superfluous(held: tuple[Copy, ...], now: datetime, free: int) -> list[Copy]:
    own = [copy for copy in held if copy.kind is CopyKind.OWN]
    last_of_day = {
        copy.at.date(): copy for copy in reversed(own) if (now.date() - copy.at.date()).days < DAYS_KEPT
    }
    kept = own[:OWN_KEPT]
    if free >= ROOM_LEFT_BYTES:
        kept += last_of_day.values()
        kept += [copy for copy in held if copy.kind is CopyKind.WHOLE][:1]
        # For the days after an upgrade; until there is another copy it is all there is.
        before = [copy for copy in held if copy.kind is CopyKind.BEFORE_UPGRADE]
        kept += [copy for copy in before[:1] if not own or (now - copy.at).days < DAYS_KEPT]
    return [copy for copy in held if copy not in kept]


def _without_erased(store: Store, source: Any, copy: Copy, newest_erasure: int) -> None:
    """Take what was erased since out of a copy; a copy of the platform's records goes as a whole."""
    if copy.kind is CopyKind.OWN:
        try:
            with contextlib.closing(store.dial(copy.path)) as connection:
                connection.execute("PRAGMA journal_mode = MEMORY")
                erased.erase_from_copy(connection, erased.erasures_since(source, copy.erased_up_to))
            name = f"{copy.kind}-{copy.at:{_STAMP}}-g{copy.generation}-e{newest_erasure}.db"
            replace_durably(copy.path, copy.path.with_name(name))
        except (dbapi2.Error, KnownError) as error:
            _log.warning("A copy could not be rewritten and is deleted: %s", type(error).__name__)
        else:
            return
    copy.path.unlink()


def _size(folder: Path) -> int:
    try:
        return (folder / "store.db").stat().st_size
    except OSError:
        return 0
