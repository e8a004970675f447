"""The paths of OAuth 2: metadata, authorization and token endpoint."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated
from urllib.parse import parse_qs

from authlib.common.urls import add_params_to_uri
from authlib.oauth2 import OAuth2Error
from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import select

from assessor_app.domain.roles import SCOPES
from assessor_app.sync.protocol import ServerInfo, TokenOut
from reference_platform.auth.client import GRANT_TYPES
from reference_platform.auth.families import granted_scopes
from reference_platform.auth.pages import refused_page, sign_in_page
from reference_platform.auth.passwords import is_right
from reference_platform.auth.server import Environment, SignInRequest, SignInServer
from reference_platform.models import Account
from reference_platform.platform import platform_of

MAX_FORM_BYTES = 16 * 1024
MOST_FIELDS = 50

router = APIRouter(tags=["sign-in"])
server = SignInServer()


async def posted_form(request: Request) -> dict[str, list[str]]:
    """The fields of a posted form; empty for anything else or too much of it."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM_BYTES:
            return {}
    return _fields(body.decode("utf-8", "replace"))


def _fields(text: str) -> dict[str, list[str]]:
    """The fields of a query or a form; empty where there are more than anything here asks for."""
    try:
        return parse_qs(text, keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        return {}


PostedForm = Annotated[dict[str, list[str]], Depends(posted_form)]


def issuer_of(request: Request) -> str:
    """The platform's own name in sign-ins: its origin."""
    return str(request.base_url).rstrip("/")


@router.get("/.well-known/oauth-authorization-server")
def metadata(request: Request) -> ServerInfo:
    """Where things are (RFC 8414)."""
    issuer = issuer_of(request)
    return ServerInfo(
        issuer=issuer,
        authorization_endpoint=f"{issuer}/oauth/authorize",
        token_endpoint=f"{issuer}/oauth/token",
        revocation_endpoint=f"{issuer}/oauth/revoke",
        device_authorization_endpoint=f"{issuer}/oauth/device_authorization",
        authorization_response_iss_parameter_supported=True,
        response_types_supported=["code"],
        grant_types_supported=list(GRANT_TYPES),
        code_challenge_methods_supported=["S256"],
        token_endpoint_auth_methods_supported=["none"],
        scopes_supported=list(SCOPES.values()),
    )


@router.get("/oauth/authorize", response_class=Response, include_in_schema=False)
def authorize(request: Request) -> Response:
    """Ask the person to sign in; a demo account that is named needs no asking."""
    login = request.query_params.get("login_hint", "")
    with _asked(request) as asked:
        if isinstance(asked, Response):
            return asked
        if platform_of(request).settings.demo and login:
            account = asked.environment.session.scalar(select(Account).where(Account.login == login))
            if account is not None and not account.disabled:
                return _granted(request, asked, account)
        return sign_in_page(login=login, failed=False, redirect_uri=asked.payload.redirect_uri)


@router.post("/oauth/authorize", response_class=Response, include_in_schema=False)
def authorize_with_password(request: Request, form: PostedForm) -> Response:
    """Take name and password and send the person back to the workstation."""
    login = form.get("login", [""])[0]
    password = form.get("password", [""])[0]
    with platform_of(request).database.read() as session:
        stored = session.scalar(
            select(Account.password_hash).where(Account.login == login, Account.disabled.is_(False))
        )
    right = is_right(password, stored)
    with _asked(request) as asked:
        if isinstance(asked, Response):
            return asked
        account = asked.environment.session.scalar(select(Account).where(Account.login == login))
        if not right or account is None:
            return sign_in_page(login=login, failed=True, redirect_uri=asked.payload.redirect_uri)
        return _granted(request, asked, account)


@router.post(
    "/oauth/token",
    response_model=TokenOut,
    responses={400: {"description": "An error after RFC 6749, 5.2."}},
)
def token(request: Request, form: PostedForm) -> Response:
    """Give tokens for a code, a refresh token or a confirmed device (RFC 6749, 4.1.3, 6; RFC 8628, 3.4)."""
    platform = platform_of(request)
    with platform.database.write() as session:
        environment = Environment(session, platform.clock, platform.settings)
        try:
            asked = SignInRequest("POST", str(request.url), form, environment)
        except OAuth2Error as error:
            refusal: Response = server.handle_response(*error())
            return refusal
        answer: Response = server.create_token_response(asked)
        return answer


@contextmanager
def _asked(request: Request) -> Iterator[SignInRequest | Response]:
    """The checked request of the authorization endpoint, or the answer that refuses it."""
    platform = platform_of(request)
    parameters = _fields(request.url.query)
    with platform.database.write() as session:
        environment = Environment(session, platform.clock, platform.settings)
        try:
            asked = SignInRequest("GET", str(request.url), parameters, environment)
            server.get_consent_grant(asked)
        except OAuth2Error as error:
            if error.redirect_uri:
                yield _with_issuer(request, server.handle_response(*error()))
            else:
                yield refused_page(error.description or error.error or "The request is not complete.")
        else:
            yield asked


def _granted(request: Request, asked: SignInRequest, account: Account) -> Response:
    user = account if granted_scopes(account, asked.scope) else None
    grant = server.get_authorization_grant(asked)
    response = server.create_authorization_response(asked, grant_user=user, grant=grant)
    return _with_issuer(request, response)


def _with_issuer(request: Request, response: Response) -> Response:
    """Name the issuer in what goes back through the browser, be it a code or an error (RFC 9207, 2)."""
    place = response.headers.get("Location")
    if place is not None:
        response.headers["Location"] = add_params_to_uri(place, [("iss", issuer_of(request))])
    return response
