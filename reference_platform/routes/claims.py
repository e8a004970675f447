"""Taking work from the queue, keeping it for longer, giving it back."""

from __future__ import annotations

from datetime import datetime, timedelta

from fastapi import APIRouter, Request, Response
from sqlalchemy import Select, and_, exists, not_, select
from sqlalchemy.orm import Session

from assessor_app.domain.endings import EndingReason
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.sync.protocol import (
    AssignmentWire,
    ChangeType,
    ClaimIn,
    ClaimNextIn,
    QueueEntry,
    QueueOut,
    ReceiptWire,
    ReleaseIn,
)
from reference_platform import work
from reference_platform.auth.bearer import Actor, SignedIn
from reference_platform.feed import Feed, active_assignments, assignment_record
from reference_platform.models import Account, Assignment, Recusal, Submission
from reference_platform.platform import platform_of
from reference_platform.problems import Problem
from reference_platform.routes.shapes import Identifier, takes
from reference_platform.writes import Effect, Write, perform

CLAIMABLE = frozenset({SubmissionStatus.WAITING_ON_ASSESSOR, SubmissionStatus.RETURNED})

router = APIRouter(tags=["queue"])


@router.get("/v1/queue")
def queue(request: Request, actor: SignedIn) -> QueueOut:
    """How many submissions could be claimed, by micro-credential."""
    actor.need(Role.ASSESSOR)
    platform = platform_of(request)
    counts: dict[str, QueueEntry] = {}
    with platform.database.read() as session:
        for submission in session.scalars(_claimable(actor, platform.clock.now()).order_by(Submission.id)):
            before = counts.get(submission.microcredential_id)
            counts[submission.microcredential_id] = QueueEntry(
                microcredential_id=submission.microcredential_id,
                title=submission.body["title"],
                claimable=1 + (before.claimable if before is not None else 0),
            )
    return QueueOut(entries=list(counts.values()))


@router.post(
    "/v1/submissions/{submission_id}/claim",
    status_code=201,
    response_model=AssignmentWire,
    openapi_extra=takes(ClaimIn),
)
def claim(request: Request, submission_id: Identifier, write: Write) -> Response:
    """Make a submission one's own for some hours."""

    def effect(session: Session, wire: ClaimIn, now: datetime) -> Effect:
        write.actor.need(Role.ASSESSOR)
        submission = work.submission_of(session, submission_id)
        if submission.status not in CLAIMABLE:
            raise Problem(409, "state", f"The submission is {submission.status} now.")
        _refuse_taken(session, submission, write.actor, now)
        _refuse_unfit(session, submission, write.actor)
        assignment = _give(session, submission, write.actor, wire.lease_hours, now)
        return Effect(submission.id, "claimed", answer=_wire(assignment))

    return perform(request, write, ClaimIn, effect)


@router.post(
    "/v1/queue/claims",
    status_code=201,
    response_model=AssignmentWire,
    openapi_extra=takes(ClaimNextIn),
)
def claim_next(request: Request, write: Write) -> Response:
    """Make one's own what has waited longest in a micro-credential's queue, of what one may have."""

    def effect(session: Session, wire: ClaimNextIn, now: datetime) -> Effect:
        write.actor.need(Role.ASSESSOR)
        refusal = Problem(409, "nothing-left", "Nothing is left in this queue.")
        waiting = _claimable(write.actor, now).where(Submission.microcredential_id == wire.microcredential_id)
        for submission in sorted(session.scalars(waiting), key=lambda s: (s.body["received_at"], s.id)):
            try:
                _refuse_unfit(session, submission, write.actor)
            except Problem as problem:
                refusal = problem
                continue
            _refuse_taken(session, submission, write.actor, now)
            assignment = _give(session, submission, write.actor, wire.lease_hours, now)
            return Effect(submission.id, "claimed", answer=_wire(assignment))
        raise refusal

    return perform(request, write, ClaimNextIn, effect)


