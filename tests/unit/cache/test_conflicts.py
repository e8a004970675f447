"""Both sides of what was changed here and there: whole, in order, for good, erased with the work."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from assessor_app.cache import conflicts, forgetting
from assessor_app.cache.engine import Store
from assessor_app.domain.assessments import DecisionDraft
from assessor_app.domain.conflicts import Conflict, ConflictKind, TheirSide
from assessor_app.domain.merging import WorkCopy, of_recommendation
from assessor_app.domain.states import AssessmentState, SubmissionStatus
from tests.builders import NOON, annotation, assessment, recommendation, submission_id, uuid_text

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
