"""Giving a sign-in back: token revocation after RFC 7009."""

from __future__ import annotations

from fastapi import APIRouter, Request, Response
from sqlalchemy import or_, select

from assessor_app.sync.protocol import GivenBackOut
from reference_platform.auth.bearer import token_digest
from reference_platform.auth.client import CLIENT_ID
from reference_platform.auth.families import revoke_family
from reference_platform.models import Token
from reference_platform.platform import platform_of
from reference_platform.routes.sign_in import PostedForm

router = APIRouter(tags=["sign-in"])


@router.post(
    "/oauth/revoke",
    response_model=GivenBackOut,
    responses={400: {"description": "An error after RFC 6749, 5.2."}},
)
def revoke(request: Request, form: PostedForm) -> Response:
    """End everything that comes from the sign-in of a token; one that is not known has ended already."""
    tokens, clients = form.get("token", []), form.get("client_id", [])
    if len(tokens) != 1:
        return _refused("invalid_request", 400)
    if clients != [CLIENT_ID]:
        return _refused("invalid_client", 401)
    digest = token_digest(tokens[0])
    platform = platform_of(request)
    with platform.database.write() as session:
        family_id = session.scalar(
            select(Token.family_id).where(or_(Token.refresh_sha256 == digest, Token.access_sha256 == digest))
        )
        if family_id is not None:
            revoke_family(session, family_id, platform.clock.now())
    return Response("{}", 200, {"Cache-Control": "no-store"}, media_type="application/json")


def _refused(error: str, status: int) -> Response:
    return Response(f'{{"error": "{error}"}}', status, media_type="application/json")
