"""Work that leaves: whatever was made of it is reason enough to keep it, and what goes goes whole."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache import assessments, endings, evidence, outbox, submissions, sync_state
from assessor_app.cache.engine import Store, Transaction
from assessor_app.domain.assessments import DecisionDraft, OutboxKind
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.endings import EndingReason
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.domain.submissions import (
    Accommodation,
    AccommodationEffect,
    Collaboration,
    HistoryEntry,
    ReturnNote,
)
from tests import builders
from tests.builders import NOON, FakeClock

SID = builders.submission_id(1)
SUB = builders.submission(1)


def run(statement: str) -> Callable[[Transaction], None]:
    def act(txn: Transaction) -> None:
        txn.connection.exec_driver_sql(statement)

    return act


def sends(kind: OutboxKind) -> Callable[[Transaction], None]:
    return lambda txn: outbox.enqueue(txn, replace(builders.outbox_item(1), kind=kind))


MADE: dict[str, tuple[Callable[[Transaction], None], Role]] = {
    "words": (lambda txn: assessments.set_note(txn, SID, 1, "mine", NOON), Role.ASSESSOR),
    "a mark": (lambda txn: annotation_rows.put(txn, builders.annotation(1)), Role.ASSESSOR),
    "a pre-assessment": (
        run(f"INSERT INTO pre_assessment VALUES ('{SID}', 'draft', X'7b7d')"),
        Role.PREASSESSOR,
    ),
    "a decision": (
        lambda txn: assessments.put_decision_draft(txn, DecisionDraft(SID, 1, reason="Look.")),
        Role.APPROVER,
    ),
    "what waits": (sends(OutboxKind.RECOMMENDATION), Role.ASSESSOR),
    "a decision that waits": (sends(OutboxKind.DECISION), Role.APPROVER),
    "a pre-assessment that waits": (sends(OutboxKind.PRE_ASSESSMENT), Role.PREASSESSOR),
    "a question": (run(f"INSERT INTO unsent_question VALUES ('{SID}', 'May I')"), Role.ASSESSOR),
    "an answer": (
        run(f"INSERT INTO team_case VALUES ('c', '{SID}', 'question', 'open', 1, 0, NULL, 'So', X'7b7d')"),
        Role.ASSESSOR,
    ),
    "something to compare": (
        run(
            "INSERT INTO conflict (id, submission_id, round, kind, found_us, mine, theirs)"
            f" VALUES ('c', '{SID}', 1, 'draft', 1, X'7b7d', X'')"
        ),
        Role.ASSESSOR,
    ),
}


TOLD: dict[str, Any] = {
    "prior": (builders.prior_attempt(),),
    "return_note": ReturnNote("Look at the plan."),
    "needed_by": NOON.date(),
    "collaboration": Collaboration(declared=True, note="With my neighbour, Mrs Brook."),
    "history": (HistoryEntry(NOON, SubmissionStatus.SUBMITTED, "learner"),),
    "accommodations": (Accommodation(AccommodationEffect.EXTEND, "A week longer."),),
}
"""Everything that a submission can say besides its evidence."""


def lay(txn: Transaction, clock: FakeClock, **changes: Any) -> None:
    made = replace(SUB, **changes)
    submissions.put_submission(txn, made)
    submissions.put_assignment(txn, builders.assignment(1))
    evidence.want(txn, made, clock)


@pytest.mark.parametrize("made", MADE)
def test_whatever_was_made_of_it_is_kept_in_the_role_in_which_it_was_made(
    store: Store, clock: FakeClock, made: str
) -> None:
    act, role = MADE[made]
    with store.write() as txn:
        lay(txn, clock)
        act(txn)
        assert endings.end(txn, SID, EndingReason.REASSIGNED, "reassigned", NOON) == ()
        ending = endings.of(txn, SID)
        assert ending is not None
        assert (ending.role, ending.keep_until) == (role, NOON + timedelta(days=30))
        assert evidence.files(txn, SID)


@pytest.mark.parametrize("reason", list(EndingReason))
def test_where_nothing_was_made_all_of_it_goes(store: Store, clock: FakeClock, reason: EndingReason) -> None:
    with store.write() as txn:
        lay(txn, clock)
        evidence.want(txn, SUB, clock)
        blobs = {file.blob_id for file in evidence.files(txn, SID)}
        assert set(endings.end(txn, SID, reason, str(reason), NOON)) == blobs
        assert endings.of(txn, SID) is None
        assert submissions.get_submission(txn, SID) is None


@pytest.mark.parametrize(
    ("status", "reason", "is_told"),
    [
        (SubmissionStatus.AWARDED, EndingReason.OTHER, False),
        (SubmissionStatus.AWARDED, EndingReason.WITHDRAWN, True),
        (SubmissionStatus.WAITING_ON_ASSESSOR, EndingReason.OTHER, True),
    ],
)
def test_what_was_decided_and_put_away_was_taken_from_nobody(
    store: Store, clock: FakeClock, status: SubmissionStatus, reason: EndingReason, is_told: bool
) -> None:
    with store.write() as txn:
        lay(txn, clock, status=status)
        assessments.set_note(txn, SID, 1, "mine", NOON)
        endings.end(txn, SID, reason, str(reason), NOON)
        assert (endings.of(txn, SID) is not None) is is_told
        work = assessments.load(txn, SID, 1)
        assert work is not None
        assert work.note_to_approver == "mine"


def test_of_a_withdrawn_one_no_words_of_the_learner_stay(store: Store, clock: FakeClock) -> None:
    with store.write() as txn:
        lay(txn, clock, **TOLD)
        assessments.set_note(txn, SID, 1, "mine", NOON)
        assert endings.end(txn, SID, EndingReason.WITHDRAWN, "withdrawn", NOON) != ()
        kept = submissions.get_submission(txn, SID)
        assert evidence.files(txn, SID) == ()
    assert kept is not None
    assert (kept.status, kept.prior) == (SubmissionStatus.WITHDRAWN, ())
    answers = [answer for part in kept.parts for answer in part.responses]
    assert answers
    assert {answer.text for answer in answers} == {""}
    assert kept.collaboration == Collaboration(declared=True)


def test_of_an_erased_one_nothing_stays_but_that_there_was_work(store: Store, clock: FakeClock) -> None:
    with store.write() as txn:
        lay(txn, clock, **TOLD)
        assessments.set_note(txn, SID, 1, "mine", NOON)
        assert endings.end(txn, SID, EndingReason.ERASED, "erased", NOON) != ()
        kept, ending = submissions.get_submission(txn, SID), endings.of(txn, SID)
        assert assessments.load(txn, SID, 1) is None
        assert submissions.removed_reason(txn, SID) == "erased"
    assert kept is not None
    assert ending is not None
    assert (ending.reason, ending.keep_until) == (EndingReason.ERASED, None)
    assert kept.status is SubmissionStatus.WITHDRAWN
    told = (kept.parts, kept.attestations, kept.prior, kept.history, kept.due, kept.accommodations)
    assert told == ((),) * 6
    assert (kept.needed_by, kept.return_note) == (None, None)
    assert kept.collaboration == Collaboration(declared=False)


def test_what_comes_back_has_no_end_and_what_else_has_ended_keeps_its_own(
    store: Store, clock: FakeClock
) -> None:
    other = builders.submission(2)
    with store.write() as txn:
        lay(txn, clock)
        submissions.put_submission(txn, other)
        for sid in (SID, other.id):
            assessments.set_note(txn, sid, 1, "mine", NOON)
            endings.end(txn, sid, EndingReason.REASSIGNED, "reassigned", NOON)
        endings.lift(txn, SID)
        assert endings.of(txn, SID) is None
        assert endings.of(txn, other.id) is not None


def test_its_time_is_over_to_the_day_on_which_she_was_told_it_would_be(
    store: Store, clock: FakeClock
) -> None:
    end = NOON + timedelta(days=30)
    with store.write() as txn:
        lay(txn, clock)
        assessments.set_note(txn, SID, 1, "mine", NOON)
        endings.end(txn, SID, EndingReason.WITHDRAWN, "withdrawn", NOON)
        assert endings.over(txn, end - timedelta(seconds=1)) == ()
        assert endings.over(txn, end) == (SID,)


@pytest.mark.parametrize(
    ("told_at", "lead", "goes"),
    [
        (NOON + timedelta(days=30), timedelta(0), True),
        (NOON + timedelta(days=30), timedelta(days=2), True),
        (NOON + timedelta(days=30), timedelta(days=-2, seconds=-1), False),
        (NOON + timedelta(days=30), timedelta(days=2, seconds=1), False),
        (NOON + timedelta(days=29), timedelta(0), False),
        (None, timedelta(0), False),
    ],
    ids=["over", "clocks a little apart", "behind by far", "ahead by far", "not over", "never told the time"],
)
def test_what_was_kept_is_let_go_by_two_clocks_that_agree_and_its_place_is_told(
    store: Store, clock: FakeClock, told_at: datetime | None, lead: timedelta, goes: bool
) -> None:
    with store.write() as txn:
        lay(txn, clock)
        assessments.set_note(txn, SID, 1, "mine", NOON)
        endings.end(txn, SID, EndingReason.REASSIGNED, "reassigned", NOON)
        sync_state.set_cursor(txn, "c", told_at)
        sync_state.set_clock_lead(txn, lead)
        blob_id = evidence.files(txn, SID)[0].blob_id
    evidence.path_of(store, blob_id).write_bytes(b"sealed")
    assert endings.let_go(store) == (ChangeSet.of_ending(SID) if goes else ChangeSet())
    assert evidence.path_of(store, blob_id).exists() is not goes
    with store.read() as txn:
        assert (assessments.load(txn, SID, 1) is None) is goes
