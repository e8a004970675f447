"""Signing in after RFC 8252: the system's browser, PKCE, and an answer on a loopback port.

Checked against RFC 8252 and RFC 9700 line by line; what follows from which is in decision 35.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from urllib.parse import urlencode

from assessor_app.cache.engine import Store
from assessor_app.clock import Clock
from assessor_app.domain.roles import SCOPES, Role
from assessor_app.errors import SignInNeeded
from assessor_app.sync import protocol
from assessor_app.sync.accepting import accept
from assessor_app.sync.cutting import Cutter
from assessor_app.sync.loopback import BrowserAnswer, Listener
from assessor_app.sync.strict_json import broken
from assessor_app.sync.token_endpoint import CLIENT_ID, server_info, token_call
from assessor_app.sync.transport import Transport

NOT_NOW = ("server_error", "temporarily_unavailable")


def sign_in(
    store: Store,
    origin: str,
    roles: tuple[Role, ...],
    *,
    clock: Clock,
    open_browser: Callable[[str], None],
    login_hint: str = "",
    cancelled: Callable[[], bool] = lambda: False,
    cutter: Cutter | None = None,
) -> None:
    """Let the person sign in with her browser and keep the tokens.

    Args:
        store: where the tokens are kept.
        origin: the platform.
        roles: what to ask for.
        clock: for randomness and the time limit.
        open_browser: opens an address in the system's browser and returns at once.
        login_hint: the account to suggest.
        cancelled: asked four times a second; True ends the wait.
        cutter: cuts the calls short when the profile is closed.

    Raises:
        Offline: the platform cannot be reached.
        SignInNeeded: cancelled, refused, somebody else's, or no answer within five minutes.
        NoLoopback: no browser can answer on this computer.
        ProtocolBroken: the platform does not do PKCE, or its sign-in is at another host.
    """
    plain = Transport(origin, cutter=cutter)
    info = server_info(plain)
    if "S256" not in info.code_challenge_methods_supported:
        raise broken("a sign-in without PKCE")
    verifier, state = _random_text(clock), _random_text(clock)
    named = info.authorization_response_iss_parameter_supported
    with Listener(state, info.issuer, must_name_issuer=named) as listener:
        query = {
            "response_type": "code",
            "client_id": CLIENT_ID,
            "redirect_uri": listener.redirect_uri,
            "scope": " ".join(SCOPES[role] for role in roles),
            "state": state,
            "code_challenge": _challenge(verifier),
            "code_challenge_method": "S256",
        }
        if login_hint:
            query["login_hint"] = login_hint
        open_browser(_address(info, query))
        code = _code(listener.wait(clock, cancelled))
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": listener.redirect_uri,
        "code_verifier": verifier,
    }
    accept(store, plain, token_call(plain, form))


def _address(info: protocol.ServerInfo, query: dict[str, str]) -> str:
    """The address for the browser: nothing in it is worth stealing, the verifier stays here."""
    joint = "&" if "?" in info.authorization_endpoint else "?"
    return f"{info.authorization_endpoint}{joint}{urlencode(query)}"


def _code(answer: BrowserAnswer | None) -> str:
    if answer is not None and answer.code:
        return answer.code
    if answer is None:
        raise SignInNeeded(
            "The sign-in was not finished",
            "Nothing was changed. Your work is safe on this computer.",
            "Start the sign-in again when it suits you.",
        )
    if answer.error in NOT_NOW:
        raise SignInNeeded(
            "The platform cannot sign anybody in right now",
            "Nothing was changed. Your work is safe on this computer, and you can go on working.",
            "Try again in a few minutes.",
        )
    raise SignInNeeded(
        "The platform did not sign you in",
        "Either “no” was chosen in the browser, or this account may not do this work. Nothing was changed; "
        "your work is safe on this computer.",
        "Sign in again, or ask the team lead about your account.",
    )


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _random_text(clock: Clock) -> str:
    return base64.urlsafe_b64encode(clock.random_bytes(32)).rstrip(b"=").decode()
