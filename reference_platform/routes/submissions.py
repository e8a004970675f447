"""Reading one submission, its files, and the rubric version that it is pinned to."""

from __future__ import annotations

import hashlib
import json
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from assessor_app.domain.canonical import canonical_json
from assessor_app.sync.protocol import ArtifactWire, SubmissionWire, as_json
from reference_platform import earlier
from reference_platform.auth.bearer import Actor, SignedIn, signed_in
from reference_platform.models import EvidenceFile, Rubric, Submission
from reference_platform.platform import platform_of
from reference_platform.problems import Problem
from reference_platform.projection import View, submissions_data
from reference_platform.ranges import Slice, asked_slice, etag_matches
from reference_platform.routes.rubric_schema import RubricVersionOut
from reference_platform.routes.shapes import Identifier
from reference_platform.work import wire_of

PRIVATE = "private, no-cache"
"""A copy may be kept by the client alone, and is asked about before it is used again."""

router = APIRouter(tags=["reading"])


@router.get("/v1/submissions/{submission_id}", response_model=SubmissionWire)
def submission(request: Request, actor: SignedIn, submission_id: Identifier) -> Response:
    """One submission as it is now."""
    with platform_of(request).database.read() as session:
        found = _assigned(session, actor, submission_id)
        body = canonical_json(submissions_data(session, [found])[found.id])
    headers = {"ETag": f'"{hashlib.sha256(body).hexdigest()}"', "Cache-Control": PRIVATE}
    if etag_matches(request.headers.get("If-None-Match"), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


@router.get("/v1/artifacts/{artifact_id}", response_model=ArtifactWire)
def artifact(request: Request, actor: SignedIn, artifact_id: Identifier) -> Response:
    """What is known of one file; its bytes are at `/content`."""
    with platform_of(request).database.read() as session:
        file = _file(session, actor, artifact_id, None)
        parts = wire_of(session.get_one(Submission, file.submission_id)).parts
        snapshots = [link.snapshot for part in parts for link in part.links if link.snapshot is not None]
        uploads = [*(a for part in parts for a in part.artifacts), *snapshots]
        wire = next(upload for upload in uploads if upload.id == artifact_id)
    headers = {"ETag": f'"{wire.sha256}"', "Cache-Control": PRIVATE}
    return Response(json.dumps(as_json(wire)), media_type="application/json", headers=headers)


@router.head("/v1/artifacts/{artifact_id}/content", include_in_schema=False)
@router.get(
    "/v1/artifacts/{artifact_id}/content",
    response_class=Response,
    responses={
        200: {"description": "All bytes.", "content": {"*/*": {}}},
        206: {"description": "The bytes asked for by `Range`."},
        304: {"description": "The client's copy is the same."},
        416: {"description": "There are no such bytes; a problem document."},
    },
)
def artifact_content(
    request: Request,
    actor: SignedIn,
    artifact_id: Identifier,
    rendition: Annotated[str | None, Query(pattern="^[0-9a-f]{64}$")] = None,
) -> Response:
    """The bytes of a file, or of the PDF copy with this digest."""
    platform = platform_of(request)
    with platform.database.read() as session:
        file = _file(session, actor, artifact_id, rendition)
        sha256, size_bytes, media_type = file.sha256, file.size_bytes, file.media_type
    headers = {
        "ETag": f'"{sha256}"',
        "Accept-Ranges": "bytes",
        "Cache-Control": PRIVATE,
        "X-Content-Type-Options": "nosniff",
        "Content-Disposition": "attachment",
    }
    if etag_matches(request.headers.get("If-None-Match"), headers["ETag"]):
        return Response(status_code=304, headers=headers)
    asked = asked_slice(request.headers, size_bytes, headers["ETag"])
    wanted = asked or Slice(0, size_bytes)
    headers["Content-Length"] = str(wanted.stop - wanted.start)
    if asked is not None:
        headers["Content-Range"] = f"bytes {asked.start}-{asked.stop - 1}/{size_bytes}"
    status = 200 if asked is None else 206
    if request.method == "HEAD":
        return Response(status_code=status, headers=headers, media_type=media_type)
    chunks = platform.blobs.chunks(sha256, wanted.start, wanted.stop)
    return StreamingResponse(chunks, status, headers=headers, media_type=media_type)


@router.get(
    "/v1/rubrics/{rubric_id}/versions/{version}",
    response_model=RubricVersionOut,
    dependencies=[Depends(signed_in)],
)
def rubric_version(
    request: Request,
    rubric_id: Identifier,
    version: Annotated[int, Path(ge=1, le=2**31 - 1)],
) -> Response:
    """One published rubric version; it never changes."""
    with platform_of(request).database.read() as session:
        rubric = session.get(Rubric, (rubric_id, version))
        if rubric is None:
            raise Problem(404, "not-found", "There is no such rubric version.")
        etag, body = f'"{rubric.hash}"', canonical_json(rubric.body)
    headers = {"ETag": etag, "Cache-Control": "private, max-age=31536000, immutable"}
    if etag_matches(request.headers.get("If-None-Match"), etag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def _assigned(session: Session, actor: Actor, submission_id: str) -> Submission:
    if View(session, actor.actor_id).roles([submission_id]):
        return session.get_one(Submission, submission_id)
    raise Problem(404, "not-found", "There is no such submission among yours.")


def _file(session: Session, actor: Actor, artifact_id: str, rendition: str | None) -> EvidenceFile:
    found = select(EvidenceFile).where(
        EvidenceFile.artifact_id == artifact_id, EvidenceFile.is_rendition.is_(rendition is not None)
    )
    if rendition is not None:
        found = found.where(EvidenceFile.sha256 == rendition)
    file = session.scalars(found).first()
    if file is None or not _may_read(session, actor.actor_id, file.submission_id):
        raise Problem(404, "not-found", "There is no such file among yours.")
    return file


def _may_read(session: Session, actor_id: str, submission_id: str) -> bool:
    """Whether a submission is the actor's work, or an earlier attempt that such work brings along."""
    if View(session, actor_id).roles([submission_id]):
        return True
    return earlier.may_read(session, actor_id, submission_id)
