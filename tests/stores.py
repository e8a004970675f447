"""Local stores for tests: real encrypted files, made once by the migrations and copied from then on."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from assessor_app.cache.connection import DATABASE_NAME
from assessor_app.cache.engine import Store
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
