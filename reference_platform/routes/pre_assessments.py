"""What pre-assessors send: is everything there, or does it go back to the learner?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.domain.wording import has_words
from assessor_app.rubric.completion import indicators
from assessor_app.rubric.schema import RubricVersion
from assessor_app.sync.protocol import FieldProblem, PreAssessmentIn, ReceiptWire, as_json
from reference_platform import drafts, work
from reference_platform.feed import Feed
from reference_platform.models import PreAssessment, Submission
from reference_platform.problems import Problem
from reference_platform.routes.shapes import ClientId, Identifier, takes
from reference_platform.writes import Effect, Write, perform

router = APIRouter(tags=["pre-assessing"])


@router.put(
    "/v1/submissions/{submission_id}/pre_assessments/{pre_assessment_id}",
    status_code=201,
    response_model=ReceiptWire,
    openapi_extra=takes(PreAssessmentIn),
)
def put_pre_assessment(
    request: Request, submission_id: Identifier, pre_assessment_id: ClientId, write: Write
) -> Response:
    """Take a pre-assessment: a complete submission goes on, an incomplete one back to the learner."""

    def effect(session: Session, wire: PreAssessmentIn, now: datetime) -> Effect:
        submission = work.submission_of(session, submission_id)
        work.assignment_of(session, submission, write.actor, Role.PREASSESSOR)
        work.refuse_conflict(session, submission, write.actor)
        version, rubric_hash = work.rubric_of(session, submission)
        if wire.rubric_hash != rubric_hash:
            raise Problem(409, "rubric-changed", "The pre-assessment was made against another rubric.")
        _check(wire, version)
        _move(session, now, submission, complete=wire.outcome == "complete")
        body: dict[str, Any] = as_json(wire)
        session.add(
            PreAssessment(
                id=pre_assessment_id,
                submission_id=submission.id,
                actor_id=write.actor.actor_id,
                sent_at=now,
                body=body,
            )
        )
        session.flush()
        Feed(session, now).submission(submission)
        drafts.after_sending(session, now, submission.id, write.actor.actor_id)
        work.audit(session, now, write.actor.actor_id, submission.id, "pre-assessment sent", body)
        return Effect(submission.id, f"pre-assessed-{wire.outcome}")

    return perform(request, write, PreAssessmentIn, effect)


def _move(session: Session, now: datetime, submission: Submission, *, complete: bool) -> None:
    """To whoever comes next; a submission that nobody had opened yet is in pre-assessment first.

    Raises:
        Problem: 409 `state`; it is in nobody's pre-assessment any more.
    """
    if submission.status is SubmissionStatus.SUBMITTED:
        work.move(session, now, submission, SubmissionStatus.IN_PRE_ASSESSMENT, "platform")
    if submission.status is not SubmissionStatus.IN_PRE_ASSESSMENT:
        raise Problem(409, "state", f"The submission is {submission.status} now.")
    after = SubmissionStatus.WAITING_ON_ASSESSOR if complete else SubmissionStatus.INCOMPLETE
    work.move(session, now, submission, after, "preassessor")


def _check(wire: PreAssessmentIn, version: RubricVersion) -> None:
    """Refuse what does not fit the rubric, or draws another conclusion from the indicators.

    Raises:
        Problem: 422 `validation` or `outcome-against-indicators`.
    """
    asked = {indicator.id for indicator in indicators(version)}
    told = [indicator.id for indicator in wire.indicators]
    errors = [
        FieldProblem(pointer=f"/indicators/{i}", message="The rubric has no such indicator.")
        for i, name in enumerate(told)
        if name not in asked
    ]
    if len(set(told)) != len(told):
        errors.append(FieldProblem(pointer="/indicators", message="An indicator stands twice."))
    errors += [
        FieldProblem(pointer="/indicators", message=f"The indicator {name} is missing.")
        for name in sorted(asked - set(told))
    ]
    errors += [
        FieldProblem(pointer=f"/indicators/{i}/note", message="What is not there has to be said.")
        for i, indicator in enumerate(wire.indicators)
        if not indicator.met and not has_words(indicator.note)
    ]
    if wire.outcome == "incomplete" and not has_words(wire.feedback):
        errors.append(FieldProblem(pointer="/feedback", message="A submission that goes back needs a word."))
    if errors:
        raise Problem(422, "validation", "The body does not fit the rubric.", errors=errors)
    is_complete = all(indicator.met for indicator in wire.indicators)
    if is_complete != (wire.outcome == "complete"):
        raise Problem(422, "outcome-against-indicators", "The outcome does not follow from the indicators.")
