"""The paths of a sign-in on another device (RFC 8628): where it begins, and where the person answers."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from authlib.oauth2 import OAuth2Error
from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import select

from assessor_app.sync.protocol import DeviceCodeOut
from reference_platform.auth import device_pages
from reference_platform.auth.device import DeviceEndpoint, as_shown, awaiting
from reference_platform.auth.families import granted_scopes
from reference_platform.auth.passwords import is_right
from reference_platform.auth.server import Environment, SignInRequest
from reference_platform.models import Account, DeviceGrant
from reference_platform.platform import platform_of
from reference_platform.routes.sign_in import PostedForm, issuer_of, server

router = APIRouter(tags=["sign-in"])
MAX_TYPED = 64


def _asked_from(request: Request) -> str:
    return request.client.host if request.client is not None else ""


Place = Annotated[str, Depends(_asked_from)]
"""The network address that asks."""


@router.post(
    "/oauth/device_authorization",
    response_model=DeviceCodeOut,
    responses={400: {"description": "An error after RFC 6749, 5.2."}},
)
def begin(request: Request, form: PostedForm, place: Place) -> Response:
    """Give a workstation a code to ask with and one for the person to type (RFC 8628, 3.1)."""
    platform = platform_of(request)
    with platform.database.write() as session:
        environment = Environment(session, platform.clock, platform.settings)
        page = f"{issuer_of(request)}/oauth/device"
        try:
            asked = SignInRequest("POST", str(request.url), form, environment)
            endpoint = DeviceEndpoint(server, environment, page=page, asked_from=place)
            answer: Response = server.handle_response(*endpoint(asked))
        except OAuth2Error as error:
            answer = server.handle_response(*error())
    return answer


@router.get("/oauth/device", response_class=Response, include_in_schema=False)
def ask(request: Request, place: Place) -> Response:
    """The page where a code is typed; with a code in the address, the question at once."""
    typed = request.query_params.get("user_code", "")[:MAX_TYPED]
    return _question(request, typed, place) if typed else device_pages.code_page()


@router.post("/oauth/device", response_class=Response, include_in_schema=False)
def take_answer(request: Request, form: PostedForm, place: Place) -> Response:
    """Take a typed code and show the question, or take the answer to it."""
    typed = form.get("user_code", [""])[0][:MAX_TYPED]
    answer = form.get("answer", [""])[0]
    if answer not in ("allow", "deny"):
        return _question(request, typed, place)
    login, password = form.get("login", [""])[0], form.get("password", [""])[0]
    platform = platform_of(request)
    if platform.code_guesses.is_barred(place, platform.clock.now()):
        return device_pages.code_page(alert=device_pages.TOO_OFTEN, status=429)
    with platform.database.read() as session:
        account = session.scalar(select(Account).where(Account.login == login, Account.disabled.is_(False)))
        stored = None if account is None else account.password_hash
    is_known = platform.settings.demo and account is not None and not password
    if not is_known and not is_right(password, stored):
        shown = _question(request, typed, place, login=login, alert=device_pages.NOT_RIGHT)
        platform.code_guesses.note_wrong(place, platform.clock.now())
        return shown
    with platform.database.write() as session:
        row = awaiting(session, typed, platform.clock.now())
        account = session.scalar(select(Account).where(Account.login == login, Account.disabled.is_(False)))
        if row is None or account is None:
            return _wrong_code(request, place)
        scopes = granted_scopes(account, row.scope)
        if answer == "allow" and scopes:
            row.actor_id, row.scope = account.actor_id, " ".join(scopes)
            return device_pages.done_page(is_allowed=True)
        row.is_denied = answer == "deny"
    if answer == "allow":
        return _question(request, typed, place, login=login, alert=device_pages.NO_ROLE)
    return device_pages.done_page(is_allowed=False)


def _question(request: Request, typed: str, place: str, *, login: str = "", alert: str = "") -> Response:
    platform = platform_of(request)
    now = platform.clock.now()
    if platform.code_guesses.is_barred(place, now):
        return device_pages.code_page(alert=device_pages.TOO_OFTEN, status=429)
    with platform.database.read() as session:
        row = awaiting(session, typed, now)
        if row is None:
            return _wrong_code(request, place)
        return device_pages.question_page(
            code=as_shown(typed),
            scope=row.scope,
            place=_place_words(row, place),
            minutes=_minutes_since(row.begun_at, now),
            login=login,
            alert=alert,
            demo=platform.settings.demo,
        )


def _wrong_code(request: Request, place: str) -> Response:
    platform = platform_of(request)
    platform.code_guesses.note_wrong(place, platform.clock.now())
    return device_pages.code_page(alert=device_pages.NOT_KNOWN, status=404)


def _place_words(row: DeviceGrant, here: str) -> str:
    if row.asked_from == here:
        return f"the same network address as this page ({here})"
    return f"another network address than this page ({row.asked_from or 'not known'})"


def _minutes_since(then: datetime, now: datetime) -> int:
    return int((now - then).total_seconds() // 60)
