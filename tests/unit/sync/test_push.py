"""Sending: every row of the table of answers, and that only a matching receipt ends a sending."""

from __future__ import annotations

import base64
import hashlib
import json
from contextlib import ExitStack
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from assessor_app.cache import assessments, outbox
from assessor_app.cache.engine import Store
from assessor_app.domain.assessments import OutboxItem, OutboxKind
from assessor_app.domain.canonical import canonical_json, sha256_hex
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.states import AssessmentState, OutboxState
from assessor_app.errors import Offline, SignInNeeded
from assessor_app.sync.push import (
    LONGEST_DOUBT_S,
    Verdict,
    judge,
    matching_receipt,
    push,
)
from assessor_app.sync.transport import Answer, NothingSent, Portal, Transport, UnknownEffect
from tests import builders
from tests.answering import (
    Asked,
    Reply,
    answering,
    as_json,
    free_port,
    problem,
    raw_server,
    reset,
)
from tests.builders import NOON, FakeClock

ITEM = builders.outbox_item()
Q, C, R, B, A = (
    OutboxState.QUEUED,
    OutboxState.CONFLICT,
    OutboxState.REJECTED,
    OutboxState.BLOCKED,
    OutboxState.ACKED,
)


def receipt_of(item: OutboxItem, **changes: Any) -> dict[str, Any]:
    data = {
        "key": item.id,
        "sha256": item.sha256,
        "submission_id": item.submission_id,
        "received_at": "2026-03-02T12:00:00Z",
        "effect": "recommendation-received",
    }
    return data | changes


def answer(status: int, data: Any = None, **headers: str) -> Answer:
    head = {"content-type": "application/json"} | {k.replace("_", "-"): v for k, v in headers.items()}
    return Answer(status, head, b"" if data is None else json.dumps(data).encode())


def coded(status: int, code: str, **headers: str) -> Answer:
    return answer(status, {"code": code}, **headers)


TABLE: list[tuple[str, Answer, OutboxState, str, float | None, bool]] = [
    ("201 matching", answer(201, receipt_of(ITEM)), A, "", None, False),
    ("200 matching", answer(200, receipt_of(ITEM)), A, "", None, False),
    ("201 no receipt", answer(201, {}), Q, "could not be confirmed", 2.0, False),
    ("201 other key", answer(201, receipt_of(ITEM, key="x")), Q, "could not be confirmed", 2.0, False),
    (
        "201 other digest",
        answer(201, receipt_of(ITEM, sha256="0" * 64)),
        Q,
        "could not be confirmed",
        2.0,
        False,
    ),
    ("201 other work", answer(201, receipt_of(ITEM, submission_id="x")), Q, "safe here", 2.0, False),
    ("201 not JSON", Answer(201, {}, b"<html>"), Q, "could not be confirmed", 2.0, False),
    ("204", answer(204), Q, "could not be confirmed", 2.0, False),
    ("202", answer(202, {}), Q, "Received, waiting for confirmation.", 2.0, False),
    ("202 later", answer(202, {}, retry_after="9"), Q, "Received", 9.0, False),
    ("304", answer(304), B, "needs an update", None, False),
    ("400", coded(400, "not-json"), R, "did not accept this. Your work is open again", None, False),
    ("400 digest", coded(400, "digest-mismatch"), Q, "", 2.0, False),
    ("403", coded(403, "not-assigned"), B, "no longer assigned", None, False),
    ("403 all", coded(403, "account-disabled"), Q, "Your access to the platform has changed", 60.0, True),
    ("403 scope", coded(403, "insufficient-scope"), Q, "contact the team lead", 60.0, True),
    ("404", coded(404, "not-found"), B, "does not have what this belongs to. Your work is kept", None, False),
    ("404 withdrawn", coded(404, "withdrawn"), B, "was withdrawn. Your work is kept", None, False),
    ("410 erased", coded(410, "erased"), B, "The learner's data were erased.", None, False),
    ("404 from elsewhere", Answer(404, {}, b"<html>"), Q, "cannot be reached", 2.0, True),
    ("408", answer(408), Q, "", 2.0, False),
    ("409 in flight", coded(409, "in-flight", retry_after="4"), Q, "", 4.0, False),
    ("409 state", coded(409, "already-decided"), C, "Yours is kept; look at both", None, False),
    ("410", coded(410, "withdrawn"), B, "was withdrawn", None, False),
    ("410 from elsewhere", Answer(410, {}, b""), Q, "cannot be reached", 2.0, True),
    ("412", coded(412, "stale"), C, "changed on the platform meanwhile", None, False),
    ("405", coded(405, "method-not-allowed"), Q, "cannot be reached", 2.0, False),
    ("405 from elsewhere", Answer(405, {}, b"<html>"), Q, "cannot be reached", 2.0, True),
    ("413", coded(413, "too-large"), R, "more than it takes. Your work is open again: take out", None, False),
    (
        "413 limit",
        answer(413, {"code": "too-large", "limit_bytes": 4 * 1024**2}),
        R,
        "has 0 MB; this platform takes 4 MB. Your work is open again",
        None,
        False,
    ),
    ("415", coded(415, "media"), B, "Ask IT for a newer version. Your work is kept.", None, False),
    ("422 key", coded(422, "key-reused"), B, "needs a look by support", None, False),
    ("422", coded(422, "validation"), R, "Your work is open again", None, False),
    ("423", answer(423), Q, "", 2.0, False),
    ("425", answer(425), Q, "", 2.0, False),
    ("426", answer(426), B, "Ask IT for a newer version. Your work is kept.", None, False),
    ("426 named", answer(426, {"minimum_version": "1.4"}), B, "Ask IT for version 1.4.", None, False),
    ("426 unclean", answer(426, {"minimum_version": "1<b>"}), B, "Ask IT for a newer version.", None, False),
    ("428", coded(428, "no-version"), C, "changed on the platform", None, False),
    ("429", answer(429), Q, "The platform is busy", 120.0, True),
    ("429 seconds", answer(429, retry_after="70"), Q, "The platform is busy", 70.0, True),
    ("429 date", answer(429, retry_after="Mon, 02 Mar 2026 12:01:00 GMT"), Q, "busy", 60.0, True),
    ("429 capped", answer(429, retry_after="86400"), Q, "busy", 3600.0, True),
    ("500", coded(500, "internal"), Q, "It is tried again by itself.", 2.0, False),
    ("501", answer(501), B, "The platform needs an update", None, False),
    ("502", answer(502), Q, "", 2.0, True),
    ("503 later", answer(503, retry_after="30"), Q, "", 30.0, True),
    ("504", answer(504), Q, "", 2.0, True),
    ("505", answer(505), B, "The platform needs an update", None, False),
    ("418", answer(418), B, "Your work is kept.", None, False),
]


