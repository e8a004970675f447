"""The local store: one encrypted SQLite file, many readers, one writer at a time.

Sessions and rows never leave this package: its functions take a `Transaction` and give frozen dataclasses.
"""

from __future__ import annotations

import errno
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlcipher3 import dbapi2

from assessor_app.cache import generation, inbox_sql, reserve
from assessor_app.cache.connection import connect, database_path, look_at
from assessor_app.cache.inbox_orders import InboxOrders
from assessor_app.cache.migrate import HISTORY, SchemaHistory, prepare
from assessor_app.cache.trouble import damaged, disk_full, translated
from assessor_app.clock import Clock
from assessor_app.domain.inbox_groups import InboxOrder
from assessor_app.domain.roles import Role
from assessor_app.errors import DiskFull, StoreDamaged, StoreError, StoreUnwritable

EVIDENCE_NAME = "evidence"
"""Folder, inside the profile's, of the sealed evidence files."""
_READERS = 4
"""Connections that stay open for reading."""


class Transaction:
    """One open transaction. Made by `Store.read` and `Store.write` only; opaque outside this package."""

    __slots__ = ("_changes_before", "_connection", "_driver", "_erased", "_erases", "_orders", "_touched")

    def __init__(self, connection: sa.Connection, begin: str, orders: InboxOrders) -> None:
        """Begin it on a connection on which nothing was done yet."""
        self._orders = orders
        self._connection = connection
        of_the_driver: Any = connection.connection.driver_connection
        self._driver = of_the_driver
        # Not as an event of the engine's: then each statement would look for listeners.
        self._driver.execute(begin)
        self._touched: set[str] = set()
        self._erases = False
        self._erased: set[tuple[str, str]] = set()
        self._changes_before = self._driver.total_changes

    @property
    def driver(self) -> Any:
        """The driver's connection, for statements of this package that are run for every record."""
        return self._driver

    @property
    def connection(self) -> sa.Connection:
        """The connection, for this package alone."""
        return self._connection

    def touch(self, submission_id: str) -> None:
        """Note that a submission's place in the inbox must be derived again before anybody looks."""
        self._touched.add(submission_id)

    def erases(self) -> None:
        """Note that something was erased that must not stay readable in the write-ahead log either."""
        self._erases = True

    def erased(self, submission_id: str, what: str) -> None:
        """Note that something of a submission must be gone from every copy of the store as well.

        Args:
            submission_id: of which submission.
            what: a value of `store_copies.Erased`.
        """
        self._erases = True
        self._erased.add((submission_id, what))

    @property
    def must_truncate_log(self) -> bool:
        """Whether the write-ahead log is to be emptied after the commit."""
        return self._erases

    def inbox_order(self, role: Role) -> InboxOrder:
        """The whole order of a role's inbox as this transaction sees it."""
        self.settle()
        if self._driver.total_changes != self._changes_before:
            return inbox_sql.whole_order(self._driver, role)
        return self._orders.order(self._driver, role)

    def settle(self) -> int | None:
        """Derive the inbox places of everything that was touched, and count the transaction.

        Returns:
            The store's generation with this transaction; None when it changed nothing.
        """
        touched, self._touched = sorted(self._touched), set()
        if touched:
            inbox_sql.refresh(self._driver, touched)
        if not self._erased and self._driver.total_changes == self._changes_before:
            return None
        number = generation.count_up(self._driver)
        self._orders.note(number, touched)
        for submission_id, what in sorted(self._erased):
            self._driver.execute(
                "INSERT OR REPLACE INTO erasure (submission_id, what, generation) VALUES (?, ?, ?)",
                (submission_id, what, number),
            )
        return number


