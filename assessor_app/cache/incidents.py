"""Troubles that were met, for whoever looks for their cause: the last 200, never with content."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.moments import from_us, to_us
from assessor_app.cache.safety_models import IncidentRecord

MOST_KEPT = 200


@dataclass(frozen=True, slots=True)
class Incident:
    """One trouble."""

    at: datetime
    kind: str
    """A word of the program's own, such as the name of a `Trouble`."""
    sentence: str
    """One sentence of the program's own; never the platform's text."""
    status: int | None = None
    """The HTTP status that said so, if any."""
    times: int = 1
    """How many times it came without another between."""


def note(txn: Transaction, incident: Incident) -> None:
    """Keep a trouble; one that is the same as the last is counted with it: a long one is kept once."""
    table = IncidentRecord
    last = txn.connection.execute(
        sa.select(table.seq, table.kind, table.sentence, table.status, table.times)
        .order_by(table.seq.desc())
        .limit(1)
    ).first()
    times = 1
    if last is not None and (last.kind, last.sentence, last.status) == (
        incident.kind,
        incident.sentence,
        incident.status,
    ):
        txn.connection.execute(sa.delete(table).where(table.seq == last.seq))
        times += last.times
    txn.connection.execute(
        sa.insert(table).values(
            at_us=to_us(incident.at),
            kind=incident.kind,
            sentence=incident.sentence,
            status=incident.status,
            times=times,
        )
    )
    newest = sa.select(table.seq).order_by(table.seq.desc()).limit(MOST_KEPT)
    txn.connection.execute(sa.delete(table).where(table.seq.not_in(newest)))


def recent(txn: Transaction) -> tuple[Incident, ...]:
    """The troubles that are kept, newest first."""
    table = IncidentRecord
    rows = txn.connection.execute(
        sa.select(table.at_us, table.kind, table.sentence, table.status, table.times).order_by(
            table.seq.desc()
        )
    )
    return tuple(Incident(from_us(row.at_us), row.kind, row.sentence, row.status, row.times) for row in rows)
