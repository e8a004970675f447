"""What somebody who judges asks of the team lead, or reports: a question, a concern, a fault of a file."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessor_app.sync.protocol import CaseActionIn, CaseList, EscalationIn, FieldProblem, ReceiptWire
from reference_platform import cases, work
from reference_platform.auth.bearer import SignedIn
from reference_platform.models import Submission, TeamCase
from reference_platform.platform import platform_of
from reference_platform.problems import Problem
from reference_platform.routes.shapes import Identifier, takes
from reference_platform.writes import Effect, Write, perform

router = APIRouter(tags=["team"])


@router.post(
    "/v1/escalations", status_code=201, response_model=ReceiptWire, openapi_extra=takes(EscalationIn)
)
def escalate(request: Request, write: Write) -> Response:
    """Open a case for the team lead; answers come to its opener with the changes."""

    def effect(session: Session, wire: EscalationIn, now: datetime) -> Effect:
        submission = work.submission_of(session, wire.submission_id)
        role = work.role_in(session, submission, write.actor)
        _check(session, wire, submission)
        cases.open_case(
            session,
            now,
            submission,
            wire.kind,
            wire.id,
            by=role.value,
            text=wire.text.strip(),
            opened_by=write.actor.actor_id,
            criterion_id=wire.criterion_id,
            source_id=wire.source_id,
        )
        body = {"case_id": wire.id, "kind": wire.kind.value}
        work.audit(session, now, write.actor.actor_id, submission.id, "escalated", body)
        return Effect(submission.id, "escalation-received")

    return perform(request, write, EscalationIn, effect)


@router.post(
    "/v1/escalations/{case_id}/words",
    status_code=201,
    response_model=ReceiptWire,
    openapi_extra=takes(CaseActionIn),
)
def ask_on(request: Request, case_id: Identifier, write: Write) -> Response:
    """Add words to what one has opened; it is open again."""

    def effect(session: Session, wire: CaseActionIn, now: datetime) -> Effect:
        case = cases.case_for(session, case_id, write.actor)
        if case.opened_by != write.actor.actor_id:
            raise Problem(403, "not-assigned", "Only who opened it asks on; a lead answers.")
        submission = work.submission_of(session, case.submission_id)
        role = work.role_in(session, submission, write.actor)
        if wire.action != "answer" or not wire.text.strip():
            errors = [FieldProblem(pointer="/text", message="Words are all that can be added here.")]
            raise Problem(422, "validation", "The body does not follow the contract.", errors=errors)
        cases.append(session, now, case, "answered", by=role.value, text=wire.text.strip())
        return Effect(submission.id, "words-received")

    return perform(request, write, CaseActionIn, effect)


@router.get("/v1/escalations", response_model_exclude_none=True)
def escalations(request: Request, actor: SignedIn) -> CaseList:
    """What the person has opened, with the answers so far, oldest first."""
    with platform_of(request).database.read() as session:
        own = session.scalars(select(TeamCase).where(TeamCase.opened_by == actor.actor_id))
        found = sorted((cases.wire_of(case) for case in own), key=lambda case: (case.opened_at, case.id))
    return CaseList(cases=found)


def _check(session: Session, wire: EscalationIn, submission: Submission) -> None:
    """Refuse words that say nothing, and places that the submission does not have."""
    version, _ = work.rubric_of(session, submission)
    known = {str(criterion.id) for criterion in version.criteria}
    errors = []
    if not wire.text.strip():
        errors.append(FieldProblem(pointer="/text", message="The team lead needs words."))
    if wire.criterion_id is not None and wire.criterion_id not in known:
        errors.append(FieldProblem(pointer="/criterion_id", message="The rubric has no such criterion."))
    if wire.source_id is not None and wire.source_id not in work.source_ids(submission):
        errors.append(FieldProblem(pointer="/source_id", message="The submission has no such evidence."))
    if errors:
        raise Problem(422, "validation", "The body does not follow the contract.", errors=errors)
