"""Clocks that are wrong, that jump while something is sent, and that change with summer time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from assessor_app.cache import outbox, sync_state
from assessor_app.cache.engine import Store
from assessor_app.domain.canonical import sha256_hex
from assessor_app.domain.states import OutboxState
from assessor_app.sync.auth import transport_for
from assessor_app.sync.pull import pull
from assessor_app.sync.push import push
from tests import builders
from tests.answering import Asked, Reply, answering, as_json, problem
from tests.builders import NOON, FakeClock

YEARS, HOUR = timedelta(days=3650), timedelta(hours=1)
ITEMS = [builders.outbox_item(number) for number in (1, 2, 3)]


def accepts(asked: Asked) -> Reply:
    data = {
        "key": asked.headers.get("idempotency-key"),
        "sha256": sha256_hex(asked.body),
        "submission_id": ITEMS[0].submission_id,
        "received_at": "2026-03-02T12:00:00Z",
        "effect": "received",
    }
    return as_json(data, 201) if asked.method == "PUT" else problem(404, "not-found")


@pytest.mark.parametrize("off", [-YEARS, -HOUR, HOUR, YEARS], ids=["-10 y", "-1 h", "+1 h", "+10 y"])
def test_order_is_the_queues_whatever_the_clock_says(store: Store, off: timedelta) -> None:
    clock = FakeClock(NOON + off)
    with store.write() as txn:
        for number, item in enumerate(ITEMS):
            # Each was made "before" the last: somebody sets the clock back meanwhile.
            outbox.enqueue(txn, replace(item, created_at=clock.now() - number * HOUR))
            outbox.move(txn, item.id, OutboxState.SENDING)
            outbox.move(txn, item.id, OutboxState.QUEUED)
    with answering(accepts) as server:
        there = transport_for(store, server.origin, clock)
        with store.write() as txn:
            sync_state.set_secret(txn, "access_token", "t")
        assert push(store, there, clock=clock) == 3
        puts = [a.headers["idempotency-key"] for a in server.asked if a.method == "PUT"]
    assert puts == [item.id for item in ITEMS]


@pytest.mark.parametrize("off", [-YEARS, -HOUR, HOUR, YEARS])
def test_a_clock_that_jumps_while_something_is_sent_changes_no_wait(store: Store, off: timedelta) -> None:
    clock = FakeClock()

    def jump(_: Asked) -> Reply:
        clock.jump_to(NOON + off)
        return problem(423, retry_after="600")

    with store.write() as txn:
        outbox.enqueue(txn, ITEMS[0])
        sync_state.set_secret(txn, "access_token", "t")
    with answering(jump) as server:
        there = transport_for(store, server.origin, clock)
        assert push(store, there, clock=clock) == 0
        server.answer = accepts
        clock.jump_to(NOON - off)
        clock.advance(599)
        assert push(store, there, clock=clock) == 0
        clock.advance(1)
        assert push(store, there, clock=clock) == 1


@pytest.mark.parametrize("off", [-YEARS, -timedelta(days=1), timedelta(days=1), YEARS])
def test_the_platforms_clock_is_known_however_wrong_this_one_is(store: Store, off: timedelta) -> None:
    clock = FakeClock(NOON + off)
    page = {"changes": [], "next_cursor": "1", "has_more": False, "server_time": "2026-03-02T12:00:00Z"}
    with store.write() as txn:
        sync_state.set_secret(txn, "access_token", "t")
    with answering(lambda _: as_json(page)) as server:
        # The server's own `Date` is this machine's real one, as one from something in between may be.
        pull(store, transport_for(store, server.origin, clock), clock=clock)
    with store.read() as txn:
        there = clock.now() + sync_state.clock_lead(txn)
    assert there == NOON
