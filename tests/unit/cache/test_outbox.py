from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from assessor_app.cache import outbox, submissions
from assessor_app.cache.engine import Store, Transaction
from assessor_app.domain.assessments import OutboxItem, OutboxKind, Receipt
from assessor_app.domain.canonical import sha256_hex
from assessor_app.domain.ids import OutboxId
from assessor_app.domain.states import OUTBOX_TRANSITIONS, IllegalTransition, OutboxState
from tests import builders
from tests.builders import NOON

B = OutboxState
LATER = NOON + timedelta(minutes=5)
ITEM = builders.outbox_item(1)


def bring_to(txn: Transaction, item: OutboxItem, state: OutboxState) -> None:
    if state is not B.QUEUED:
        outbox.move(txn, item.id, B.SENDING)
    if state not in (B.QUEUED, B.SENDING):
        outbox.move(txn, item.id, state, receipt=builders.receipt(item) if state is B.ACKED else None)


def test_an_item_comes_back_as_it_was_put(store: Store) -> None:
    other = builders.outbox_item(2, submission_number=2, kind=OutboxKind.DECISION, body=b"\x00\xff not json")
    other = replace(other, sha256=sha256_hex(other.body))
    with store.write() as txn:
        outbox.enqueue(txn, ITEM)
        outbox.enqueue(txn, other)
    with store.read() as txn:
        assert outbox.items(txn) == (ITEM, other)
        assert outbox.of_submission(txn, ITEM.submission_id) == (ITEM,)
        assert outbox.get(txn, other.id) == other
        assert outbox.get(txn, OutboxId("unknown")) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"state": B.SENDING},
        {"attempts": 1},
        {"next_try_at": NOON},
        {"last_status": 500},
        {"receipt": builders.receipt(ITEM)},
        {"body": b"changed after the digest was taken"},
    ],
)
def test_only_a_new_item_with_its_own_digest_is_queued(store: Store, changes: dict[str, object]) -> None:
    with store.write() as txn, pytest.raises(ValueError):
        outbox.enqueue(txn, replace(ITEM, **changes))  # type: ignore[arg-type]


def test_a_key_is_never_used_twice(store: Store) -> None:
    with store.write() as txn:
        outbox.enqueue(txn, ITEM)
        bring_to(txn, ITEM, B.ACKED)
        with pytest.raises(sa.exc.IntegrityError):
            outbox.enqueue(txn, ITEM)


def test_what_was_never_tried_is_replaced(store: Store) -> None:
    newer, other_kind = builders.outbox_item(2), builders.outbox_item(3, kind=OutboxKind.DECISION)
    with store.write() as txn:
        outbox.enqueue(txn, other_kind)
        outbox.enqueue(txn, ITEM)
        outbox.enqueue(txn, newer)
        assert outbox.items(txn, open_only=False) == (other_kind, newer)


@pytest.mark.parametrize("state", [B.SENDING, B.BLOCKED])
def test_what_may_have_left_is_waited_for(store: Store, state: OutboxState) -> None:
    newer = builders.outbox_item(2)
    with store.write() as txn:
        outbox.enqueue(txn, ITEM)
        bring_to(txn, ITEM, state)
        outbox.enqueue(txn, newer)
        assert [item.id for item in outbox.items(txn)] == [ITEM.id, newer.id]
        assert outbox.next_to_send(txn, NOON) is None


def test_what_was_tried_and_queued_again_goes_first(store: Store) -> None:
    newer = builders.outbox_item(2)
    with store.write() as txn:
        outbox.enqueue(txn, ITEM)
        outbox.move(txn, ITEM.id, B.SENDING)
        outbox.move(txn, ITEM.id, B.QUEUED, next_try_at=LATER, status=503, error="Not available.")
        outbox.enqueue(txn, newer)
        assert outbox.next_to_send(txn, NOON) is None
        found = outbox.next_to_send(txn, LATER)
        assert found == replace(
            ITEM, attempts=1, next_try_at=LATER, last_status=503, last_error="Not available."
        )


@pytest.mark.parametrize("state", [B.CONFLICT, B.REJECTED])
def test_a_newer_item_takes_the_place_of_a_refused_one(store: Store, state: OutboxState) -> None:
    newer = builders.outbox_item(2)
    with store.write() as txn:
        outbox.enqueue(txn, ITEM)
        bring_to(txn, ITEM, state)
        assert outbox.next_to_send(txn, NOON) is None
        outbox.enqueue(txn, newer)
        assert outbox.items(txn) == (newer,)
        assert outbox.of_submission(txn, ITEM.submission_id) == (newer,)
        assert [item.id for item in outbox.items(txn, open_only=False)] == [ITEM.id, newer.id]
        assert outbox.next_to_send(txn, NOON) == newer
        with pytest.raises(ValueError):
            outbox.move(txn, ITEM.id, B.QUEUED)


