"""What a single artifact is judged on, and what the award rule makes of the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assessor_app.domain.assessments import Assessment, Rating, RuleResult
from assessor_app.domain.ids import CriterionId, RequirementId
from assessor_app.domain.kinds import SubmissionType
from assessor_app.domain.states import AssessmentState
from assessor_app.domain.submissions import Part, Submission
from assessor_app.rubric.award_rule import ReasonCode, evaluate, taken_out
from assessor_app.rubric.checks import CheckCode, run_checks
from assessor_app.rubric.schema import AllOf, AnyOf, AwardRule, Count, Every, RubricVersion
from assessor_app.rubric.scope import judged_part, scope_of_submission
from tests.builders import CRITERIA, parts, rubric_version, submission, submission_id

A, B, C, D = CRITERIA
YES, NO, UNDECIDED = RuleResult.YES, RuleResult.NO, RuleResult.UNDECIDED
MET_B = (Rating(B, "demonstrated"),)


def single(*answered: Part) -> Submission:
    return submission(submission_type=SubmissionType.SINGLE_ARTIFACT, parts=answered)


def test_a_portfolio_is_judged_as_a_whole() -> None:
    assert scope_of_submission(rubric_version(), submission()) is None


@pytest.mark.parametrize(("part", "criteria"), [(0, {A}), (1, {B}), (2, {C, D})])
def test_a_single_artifact_is_judged_on_what_it_answers(part: int, criteria: set[CriterionId]) -> None:
    """The first part holds an answer, the second files, the third an answer and a link."""
    assert scope_of_submission(rubric_version(), single(parts()[part])) == frozenset(criteria)


def test_a_link_alone_is_evidence_and_an_empty_answer_is_none() -> None:
    link_alone = replace(parts()[2], responses=())
    assert scope_of_submission(rubric_version(), single(link_alone)) == frozenset({C, D})
    (answer,) = parts()[0].responses
    blank = replace(parts()[0], responses=(replace(answer, text=" \n"),))
    assert scope_of_submission(rubric_version(), single(blank, Part(RequirementId("design")))) == frozenset()


def test_what_is_shown_is_what_it_is_judged_by() -> None:
    whole = rubric_version()
    assert judged_part(whole, None) == (whole, ())
    part, outside = judged_part(whole, frozenset({B, D}))
    assert [c.id for c in part.criteria] == [B, D]
    assert [c.id for c in outside] == [A, C]
    assert [r.title for r in part.requirements] == ["Analyze", "Design", "Implement"]
    assert part.hash == whole.hash


def version(rule: AwardRule | None = None) -> RubricVersion:
    return rubric_version(award_rule=rule)


@pytest.mark.parametrize(
    ("rule", "result"),
    [
        (Every(), YES),
        (Count(1), YES),
        (Count(2), UNDECIDED),
        (AllOf((Every((A,)), Every((B,)), AllOf((Every((C,)), Every((D,)))))), YES),
        (AnyOf((Every((A,)), Every((B,)))), YES),
        (AllOf((Every((A,)), Every((C, D)))), UNDECIDED),
    ],
)
def test_what_is_no_part_of_it_is_not_counted(rule: AwardRule, result: RuleResult) -> None:
    verdict = evaluate(version(rule), MET_B, (), frozenset({B}))
    assert verdict.result is result
    (told,) = [r for r in verdict.reasons if r.code is ReasonCode.OUT_OF_SCOPE]
    assert (told.criteria, told.text[:29]) == ((A, C, D), "Not part of this submission, ")
    assert ReasonCode.EXCLUDED not in {r.code for r in verdict.reasons}


def test_a_rating_outside_changes_nothing_and_one_inside_decides() -> None:
    outside = (*MET_B, Rating(A, "not_met"))
    assert evaluate(version(), outside, (), frozenset({B})).result is YES
    assert evaluate(version(), (Rating(B, "not_met"),), (), frozenset({B})).result is NO
    assert evaluate(version(), (), (), frozenset({B})).result is UNDECIDED


def test_only_what_is_judged_is_checked() -> None:
    work = Assessment(submission_id(), 1, AssessmentState.DRAFT)
    verdict = evaluate(version(), (), (), frozenset({B}))
    found = run_checks(version(), work, verdict, in_scope=frozenset({B}))
    assert {(f.code, f.criterion_id) for f in found} == {
        (CheckCode.UNRATED, B),
        (CheckCode.FEEDBACK_EMPTY, B),
    }
    assert taken_out(version(), (), frozenset({B})) == {A, C, D}
    assert taken_out(version(), ()) == frozenset()
