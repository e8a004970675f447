"""The award rule case by case, and its reasons as the person reads them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assessor_app.domain.assessments import Outcome, Rating, RuleResult
from assessor_app.domain.ids import CriterionId, RequirementId
from assessor_app.domain.submissions import Accommodation, AccommodationEffect
from assessor_app.rubric.award_rule import ReasonCode, Verdict, evaluate, outcome_of
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
    Scale,
)
from tests.builders import CRITERIA, criterion, ratings, rubric_version

YES, NO, UNDECIDED = RuleResult.YES, RuleResult.NO, RuleResult.UNDECIDED
A, B, C, D = CRITERIA
FAIL, BLOCK, EXCLUDE = "NS-UNREADABLE", "NS-IDENTITY", "NS-EXCLUDED"
RULES: list[AwardRule] = [Every(), Count(4), Points(8.0), AllOf((Every(),)), AnyOf((Every(), Points(8.0)))]
"""All ask for everything."""


def version_with(rule: AwardRule | None = None) -> RubricVersion:
    version = rubric_version(award_rule=rule)
    exclude = NotScorableCode(EXCLUDE, "Approved accommodation", NotScorableEffect.EXCLUDE)
    return replace(version, not_scorable=(*version.not_scorable, exclude))


def judge(
    rule: AwardRule | None = None, *changes: Rating, without: tuple[Accommodation, ...] = ()
) -> Verdict:
    """The verdict where everything is demonstrated but for the changes."""
    changed = {rating.criterion_id for rating in changes}
    rest = [rating for rating in ratings() if rating.criterion_id not in changed]
    return evaluate(version_with(rule), [*changes, *rest], without)


def level(criterion_id: CriterionId, code: str) -> Rating:
    return Rating(criterion_id, level=code)


def code(criterion_id: CriterionId, not_scorable: str) -> Rating:
    return Rating(criterion_id, not_scorable=not_scorable, note="It is so.")


def exclusion(criterion_id: CriterionId | None = None, requirement: str | None = None) -> Accommodation:
    requirement_id = None if requirement is None else RequirementId(requirement)
    return Accommodation(AccommodationEffect.EXCLUDE, "Leave it out.", criterion_id, requirement_id)


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize(
    ("change", "result"),
    [
        (level(A, "demonstrated"), YES),
        (level(A, "progressing"), NO),
        (level(A, "not_met"), NO),
        (Rating(A), UNDECIDED),
        (code(A, FAIL), NO),
        (code(A, BLOCK), UNDECIDED),
        (level(A, "of another rubric"), UNDECIDED),
        (code(A, "of another rubric"), UNDECIDED),
        (Rating(A, level="demonstrated", not_scorable=FAIL), UNDECIDED),
    ],
)
def test_what_one_criterion_does_to_a_rule_that_asks_for_all(
    rule: AwardRule, change: Rating, result: RuleResult
) -> None:
    assert judge(rule, change).result is result


def test_no_comes_as_soon_as_it_is_certain_and_yes_never_early() -> None:
    assert evaluate(version_with(), [level(D, "not_met")]).result is NO
    assert (
        evaluate(version_with(Count(2)), [level(A, "demonstrated"), level(B, "demonstrated")]).result
        is UNDECIDED
    )
    assert evaluate(version_with(Count(2)), [level(c, "not_met") for c in (A, B, C)]).result is NO
    assert (
        evaluate(version_with(Points(3.0)), [level(A, "demonstrated"), level(B, "demonstrated")]).result
        is UNDECIDED
    )
    assert evaluate(version_with(Points(3.0)), [level(c, "not_met") for c in (A, B, C)]).result is NO


def test_a_blocking_code_outside_the_scope_keeps_a_yes_away() -> None:
    assert judge(Every((A, B)), code(D, BLOCK)).result is UNDECIDED
    assert judge(Every((A, B)), code(D, FAIL)).result is YES


def test_a_blocking_code_does_not_hide_a_certain_no() -> None:
    assert judge(None, code(D, BLOCK), level(A, "not_met")).result is NO


@pytest.mark.parametrize(
    ("accommodation", "taken_out"),
    [(exclusion(A), {A}), (exclusion(requirement="implement"), {C, D}), (exclusion(A, "implement"), {A})],
)
def test_an_accommodation_takes_a_criterion_or_a_requirement_out(
    accommodation: Accommodation, taken_out: set[CriterionId]
) -> None:
    for criterion_id in CRITERIA:
        verdict = judge(None, level(criterion_id, "not_met"), without=(accommodation,))
        assert verdict.result is (YES if criterion_id in taken_out else NO)
    reason = next(r for r in verdict.reasons if r.code is ReasonCode.EXCLUDED)
    assert set(reason.criteria) == taken_out


@pytest.mark.parametrize("effect", [AccommodationEffect.EXTEND, AccommodationEffect.SUBSTITUTE])
def test_other_accommodations_change_nothing(effect: AccommodationEffect) -> None:
    other = Accommodation(effect, "More time.", A)
    assert judge(None, level(A, "not_met"), without=(other,)).result is NO


def test_an_excluding_code_takes_out_too() -> None:
    assert judge(None, code(A, EXCLUDE)).result is YES
    assert judge(None, code(A, EXCLUDE), level(B, "progressing")).result is NO


@pytest.mark.parametrize(
    ("rule", "others", "result"),
    [
        # Without A, three criteria and six points are left.
        (Count(3), "demonstrated", YES),
        (Count(4), "demonstrated", UNDECIDED),
        (Count(2), "progressing", NO),
        (Count(1), "progressing", UNDECIDED),
        (Points(6.0), "demonstrated", YES),
        (Points(7.0), "demonstrated", UNDECIDED),
        (Points(5.5), "progressing", NO),
        (Points(5.0), "progressing", UNDECIDED),
    ],
)
def test_an_exclusion_neither_lowers_a_minimum_nor_denies(
    rule: AwardRule, others: str, result: RuleResult
) -> None:
    rest = [level(criterion_id, others) for criterion_id in (B, C, D)]
    verdict = judge(rule, *rest, without=(exclusion(A),))
    assert verdict.result is result
    said = any("could have made the difference" in reason.text for reason in verdict.reasons)
    assert said is (result is UNDECIDED)


def test_an_award_never_comes_from_nothing() -> None:
    everything = tuple(exclusion(criterion_id) for criterion_id in CRITERIA)
    for rule in RULES:
        verdict = judge(rule, without=everything)
        assert verdict.result is UNDECIDED
        assert ReasonCode.NOTHING_LEFT in {reason.code for reason in verdict.reasons}
    assert judge(AllOf((Every((A,)), Every((B,)))), without=(exclusion(A),)).result is UNDECIDED


def test_any_takes_one_way_and_all_takes_every_way() -> None:
    ways: tuple[AwardRule, ...] = (Every((A, B)), Count(3))
    assert judge(AnyOf(ways), level(A, "not_met")).result is YES
    assert judge(AllOf(ways), level(A, "not_met")).result is NO
    assert judge(AnyOf(ways), level(A, "not_met"), level(C, "not_met")).result is NO
    assert evaluate(version_with(AnyOf(ways)), [level(A, "not_met")]).result is UNDECIDED


def test_a_level_means_that_level_or_a_higher_one() -> None:
    rule = Every((A,), "progressing")
    assert judge(rule, level(A, "demonstrated")).result is YES
    assert judge(rule, level(A, "progressing")).result is YES
    assert judge(rule, level(A, "not_met")).result is NO


def test_weighted_points_are_added_as_they_were_written() -> None:
    version = version_with(Points(0.6, (A, B)))
    first, *rest = version.requirements
    weighted = [replace(first, criteria=(replace(first.criteria[0], weight=0.1),))]
    weighted += [replace(rest[0], criteria=(replace(rest[0].criteria[0], weight=0.2),)), *rest[1:]]
    version = replace(version, requirements=tuple(weighted))
    # In binary 0.1 * 2 + 0.2 * 2 is 0.6000000000000001, and 0.1 + 0.2 * 1 is not 0.3.
    assert evaluate(version, ratings()).result is YES
    exactly = replace(version, award_rule=Points(0.3, (A, B)))
    assert evaluate(exactly, ratings("progressing")).result is YES
    assert evaluate(replace(version, award_rule=Points(0.31, (A, B))), ratings("progressing")).result is NO


def test_the_first_rating_of_a_criterion_counts_and_strangers_do_not() -> None:
    twice = [*ratings(), level(A, "not_met"), level(CriterionId("elsewhere"), "not_met")]
    assert evaluate(version_with(), twice).result is YES


@pytest.mark.parametrize(
    ("rule", "changes", "text"),
    [
        (
            Every(),
            [level(B, "progressing"), code(C, FAIL)],
            "Every criterion must reach Demonstrated; not yet: 'Plans open questions for each phase of the "
            "lesson' is Progressing, 'Student work shows reasoning in the students' own words' is not "
            "scorable (File cannot be opened).",
        ),
        (Every(), [], "Every criterion must reach Demonstrated, and does."),
        (
            Every((A, B), "progressing"),
            [level(A, "not_met")],
            "Each of 2 criteria must reach Progressing or higher; not yet: 'Names what earlier questions "
            "revealed about students' thinking' is Not Met.",
        ),
        (
            Every((B,)),
            [],
            "'Plans open questions for each phase of the lesson' must reach Demonstrated, and does.",
        ),
        (
            Count(3),
            [level(A, "not_met"), level(B, "not_met")],
            "At least 3 of 4 criteria must reach Demonstrated; 2 do.",
        ),
        (Count(1, (A,)), [], "At least 1 of 1 criterion must reach Demonstrated; 1 does."),
        (Points(7.5), [level(A, "progressing")], "At least 7.5 points are needed; 7 are reached."),
        (
            AnyOf((Every(), Points(7.0))),
            [level(A, "progressing")],
            "One way to reach it: At least 7 points are needed; 7 are reached.",
        ),
    ],
)
def test_the_reason_that_decides_reads_well_and_comes_first(
    rule: AwardRule, changes: list[Rating], text: str
) -> None:
    assert judge(rule, *changes).reasons[0].text == text


def test_what_is_open_is_said() -> None:
    verdict = evaluate(version_with(Count(3)), [level(A, "demonstrated"), code(B, BLOCK), code(C, EXCLUDE)])
    assert {reason.code: reason.text for reason in verdict.reasons} == {
        ReasonCode.NOT_RATED: "Not rated yet: 'The reflection draws a next step from what students said'.",
        ReasonCode.BLOCKED: "The approver decides, because of: 'Plans open questions for each phase of the "
        "lesson' is not scorable (Identity seen).",
        ReasonCode.EXCLUDED: "Taken out, so not counted: 'Student work shows reasoning in the students' own "
        "words'.",
        ReasonCode.COUNT: "At least 3 of 4 criteria must reach Demonstrated; 1 does, 2 are open, "
        "1 is taken out.",
    }
    verdict = evaluate(version_with(Points(5.0)), [level(A, "demonstrated"), level(B, "x")])
    said = {reason.code: reason.text for reason in verdict.reasons}
    assert said[ReasonCode.POINTS] == "At least 5 points are needed; 2 are reached, up to 6 are open."
    assert said[ReasonCode.UNKNOWN_CODE].endswith(
        "rate again: 'Plans open questions for each phase of the lesson'."
    )


def test_plurals_are_right() -> None:
    verdict = evaluate(version_with(Count(3)), [code(A, EXCLUDE), code(B, EXCLUDE), level(C, "demonstrated")])
    assert any("1 does, 1 is open, 2 are taken out" in reason.text for reason in verdict.reasons)


def test_scales_with_other_names_for_passing_are_not_mixed_up() -> None:
    version = version_with()
    other = Scale("other", (Level("not_met", "No", False), Level("demonstrated", "Yes", True)))
    *before, last = version.requirements
    mixed = replace(last, criteria=(replace(last.criteria[0], scale="other"),))
    version = replace(version, scales=(*version.scales, other), requirements=(*before, mixed))
    assert (
        evaluate(version, []).reasons[-1].text.startswith("Every criterion must reach a passing level; open:")
    )
    asked = replace(version, award_rule=Every((), "demonstrated"))
    assert evaluate(asked, []).reasons[-1].text.startswith("Every criterion must reach the level asked for")


def test_long_lists_and_long_criteria_are_cut_but_the_reason_holds_all() -> None:
    many = tuple(criterion(CriterionId(f"c{i}"), f"Criterion {i} " + "x" * 100) for i in range(7))
    version = version_with()
    version = replace(version, requirements=(replace(version.requirements[0], criteria=many),))
    reason = evaluate(version, []).reasons[0]
    assert len(reason.criteria) == 7
    assert reason.text.endswith("x…' and 2 more.")
    assert len(reason.text) < 5 * 90


@pytest.mark.parametrize(
    ("result", "outcome"), [(YES, Outcome.AWARD), (NO, Outcome.DENY), (UNDECIDED, Outcome.UNDECIDED)]
)
def test_the_outcome_follows(result: RuleResult, outcome: Outcome) -> None:
    assert outcome_of(result) is outcome