def test_nothing_overtakes_within_a_submission_only(store: Store) -> None:
    same, other = (
        builders.outbox_item(2, kind=OutboxKind.DECISION),
        builders.outbox_item(3, submission_number=2),
    )
    with store.write() as txn:
        for item in (ITEM, same, other):
            outbox.enqueue(txn, item)
        outbox.move(txn, ITEM.id, B.SENDING)
        assert outbox.next_to_send(txn, NOON) == other
        bring_to(txn, other, B.SENDING)
        assert outbox.next_to_send(txn, NOON) is None
        outbox.move(txn, ITEM.id, B.ACKED, receipt=builders.receipt(ITEM))
        assert outbox.next_to_send(txn, NOON) == same


@pytest.mark.parametrize("old", list(B))
@pytest.mark.parametrize("new", list(B))
def test_the_table_of_states_is_the_rule(store: Store, old: OutboxState, new: OutboxState) -> None:
    receipt = builders.receipt(ITEM) if new is B.ACKED else None
    with store.write() as txn:
        outbox.enqueue(txn, ITEM)
        bring_to(txn, ITEM, old)
        if new not in OUTBOX_TRANSITIONS[old]:
            with pytest.raises(IllegalTransition):
                outbox.move(txn, ITEM.id, new, receipt=receipt)
            return
        outbox.move(txn, ITEM.id, new, status=418, error="Said so.", receipt=receipt)
        moved = outbox.get(txn, ITEM.id)
    assert moved is not None
    assert (moved.state, moved.last_status, moved.last_error, moved.receipt) == (
        new,
        418,
        "Said so.",
        receipt,
    )
    assert moved.attempts == (0 if old is B.QUEUED else 1) + (new is B.SENDING)


@pytest.mark.parametrize(
    "wrong", [{"key": "another"}, {"sha256": "0" * 64}, {"submission_id": builders.submission_id(2)}]
)
def test_only_a_matching_receipt_ends_a_sending(store: Store, wrong: dict[str, object]) -> None:
    receipt: Receipt = builders.receipt(ITEM, **wrong)
    with store.write() as txn:
        outbox.enqueue(txn, ITEM)
        outbox.move(txn, ITEM.id, B.SENDING)
        for bad in (receipt, None):
            with pytest.raises(ValueError):
                outbox.move(txn, ITEM.id, B.ACKED, receipt=bad)
        with pytest.raises(ValueError):
            outbox.move(txn, ITEM.id, B.QUEUED, receipt=builders.receipt(ITEM))
        moved = outbox.get(txn, ITEM.id)
    assert moved is not None
    assert (moved.state, moved.receipt) == (B.SENDING, None)


def test_an_unknown_item_is_a_bug(store: Store) -> None:
    with store.write() as txn, pytest.raises(LookupError):
        outbox.move(txn, OutboxId("unknown"), B.SENDING)


def test_a_restart_queues_what_was_being_sent(store: Store) -> None:
    other = builders.outbox_item(2, submission_number=2)
    with store.write() as txn:
        outbox.enqueue(txn, ITEM)
        outbox.enqueue(txn, other)
        bring_to(txn, ITEM, B.SENDING)
        bring_to(txn, other, B.ACKED)
    with store.write() as txn:
        assert outbox.reset_sending(txn) == 1
        assert outbox.reset_sending(txn) == 0
        assert outbox.next_to_send(txn, NOON) == replace(ITEM, attempts=1)


def test_a_restart_is_seen_in_the_list_of_work(store: Store) -> None:
    with store.write() as txn:
        submissions.put_submission(txn, builders.submission(1))
        submissions.put_assignment(txn, builders.assignment(1))
        outbox.enqueue(txn, ITEM)
        outbox.move(txn, ITEM.id, B.SENDING)
    with store.write() as txn:
        outbox.reset_sending(txn)
    with store.read() as txn:
        shown = txn.connection.exec_driver_sql("SELECT outbox_state FROM inbox_entry").scalar()
    assert shown == B.QUEUED