@router.patch(
    "/v1/submissions/{submission_id}/claim",
    response_model=AssignmentWire,
    openapi_extra=takes(ClaimIn),
)
def renew(request: Request, submission_id: Identifier, write: Write) -> Response:
    """Keep a claimed submission for some hours from now."""

    def effect(session: Session, wire: ClaimIn, now: datetime) -> Effect:
        assignment = _own_claim(session, submission_id, write.actor)
        assignment.lease_until = now + timedelta(hours=wire.lease_hours)
        feed = Feed(session, now)
        feed.changed(write.actor.actor_id, ChangeType.ASSIGNMENT, assignment_record(assignment))
        return Effect(submission_id, "renewed", answer=_wire(assignment), status=200)

    return perform(request, write, ClaimIn, effect)


@router.delete(
    "/v1/submissions/{submission_id}/claim",
    status_code=200,
    response_model=ReceiptWire,
    openapi_extra=takes(ReleaseIn),
)
def release(request: Request, submission_id: Identifier, write: Write) -> Response:
    """Give a claimed submission back to the queue."""

    def effect(session: Session, wire: ReleaseIn, now: datetime) -> Effect:
        assignment = _own_claim(session, submission_id, write.actor)
        submission = work.submission_of(session, submission_id)
        if submission.status not in CLAIMABLE:
            raise Problem(409, "state", f"The submission is {submission.status} now.")
        assignment.active = False
        session.flush()
        Feed(session, now).unassigned(assignment, EndingReason.RELEASED)
        body = {"reason": wire.reason}
        work.audit(session, now, write.actor.actor_id, submission_id, "given back", body)
        return Effect(submission_id, "released", status=200)

    return perform(request, write, ReleaseIn, effect)


def _claimable(actor: Actor, now: datetime) -> Select[Submission]:
    """What is to be assessed, is nobody's work, and was not given back for good by this actor.

    Somebody else's claim whose time is over counts as nobody's.
    """
    has_run_out = and_(
        Assignment.claimed.is_(True), Assignment.lease_until <= now, Assignment.actor_id != actor.actor_id
    )
    taken = exists().where(
        Assignment.submission_id == Submission.id,
        Assignment.role == Role.ASSESSOR,
        Assignment.active.is_(True),
        not_(and_(Assignment.lease_until.is_not(None), has_run_out)),
    )
    given_back = exists().where(Recusal.submission_id == Submission.id, Recusal.actor_id == actor.actor_id)
    return select(Submission).where(Submission.status.in_(CLAIMABLE), ~taken, ~given_back)


def _give(session: Session, submission: Submission, actor: Actor, hours: int, now: datetime) -> Assignment:
    """Make a submission the actor's for some hours, and tell."""
    assignment = session.merge(
        Assignment(
            submission_id=submission.id,
            actor_id=actor.actor_id,
            role=Role.ASSESSOR,
            active=True,
            claimed=True,
            lease_until=now + timedelta(hours=hours),
            sampled=False,
        )
    )
    session.flush()
    Feed(session, now).assigned(assignment, submission)
    work.audit(session, now, actor.actor_id, submission.id, "claimed", {})
    return assignment


def _refuse_taken(session: Session, submission: Submission, actor: Actor, now: datetime) -> None:
    """Refuse what is somebody's; a claim that ran out makes room, work given by the platform does not."""
    for assignment in active_assignments(session, submission.id):
        if assignment.role is not Role.ASSESSOR:
            continue
        if assignment.actor_id == actor.actor_id or not work.has_run_out(assignment, now):
            raise Problem(409, "already-claimed", "Somebody is at work on this submission.")
        assignment.active = False
        session.flush()
        Feed(session, now).unassigned(assignment, EndingReason.REASSIGNED)


def _refuse_unfit(session: Session, submission: Submission, actor: Actor) -> None:
    work.refuse_unfit(session, submission, session.get_one(Account, actor.actor_id), Role.ASSESSOR)


def _own_claim(session: Session, submission_id: str, actor: Actor) -> Assignment:
    submission = work.submission_of(session, submission_id)
    assignment = work.assignment_of(session, submission, actor, Role.ASSESSOR)
    if not assignment.claimed:
        raise Problem(409, "not-claimed", "This submission was given to you by the platform.")
    return assignment


def _wire(assignment: Assignment) -> AssignmentWire:
    return AssignmentWire(
        submission_id=assignment.submission_id,
        role=assignment.role,
        lease_until=assignment.lease_until,
        sampled=assignment.sampled,
    )
