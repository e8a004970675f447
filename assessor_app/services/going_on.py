"""What is going on: one look at everything that somebody who helps may ask about. It changes nothing.

Submissions are named by their code, never by title; nothing that anybody wrote is in it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from assessor_app.cache import (
    conflicts,
    counters,
    incidents,
    looking,
    outbox,
    store_copies,
    submissions,
    sync_state,
)
from assessor_app.cache.engine import Transaction
from assessor_app.cache.store_copies import CopyKind
from assessor_app.documents.renderer import standing
from assessor_app.domain.assessments import OutboxItem, OutboxKind
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.states import OutboxState
from assessor_app.errors import StoreError
from assessor_app.services import draft_copies
from assessor_app.services.context import Context
from assessor_app.services.store_health import StoreHealth, store_health
from assessor_app.services.syncing import is_signed_in
from assessor_app.services.versions import versions
from assessor_app.services.views import DraftCopies, Uncopied

Incident = incidents.Incident
"""One trouble that was met; named here for the page that shows it."""


@dataclass(frozen=True, slots=True)
class Connection:
    """How the platform stands to this computer."""

    host: str
    is_signed_in: bool
    heard_at: datetime | None
    """When the platform last told anything, by its clock."""
    clock_lead: timedelta | None
    """How far its clock is ahead of this computer's; None before it answered in this stretch."""
    down_since: datetime | None
    """Since when it fails; None while it does not."""
    pause_s: float
    """Seconds for which it is left alone; 0 for none."""
    wants_update: bool
    """Whether it does not take this version any more."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits to be sent."""

    submission_id: SubmissionId
    code: str
    """The submission's; empty where it is not here any more."""
    kind: OutboxKind
    state: OutboxState
    attempts: int
    created_at: datetime
    next_try_at: datetime | None
    status: int | None
    """What the platform answered last, as an HTTP status."""
    said: str
    """The program's sentence about it."""
    request: str
    """The platform's own name for the request that it answered last."""


@dataclass(frozen=True, slots=True)
class Worker:
    """One process beside this one."""

    name: str
    """pages, spelling or copies."""
    pid: int | None
    """None while it does not run."""
    resident_bytes: int | None
    starts: int
    """How many times it was started: all but the first took the place of one that was lost."""
    program: str = ""
    """The other program that it uses, with its version."""


@dataclass(frozen=True, slots=True)
class GoingOn:
    """All of it, at one moment."""

    at: datetime
    connection: Connection
    queue: tuple[Waiting, ...]
    """In the order in which it is sent."""
    copies: DraftCopies
    uncopied: tuple[Uncopied, ...]
    """Drafts that are on this computer alone as they are."""
    to_compare: int
    """What was changed on both sides and is not settled."""
    store: StoreHealth
    read_through_at: datetime | None
    """When all of the store was last read and verified."""
    tables: Mapping[str, int]
    """Rows of each table; empty where they were not counted."""
    revision: str
    workers: tuple[Worker, ...]
    incidents: tuple[Incident, ...]
    """The newest first."""
    counters: Mapping[str, int]
    versions: Mapping[str, str]
    folder: str
    """Where the account's files lie."""


def going_on(context: Context, *, counts_rows: bool = False) -> GoingOn:
    """Look at everything once.

    Args:
        context: the open profile.
        counts_rows: count the rows of each table as well, which takes its time on a large store.

    Raises:
        StoreError: the store cannot be read.
    """
    held = store_copies.copies(context.folder)
    with context.store.read() as txn:
        queue = tuple(_waiting(txn, item) for item in outbox.items(txn, open_only=True))
        told_at, met = sync_state.server_time(txn), incidents.recent(txn)
        counted, tables = counters.every(txn), looking.table_counts(txn) if counts_rows else {}
        revision, to_compare = looking.revision(txn), len(conflicts.open_ids(txn))
    return GoingOn(
        at=context.clock.now(),
        connection=_connection(context, told_at),
        queue=queue,
        copies=draft_copies.standing(context),
        uncopied=draft_copies.without_copy(context),
        to_compare=to_compare,
        store=store_health(context.folder, context.store.database_key, thorough=False),
        read_through_at=next((copy.at for copy in held if copy.kind is CopyKind.WHOLE), None),
        tables=tables,
        revision=revision,
        workers=_workers(context),
        incidents=met,
        counters=counted,
        versions=versions(),
        folder=str(context.folder),
    )


def _connection(context: Context, told_at: datetime | None) -> Connection:
    health = context.transport.health
    signed_in = False
    with contextlib.suppress(StoreError):
        signed_in = is_signed_in(context)
    return Connection(
        host=context.origin.partition("://")[2],
        is_signed_in=signed_in,
        heard_at=told_at,
        clock_lead=health.clock_lead(),
        down_since=health.down_since,
        pause_s=health.pause_s(),
        wants_update=health.is_left_behind,
    )


def _waiting(txn: Transaction, item: OutboxItem) -> Waiting:
    submission = submissions.get_submission(txn, item.submission_id)
    return Waiting(
        submission_id=item.submission_id,
        code=submission.code if submission is not None else "",
        kind=item.kind,
        state=item.state,
        attempts=item.attempts,
        created_at=item.created_at,
        next_try_at=item.next_try_at,
        status=item.last_status,
        said=item.last_error,
        request=item.request_id,
    )


def _workers(context: Context) -> tuple[Worker, ...]:
    found = [
        Worker("pages", child.pid, child.resident_bytes, child.starts) for child in standing(context.renderer)
    ]
    if context.speller is not None:
        found.append(Worker("spelling", context.speller.pid, None, context.speller.starts))
    if context.converter is not None:
        program = context.converter.program
        found.append(Worker("copies", None, None, 0, program.name if program is not None else ""))
    return tuple(found)
