"""Statements that are run for every record: worked out once as text, and given to the driver as they are.

SQLAlchemy takes ten times as long to hand a statement on as the database takes to run it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any

from sqlalchemy.dialects import sqlite

from assessor_app.cache.engine import Transaction


class Prepared:
    """A statement of SQLAlchemy's that is compiled when it is first run.

    What it gives comes as SQLite has it: truth values are 0 and 1.
    """

    def __init__(self, statement: Callable[[], Any], names: Sequence[str] | None = None) -> None:
        """Take note of the statement.

        Args:
            statement: makes it.
            names: the columns that an INSERT sets; None for every other statement.
        """
        self._statement, self._names = statement, names

    def run(self, txn: Transaction, values: Mapping[str, Any]) -> Any:
        """Run it with a value for each of its parameters; returns the driver's cursor."""
        text, constants = self._compiled
        return txn.driver.execute(text, {**constants, **values} if constants else values)

    def run_each(self, txn: Transaction, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run it once for each row."""
        text, constants = self._compiled
        txn.driver.executemany(text, [{**constants, **row} for row in rows] if constants else rows)

    @cached_property
    def _compiled(self) -> tuple[str, dict[str, Any]]:
        names = None if self._names is None else list(self._names)
        compiled = self._statement().compile(dialect=sqlite.dialect(paramstyle="named"), column_keys=names)
        # What is asked for at each run is left out: a value that is missing then is told by the driver.
        own = {name: bind.value for name, bind in compiled.binds.items() if not bind.required}
        return str(compiled), own
