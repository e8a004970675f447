"""Evidence of what was settled long ago goes; nothing goes where work waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from assessor_app.cache import assessments, evidence, outbox, policy, retention, submissions, sync_state
from assessor_app.cache.engine import Store, Transaction
from assessor_app.domain.policy import Policy
from assessor_app.domain.states import OutboxState, SubmissionStatus
from assessor_app.domain.submissions import EvidenceState, HistoryEntry
from assessor_app.services import on_device
from tests import builders
from tests.builders import NOON, FakeClock

SID = builders.submission_id(1)
LONG_AGO = NOON - timedelta(days=91)


def settled(at=LONG_AGO, status=SubmissionStatus.DENIED, **changes):
    entry = HistoryEntry(at, status, "approver")
    return builders.submission(1, status=status, history=(entry,), received_at=at, **changes)


def lay(store: Store, clock: FakeClock, submission=None) -> str:
    """A submission with one file here; returns its blob."""
    with store.write() as txn:
        made = submission or settled()
        submissions.put_submission(txn, made)
        evidence.want(txn, made, clock)
        file = evidence.files(txn, SID)[0]
        evidence.set_state(txn, file.blob_id, EvidenceState.READY)
    evidence.path_of(store, file.blob_id).write_bytes(b"sealed")
    return file.blob_id


def test_its_key_is_erased_and_its_file_is_gone(store: Store, clock: FakeClock) -> None:
    blob_id = lay(store, clock)
    with store.write() as txn:
        assessments.set_note(txn, SID, 1, "mine", NOON)
        txn.connection.exec_driver_sql("UPDATE assessment SET state = 'final'")
    changed = retention.shred_old(store, clock=clock)
    assert changed.evidence == {SID}
    assert not evidence.path_of(store, blob_id).exists()
    with store.read() as txn:
        assert evidence.files(txn, SID) == ()
        with pytest.raises(LookupError):
            evidence.submission_key(txn, SID)
        work = assessments.load(txn, SID, 1)
        assert work is not None
        assert work.note_to_approver == "mine"
    # The platform tells of it once more: it is not fetched again. Opened again it is.
    with store.write() as txn:
        assert evidence.want(txn, settled(rev=9), clock) == ()
        assert evidence.files(txn, SID) == ()
        evidence.want(txn, builders.submission(1, status=SubmissionStatus.RETURNED), clock)
        assert evidence.files(txn, SID) != ()


def draft(txn: Transaction) -> None:
    assessments.set_note(txn, SID, 1, "not sent", NOON)


def waiting(txn: Transaction) -> None:
    outbox.enqueue(txn, builders.outbox_item(1))


def refused(txn: Transaction) -> None:
    waiting(txn)
    outbox.move(txn, builders.outbox_item(1).id, OutboxState.SENDING)
    outbox.move(txn, builders.outbox_item(1).id, OutboxState.REJECTED)


def decision(txn: Transaction) -> None:
    txn.connection.exec_driver_sql(f"INSERT INTO decision_draft VALUES ('{SID}', 1, 0, X'7b7d')")


def pre_assessment(txn: Transaction) -> None:
    txn.connection.exec_driver_sql(f"INSERT INTO pre_assessment VALUES ('{SID}', 'draft', X'7b7d')")


def question(txn: Transaction) -> None:
    txn.connection.exec_driver_sql(f"INSERT INTO unsent_question VALUES ('{SID}', 'is a photograph enough')")


def conflict(txn: Transaction) -> None:
    txn.connection.exec_driver_sql(
        "INSERT INTO conflict (id, submission_id, round, kind, found_us, mine, theirs)"
        f" VALUES ('c', '{SID}', 1, 'decided', 1, X'', X'')"
    )


UNFINISHED = [draft, waiting, refused, decision, pre_assessment, question, conflict]


@pytest.mark.parametrize("unfinished", UNFINISHED, ids=lambda made: made.__name__)
def test_nothing_goes_where_work_waits(
    store: Store, clock: FakeClock, unfinished: Callable[[Transaction], None]
) -> None:
    blob_id = lay(store, clock)
    with store.write() as txn:
        unfinished(txn)
    assert not retention.shred_old(store, clock=clock)
    assert evidence.path_of(store, blob_id).exists()


def arrived(txn: Transaction) -> None:
    item = builders.outbox_item(1)
    waiting(txn)
    outbox.move(txn, item.id, OutboxState.SENDING)
    outbox.move(txn, item.id, OutboxState.ACKED, receipt=builders.receipt(item))


def put_aside(txn: Transaction) -> None:
    refused(txn)
    outbox.put_aside(txn, builders.outbox_item(1).id)


def pre_assessed(txn: Transaction) -> None:
    txn.connection.exec_driver_sql(f"INSERT INTO pre_assessment VALUES ('{SID}', 'final', X'7b7d')")


def decided(txn: Transaction) -> None:
    decision(txn)
    submissions.put_decision(txn, builders.decision(1), 1)


def compared(txn: Transaction) -> None:
    conflict(txn)
    txn.connection.exec_driver_sql("UPDATE conflict SET settled_us = 2")


@pytest.mark.parametrize(
    "over", [arrived, put_aside, pre_assessed, decided, compared], ids=lambda made: made.__name__
)
def test_work_that_is_over_keeps_nothing(
    store: Store, clock: FakeClock, over: Callable[[Transaction], None]
) -> None:
    blob_id = lay(store, clock)
    with store.write() as txn:
        over(txn)
    assert retention.shred_old(store, clock=clock).evidence == {SID}
    assert not evidence.path_of(store, blob_id).exists()


def test_a_decision_on_another_round_ends_no_draft(store: Store, clock: FakeClock) -> None:
    lay(store, clock)
    with store.write() as txn:
        decision(txn)
        submissions.put_decision(txn, builders.decision(1, round=2), 1)
    assert not retention.shred_old(store, clock=clock)


def settled_twice(*moments: timedelta):
    history = tuple(HistoryEntry(NOON - ago, SubmissionStatus.DENIED, "approver") for ago in moments)
    return replace(settled(), history=history)


@pytest.mark.parametrize(
    "kept",
    [
        settled(NOON - timedelta(days=89)),
        settled(NOON - timedelta(days=90)),
        settled_twice(timedelta(days=91), timedelta(days=1)),
        builders.submission(1, received_at=LONG_AGO),
    ],
    ids=["young", "on its last day", "settled once more", "open"],
)
def test_what_is_young_or_open_stays(store: Store, clock: FakeClock, kept) -> None:
    lay(store, clock, kept)
    assert not retention.shred_old(store, clock=clock)


def test_the_issuer_says_for_how_long(store: Store, clock: FakeClock) -> None:
    lay(store, clock, settled(NOON - timedelta(days=8)))
    with store.write() as txn:
        policy.put_policy(txn, Policy(keep_evidence_days=36_500))
    assert not retention.shred_old(store, clock=clock)
    with store.write() as txn:
        policy.put_policy(txn, Policy(keep_evidence_days=7))
    assert not retention.shred_old(store, clock=clock)  # looked a moment ago
    assert retention.shred_old(store, clock=clock, at_once=True)


@pytest.mark.parametrize(
    ("later", "is_due"), [(-60, True), (0, False), (6 * 3600 - 1, False), (6 * 3600, True)]
)
def test_it_looks_again_after_six_hours_and_when_the_clock_was_set_back(
    store: Store, clock: FakeClock, later: int, is_due: bool
) -> None:
    assert not retention.shred_old(store, clock=clock)
    lay(store, clock)
    clock.jump_to(NOON + timedelta(seconds=later))
    assert bool(retention.shred_old(store, clock=clock)) is is_due


def test_the_platforms_clock_counts(store: Store, clock: FakeClock) -> None:
    lay(store, clock, settled(NOON - timedelta(days=30)))
    clock.jump_to(NOON + timedelta(days=3650))
    with store.write() as txn:
        sync_state.set_clock_lead(txn, timedelta(days=-3650))
    assert not retention.shred_old(store, clock=clock)


def test_what_is_gone_says_why() -> None:
    assert "settled long ago" in on_device.erased().message
