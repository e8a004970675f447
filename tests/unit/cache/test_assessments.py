from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from assessor_app.cache import assessments
from assessor_app.cache.engine import Store, Transaction
from assessor_app.domain.assessments import Assessment, CriterionFeedback, DecisionDraft, Override, Rating
from assessor_app.domain.states import ASSESSMENT_TRANSITIONS, AssessmentState, IllegalTransition
from assessor_app.errors import NotAllowed
from tests import builders
from tests.builders import CRITERIA, NOON

SID = builders.submission_id(1)
LATER = NOON + timedelta(seconds=1, microseconds=1)
A = AssessmentState


def write_all(txn: Transaction, work: Assessment) -> None:
    for rating in work.ratings:
        assessments.set_rating(txn, work.submission_id, work.round, rating, NOON)
    for feedback in work.feedback:
        assessments.set_feedback(txn, work.submission_id, work.round, feedback, NOON)
    assessments.set_overall(txn, work.submission_id, work.round, work.overall, NOON)
    assessments.set_note(txn, work.submission_id, work.round, work.note_to_approver, NOON)


def test_work_comes_back_as_it_was_written(store: Store) -> None:
    work = builders.assessment(1)
    with store.write() as txn:
        assert assessments.load(txn, SID, 1) is None
        write_all(txn, work)
        write_all(txn, builders.assessment(2, overall="other"))
    with store.read() as txn:
        assert assessments.load(txn, SID, 1) == work
        assert assessments.load(txn, SID, 2) is None


def test_the_order_is_that_of_the_criteria_not_of_the_clicks(store: Store) -> None:
    with store.write() as txn:
        for criterion_id in reversed(CRITERIA):
            assessments.set_rating(txn, SID, 1, Rating(criterion_id, "not_met"), NOON)
            assessments.set_feedback(txn, SID, 1, builders.feedback(criterion_id), NOON)
        work = assessments.load(txn, SID, 1)
    assert work is not None
    assert [r.criterion_id for r in work.ratings] == sorted(CRITERIA)
    assert [f.criterion_id for f in work.feedback] == sorted(CRITERIA)


def test_the_last_word_counts(store: Store) -> None:
    not_scorable = Rating(CRITERIA[0], not_scorable="NS-UNREADABLE", note="The file is empty.")
    with store.write() as txn:
        assessments.set_rating(txn, SID, 1, Rating(CRITERIA[0], "demonstrated"), NOON)
        assessments.set_rating(txn, SID, 1, not_scorable, LATER)
        work = assessments.load(txn, SID, 1)
    assert work is not None
    assert (work.ratings, work.updated_at) == ((not_scorable,), LATER)


def test_an_empty_rating_or_feedback_clears(store: Store) -> None:
    with store.write() as txn:
        write_all(txn, builders.assessment(1))
        assessments.set_rating(txn, SID, 1, Rating(CRITERIA[0]), LATER)
        assessments.set_rating(txn, SID, 1, Rating(CRITERIA[1], note="kept while choosing"), LATER)
        assessments.set_feedback(txn, SID, 1, CriterionFeedback(CRITERIA[0]), LATER)
        work = assessments.load(txn, SID, 1)
    assert work is not None
    assert [r.criterion_id for r in work.ratings] == list(CRITERIA[1:])
    assert work.rating(CRITERIA[1]) == Rating(CRITERIA[1], note="kept while choosing")
    assert [f.criterion_id for f in work.feedback] == list(CRITERIA[1:])


def test_beginning_twice_overwrites_nothing(store: Store) -> None:
    with store.write() as txn:
        begun = assessments.begin(txn, SID, 1)
        assert begun == Assessment(SID, 1, A.DRAFT)
        write_all(txn, builders.assessment(1))
        assert assessments.begin(txn, SID, 1, copy_from_round=7) == builders.assessment(1)


def test_the_next_round_starts_from_the_last(store: Store) -> None:
    with store.write() as txn:
        write_all(txn, builders.assessment(1))
        assessments.set_state(txn, SID, 1, A.FINAL, NOON)
        assessments.set_state(txn, SID, 1, A.RETURNED, NOON)
        second = assessments.begin(txn, SID, 2, copy_from_round=1)
        assert second == builders.assessment(1, round=2, updated_at=None)
        assessments.set_rating(txn, SID, 2, Rating(CRITERIA[0], "not_met"), LATER)
        assert assessments.load(txn, SID, 1) == builders.assessment(1, state=A.RETURNED)
        assert assessments.begin(txn, SID, 3, copy_from_round=9).ratings == ()


@pytest.mark.parametrize("old", list(A))
@pytest.mark.parametrize("new", list(A))
def test_the_table_of_states_is_the_rule(store: Store, old: AssessmentState, new: AssessmentState) -> None:
    way = {A.DRAFT: (), A.FINAL: (A.FINAL,), A.RETURNED: (A.FINAL, A.RETURNED)}
    with store.write() as txn:
        assessments.begin(txn, SID, 1)
        for state in way[old]:
            assessments.set_state(txn, SID, 1, state, NOON)
        if new not in ASSESSMENT_TRANSITIONS[old]:
            with pytest.raises(IllegalTransition):
                assessments.set_state(txn, SID, 1, new, NOON)
            return
        assessments.set_state(txn, SID, 1, new, LATER)
        assert assessments.load(txn, SID, 1) == Assessment(SID, 1, new, updated_at=LATER)


def test_a_state_of_work_that_was_never_begun(store: Store) -> None:
    with store.write() as txn, pytest.raises(LookupError):
        assessments.set_state(txn, SID, 1, A.FINAL, NOON)


@pytest.mark.parametrize(
    "change",
    [
        lambda txn: assessments.set_rating(txn, SID, 1, Rating(CRITERIA[0], "not_met"), LATER),
        lambda txn: assessments.set_feedback(txn, SID, 1, CriterionFeedback(CRITERIA[0], "no"), LATER),
        lambda txn: assessments.set_overall(txn, SID, 1, "no", LATER),
        lambda txn: assessments.set_note(txn, SID, 1, "no", LATER),
    ],
)
def test_what_was_sent_stays_as_it_is(store: Store, change: Callable[[Transaction], None]) -> None:
    with store.write() as txn:
        write_all(txn, builders.assessment(1))
        assessments.set_state(txn, SID, 1, A.FINAL, NOON)
    with pytest.raises(NotAllowed), store.write() as txn:
        change(txn)
    with store.read() as txn:
        assert assessments.load(txn, SID, 1) == builders.assessment(1, state=A.FINAL)


def test_an_approvers_draft(store: Store) -> None:
    draft = DecisionDraft(
        SID,
        2,
        revealed_at=NOON,
        overrides=(Override(CRITERIA[1], "progressing", "One question only."),),
        reason="See the plan.",
        criteria=(CRITERIA[1],),
        final_feedback="Nearly there.",
    )
    with store.write() as txn:
        assert assessments.decision_draft(txn, SID, 2) == DecisionDraft(SID, 2)
        assessments.put_decision_draft(txn, draft)
        assessments.put_decision_draft(txn, replace(draft, reason="Look again."))
    with store.read() as txn:
        assert assessments.decision_draft(txn, SID, 2) == replace(draft, reason="Look again.")
        assert assessments.decision_draft(txn, SID, 1) == DecisionDraft(SID, 1)
    with store.write() as txn:
        assessments.put_decision_draft(txn, DecisionDraft(SID, 2))
        assert txn.connection.exec_driver_sql("SELECT count(*) FROM decision_draft").scalar() == 0
