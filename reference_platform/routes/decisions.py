"""What approvers send: award, deny or return."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessor_app.domain.assessments import DecisionOutcome
from assessor_app.domain.roles import Role
from assessor_app.sync.protocol import (
    DecisionIn,
    ReceiptWire,
    RecommendationIn,
    ReturnWire,
    as_json,
)
from reference_platform import drafts, work
from reference_platform.auth.bearer import Actor
from reference_platform.feed import Feed
from reference_platform.judging import accommodations_of, check_decision, scope_of_wire
from reference_platform.models import Decision, Recommendation, Submission
from reference_platform.problems import Problem
from reference_platform.routes.shapes import ClientId, Identifier, takes
from reference_platform.writes import Effect, Write, perform

router = APIRouter(tags=["approving"])


@router.put(
    "/v1/submissions/{submission_id}/decisions/{decision_id}",
    status_code=201,
    response_model=ReceiptWire,
    openapi_extra=takes(DecisionIn),
)
def put_decision(
    request: Request, submission_id: Identifier, decision_id: ClientId, write: Write
) -> Response:
    """Take an approver's decision on the present round."""

    def effect(session: Session, wire: DecisionIn, now: datetime) -> Effect:
        submission = work.submission_of(session, submission_id)
        _check_approver(session, submission, write.actor)
        existing = session.get(Decision, decision_id)
        write.need_new(None if existing is None else existing.body)
        recommendation = _recommendation(session, submission, wire)
        work.move(session, now, submission, work.STATUS_AFTER[wire.outcome], "approver")
        version, _ = work.rubric_of(session, submission)
        sent = RecommendationIn.model_validate(recommendation.body)
        received = work.wire_of(submission)
        accommodations = accommodations_of(received.accommodations)
        check_decision(wire, sent.scores, version, accommodations, scope_of_wire(received, version))
        body: dict[str, Any] = as_json(wire)
        decision = Decision(
            id=decision_id,
            submission_id=submission.id,
            round=wire.round,
            actor_id=write.actor.actor_id,
            decided_at=now,
            body=body,
        )
        session.add(decision)
        feed = Feed(session, now)
        feed.decision(decision)
        settle(session, submission, wire, feed)
        drafts.after_deciding(session, now, submission)
        work.audit(session, now, write.actor.actor_id, submission.id, f"decision {wire.outcome}", body)
        return Effect(submission.id, f"decision-{wire.outcome}")

    return perform(request, write, DecisionIn, effect)


def settle(session: Session, submission: Submission, wire: DecisionIn, feed: Feed) -> None:
    """Let a decision take effect on the submission, and on the ones related to it."""
    if wire.outcome is DecisionOutcome.RETURN:
        submission.round += 1
        submission.return_note = dict(as_json(ReturnWire(reason=wire.reason, criteria=wire.criteria)))
        assessor = work.assessor_of(session, submission)
        if wire.return_to == "other" and assessor is not None:
            assessor.active = False
            feed.unassigned(assessor, "given to somebody else")
    if wire.outcome is DecisionOutcome.AWARD:
        work.hide_numbers(session, submission, feed)
    feed.submission(submission)


def _check_approver(session: Session, submission: Submission, actor: Actor) -> None:
    actor.need(Role.APPROVER)
    if work.has_assessed(session, submission, actor.actor_id):
        raise Problem(403, "own-assessment", "Nobody approves a submission that she assessed.")
    work.assignment_of(session, submission, actor, Role.APPROVER)
    work.refuse_conflict(session, submission, actor)


def _recommendation(session: Session, submission: Submission, wire: DecisionIn) -> Recommendation:
    """What the decision is about.

    Raises:
        Problem: 409; it is not what stands in the present round, or the round is decided already.
    """
    decided = select(Decision.id).where(Decision.submission_id == submission.id, Decision.round == wire.round)
    if session.scalar(decided) is not None:
        raise Problem(409, "already-decided", "This round is decided already.")
    if wire.round != submission.round:
        raise Problem(409, "round-changed", f"The submission is in round {submission.round}.")
    recommendation = work.recommendation_of(session, submission)
    if recommendation is None:
        raise Problem(409, "state", f"The submission is {submission.status} now.")
    if recommendation.id != wire.recommendation_id:
        raise Problem(409, "new-recommendation", "There is a newer recommendation.")
    return recommendation
