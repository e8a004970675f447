"""A precondition that did not hold: the same bytes under a new key, where nothing has changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from assessor_app.cache import conflicts, outbox
from assessor_app.cache.engine import Store
from assessor_app.domain.assessments import OutboxItem, OutboxKind
from assessor_app.domain.canonical import canonical_json, evidence_digest, sha256_hex
from assessor_app.domain.codec import to_json
from assessor_app.domain.states import OutboxState, SubmissionStatus
from assessor_app.sync import protocol
from assessor_app.sync.push import push
from assessor_app.sync.transport import Transport
from tests import builders
from tests.answering import Asked, Reply, answering, as_json, problem
from tests.builders import FakeClock

SUBMISSION = builders.submission()
Changes = dict[str, Any]


def frozen(kind: OutboxKind = OutboxKind.RECOMMENDATION, **changes: Any) -> OutboxItem:
    named: Changes = {
        "round": 1,
        "rubric_hash": SUBMISSION.rubric.hash,
        "evidence_digest": evidence_digest(SUBMISSION),
    }
    if kind is OutboxKind.DECISION:
        named = {"round": 1, "recommendation_id": "r"}
    body = canonical_json(named | changes)
    return replace(builders.outbox_item(), kind=kind, body=body, sha256=sha256_hex(body))


def wire(**changes: Any) -> dict[str, Any]:
    """The submission as the platform tells it."""
    known = set(protocol.SubmissionWire.model_fields)
    data = {k: v for k, v in _plain(to_json(SUBMISSION)).items() if k in known}
    return data | changes


def _plain(data: Any) -> Any:
    if isinstance(data, dict):
        return {name: _plain(value) for name, value in data.items() if name != "is"}
    return [_plain(one) for one in data] if isinstance(data, list) else data


def receipt(item: OutboxItem, **changes: Any) -> dict[str, Any]:
    data = {"key": item.id, "sha256": item.sha256, "submission_id": item.submission_id}
    return data | {"received_at": "2026-03-02T12:00:00Z", "effect": "x"} | changes


class Platform:
    """Refuses a first key with a status, and takes what comes under another."""

    def __init__(self, item: OutboxItem, status: int, now: Reply, known: Reply) -> None:
        self.item, self.status, self.now, self.known = item, status, now, known
        self.refuses_all = False
        self.put: list[tuple[str, str, bytes]] = []

    def __call__(self, asked: Asked) -> Reply:
        if asked.path.startswith("/v1/receipts"):
            return self.known
        if asked.method == "GET":
            return self.now
        key = asked.headers["idempotency-key"]
        self.put.append((key, asked.path, asked.body))
        if key == self.item.id or self.refuses_all:
            return problem(self.status, "exists")
        return as_json(receipt(self.item, key=key, sha256=sha256_hex(asked.body)), 201)


UNSEEN = problem(404, "not-found")


def pushed(store: Store, clock: FakeClock, platform: Platform) -> tuple[OutboxItem, ...]:
    with store.write() as txn:
        outbox.enqueue(txn, platform.item)
    with answering(platform) as server:
        push(store, Transport(server.origin, access_token=lambda: "t"), clock=clock)
    with store.read() as txn:
        return outbox.items(txn, open_only=False)


@pytest.mark.parametrize("status", [412, 428])
@pytest.mark.parametrize(
    ("kind", "there"),
    [
        (OutboxKind.RECOMMENDATION, SubmissionStatus.WAITING_ON_ASSESSOR),
        (OutboxKind.RECOMMENDATION, SubmissionStatus.RETURNED),
        (OutboxKind.DECISION, SubmissionStatus.WAITING_ON_APPROVER),
    ],
)
def test_where_nothing_has_changed_the_same_bytes_go_under_a_new_key(
    store: Store, clock: FakeClock, status: int, kind: OutboxKind, there: SubmissionStatus
) -> None:
    platform = Platform(frozen(kind), status, as_json(wire(status=there)), UNSEEN)
    old, new = pushed(store, clock, platform)
    assert (old.state, old.last_status, old.body) == (OutboxState.CONFLICT, status, platform.item.body)
    assert (new.state, new.body) == (OutboxState.ACKED, platform.item.body)
    assert new.id != old.id
    assert new.path != old.path
    with store.read() as txn:
        # Nothing is shown for it: the old row is over, and there is nothing to compare.
        assert outbox.items(txn) == ()
        assert conflicts.open_ids(txn) == frozenset()


def test_what_is_no_record_of_its_own_goes_to_the_same_address(store: Store, clock: FakeClock) -> None:
    path = f"/v1/submissions/{SUBMISSION.id}/pre-assessment"
    item = replace(frozen(OutboxKind.PRE_ASSESSMENT), path=path)
    there = as_json(wire(status=SubmissionStatus.IN_PRE_ASSESSMENT))
    old, new = pushed(store, clock, Platform(item, 412, there, UNSEEN))
    assert (new.state, new.path, new.body) == (OutboxState.ACKED, path, old.body)


def test_what_goes_under_a_new_key_keeps_its_place(store: Store, clock: FakeClock) -> None:
    there = as_json(wire(status=SubmissionStatus.RETURNED))
    platform = Platform(frozen(), 412, there, UNSEEN)
    behind = builders.outbox_item(2, kind=OutboxKind.ESCALATION)
    with store.write() as txn:
        outbox.enqueue(txn, platform.item)
        outbox.enqueue(txn, behind)
    with answering(platform) as server:
        push(store, Transport(server.origin, access_token=lambda: "t"), clock=clock)
    first, second, third = [body for _, _, body in platform.put]
    assert (first, second) == (platform.item.body, platform.item.body)
    assert third == behind.body


CHANGES: list[tuple[str, Callable[[], Reply]]] = [
    ("round", lambda: as_json(wire(round=2, status="returned"))),
    ("rubric", lambda: as_json(wire(rubric={"id": "rb-questions", "version": 2, "hash": "0" * 64}))),
    ("evidence", lambda: as_json(wire(parts=[]))),
    ("decided", lambda: as_json(wire(status="awarded"))),
    ("withdrawn", lambda: problem(410, "withdrawn")),
    ("not hers", lambda: problem(403, "not-assigned")),
]


@pytest.mark.parametrize("now", [row[1] for row in CHANGES], ids=[row[0] for row in CHANGES])
def test_where_something_has_changed_both_are_kept_and_nothing_is_sent(
    store: Store, clock: FakeClock, now: Callable[[], Reply]
) -> None:
    platform = Platform(frozen(), 412, now(), UNSEEN)
    (item,) = pushed(store, clock, platform)
    assert item.state is OutboxState.CONFLICT
    assert len(platform.put) == 1
    with store.read() as txn:
        assert conflicts.open_ids(txn) == {item.id}


def test_what_the_platform_has_seen_is_never_sent_anew(store: Store, clock: FakeClock) -> None:
    item = frozen()
    platform = Platform(item, 412, as_json(wire()), as_json(receipt(item)))
    (only,) = pushed(store, clock, platform)
    assert (only.state, len(platform.put)) == (OutboxState.ACKED, 1)


def test_a_receipt_of_something_else_makes_no_new_key(store: Store, clock: FakeClock) -> None:
    item = frozen()
    platform = Platform(item, 412, as_json(wire()), as_json(receipt(item, sha256="0" * 64)))
    (only,) = pushed(store, clock, platform)
    assert (only.state, len(platform.put)) == (OutboxState.QUEUED, 1)


@pytest.mark.parametrize(
    ("known", "now"),
    [
        (problem(503), as_json(wire())),
        (Reply(404, b"<html>", "text/html"), as_json(wire())),
        (UNSEEN, problem(500, "internal")),
        (UNSEEN, as_json({"id": "x"})),
        (UNSEEN, Reply(404, b"nothing", "text/plain")),
    ],
)
def test_without_an_answer_it_waits_under_its_old_key(
    store: Store, clock: FakeClock, known: Reply, now: Reply
) -> None:
    platform = Platform(frozen(), 412, now, known)
    with store.write() as txn:
        outbox.enqueue(txn, platform.item)
    with answering(platform) as server:
        push(store, Transport(server.origin, access_token=lambda: "t"), clock=clock)
    with store.read() as txn:
        (item,) = outbox.items(txn, open_only=False)
    assert (item.state, item.id, len(platform.put)) == (OutboxState.QUEUED, platform.item.id, 1)


def test_what_is_refused_again_under_a_new_key_needs_the_person(store: Store, clock: FakeClock) -> None:
    platform = Platform(frozen(), 428, as_json(wire()), UNSEEN)
    platform.refuses_all = True
    first, second = pushed(store, clock, platform)
    assert (first.state, second.state) == (OutboxState.CONFLICT, OutboxState.CONFLICT)
    assert len(platform.put) == 2
    with store.read() as txn:
        assert outbox.items(txn) == (second,)
        assert conflicts.open_ids(txn) == {second.id}
