"""What a pre-assessor makes of a submission: is everything there? Nothing on competency, no level."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.states import AssessmentState


class PreAssessmentOutcome(StrEnum):
    """What follows from the completion indicators."""

    COMPLETE = "complete"
    """It goes on to be assessed."""
    INCOMPLETE = "incomplete"
    """It goes back to the learner with feedback, and is not assessed."""


@dataclass(frozen=True, slots=True)
class IndicatorCheck:
    """One completion indicator: whether what it asks for is there."""

    id: str
    met: bool | None = None
    """None: not looked at yet."""
    note: str = ""
    """What is not there; the learner reads this."""


@dataclass(frozen=True, slots=True)
class PreAssessment:
    """The local work of one pre-assessor on one submission."""

    submission_id: SubmissionId
    state: AssessmentState = AssessmentState.DRAFT
    checks: tuple[IndicatorCheck, ...] = ()
    feedback: str = ""
    """The learner reads this."""
    updated_at: datetime | None = None

    def check(self, indicator_id: str) -> IndicatorCheck:
        """The check of an indicator; one that was not looked at if there is none."""
        for check in self.checks:
            if check.id == indicator_id:
                return check
        return IndicatorCheck(indicator_id)

    def with_check(self, check: IndicatorCheck) -> tuple[IndicatorCheck, ...]:
        """All checks with this one in place of the indicator's earlier one."""
        kept = tuple(other for other in self.checks if other.id != check.id)
        return kept if check == IndicatorCheck(check.id) else (*kept, check)
