"""What keeps an assessment from being sent, what warns, what hints; each with its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from assessor_app.domain.assessments import Assessment, CriterionFeedback, Rating
from assessor_app.domain.ids import CriterionId
from assessor_app.domain.submissions import Accommodation, AccommodationEffect
from assessor_app.rubric.award_rule import evaluate
from assessor_app.rubric.checks import (
    EXPLANATIONS,
    CheckCode,
    CheckResult,
    FeedbackRequired,
    Field,
    Override,
    Place,
    Severity,
    blocking,
    run_checks,
)
from assessor_app.rubric.schema import Count, NotScorableCode, NotScorableEffect, RubricVersion
from tests.builders import CRITERIA, assessment, feedback, rubric_version

A, B, C, D = CRITERIA
LINKS = dict.fromkeys(CRITERIA, 1)
PRAISE = "The plan names a purpose for each phase of it."


def version_with_exclude() -> RubricVersion:
    version = rubric_version(award_rule=Count(3))
    exclude = NotScorableCode("NS-EXCLUDED", "Accommodation", NotScorableEffect.EXCLUDE, requires_note=False)
    return replace(version, not_scorable=(*version.not_scorable, exclude))


def check(
    work: Assessment,
    version: RubricVersion | None = None,
    accommodations: Sequence[Accommodation] = (),
    **policy: Any,
) -> tuple[CheckResult, ...]:
    used = version or rubric_version()
    verdict = evaluate(used, work.ratings, accommodations)
    options = {"evidence_links": LINKS, **policy}
    return run_checks(used, work, verdict, accommodations=accommodations, **options)


def with_rating(rating: Rating, *feedbacks: CriterionFeedback) -> Assessment:
    """Everything demonstrated and praised but for one criterion and its feedback."""
    work = assessment()
    others = tuple(r for r in work.ratings if r.criterion_id != rating.criterion_id)
    named = {one.criterion_id for one in feedbacks}
    kept = tuple(CriterionFeedback(c, text=PRAISE) for c in CRITERIA if c not in named)
    return replace(work, ratings=(*others, rating), feedback=(*kept, *feedbacks))


def found(results: tuple[CheckResult, ...]) -> list[tuple[CheckCode, Severity, CriterionId | None, Field]]:
    return [(r.code, r.severity, r.criterion_id, r.place.field) for r in results]


def complete() -> Assessment:
    """Everything demonstrated, and said to be."""
    return replace(assessment(), feedback=tuple(CriterionFeedback(c, text=PRAISE) for c in CRITERIA))


def test_complete_work_has_no_finding() -> None:
    assert check(complete()) == ()


def test_an_unrated_criterion_blocks() -> None:
    results = check(with_rating(Rating(B)))
    assert found(results) == [(CheckCode.UNRATED, Severity.BLOCK, B, Field.RATING)]
    assert results[0].text == "'Plans open questions for each phase of the lesson' is not rated yet."
    assert blocking(results) == results


@pytest.mark.parametrize(
    "rating", [Rating(B, level="x"), Rating(B, not_scorable="x"), Rating(B, "not_met", "NS-UNREADABLE")]
)
def test_a_rating_of_another_version_blocks_once(rating: Rating) -> None:
    assert found(check(with_rating(rating))) == [(CheckCode.UNKNOWN_RATING, Severity.BLOCK, B, Field.RATING)]


def test_a_denial_needs_seen_missing_and_next_step() -> None:
    results = check(with_rating(Rating(B, level="progressing")))
    assert found(results) == [
        (CheckCode.SEEN_EMPTY, Severity.BLOCK, B, Field.SEEN),
        (CheckCode.MISSING_EMPTY, Severity.BLOCK, B, Field.MISSING),
        (CheckCode.NEXT_STEP_EMPTY, Severity.BLOCK, B, Field.NEXT_STEP),
    ]
    assert check(with_rating(Rating(B, level="progressing"), feedback(B))) == ()


@pytest.mark.parametrize("text", [" \n", "\u200b", "...", "-"])
@pytest.mark.parametrize("criterion_id", CRITERIA)
@pytest.mark.parametrize("part", ["seen", "missing", "next_step"])
def test_a_part_that_says_nothing_blocks(part: str, criterion_id: CriterionId, text: str) -> None:
    """Every part of every criterion below passing, in a denial of all of them."""
    changes: Any = {part: text}
    written = {one: replace(feedback(one), **(changes if one == criterion_id else {})) for one in CRITERIA}
    ratings = tuple(Rating(one, level="not_met") for one in CRITERIA)
    denied = replace(assessment(), ratings=ratings, feedback=tuple(written.values()))
    (result,) = check(denied)
    assert (result.severity, result.place) == (Severity.BLOCK, Place(criterion_id, Field(part)))


@pytest.mark.parametrize("note", ["\u200b", " . ", "-"])
def test_a_note_that_says_nothing_is_no_reason(note: str) -> None:
    told = CriterionFeedback(B, next_step="Send the plan again as a file that everybody can open.")
    results = check(with_rating(Rating(B, not_scorable="NS-UNREADABLE", note=note), told))
    assert found(results) == [(CheckCode.NOTE_EMPTY, Severity.BLOCK, B, Field.NOTE)]


def test_below_passing_owes_nothing_more_in_an_award_and_warns_where_the_approver_decides() -> None:
    below = with_rating(Rating(B, level="progressing"))
    assert check(below, rubric_version(award_rule=Count(3))) == ()
    blocked = replace(below, ratings=(*below.ratings, Rating(D, not_scorable="NS-IDENTITY", note="A name.")))
    blocked = replace(blocked, ratings=tuple(r for r in blocked.ratings if r != Rating(D, "demonstrated")))
    results = check(blocked, rubric_version(award_rule=Count(3)))
    assert {(r.severity, r.criterion_id) for r in results} == {(Severity.WARN, B)}
    assert len(results) == 3
    assert blocking(results) == ()


def test_what_was_looked_in_stands_for_what_was_seen() -> None:
    looked = replace(feedback(B), seen="", looked_in=("art-1",))
    assert check(with_rating(Rating(B, level="progressing"), looked)) == ()
    results = check(with_rating(Rating(B, level="progressing"), replace(looked, missing="", next_step="")))
    assert [r.code for r in results] == [CheckCode.MISSING_EMPTY, CheckCode.NEXT_STEP_EMPTY]


@pytest.mark.parametrize("part", ["seen", "missing", "next_step"])
def test_what_was_prepared_and_left_as_it_was_counts_as_missing(part: str) -> None:
    told = feedback(B)
    prepared = replace(told, prefilled=((part, f" {getattr(told, part)}\n"), ("text", told.text)))
    (result,) = check(with_rating(Rating(B, level="progressing"), prepared))
    assert (result.code, result.severity, result.place) == (
        CheckCode.PREFILLED,
        Severity.BLOCK,
        Place(B, Field(part)),
    )
    assert result.text.endswith("is still as it was prepared.")
    changes: Any = {part: getattr(told, part) + " Your first two questions do so."}
    assert check(with_rating(Rating(B, level="progressing"), replace(prepared, **changes))) == ()


def test_a_prepared_part_without_words_is_told_as_empty() -> None:
    prepared = replace(feedback(B), missing=" ", prefilled=(("missing", " "),))
    (result,) = check(with_rating(Rating(B, level="progressing"), prepared))
    assert result.code is CheckCode.MISSING_EMPTY


def test_prepared_words_are_no_feedback() -> None:
    left = CriterionFeedback(B, missing=PRAISE, prefilled=(("missing", PRAISE),))
    codes = [r.code for r in check(with_rating(Rating(B, level="demonstrated"), left))]
    assert codes == [CheckCode.FEEDBACK_EMPTY, CheckCode.MISSING_BUT_MET]


def test_what_cannot_be_scored_needs_its_note_and_a_next_step() -> None:
    assert found(check(with_rating(Rating(B, not_scorable="NS-UNREADABLE", note=" ")))) == [
        (CheckCode.NOTE_EMPTY, Severity.BLOCK, B, Field.NOTE),
        (CheckCode.NEXT_STEP_EMPTY, Severity.BLOCK, B, Field.NEXT_STEP),
    ]
    told = CriterionFeedback(B, next_step="Send the plan again as a file that everybody can open.")
    assert (
        check(with_rating(Rating(B, not_scorable="NS-UNREADABLE", note="Asks for a password."), told)) == ()
    )


def test_a_code_that_takes_out_needs_an_approved_accommodation() -> None:
    work = with_rating(Rating(B, not_scorable="NS-EXCLUDED"), CriterionFeedback(B))
    assert found(check(work, version_with_exclude())) == [
        (CheckCode.EXCLUDED_UNAPPROVED, Severity.WARN, B, Field.RATING)
    ]
    approved = Accommodation(AccommodationEffect.EXCLUDE, "Leave it out.", B)
    assert check(work, version_with_exclude(), [approved]) == ()
    assert check(with_rating(Rating(B), CriterionFeedback(B)), version_with_exclude(), [approved]) == ()


def test_missing_feedback_blocks_but_not_where_the_learner_is_to_read_none() -> None:
    praised = with_rating(Rating(B, level="demonstrated"), CriterionFeedback(B, text=" "))
    assert found(check(praised)) == [(CheckCode.FEEDBACK_EMPTY, Severity.BLOCK, B, Field.FEEDBACK)]
    concern = with_rating(Rating(B, not_scorable="NS-IDENTITY", note="A name."), CriterionFeedback(B))
    assert check(concern) == ()


def test_thin_feedback_warns() -> None:
    work = with_rating(Rating(B, level="demonstrated"), CriterionFeedback(B, text="Well done indeed."))
    assert found(check(work)) == [(CheckCode.FEEDBACK_THIN, Severity.WARN, B, Field.FEEDBACK)]
    assert check(work, thin_words=3) == ()
    assert check(work, thin_words=0) == ()


def test_a_rating_without_evidence_link_is_a_hint() -> None:
    assert found(check(complete(), evidence_links={A: 1, B: 2, C: 0})) == [
        (CheckCode.NO_EVIDENCE_LINK, Severity.HINT, C, Field.EVIDENCE_LINKS),
        (CheckCode.NO_EVIDENCE_LINK, Severity.HINT, D, Field.EVIDENCE_LINKS),
    ]
    assert check(complete(), evidence_links=None) == ()


def test_where_the_issuer_asks_for_feedback_by_requirement() -> None:
    work = replace(assessment(), feedback=(CriterionFeedback(A, PRAISE), CriterionFeedback(D, PRAISE)))
    results = check(work, feedback_required=FeedbackRequired.EVERY_REQUIREMENT)
    assert found(results) == [(CheckCode.FEEDBACK_EMPTY, Severity.BLOCK, B, Field.FEEDBACK)]
    assert results[0].text == "The requirement 'Design' has no feedback yet."
    excluded = Accommodation(AccommodationEffect.EXCLUDE, "Leave it out.", B)
    assert check(work, None, [excluded], feedback_required=FeedbackRequired.EVERY_REQUIREMENT) == ()


def test_where_the_issuer_asks_for_feedback_on_the_unmet_and_an_overall_comment() -> None:
    policy: dict[str, Any] = {"feedback_required": FeedbackRequired.UNMET_AND_OVERALL}
    silent = replace(with_rating(Rating(B, level="progressing")), feedback=(), overall=" ")
    assert found(check(silent, rubric_version(award_rule=Count(3)), **policy)) == [
        (CheckCode.FEEDBACK_EMPTY, Severity.BLOCK, B, Field.FEEDBACK),
        (CheckCode.OVERALL_EMPTY, Severity.BLOCK, None, Field.OVERALL),
    ]
    assert check(replace(assessment(), feedback=()), **policy) == ()


def test_the_heaviest_come_first_and_in_the_order_of_the_rubric() -> None:
    work = replace(assessment(), ratings=(Rating(A, "demonstrated"), Rating(C, "demonstrated")), feedback=())
    results = check(work, evidence_links={})
    keys = [(r.severity, CRITERIA.index(r.criterion_id)) for r in results if r.criterion_id]
    assert keys == sorted(keys)
    assert {severity for severity, _ in keys} == {Severity.BLOCK, Severity.HINT}


def test_every_code_is_explained() -> None:
    assert set(EXPLANATIONS) == set(CheckCode)
    (result,) = check(with_rating(Rating(B)))
    assert result.explanation == EXPLANATIONS[CheckCode.UNRATED]


def test_the_values_of_the_contract_are_known() -> None:
    assert FeedbackRequired("every_criterion") is FeedbackRequired.EVERY_CRITERION
    assert FeedbackRequired("unmet_and_overall") is FeedbackRequired.UNMET_AND_OVERALL


def test_evidence_that_was_never_opened_is_a_hint_behind_all_others() -> None:
    results = check(
        complete(), evidence_links={}, pieces={"art-1": "Artifact 1.pdf"}, unopened=["art-1", "x"]
    )
    assert [(r.severity, r.override) for r in results] == [(Severity.HINT, Override.FREELY)] * 6
    assert [(r.text, r.place) for r in results[4:]] == [
        ("Artifact 1.pdf was never opened on this computer.", Place(None, Field.EVIDENCE, "art-1")),
        ("x was never opened on this computer.", Place(None, Field.EVIDENCE, "x")),
    ]
