"""A person's own draft of a submission, copied for her other computers. Nobody else is ever given it."""

from __future__ import annotations

import json

from fastapi import APIRouter, Request, Response
from sqlalchemy.orm import Session

from assessor_app.domain.drafts import OPEN_AT
from assessor_app.domain.roles import Role
from assessor_app.sync.protocol import (
    DraftIn,
    DraftWire,
    ReceiptWire,
    as_json,
    utc_text,
)
from reference_platform import drafts, work
from reference_platform.auth.bearer import Actor, SignedIn
from reference_platform.feed import active_assignments
from reference_platform.models import Draft, Submission
from reference_platform.platform import platform_of
from reference_platform.problems import Problem
from reference_platform.ranges import etag_matches
from reference_platform.routes.shapes import Identifier, takes
from reference_platform.writes import Write, parse

router = APIRouter(tags=["drafts"])
PATH = "/v1/submissions/{submission_id}/draft"
_CONDITIONS = [
    {
        "name": name,
        "in": "header",
        "required": False,
        "description": description,
        "schema": {"type": "string"},
    }
    for name, description in (
        ("If-Match", "The version that this one replaces; needed as soon as there is one."),
        ("If-None-Match", "`*`: there is none yet."),
    )
]
_TAKES = takes(DraftIn)
_TAKES["parameters"] = [*_TAKES["parameters"], *_CONDITIONS]


@router.get(PATH, response_model=DraftWire)
def get_draft(request: Request, actor: SignedIn, submission_id: Identifier) -> Response:
    """The person's own draft, as long as the submission is her work."""
    with platform_of(request).database.read() as session:
        _roles_in(session, submission_id, actor)
        draft = session.get(Draft, (submission_id, actor.actor_id))
        if draft is None:
            raise Problem(404, "no-draft", "You have no draft of this submission here.")
        etag = drafts.etag_of(draft)
        data = {
            **draft.body,
            "submission_id": draft.submission_id,
            "begun_at": utc_text(draft.begun_at),
            "saved_at": utc_text(draft.saved_at),
        }
    headers = {"ETag": etag, "Cache-Control": "no-store"}
    if etag_matches(request.headers.get("If-None-Match"), etag):
        return Response(status_code=304, headers=headers)
    return Response(json.dumps(data), media_type="application/json", headers=headers)


@router.put(PATH, status_code=201, response_model=ReceiptWire, openapi_extra=_TAKES)
def put_draft(request: Request, submission_id: Identifier, write: Write) -> Response:
    """Take the person's draft in place of the version that it was made from.

    No answer is stored: a repeat finds its own content here, which is as good.
    """
    platform = platform_of(request)
    wire = parse(DraftIn, write.body)
    now = platform.clock.now()
    with platform.database.write() as session:
        roles = _roles_in(session, submission_id, write.actor)
        submission = session.get_one(Submission, submission_id)
        if not any(submission.status in OPEN_AT[role] for role in roles):
            raise Problem(409, "state", f"The submission is {submission.status} now.")
        if wire.round != submission.round:
            raise Problem(409, "round-changed", f"The submission is in round {submission.round}.")
        present = session.get(Draft, (submission_id, write.actor.actor_id))
        if present is None or present.body != as_json(wire):
            _check_conditions(request, present)
            present = drafts.put(session, now, submission_id, write.actor.actor_id, wire)
        etag, saved_at = drafts.etag_of(present), present.saved_at
    receipt = ReceiptWire(
        key=write.key,
        sha256=write.sha256,
        submission_id=submission_id,
        received_at=saved_at,
        effect="draft-kept",
    )
    headers = {"ETag": etag, "Cache-Control": "no-store"}
    return Response(json.dumps(as_json(receipt)), 201, headers=headers, media_type="application/json")


def _roles_in(session: Session, submission_id: str, actor: Actor) -> set[Role]:
    """The roles in which a submission is the actor's work now.

    Raises:
        Problem: 403 `not-assigned`, for a submission that is not there as well; 410 `withdrawn`.
    """
    held = {
        assignment.role
        for assignment in active_assignments(session, submission_id)
        if assignment.actor_id == actor.actor_id and assignment.role in actor.roles
    }
    if not held:
        raise Problem(403, "not-assigned", "This submission is not assigned to you.")
    work.submission_of(session, submission_id)
    return held


def _check_conditions(request: Request, present: Draft | None) -> None:
    """Let nothing be replaced that its author has not seen.

    Raises:
        Problem: 428 without a condition; 412 with the present version, if there is one, in `current_etag`.
    """
    wanted = request.headers.get("If-Match")
    if wanted is None and request.headers.get("If-None-Match") != "*":
        raise Problem(428, "condition-missing", "Say which version this one replaces.")
    current = drafts.etag_of(present) if present is not None else None
    names = {name.strip() for name in (wanted or "").split(",")}
    is_met = current is None if wanted is None else current is not None and bool({current, "*"} & names)
    if not is_met:
        detail = "Another of your computers has changed it meanwhile."
        raise Problem(412, "draft-changed", detail, current_etag=current)
