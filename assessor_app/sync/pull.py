"""Changes since the cursor: each page's rows and its cursor in one transaction.

A bad record is set aside and the rest goes on. Local work is never touched: the platform's state and the
person's own work live in different tables.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote

from pydantic import ValidationError

from assessor_app.cache import (
    counters,
    draft_copies,
    endings,
    evidence,
    evidence_changes,
    evidence_files,
    incidents,
    store_copies,
    submissions,
    sync_state,
)
from assessor_app.cache.engine import Store, Transaction
from assessor_app.clock import Clock
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.endings import EndingReason, reason_of
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.errors import KnownError, StoreError
from assessor_app.rubric import native
from assessor_app.sync import after_sending, frame, protocol, wire_domain
from assessor_app.sync.protocol import ChangeType
from assessor_app.sync.returned_work import take_up_within
from assessor_app.sync.strict_json import broken
from assessor_app.sync.transport import Transport, expect_ok

PAGE_LIMIT = 50
"""Records asked for at once; a page also stays under `protocol.MAX_PAGE_BYTES`."""
LEFT_OUT = "Something that the platform sent could not be read and was left out; a newer version may read it."
MOST_BEGINNINGS = 2
"""How often one pull reads everything anew: after a repair, and once where the cursor expires meanwhile."""


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
    count, beginnings = PullCount(), 0
    passed: set[str | None] = set()
    while True:
        before = _counted(count)
        with store.read() as txn:
            cursor, is_repaired = sync_state.cursor(txn), sync_state.is_to_start_over(txn)
        if cursor in passed:
            raise broken("cursors that go in a circle")
        passed.add(cursor)
        try:
            page = None if is_repaired else _fetch(transport, cursor, count)
        except _NothingNew:
            return count
        if page is None:
            beginnings, passed = beginnings + 1, set()
            if beginnings > MOST_BEGINNINGS:
                raise broken("a cursor that expires at once")
            applied(_start_over(store, transport))
            continue
        changes = _apply(store, page, count, before, clock)
        if changes:
            applied(changes)
        if not page.envelope.has_more:
            return count


def _apply(
    store: Store, page: _Fetched, count: PullCount, before: tuple[int, ...], clock: Clock
) -> ChangeSet:
    """One page, in one transaction with its cursor; `before`: what was counted before it was fetched."""
    with store.write() as txn:
        applier, changes = _Page(txn, count, clock, page.envelope.server_time), ChangeSet()
        for untrusted_change in page.untrusted_changes:
            changes |= applier.apply_or_set_aside(untrusted_change)
        if changes:
            changes |= take_up_within(txn, clock, among=changes.submissions)
        sync_state.set_cursor(txn, page.envelope.next_cursor, page.envelope.server_time)
        sync_state.set_clock_lead(txn, page.envelope.server_time - clock.now())
        for name, was, value in zip(_COUNTED, before, _counted(count), strict=True):
            counters.add(txn, name, value - was)
        if count.set_aside > before[_COUNTED.index(counters.SET_ASIDE)]:
            incidents.note(txn, incidents.Incident(clock.now(), "set_aside", LEFT_OUT))
    evidence_files.unlink(store, applier.forgotten)
    if applier.has_erased:
        store_copies.take_out_erased(store)
    return changes


class _NothingNew(Exception):
    """The platform says so in a word (304): there is no page to read."""


_COUNTED = (counters.DROPPED_FIELDS, counters.UNKNOWN_TYPES, counters.SET_ASIDE)


def _counted(count: PullCount) -> tuple[int, ...]:
    return count.dropped_fields, count.unknown_types, count.set_aside


@dataclass(frozen=True, slots=True)
class _Fetched:
    """One page: what stands around its changes is read, the changes are not yet."""

    envelope: protocol.SyncPage
    untrusted_changes: list[Any]


def _fetch(transport: Transport, cursor: str | None, count: PullCount) -> _Fetched | None:
    """One page; None when the cursor has expired and everything is to be read anew."""
    path = f"/v1/sync?limit={PAGE_LIMIT}" + (f"&cursor={quote(cursor, safe='')}" if cursor else "")
    answer = transport.call("GET", path)
    if answer.status == 410 and cursor is not None and not answer.is_from_between:
        return None
    if answer.status == 304 and cursor is not None:
        raise _NothingNew
    data = expect_ok(answer).data()
    changes = data.get("changes") if isinstance(data, dict) else None
    if not isinstance(changes, list):
        raise broken("a page of changes")
    try:
        envelope, dropped = protocol.read(protocol.SyncPage, data | {"changes": []})
    except ValidationError:
        raise broken("a page of changes") from None
    count.dropped_fields += dropped
    return _Fetched(envelope, changes)


def _start_over(store: Store, transport: Transport) -> ChangeSet:
    """The cursor has expired: drop what the platform no longer lists, then read everything anew."""
    answer = expect_ok(transport.call("GET", "/v1/sync/manifest"))
    try:
        manifest = answer.read(protocol.SyncManifest)
    except ValidationError:
        raise broken("the list of records") from None
    listed = {(entry.type, entry.id) for entry in manifest.entries}
    changes = ChangeSet()
    with store.write() as txn:
        forgotten: list[str] = []
        for kind, record_id in sorted(sync_state.known_revs(txn).keys() - listed):
            changes |= _remove(txn, ChangeType(kind), record_id, "removed", manifest.server_time, forgotten)
            sync_state.remove_rev(txn, kind, record_id)
        sync_state.forget_quarantined(txn)
        sync_state.set_cursor(txn, None, manifest.server_time)
    evidence_files.unlink(store, forgotten)
    return changes


def _remove(
    txn: Transaction, kind: ChangeType, record_id: str, reason: str, at: datetime, forgotten: list[str]
) -> ChangeSet:
    if kind is ChangeType.SUBMISSION:
        submission_id = SubmissionId(record_id)
        forgotten += endings.end(txn, submission_id, reason_of(reason), reason, at)
        return ChangeSet.of_ending(submission_id)
    elif kind is ChangeType.ASSIGNMENT:
        name, _, role = record_id.rpartition(":")
        submission_id = SubmissionId(name)
        submissions.remove_assignment(txn, submission_id, Role(role))
    elif kind is ChangeType.RECOMMENDATION:
        submissions.remove_recommendation(txn, record_id)
        return ChangeSet(inbox=True)
    elif kind is ChangeType.DECISION:
        submissions.remove_decision(txn, record_id)
        return ChangeSet(inbox=True)
    elif kind is ChangeType.DRAFT:
        draft_copies.withdraw_offer(txn, SubmissionId(record_id))
        return ChangeSet()
    elif kind in frame.FRAME_TYPES:
        return frame.remove(txn, kind, record_id)
    else:
        return ChangeSet()
    return ChangeSet(submissions=frozenset({submission_id}), inbox=True)


def _opened(untrusted_change: Any) -> tuple[protocol.ChangeWire, Any, int]:
    """A change, what it is about, and how many unknown fields were dropped.

    What it is about is left to the model of its type: it is plain JSON, and is looked through once.

    Raises:
        ValidationError: the change does not follow the contract.
    """
    data = untrusted_change.get("data") if isinstance(untrusted_change, dict) else None
    if isinstance(data, dict):
        untrusted_change = untrusted_change | {"data": None}
    change, dropped = protocol.read(protocol.ChangeWire, untrusted_change)
    return change, data, dropped


class _Page:
    """Applies the changes of one page inside one transaction."""

    def __init__(self, txn: Transaction, count: PullCount, clock: Clock, at: datetime) -> None:
        self._txn = txn
        self._at = at
        self._count = count
        self._clock = clock
        self.forgotten: list[str] = []
        """Blobs that nothing refers to any more."""
        self.has_erased = False
        """Whether something went that no copy of the store may keep either."""

    def apply_or_set_aside(self, untrusted_change: Any) -> ChangeSet:
        """Apply one change; what does not follow the contract is set aside by type and id."""
        try:
            change, untrusted_data, dropped = _opened(untrusted_change)
        except ValidationError:
            # Not even type and id can be trusted, so that there is nothing to note but the number.
            self._count.set_aside += 1
            return ChangeSet()
        self._count.dropped_fields += dropped
        try:
            kind = ChangeType(change.type)
        except ValueError:
            self._count.unknown_types += 1
            return ChangeSet()
        try:
            with sync_state.whole_or_nothing(self._txn):
                changes = self._apply(kind, change, untrusted_data)
        except StoreError:
            raise
        except (KnownError, ValueError, KeyError) as error:
            self._count.set_aside += 1
            sync_state.put_quarantine(self._txn, change.type, change.id, change.rev, type(error).__name__)
            return ChangeSet()
        self._count.applied += 1
        return changes

    def _apply(self, kind: ChangeType, change: protocol.ChangeWire, untrusted_data: Any) -> ChangeSet:
        if change.op == "remove":
            reason = change.reason or "removed"
            changes = _remove(self._txn, kind, change.id, reason, self._at, self.forgotten)
            self.has_erased |= reason_of(reason) is EndingReason.ERASED
            sync_state.remove_rev(self._txn, change.type, change.id)
            return changes
        changes = self._upsert(kind, change, untrusted_data)
        sync_state.put_rev(self._txn, change.type, change.id, change.rev)
        return changes

    def _upsert(self, kind: ChangeType, change: protocol.ChangeWire, untrusted_data: Any) -> ChangeSet:
        if kind is ChangeType.RUBRIC_VERSION:
            submissions.put_rubric(self._txn, native.rubric_from_json(untrusted_data))
            return ChangeSet(inbox=True)
        wire, dropped = protocol.read(protocol.DATA_MODELS[kind], untrusted_data)
        self._count.dropped_fields += dropped
        if kind in frame.FRAME_TYPES:
            return frame.put(self._txn, wire, change.rev)
        if isinstance(wire, protocol.DraftNoticeWire):
            draft_copies.note_offer(self._txn, SubmissionId(wire.submission_id), wire.etag, wire.saved_at)
            return ChangeSet()
        if isinstance(wire, protocol.SubmissionWire):
            submission_id = self._put_submission(wire, change.rev)
        elif isinstance(wire, protocol.AssignmentWire):
            submission_id = SubmissionId(wire.submission_id)
            submissions.put_assignment(self._txn, wire_domain.assignment(wire))
        elif isinstance(wire, protocol.RecommendationWire):
            submission_id = SubmissionId(wire.submission_id)
            submissions.put_recommendation(self._txn, wire_domain.recommendation(wire), change.rev)
        else:
            assert isinstance(wire, protocol.DecisionWire)
            submission_id = SubmissionId(wire.submission_id)
            submissions.put_decision(self._txn, wire_domain.decision(wire), change.rev)
        return ChangeSet(submissions=frozenset({submission_id}), inbox=True)

    def _put_submission(self, wire: protocol.SubmissionWire, rev: int) -> SubmissionId:
        submission = wire_domain.submission(wire, rev)
        # Rule 18; for the related attempts the platform leaves the numbers out.
        numbers_go = submission.status is SubmissionStatus.AWARDED or submission.attempt is None
        if numbers_go:
            submissions.erase_earlier_numbers(self._txn, submission.id)
        before = evidence_changes.as_rated(self._txn, submission.id)
        submissions.put_submission(self._txn, submission)
        if before is not None:
            evidence_changes.note(self._txn, before, submission)
        endings.lift(self._txn, submission.id)
        after_sending.taken_back_elsewhere(self._txn, submission, self._clock)
        self.forgotten += evidence.want(self._txn, submission, self._clock)
        if numbers_go:
            submissions.erase_earlier_numbers(self._txn, submission.id)
        return submission.id
