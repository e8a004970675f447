"""What is kept of a refusal, and what is asked for instead of sending again."""

from __future__ import annotations

from dataclasses import replace

from assessor_app.cache import outbox, refused_fields
from assessor_app.cache.engine import Store
from assessor_app.sync.push import POLLS, UPDATE_STATUSES, judge, push
from assessor_app.sync.transport import Answer
from tests import builders
from tests.answering import answering, as_json, problem
from tests.builders import NOON, FakeClock
from tests.unit.sync.test_push import ITEM, accepts, answer, only_item, queue, receipt_of, transport


def test_what_was_received_is_asked_for_and_only_much_later_sent_again(
    store: Store, clock: FakeClock
) -> None:
    queue(store, ITEM)
    with answering(lambda a: problem(404, "not-found") if a.method == "GET" else as_json({}, 202)) as server:
        for _ in range(POLLS + 1):
            assert push(store, transport(server.origin), clock=clock) == 0
            clock.advance(3600)
        puts = [a.method for a in server.asked if a.method == "PUT"]
        assert len(puts) == 2
        assert only_item(store).last_error == "Received, waiting for confirmation."
        server.answer = lambda _: as_json(receipt_of(ITEM))
        assert push(store, transport(server.origin), clock=clock) == 1


def test_a_platform_that_has_left_us_behind_is_sent_nothing_until_it_takes_us_again(
    store: Store, clock: FakeClock
) -> None:
    queue(store, ITEM, builders.outbox_item(2, submission_number=2))
    with answering(lambda _: problem(426)) as server:
        there = transport(server.origin)
        for _ in range(3):
            assert push(store, there, clock=clock) == 0
        assert len(server.asked) == 1
        server.answer = accepts
        there.call("GET", "/v1/me")
        assert push(store, there, clock=clock) == 0  # 404: it still says nothing good
        server.answer = lambda a: as_json({}) if a.method == "GET" else accepts(a)
        there.call("GET", "/v1/me")
        assert push(store, there, clock=clock) == 1
        with store.write() as txn:
            assert outbox.queue_again(txn, UPDATE_STATUSES) == 1
        assert push(store, there, clock=clock) == 1


def test_the_fields_that_a_refusal_names_and_its_number_are_kept(store: Store, clock: FakeClock) -> None:
    queue(store, ITEM)
    errors = [{"pointer": "/scores/1/note"}, {"pointer": 7}, "x", {"pointer": "/" + "x" * 999}]
    refusal = {"code": "validation", "errors": errors}
    with answering(lambda _: as_json(refusal, 422, x_request_id="abc-1")) as server:
        push(store, transport(server.origin), clock=clock)
    assert only_item(store).request_id == "abc-1"
    with store.read() as txn:
        assert refused_fields.of_item(txn, ITEM.id) == ("/scores/1/note",)
    for unclean in ("a b", "<b>", "x" * 65, ""):
        assert answer(422, {}, x_request_id=unclean).request_id == ""
    assert answer(422, {"errors": "none"}).pointers == ()
    assert answer(422, []).problem_code == ""
    assert Answer(422, {"content-type": "application/json"}, b"{").problem_code == ""


def test_a_size_is_said_with_tenths_below_ten() -> None:
    item = replace(ITEM, body=b"x" * 6_500_000)
    said = judge(answer(413, {"limit_bytes": 52_428_800}), item, NOON).sentence
    assert said.startswith("What you send has 6.2 MB; this platform takes 50 MB.")
