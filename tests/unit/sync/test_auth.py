"""Signing in over the loopback port, and tokens that are renewed by one thread at a time."""

from __future__ import annotations

import base64
import hashlib
import json
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from assessor_app.cache import sync_state
from assessor_app.cache.engine import Store
from assessor_app.domain.roles import Role
from assessor_app.errors import Offline, ProtocolBroken, SignInNeeded
from assessor_app.sync import auth, protocol
from assessor_app.sync.auth import Tokens, transport_for, who_am_i
from assessor_app.sync.browser_sign_in import sign_in
from assessor_app.sync.network_errors import AccessChanged, NotThePlatform
from assessor_app.sync.transport import Unavailable
from tests.answering import Answering, Asked, Reply, answering, as_json, free_port, problem
from tests.builders import FakeClock

Visit = Callable[[str], None]


class Platform:
    """A token endpoint with rotating refresh tokens that revokes everything when one is used twice."""

    def __init__(self) -> None:
        self.access, self.refresh = "access-0", "refresh-0"
        self.number = 0
        self.revoked = False
        self.forms: list[dict[str, str]] = []
        self.metadata: dict[str, Any] = {}
        self.token_reply: Reply | None = None
        self.origin = ""

    def __call__(self, asked: Asked) -> Reply:
        path = urlsplit(asked.path).path
        if path == "/.well-known/oauth-authorization-server":
            return as_json(self.info() | self.metadata)
        if path == "/oauth/token":
            return self.token_reply or self.tokens(dict(parse_qs(asked.body.decode())))
        if asked.headers.get("authorization") != f"Bearer {self.access}" or self.revoked:
            return problem(401)
        return as_json({"actor_id": "a-1", "roles": ["assessor"], "tz": "UTC"})

    def info(self) -> dict[str, Any]:
        return {
            "issuer": self.origin,
            "authorization_endpoint": f"{self.origin}/oauth/authorize",
            "token_endpoint": f"{self.origin}/oauth/token",
            "response_types_supported": ["code"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["none"],
            "scopes_supported": [],
        }

    def tokens(self, form: dict[str, list[str]]) -> Reply:
        plain = {name: values[0] for name, values in form.items()}
        self.forms.append(plain)
        if plain["grant_type"] == "refresh_token" and plain["refresh_token"] != self.refresh:
            self.revoked = True
        if self.revoked:
            return as_json({"error": "invalid_grant"}, 400)
        self.number += 1
        self.access, self.refresh = f"access-{self.number}", f"refresh-{self.number}"
        return as_json(
            {
                "access_token": self.access,
                "token_type": "Bearer",
                "expires_in": 900,
                "refresh_token": self.refresh,
                "scope": "assess",
            }
        )


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
def server(platform: Platform) -> Iterator[Answering]:
    with answering(platform) as running:
        platform.origin = running.origin
        yield running


def secrets_of(store: Store) -> tuple[str | None, str | None]:
    with store.read() as txn:
        return sync_state.get_secret(txn, auth.ACCESS), sync_state.get_secret(txn, auth.REFRESH)


def keep(store: Store, access: str, refresh: str) -> None:
    with store.write() as txn:
        sync_state.set_secret(txn, auth.ACCESS, access)
        sync_state.set_secret(txn, auth.REFRESH, refresh)


@contextmanager
def browser(visit: Callable[[dict[str, str]], object]) -> Iterator[Callable[[str], None]]:
    """A browser in a thread of its own: gets the query of the sign-in page's address."""
    threads: list[threading.Thread] = []

    def open_browser(address: str) -> None:
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        threads.append(threading.Thread(target=visit, args=(query | {"address": address},)))
        threads[-1].start()

    yield open_browser
    for thread in threads:
        thread.join(5)


def come_back(query: dict[str, str], **answer: str) -> int:
    """What the browser gets when the platform sends it to the loopback port."""
    try:
        with urllib.request.urlopen(f"{query['redirect_uri']}?{urlencode(answer)}", timeout=5) as page:
            assert b"go back to the Assessor Workstation" in page.read()
            return int(page.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_a_sign_in_keeps_tokens_and_tells_nobody_the_verifier(
    store: Store, clock: FakeClock, platform: Platform, server: Answering
) -> None:
    asked: dict[str, str] = {}

    def visit(query: dict[str, str]) -> None:
        asked.update(query)
        come_back(query, code="the-code", state=query["state"])

    with browser(visit) as open_browser:
        sign_in(
            store,
            server.origin,
            (Role.ASSESSOR, Role.APPROVER),
            clock=clock,
            open_browser=open_browser,
            login_hint="anna",
        )
    assert secrets_of(store) == ("access-1", "refresh-1")
    (form,) = platform.forms
    assert asked["address"].startswith(f"{server.origin}/oauth/authorize?")
    assert (asked["scope"], asked["login_hint"]) == ("assess approve", "anna")
    assert asked["redirect_uri"].startswith("http://127.0.0.1:")
    assert (form["code"], form["redirect_uri"]) == ("the-code", asked["redirect_uri"])
    digest = hashlib.sha256(form["code_verifier"].encode()).digest()
    assert asked["code_challenge"] == base64.urlsafe_b64encode(digest).decode().rstrip("=")
    assert form["code_verifier"] not in asked["address"]
    assert who_am_i(transport_for(store, server.origin)).actor_id == "a-1"


def test_what_does_not_carry_our_state_is_passed_over(
    store: Store, clock: FakeClock, platform: Platform, server: Answering
) -> None:
    statuses: list[int] = []

    def visit(query: dict[str, str]) -> None:
        port = urlsplit(query["redirect_uri"]).port
        # A connection that a browser opens ahead of need, and one that it breaks.
        with socket.create_connection(("127.0.0.1", port)) as early:
            early.sendall(b"GET")
        statuses.append(come_back(query, code="evil", state="guessed"))
        statuses.append(come_back(query, code="evil"))
        statuses.append(
            come_back(
                query | {"redirect_uri": f"http://127.0.0.1:{port}/x"}, code="evil", state=query["state"]
            )
        )
        statuses.append(come_back(query, code="good", state=query["state"]))

    with browser(visit) as open_browser:
        sign_in(store, server.origin, (Role.ASSESSOR,), clock=clock, open_browser=open_browser)
    assert statuses == [404, 404, 404, 200]
    assert [form["code"] for form in platform.forms] == ["good"]


def test_a_refusal_of_the_person_changes_nothing(
    store: Store, clock: FakeClock, platform: Platform, server: Answering
) -> None:
    keep(store, "a", "r")
    with (
        browser(lambda q: come_back(q, error="access_denied", state=q["state"])) as open_browser,
        pytest.raises(SignInNeeded, match="did not sign you in"),
    ):
        sign_in(store, server.origin, (Role.ASSESSOR,), clock=clock, open_browser=open_browser)
    assert secrets_of(store) == ("a", "r")
    assert not platform.forms


def test_a_cancelled_sign_in_ends_at_once(store: Store, clock: FakeClock, server: Answering) -> None:
    with pytest.raises(SignInNeeded, match="not finished"):
        sign_in(
            store,
            server.origin,
            (Role.ASSESSOR,),
            clock=clock,
            open_browser=lambda _: None,
            cancelled=lambda: True,
        )


def test_nobody_waits_for_longer_than_five_minutes(store: Store, clock: FakeClock, server: Answering) -> None:
    def later() -> bool:
        clock.advance(200)
        return False

    with pytest.raises(SignInNeeded, match="not finished"):
        sign_in(
            store,
            server.origin,
            (Role.ASSESSOR,),
            clock=clock,
            open_browser=lambda _: None,
            cancelled=later,
        )


@pytest.mark.parametrize("field", ["issuer", "authorization_endpoint", "token_endpoint"])
@pytest.mark.parametrize("place", ["https://evil.example/x", "http://127.0.0.1:1/x", "file:///etc/passwd"])
def test_a_sign_in_at_another_host_is_refused(
    store: Store, clock: FakeClock, platform: Platform, server: Answering, field: str, place: str
) -> None:
    platform.metadata = {field: place}
    opened: list[str] = []
    with pytest.raises(ProtocolBroken, match="sign-in at another host"):
        sign_in(store, server.origin, (Role.ASSESSOR,), clock=clock, open_browser=opened.append)
    assert not opened


def test_a_platform_without_pkce_is_not_signed_in_to(
    store: Store, clock: FakeClock, platform: Platform, server: Answering
) -> None:
    platform.metadata = {"code_challenge_methods_supported": ["plain"]}
    opened: list[str] = []
    with pytest.raises(ProtocolBroken, match="PKCE"):
        sign_in(store, server.origin, (Role.ASSESSOR,), clock=clock, open_browser=opened.append)
    assert not opened


def test_an_answer_that_does_not_name_the_platform_where_it_should_is_passed_over(
    store: Store, clock: FakeClock, platform: Platform, server: Answering
) -> None:
    platform.metadata = {"authorization_response_iss_parameter_supported": True}
    statuses: list[int] = []

    def visit(query: dict[str, str]) -> None:
        for more in ({}, {"iss": "https://evil.example"}, {"iss": server.origin}):
            statuses.append(come_back(query, code="c", state=query["state"], **more))

    with browser(visit) as open_browser:
        sign_in(store, server.origin, (Role.ASSESSOR,), clock=clock, open_browser=open_browser)
    assert statuses == [404, 404, 200]


def test_a_code_that_is_refused(
    store: Store, clock: FakeClock, platform: Platform, server: Answering
) -> None:
    platform.revoked = True
    with (
        browser(lambda q: come_back(q, code="c", state=q["state"])) as open_browser,
        pytest.raises(SignInNeeded, match="did not accept the sign-in"),
    ):
        sign_in(store, server.origin, (Role.ASSESSOR,), clock=clock, open_browser=open_browser)
    assert secrets_of(store) == (None, None)


def test_eight_threads_renew_once(store: Store, platform: Platform, server: Answering) -> None:
    keep(store, "stale", "refresh-0")
    transport = transport_for(store, server.origin)
    start, failures = threading.Barrier(8), []

    def work() -> None:
        start.wait(5)
        try:
            for _ in range(3):
                assert who_am_i(transport).actor_id == "a-1"
        except Exception as error:  # noqa: BLE001 - told to the test
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not failures
    assert [form["refresh_token"] for form in platform.forms] == ["refresh-0"]
    assert secrets_of(store) == ("access-1", "refresh-1")


def test_rotation_goes_on_round_after_round(store: Store, platform: Platform, server: Answering) -> None:
    keep(store, "stale", "refresh-0")
    transport = transport_for(store, server.origin)
    for _ in range(20):
        assert who_am_i(transport).actor_id == "a-1"
        platform.access = "ended"
    assert not platform.revoked


def test_a_session_that_has_ended_is_forgotten(store: Store, platform: Platform, server: Answering) -> None:
    keep(store, "stale", "used up")
    with pytest.raises(SignInNeeded):
        who_am_i(transport_for(store, server.origin))
    assert secrets_of(store) == (None, None)
    with pytest.raises(SignInNeeded):
        who_am_i(transport_for(store, server.origin))
    assert Tokens(store, server.origin).renew("stale") is None


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (503, Unavailable),
        (429, Unavailable),
        (404, ProtocolBroken),
        # Not in the form of OAuth: it came from somebody in between.
        (400, ProtocolBroken),
        (401, ProtocolBroken),
        (403, AccessChanged),
    ],
)
def test_a_token_endpoint_in_trouble_costs_no_tokens(
    store: Store, platform: Platform, server: Answering, status: int, error: type[Exception]
) -> None:
    keep(store, "stale", "refresh-0")
    platform.token_reply = problem(status)
    with pytest.raises(error):
        who_am_i(transport_for(store, server.origin))
    assert secrets_of(store) == ("stale", "refresh-0")