def test_taking_back_too_late_has_its_own_sentence_and_mends_nothing() -> None:
    asked = replace(ITEM, kind=OutboxKind.WITHDRAWAL, attempts=1)
    for code, words in (("grace-over", "was over when this arrived"), ("state", "meanwhile")):
        verdict = judge(coded(409, code), asked, NOON)
        assert verdict.state is C
        assert words in verdict.sentence
        assert "What you sent stands" in verdict.sentence


def test_only_a_record_is_put_where_none_may_be_yet(store: Store) -> None:
    question = replace(ITEM, kind=OutboxKind.ESCALATION, path="/v1/escalations")
    heard: list[tuple[str, str | None]] = []

    def hear(asked: Asked) -> Reply:
        heard.append((asked.method, asked.headers.get("if-none-match")))
        return as_json(receipt_of(question), status=201)

    with store.write() as txn:
        outbox.enqueue(txn, question)
    with answering(hear) as server:
        transport = Transport(server.origin, access_token=lambda: "t")
        assert push(store, transport, clock=FakeClock()) == 1
    assert heard == [("POST", None)]


@pytest.mark.parametrize(
    ("given", "state", "words", "wait_s", "stops"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE]
)
def test_the_table_of_answers(
    given: Answer, state: OutboxState, words: str, wait_s: float | None, stops: bool
) -> None:
    verdict = judge(given, replace(ITEM, attempts=1), NOON)
    assert (verdict.state, verdict.wait_s, verdict.stops_queue) == (state, wait_s, stops)
    assert words in verdict.sentence
    assert bool(verdict.sentence) is bool(words)
    assert (verdict.receipt is not None) is (state is A)


def test_what_is_never_confirmed_is_set_aside_after_three() -> None:
    verdict = judge(answer(201, {}), replace(ITEM, attempts=2), NOON)
    assert (verdict.state, verdict.wait_s) == (B, None)
    assert "Your work is safe here" in verdict.sentence


