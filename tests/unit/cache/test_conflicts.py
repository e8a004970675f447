"""Both sides of what was changed here and there: whole, in order, for good, erased with the work."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from assessor_app.cache import conflicts, endings, forgetting, submissions
from assessor_app.cache.engine import Store
from assessor_app.domain.assessments import DecisionDraft
from assessor_app.domain.conflicts import Conflict, ConflictKind, TheirSide
from assessor_app.domain.endings import EndingReason
from assessor_app.domain.merging import WorkCopy, of_recommendation
from assessor_app.domain.states import AssessmentState, SubmissionStatus
from tests.builders import NOON, annotation, assessment, recommendation, submission, submission_id, uuid_text

MINE = WorkCopy(assessment(), (annotation(), annotation(2)))
SENT = recommendation()
THEIRS = TheirSide(
    SubmissionStatus.WAITING_ON_APPROVER, 1, of_recommendation(SENT, AssessmentState.FINAL), SENT
)
ONE = Conflict(uuid_text(1), submission_id(), 1, ConflictKind.RECOMMENDATION, NOON, MINE, base=MINE)


def noted(store: Store, *given: Conflict) -> None:
    with store.write() as txn:
        for conflict in given:
            conflicts.note(txn, conflict)


def test_it_comes_back_as_it_was_noted(store: Store) -> None:
    noted(store, ONE)
    with store.read() as txn:
        assert conflicts.get(txn, ONE.id) == ONE
        assert conflicts.get(txn, "other") is None
        assert conflicts.open_ids(txn) == {ONE.id}


def test_noting_it_twice_changes_nothing(store: Store) -> None:
    noted(store, ONE, replace(ONE, mine=WorkCopy(assessment(overall="later"))))
    with store.read() as txn:
        assert conflicts.of_submission(txn, submission_id()) == (ONE,)


def test_the_other_side_is_completed_until_she_has_chosen(store: Store) -> None:
    noted(store, ONE)
    with store.write() as txn:
        assert conflicts.tell(txn, ONE.id, THEIRS)
        assert not conflicts.tell(txn, ONE.id, THEIRS)
    later = replace(THEIRS, status=SubmissionStatus.AWARDED)
    before = WorkCopy(assessment(overall="written meanwhile"))
    with store.write() as txn:
        assert conflicts.tell(txn, ONE.id, later)
        conflicts.settle(txn, ONE.id, NOON, before)
        assert not conflicts.tell(txn, ONE.id, THEIRS)
        # Whoever settles it twice does not replace what was kept.
        conflicts.settle(txn, ONE.id, NOON, MINE)
        assert conflicts.open_ones(txn) == ()
        assert conflicts.open_ids(txn) == frozenset()
        kept = conflicts.get(txn, ONE.id)
    assert kept == replace(ONE, theirs=later, mine=before, settled_at=NOON)


def test_several_of_one_submission_stand_in_order(store: Store) -> None:
    later = replace(
        ONE, id=uuid_text(3), found_at=NOON + timedelta(days=1), base=None, settled_at=NOON, round=2
    )
    elsewhere = replace(ONE, id=uuid_text(4), submission_id=submission_id(2))
    noted(store, ONE, later, elsewhere)
    with store.read() as txn:
        assert conflicts.of_submission(txn, submission_id()) == (later, ONE)
        assert conflicts.open_ones(txn) == (ONE, elsewhere)


def test_who_sends_anew_is_asked_nothing_more_of_this_submission(store: Store) -> None:
    settled = replace(ONE, id=uuid_text(3), settled_at=NOON - timedelta(days=1))
    elsewhere = replace(ONE, id=uuid_text(4), submission_id=submission_id(2))
    noted(store, ONE, settled, elsewhere)
    with store.write() as txn:
        conflicts.settle_open(txn, submission_id(), NOON)
        assert conflicts.open_ids(txn) == {elsewhere.id}
        # What stood on either side stays as it was noted, and what she had chosen before keeps its time.
        assert conflicts.get(txn, ONE.id) == replace(ONE, settled_at=NOON)
        assert conflicts.get(txn, settled.id) == settled


def test_the_oldest_is_asked_first_and_what_is_settled_not_at_all(store: Store) -> None:
    later = replace(ONE, id=uuid_text(0), found_at=NOON + timedelta(days=1))
    settled = replace(ONE, id=uuid_text(9), found_at=NOON - timedelta(days=1), settled_at=NOON)
    elsewhere = replace(ONE, id=uuid_text(8), submission_id=submission_id(2), found_at=settled.found_at)
    noted(store, later, ONE, settled, elsewhere)
    with store.write() as txn:
        assert conflicts.open_of(txn, submission_id()) == ONE.id
        assert conflicts.open_of_submission(txn, submission_id()) == (later, ONE)
        assert conflicts.has_settled(txn, submission_id())
        assert not conflicts.has_settled(txn, submission_id(2))
        conflicts.settle_open(txn, submission_id(), NOON)
        assert conflicts.open_of(txn, submission_id()) == ""


@pytest.mark.parametrize(
    ("kind", "is_asked"), [(ConflictKind.DRAFT, False), (ConflictKind.RECOMMENDATION, True)]
)
def test_two_copies_of_a_draft_are_not_asked_about_while_somebody_else_has_the_work(
    store: Store, kind: ConflictKind, is_asked: bool
) -> None:
    one, other = (
        replace(ONE, kind=kind),
        replace(ONE, id=uuid_text(4), submission_id=submission_id(2), kind=kind),
    )
    with store.write() as txn:
        submissions.put_submission(txn, submission(1))
        for conflict in (one, other):
            conflicts.note(txn, conflict)
        endings.end(txn, submission_id(), EndingReason.REASSIGNED, "reassigned", NOON)
        assert bool(conflicts.open_of(txn, submission_id())) is is_asked
        assert conflicts.open_ids(txn) == ({one.id, other.id} if is_asked else {other.id})
        # Nobody has chosen yet: it waits until the work comes back.
        assert conflicts.open_of_submission(txn, submission_id()) == (one,)
        assert conflicts.has_settled(txn, submission_id()) is not is_asked
        endings.lift(txn, submission_id())
        assert conflicts.open_of(txn, submission_id()) == one.id


def test_an_approver_s_side_is_what_she_had_prepared(store: Store) -> None:
    prepared = DecisionDraft(submission_id(), 1, reason="Look again.")
    one = replace(ONE, kind=ConflictKind.DECISION, mine=prepared, theirs=THEIRS)
    noted(store, one)
    with store.read() as txn:
        assert conflicts.get(txn, one.id) == one


def test_it_is_erased_with_the_submission(store: Store) -> None:
    other = replace(ONE, id=uuid_text(9), submission_id=submission_id(2))
    noted(store, ONE, other)
    with store.write() as txn:
        forgetting.forget(txn, submission_id())
    with store.read() as txn:
        assert conflicts.open_ids(txn) == {other.id}
