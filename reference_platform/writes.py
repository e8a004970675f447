"""Writes that may be repeated: a key, a digest, one effect, one stored answer.

The key is looked up before anything else about the request. Key, digest of the body and answer are stored in
the transaction of the effect, so that there is never one without the other. A refusal has no effect and is
not stored: the same key may be tried again later.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Request, Response
from pydantic import ValidationError
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from assessor_app.domain.canonical import canonical_json
from assessor_app.sync.protocol import (
    FieldProblem,
    ReceiptWire,
    Wire,
    as_json,
)
from reference_platform.auth.bearer import Actor, Author
from reference_platform.feed import forget_before
from reference_platform.models import StoredAnswer
from reference_platform.platform import Platform, platform_of
from reference_platform.problems import Problem

KEY_PATTERN = re.compile(r"[A-Za-z0-9._:-]{1,100}")
DIGEST_PATTERN = re.compile(r"(?:^|,)\s*sha-256=(?::([A-Za-z0-9+/=]*):)?", re.IGNORECASE)
W = TypeVar("W", bound=Wire)


@dataclass(frozen=True, slots=True)
class IncomingWrite:
    """One write as it arrived, with its digest already checked."""

    actor: Actor
    key: str
    body: bytes
    sha256: str
    target: str
    """Method and path; a key belongs to one of them."""
    if_none_match: str | None = None

    def need_new(self, existing: Mapping[str, Any] | None) -> None:
        """Refuse to make a record unless the client says that it must not be there, and it is not.

        Args:
            existing: what the record says, if there is one.

        Raises:
            Problem: 428 without `If-None-Match: *`; 412 with the tag of the record that is there.
        """
        if self.if_none_match != "*":
            raise Problem(428, "precondition-missing", "A new record is put with If-None-Match: *.")
        if existing is not None:
            tag = f'"{hashlib.sha256(canonical_json(existing)).hexdigest()}"'
            raise Problem(412, "exists", "There is a record by this id.", current_etag=tag)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a write did."""

    submission_id: str
    name: str
    """Goes into the receipt."""
    answer: Wire | None = None
    """What is answered instead of the receipt."""
    status: int = 201


async def incoming_write(request: Request, actor: Author) -> IncomingWrite:
    """Read a write and check its key and digest.

    Raises:
        Problem: 400 without a good key or with another digest, 413 for too large a body.
    """
    key = request.headers.get("Idempotency-Key", "").strip('"')
    if not KEY_PATTERN.fullmatch(key):
        raise Problem(400, "key-missing", "Every write carries an Idempotency-Key.")
    body, limit_bytes = bytearray(), platform_of(request).settings.max_upload_bytes
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit_bytes:
            detail = f"At most {limit_bytes} bytes are taken."
            raise Problem(413, "too-large", detail, limit_bytes=limit_bytes)
    digest = hashlib.sha256(body)
    _check_digest(request.headers.get("Content-Digest"), digest.digest())
    target = f"{request.method} {request.url.path}"
    return IncomingWrite(
        actor, key, bytes(body), digest.hexdigest(), target, request.headers.get("If-None-Match")
    )


Write = Annotated[IncomingWrite, Depends(incoming_write)]
"""Parameter of a route that changes something."""


def perform(
    request: Request,
    write: IncomingWrite,
    model: type[W],
    effect: Callable[[Session, W, datetime], Effect],
) -> Response:
    """Do a write once, however often it arrives.

    Args:
        request: the HTTP request.
        write: what arrived.
        model: wire type of the body.
        effect: checks and changes within one transaction, at the given moment.

    Returns:
        The answer of the effect, or the stored one if the key is known.

    Raises:
        Problem: 422 `key-reused`, 400 or 422 for a bad body, and whatever `effect` raises.
    """
    platform = platform_of(request)
    with platform.database.read() as session:
        known = _stored(session, write)
        if known is not None:
            return known
    wire = parse(model, write.body)
    try:
        return _do(platform, write, wire, effect)
    except IntegrityError:
        # Another process did the same or took the place between our look and our commit: now it shows.
        return _do(platform, write, wire, effect)


def parse(model: type[W], body: bytes) -> W:
    """A closed wire object from a body.

    Raises:
        Problem: 400 `not-json`; 422 `validation` with the fields that are wrong.
    """
    try:
        json.loads(body or b"{}", object_pairs_hook=_no_duplicates, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Problem(400, "not-json", "The body is not acceptable JSON.") from None
    try:
        # Strict: a number is no truth value, whatever Python thinks of it.
        return model.model_validate_json(body or b"{}", strict=True, by_alias=True, by_name=False)
    except ValidationError as error:
        fields = [
            FieldProblem(pointer="".join(f"/{step}" for step in e["loc"])[:300], message=e["msg"][:300])
            for e in error.errors(include_input=False, include_context=False, include_url=False)[:50]
        ]
    raise Problem(422, "validation", "The body does not follow the contract.", errors=fields)


def _do(
    platform: Platform,
    write: IncomingWrite,
    wire: W,
    effect: Callable[[Session, W, datetime], Effect],
) -> Response:
    now = platform.clock.now()
    with platform.database.write() as session:
        known = _stored(session, write)
        if known is not None:
            return known
        done = effect(session, wire, now)
        receipt = as_json(
            ReceiptWire(
                key=write.key,
                sha256=write.sha256,
                submission_id=done.submission_id,
                received_at=now,
                effect=done.name,
            )
        )
        answer = as_json(done.answer) if done.answer is not None else receipt
        oldest = forget_before(now, platform.settings.key_days)
        session.execute(delete(StoredAnswer).where(StoredAnswer.created_at < oldest))
        session.add(
            StoredAnswer(
                actor_id=write.actor.actor_id,
                key=write.key,
                sha256=write.sha256,
                target=write.target,
                status=done.status,
                answer=answer,
                receipt=receipt,
                created_at=now,
            )
        )
    return _response(done.status, answer)


def _stored(session: Session, write: IncomingWrite) -> Response | None:
    known = session.get(StoredAnswer, (write.actor.actor_id, write.key))
    if known is None:
        return None
    if (known.sha256, known.target) != (write.sha256, write.target):
        raise Problem(422, "key-reused", "This Idempotency-Key stood on another request.")
    return _response(known.status, known.answer)


def _response(status: int, answer: dict[str, Any]) -> Response:
    headers = {"Cache-Control": "no-store"}
    return Response(json.dumps(answer), status, headers=headers, media_type="application/json")


def _check_digest(header: str | None, digest: bytes) -> None:
    """Compare with `Content-Digest` (RFC 9530); other algorithms than sha-256 are passed over."""
    match = DIGEST_PATTERN.search(header) if header is not None else None
    if match is None:
        return
    try:
        told = base64.b64decode(match[1] or b"", validate=True)
    except binascii.Error:
        told = b""
    if told != digest:
        raise Problem(400, "digest-mismatch", "The body was damaged on the way.")


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise ValueError("a name stands twice")
    return data


def _no_constant(name: str) -> float:
    raise ValueError(f"{name} is not JSON")
