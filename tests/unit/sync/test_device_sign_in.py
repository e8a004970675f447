"""What a platform may answer to a sign-in on another device, and what is made of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from assessor_app.cache import belonging
from assessor_app.cache.engine import Store
from assessor_app.domain.roles import Role
from assessor_app.errors import KnownError, ProtocolBroken, SignInNeeded
from assessor_app.sync.auth import Tokens
from assessor_app.sync.device_sign_in import CodeEnded, DeviceCode, NoDeviceSignIn, Told, ask, begin
from assessor_app.sync.network_errors import AccessChanged
from assessor_app.sync.person import SomebodyElse
from assessor_app.sync.transport import Unavailable
from tests.answering import Answering, Asked, Reply, answering, as_json, problem

TOKENS = {
    "access_token": "fresh-access",
    "token_type": "Bearer",
    "expires_in": 900,
    "refresh_token": "fresh-refresh",
    "scope": "assess",
}


@contextmanager
def platform(**changes: Any) -> Iterator[Answering]:
    """A platform that answers well, but for what is changed: `info`, `begun`, `token`."""

    def answer(asked: Asked) -> Reply:
        origin = served.origin
        if asked.path.startswith("/.well-known/"):
            told = {
                "issuer": origin,
                "authorization_endpoint": f"{origin}/oauth/authorize",
                "token_endpoint": f"{origin}/oauth/token",
                "revocation_endpoint": f"{origin}/oauth/revoke",
                "device_authorization_endpoint": f"{origin}/oauth/begin",
                "response_types_supported": ["code"],
                "grant_types_supported": [],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["none"],
                "scopes_supported": [],
            }
            return as_json(told | changes.get("info", {}))
        if asked.path == "/oauth/begin":
            begun = {
                "device_code": "d" * 43,
                "user_code": "BCDF-GHJK",
                "verification_uri": f"{origin}/oauth/device",
                "expires_in": 600,
            }
            return as_json(begun | changes.get("begun", {}))
        if asked.path == "/oauth/token":
            made: Reply = changes.get("token", as_json(TOKENS))
            return made
        return as_json({"actor_id": "a-1", "roles": ["assessor"], "tz": "UTC"})

    with answering(answer) as served:
        yield served


def code_of(served: Answering) -> DeviceCode:
    return begin(served.origin, (Role.ASSESSOR,))


def test_what_is_optional_has_its_default_and_the_secret_is_in_no_text() -> None:
    with platform() as served:
        code = code_of(served)
    assert (code.interval_s, code.address_with_code) == (5, code.address)
    assert code.secret not in repr(code)
    begun = served.asked[-1]
    assert (begun.path, begun.body) == ("/oauth/begin", b"scope=assess&client_id=assessor-workstation")


@pytest.mark.parametrize(
    "begun",
    [
        {"verification_uri": "https://evil.example/oauth/device"},
        {"verification_uri_complete": "https://evil.example/oauth/device?user_code=X"},
        {"verification_uri": "javascript:alert(1)"},
        {"user_code": "<b>BCDF</b>"},
        {"user_code": "B" * 33},
        {"user_code": ""},
        {"device_code": "short"},
        {"expires_in": 0},
        {"interval": 0},
        {"interval": 10**9},
    ],
)
def test_codes_that_cannot_be_shown_or_lead_elsewhere_are_refused(begun: dict[str, Any]) -> None:
    with platform(begun=begun) as served, pytest.raises(ProtocolBroken):
        code_of(served)


def test_a_platform_without_it_or_with_it_at_another_host() -> None:
    with (
        platform(info={"device_authorization_endpoint": None}) as served,
        pytest.raises(NoDeviceSignIn, match="browser"),
    ):
        code_of(served)
    with (
        platform(info={"device_authorization_endpoint": "https://evil.example/x"}) as served,
        pytest.raises(ProtocolBroken, match="another host"),
    ):
        code_of(served)


ANSWERS: list[tuple[Reply, Told | type[KnownError]]] = [
    (as_json({"error": "authorization_pending"}, 400), Told.NOT_YET),
    (as_json({"error": "slow_down", "error_description": "x", "extra": 1}, 400), Told.SLOWER),
    (as_json({"error": "expired_token"}, 400), CodeEnded),
    (as_json({"error": "invalid_grant"}, 400), CodeEnded),
    (as_json({"error": "something new"}, 400), CodeEnded),
    (as_json({"error": "access_denied"}, 400), SignInNeeded),
    # From somebody in between: the code lives on.
    (problem(400), ProtocolBroken),
    (problem(403), AccessChanged),
    (problem(503), Unavailable),
    (as_json(TOKENS), Told.SIGNED_IN),
]


@pytest.mark.parametrize(("reply", "outcome"), ANSWERS)
def test_every_answer_to_the_question(store: Store, reply: Reply, outcome: Told | type[KnownError]) -> None:
    with platform(token=reply) as served:
        code = code_of(served)
        if isinstance(outcome, Told):
            assert ask(store, served.origin, code) is outcome
        else:
            with pytest.raises(outcome):
                ask(store, served.origin, code)
        kept = Tokens(store, served.origin).access_token()
    assert kept == ("fresh-access" if outcome is Told.SIGNED_IN else None)


def test_tokens_of_somebody_else_are_given_back_and_not_kept(store: Store) -> None:
    with store.write() as txn:
        belonging.set_person(txn, "a-2")
    with platform() as served:
        with pytest.raises(SomebodyElse):
            ask(store, served.origin, code_of(served))
        assert Tokens(store, served.origin).access_token() is None
    (given_back,) = [asked.body for asked in served.asked if asked.path == "/oauth/revoke"]
    assert b"token=fresh-refresh" in given_back