def test_a_damaged_body_is_sent_three_times() -> None:
    states = [judge(coded(400, "digest-mismatch"), replace(ITEM, attempts=n), NOON).state for n in (0, 2, 3)]
    assert states == [Q, Q, R]


def test_a_platform_that_is_down_is_mentioned_after_three_tries() -> None:
    said = [judge(answer(503), replace(ITEM, attempts=n), NOON).sentence for n in (0, 2, 3)]
    assert said == ["", "", "The platform is not available right now; we keep trying."]


@pytest.mark.parametrize(("attempts", "wait_s"), [(0, 1), (5, 32), (11, 2048), (12, 3600), (100_000, 3600)])
def test_waits_double_up_to_an_hour_however_long_it_lasts(attempts: int, wait_s: float) -> None:
    assert judge(answer(500), replace(ITEM, attempts=attempts), NOON).wait_s == wait_s


def test_only_a_receipt_that_fits_counts() -> None:
    assert matching_receipt(answer(200, receipt_of(ITEM) | {"more": 1}), ITEM) is not None
    assert matching_receipt(answer(200, receipt_of(ITEM) | {"received_at": "today"}), ITEM) is None


def queue(store: Store, *items: OutboxItem) -> None:
    with store.write() as txn:
        for item in items:
            outbox.enqueue(txn, item)


def only_item(store: Store) -> OutboxItem:
    with store.read() as txn:
        (item,) = outbox.items(txn, open_only=False)
        return item


def transport(origin: str) -> Transport:
    return Transport(origin, access_token=lambda: "token")


def accepts(asked: Asked) -> Reply:
    """A platform that takes everything, and has received nothing so far."""
    if asked.method == "GET":
        return problem(404, "not-found")
    key = asked.headers["idempotency-key"]
    submission_id = asked.path.split("/")[3]
    data = receipt_of(ITEM, key=key, sha256=sha256_hex(asked.body), submission_id=submission_id)
    return as_json(data, 201)


def test_the_frozen_bytes_go_out_under_their_key_and_digest(store: Store, clock: FakeClock) -> None:
    queue(store, ITEM)
    moved: list[ChangeSet] = []
    with answering(accepts) as server:
        assert push(store, transport(server.origin), clock=clock, moved=moved.append) == 1
        (asked,) = server.asked
    digest = base64.b64encode(hashlib.sha256(ITEM.body).digest()).decode()
    assert (asked.method, asked.path, asked.body) == ("PUT", ITEM.path, ITEM.body)
    assert asked.headers["idempotency-key"] == ITEM.id
    assert asked.headers["content-digest"] == f"sha-256=:{digest}:"
    assert asked.headers["if-none-match"] == "*"
    item = only_item(store)
    assert (item.state, item.last_status, item.attempts) == (A, 201, 1)
    assert item.receipt is not None
    assert moved == [
        ChangeSet(
            submissions=frozenset({ITEM.submission_id}),
            assessments=frozenset({ITEM.submission_id}),
            inbox=True,
            outbox=True,
        )
    ]


def test_nothing_to_send_asks_nothing(store: Store, clock: FakeClock) -> None:
    with answering(accepts) as server:
        assert push(store, transport(server.origin), clock=clock) == 0
        assert not server.asked


def test_one_that_waits_does_not_keep_the_others(store: Store, clock: FakeClock) -> None:
    other = builders.outbox_item(2, submission_number=2)
    queue(store, ITEM, other)
    with answering(lambda a: problem(500) if ITEM.id in a.path else accepts(a)) as server:
        assert push(store, transport(server.origin), clock=clock) == 1
    with store.read() as txn:
        states = [item.state for item in outbox.items(txn, open_only=False)]
    assert states == [Q, A]


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_a_pause_that_the_platform_asks_for_holds_everything(
    store: Store, clock: FakeClock, status: int
) -> None:
    queue(store, ITEM, builders.outbox_item(2, submission_number=2))
    with answering(lambda _: problem(status, retry_after="120")) as server:
        for _ in range(2):
            assert push(store, transport(server.origin), clock=clock) == 0
        assert len(server.asked) == 1
        clock.advance(121)
        server.answer = accepts
        assert push(store, transport(server.origin), clock=clock) == 2


