"""Checks of the feedback: there where it is owed, and enough of it to be of use."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum

from assessor_app.domain.assessments import Assessment, CriterionFeedback, RuleResult
from assessor_app.domain.ids import CriterionId
from assessor_app.rubric.award_rule import CriterionState, Standing, Verdict, quoted
from assessor_app.rubric.findings.finding import CheckCode, CheckResult, Field, Place, Severity, finding
from assessor_app.rubric.schema import Requirement, RubricVersion

THIN_FEEDBACK_WORDS = 8
"""Feedback with fewer words is unlikely to say what was good, and why."""


_TITLES: Mapping[Field, str] = {
    Field.SEEN: "What was seen",
    Field.MISSING: "What is missing",
    Field.NEXT_STEP: "Next step",
}
"""The parts of a denial, as their boxes are headed."""


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
    owed = [(Field.NEXT_STEP, CheckCode.NEXT_STEP_EMPTY, f"Give a next step for {name}.")]
    if state.standing is Standing.RATED:
        owed.insert(0, (Field.MISSING, CheckCode.MISSING_EMPTY, f"Say what is missing for {name}."))
        if not feedback.looked_in:
            owed.insert(0, (Field.SEEN, CheckCode.SEEN_EMPTY, f"Say what was seen for {name}."))
    for field, code, text in owed:
        if is_as_prepared(feedback, field):
            told = f"“{_TITLES[field]}” for {name} is still as it was prepared."
            yield finding(CheckCode.PREFILLED, severity, told, state, field)
        elif not _part(feedback, field).strip():
            yield finding(code, severity, text, state, field)


def is_as_prepared(feedback: CriterionFeedback, field: Field) -> bool:
    """Whether a part holds exactly what the program filled in; it counts as missing then."""
    text = _part(feedback, field).strip()
    return bool(text) and any(
        part == field.value and text == prepared.strip() for part, prepared in feedback.prefilled
    )


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
    if only_unmet and not assessment.overall.strip():
        text = "The overall comment is empty."
        yield CheckResult(CheckCode.OVERALL_EMPTY, Severity.BLOCK, text, Place(None, Field.OVERALL))


def is_below_passing(state: CriterionState) -> bool:
    """Whether a criterion is rated, and not at a passing level."""
    return state.standing is Standing.FAILED or (state.level is not None and not state.level.meets)


def _of(requirement: Requirement, states: Mapping[CriterionId, CriterionState]) -> list[CriterionState]:
    return [states[criterion.id] for criterion in requirement.criteria]


def _part(feedback: CriterionFeedback, field: Field) -> str:
    return {
        Field.SEEN: feedback.seen,
        Field.MISSING: feedback.missing,
        Field.NEXT_STEP: feedback.next_step,
    }.get(field, feedback.text)


def _words(feedback: CriterionFeedback) -> int:
    """Words in all four parts: whoever fills in three parts of a denial need not write it all again."""
    parts = (Field.FEEDBACK, *_TITLES)
    return sum(len(_part(feedback, part).split()) for part in parts if not is_as_prepared(feedback, part))
