"""Where rubric standards and scoring programs trip: each trap through the rule and through every form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessor_app.domain.assessments import Rating, RuleResult
from assessor_app.domain.ids import CriterionId
from assessor_app.domain.submissions import Accommodation, AccommodationEffect
from assessor_app.rubric.award_rule import (
    ReasonCode,
    Standing,
    criterion_states,
    evaluate,
    excluded_criteria,
)
from assessor_app.rubric.exchange.canvas_csv import canvas_csv, rubric_from_canvas_csv
from assessor_app.rubric.exchange.case_export import case_package
from assessor_app.rubric.exchange.case_import import rubric_from_case
from assessor_app.rubric.exchange.open_badges import open_badges
from assessor_app.rubric.native import published
from assessor_app.rubric.schema import (
    AllOf,
    AnyOf,
    AwardRule,
    Count,
    Every,
    Level,
    NotScorableCode,
    NotScorableEffect,
    Points,
    RubricVersion,
)
from tests.builders import CRITERIA, rubric_version
from tests.rubric_strategies import accommodations_of, ratings_of, rubric_versions

YES, NO, UNDECIDED = RuleResult.YES, RuleResult.NO, RuleResult.UNDECIDED
A, B, C, D = CRITERIA
FAIL, BLOCK, EXCLUDE = "NS-UNREADABLE", "NS-IDENTITY", "NS-EXCLUDED"
EXAMPLES = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def version_with(rule: AwardRule, weights: Sequence[float] = (1, 1, 1, 1)) -> RubricVersion:
    version = rubric_version()
    exclude = NotScorableCode(EXCLUDE, "Approved accommodation", NotScorableEffect.EXCLUDE)
    by_id = dict(zip(CRITERIA, weights, strict=True))
    requirements = tuple(
        replace(r, criteria=tuple(replace(c, weight=by_id[c.id]) for c in r.criteria))
        for r in version.requirements
    )
    codes = (*version.not_scorable, exclude)
    return published(
        replace(version, requirements=requirements, not_scorable=codes, award_rule=rule, hash="")
    )


def rated(**codes: str) -> list[Rating]:
    """Ratings by the letter of the criterion: a level, or a not-scorable code."""
    by_letter = dict(zip("abcd", CRITERIA, strict=True))
    return [
        Rating(by_letter[letter], not_scorable=code)
        if code.startswith("NS-")
        else Rating(by_letter[letter], code)
        for letter, code in codes.items()
    ]


LEVELS = {"x": "not_met", "p": "progressing", "d": "demonstrated"}


def all_rated(letters: str) -> list[Rating]:
    return rated(**{name: LEVELS[letter] for name, letter in zip("abcd", letters, strict=True)})


# An unused level


def with_an_unused_level(points: bool = True) -> RubricVersion:
    """A level in the middle of the scale that no criterion has words for."""
    version = rubric_version()
    (scale,) = version.scales
    low, middle, high = scale.levels
    levels: tuple[Level, ...] = (low, Level("nearly", "Nearly", False, 0.5), middle, high)
    if not points:
        levels = tuple(replace(level, points=None) for level in levels)
    return replace(version, scales=(replace(scale, levels=levels),))


@pytest.mark.parametrize("points", [True, False])
def test_an_unused_level_stays_a_level_in_its_place(points: bool) -> None:
    version = with_an_unused_level(points)
    labels = ["Not Met", "Nearly", "Progressing", "Demonstrated"]
    package, badge = case_package(version)[0], open_badges(version)[0]
    through = [rubric_from_case(package)[0], rubric_from_canvas_csv(canvas_csv(version)[0])[0]]
    for read in through:
        assert [level.label for level in read.scale_of(read.criteria[0]).levels] == labels
    written: Any = badge["resultDescription"]
    assert [level["name"] for level in written[0]["rubricCriterionLevel"]] == labels
    assert "description" not in written[0]["rubricCriterionLevel"][1]


def test_an_unused_level_can_be_rated_and_counts_where_it_stands() -> None:
    version = replace(with_an_unused_level(), award_rule=Every((), "nearly"))
    assert evaluate(version, [Rating(c, "nearly") for c in CRITERIA]).result is YES
    assert evaluate(version, [Rating(c, "not_met") for c in CRITERIA]).result is NO


# A zero that is a score


def test_a_zero_is_a_score_and_written_as_one() -> None:
    version = rubric_version()
    package: Any = case_package(version)[0]
    levels = package["CFRubrics"][0]["CFRubricCriteria"][0]["CFRubricCriterionLevels"]
    assert [level["score"] for level in levels] == [0, 1, 2]
    badge: Any = open_badges(version)[0]["resultDescription"]
    assert [level["points"] for level in badge[0]["rubricCriterionLevel"]] == ["0", "1", "2"]
    assert canvas_csv(version)[0].splitlines()[1].endswith(",0")
    for read in (rubric_from_case(package)[0], rubric_from_canvas_csv(canvas_csv(version)[0])[0]):
        assert read.scales[0].levels[0].points == 0


def test_no_points_are_not_zero_points() -> None:
    version = with_an_unused_level(points=False)
    package: Any = case_package(version)[0]
    levels = package["CFRubrics"][0]["CFRubricCriteria"][0]["CFRubricCriterionLevels"]
    assert not any("score" in level for level in levels)
    badge: Any = open_badges(version)[0]["resultDescription"]
    assert not any("points" in level for level in badge[0]["rubricCriterionLevel"])
    assert rubric_from_case(package)[0].scales[0].levels[0].points is None


def test_a_zero_is_a_rating_that_is_there() -> None:
    states = criterion_states(version_with(Every()), all_rated("xxxx"))
    assert {state.standing for state in states.values()} == {Standing.RATED}
    verdict = evaluate(version_with(Points(1.0)), all_rated("xxxx"))
    assert verdict.result is NO
    assert ReasonCode.NOT_RATED not in {reason.code for reason in verdict.reasons}
    # Eight points of eight cannot be reached with one zero, seven cannot either, six can.
    assert evaluate(version_with(Points(7.0)), rated(a="not_met")).result is NO
    assert evaluate(version_with(Points(6.0)), rated(a="not_met")).result is UNDECIDED


# Not scorable is not the lowest level, and the lowest level is not "not scorable"


@pytest.mark.parametrize(("code", "result"), [(FAIL, NO), (BLOCK, UNDECIDED), (EXCLUDE, YES)])
def test_not_scorable_is_no_level(code: str, result: RuleResult) -> None:
    """Under a rule that the lowest level satisfies, so that only what the code says can matter."""
    rule = Every((), "not_met")
    assert evaluate(version_with(rule), all_rated("xddd")).result is YES
    assert evaluate(version_with(rule), rated(a=code, b="not_met", c="not_met", d="not_met")).result is result


def test_a_blocked_criterion_may_still_have_any_level_and_a_failed_one_none() -> None:
    rest = {"b": "demonstrated", "c": "demonstrated", "d": "progressing"}
    assert evaluate(version_with(Points(7.0)), rated(a=BLOCK, **rest)).result is UNDECIDED
    assert evaluate(version_with(Points(7.0)), rated(a=FAIL, **rest)).result is NO
    assert evaluate(version_with(Points(7.0)), rated(a="not_met", **rest)).result is NO


def test_a_rating_that_is_both_or_of_another_rubric_is_neither() -> None:
    for odd in (Rating(A, "demonstrated", FAIL), Rating(A, FAIL), Rating(A, not_scorable="not_met")):
        verdict = evaluate(version_with(Every()), [odd, *all_rated("dddd")[1:]])
        assert verdict.result is UNDECIDED
        assert verdict.reasons[0].code is ReasonCode.UNKNOWN_CODE


def test_no_form_takes_a_not_scorable_code_for_a_level() -> None:
    version = version_with(Every())
    for code in version.not_scorable:
        for content in (case_package(version)[0], open_badges(version)[0], canvas_csv(version)[0]):
            assert code.code not in str(content)
            assert code.label not in str(content)
    for remarks in (case_package(version)[1], open_badges(version)[1], canvas_csv(version)[1]):
        assert "/not_scorable" in {remark.place for remark in remarks}


# `exclude` from an accommodation


def exclusion(effect: AccommodationEffect = AccommodationEffect.EXCLUDE) -> tuple[Accommodation, ...]:
    return (Accommodation(effect, "Leave it out.", A),)


@pytest.mark.parametrize("given_level", ["not_met", "demonstrated", FAIL, BLOCK, ""])
def test_what_an_accommodation_takes_out_counts_neither_way(given_level: str) -> None:
    rest = {"b": "demonstrated", "c": "demonstrated", "d": "demonstrated"}
    ratings = rated(**({"a": given_level} if given_level else {}), **rest)
    assert evaluate(version_with(Every()), ratings, exclusion()).result is YES
    assert evaluate(version_with(Count(4)), ratings, exclusion()).result is UNDECIDED
    assert evaluate(version_with(Count(3)), ratings, exclusion()).result is YES
    for other in (AccommodationEffect.EXTEND, AccommodationEffect.SUBSTITUTE):
        verdict = evaluate(version_with(Every()), ratings, exclusion(other))
        assert verdict.result is evaluate(version_with(Every()), ratings).result


def test_an_exclusion_in_one_way_of_several_leaves_the_others() -> None:
    ways = AnyOf((Every((A,)), Every((B, C))))
    assert evaluate(version_with(ways), all_rated("dxdd"), exclusion()).result is UNDECIDED
    assert evaluate(version_with(ways), all_rated("xddd"), exclusion()).result is YES
    both = AllOf((Count(1, (A, B)), Every((C, D))))
    assert evaluate(version_with(both), all_rated("dddd"), exclusion()).result is YES
    assert evaluate(version_with(both), all_rated("dxdd"), exclusion()).result is UNDECIDED


# Weights with missing ratings


@pytest.mark.parametrize(
    ("minimum", "ratings", "result"),
    [
        # Weights 3, 1, 0.5, 0: at most 6 + 2 + 1 + 0 points.
        (9, rated(a="demonstrated", b="demonstrated", c="demonstrated"), UNDECIDED),
        (9, rated(a="demonstrated", b="demonstrated", c="demonstrated", d="not_met"), YES),
        (9, rated(a="progressing"), NO),
        (6, rated(a="progressing"), UNDECIDED),
        (6, rated(b="demonstrated", c="demonstrated", d="demonstrated"), UNDECIDED),
        (4, rated(a=FAIL, b="demonstrated"), NO),
        (3, rated(a=FAIL, b="demonstrated"), UNDECIDED),
        (3.5, rated(a="not_met", b="demonstrated", c=BLOCK, d="demonstrated"), NO),
        (3, rated(a="not_met", b="demonstrated", c=BLOCK, d="demonstrated"), UNDECIDED),
        (0.5, rated(a="not_met", b="not_met", c="progressing", d="not_met"), YES),
    ],
)
def test_missing_ratings_weigh_what_they_may_still_bring(
    minimum: float, ratings: list[Rating], result: RuleResult
) -> None:
    verdict = evaluate(version_with(Points(minimum), (3, 1, 0.5, 0)), ratings)
    assert verdict.result is result


def test_a_criterion_without_weight_is_still_to_be_rated() -> None:
    verdict = evaluate(version_with(Points(2.0), (0, 1, 1, 1)), all_rated("dddd")[1:])
    assert verdict.result is UNDECIDED
    assert verdict.reasons[0].criteria == (A,)


# The trace


def lowest(version: RubricVersion, criterion_id: CriterionId) -> Rating:
    return Rating(criterion_id, version.scale_of(version.criterion(criterion_id)).levels[0].code)


def highest(version: RubricVersion, criterion_id: CriterionId) -> Rating:
    return Rating(criterion_id, version.scale_of(version.criterion(criterion_id)).levels[-1].code)


@EXAMPLES
@given(st.data())
def test_the_reasons_name_all_that_carries_the_result(data: st.DataObject) -> None:
    """Whatever becomes of the criteria that no deciding reason names, the result stays."""
    version = data.draw(rubric_versions())
    ratings, accommodations = data.draw(ratings_of(version)), data.draw(accommodations_of(version))
    verdict = evaluate(version, ratings, accommodations)
    named = {c for reason in verdict.reasons if reason.result is verdict.result for c in reason.criteria}
    assert named
    if verdict.result is UNDECIDED:
        return
    others = [criterion.id for criterion in version.criteria if criterion.id not in named]
    kept = [rating for rating in ratings if rating.criterion_id in named]
    turn = lowest if verdict.result is YES else highest
    turned = [turn(version, criterion_id) for criterion_id in others]
    assert evaluate(version, [*kept, *turned], accommodations).result is verdict.result


RANK = {NO: 0, UNDECIDED: 1, YES: 2}


@EXAMPLES
@given(st.data())
def test_a_higher_level_never_makes_a_result_worse(data: st.DataObject) -> None:
    version = data.draw(rubric_versions())
    ratings, accommodations = data.draw(ratings_of(version)), data.draw(accommodations_of(version))
    before = evaluate(version, ratings, accommodations).result
    for index, rating in enumerate(ratings):
        if rating.level is not None:
            higher = [*ratings[:index], highest(version, rating.criterion_id), *ratings[index + 1 :]]
            assert RANK[evaluate(version, higher, accommodations).result] >= RANK[before]


@EXAMPLES
@given(st.data())
def test_what_is_certain_stays_when_more_is_rated(data: st.DataObject) -> None:
    """A no is final, and a yes only comes when all is rated."""
    version = data.draw(rubric_versions())
    ratings = data.draw(ratings_of(version))
    accommodations = data.draw(accommodations_of(version))
    before = evaluate(version, ratings, accommodations).result
    unrated = [c.id for c in version.criteria if c.id not in {r.criterion_id for r in ratings}]
    if before is YES:
        assert set(unrated) <= excluded_criteria(version, accommodations)
    for turn in (lowest, highest):
        more = [*ratings, *(turn(version, criterion_id) for criterion_id in unrated)]
        if before is NO:
            assert evaluate(version, more, accommodations).result is NO
