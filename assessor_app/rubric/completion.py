"""Pre-assessment: which completion indicators a submission has, what follows, and what still misses."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assessor_app.domain.pre_assessments import PreAssessment, PreAssessmentOutcome
from assessor_app.domain.wording import has_words
from assessor_app.rubric.schema import CompletionIndicator, RubricVersion


class CompletionGap(StrEnum):
    """What keeps a pre-assessment from being sent."""

    NOT_CHECKED = "not_checked"
    """An indicator was not looked at."""
    NOTE_EMPTY = "note_empty"
    """What is not there has to be said, or the learner cannot add it."""
    FEEDBACK_EMPTY = "feedback_empty"
    """A submission that goes back needs a word on how to go on."""


@dataclass(frozen=True, slots=True)
class CompletionFinding:
    """One thing to mend before sending."""

    gap: CompletionGap
    indicator_id: str | None
    """None for the feedback as a whole."""
    text: str
    """The finding in a sentence."""


def indicators(version: RubricVersion) -> tuple[CompletionIndicator, ...]:
    """All completion indicators in the order of the requirements."""
    return tuple(indicator for requirement in version.requirements for indicator in requirement.completion)


def outcome_of(version: RubricVersion, work: PreAssessment) -> PreAssessmentOutcome | None:
    """What follows from the checks; None while an indicator was not looked at and none is unmet."""
    found = [work.check(indicator.id).met for indicator in indicators(version)]
    if any(met is False for met in found):
        return PreAssessmentOutcome.INCOMPLETE
    return None if any(met is None for met in found) else PreAssessmentOutcome.COMPLETE


def findings(version: RubricVersion, work: PreAssessment) -> tuple[CompletionFinding, ...]:
    """What keeps the pre-assessment from being sent, in the order of the rubric."""
    found: list[CompletionFinding] = []
    for indicator in indicators(version):
        check = work.check(indicator.id)
        if check.met is None:
            text = f"Not looked at yet: {indicator.text}"
            found.append(CompletionFinding(CompletionGap.NOT_CHECKED, indicator.id, text))
        elif not check.met and not has_words(check.note):
            text = f"Say what is not there: {indicator.text}"
            found.append(CompletionFinding(CompletionGap.NOTE_EMPTY, indicator.id, text))
    if outcome_of(version, work) is PreAssessmentOutcome.INCOMPLETE and not has_words(work.feedback):
        text = "Say how the learner can complete it."
        found.append(CompletionFinding(CompletionGap.FEEDBACK_EMPTY, None, text))
    return tuple(found)
