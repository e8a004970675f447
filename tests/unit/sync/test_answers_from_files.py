"""An answer that comes as a file settles a row exactly as the same answer over the wire would."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assessor_app.cache import assessments, evidence_changes, outbox, submissions
from assessor_app.cache.engine import Store
from assessor_app.domain.assessments import OutboxItem
from assessor_app.domain.canonical import sha256_hex
from assessor_app.domain.ids import OutboxId
from assessor_app.domain.states import OutboxState
from assessor_app.sync.push import judge, take_answer
from assessor_app.sync.transport import Answer
from tests import builders
from tests.builders import NOON, FakeClock
from tests.unit.sync.test_pull import SUB, Feed, remove, run, submission_data, upsert
from tests.unit.sync.test_push import answer, coded, receipt_of

ITEM = builders.outbox_item()


def waiting(store: Store, state: OutboxState = OutboxState.QUEUED) -> OutboxItem:
    """A row in a state that a row is brought to by sending."""
    with store.write() as txn:
        submissions.put_submission(txn, builders.submission())
        outbox.enqueue(txn, ITEM)
        if state is not OutboxState.QUEUED:
            outbox.move(txn, ITEM.id, OutboxState.SENDING)
        if state not in (OutboxState.QUEUED, OutboxState.SENDING):
            outbox.move(txn, ITEM.id, state)
    return ITEM


def state_of(store: Store) -> OutboxState:
    with store.read() as txn:
        held = outbox.get(txn, ITEM.id)
    assert held is not None
    return held.state


@pytest.mark.parametrize("state", [OutboxState.QUEUED, OutboxState.BLOCKED])
def test_a_receipt_that_fits_ends_the_waiting(store: Store, clock: FakeClock, state: OutboxState) -> None:
    verdict = take_answer(store, waiting(store, state).id, answer(201, receipt_of(ITEM)), clock)
    assert verdict is not None
    assert state_of(store) is verdict.state is OutboxState.ACKED


@pytest.mark.parametrize(
    ("told", "state"),
    [
        (coded(422, "validation"), OutboxState.REJECTED),
        (coded(409, "already-decided"), OutboxState.CONFLICT),
    ],
)
def test_a_refusal_is_told_as_over_the_wire(
    store: Store, clock: FakeClock, told: Answer, state: OutboxState
) -> None:
    verdict = take_answer(store, waiting(store).id, told, clock)
    assert verdict is not None
    assert state_of(store) is verdict.state is state


@pytest.mark.parametrize("told", [answer(201, {}), answer(503), answer(200, receipt_of(ITEM, key="another"))])
def test_what_settles_nothing_leaves_it_waiting(store: Store, clock: FakeClock, told: Answer) -> None:
    assert take_answer(store, waiting(store).id, told, clock) is None
    assert state_of(store) is OutboxState.QUEUED


def test_what_is_being_sent_or_is_not_here_is_left_alone(store: Store, clock: FakeClock) -> None:
    assert take_answer(store, OutboxId("nobody"), answer(201, receipt_of(ITEM)), clock) is None
    waiting(store, OutboxState.SENDING)
    assert take_answer(store, ITEM.id, answer(201, receipt_of(ITEM)), clock) is None
    assert state_of(store) is OutboxState.SENDING


def test_other_evidence_than_was_judged_brings_the_work_back() -> None:
    verdict = judge(coded(409, "evidence-changed"), replace(ITEM, attempts=1), NOON)
    assert verdict.state is OutboxState.CONFLICT
    assert "evidence" in verdict.sentence


def test_an_erased_learner_goes_from_here_and_from_the_copies(store: Store) -> None:
    run(store, Feed([[upsert("submission", SUB.id, submission_data())]]))
    gone = remove("submission", SUB.id) | {"reason": "erased"}
    run(store, Feed([[], [gone]]))
    with store.read() as txn:
        assert submissions.get_submission(txn, SUB.id) is None


def test_what_was_rated_from_another_file_is_noted(store: Store, clock: FakeClock) -> None:
    run(store, Feed([[upsert("submission", SUB.id, submission_data())]]), clock=clock)
    with store.write() as txn:
        submissions.put_rubric(txn, builders.rubric_version())
        for rating in builders.ratings():
            assessments.set_rating(txn, SUB.id, SUB.round, rating, NOON)
    data = submission_data()
    data["parts"][1]["artifacts"][0]["sha256"] = sha256_hex(b"new")
    count = run(store, Feed([[], [upsert("submission", SUB.id, data, rev=2)]]), clock=clock)
    assert (count.applied, count.set_aside) == (1, 0)
    with store.read() as txn:
        assert evidence_changes.of(txn, SUB.id)