class Store:
    """One profile's local store, open. Safe to use from any thread."""

    def __init__(
        self, folder: Path, database_key: bytes, read_engine: sa.Engine, write_engine: sa.Engine
    ) -> None:
        """Use `Store.open` instead."""
        self._folder = folder
        self._database_key = database_key
        self._note = generation.NoteKeeper(folder, database_key)
        self._orders = InboxOrders()
        self._is_damaged = False
        self._read_engine = read_engine
        self._write_engine = write_engine
        self._writing = threading.Lock()
        self._writer: int | None = None

    @classmethod
    def open(
        cls, folder: Path, database_key: bytes, *, clock: Clock, history: SchemaHistory = HISTORY
    ) -> Store:
        """Open the store in `folder`, making or upgrading it where needed.

        Args:
            folder: the profile's folder; made when missing, for this user alone.
            database_key: 32 raw bytes.
            clock: tells the time of the copy before an upgrade.
            history: the schema's steps; another one only in tests of upgrading.

        Raises:
            StoreNewer: a newer version of the program wrote it.
            StoreDamaged: it does not verify, or the key is not its own.
            DiskFull: no room for it.
            StoreError: it cannot be read or written.
        """
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            (folder / EVIDENCE_NAME).mkdir(mode=0o700, exist_ok=True)
            generation.check(folder, database_key)
            prepare(folder, database_key, clock=clock, history=history)
        except OSError as error:
            raise folder_trouble(error) from error
        path = database_path(folder)

        def reader() -> Any:
            return connect(path, database_key, read_only=True)

        def writer() -> Any:
            return connect(path, database_key)

        readers, writers = _engine(reader, _READERS), _engine(writer, 1)
        store = cls(folder, database_key, readers, writers)
        store._begin()
        return store

    @classmethod
    def for_looking(cls, folder: Path, database_key: bytes) -> Store:
        """A store that is only looked into; `cache.looking` opens it and lets it go."""

        def reader() -> Any:
            return look_at(database_path(folder), database_key)

        return cls(folder, database_key, _engine(reader, 1), _engine(reader, 1))

    def let_go(self) -> None:
        """Let go of a store that was only looked into."""
        self._read_engine.dispose()
        self._write_engine.dispose()

    def _begin(self) -> None:
        with self.read() as txn:
            self._note.begin(generation.generation_of(txn.connection.connection.driver_connection))

    @property
    def folder(self) -> Path:
        """The profile's folder."""
        return self._folder

    @property
    def database_key(self) -> bytes:
        """The key of the file, for whoever looks after it beside this object."""
        return self._database_key

    @property
    def evidence_folder(self) -> Path:
        """Where the sealed evidence files lie."""
        return self._folder / EVIDENCE_NAME

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """A transaction that writes: committed at the end, rolled back on any error. One at a time.

        Raises:
            DiskFull: no room; what was committed before is safe.
            StoreDamaged: a page does not verify.
            StoreError: the file cannot be written, or another program keeps it locked.
            RuntimeError: this thread is writing already.
        """
        if self._writer == threading.get_ident():
            raise RuntimeError("a writing transaction is open in this thread already")
        with self._writing:
            if self._is_damaged:
                raise damaged()
            self._writer = threading.get_ident()
            try:
                with self._told(), self._write_engine.begin() as connection:
                    txn = Transaction(connection, "BEGIN IMMEDIATE", self._orders)
                    yield txn
                    number = txn.settle()
                self._orders.committed()
                if number is not None:
                    self._note.note(number)
                if txn.must_truncate_log:
                    self._truncate_log()
            finally:
                self._orders.ended()
                self._writer = None

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A transaction that sees one state of the store throughout, whatever is written meanwhile.

        Raises:
            StoreDamaged: a page does not verify.
            StoreError: the file cannot be read.
        """
        with self._told(), self._read_engine.begin() as connection:
            yield Transaction(connection, "BEGIN", self._orders)

    def dial(self, path: Path, *, read_only: bool = False) -> Any:
        """A connection of its own to this store's file or to a copy of it, under the same key."""
        return connect(path, self._database_key, read_only=read_only)

    def dial_store(self) -> Any:
        """A connection of its own that reads this store."""
        return self.dial(database_path(self._folder), read_only=True)

    def close(self) -> None:
        """Move everything into the one file and release it; a second call does nothing."""
        with self._writing:
            self._read_engine.dispose()
            if not self._is_damaged:
                with self._told():
                    self._truncate_log()
            self._write_engine.dispose()
            self._note.close()

    @property
    def note_was_damaged(self) -> bool:
        """Whether the note beside the store did not verify when it was opened; it was made again."""
        return self._note.was_damaged

    @property
    def is_short_of_room(self) -> bool:
        """Whether the disk is so full that only what the person writes may be saved."""
        return reserve.is_short(self._folder)

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Say what a person can act on; once damage is found, nothing is written any more.

        Where the disk is full the reserve is given up: the same change can be saved at the next try.
        """
        try:
            with _told():
                yield
        except DiskFull:
            reserve.give_up(self._folder)
            raise
        except StoreUnwritable as error:
            if reserve.has_room(self._folder):
                raise
            reserve.give_up(self._folder)
            raise disk_full() from error
        except StoreDamaged:
            self._is_damaged = True
            generation.mark_damaged(self._folder)
            raise

    def _truncate_log(self) -> None:
        """Move the write-ahead log into the database; left for later where a reader is in the way."""
        connection = self._write_engine.raw_connection()
        try:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()


def _engine(creator: Any, size: int) -> sa.Engine:
    return sa.create_engine(
        "sqlite://",
        module=dbapi2,
        creator=creator,
        poolclass=sa.pool.QueuePool,
        pool_size=size,
        max_overflow=-1,
        # Statements hold what people wrote: never in a log or an error text.
        hide_parameters=True,
    )


@contextmanager
def _told() -> Iterator[None]:
    """Turn the driver's errors that a person can act on into the errors that say so."""
    try:
        yield
    except sa.exc.DBAPIError as error:
        raise translated(error.orig or error) or error from error
    except dbapi2.Error as error:
        raise translated(error) or error from error


def folder_trouble(error: OSError) -> StoreError:
    """What an error of the file system means for the person."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return disk_full()
    return StoreError(
        "The profile's folder cannot be used",
        f"Nothing was changed. The system says: {error.strerror or type(error).__name__}.",
        "Check that the disk is connected and has room, and that you may write to the folder.",
    )
