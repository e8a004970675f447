"""Pre-assessment: what follows from the completion indicators, and what still misses."""

from __future__ import annotations

from dataclasses import replace

from assessor_app.domain.pre_assessments import IndicatorCheck, PreAssessment, PreAssessmentOutcome
from assessor_app.rubric.completion import CompletionGap, findings, indicators, outcome_of
from assessor_app.rubric.schema import CompletionIndicator, RubricVersion
from tests import builders

SID = builders.submission_id(1)


def version() -> RubricVersion:
    base = builders.rubric_version()
    first, *rest = base.requirements
    asked = (CompletionIndicator("a", "A plan is attached."), CompletionIndicator("b", "It opens."))
    return replace(base, requirements=(replace(first, completion=asked), *rest))


def work(feedback: str = "", **met: bool | None) -> PreAssessment:
    checks = tuple(
        IndicatorCheck(name, value, "Not here." if value is False else "") for name, value in met.items()
    )
    return PreAssessment(SID, checks=checks, feedback=feedback)


def test_the_indicators_stand_in_the_order_of_the_requirements() -> None:
    assert [indicator.id for indicator in indicators(version())][:2] == ["a", "b"]


def test_complete_only_when_all_are_there() -> None:
    assert outcome_of(version(), work()) is None
    assert outcome_of(version(), work(a=True)) is None
    assert outcome_of(version(), work(a=True, b=True)) is PreAssessmentOutcome.COMPLETE


def test_incomplete_as_soon_as_one_is_not_there() -> None:
    assert outcome_of(version(), work(b=False)) is PreAssessmentOutcome.INCOMPLETE


def test_what_was_not_looked_at_is_told_in_order() -> None:
    found = findings(version(), work())
    assert [(f.gap, f.indicator_id) for f in found] == [
        (CompletionGap.NOT_CHECKED, "a"),
        (CompletionGap.NOT_CHECKED, "b"),
    ]
    assert found[0].text == "Not looked at yet: A plan is attached."


def test_what_is_not_there_needs_a_word_and_the_whole_one_more() -> None:
    bare = PreAssessment(SID, checks=(IndicatorCheck("a", met=False), IndicatorCheck("b", met=True)))
    assert [f.gap for f in findings(version(), bare)] == [
        CompletionGap.NOTE_EMPTY,
        CompletionGap.FEEDBACK_EMPTY,
    ]
    assert findings(version(), work("Attach it.", a=False, b=True)) == ()
    assert findings(version(), work(a=True, b=True)) == ()


def test_a_check_takes_the_place_of_the_earlier_one_and_an_empty_one_takes_it_away() -> None:
    begun = work(a=True)
    again = replace(begun, checks=begun.with_check(IndicatorCheck("a", met=False, note="Gone.")))
    assert again.check("a") == IndicatorCheck("a", met=False, note="Gone.")
    assert len(again.checks) == 1
    assert again.with_check(IndicatorCheck("a")) == ()
    assert again.check("b") == IndicatorCheck("b")
