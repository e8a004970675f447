"""Bringing the store's schema to this version's: a verified copy first, then all steps in one transaction.

Opening a store that is up to date must cost nothing, so Alembic is imported only when there is something
to do.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from assessor_app.cache.connection import connect, database_path
from assessor_app.cache.trouble import damaged, newer, translated
from assessor_app.clock import Clock
from assessor_app.errors import StoreError
from assessor_app.vault.durable import force_to_disk, open_private, replace_durably

COPIES_NAME = "copies"
"""Folder, inside the profile's, of the copies made before an upgrade."""
COPIES_KEPT = 2
"""How many copies stay."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SchemaHistory:
    """The steps that a store's schema has gone through.

    Attributes:
        revisions: all revisions from the first to the head. Known without asking Alembic; a test compares.
        scripts: folder with `env.py` and `versions/`.
    """

    revisions: tuple[str, ...]
    scripts: Path

    @property
    def head(self) -> str:
        """The revision that this version of the program works with."""
        return self.revisions[-1]


HISTORY = SchemaHistory(("0001", "0002", "0003", "0004"), Path(__file__).parent / "migrations")
"""The history of released schemas."""


def stored_revision(connection: Any) -> str:
    """The revision of an existing store; the first statement on a connection, so it checks the key too.

    Args:
        connection: an open `sqlcipher3` connection.

    Raises:
        StoreDamaged: the file does not verify, the key does not fit, or it holds no schema.
        StoreError: the file cannot be read.
    """
    try:
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    except dbapi2.Error as error:
        raise translated(error) or damaged() from error
    if row is None:
        raise damaged()
    return str(row[0])


def prepare(folder: Path, database_key: bytes, *, clock: Clock, history: SchemaHistory = HISTORY) -> None:
    """Make sure that the store exists and has the head's schema.

    A new store is made beside its place and moved there when complete, so a store in its place is never half
    made. An existing one is copied before it is changed; a copy that fails is logged and does not block.

    Raises:
        StoreNewer: the schema is not one that this version knows.
        StoreDamaged: the file does not verify or the key does not fit.
        DiskFull, StoreError: the file cannot be made or changed.
    """
    path = database_path(folder)
    if not path.exists():
        _create(path, database_key, history)
        return
    with _opened(path, database_key) as connection:
        revision = stored_revision(connection)
        if revision == history.head:
            return
        if revision not in history.revisions:
            raise newer()
        try:
            copy_before_upgrade(connection, folder, database_key, revision, clock)
        except (dbapi2.Error, StoreError, OSError) as error:
            _log.warning("No copy could be made before the upgrade: %s", type(error).__name__)
    _upgrade(path, database_key, history)


def copy_before_upgrade(
    connection: Any, folder: Path, database_key: bytes, revision: str, clock: Clock
) -> Path:
    """Copy the store through its keyed connection, and verify the copy by opening and reading all of it.

    Args:
        connection: an open connection to the store.
        folder: the profile's folder.
        database_key: the copy has the same key.
        revision: the store's revision, part of the copy's name.
        clock: tells the time, part of the copy's name.

    Returns:
        The copy. Older ones than the newest `COPIES_KEPT` are deleted.

    Raises:
        StoreError, OSError, dbapi2.Error: it could not be made or does not verify; nothing is left of it.
    """
    copies = folder / COPIES_NAME
    copies.mkdir(mode=0o700, exist_ok=True)
    target = copies / f"{clock.now():%Y%m%dT%H%M%SZ}-{revision}.db"
    part = target.with_suffix(".part")
    part.unlink(missing_ok=True)
    try:
        _make_private(part)
        with _opened(part, database_key) as copy:
            connection.backup(copy)
        with _opened(part, database_key, read_only=True) as copy:
            if (
                stored_revision(copy) != revision
                or copy.execute("PRAGMA integrity_check").fetchone()[0] != "ok"
            ):
                raise damaged()
        _put_in_place(part, target)
    finally:
        part.unlink(missing_ok=True)
    for old in sorted(file for file in copies.iterdir() if re.fullmatch(r"\d{8}T\d{6}Z-\w+\.db", file.name))[
        :-COPIES_KEPT
    ]:
        old.unlink()
    return target


@contextmanager
def _opened(path: Path, database_key: bytes, *, read_only: bool = False) -> Iterator[Any]:
    connection = connect(path, database_key, read_only=read_only)
    try:
        yield connection
    finally:
        connection.close()


def make_empty(path: Path, database_key: bytes, *, history: SchemaHistory = HISTORY) -> None:
    """Make an empty store of the head's schema under any name; there is no such file yet."""
    _make_private(path)
    _upgrade(path, database_key, history)


def _create(path: Path, database_key: bytes, history: SchemaHistory) -> None:
    beside = path.with_suffix(".new")
    for leftover in (beside, beside.with_name(beside.name + "-wal"), beside.with_name(beside.name + "-shm")):
        leftover.unlink(missing_ok=True)
    make_empty(beside, database_key, history=history)
    _put_in_place(beside, path)


def _make_private(path: Path) -> None:
    """Make an empty file for this user alone; the files that SQLite lays beside it take over its mode."""
    os.close(open_private(path, os.O_RDWR | os.O_CREAT))


def _put_in_place(source: Path, target: Path) -> None:
    """Give a finished database file its name, so that a power cut leaves all of it or nothing."""
    descriptor = open_private(source, os.O_RDWR)
    try:
        force_to_disk(descriptor)
    finally:
        os.close(descriptor)
    replace_durably(source, target)


def _upgrade(path: Path, database_key: bytes, history: SchemaHistory) -> None:
    """Run all missing steps in one transaction: a kill leaves the old schema or the new one."""
    import sqlalchemy as sa
    from alembic import command
    from alembic.config import Config

    def dialled() -> Any:
        connection = connect(path, database_key)
        connection.execute("PRAGMA journal_mode = WAL")
        # A step that rebuilds a table would break references half way; they are checked at the end.
        connection.execute("PRAGMA foreign_keys = OFF")
        return connection

    engine = sa.create_engine("sqlite://", module=dbapi2, creator=dialled, poolclass=sa.pool.NullPool)
    config = Config()
    config.set_main_option("script_location", str(history.scripts).replace("%", "%%"))
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("BEGIN EXCLUSIVE")
            config.attributes["connection"] = connection
            command.upgrade(config, history.head)
            broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
            if broken:
                raise damaged()
            connection.commit()
    except sa.exc.DBAPIError as error:
        raise translated(error.orig or error) or error from error
    finally:
        engine.dispose()
