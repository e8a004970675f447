"""Changes since the cursor: each page's rows and its cursor in one transaction.

A bad record is set aside and the rest goes on. Local work is never touched: the platform's state and the
person's own work live in different tables.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote

from pydantic import ValidationError

from assessor_app.cache import evidence, submissions, sync_state
from assessor_app.cache.engine import Store, Transaction
from assessor_app.clock import Clock
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.errors import KnownError
from assessor_app.rubric import native
from assessor_app.sync import protocol, wire_domain
from assessor_app.sync.protocol import ChangeType
from assessor_app.sync.strict_json import broken
from assessor_app.sync.transport import Transport

PAGE_LIMIT = 50
"""Records asked for at once; a page also stays under `protocol.MAX_PAGE_BYTES`."""


@dataclass(slots=True)
class PullCount:
    """What a pull brought."""

    applied: int = 0
    set_aside: int = 0
    """Records that do not follow the contract; kept out, and named by type and id only."""
    unknown_types: int = 0
    dropped_fields: int = 0


def pull(
    store: Store,
    transport: Transport,
    *,
    clock: Clock,
    applied: Callable[[ChangeSet], None] = lambda _: None,
) -> PullCount:
    """Fetch and apply all changes since the stored cursor.

    Args:
        store: where they go.
        transport: the platform.
        clock: for keys of new evidence.
        applied: told after each page's transaction has committed.

    Returns:
        Counts for diagnostics.

    Raises:
        Offline, SignInNeeded, ProtocolBroken: pages applied so far stay.
    """
    count = PullCount()
    while True:
        with store.read() as txn:
            cursor = sync_state.cursor(txn)
        page = _fetch(transport, cursor, count)
        if page is None:
            with store.write() as txn:
                sync_state.set_cursor(txn, None, None)
            continue
        with store.write() as txn:
            changes = ChangeSet()
            for change in page.changes:
                changes |= _apply_or_set_aside(txn, change, count, clock)
            sync_state.set_cursor(txn, page.next_cursor, page.server_time)
        if changes:
            applied(changes)
        if not page.has_more:
            return count


def _fetch(transport: Transport, cursor: str | None, count: PullCount) -> protocol.SyncPage | None:
    """One page; None when the cursor has expired and everything is to be read anew."""
    path = f"/v1/sync?limit={PAGE_LIMIT}" + (f"&cursor={quote(cursor, safe='')}" if cursor else "")
    answer = transport.call("GET", path)
    if answer.status == 410 and cursor is not None:
        return None
    if answer.status != 200:
        raise broken(f"status {answer.status}")
    try:
        page, dropped = protocol.read(protocol.SyncPage, answer.data())
    except ValidationError:
        raise broken("a page of changes") from None
    if page.has_more and page.next_cursor == cursor:
        raise broken("a cursor that stands still")
    count.dropped_fields += dropped
    return page


def _apply_or_set_aside(
    txn: Transaction, change: protocol.ChangeWire, count: PullCount, clock: Clock
) -> ChangeSet:
    try:
        kind = ChangeType(change.type)
    except ValueError:
        count.unknown_types += 1
        return ChangeSet()
    try:
        if change.op == "remove":
            changes = _remove(txn, kind, change)
        else:
            changes = _upsert(txn, kind, change, count, clock)
    except (KnownError, ValidationError, ValueError, KeyError) as error:
        count.set_aside += 1
        sync_state.put_quarantine(txn, change.type, change.id, change.rev, type(error).__name__)
        return ChangeSet()
    count.applied += 1
    return changes


def _remove(txn: Transaction, kind: ChangeType, change: protocol.ChangeWire) -> ChangeSet:
    if kind is ChangeType.SUBMISSION:
        submission_id = SubmissionId(change.id)
        submissions.remove_submission(txn, submission_id, change.reason or "removed")
        return ChangeSet(submissions=frozenset({submission_id}), inbox=True)
    if kind is ChangeType.ASSIGNMENT:
        name, _, role = change.id.rpartition(":")
        submissions.remove_assignment(txn, SubmissionId(name), Role(role))
        return ChangeSet(submissions=frozenset({SubmissionId(name)}), inbox=True)
    return ChangeSet()


def _upsert(
    txn: Transaction, kind: ChangeType, change: protocol.ChangeWire, count: PullCount, clock: Clock
) -> ChangeSet:
    if kind is ChangeType.RUBRIC_VERSION:
        submissions.put_rubric(txn, native.rubric_from_json(change.data))
        return ChangeSet(inbox=True)
    wire, dropped = protocol.read(protocol.DATA_MODELS[kind], change.data)
    count.dropped_fields += dropped
    if isinstance(wire, protocol.SubmissionWire):
        submission_id = _put_submission(txn, wire, change.rev, clock)
    elif isinstance(wire, protocol.AssignmentWire):
        submission_id = SubmissionId(wire.submission_id)
        submissions.put_assignment(txn, wire_domain.assignment(wire))
    elif isinstance(wire, protocol.RecommendationWire):
        submission_id = SubmissionId(wire.submission_id)
        submissions.put_recommendation(txn, wire_domain.recommendation(wire), change.rev)
    elif isinstance(wire, protocol.DecisionWire):
        submission_id = SubmissionId(wire.submission_id)
        submissions.put_decision(txn, wire_domain.decision(wire), change.rev)
    elif isinstance(wire, protocol.PolicyWire):
        submissions.put_label_map(txn, dict(wire.labels))
        return ChangeSet(inbox=True)
    else:
        raise broken(change.type)
    return ChangeSet(submissions=frozenset({submission_id}), inbox=True)


def _put_submission(txn: Transaction, wire: protocol.SubmissionWire, rev: int, clock: Clock) -> SubmissionId:
    submission = wire_domain.submission(wire, rev)
    known = submissions.get_submission(txn, submission.id)
    if known is not None and known.rev > rev:
        return submission.id
    submissions.put_submission(txn, submission)
    evidence.want(txn, submission, clock)
    if submission.status is SubmissionStatus.AWARDED:
        submissions.erase_earlier_numbers(txn, submission.id)
    return submission.id
