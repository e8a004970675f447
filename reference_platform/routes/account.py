"""Who is signed in, receipts, calendars, and whether the platform is there."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from sqlalchemy import select

from assessor_app.domain.roles import Role
from assessor_app.sync.protocol import CalendarWire, HealthOut, MeOut, ReceiptWire
from reference_platform.auth.bearer import SignedIn, signed_in
from reference_platform.models import Document, StoredAnswer
from reference_platform.platform import platform_of
from reference_platform.problems import Problem
from reference_platform.routes.shapes import Identifier

router = APIRouter(tags=["platform"])


@router.get("/health")
def health() -> HealthOut:
    """That the platform answers; needs no sign-in."""
    return HealthOut()


@router.get("/v1/me")
def me(actor: SignedIn) -> MeOut:
    """The signed-in person, by pseudonym."""
    return MeOut(actor_id=actor.actor_id, roles=[r for r in Role if r in actor.roles], tz=actor.tz)


@router.get("/v1/receipts/{key}")
def receipt(request: Request, actor: SignedIn, key: Identifier) -> ReceiptWire:
    """The receipt of one of the person's own writes."""
    with platform_of(request).database.read() as session:
        stored = session.get(StoredAnswer, (actor.actor_id, key))
        if stored is None:
            raise Problem(404, "not-found", "Nothing was received under this key.")
        return ReceiptWire.model_validate(stored.receipt)


@router.get("/v1/calendars/{calendar_id}", dependencies=[Depends(signed_in)])
def calendar(request: Request, calendar_id: Identifier) -> CalendarWire:
    """The business days of an issuer."""
    with platform_of(request).database.read() as session:
        body = session.scalar(
            select(Document.body).where(Document.kind == "calendar", Document.id == calendar_id)
        )
        if body is None:
            raise Problem(404, "not-found", "There is no such calendar.")
        return CalendarWire.model_validate(body)
