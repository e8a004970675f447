"""Local stores for tests: real encrypted files, made once by the migrations and copied from then on."""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from assessor_app.cache.connection import DATABASE_NAME, connect, database_path
from assessor_app.cache.engine import Store
from assessor_app.cache.migrate import HISTORY, SchemaHistory
from assessor_app.clock import Clock
from tests.builders import FakeClock

DATABASE_KEY = bytes(range(32))
"""The key of every store made here."""


@cache
def _empty_store() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        Store.open(Path(folder), DATABASE_KEY, clock=FakeClock()).close()
        return (Path(folder) / DATABASE_NAME).read_bytes()


def put_empty_store(folder: Path) -> None:
    """Lay an empty store of the present schema into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / DATABASE_NAME).write_bytes(_empty_store())


def open_store(folder: Path, clock: Clock | None = None) -> Store:
    """Open the store in a folder; an empty one if there is none. The caller closes it."""
    if not (folder / DATABASE_NAME).exists():
        put_empty_store(folder)
    return Store.open(folder, DATABASE_KEY, clock=clock or FakeClock())


def put_older_store(folder: Path, filled: Path, revision: str, scripts: Path) -> None:
    """Make a store of an earlier schema that holds the rows of a closed one, as far as it has their places.

    Args:
        folder: where it is made.
        filled: folder of the store whose rows it gets.
        revision: the earlier schema.
        scripts: an empty place for the migrations up to it.
    """
    known = HISTORY.revisions[: HISTORY.revisions.index(revision) + 1]
    later = [f"{later}*" for later in HISTORY.revisions[len(known) :]]
    shutil.copytree(HISTORY.scripts, scripts, ignore=shutil.ignore_patterns(*later, "__pycache__"))
    folder.mkdir(parents=True)
    Store.open(folder, DATABASE_KEY, clock=FakeClock(), history=SchemaHistory(known, scripts)).close()
    _copy_rows(filled, folder)


def _copy_rows(source: Path, target: Path) -> None:
    """Carry the rows of one store into another, as far as the other has their tables and columns."""
    full, older = (connect(database_path(folder), DATABASE_KEY) for folder in (source, target))
    older.execute("PRAGMA foreign_keys = OFF")
    for (table,) in full.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        known = {row[1] for row in older.execute(f"PRAGMA table_info({table})")}
        names = [row[1] for row in full.execute(f"PRAGMA table_info({table})") if row[1] in known]
        if table.startswith(("sqlite_", "search_")) or table == "alembic_version" or not names:
            continue
        rows = full.execute(f"SELECT {', '.join(names)} FROM {table}").fetchall()
        marks = ", ".join("?" * len(names))
        older.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})", rows)
    older.commit()
    for opened in (full, older):
        opened.close()


def dump(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table, decrypted: where a test looks for what must not be kept."""
    with store.read() as txn:
        names = txn.connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        )
        return {
            name: [tuple(row) for row in txn.connection.exec_driver_sql(f'SELECT * FROM "{name}"')]
            for (name,) in names.all()
        }
