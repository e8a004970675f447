"""Reading a table of a damaged store: the rows before and after a damaged page, and which ones lie in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlcipher3 import dbapi2

from assessor_app.errors import StoreError

Row = tuple[Any, ...]
_ROWS_AT_ONCE = 200
_MOST_PROBED = 100_000
"""So many places are tried one by one where nothing tells which rows lie in a gap."""


@dataclass(slots=True)
class TableReading:
    """What came of reading one table; complete when `rows` has ended."""

    is_complete: bool = True
    """Whether every row could be read."""
    keys: frozenset[Row] | None = None
    """The primary keys that its index lists; None where that cannot be read either, or was not needed."""
    lost: set[Row] = field(default_factory=set)
    """Of those, the ones whose rows could not be read."""


class Reader:
    """Reads a file that may be damaged.

    After a page that does not verify, SQLCipher reads no other page through the same connection either: each
    trouble is followed by a new one.
    """

    def __init__(self, dial: Callable[[], Any]) -> None:
        """Open the file.

        Args:
            dial: opens a connection to it.
        """
        self._dial = dial
        self._connection: Any = dial()

    def execute(self, query: str, values: Sequence[Any] = ()) -> Any:
        """A cursor; after an error, on reading from it as well, call `renew`."""
        return self._connection.execute(query, values)

    def all(self, query: str, values: Sequence[Any] = ()) -> list[Row]:
        """All rows of a query.

        Raises:
            dbapi2.Error: a page does not verify; the next query has a new connection.
        """
        try:
            return [tuple(row) for row in self._connection.execute(query, values)]
        except dbapi2.Error:
            self.renew()
            raise

    def renew(self) -> None:
        """Go on with a new connection."""
        self.close()
        try:
            self._connection = self._dial()
        except StoreError:
            # The next query says what is wrong.
            pass

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()


def columns_of(reader: Reader, table: str) -> tuple[str, ...]:
    """The names of a table's columns; none where there is no such table or its description is damaged."""
    try:
        return tuple(str(row[0]) for row in reader.all("SELECT name FROM pragma_table_info(?)", (table,)))
    except dbapi2.Error:
        return ()


def key_columns(connection: Any, table: str) -> tuple[str, ...]:
    """The names of a table's primary key, in order."""
    rows = connection.execute("SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", (table,))
    return tuple(name for (name,) in rows.fetchall())


def rows(reader: Reader, table: str, columns: Sequence[str], reading: TableReading) -> Iterator[Row]:
    """Every row of a table that can be read, each once.

    Args:
        reader: has the file open.
        table: the table.
        columns: what to read of each row.
        reading: filled with what came of it.
    """
    wanted = ", ".join(f'"{column}"' for column in columns)
    query = f'SELECT rowid, {wanted} FROM "{table}" NOT INDEXED'
    first = _Walk(reader, f"{query} ORDER BY rowid")
    yield from first
    if first.reached_end:
        return
    reading.is_complete = False
    # From the other end, up to the damage; kept back, because it is met there too.
    last = _Walk(reader, f"{query} ORDER BY rowid DESC", stop_at=first.last)
    yield from last
    if last.reached_end:
        return
    inside, keys = _inside(reader, table, first.last, last.last)
    reading.keys = None if keys is None else frozenset(keys.values())
    for rowid in inside:
        row = _one(reader, f"{query} WHERE rowid = ?", rowid)
        if row is not None:
            yield row[1:]
        elif keys is not None:
            reading.lost.add(keys[rowid])


class _Walk:
    """The rows of a query up to the first that cannot be read; each row begins with its number."""

    def __init__(self, reader: Reader, query: str, stop_at: int | None = None) -> None:
        self._reader, self._query, self._stop_at = reader, query, stop_at
        self.last: int | None = None
        self.reached_end = False

    def __iter__(self) -> Iterator[Row]:
        try:
            cursor = self._reader.execute(self._query)
            for row in iter(cursor.fetchone, None):
                if row[0] == self._stop_at:
                    break
                self.last = row[0]
                yield row[1:]
            self.reached_end = True
        except dbapi2.Error:
            self._reader.renew()


def _inside(
    reader: Reader, table: str, before: int | None, after: int | None
) -> tuple[Sequence[int], dict[int, Row] | None]:
    """The numbers of the rows between two that could be read, and their keys, as far as an index tells."""
    try:
        info = reader.all("SELECT name FROM pragma_table_info(?) WHERE pk > 0 ORDER BY pk", (table,))
    except dbapi2.Error:
        info = []
    key = ", ".join(f'"{name}"' for (name,) in info)
    for index in _indexes(reader, table):
        try:
            found = reader.all(f'SELECT rowid, {key} FROM "{table}" INDEXED BY "{index}"')
        except dbapi2.Error:
            continue
        keys = {row[0]: tuple(row[1:]) for row in found}
        return [rowid for rowid in sorted(keys) if _is_between(rowid, before, after)], keys
    if after is None or after - (before or 0) > _MOST_PROBED:
        return (), None
    return range((before or 0) + 1, after), None


def _indexes(reader: Reader, table: str) -> list[str]:
    """Indexes that list every row; those of the primary key hold nothing else that could be damaged."""
    try:
        found = reader.all(
            'SELECT name, origin FROM pragma_index_list(?) WHERE "unique" AND NOT partial', (table,)
        )
    except dbapi2.Error:
        return []
    return [str(name) for name, _ in sorted(found, key=lambda row: row[1] != "pk")]


def _is_between(rowid: int, before: int | None, after: int | None) -> bool:
    return (before is None or rowid > before) and (after is None or rowid < after)


def _one(reader: Reader, query: str, rowid: int) -> Row | None:
    try:
        return next(iter(reader.all(query, (rowid,))), None)
    except dbapi2.Error:
        return None