@pytest.mark.parametrize("submission_number", [1, 2])
def test_the_same_bytes_for_something_else_give_nobody_an_earlier_place(
    store: Store, submission_number: int
) -> None:
    said, second = builders.outbox_item(9, kind=OutboxKind.ESCALATION), builders.outbox_item(2)
    earlier = replace(said, id=OutboxId("e"), submission_id=builders.submission_id(submission_number))
    with store.write() as txn:
        for item in (earlier, second, said):
            outbox.enqueue(txn, item)
        bring_to(txn, earlier, B.ACKED)
        assert outbox.items(txn) == (second, said)
        assert outbox.next_to_send(txn, NOON) == second


def test_only_what_was_stopped_for_these_reasons_is_queued_again(store: Store) -> None:
    outdated, not_hers, put_aside = (builders.outbox_item(n, submission_number=n) for n in (1, 2, 3))
    with store.write() as txn:
        for item, status in ((outdated, 426), (not_hers, 403), (put_aside, 426)):
            outbox.enqueue(txn, item)
            outbox.move(txn, item.id, B.SENDING)
            outbox.move(txn, item.id, B.BLOCKED, status=status)
        outbox.put_aside(txn, put_aside.id)
        assert outbox.queue_again(txn, (415, 426)) == 1
        states = {item.id: item.state for item in outbox.items(txn, open_only=False)}
    assert states == {outdated.id: B.QUEUED, not_hers.id: B.BLOCKED, put_aside.id: B.BLOCKED}


def test_what_was_never_tried_can_be_taken_back(store: Store) -> None:
    with store.write() as txn:
        outbox.enqueue(txn, ITEM)
        assert outbox.withdraw_queued(txn, ITEM.id)
        assert outbox.items(txn, open_only=False) == ()
        assert not outbox.withdraw_queued(txn, ITEM.id)


def test_what_may_have_left_cannot_be_taken_back(store: Store) -> None:
    with store.write() as txn:
        outbox.enqueue(txn, ITEM)
        outbox.move(txn, ITEM.id, B.SENDING)
        assert not outbox.withdraw_queued(txn, ITEM.id)
        outbox.move(txn, ITEM.id, B.QUEUED)
        assert not outbox.withdraw_queued(txn, ITEM.id)
        assert len(outbox.items(txn)) == 1


def test_an_attempt_that_never_left_does_not_count(store: Store) -> None:
    with store.write() as txn:
        outbox.enqueue(txn, ITEM)
        outbox.move(txn, ITEM.id, B.SENDING)
        outbox.move(txn, ITEM.id, B.QUEUED, never_left=True)
        assert outbox.items(txn) == (ITEM,)
        assert outbox.withdraw_queued(txn, ITEM.id)


def test_an_earlier_attempt_that_may_have_left_still_counts(store: Store) -> None:
    with store.write() as txn:
        outbox.enqueue(txn, ITEM)
        for never_left in (False, True):
            outbox.move(txn, ITEM.id, B.SENDING)
            outbox.move(txn, ITEM.id, B.QUEUED, never_left=never_left)
        assert outbox.items(txn) == (replace(ITEM, attempts=1),)
        assert not outbox.withdraw_queued(txn, ITEM.id)


@pytest.mark.parametrize(
    ("old", "new"),
    [(B.QUEUED, B.SENDING), (B.SENDING, B.CONFLICT), (B.BLOCKED, B.QUEUED)],
)
def test_only_a_failed_sending_can_have_stayed_here(store: Store, old: OutboxState, new: OutboxState) -> None:
    with store.write() as txn:
        outbox.enqueue(txn, ITEM)
        bring_to(txn, ITEM, old)
        with pytest.raises(ValueError, match="stayed here"):
            outbox.move(txn, ITEM.id, new, never_left=True)


def test_a_pause_holds_all_that_is_queued_and_shortens_no_wait(store: Store) -> None:
    waiting, later = builders.outbox_item(2, submission_number=2), LATER + timedelta(minutes=30)
    with store.write() as txn:
        outbox.enqueue(txn, ITEM)
        outbox.enqueue(txn, waiting)
        outbox.move(txn, waiting.id, B.SENDING)
        outbox.move(txn, waiting.id, B.QUEUED, next_try_at=later)
        outbox.hold(txn, LATER)
        assert outbox.next_to_send(txn, NOON) is None
        assert [item.next_try_at for item in outbox.items(txn)] == [LATER, later]
        assert outbox.next_to_send(txn, LATER) == replace(ITEM, next_try_at=LATER)


