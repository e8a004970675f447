"""Refusals that are not the platform's: a school's filter, a firewall or a proxy says no in its place."""

from __future__ import annotations

import pytest

from assessor_app.cache import outbox
from assessor_app.cache.engine import Store
from assessor_app.domain.claims import ClaimAnswer
from assessor_app.domain.states import OutboxState
from assessor_app.sync import claims, sealing_keys
from assessor_app.sync.carrying import bring
from assessor_app.sync.network_errors import NotThePlatform
from assessor_app.sync.pull import pull
from assessor_app.sync.push import UNCONFIRMED_TRIES, push
from tests import builders
from tests.answering import Answering, Asked, Reply, answering, as_json, problem
from tests.builders import FakeClock
from tests.unit.sync.test_push import ITEM, accepts, only_item, queue, transport

STATUSES = [400, 402, 403, 404, 405, 406, 407, 409, 410, 412, 415, 421, 422, 426, 428, 431, 451]
SUB = ITEM.submission_id


def page(status: int, kind: str = "text/html") -> Reply:
    return Reply(status, b"<html>Your school has blocked this page", kind)


@pytest.mark.parametrize("kind", ["text/html", "text/plain", ""])
@pytest.mark.parametrize("status", STATUSES)
def test_it_says_nothing_of_what_was_sent(store: Store, clock: FakeClock, status: int, kind: str) -> None:
    queue(store, ITEM)
    with answering(lambda _: page(status, kind)) as server:
        there = transport(server.origin)
        assert push(store, there, clock=clock) == 0
        assert there.health.is_doubtful
        assert not there.health.is_left_behind
        assert [asked.method for asked in server.asked] == ["PUT"]
    item = only_item(store)
    assert (item.state, item.last_error) == (OutboxState.QUEUED, "The platform cannot be reached.")


def test_what_is_turned_away_alone_keeps_nothing_else_waiting(store: Store, clock: FakeClock) -> None:
    other = builders.outbox_item(2, submission_number=2)
    queue(store, ITEM, other)

    def filtered(asked: Asked) -> Reply:
        return page(403) if asked.path == ITEM.path else accepts(asked)

    with answering(filtered) as server:
        for _ in range(UNCONFIRMED_TRIES):
            assert push(store, transport(server.origin), clock=clock) == 0
            clock.advance(3600)
        assert push(store, transport(server.origin), clock=clock) == 1
        with store.read() as txn:
            (item,) = outbox.items(txn)
        assert (item.id, item.state) == (ITEM.id, OutboxState.QUEUED)
        assert "ask IT" in item.last_error
        server.answer = accepts
        clock.advance(3600)
        assert push(store, transport(server.origin), clock=clock) == 1
    with store.read() as txn:
        assert outbox.items(txn) == ()


def nothing_done(server: Answering, store: Store, clock: FakeClock, what: str) -> None:
    there = transport(server.origin)
    if what == "a pull":
        pull(store, there, clock=clock)
    elif what == "a renewal":
        claims.renew(there, SUB, 72, clock)
    elif what == "a file handed in":
        bring(there, b"sealed")
    else:
        sealing_keys.make_known(store, there, clock)


@pytest.mark.parametrize("status", [403, 404, 410])
@pytest.mark.parametrize("what", ["a pull", "a renewal", "a file handed in", "the keys"])
def test_whatever_was_asked_for_has_no_answer(store: Store, clock: FakeClock, what: str, status: int) -> None:
    page_of_changes = {
        "changes": [],
        "next_cursor": "7",
        "has_more": False,
        "server_time": "2026-03-02T12:00:00Z",
    }
    with answering(lambda _: as_json(page_of_changes)) as server:
        pull(store, transport(server.origin), clock=clock)
        server.asked.clear()
        server.answer = lambda _: page(status)
        for _ in range(2):
            with pytest.raises(NotThePlatform):
                nothing_done(server, store, clock, what)
        assert len(server.asked) == 2


def test_the_platforms_own_words_still_count(clock: FakeClock) -> None:
    with answering(lambda _: problem(403, "not-qualified")) as server:
        outcome = claims.renew(transport(server.origin), SUB, 72, clock)
    assert outcome.answer is ClaimAnswer.NOT_QUALIFIED
