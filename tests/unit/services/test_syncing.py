"""How the connection stands, in one sentence's worth of facts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from assessor_app.cache import evidence, incidents, outbox, sync_state
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.states import OutboxState
from assessor_app.domain.troubles import Trouble
from assessor_app.services import syncing
from assessor_app.services.context import Context
from assessor_app.services.views import SyncState, SyncStatus
from assessor_app.sync import auth
from assessor_app.sync.auth import transport_for
from assessor_app.sync.pull import LEFT_OUT
from tests import builders
from tests.answering import Asked, Reply, answering, as_json, problem
from tests.builders import NOON

ITEM = builders.outbox_item()
NOTHING_NEW = as_json(
    {"changes": [], "next_cursor": "1", "has_more": False, "server_time": "2026-03-02T12:00:00Z"}
)


def sync(context: Context, platform: Callable[[Asked], Reply]) -> tuple[SyncStatus, list[SyncStatus]]:
    """One round; its end, and what was reported on the way."""
    with context.store.write() as txn:
        sync_state.set_secret(txn, auth.ACCESS, "token")
    reported: list[SyncStatus] = []
    with answering(platform) as server:
        there = replace(context, transport=transport_for(context.store, server.origin), origin=server.origin)
        return syncing.sync(there, report=reported.append, changed=lambda _: None), reported


def put_in_queue(context: Context, number: int = 1) -> None:
    with context.store.write() as txn:
        outbox.enqueue(txn, builders.outbox_item(number, submission_number=number))


def test_before_the_first_round(assessor: Context) -> None:
    put_in_queue(assessor)
    assert syncing.present_status(assessor) == SyncStatus(SyncState.IDLE, waiting=1)
    assert not syncing.is_signed_in(assessor)


def test_signed_out(assessor: Context) -> None:
    status = syncing.sync(assessor, report=lambda _: None, changed=lambda _: None)
    assert (status.state, status.message) == (SyncState.SIGN_IN, "Sign in again to send and receive")


def test_all_is_well(assessor: Context) -> None:
    status, reported = sync(assessor, lambda _: NOTHING_NEW)
    assert status == SyncStatus(SyncState.UP_TO_DATE, at=NOON)
    assert {r.state for r in reported} == {SyncState.SYNCING}
    assert syncing.is_signed_in(assessor)


@pytest.mark.parametrize("unread", ["a broken record", "a type of a later contract"])
def test_what_could_not_be_read_is_asked_for_again_by_another_version_and_by_no_start_of_this_one(
    assessor: Context, monkeypatch: pytest.MonkeyPatch, unread: str
) -> None:
    kind = "submission" if unread == "a broken record" else "horoscope"
    odd = {"type": kind, "id": "x-1", "rev": 1, "op": "upsert", "data": {"later": 1}}
    asked: list[str] = []

    def platform(request: Asked) -> Reply:
        asked.append(request.path.partition("?")[2])
        if "manifest" in request.path:
            listed = [{"type": "submission", "id": "x-1", "rev": 1}]
            return as_json({"entries": listed, "next_cursor": "m", "server_time": "2026-03-02T12:00:00Z"})
        changes = [] if "cursor=1" in request.path else [odd]
        page = {"changes": changes, "next_cursor": "1", "has_more": False}
        return as_json(page | {"server_time": "2026-03-02T12:00:00Z"})

    def pulls() -> list[str]:
        asked.clear()
        sync(assessor, platform)
        return [query for query in asked if query.startswith("limit")]

    syncing.recover(assessor)
    pulls()
    syncing.recover(assessor)
    assert all("cursor" in query for query in pulls())
    monkeypatch.setattr(syncing, "PROGRAM_VERSION", "9.9")
    syncing.recover(assessor)
    assert any("cursor" not in query for query in pulls())
    syncing.recover(assessor)
    assert all("cursor" in query for query in pulls())
    with assessor.store.read() as txn:
        assert len(sync_state.quarantined(txn)) == (kind == "submission")
        told = {incident.sentence for incident in incidents.recent(txn)}
        # It is on record with what was in the way lately; a later contract's type is only counted.
        assert (LEFT_OUT in told) is (kind == "submission")


def test_offline_is_normal(assessor: Context) -> None:
    put_in_queue(assessor)
    with assessor.store.write() as txn:
        sync_state.set_secret(txn, auth.ACCESS, "token")
    status = syncing.sync(assessor, report=lambda _: None, changed=lambda _: None)
    message = "The platform cannot be reached"
    assert status == SyncStatus(SyncState.OFFLINE, waiting=1, message=message, trouble=Trouble.OFFLINE)


@pytest.mark.parametrize(
    ("reply", "state", "message"),
    [
        (problem(503), SyncState.OFFLINE, "The platform is not available right now"),
        (
            Reply(200, b"<html>", "text/html"),
            SyncState.OFFLINE,
            "This network wants you to sign in first",
        ),
        (as_json({"changes": 1}), SyncState.NEEDS_YOU, "Your work is safe on this computer."),
        (problem(403, "account-disabled"), SyncState.NEEDS_YOU, "Your access to the platform has changed."),
        (problem(401), SyncState.SIGN_IN, "Sign in again"),
    ],
)
def test_trouble_is_a_sentence_and_never_an_exception(
    assessor: Context, reply: Reply, state: SyncState, message: str
) -> None:
    status, _ = sync(assessor, lambda _: reply)
    assert (status.state, status.at) == (state, None)
    assert message in status.message


def test_what_needs_the_person_is_said_although_the_round_went_well(assessor: Context) -> None:
    put_in_queue(assessor)
    status, _ = sync(assessor, lambda a: problem(422, "validation") if a.method == "PUT" else NOTHING_NEW)
    assert (status.state, status.at, status.needs_you) == (SyncState.NEEDS_YOU, NOON, 1)
    assert status.message.startswith("The platform did not accept this. Your work is open again")


def test_progress_counts_each_file_once_however_often_it_is_tried(assessor: Context) -> None:
    with assessor.store.write() as txn:
        evidence.want(txn, builders.submission(), assessor.clock)

    def platform(asked: Asked) -> Reply:
        if not asked.path.startswith("/v1/artifacts"):
            return NOTHING_NEW
        data = {"art-11": b"%PDF-1.7 evidence 11", "art-12": b"wrong"}[asked.path.split("/")[3]]
        return Reply(200, data, "application/octet-stream")

    _, reported = sync(assessor, platform)
    assert (reported[0].done, reported[0].total) == (0, 3)
    assert (reported[-1].done, reported[-1].total) == (3, 3)
    assert all(r.done <= r.total == 3 for r in reported)


def test_all_that_is_blocked_can_be_tried_again_under_its_old_key(assessor: Context) -> None:
    put_in_queue(assessor)
    assert syncing.try_all_again(assessor) == ChangeSet()
    with assessor.store.write() as txn:
        outbox.move(txn, ITEM.id, OutboxState.SENDING)
        outbox.move(txn, ITEM.id, OutboxState.BLOCKED, status=413)
    assert syncing.try_all_again(assessor) == ChangeSet(
        submissions=frozenset({ITEM.submission_id}), inbox=True, outbox=True
    )
    with assessor.store.read() as txn:
        (item,) = outbox.items(txn)
    assert (item.id, item.state, item.body) == (ITEM.id, OutboxState.QUEUED, ITEM.body)


def test_what_was_being_sent_at_the_end_waits_again(assessor: Context) -> None:
    put_in_queue(assessor)
    with assessor.store.write() as txn:
        outbox.move(txn, ITEM.id, OutboxState.SENDING)
    assert syncing.recover(assessor) == 1
    assert syncing.present_status(assessor).waiting == 1
