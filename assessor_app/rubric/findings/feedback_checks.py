"""Checks of the feedback: there where it is owed, and enough of it to be of use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from assessor_app.domain.assessments import Assessment, CriterionFeedback, RuleResult
from assessor_app.domain.ids import CriterionId
from assessor_app.domain.wording import has_words
from assessor_app.rubric.award_rule import CriterionState, Standing, Verdict, quoted
from assessor_app.rubric.denial import (
    DenialPart,
    is_as_prepared,
    is_below_passing,
    open_parts,
    owed_parts,
    text_of,
)
from assessor_app.rubric.findings.finding import CheckCode, CheckResult, Field, Place, Severity, finding
from assessor_app.rubric.schema import Requirement, RubricVersion

THIN_FEEDBACK_WORDS = 8
"""Feedback with fewer words is unlikely to say what was good, and why."""


_TITLES: Mapping[DenialPart, str] = {
    DenialPart.SEEN: "What was seen",
    DenialPart.MISSING: "What is missing",
    DenialPart.NEXT_STEP: "Next step",
}
"""The parts of a denial, as their boxes are headed."""

_EMPTY: Mapping[DenialPart, tuple[CheckCode, str]] = {
    DenialPart.SEEN: (CheckCode.SEEN_EMPTY, "Say what was seen for {name}."),
    DenialPart.MISSING: (CheckCode.MISSING_EMPTY, "Say what is missing for {name}."),
    DenialPart.NEXT_STEP: (CheckCode.NEXT_STEP_EMPTY, "Give a next step for {name}."),
}


class FeedbackRequired(StrEnum):
    """Where the issuer asks for feedback; the values are those of the platform contract."""

    EVERY_CRITERION = "every_criterion"
    EVERY_REQUIREMENT = "every_requirement"
    """At least one criterion of each requirement."""
    UNMET_AND_OVERALL = "unmet_and_overall"
    """Every criterion below passing, and an overall comment."""


def denial_checks(
    state: CriterionState, feedback: CriterionFeedback, verdict: Verdict
) -> Iterator[CheckResult]:
    """What a denial owes the learner (rule 8); where the approver decides it may become one: a warning.

    A criterion that cannot be scored has its reason in the note; what it needs is the next step.
    """
    if verdict.result is RuleResult.YES or not is_below_passing(state):
        return
    severity = Severity.BLOCK if verdict.result is RuleResult.NO else Severity.WARN
    name = quoted(state.criterion)
    for part in open_parts(feedback, owed_parts(state)):
        field = Field(part.value)
        if is_as_prepared(feedback, part):
            text = f"“{_TITLES[part]}” for {name} is still as it was prepared."
            yield finding(CheckCode.PREFILLED, severity, text, state, field)
        else:
            code, text = _EMPTY[part]
            yield finding(code, severity, text.format(name=name), state, field)


def thin_checks(state: CriterionState, feedback: CriterionFeedback, thin_words: int) -> Iterator[CheckResult]:
    """Feedback of a few words."""
    if 0 < _words(feedback) < thin_words:
        text = f"The feedback on {quoted(state.criterion)} is short."
        yield finding(CheckCode.FEEDBACK_THIN, Severity.WARN, text, state, Field.FEEDBACK)


def required_checks(
    version: RubricVersion,
    states: Mapping[CriterionId, CriterionState],
    assessment: Assessment,
    required: FeedbackRequired,
) -> Iterator[CheckResult]:
    """Missing feedback, as far as the issuer asks for it.

    Criteria that are taken out, or blocked by a concern that is not the learner's to read, need none.
    """

    def is_owed(state: CriterionState) -> bool:
        return state.standing not in (Standing.EXCLUDED, Standing.BLOCKED)

    def is_empty(state: CriterionState) -> bool:
        return _words(assessment.feedback_for(state.criterion.id)) == 0

    if required is FeedbackRequired.EVERY_REQUIREMENT:
        for requirement in version.requirements:
            owed = [state for state in _of(requirement, states) if is_owed(state)]
            if owed and all(is_empty(state) for state in owed):
                text = f"The requirement '{requirement.title}' has no feedback yet."
                yield finding(CheckCode.FEEDBACK_EMPTY, Severity.BLOCK, text, owed[0], Field.FEEDBACK)
        return
    only_unmet = required is FeedbackRequired.UNMET_AND_OVERALL
    for state in states.values():
        if is_owed(state) and is_empty(state) and (is_below_passing(state) or not only_unmet):
            text = f"{quoted(state.criterion)} has no feedback yet."
            yield finding(CheckCode.FEEDBACK_EMPTY, Severity.BLOCK, text, state, Field.FEEDBACK)
    if only_unmet and not has_words(assessment.overall):
        text = "The overall comment is empty."
        yield CheckResult(CheckCode.OVERALL_EMPTY, Severity.BLOCK, text, Place(None, Field.OVERALL))


def _of(requirement: Requirement, states: Mapping[CriterionId, CriterionState]) -> list[CriterionState]:
    return [states[criterion.id] for criterion in requirement.criteria]


def _words(feedback: CriterionFeedback) -> int:
    """Words in all four parts: whoever fills in three parts of a denial need not write it all again."""
    written = (text_of(feedback, part) for part in DenialPart if not is_as_prepared(feedback, part))
    said = (word for text in (feedback.text, *written) for word in text.split())
    return sum(has_words(word) for word in said)
