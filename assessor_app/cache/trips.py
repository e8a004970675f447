"""The trip that a person gets ready for, and what its check has found so far; one for each role."""

from __future__ import annotations

import sqlalchemy as sa

from assessor_app.cache.engine import Transaction
from assessor_app.cache.models import AssignmentRecord, Setting, SubmissionRecord
from assessor_app.cache.stored import pack, unpack, upsert
from assessor_app.domain.canonical import canonical_json, sha256_hex
from assessor_app.domain.codec import CodecError
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.roles import Role
from assessor_app.domain.trips import Trip


def get(txn: Transaction, role: Role) -> Trip | None:
    """The trip of a role; None where none is set, or another version wrote what cannot be read."""
    stored = txn.connection.scalar(sa.select(Setting.value).where(Setting.name == _name(role)))
    if stored is None:
        return None
    try:
        return unpack(Trip, stored.encode())
    except CodecError:
        return None


def put(txn: Transaction, role: Role, trip: Trip) -> None:
    """Keep a trip in place of the one before."""
    upsert(txn, Setting, {"name": _name(role), "value": pack(trip).decode()})


def forget(txn: Transaction, role: Role) -> None:
    """The trip is over."""
    txn.connection.execute(sa.delete(Setting).where(Setting.name == _name(role)))


def wanted_first(txn: Transaction) -> tuple[SubmissionId, ...]:
    """The submissions of all trips: their files are fetched before others."""
    found = (trip for role in Role if (trip := get(txn, role)) is not None)
    return tuple(key for trip in found for key in trip.submissions)


def state_of(txn: Transaction, submission_id: SubmissionId, role: Role) -> str:
    """What a submission is now: changes when it, its files or until when it is this person's change."""
    connection = txn.connection
    rev = connection.execute(
        sa.select(SubmissionRecord.rev, SubmissionRecord.removed_reason).where(
            SubmissionRecord.id == submission_id
        )
    ).first()
    files = connection.exec_driver_sql(
        "SELECT blob_id, state FROM evidence_file WHERE submission_id = ? ORDER BY blob_id", (submission_id,)
    )
    until = connection.execute(
        sa.select(AssignmentRecord.lease_until_us).where(
            AssignmentRecord.submission_id == submission_id, AssignmentRecord.role == role.value
        )
    ).first()
    facts = [
        None if rev is None else list(rev),
        [list(row) for row in files],
        None if until is None else list(until),
    ]
    return sha256_hex(canonical_json(facts))


def _name(role: Role) -> str:
    return f"trip.{role.value}"