def test_a_clock_that_was_set_back_holds_nothing_for_days(store: Store) -> None:
    with store.write() as txn:
        outbox.enqueue(txn, ITEM)
        outbox.move(txn, ITEM.id, B.SENDING)
        outbox.move(txn, ITEM.id, B.QUEUED, next_try_at=NOON)
        just_within = NOON - outbox.LONGEST_WAIT
        assert outbox.next_to_send(txn, just_within) is None
        found = outbox.next_to_send(txn, just_within - timedelta(microseconds=1))
        assert found is not None
        assert found.id == ITEM.id


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE outbox SET body = x'00'",
        "UPDATE outbox SET sha256 = ''",
        "UPDATE outbox SET id = 'other'",
        "UPDATE outbox SET state = 'acked'",
        "DELETE FROM outbox",
    ],
)
def test_the_database_itself_holds_the_promise(store: Store, statement: str) -> None:
    with store.write() as txn:
        outbox.enqueue(txn, ITEM)
        outbox.move(txn, ITEM.id, B.SENDING)
        with pytest.raises(sa.exc.IntegrityError):
            txn.connection.exec_driver_sql(statement)
        assert outbox.items(txn) == (replace(ITEM, state=B.SENDING, attempts=1),)


@pytest.mark.parametrize(
    ("body", "round_number"),
    [(b'{"round":2}', 2), (b'{"round":true}', None), (b"[2]", None), (b"\xff", None), (b"{}", None)],
)
def test_the_round_is_the_one_that_the_body_names(
    store: Store, body: bytes, round_number: int | None
) -> None:
    with store.write() as txn:
        outbox.enqueue(txn, replace(ITEM, body=body, sha256=sha256_hex(body)))
        assert txn.connection.exec_driver_sql("SELECT round FROM outbox").scalar() == round_number


def test_items_are_found_by_their_kind_whatever_became_of_them(store: Store) -> None:
    questions = [
        replace(builders.outbox_item(n, submission_number=n), kind=OutboxKind.ESCALATION) for n in (2, 3)
    ]
    with store.write() as txn:
        for item in (ITEM, *questions):
            outbox.enqueue(txn, item)
        bring_to(txn, questions[0], B.ACKED)
    with store.read() as txn:
        assert [item.id for item in outbox.of_kind(txn, OutboxKind.ESCALATION)] == [q.id for q in questions]
        asked = outbox.every_of_kinds(txn, questions[1].submission_id, (OutboxKind.ESCALATION,))
        assert [item.id for item in asked] == [questions[1].id]
        assert outbox.every_of_kinds(txn, ITEM.submission_id, (OutboxKind.ESCALATION,)) == ()


def test_the_last_of_a_kind_is_that_of_the_round_that_is_asked_for(store: Store) -> None:
    first, second = (
        replace(builders.outbox_item(n, submission_number=1), body=body, sha256=sha256_hex(body))
        for n, body in ((1, b'{"round":1}'), (2, b'{"round":2}'))
    )
    with store.write() as txn:
        for item in (first, second):
            outbox.enqueue(txn, item)
            bring_to(txn, item, B.ACKED)
    with store.read() as txn:
        asked = (first.submission_id, first.kind)
        assert outbox.last_of_kind(txn, *asked, in_round=3) is None
        found = [outbox.last_of_kind(txn, *asked, in_round=n) for n in (1, 2, None)]
        assert [item.id if item else None for item in found] == [first.id, second.id, second.id]


def test_what_was_refused_can_be_over_and_what_waits_can_not(store: Store) -> None:
    refused, waits = ITEM, builders.outbox_item(2, submission_number=2)
    with store.write() as txn:
        for item in (refused, waits):
            outbox.enqueue(txn, item)
        bring_to(txn, refused, B.REJECTED)
        for item in (refused, waits):
            outbox.put_aside(txn, item.id)
    with store.read() as txn:
        assert [item.id for item in outbox.items(txn)] == [waits.id]
        assert outbox.of_submission(txn, refused.submission_id) == ()


def test_many_of_one_kind_wait_side_by_side_where_the_kind_is_not_single(store: Store) -> None:
    first, second = (replace(builders.outbox_item(n), kind=OutboxKind.ESCALATION) for n in (4, 5))
    with store.write() as txn:
        outbox.enqueue(txn, first)
        outbox.enqueue(txn, second)
        assert [item.id for item in outbox.items(txn)] == [first.id, second.id]
