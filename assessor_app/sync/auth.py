"""Signing in after RFC 8252: the system browser, PKCE, and an answer on a loopback port.

The refresh token rotates: a new one is stored before the new access token is first used, and only one
thread renews at a time, so that no token is ever used twice.
"""

from __future__ import annotations

import base64
import hashlib
import http.server
import threading
from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

from pydantic import ValidationError

from assessor_app.cache import sync_state
from assessor_app.cache.engine import Store
from assessor_app.clock import Clock
from assessor_app.domain.roles import SCOPES, Role
from assessor_app.errors import PlatformError, SignInNeeded
from assessor_app.sync import protocol
from assessor_app.sync.addresses import clean_origin
from assessor_app.sync.cutting import Cutter
from assessor_app.sync.host_health import HostHealth
from assessor_app.sync.person import check_same_person
from assessor_app.sync.strict_json import broken
from assessor_app.sync.transport import Answer, Transport, expect_ok
from assessor_app.sync.wire_base import W

CLIENT_ID = "assessor-workstation"
SIGN_IN_TIMEOUT_S = 300.0
ACCESS, REFRESH = "access_token", "refresh_token"

DONE_PAGE = (
    b"<!doctype html><html lang=en><title>Assessor Workstation</title>"
    b"<p>You can close this page and go back to the Assessor Workstation.</p>"
)


class Tokens:
    """The tokens of one profile, kept in its encrypted store."""

    def __init__(self, store: Store, origin: str, clock: Clock | None = None) -> None:
        """Read and write the tokens of `store`, renewing them at `origin`."""
        self._store = store
        self.cutter = Cutter()
        self.health = HostHealth(clock or Clock())
        self._plain = Transport(origin, cutter=self.cutter, health=self.health)
        self._renewing = threading.Lock()

    def access_token(self) -> str | None:
        """The present access token; None when nobody is signed in."""
        with self._store.read() as txn:
            return sync_state.get_secret(txn, ACCESS)

    def renew(self, stale: str) -> str | None:
        """A new access token in place of the refused one; None if a new sign-in is needed.

        Raises:
            Offline: the platform cannot be reached; nothing is lost.
        """
        with self._renewing:
            with self._store.read() as txn:
                present = sync_state.get_secret(txn, ACCESS)
                refresh = sync_state.get_secret(txn, REFRESH)
            if present is not None and present != stale:
                return present
            if refresh is None:
                return None
            form = {"grant_type": "refresh_token", "refresh_token": refresh, "client_id": CLIENT_ID}
            try:
                renewed = _token_call(self._plain, form)
            except SignInNeeded:
                return self._put_in_place_of(refresh, None)
            return self._put_in_place_of(refresh, renewed)

    def _put_in_place_of(self, used: str, renewed: protocol.TokenOut | None) -> str | None:
        """Store what a used refresh token brought, unless the person has signed in anew meanwhile."""
        with self._store.write() as txn:
            if sync_state.get_secret(txn, REFRESH) == used:
                sync_state.set_secret(txn, REFRESH, renewed.refresh_token if renewed else None)
                sync_state.set_secret(txn, ACCESS, renewed.access_token if renewed else None)
            return sync_state.get_secret(txn, ACCESS)

    def keep(self, tokens: protocol.TokenOut) -> str:
        """Store new tokens before their first use; gives the access token."""
        with self._store.write() as txn:
            sync_state.set_secret(txn, REFRESH, tokens.refresh_token)
            sync_state.set_secret(txn, ACCESS, tokens.access_token)
        return tokens.access_token

    def forget(self) -> None:
        """Drop the tokens; local work is untouched."""
        with self._store.write() as txn:
            sync_state.set_secret(txn, REFRESH, None)
            sync_state.set_secret(txn, ACCESS, None)


