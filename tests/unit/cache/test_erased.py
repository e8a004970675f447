"""What was erased goes out of a copy of the store, table by table, and nothing of anything else with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from assessor_app.cache.connection import connect
from assessor_app.cache.erased import Erased, Erasure, erase_from_copy, erasures_since, newest_erasure
from assessor_app.domain.states import OutboxState
from tests import builders
from tests.stores import DATABASE_KEY, open_store

SID, OTHER = builders.submission_id(1), builders.submission_id(2)
OF_EVIDENCE = {
    "submission_key",
    "evidence_file",
    "local_copy",
    "media_probe",
    "reading_state",
    "identity_finding",
}
OF_SENDING = {"outbox", "refused_field", "exported"}
ERASURE = "erasure"


@pytest.fixture
def copy(tmp_path: Path) -> Iterator[Any]:
    """A store with one row of each of two submissions in every table that knows one."""
    open_store(tmp_path).close()
    with closing(connect(tmp_path / "store.db", DATABASE_KEY)) as connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        for number, sid in enumerate((SID, OTHER)):
            for table in tables(connection):
                put(connection, table, sid, 10 * number)
            for place, state in enumerate((OutboxState.QUEUED, OutboxState.ACKED)):
                name = f"{sid}-{state}"
                put(connection, "outbox", sid, 10 * number + place + 1, id=name, state=state.value)
                for table in OF_SENDING - {"outbox"}:
                    put(connection, table, sid, 10 * number, outbox_id=name)
        connection.execute("PRAGMA foreign_keys = ON")
        yield connection


def tables(connection: Any) -> set[str]:
    found = connection.execute(
        "SELECT m.name FROM sqlite_master m, pragma_table_info(m.name) c"
        " WHERE m.type = 'table' AND c.name = 'submission_id'"
    )
    return {row[0] for row in found} - {"outbox"}


def put(connection: Any, table: str, sid: str, number: int, **told: object) -> None:
    """One row, with something in each column."""
    row: dict[str, object] = {}
    for name, kind in connection.execute("SELECT name, type FROM pragma_table_info(?)", (table,)):
        row[name] = {"INTEGER": number, "BLOB": b"{}"}.get(kind, f"{table}-{number}")
    row |= {"submission_id": sid} if "submission_id" in row else {}
    row |= told
    names, marks = ", ".join(f'"{name}"' for name in row), ", ".join("?" * len(row))
    connection.execute(f'INSERT OR REPLACE INTO "{table}" ({names}) VALUES ({marks})', tuple(row.values()))


def left(connection: Any, sid: str) -> set[str]:
    """The tables that still have something of a submission; of what was to be sent, the states as well."""
    found = {
        table
        for table in tables(connection)
        if connection.execute(f'SELECT 1 FROM "{table}" WHERE submission_id = ? LIMIT 1', (sid,)).fetchone()
    }
    for table, name in (("outbox", "id"), ("refused_field", "outbox_id"), ("exported", "outbox_id")):
        rows = connection.execute(f'SELECT "{name}" FROM "{table}" WHERE "{name}" LIKE ?', (f"{sid}%",))
        found |= {f"{table} {row[0].rpartition('-')[2]}" for row in rows}
    return found


def erase(connection: Any, *what: Erased) -> set[str]:
    """What goes."""
    before = left(connection, SID)
    erase_from_copy(connection, tuple(Erasure(SID, one, 1) for one in what))
    return before - left(connection, SID)


SENT = {f"{table} {OutboxState.ACKED}" for table in OF_SENDING}
WAITS = {f"{table} {OutboxState.QUEUED}" for table in OF_SENDING}


@pytest.mark.parametrize(
    ("what", "stays"),
    [
        (Erased.ALL, {ERASURE} | SENT | WAITS),
        (Erased.UNSENT, {ERASURE} | SENT),
        (Erased.LEARNER, {ERASURE}),
    ],
)
def test_of_a_submission_only_this_stays(copy: Any, what: Erased, stays: set[str]) -> None:
    everything = left(copy, OTHER)
    assert len(everything) > 20
    erase(copy, what)
    assert left(copy, SID) == stays
    assert left(copy, OTHER) == everything


def test_with_the_evidence_goes_all_that_was_read_out_of_it_and_no_work(copy: Any) -> None:
    assert erase(copy, Erased.EVIDENCE) == OF_EVIDENCE
    assert left(copy, OTHER) >= OF_EVIDENCE


def test_numbers_stand_in_no_table_of_hers(copy: Any) -> None:
    assert erase(copy, Erased.NUMBERS) == set()


def test_every_erasure_counts_not_only_the_last(copy: Any) -> None:
    assert erase(copy, Erased.EVIDENCE, Erased.NUMBERS) == OF_EVIDENCE


def test_a_copy_that_cannot_be_written_stays_as_it_was(copy: Any) -> None:
    before = left(copy, SID)
    copy.execute("CREATE TRIGGER no BEFORE DELETE ON submission_key BEGIN SELECT RAISE(ABORT, 'no'); END")
    with pytest.raises(Exception, match="no"):
        erase(copy, Erased.ALL)
    assert left(copy, SID) == before
    assert not copy.in_transaction


def test_erasures_are_told_from_a_generation_on(copy: Any) -> None:
    copy.execute("DELETE FROM erasure")
    assert newest_erasure(copy) == 0
    for generation in (7, 5, 6):
        row = (builders.submission_id(generation), Erased.ALL.value, generation)
        copy.execute("INSERT INTO erasure (submission_id, what, generation) VALUES (?, ?, ?)", row)
    assert newest_erasure(copy) == 7
    assert [one.generation for one in erasures_since(copy, 5)] == [6, 7]
    assert erasures_since(copy, 7) == ()