@pytest.mark.parametrize(
    ("first", "asked_then"),
    [
        (problem(500), ["GET", "PUT"]),
        (problem(409, "in-flight"), ["GET", "PUT"]),
        (as_json({}, 201), ["GET", "PUT"]),
        (as_json({}, 202), ["GET"]),
        (problem(423), ["PUT"]),
        (problem(503), ["PUT"]),
    ],
    ids=["500", "in flight", "unconfirmed", "received", "locked", "not available"],
)
def test_where_it_may_have_arrived_the_receipt_is_asked_for_before_it_is_sent_again(
    store: Store, clock: FakeClock, first: Reply, asked_then: list[str]
) -> None:
    queue(store, ITEM)
    with answering(lambda _: first) as server:
        assert push(store, transport(server.origin), clock=clock) == 0
        server.asked.clear()
        server.answer = accepts
        clock.advance(3600)
        push(store, transport(server.origin), clock=clock)
    assert [asked.method for asked in server.asked] == asked_then


def test_a_clock_that_was_set_back_does_not_stop_the_queue(store: Store, clock: FakeClock) -> None:
    queue(store, ITEM)
    with answering(lambda _: problem(503, retry_after="600")) as server:
        push(store, transport(server.origin), clock=clock)
        clock.jump_to(NOON - timedelta(days=400))
        server.answer = accepts
        assert push(store, transport(server.origin), clock=clock) == 0
        after_restart = FakeClock(NOON - timedelta(days=400))
        assert push(store, transport(server.origin), clock=after_restart) == 1


FAILURES: list[tuple[str, type[Offline]]] = [
    ("refused", NothingSent),
    ("reset", UnknownEffect),
    ("portal", Portal),
]


def fails(store: Store, clock: FakeClock, how: str, error: type[Exception]) -> None:
    """One push against a connection that fails."""
    with ExitStack() as stack:
        if how == "refused":
            origin = f"http://127.0.0.1:{free_port()}"
        elif how == "reset":
            origin = stack.enter_context(raw_server(reset))
        else:
            origin = stack.enter_context(answering(lambda _: Reply(200, b"<html>", "text/html"))).origin
        with pytest.raises(error) as caught:
            push(store, transport(origin), clock=clock)
    assert type(caught.value) is error


@pytest.mark.parametrize(("how", "error"), FAILURES)
def test_without_an_answer_the_same_key_is_sent_again(
    store: Store, clock: FakeClock, how: str, error: type[Offline]
) -> None:
    queue(store, ITEM)
    fails(store, clock, how, error)
    item = only_item(store)
    assert (item.state, item.id, item.body) == (Q, ITEM.id, ITEM.body)
    clock.advance(LONGEST_DOUBT_S)
    asked_for: list[str] = []

    def platform(asked: Asked) -> Reply:
        asked_for.append(f"{asked.method} {asked.path}")
        return accepts(asked)

    with answering(platform) as server:
        assert push(store, transport(server.origin), clock=clock) == 1
    # Whoever cannot have been reached is not asked for a receipt.
    assert asked_for[-1] == f"PUT {ITEM.path}"
    assert (f"GET /v1/receipts/{ITEM.id}" in asked_for) is (how != "refused")


def test_what_never_left_can_still_be_taken_back(store: Store, clock: FakeClock) -> None:
    queue(store, ITEM)
    for _ in range(40):
        fails(store, clock, "refused", NothingSent)
        clock.advance(LONGEST_DOUBT_S)
    assert only_item(store).attempts == 0
    with store.write() as txn:
        assert outbox.withdraw_queued(txn, ITEM.id)


def test_an_ambiguous_try_counts_even_if_a_later_one_never_left(store: Store, clock: FakeClock) -> None:
    queue(store, ITEM)
    fails(store, clock, "reset", UnknownEffect)
    assert "Checking whether it arrived." in only_item(store).last_error
    clock.advance(LONGEST_DOUBT_S)
    fails(store, clock, "refused", NothingSent)
    with store.write() as txn:
        assert not outbox.withdraw_queued(txn, ITEM.id)
    with answering(lambda _: as_json(receipt_of(ITEM))) as server:
        assert push(store, transport(server.origin), clock=clock) == 1
        assert [a.path for a in server.asked] == [f"/v1/receipts/{ITEM.id}"]
    assert only_item(store).state is A


