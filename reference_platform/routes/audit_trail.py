"""What happened to evidence on people's own machines, for the audit trail: effects alone."""

from __future__ import annotations

from datetime import datetime

from fastapi import APIRouter, Request, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessor_app.sync.protocol import AuditIn, FieldProblem, ReceiptWire, as_json
from reference_platform import work
from reference_platform.models import AuditEntry
from reference_platform.problems import Problem
from reference_platform.routes.shapes import takes
from reference_platform.writes import Effect, Write, perform

router = APIRouter(tags=["team"])


@router.post("/v1/audit", status_code=201, response_model=ReceiptWire, openapi_extra=takes(AuditIn))
def tell(request: Request, write: Write) -> Response:
    """Take effects on one submission into the trail, each once however often it is told."""

    def effect(session: Session, wire: AuditIn, now: datetime) -> Effect:
        submission = work.submission_of(session, wire.submission_id)
        work.role_in(session, submission, write.actor)
        known_sources = work.source_ids(submission)
        if any(told.source_id not in known_sources for told in wire.effects):
            error = FieldProblem(pointer="/effects", message="The submission has no such evidence.")
            raise Problem(422, "validation", "The body does not follow the contract.", errors=[error])
        actor_id = write.actor.actor_id
        earlier = session.scalars(
            select(AuditEntry).where(
                AuditEntry.submission_id == submission.id, AuditEntry.actor_id == actor_id
            )
        )
        known = {entry.body.get("id") for entry in earlier}
        for told in wire.effects:
            if told.id not in known:
                known.add(told.id)
                work.audit(session, now, actor_id, submission.id, told.what, as_json(told))
        return Effect(submission.id, "audit-kept")

    return perform(request, write, AuditIn, effect)
