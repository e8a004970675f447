"""What assessors send: a recommendation for each round, and taking it back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.sync.protocol import (
    ChangeType,
    ReceiptWire,
    RecommendationIn,
    WithdrawIn,
    as_json,
)
from reference_platform import drafts, work
from reference_platform.feed import Feed, active_assignments
from reference_platform.judging import accommodations_of, check_recommendation, scope_of_wire
from reference_platform.models import Recommendation
from reference_platform.problems import Problem
from reference_platform.routes.shapes import ClientId, Identifier, takes
from reference_platform.writes import Effect, Write, perform

router = APIRouter(tags=["assessing"])


@router.put(
    "/v1/submissions/{submission_id}/recommendations/{recommendation_id}",
    status_code=201,
    response_model=ReceiptWire,
    openapi_extra=takes(RecommendationIn),
)
def put_recommendation(
    request: Request, submission_id: Identifier, recommendation_id: ClientId, write: Write
) -> Response:
    """Take an assessor's recommendation for the present round."""

    def effect(session: Session, wire: RecommendationIn, now: datetime) -> Effect:
        submission = work.submission_of(session, submission_id)
        work.assignment_of(session, submission, write.actor, Role.ASSESSOR)
        work.refuse_conflict(session, submission, write.actor)
        existing = session.get(Recommendation, recommendation_id)
        write.need_new(None if existing is None else existing.body)
        if wire.round != submission.round:
            raise Problem(409, "round-changed", f"The submission is in round {submission.round}.")
        if work.recommendation_of(session, submission) is not None:
            raise Problem(409, "already-recommended", "This round already has a recommendation.")
        work.move(session, now, submission, SubmissionStatus.WAITING_ON_APPROVER, "assessor")
        version, rubric_hash = work.rubric_of(session, submission)
        if wire.rubric_hash != rubric_hash:
            raise Problem(409, "rubric-changed", "The assessment was made against another rubric.")
        if wire.evidence_digest != submission.evidence_digest:
            raise Problem(409, "evidence-changed", "The assessment was made from other evidence.")
        received = work.wire_of(submission)
        in_scope = scope_of_wire(received, version)
        check_recommendation(wire, version, accommodations_of(received.accommodations), in_scope)
        body: dict[str, Any] = as_json(wire)
        recommendation = Recommendation(
            id=recommendation_id,
            submission_id=submission.id,
            round=wire.round,
            actor_id=write.actor.actor_id,
            sent_at=now,
            body=body,
        )
        session.add(recommendation)
        feed = Feed(session, now)
        feed.submission(submission)
        feed.recommendation(recommendation, submission)
        drafts.after_sending(session, now, submission.id, write.actor.actor_id)
        work.audit(session, now, write.actor.actor_id, submission.id, "recommendation sent", body)
        return Effect(submission.id, "recommendation-received")

    return perform(request, write, RecommendationIn, effect)


@router.post(
    "/v1/submissions/{submission_id}/recommendation/withdraw",
    status_code=201,
    response_model=ReceiptWire,
    openapi_extra=takes(WithdrawIn),
)
def withdraw(request: Request, submission_id: Identifier, write: Write) -> Response:
    """Take a recommendation back while the grace period lasts and nothing is decided."""

    def effect(session: Session, wire: WithdrawIn, now: datetime) -> Effect:
        submission = work.submission_of(session, submission_id)
        work.assignment_of(session, submission, write.actor, Role.ASSESSOR)
        recommendation = work.recommendation_of(session, submission)
        if recommendation is None or recommendation.id != wire.recommendation_id:
            raise Problem(409, "nothing-to-withdraw", "There is no such recommendation in this round.")
        if recommendation.actor_id != write.actor.actor_id:
            raise Problem(403, "not-assigned", "Only its author takes a recommendation back.")
        grace = timedelta(minutes=work.policy(session).get("grace_minutes", 0))
        if now >= recommendation.sent_at + grace:
            raise Problem(409, "grace-over", "The time to take it back is over.")
        first = submission.round == 1
        before = SubmissionStatus.WAITING_ON_ASSESSOR if first else SubmissionStatus.RETURNED
        work.move(session, now, submission, before, "assessor")
        feed = Feed(session, now)
        for assignment in active_assignments(session, submission.id):
            feed.removed(assignment.actor_id, ChangeType.RECOMMENDATION, recommendation.id, "taken back")
        feed.submission(submission)
        drafts.after_taking_back(session, now, submission.id, write.actor.actor_id)
        body = {"recommendation_id": recommendation.id}
        work.audit(session, now, write.actor.actor_id, submission.id, "recommendation taken back", body)
        session.delete(recommendation)
        return Effect(submission.id, "recommendation-withdrawn")

    return perform(request, write, WithdrawIn, effect)
