"""What the checks find in a decision: the words that leave with it, and a denial that nobody explained."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from assessor_app.domain.assessments import (
    CriterionFeedback,
    DecisionDraft,
    DecisionOutcome,
    Override,
    Rating,
)
from assessor_app.domain.submissions import Accommodation, AccommodationEffect
from assessor_app.domain.wording import Wording, WordingKind
from assessor_app.rubric.checks import CheckCode, CheckResult, Field, Severity
from assessor_app.rubric.decision_checks import decision_checks
from tests import builders
from tests.builders import CRITERIA, feedback

A, B = CRITERIA[:2]
AWARD, DENY, RETURN = DecisionOutcome.AWARD, DecisionOutcome.DENY, DecisionOutcome.RETURN
DRAFT = DecisionDraft(
    builders.submission_id(1),
    1,
    overrides=(Override(A, "progressing", "why #"), Override("gone", "x", "#")),  # type: ignore[arg-type]
    reason="reason #",
    final_feedback="final #",
)
ALL_SAID = tuple(feedback(c) for c in CRITERIA)


def hashes(text: str) -> Sequence[Wording]:
    """A finder for which a # is an address, and a % tells of an accommodation."""
    kinds = {"#": WordingKind.EMAIL, "%": WordingKind.ACCOMMODATION_WORD, "~": WordingKind.TONE}
    return [Wording(kinds[char], at, at + 1) for at, char in enumerate(text) if char in kinds]


def check(
    draft: DecisionDraft = DRAFT, outcome: DecisionOutcome = AWARD, **changes: Any
) -> tuple[CheckResult, ...]:
    ratings = changes.pop("ratings", tuple(Rating(c, "demonstrated") for c in CRITERIA))
    said = changes.pop("said", ALL_SAID)
    return decision_checks(builders.rubric_version(), draft, outcome, ratings, said, hashes, **changes)


def below(*criteria: str) -> tuple[Rating, ...]:
    return tuple(Rating(c, "progressing" if c in criteria else "demonstrated") for c in CRITERIA)


@pytest.mark.parametrize(
    ("outcome", "field"), [(AWARD, Field.FINAL), (DENY, Field.FINAL), (RETURN, Field.RETURN_REASON)]
)
def test_what_leaves_is_looked_through_and_nothing_else(outcome: DecisionOutcome, field: Field) -> None:
    found = check(outcome=outcome)
    assert [(one.code, one.severity) for one in found] == [(CheckCode.EMAIL, Severity.BLOCK)] * 2
    assert [(one.criterion_id, one.place.field) for one in found] == [(A, Field.WHY), (None, field)]


def test_blocks_come_first() -> None:
    found = check(replace(DRAFT, overrides=(Override(A, "progressing", "~"),)))
    assert [one.code for one in found] == [CheckCode.EMAIL, CheckCode.TONE]


def test_an_accommodation_counts_where_the_learner_reads() -> None:
    approved = (Accommodation(AccommodationEffect.SUBSTITUTE, "By voice."),)
    draft = replace(DRAFT, overrides=(), reason="%", final_feedback="%")
    (found,) = check(draft, accommodations=approved)
    assert (found.code, found.place.field) == (CheckCode.ACCOMMODATION, Field.FINAL)
    assert check(draft, RETURN, accommodations=approved) == ()
    assert check(draft) == ()


@pytest.mark.parametrize(
    ("final", "severity"), [("", Severity.BLOCK), (" .", Severity.BLOCK), ("Two more.", Severity.WARN)]
)
def test_a_denial_says_why_for_each_criterion_that_nobody_explained(final: str, severity: Severity) -> None:
    draft = replace(DRAFT, overrides=(), final_feedback=final)
    said = tuple(one for one in ALL_SAID if one.criterion_id != A)
    said = tuple(replace(one, next_step="...") if one.criterion_id == B else one for one in said)
    found = check(draft, DENY, ratings=below(A, B), said=said)
    assert [(one.code, one.severity, one.about) for one in found] == [
        (CheckCode.DENIAL_UNEXPLAINED, severity, A),
        (CheckCode.DENIAL_UNEXPLAINED, severity, B),
    ]
    assert {one.place.field for one in found} == {Field.FINAL}


def test_a_denial_that_the_assessor_explained_needs_nothing_more() -> None:
    draft = replace(DRAFT, overrides=(), final_feedback="")
    assert check(draft, DENY, ratings=below(A, B)) == ()


def test_other_outcomes_and_what_is_taken_out_need_no_explanation() -> None:
    draft = replace(DRAFT, overrides=(), final_feedback="", reason="")
    none: tuple[CriterionFeedback, ...] = ()
    assert check(draft, AWARD, ratings=below(A), said=none) == ()
    assert check(draft, RETURN, ratings=below(A), said=none) == ()
    out = (Accommodation(AccommodationEffect.EXCLUDE, "Left out.", criterion_id=A),)
    assert check(draft, DENY, ratings=below(A), said=none, accommodations=out) == ()
    assert check(draft, DENY, ratings=below(A), said=none, in_scope=frozenset({B})) == ()
