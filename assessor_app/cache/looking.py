"""Looking into a store that may be open elsewhere, without changing a byte of it: for whoever finds out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from assessor_app.cache.connection import database_path, look_at
from assessor_app.cache.engine import Store, Transaction
from assessor_app.cache.migrate import HISTORY, stored_revision


def revision_of(folder: Path, database_key: bytes) -> str:
    """The schema's revision of the store in a folder.

    Raises:
        StoreDamaged: it does not verify, or the key does not fit.
        StoreError: it cannot be read.
    """
    with closing(look_at(database_path(folder), database_key)) as connection:
        return stored_revision(connection)


def is_present_revision(revision: str) -> bool:
    """Whether this version of the program can read a store of a revision as it is."""
    return revision == HISTORY.head


@contextmanager
def looking(folder: Path, database_key: bytes) -> Iterator[Store]:
    """A store that can be read and not written; nothing is made, upgraded or repaired.

    Raises:
        StoreError: it cannot be read.
    """
    store = Store.for_looking(folder, database_key)
    try:
        yield store
    finally:
        store.let_go()


def table_counts(txn: Transaction) -> dict[str, int]:
    """How many rows each table has."""
    names = txn.connection.exec_driver_sql(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
    ).scalars()
    return {
        name: int(txn.connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one())
        for name in list(names)
    }


def revision(txn: Transaction) -> str:
    """The schema's revision of an open store."""
    return str(txn.connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())
