"""Getting ready to work without a network: what to take along, what it weighs, and how the trip stands."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from assessor_app.cache import evidence, media_probes, outbox, submissions, time_spent, trips
from assessor_app.cache.engine import Transaction
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.inbox import InboxRow
from assessor_app.domain.states import OutboxState
from assessor_app.domain.submissions import EvidenceState
from assessor_app.domain.trips import Candidate, Estimate, Readiness, Trip, estimate, in_order, readiness
from assessor_app.services.context import Context

MOST_CANDIDATES = 60
"""So many are offered, what is due first; nobody takes more along."""
ROOM_LEFT_BYTES = 200 * 1024**2
"""So much stays free on the disk, for what is written on the way."""
_MINUTE = timedelta(minutes=1)
_BAND_OF_WORK = 1


@dataclass(frozen=True, slots=True)
class TripSetup:
    """What the dialog begins with."""

    candidates: tuple[Candidate, ...]
    own_minutes: tuple[int, ...]
    """How long this person worked on each submission that she finished."""
    trip: Trip | None
    readiness: Readiness | None
    free_bytes: int
    """Room on the disk."""

    def estimate(self, chosen: Sequence[SubmissionId]) -> Estimate:
        """How long some of the candidates take."""
        return estimate((c for c in self.candidates if c.id in set(chosen)), self.own_minutes)


@dataclass(frozen=True, slots=True)
class TripStanding:
    """How the trip stands, for the line above the inbox."""

    trip: Trip
    readiness: Readiness
    waiting: int
    """Submissions of the trip of which something still waits to be sent."""


def setup(context: Context, also: Sequence[SubmissionId] = ()) -> TripSetup:
    """What could be taken along, and the trip as it is set.

    Args:
        context: the open profile.
        also: submissions that the person chose; offered however late they are due.
    """
    with context.store.read() as txn:
        trip = trips.get(txn, context.role)
        order = submissions.inbox_order(txn, context.role)
        open_ids = [key for key, band in zip(order.ids, order.bands, strict=True) if band <= _BAND_OF_WORK]
        wanted = {*also, *(trip.submissions if trip is not None else ())}
        ids = [key for place, key in enumerate(open_ids) if place < MOST_CANDIDATES or key in wanted]
        rows = submissions.inbox_rows(txn, context.role, ids)
        found = tuple(_candidate(txn, row) for row in rows)
        return TripSetup(
            candidates=found,
            own_minutes=tuple(round(spent / _MINUTE) for spent in time_spent.of_finished(txn)),
            trip=trip,
            readiness=None if trip is None else _readiness(txn, context, trip),
            free_bytes=free_bytes(context),
        )


def set_trip(context: Context, until: datetime, chosen: Sequence[SubmissionId]) -> ChangeSet:
    """Set the trip; what was found of submissions that stay in it is kept until they are looked at again.

    Args:
        context: the open profile.
        until: aware; the return.
        chosen: what comes along, in any order.
    """
    start = setup(context, chosen)
    taken = in_order((c for c in start.candidates if c.id in set(chosen)), until)
    ids = tuple(c.id for c in taken)
    before = start.trip
    kept = before.checks if before is not None and before.until == until else ()
    trip = Trip(
        until=until,
        submissions=ids,
        checks=tuple(check for check in kept if check.id in ids),
        minutes=start.estimate(ids).minutes,
        size_bytes=sum(c.size_bytes for c in taken),
    )
    with context.store.write() as txn:
        trips.put(txn, context.role, trip)
    return ChangeSet(inbox=True)


def end(context: Context) -> ChangeSet:
    """The trip is over; nothing else changes."""
    with context.store.write() as txn:
        trips.forget(txn, context.role)
    return ChangeSet(inbox=True)


def standing(txn: Transaction, context: Context) -> TripStanding | None:
    """How the trip stands; None where none is set."""
    trip = trips.get(txn, context.role)
    if trip is None:
        return None
    waiting = 0
    for key in trip.submissions:
        items = outbox.of_submission(txn, key)
        waiting += any(item.state is not OutboxState.ACKED for item in items)
    return TripStanding(trip, _readiness(txn, context, trip), waiting)


def free_bytes(context: Context) -> int:
    """Room on the disk of the profile, without what is to stay free."""
    return max(0, shutil.disk_usage(context.folder).free - ROOM_LEFT_BYTES)


def forget_checks(context: Context, ids: Sequence[SubmissionId]) -> None:
    """Before submissions are looked at again: what was found of them counts no more."""
    with context.store.write() as txn:
        trip = trips.get(txn, context.role)
        if trip is not None:
            kept = tuple(check for check in trip.checks if check.id not in set(ids))
            trips.put(txn, context.role, replace(trip, checks=kept, checked_at=None))


def open_part(txn: Transaction, context: Context, trip: Trip) -> Trip:
    """The trip without what is done: what was sent from here, or settled, is not needed on the way."""
    rows = submissions.inbox_rows(txn, context.role, trip.submissions)
    done = {row.id for row in rows if row.band > _BAND_OF_WORK}
    return replace(trip, submissions=tuple(key for key in trip.submissions if key not in done))


def _readiness(txn: Transaction, context: Context, trip: Trip) -> Readiness:
    trip = open_part(txn, context, trip)
    return readiness(trip, {key: trips.state_of(txn, key, context.role) for key in trip.submissions})


def _candidate(txn: Transaction, row: InboxRow) -> Candidate:
    submission = submissions.get_submission(txn, row.id)
    files = evidence.files(txn, row.id)
    missing = sum(f.size_bytes for f in files if f.state is not EvidenceState.READY)
    parts = () if submission is None else submission.parts
    recordings = [
        file for part in parts for file in part.files if file.media_type.startswith(("video/", "audio/"))
    ]
    lengths = [
        probe.duration_ms for f in recordings if (probe := media_probes.get(txn, f.sha256)) is not None
    ]
    measured = [length for length in lengths if length]
    return Candidate(
        id=row.id,
        code=row.code,
        title=row.title,
        due_at=row.due_at,
        lease_until=row.lease_until,
        pages=row.pages,
        recorded_minutes=round(sum(measured) / 60_000),
        unmeasured=len(recordings) - len(measured),
        words=sum(len(response.text.split()) for part in parts for response in part.responses),
        criteria=row.criteria,
        spent_minutes=round(time_spent.get(txn, row.id) / _MINUTE),
        size_bytes=sum(f.size_bytes for f in files),
        missing_bytes=missing,
    )