def transport_for(store: Store, origin: str, clock: Clock | None = None) -> Transport:
    """A transport that signs its calls with the profile's tokens; the system's clock if None is given."""
    tokens = Tokens(store, origin, clock)
    return Transport(
        origin,
        access_token=tokens.access_token,
        renew_token=tokens.renew,
        cutter=tokens.cutter,
        health=tokens.health,
    )


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
        cancelled: asked twice a second; True ends the wait.
        cutter: cuts the calls short when the profile is closed.

    Raises:
        Offline: the platform cannot be reached.
        SignInNeeded: cancelled, refused, somebody else's, or no answer within five minutes.
    """
    plain = Transport(origin, cutter=cutter)
    info = server_info(plain)
    verifier = _random_text(clock)
    state = _random_text(clock)
    with _Listener(state) as listener:
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
        query = {
            "response_type": "code",
            "client_id": CLIENT_ID,
            "redirect_uri": listener.redirect_uri,
            "scope": " ".join(SCOPES[role] for role in roles),
            "state": state,
            "code_challenge": challenge.decode(),
            "code_challenge_method": "S256",
        }
        if login_hint:
            query["login_hint"] = login_hint
        open_browser(f"{info.authorization_endpoint}?{urlencode(query)}")
        code = listener.wait(clock, cancelled)
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": listener.redirect_uri,
        "client_id": CLIENT_ID,
        "code_verifier": verifier,
    }
    tokens = _token_call(plain, form)
    check_same_person(store, origin, tokens.access_token, cutter=cutter)
    Tokens(store, origin).keep(tokens)


def who_am_i(transport: Transport) -> protocol.MeOut:
    """The signed-in person's pseudonym and roles.

    Raises:
        Offline, SignInNeeded, ProtocolBroken: as the transport.
    """
    return _read(transport.call("GET", "/v1/me"), protocol.MeOut)


def server_info(plain: Transport) -> protocol.ServerInfo:
    """Where the platform's sign-in is, every address checked to be at the platform itself.

    Raises:
        Offline, ProtocolBroken: as the transport, and for an address at another host.
    """
    answer = plain.call("GET", "/.well-known/oauth-authorization-server", signed_in=False)
    info = _read(answer, protocol.ServerInfo)
    addresses = (info.issuer, info.authorization_endpoint, info.token_endpoint, info.revocation_endpoint)
    for address in filter(None, addresses):
        try:
            is_same = clean_origin(address) == plain.origin
        except PlatformError:
            is_same = False
        if not is_same:
            raise broken("sign-in at another host")
    return info


def _token_call(plain: Transport, form: dict[str, str]) -> protocol.TokenOut:
    answer = plain.call(
        "POST",
        urlsplit(server_info(plain).token_endpoint).path,
        body=urlencode(form).encode(),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
        signed_in=False,
    )
    if answer.status in (400, 401, 403):
        raise SignInNeeded(
            "Sign in again to send and receive",
            "The platform did not accept the sign-in. Your work is safe on this device.",
            "Sign in again.",
        )
    return _read(answer, protocol.TokenOut)


def _read(answer: Answer, model: type[W]) -> W:
    try:
        return expect_ok(answer).read(model)
    except ValidationError:
        raise broken(model.__name__) from None


def _random_text(clock: Clock) -> str:
    return base64.urlsafe_b64encode(clock.random_bytes(32)).rstrip(b"=").decode()


class _QuietServer(http.server.HTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: a browser that hangs up early is no trouble, and the traceback names addresses."""


class _Listener:
    """Waits on a loopback port for the one answer of the browser that carries our state."""

    def __init__(self, state: str) -> None:
        self._state = state
        self._code: str | None = None
        self._refused = False
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            # A browser opens connections ahead of need and leaves them silent; the next one has the answer.
            timeout = 1

            def do_GET(self) -> None:
                listener.take(self)

            def log_message(self, *_args: object) -> None:
                """Say nothing: the address holds the code."""

        self._server = _QuietServer(("127.0.0.1", 0), Handler)
        self._server.timeout = 0.5
        self.redirect_uri = f"http://127.0.0.1:{self._server.server_port}/cb"

    def __enter__(self) -> _Listener:
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.server_close()

    def take(self, handler: http.server.BaseHTTPRequestHandler) -> None:
        """Answer one request; only the right path with the right state counts."""
        parts = urlsplit(handler.path)
        query = parse_qs(parts.query)
        if parts.path != "/cb" or query.get("state") != [self._state]:
            handler.send_error(404)
            return
        self._code = query.get("code", [None])[0]
        self._refused = self._code is None
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html; charset=utf-8")
        handler.send_header("Content-Length", str(len(DONE_PAGE)))
        handler.end_headers()
        handler.wfile.write(DONE_PAGE)

    def wait(self, clock: Clock, cancelled: Callable[[], bool]) -> str:
        end_s = clock.monotonic_s() + SIGN_IN_TIMEOUT_S
        while self._code is None and not self._refused:
            if cancelled() or clock.monotonic_s() > end_s:
                break
            self._server.handle_request()
        if self._code is None:
            raise SignInNeeded(
                "The sign-in was not finished",
                "Nothing was changed. Your work is safe on this device.",
                "Start the sign-in again when it suits you.",
            )
        return self._code
