"""The platform's database: short transactions, one way to read and one to write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.orm import Session

from reference_platform import migrate
from reference_platform.models import Base

BUSY_TIMEOUT_MS = 10_000
"""How long a writer waits for another one."""


class Database:
    """One database with its tables up to date.

    Any database that SQLAlchemy speaks will do; what SQLite alone needs (WAL, one writer at a time from
    the first statement on) is set up here and nowhere else.
    """

    def __init__(self, url: str) -> None:
        """Connect to the database and bring its tables up to date."""
        self.engine = create_engine(url, hide_parameters=True, pool_size=20, max_overflow=30)
        self._reading: Engine = self.engine
        self._writing = self.engine.execution_options(writing=True)
        if self.engine.dialect.name == "sqlite":
            _prepare_sqlite(self.engine)
        else:
            self._reading = self.engine.execution_options(isolation_level="REPEATABLE READ")
        migrate.to_head(self.engine)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One snapshot of everything; what is changed in it is thrown away."""
        with Session(self._reading, autoflush=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """One transaction, committed at the end and rolled back on an error."""
        with Session(self._writing) as session, session.begin():
            yield session

    def wipe(self) -> None:
        """Throw everything away and start over with empty tables."""
        with self._writing.begin() as connection:
            Base.metadata.drop_all(connection)
            migrate.forget(connection)
        migrate.to_head(self.engine)

    def overwrite_freed(self) -> None:
        """After something was erased: SQLite keeps its bytes in freed pages and in the log until then."""
        if self.engine.dialect.name != "sqlite":
            return
        connection = self.engine.raw_connection()
        try:
            cursor = connection.cursor()
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            connection.close()

    def close(self) -> None:
        """Let go of all connections; SQLite then folds its write-ahead log in."""
        self.engine.dispose()


def _prepare_sqlite(engine: Engine) -> None:
    @event.listens_for(engine, "connect")
    def on_connect(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={BUSY_TIMEOUT_MS}",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def on_begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")
