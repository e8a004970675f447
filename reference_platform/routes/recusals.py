"""Giving work back for good: who recognises it, has a conflict of interest, or cannot read its language."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from assessor_app.domain.canonical import text_sha256
from assessor_app.domain.cases import CaseKind
from assessor_app.domain.endings import EndingReason
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SETTLED
from assessor_app.sync.protocol import ReceiptWire, RecuseIn
from reference_platform import cases, work
from reference_platform.feed import Feed, active_assignments
from reference_platform.models import Recusal, Submission
from reference_platform.problems import Problem
from reference_platform.routes.claims import CLAIMABLE
from reference_platform.routes.shapes import Identifier, takes
from reference_platform.writes import Effect, Write, perform

router = APIRouter(tags=["assessing"])


@router.post(
    "/v1/submissions/{submission_id}/recuse",
    status_code=201,
    response_model=ReceiptWire,
    openapi_extra=takes(RecuseIn),
)
def recuse(request: Request, submission_id: Identifier, write: Write) -> Response:
    """End the person's part in a submission, so that nobody but the lead learns of it.

    Status and history stay as they are: whoever gets the submission next finds it as if it had been hers
    from the start.
    """

    def effect(session: Session, wire: RecuseIn, now: datetime) -> Effect:
        submission = work.submission_of(session, submission_id)
        role = work.role_in(session, submission, write.actor)
        _refuse_too_late(submission, role)
        actor_id, reason = write.actor.actor_id, wire.reason_code
        case_id = f"recusal-{text_sha256(write.key)[:32]}"
        given_back = Recusal(submission_id=submission.id, actor_id=actor_id, at=now, reason_code=reason)
        session.add(given_back)
        for assignment in active_assignments(session, submission.id):
            if assignment.actor_id == actor_id:
                assignment.active = False
                session.flush()
                Feed(session, now).unassigned(assignment, EndingReason.RELEASED)
        cases.open_case(
            session,
            now,
            submission,
            CaseKind.RECUSAL,
            case_id,
            by=role.value,
            text=wire.note.strip(),
            detail={"reason": reason.value},
        )
        work.audit(session, now, actor_id, submission.id, "recused", {"reason_code": reason.value})
        return Effect(submission.id, "recused")

    return perform(request, write, RecuseIn, effect)


def _refuse_too_late(submission: Submission, role: Role) -> None:
    sent = role is Role.ASSESSOR and submission.status not in CLAIMABLE
    if sent or submission.status in SETTLED:
        raise Problem(409, "state", f"The submission is {submission.status} now.")
