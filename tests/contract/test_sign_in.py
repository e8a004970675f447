"""Signing in: code and PKCE on a loopback redirect, and refresh tokens that rotate."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from fastapi import FastAPI
from sqlalchemy import select

from assessor_app.sync.protocol import ServerInfo, TokenOut
from reference_platform.auth.bearer import token_digest
from reference_platform.models import AuthorizationCode, Token
from tests.contract.bodies import code_of
from tests.contract.running import REDIRECT, Client, Running, challenge_of, running
from tests.contract.small_content import PASSWORD


def test_the_metadata_says_where_things_are(platform: Running) -> None:
    answer = requests.get(f"{platform.origin}/.well-known/oauth-authorization-server", timeout=10)
    info = ServerInfo.model_validate(answer.json())
    assert info.issuer == platform.origin
    assert info.token_endpoint == f"{platform.origin}/oauth/token"
    assert info.code_challenge_methods_supported == ["S256"]
    assert info.token_endpoint_auth_methods_supported == ["none"]


def test_a_code_brings_tokens_and_the_state_comes_back(platform: Running) -> None:
    answer = platform.authorize("anna")
    assert answer.status_code == 302
    place = urlsplit(answer.headers["Location"])
    assert f"{place.scheme}://{place.netloc}{place.path}" == REDIRECT
    assert parse_qs(place.query)["state"] == ["state-1"]
    answer = platform.exchange(parse_qs(place.query)["code"][0])
    tokens = TokenOut.model_validate(answer.json())
    assert tokens.expires_in == 900
    assert tokens.scope == "assess"
    assert answer.headers["Cache-Control"] == "no-store"
    me = Client(platform.origin, tokens.access_token).get("/v1/me").json()
    assert me == {"actor_id": "a-anna", "roles": ["assessor"], "tz": "America/Chicago"}


def test_any_port_of_the_loopback_address_will_do(platform: Running) -> None:
    for port in ("1", "8080", "65535"):
        redirect = f"http://127.0.0.1:{port}/cb"
        code = platform.code("anna", redirect_uri=redirect)
        assert platform.exchange(code, redirect_uri=redirect).status_code == 200


def test_a_machine_with_ipv6_alone_signs_in_too(platform: Running) -> None:
    redirect = "http://[::1]:49152/cb"
    assert (
        platform.exchange(platform.code("anna", redirect_uri=redirect), redirect_uri=redirect).status_code
        == 200
    )
    page = platform.authorize("", redirect_uri=redirect)
    assert "form-action 'self' http:;" in page.headers["Content-Security-Policy"]
    page = platform.authorize("")
    assert "form-action 'self' http://127.0.0.1:*;" in page.headers["Content-Security-Policy"]


def test_the_answer_names_its_issuer_be_it_a_code_or_an_error(platform: Running) -> None:
    for scope, name in (("assess", "code"), ("everything", "error")):
        place = urlsplit(platform.authorize("anna", scope=scope).headers["Location"])
        query = parse_qs(place.query)
        assert query["iss"] == [platform.origin]
        assert name in query


@pytest.mark.parametrize(
    "redirect",
    [
        None,
        "http://[::1]/cb",
        "http://[::2]:80/cb",
        "http://::1:80/cb",
        "http://127.0.0.1/cb",
        "http://127.0.0.1:0/cb",
        "http://127.0.0.1:65536/cb",
        "http://127.0.0.1:80/cb/",
        "http://127.0.0.1:80/cb?x=1",
        "http://127.0.0.1:80@evil.example/cb",
        "http://localhost:80/cb",
        "https://127.0.0.1:80/cb",
        "http://127.0.0.1.evil.example:80/cb",
    ],
)
def test_no_other_redirect_is_followed(platform: Running, redirect: str | None) -> None:
    answer = platform.authorize("anna", redirect_uri=redirect)
    assert answer.status_code == 400
    assert "Location" not in answer.headers
    assert answer.headers["Content-Type"].startswith("text/html")


def test_the_port_of_the_exchange_is_the_port_of_the_code(platform: Running) -> None:
    code = platform.code("anna")
    answer = platform.exchange(code, redirect_uri="http://127.0.0.1:1/cb")
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")


@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": None},
        {"code_challenge": "short"},
    ],
)
def test_without_s256_there_is_no_code(platform: Running, changes: dict[str, str | None]) -> None:
    answer = platform.authorize("anna", **changes)
    query = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert query["error"] == ["invalid_request"]
    assert query["state"] == ["state-1"]
    assert "code" not in query


@pytest.mark.parametrize("verifier", ["w" * 64, challenge_of("v" * 64), "", "short"])
def test_a_wrong_verifier_brings_nothing(platform: Running, verifier: str) -> None:
    answer = platform.exchange(platform.code("anna"), code_verifier=verifier)
    assert answer.status_code == 400
    assert "access_token" not in answer.json()


def test_a_code_works_once_and_a_second_use_ends_what_it_brought(platform: Running) -> None:
    code = platform.code("anna")
    tokens = platform.exchange(code).json()
    assert platform.exchange(code).json()["error"] == "invalid_grant"
    assert Client(platform.origin, tokens["access_token"]).get("/v1/me").status_code == 401


def test_a_code_is_good_for_a_minute(platform: Running) -> None:
    code = platform.code("anna")
    platform.clock.move(seconds=60)
    assert platform.exchange(code).json()["error"] == "invalid_grant"


def test_an_unknown_client_gets_no_code_and_no_token(platform: Running) -> None:
    assert platform.authorize("anna", client_id="other").status_code == 400
    answer = platform.exchange(platform.code("anna"), client_id="other")
    assert answer.json()["error"] == "invalid_client"


def test_other_grants_are_not_known(platform: Running) -> None:
    answer = platform.token_call(grant_type="password", username="anna", password=PASSWORD)
    assert answer.json()["error"] == "unsupported_grant_type"
    answer = platform.authorize("anna", response_type="token")
    assert "access_token" not in answer.headers.get("Location", "")


def test_scopes_follow_roles(platform: Running) -> None:
    both = platform.exchange(platform.code("both", scope="assess approve lead.calibrate")).json()
    assert both["scope"] == "assess approve"
    answer = platform.authorize("anna", scope="approve")
    assert parse_qs(urlsplit(answer.headers["Location"]).query)["error"] == ["access_denied"]
    answer = platform.authorize("anna", scope="everything")
    assert parse_qs(urlsplit(answer.headers["Location"]).query)["error"] == ["invalid_scope"]


def test_an_access_token_ends_after_a_quarter_of_an_hour(platform: Running) -> None:
    client = Client(platform.origin, platform.tokens("anna")["access_token"])
    platform.clock.move(seconds=899)
    assert client.get("/v1/me").status_code == 200
    platform.clock.move(seconds=1)
    answer = client.get("/v1/me")
    assert code_of(answer) == (401, "unauthorized")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


def test_refresh_tokens_rotate(platform: Running) -> None:
    first = platform.tokens("anna")
    second = platform.token_call(grant_type="refresh_token", refresh_token=first["refresh_token"]).json()
    TokenOut.model_validate(second)
    assert second["refresh_token"] != first["refresh_token"]
    assert Client(platform.origin, second["access_token"]).get("/v1/me").status_code == 200
    assert Client(platform.origin, first["access_token"]).get("/v1/me").status_code == 401


def test_a_refresh_token_used_twice_ends_its_family(platform: Running) -> None:
    first = platform.tokens("anna")
    other = platform.tokens("anna")
    second = platform.token_call(grant_type="refresh_token", refresh_token=first["refresh_token"]).json()
    again = platform.token_call(grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert Client(platform.origin, second["access_token"]).get("/v1/me").status_code == 401
    third = platform.token_call(grant_type="refresh_token", refresh_token=second["refresh_token"])
    assert third.json()["error"] == "invalid_grant"
    assert Client(platform.origin, other["access_token"]).get("/v1/me").status_code == 200


def test_a_refresh_never_widens_the_scope(platform: Running) -> None:
    tokens = platform.exchange(platform.code("both", scope="assess")).json()
    wider = platform.token_call(
        grant_type="refresh_token", refresh_token=tokens["refresh_token"], scope="assess approve"
    )
    assert wider.json()["error"] == "invalid_scope"


def test_tokens_and_codes_are_stored_as_digests_only(platform: Running) -> None:
    code = platform.code("anna")
    tokens = platform.exchange(code).json()
    secrets = {code, tokens["access_token"], tokens["refresh_token"]}
    with platform.platform.database.read() as session:
        stored = [
            *session.scalars(select(AuthorizationCode.code_sha256)),
            *session.scalars(select(Token.access_sha256)),
            *session.scalars(select(Token.refresh_sha256)),
        ]
    assert {token_digest(secret) for secret in secrets} <= set(stored)
    assert not secrets & set(stored)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer nonsense", "Basic YTpi"])
def test_without_a_good_token_nothing_is_told(platform: Running, header: str | None) -> None:
    headers = {"Authorization": header} if header is not None else {}
    answer = requests.get(f"{platform.origin}/v1/me", headers=headers, timeout=10)
    assert code_of(answer) == (401, "unauthorized")


@pytest.fixture
def strict(server: tuple[str, FastAPI], template: Path, tmp_path: Path) -> Iterator[Running]:
    """A platform that is no demo."""
    shutil.copytree(template, tmp_path / "strict")
    with running(server, tmp_path / "strict", demo=False) as served:
        yield served


def test_outside_of_a_demo_a_password_is_needed(strict: Running) -> None:
    page = strict.authorize("anna")
    assert page.status_code == 200
    assert re.search(r'<label for="password">', page.text)
    assert '<html lang="en">' in page.text
    assert 'value="anna"' in page.text
    wrong = requests.post(page.url, {"login": "anna", "password": "wrong"}, timeout=10, allow_redirects=False)
    assert wrong.status_code == 403
    assert 'role="alert"' in wrong.text
    right = requests.post(
        page.url, {"login": "anna", "password": PASSWORD}, timeout=10, allow_redirects=False
    )
    code = parse_qs(urlsplit(right.headers["Location"]).query)["code"][0]
    assert strict.exchange(code).status_code == 200


@pytest.mark.parametrize("login", ["bert", "nobody", '"><script>x</script>'])
def test_an_account_without_password_and_an_unknown_one_look_the_same(strict: Running, login: str) -> None:
    page = strict.authorize(login)
    answer = requests.post(page.url, {"login": login, "password": ""}, timeout=10, allow_redirects=False)
    assert answer.status_code == 403
    assert "<script>" not in answer.text


@pytest.mark.parametrize("which", ["refresh_token", "access_token"])
def test_a_sign_in_that_is_given_back_has_ended_with_all_that_came_of_it(
    platform: Running, which: str
) -> None:
    info = requests.get(f"{platform.origin}/.well-known/oauth-authorization-server", timeout=10).json()
    first, other = platform.tokens("anna"), platform.tokens("anna")
    second = platform.token_call(grant_type="refresh_token", refresh_token=first["refresh_token"]).json()
    form = {"token": second[which], "client_id": "assessor-workstation"}
    for _ in range(2):
        answer = requests.post(info["revocation_endpoint"], data=form, timeout=10)
        assert (answer.status_code, answer.content) == (200, b"{}")
    assert Client(platform.origin, second["access_token"]).get("/v1/me").status_code == 401
    renewed = platform.token_call(grant_type="refresh_token", refresh_token=second["refresh_token"])
    assert renewed.status_code == 400
    assert Client(platform.origin, other["access_token"]).get("/v1/me").status_code == 200


def test_giving_back_needs_a_token_and_the_client_and_says_nothing_of_an_unknown_one(
    platform: Running,
) -> None:
    address = f"{platform.origin}/oauth/revoke"
    me = {"client_id": "assessor-workstation"}
    assert requests.post(address, data=me, timeout=10).json() == {"error": "invalid_request"}
    assert requests.post(address, data={"token": "x"}, timeout=10).json() == {"error": "invalid_client"}
    assert requests.post(address, data=me | {"token": "never given"}, timeout=10).status_code == 200