def test_a_receipt_of_something_else_does_not_end_a_sending(store: Store, clock: FakeClock) -> None:
    queue(store, ITEM)
    fails(store, clock, "reset", UnknownEffect)
    clock.advance(LONGEST_DOUBT_S)
    other = receipt_of(ITEM, sha256="0" * 64)
    with answering(lambda a: as_json(other) if a.method == "GET" else problem(422, "key-reused")) as server:
        assert push(store, transport(server.origin), clock=clock) == 0
    assert only_item(store).state is B


def test_signed_out_the_row_waits_and_says_so(store: Store, clock: FakeClock) -> None:
    queue(store, ITEM)
    with answering(lambda _: problem(401)) as server, pytest.raises(SignInNeeded):
        push(store, transport(server.origin), clock=clock)
    item = only_item(store)
    assert (item.state, item.attempts, item.next_try_at) == (Q, 0, None)


def test_what_a_broken_round_left_behind_is_sent(store: Store, clock: FakeClock) -> None:
    queue(store, ITEM)
    with store.write() as txn:
        outbox.move(txn, ITEM.id, OutboxState.SENDING)
    with answering(lambda a: as_json(receipt_of(ITEM)) if a.method == "GET" else accepts(a)) as server:
        assert push(store, transport(server.origin), clock=clock) == 1
        assert [a.method for a in server.asked] == ["GET"]


def final(store: Store, kind: OutboxKind = OutboxKind.RECOMMENDATION) -> None:
    """Queue a sending; its assessment is final."""
    body = canonical_json({"round": 1})
    with store.write() as txn:
        assessments.begin(txn, ITEM.submission_id, 1)
        assessments.set_state(txn, ITEM.submission_id, 1, AssessmentState.FINAL, NOON)
        outbox.enqueue(txn, replace(ITEM, kind=kind, body=body, sha256=sha256_hex(body)))


def state_of_work(store: Store) -> AssessmentState:
    with store.read() as txn:
        assessment = assessments.load(txn, ITEM.submission_id, 1)
    assert assessment is not None
    return assessment.state


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        (problem(422, "validation"), AssessmentState.DRAFT),
        (problem(409, "round-changed"), AssessmentState.DRAFT),
        (problem(403, "not-assigned"), AssessmentState.FINAL),
        (problem(500), AssessmentState.FINAL),
    ],
)
def test_a_refused_assessment_is_open_again(
    store: Store, clock: FakeClock, reply: Reply, state: AssessmentState
) -> None:
    final(store)
    with answering(lambda _: reply) as server:
        push(store, transport(server.origin), clock=clock)
    assert state_of_work(store) is state


def test_a_refused_decision_leaves_the_assessment_alone(store: Store, clock: FakeClock) -> None:
    final(store, OutboxKind.DECISION)
    with answering(lambda _: problem(409, "already-decided")) as server:
        push(store, transport(server.origin), clock=clock)
    assert state_of_work(store) is AssessmentState.FINAL
    assert only_item(store).state is C


def test_a_refusal_of_what_was_reopened_or_is_gone_is_no_bug(store: Store, clock: FakeClock) -> None:
    body = canonical_json({"round": 1})
    queue(store, replace(ITEM, body=body, sha256=sha256_hex(body)))
    with answering(lambda _: problem(422, "validation")) as server:
        push(store, transport(server.origin), clock=clock)
    assert only_item(store).state is R
    with store.write() as txn:
        assessments.begin(txn, ITEM.submission_id, 1)
        outbox.move(txn, ITEM.id, Q)
    with answering(lambda _: problem(422, "validation")) as server:
        push(store, transport(server.origin), clock=clock)
    assert state_of_work(store) is AssessmentState.DRAFT


def test_a_verdict_is_plain_data() -> None:
    assert Verdict(Q) == Verdict(Q, "", None, None, False, None, False)


def test_order_of_one_submission_is_kept(store: Store, clock: FakeClock) -> None:
    with store.write() as txn:
        outbox.enqueue(txn, ITEM)
        outbox.move(txn, ITEM.id, OutboxState.SENDING)
        outbox.move(txn, ITEM.id, Q, next_try_at=NOON + timedelta(minutes=5))
        outbox.enqueue(txn, builders.outbox_item(2))
    with answering(accepts) as server:
        assert push(store, transport(server.origin), clock=clock) == 0
        clock.advance(300)
        assert push(store, transport(server.origin), clock=clock) == 2
        puts = [a.headers["idempotency-key"] for a in server.asked if a.method == "PUT"]
    assert puts == [ITEM.id, builders.outbox_item(2).id]
