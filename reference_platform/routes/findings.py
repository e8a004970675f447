"""Reports that a file's properties may name a person: which kind, of which file, never what stands there."""

from __future__ import annotations

import hashlib
from datetime import datetime

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from assessor_app.domain.cases import CaseKind
from assessor_app.sync.protocol import FieldProblem, FindingIn, ReceiptWire
from reference_platform import cases, work
from reference_platform.models import TeamCase
from reference_platform.problems import Problem
from reference_platform.routes.shapes import Identifier, takes
from reference_platform.writes import Effect, Write, perform

router = APIRouter(tags=["team"])


@router.post(
    "/v1/submissions/{submission_id}/findings",
    status_code=201,
    response_model=ReceiptWire,
    openapi_extra=takes(FindingIn),
)
def report(request: Request, submission_id: Identifier, write: Write) -> Response:
    """Open a case for the lead, one for each file and kind however many people's programs find it."""

    def effect(session: Session, wire: FindingIn, now: datetime) -> Effect:
        submission = work.submission_of(session, submission_id)
        work.role_in(session, submission, write.actor)
        if wire.source_id not in work.source_ids(submission):
            error = FieldProblem(pointer="/source_id", message="The submission has no such evidence.")
            raise Problem(422, "validation", "The body does not follow the contract.", errors=[error])
        for kind in sorted(set(wire.kinds)):
            case_id = _case_id(submission.id, wire.source_id, kind.value)
            if session.get(TeamCase, case_id) is None:
                cases.open_case(
                    session,
                    now,
                    submission,
                    CaseKind.IDENTITY_FINDING,
                    case_id,
                    by="platform",
                    source_id=wire.source_id,
                    detail={"finding": kind.value},
                )
        return Effect(submission.id, "finding-received")

    return perform(request, write, FindingIn, effect)


def _case_id(submission_id: str, source_id: str, kind: str) -> str:
    """The same for everybody who finds the same."""
    digest = hashlib.sha256(f"{submission_id} {source_id} {kind}".encode()).hexdigest()
    return f"finding-{digest[:32]}"
