"""The difference of two versions: every change is named once, with what it does to ratings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessor_app.domain.ids import CriterionId, PromptId, RequirementId
from assessor_app.rubric.award_rule import evaluate
from assessor_app.rubric.difference import ChangeKind, Effect, difference
from assessor_app.rubric.native import published, rubric_from_json, rubric_to_json
from assessor_app.rubric.rule_words import rule_in_words
from assessor_app.rubric.schema import (
    AllOf,
    AnyOf,
    AwardRule,
    CompletionIndicator,
    Count,
    Every,
    Level,
    NotScorableCode,
    NotScorableEffect,
    Points,
    Prompt,
    RequirementKind,
    RubricVersion,
    Scale,
    VersionChange,
)
from tests.builders import CRITERIA, criterion, rubric_version
from tests.rubric_strategies import accommodations_of, award_rules, ratings_of, rubric_versions

A, B, C, D = CRITERIA
OLD = rubric_version()
EDITORIAL, ASKED, RATINGS = Effect.EDITORIAL, Effect.ASKED, Effect.RATINGS


def following(version: RubricVersion, change: VersionChange = VersionChange.SUBSTANTIVE) -> RubricVersion:
    """The version as the one after `OLD`."""
    return replace(version, version=2, supersedes=1, change=change)


def requirement(index: int, **changes: Any) -> RubricVersion:
    requirements = list(OLD.requirements)
    requirements[index] = replace(requirements[index], **changes)
    return replace(OLD, requirements=tuple(requirements))


def first_criterion(**changes: Any) -> RubricVersion:
    return requirement(0, criteria=(replace(OLD.criterion(A), **changes),))


def levels(change: Callable[[list[Level]], list[Level]]) -> RubricVersion:
    (scale,) = OLD.scales
    return replace(OLD, scales=(replace(scale, levels=tuple(change(list(scale.levels)))),))


def with_level(index: int, **changes: Any) -> RubricVersion:
    return levels(lambda all_: [replace(one, **changes) if i == index else one for i, one in enumerate(all_)])


def codes(*changed: NotScorableCode) -> RubricVersion:
    return replace(OLD, not_scorable=changed)


FAIL, BLOCK = OLD.not_scorable
PROMPT = OLD.requirements[0].prompts[0]
NEW_CRITERION = criterion(CriterionId("analyze-2"), "Asks why.")
EXEMPLARY = Level("exemplary", "Exemplary", True, 3.0)
OTHER_NAME = replace(OLD, scales=(replace(OLD.scales[0], name="skill"),)).scales
RENAMED = tuple(
    replace(r, criteria=tuple(replace(c, scale="skill") for c in r.criteria)) for r in OLD.requirements
)

CASES: list[tuple[ChangeKind, Effect, RubricVersion]] = [
    (ChangeKind.TITLE, EDITORIAL, replace(OLD, title="Asking")),
    (ChangeKind.LOCALE, ASKED, replace(OLD, locale="es")),
    (ChangeKind.SKILL_STATEMENT, ASKED, replace(OLD, skill_statement="The educator asks.")),
    (ChangeKind.REQUIREMENT_TEXT, ASKED, requirement(0, title="Analyse")),
    (ChangeKind.REQUIREMENT_TEXT, ASKED, requirement(1, evidence_required="A plan.")),
    (ChangeKind.REQUIREMENT_KIND, ASKED, requirement(0, kind=RequirementKind.CONTEXT)),
    (ChangeKind.PROMPT, ASKED, requirement(1, prompts=(Prompt(PromptId("p-new"), "Why?"),))),
    (ChangeKind.PROMPT, ASKED, requirement(0, prompts=())),
    (ChangeKind.PROMPT, ASKED, requirement(0, prompts=(replace(PROMPT, text="Describe."),))),
    (ChangeKind.PROMPT, ASKED, requirement(0, prompts=(replace(PROMPT, word_limit=None),))),
    (
        ChangeKind.COMPLETION,
        ASKED,
        requirement(1, completion=(CompletionIndicator("k", "A plan is there."),)),
    ),
    (ChangeKind.CRITERION_ADDED, RATINGS, requirement(0, criteria=(OLD.criterion(A), NEW_CRITERION))),
    (ChangeKind.CRITERION_REMOVED, RATINGS, requirement(0, criteria=())),
    (ChangeKind.CRITERION_TEXT, RATINGS, first_criterion(text="Names what questions revealed.")),
    (ChangeKind.CRITERION_ALIGNMENT, EDITORIAL, first_criterion(align=("https://example.org/standard",))),
    (ChangeKind.CRITERION_SCALE, EDITORIAL, replace(OLD, scales=OTHER_NAME, requirements=RENAMED)),
    (ChangeKind.WEIGHT, RATINGS, first_criterion(weight=0.5)),
    (ChangeKind.DESCRIPTOR, RATINGS, first_criterion(descriptors=OLD.criterion(A).descriptors[1:])),
    (ChangeKind.LEVEL_ADDED, RATINGS, levels(lambda all_: [*all_, EXEMPLARY])),
    (ChangeKind.LEVEL_REMOVED, RATINGS, levels(lambda all_: all_[1:])),
    (ChangeKind.LEVEL_LABEL, RATINGS, with_level(1, label="Almost")),
    (ChangeKind.LEVEL_PASSES, RATINGS, with_level(1, meets=True)),
    (ChangeKind.LEVEL_POINTS, RATINGS, with_level(1, points=0.5)),
    (ChangeKind.LEVEL_ORDER, RATINGS, levels(lambda all_: [all_[1], all_[0], all_[2]])),
    (ChangeKind.NOT_SCORABLE_ADDED, RATINGS, codes(FAIL, BLOCK, replace(FAIL, code="NS-BLANK"))),
    (ChangeKind.NOT_SCORABLE_REMOVED, RATINGS, codes(FAIL)),
    (ChangeKind.NOT_SCORABLE_EFFECT, RATINGS, codes(replace(FAIL, effect=NotScorableEffect.BLOCK), BLOCK)),
    (ChangeKind.NOT_SCORABLE_TEXT, EDITORIAL, codes(replace(FAIL, requires_note=False), BLOCK)),
    (ChangeKind.AWARD_RULE, RATINGS, replace(OLD, award_rule=Count(3))),
    (ChangeKind.AWARD_RULE, RATINGS, replace(OLD, award_rule=Every((A, B)))),
]
WORDS = {
    ChangeKind.LOCALE,
    ChangeKind.SKILL_STATEMENT,
    ChangeKind.REQUIREMENT_TEXT,
    ChangeKind.CRITERION_TEXT,
    ChangeKind.DESCRIPTOR,
    ChangeKind.LEVEL_LABEL,
}
"""What may be a slip of the pen, if the issuer says so."""


@pytest.mark.parametrize(("kind", "effect", "new"), CASES, ids=[f"{c[0]}-{i}" for i, c in enumerate(CASES)])
def test_one_change_is_named_once_and_judged(kind: ChangeKind, effect: Effect, new: RubricVersion) -> None:
    found = difference(OLD, following(new))
    assert [(change.kind, change.effect) for change in found.changes] == [(kind, effect)]
    (change,) = found.changes
    assert change.before != change.after
    assert change.text.endswith(".")
    assert found.touches_ratings is (effect is RATINGS)
    assert not found.broken_word


@pytest.mark.parametrize(("kind", "effect", "new"), CASES, ids=[f"{c[0]}-{i}" for i, c in enumerate(CASES)])
def test_a_version_that_calls_itself_editorial_is_believed_about_words_alone(
    kind: ChangeKind, effect: Effect, new: RubricVersion
) -> None:
    prompt_words = [change.before for change in difference(OLD, new).changes if kind is ChangeKind.PROMPT]
    found = difference(OLD, following(new, VersionChange.EDITORIAL))
    (change,) = found.changes
    is_words = kind in WORDS or (bool(prompt_words) and bool(change.before) and "gone" not in change.text)
    assert change.effect is (EDITORIAL if is_words else effect)
    assert found.broken_word == (() if change.effect is EDITORIAL else (change,))


def test_what_a_version_says_of_itself_holds_against_the_one_before_alone() -> None:
    new = replace(following(first_criterion(text="Other words."), VersionChange.EDITORIAL), version=3)
    assert not difference(OLD, new).touches_ratings
    assert difference(OLD, replace(new, supersedes=2)).touches_ratings
    assert not difference(OLD, replace(new, supersedes=2)).broken_word


def test_criteria_know_their_changes() -> None:
    (scale,) = OLD.scales
    own = Scale("own", (*scale.levels, EXEMPLARY))
    analyze, *rest = OLD.requirements
    new = following(
        replace(
            OLD,
            scales=(scale, own),
            requirements=(
                replace(analyze, criteria=(replace(OLD.criterion(A), scale="own"), NEW_CRITERION)),
                *rest[1:],
            ),
        )
    )
    found = difference(OLD, new)
    assert [change.kind for change in found.of_criterion(A)] == [
        ChangeKind.CRITERION_SCALE,
        ChangeKind.LEVEL_ADDED,
    ]
    assert found.criteria == (A, NEW_CRITERION.id, B)
    assert not found.of_criterion(C)
    gone = [change for change in found.changes if change.kind is ChangeKind.CRITERION_REMOVED]
    assert [(change.criterion_id, change.requirement_id) for change in gone] == [(B, RequirementId("design"))]
    assert ChangeKind.REQUIREMENT_REMOVED in {change.kind for change in found.changes}


def test_a_criterion_that_moved_and_a_requirement_that_came() -> None:
    analyze, design, implement = OLD.requirements
    later = replace(implement, id=RequirementId("later"), position=9, criteria=(OLD.criterion(B),))
    new = replace(
        OLD,
        requirements=(
            analyze,
            replace(design, criteria=()),
            implement,
            replace(later, prompts=(), title="Later"),
        ),
    )
    kinds = [change.kind for change in difference(OLD, new).changes]
    assert kinds == [ChangeKind.REQUIREMENT_ADDED, ChangeKind.CRITERION_MOVED]


def test_an_unchanged_completion_check_and_one_that_went() -> None:
    check = CompletionIndicator("k", "A plan is there.")
    old = requirement(1, completion=(check, CompletionIndicator("k2", "It has a title.")))
    (change,) = difference(old, requirement(1, completion=(check,))).changes
    assert (change.kind, change.before, change.after) == (ChangeKind.COMPLETION, "It has a title.", "")


@pytest.mark.parametrize(
    "same",
    [
        OLD,
        first_criterion(text=f"  {OLD.criterion(A).text}\n"),
        replace(OLD, award_rule=Every(tuple(reversed(CRITERIA)))),
        requirement(2, criteria=tuple(reversed(OLD.requirements[2].criteria))),
        replace(OLD, effective_from="2027-01-01"),
    ],
)
def test_what_means_the_same_is_no_change(same: RubricVersion) -> None:
    assert difference(OLD, following(same)).changes == ()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_ratings_mean_the_same_where_no_change_touches_them(data: st.DataObject) -> None:
    old = data.draw(rubric_versions())
    other = data.draw(rubric_versions())
    new = data.draw(
        st.sampled_from(
            [
                old,
                replace(old, title=other.title, skill_statement=other.skill_statement),
                replace(old, award_rule=data.draw(award_rules(old.scales, old.criteria))),
                other,
            ]
        )
    )
    found = difference(old, new)
    ratings, accommodations = data.draw(ratings_of(old)), data.draw(accommodations_of(old))
    if not found.touches_ratings:
        assert evaluate(old, ratings, accommodations).result is evaluate(new, ratings, accommodations).result
    assert not difference(new, new).changes
    # Whatever came in one direction goes in the other.
    assert len(found.criteria) == len(difference(new, old).criteria)


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (Every(), "Every criterion reaches Demonstrated."),
        (
            Every((A,), "progressing"),
            "Each of these criteria: 'Names what earlier questions revealed about "
            "students' thinking' reaches Progressing or higher.",
        ),
        (Count(3), "At least 3 of all criteria reach Demonstrated."),
        (AnyOf((Points(6.5),)), "The weighted points of all criteria add up to at least 6.5."),
        (
            AllOf((Every((), "progressing"), AnyOf((Count(2), Points(7.0))))),
            "All of these hold: (1) every criterion reaches Progressing or higher; (2) at least one of these "
            "hold: (1) at least 2 of all criteria reach Demonstrated; (2) the weighted points of all "
            "criteria add up to at least 7.",
        ),
    ],
)
def test_a_rule_in_words(rule: AwardRule, words: str) -> None:
    assert rule_in_words(replace(OLD, award_rule=rule)) == words


def test_a_rule_over_scales_that_call_passing_otherwise() -> None:
    other = Scale("other", (Level("not_met", "No", False), Level("demonstrated", "Yes", True)))
    mixed = replace(
        requirement(0, criteria=(replace(OLD.criterion(A), scale="other"),)), scales=(*OLD.scales, other)
    )
    assert rule_in_words(mixed) == "Every criterion reaches a passing level."
    asked = replace(mixed, award_rule=Every((), "demonstrated"))
    assert rule_in_words(asked) == "Every criterion reaches the level 'demonstrated' or higher."


def test_an_editorial_version_is_written_and_read_and_others_keep_their_hash() -> None:
    editorial = published(replace(OLD, change=VersionChange.EDITORIAL))
    assert rubric_to_json(editorial)["change"] == "editorial"
    assert rubric_from_json(rubric_to_json(editorial)) == editorial
    assert "change" not in rubric_to_json(OLD)
    assert rubric_from_json({**rubric_to_json(OLD), "change": "substantive"}) == OLD
