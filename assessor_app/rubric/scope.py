"""Which criteria a submission is judged on: all of a portfolio, or those that a single artifact answers."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from assessor_app.domain.ids import RequirementId
from assessor_app.domain.kinds import SubmissionType
from assessor_app.domain.submissions import Part, Submission
from assessor_app.rubric.award_rule import Scope
from assessor_app.rubric.schema import Criterion, RubricVersion


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


def judged_part(version: RubricVersion, in_scope: Scope) -> tuple[RubricVersion, tuple[Criterion, ...]]:
    """A version as far as a submission is judged by it, and the criteria that are no part of it.

    What was asked stays whole; the award rule is still that of all criteria.
    """
    if in_scope is None:
        return version, ()
    requirements = tuple(
        replace(r, criteria=tuple(c for c in r.criteria if c.id in in_scope)) for r in version.requirements
    )
    outside = tuple(criterion for criterion in version.criteria if criterion.id not in in_scope)
    return replace(version, requirements=requirements), outside


def _holds_evidence(part: Part) -> bool:
    return bool(part.artifacts or part.links or any(response.text.strip() for response in part.responses))