@pytest.mark.parametrize("status", [400, 403])
def test_a_page_in_place_of_its_answer_costs_no_tokens_and_is_nobodys_word(
    store: Store, platform: Platform, server: Answering, status: int
) -> None:
    keep(store, "stale", "refresh-0")
    platform.token_reply = Reply(status, b"<html>Your school has blocked this page", "text/html")
    with pytest.raises(NotThePlatform):
        who_am_i(transport_for(store, server.origin))
    assert secrets_of(store) == ("stale", "refresh-0")


@pytest.mark.parametrize("ended", [False, True])
def test_a_new_sign_in_is_not_undone_by_a_renewal_under_way(
    store: Store, platform: Platform, server: Answering, ended: bool
) -> None:
    keep(store, "stale", "refresh-0")
    platform.revoked = ended
    tokens = Tokens(store, server.origin)
    answer = server.answer

    def meanwhile(asked: Asked) -> Reply:
        reply = answer(asked)
        if asked.path == "/oauth/token":
            keep(store, "signed-in-anew", "refresh-anew")
        return reply

    server.answer = meanwhile
    assert tokens.renew("stale") == "signed-in-anew"
    assert secrets_of(store) == ("signed-in-anew", "refresh-anew")


def test_signing_in_offline_says_so(store: Store, clock: FakeClock) -> None:
    with pytest.raises(Offline, match="You can go on working"):
        sign_in(
            store,
            f"http://127.0.0.1:{free_port()}",
            (Role.ASSESSOR,),
            clock=clock,
            open_browser=lambda _: None,
        )


def test_forgetting_keeps_the_work(store: Store, server: Answering) -> None:
    tokens = Tokens(store, server.origin)
    tokens.keep(
        protocol.TokenOut.model_validate_json(
            json.dumps(
                {
                    "access_token": "a",
                    "token_type": "Bearer",
                    "expires_in": 1,
                    "refresh_token": "r",
                    "scope": "",
                }
            )
        )
    )
    assert tokens.access_token() == "a"
    tokens.forget()
    assert secrets_of(store) == (None, None)
