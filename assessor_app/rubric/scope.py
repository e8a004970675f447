"""Which criteria a submission is judged on: all of a portfolio, or those that a single artifact answers."""

from __future__ import annotations

from collections.abc import Collection

from assessor_app.domain.ids import RequirementId
from assessor_app.domain.kinds import SubmissionType
from assessor_app.domain.submissions import Part, Submission
from assessor_app.rubric.award_rule import Scope
from assessor_app.rubric.schema import RubricVersion


def scope_of_submission(version: RubricVersion, submission: Submission) -> Scope:
    """The criteria that a submission is judged on.

    A full portfolio is assessed as a whole. A single artifact is assessed by itself: on the criteria of those
    requirements that it holds evidence for, a file, a link or an answer.

    Args:
        version: the rubric version that the submission is pinned to.
        submission: what was handed in.

    Returns:
        None for a portfolio: every criterion.
    """
    answered = {part.requirement_id for part in submission.parts if _holds_evidence(part)}
    return scope_of_answers(version, submission.submission_type, answered)


def scope_of_answers(
    version: RubricVersion, submission_type: SubmissionType, answered: Collection[RequirementId]
) -> Scope:
    """As `scope_of_submission`, by the requirements that evidence was handed in for."""
    if submission_type is SubmissionType.FULL_PORTFOLIO:
        return None
    return frozenset(
        criterion.id
        for requirement in version.requirements
        if requirement.id in answered
        for criterion in requirement.criteria
    )


def _holds_evidence(part: Part) -> bool:
    return bool(part.artifacts or part.links or any(response.text.strip() for response in part.responses))
