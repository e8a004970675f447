"""Opening the encrypted database file with SQLCipher alone: quick, and safe to use before the first paint.

Nothing here imports SQLAlchemy. The key is handed over as raw bytes, so it stands in no address, no statement
and no error text.
"""

from __future__ import annotations

import os
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2

from assessor_app.cache.trouble import translated

DATABASE_NAME = "store.db"
"""The database's file name inside the profile's folder."""
KEY_BYTES = 32
"""Length of the raw database key."""
BUSY_TIMEOUT_S = 10.0
"""How long a statement waits for another writer or for recovery after a crash."""

_EVERY_CONNECTION = (
    # A wrong key or a damaged page is told by an error; the library's own lines on stderr tell no more.
    "PRAGMA cipher_log_level = NONE",
    "PRAGMA foreign_keys = ON",
    # WAL with NORMAL lost acknowledged commits in simulated power cuts; with FULL none.
    "PRAGMA synchronous = FULL",
    # What was erased must not stay readable in freed pages.
    "PRAGMA secure_delete = ON",
    "PRAGMA temp_store = MEMORY",
    # In KiB, taken as needed: the order of 100,000 submissions fits, no page of it is decrypted twice.
    "PRAGMA cache_size = -16000",
)
_ON_MACOS = ("PRAGMA fullfsync = ON", "PRAGMA checkpoint_fullfsync = ON")


def database_path(folder: Path) -> Path:
    """Where a profile's database lies."""
    return folder / DATABASE_NAME


def connect(path: Path, database_key: bytes, *, read_only: bool = False) -> Any:
    """Open a connection that may move between threads, in autocommit mode.

    Args:
        path: the database file; created when missing.
        database_key: 32 raw bytes.
        read_only: refuse statements that write.

    Returns:
        A `sqlcipher3` connection. The key is checked by the first statement that reads a page, not here.

    Raises:
        StoreError: the file cannot be opened.
        ValueError: the key is not 32 bytes long.
    """
    if len(database_key) != KEY_BYTES:
        raise ValueError(f"a database key has {KEY_BYTES} bytes, not {len(database_key)}")
    return _dialled(os.fspath(path), database_key.hex(), read_only=read_only, is_uri=False)


def look_at(path: Path, database_key: bytes, *, salt: bytes = b"", without_log: bool = False) -> Any:
    """Open a connection that changes no byte of the file and its write-ahead log, not even at its end.

    Args:
        path: the database file; it must exist.
        database_key: 32 raw bytes.
        salt: the file's first bytes as they should be; empty: as they are.
        without_log: leave the write-ahead log aside.

    Raises:
        StoreError: the file cannot be opened.
    """
    log = path.with_name(path.name + "-wal")
    alone = without_log or not log.exists() or log.stat().st_size == 0
    address = f"{path.absolute().as_uri()}?{'immutable=1' if alone else 'mode=ro'}"
    return _dialled(address, database_key.hex() + salt.hex(), read_only=True, is_uri=True)


def _dialled(address: str, key: str, *, read_only: bool, is_uri: bool) -> Any:
    try:
        connection = dbapi2.connect(
            address, timeout=BUSY_TIMEOUT_S, isolation_level=None, check_same_thread=False, uri=is_uri
        )
    except dbapi2.Error as error:
        raise translated(error) or error from error
    try:
        connection.set_key(f"x'{key}'")
        for pragma in _EVERY_CONNECTION + (_ON_MACOS if sys.platform == "darwin" else ()):
            connection.execute(pragma)
        if read_only:
            connection.execute("PRAGMA query_only = ON")
    except dbapi2.Error as error:
        connection.close()
        raise translated(error) or error from error
    return connection


def cipher_version() -> str:
    """The version of the encrypted SQLite."""
    with closing(dbapi2.connect(":memory:")) as connection:
        return str(connection.execute("PRAGMA cipher_version").fetchone()[0])
