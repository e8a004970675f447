"""Signing in on another device (RFC 8628): codes, the page that asks, and what the token endpoint says."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from fastapi import FastAPI
from sqlalchemy import select

from assessor_app.sync.protocol import DeviceCodeOut, ServerInfo, TokenOut
from reference_platform.auth.bearer import token_digest
from reference_platform.auth.device import user_digest
from reference_platform.code_guesses import IN_ALL, PER_ADDRESS, CodeGuesses
from reference_platform.models import Account, DeviceGrant
from tests.contract.running import CLIENT, Client, Running, running
from tests.contract.small_content import NOW, PASSWORD

GRANT = "urn:ietf:params:oauth:grant-type:device_code"


def begin(platform: Running, **form: str) -> requests.Response:
    data = {"client_id": CLIENT, "scope": "assess", **form}
    return requests.post(f"{platform.origin}/oauth/device_authorization", data=data, timeout=10)


def begun(platform: Running, **form: str) -> DeviceCodeOut:
    return DeviceCodeOut.model_validate(begin(platform, **form).json())


def ask(platform: Running, code: DeviceCodeOut) -> requests.Response:
    return platform.token_call(grant_type=GRANT, device_code=code.device_code)


def error(answer: requests.Response) -> str:
    assert answer.status_code == 400
    assert answer.headers["Cache-Control"] == "no-store"
    return str(answer.json()["error"])


def answer_page(platform: Running, typed: str, **form: str) -> requests.Response:
    data: dict[str, Any] = {"user_code": typed, **form}
    return requests.post(f"{platform.origin}/oauth/device", data=data, timeout=10)


def confirm(platform: Running, code: DeviceCodeOut, login: str = "anna", answer: str = "allow") -> None:
    password = PASSWORD if login == "anna" else ""  # nobody else has one; the demo asks for none
    page = answer_page(platform, code.user_code, login=login, password=password, answer=answer)
    assert page.status_code == 200, page.text


def test_the_metadata_announces_it(platform: Running) -> None:
    answer = requests.get(f"{platform.origin}/.well-known/oauth-authorization-server", timeout=10)
    info = ServerInfo.model_validate(answer.json())
    assert info.device_authorization_endpoint == f"{platform.origin}/oauth/device_authorization"
    assert GRANT in info.grant_types_supported


def test_a_confirmed_code_brings_tokens_once(platform: Running) -> None:
    code = begun(platform)
    assert re.fullmatch(r"[B-DF-HJ-NP-TV-Z]{4}-[B-DF-HJ-NP-TV-Z]{4}", code.user_code)
    assert (code.expires_in, code.interval) == (600, 5)
    assert code.verification_uri == f"{platform.origin}/oauth/device"
    assert error(ask(platform, code)) == "authorization_pending"
    platform.clock.move(seconds=5)
    confirm(platform, code)
    tokens = TokenOut.model_validate(ask(platform, code).json())
    assert tokens.scope == "assess"
    me = Client(platform.origin, tokens.access_token)
    assert me.get("/v1/me").json()["actor_id"] == "a-anna"
    renewed = platform.token_call(grant_type="refresh_token", refresh_token=tokens.refresh_token)
    assert renewed.status_code == 200
    # Used again, it ends what it brought: somebody else has it as well.
    assert error(ask(platform, code)) == "invalid_grant"
    assert Client(platform.origin, renewed.json()["access_token"]).get("/v1/me").status_code == 401


def test_who_asks_too_often_is_slowed_down_and_for_longer_each_time(platform: Running) -> None:
    code = begun(platform)
    assert error(ask(platform, code)) == "authorization_pending"
    platform.clock.move(seconds=4)
    assert error(ask(platform, code)) == "slow_down"
    platform.clock.move(seconds=9)
    assert error(ask(platform, code)) == "slow_down"
    platform.clock.move(seconds=15)
    assert error(ask(platform, code)) == "authorization_pending"


def test_a_code_ends_after_ten_minutes(platform: Running) -> None:
    code = begun(platform)
    platform.clock.move(seconds=600)
    assert error(ask(platform, code)) == "expired_token"
    assert "its time is over" in answer_page(platform, code.user_code).text
    # Confirmed in time and fetched too late: the same.
    late = begun(platform)
    confirm(platform, late)
    platform.clock.move(seconds=600)
    assert error(ask(platform, late)) == "expired_token"
    platform.clock.move(hours=2)
    begun(platform)
    assert error(ask(platform, late)) == "invalid_grant"


def test_a_no_is_told_and_is_final(platform: Running) -> None:
    code = begun(platform)
    confirm(platform, code, answer="deny")
    for _ in range(2):
        assert error(ask(platform, code)) == "access_denied"
    assert answer_page(platform, code.user_code).status_code == 404


def test_unknown_clients_codes_and_scopes_get_nothing(platform: Running) -> None:
    assert begin(platform, client_id="other").json()["error"] == "invalid_client"
    assert begin(platform, scope="everything").json()["error"] == "invalid_scope"
    answer = platform.token_call(grant_type=GRANT, device_code="x" * 43)
    assert error(answer) == "invalid_grant"
    assert error(platform.token_call(grant_type=GRANT)) == "invalid_request"
    answer = platform.token_call(grant_type=GRANT, device_code=begun(platform).device_code, client_id="other")
    assert answer.json()["error"] == "invalid_client"


def test_scopes_follow_the_roles_of_whoever_confirms(platform: Running) -> None:
    code = begun(platform, scope="assess approve")
    confirm(platform, code, "both")
    assert ask(platform, code).json()["scope"] == "assess approve"
    code = begun(platform, scope="approve")
    page = answer_page(platform, code.user_code, login="anna", password=PASSWORD, answer="allow")
    assert page.status_code == 403
    assert "may not do what the workstation asks for" in page.text
    assert error(ask(platform, code)) == "authorization_pending"


def test_an_account_that_was_closed_after_it_confirmed_gets_nothing(platform: Running) -> None:
    code = begun(platform)
    confirm(platform, code)
    with platform.platform.database.write() as session:
        account = session.get(Account, "a-anna")
        assert account is not None
        account.disabled = True
    assert error(ask(platform, code)) == "access_denied"


def test_codes_are_stored_as_digests_only(platform: Running) -> None:
    code = begun(platform)
    with platform.platform.database.read() as session:
        row = session.scalars(select(DeviceGrant)).one()
    assert row.device_sha256 == token_digest(code.device_code)
    assert row.user_sha256 == user_digest(code.user_code.lower().replace("-", " "))
    stored = [str(value) for value in vars(row).values()]
    assert not [value for value in stored if code.device_code in value or code.user_code in value]


@pytest.fixture
def strict(server: tuple[str, FastAPI], template: Path, tmp_path: Path) -> Iterator[Running]:
    """A platform that is no demo."""
    shutil.copytree(template, tmp_path / "strict")
    with running(server, tmp_path / "strict", demo=False) as served:
        yield served


def test_the_page_says_what_is_asked_for_and_from_where_and_needs_the_password(strict: Running) -> None:
    code = begun(strict)
    strict.clock.move(minutes=2)
    assert '<label for="user_code">' in requests.get(code.verification_uri, timeout=10).text
    page = requests.get(str(code.verification_uri_complete), timeout=10)
    for words in (code.user_code, "assess submissions", "2 minutes ago", "the same network address"):
        assert words in page.text
    assert page.headers["X-Frame-Options"] == "DENY"
    assert page.headers["Referrer-Policy"] == "no-referrer"
    for answer in ("allow", "deny"):
        wrong = answer_page(strict, code.user_code, login="anna", password="wrong", answer=answer)
        assert wrong.status_code == 403
        assert "Name or password is not right." in wrong.text
        assert error(ask(strict, code)) == "authorization_pending"
        strict.clock.move(seconds=60)
    assert answer_page(strict, code.user_code, login="anna", answer="allow").status_code == 403
    with strict.platform.database.write() as session:
        session.scalars(select(DeviceGrant)).one().asked_from = "198.51.100.7"
    assert "another network address than this page (198.51.100.7)" in answer_page(strict, code.user_code).text
    confirm(strict, code)
    assert ask(strict, code).status_code == 200


def test_a_code_that_was_typed_carelessly_is_shown_as_the_workstation_shows_it(platform: Running) -> None:
    code = begun(platform)
    careless = f" {code.user_code.replace('-', '').lower()} "
    assert f'<p class="code">{code.user_code}</p>' in answer_page(platform, careless).text


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"&" * 60,
        b"a=1&" * 60,
        b"%00=%00&user_code=%00&answer=allow&login=%00&password=%00",
        b"user_code=%FF%ED%A0%80&answer=deny&login=%ED%A0%80&password=x",
        b"client_id=assessor-workstation&client_id=other&scope=%00",
        b"client_id=assessor-workstation&grant_type=" + GRANT.encode() + b"&device_code=%00&device_code=x",
        b"x" * 20_000,
    ],
)
@pytest.mark.parametrize("path", ["device_authorization", "device", "token", "authorize", "revoke"])
def test_no_form_breaks_a_page(platform: Running, path: str, body: bytes) -> None:
    head = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = requests.post(f"{platform.origin}/oauth/{path}", data=body, headers=head, timeout=10)
    assert 200 <= answer.status_code < 500
    query = body.decode("latin-1")[:4_000]
    assert requests.get(f"{platform.origin}/oauth/device?{query}", timeout=10).status_code < 500
    assert requests.get(f"{platform.origin}/oauth/authorize?{query}", timeout=10).status_code < 500


def test_wrong_codes_are_counted_and_a_right_one_is_not_heard_then(platform: Running) -> None:
    code = begun(platform)
    for number in range(PER_ADDRESS):
        page = answer_page(platform, f'BCDF-{number:04d}"><script>x</script>')
        assert page.status_code == 404
        assert "<script>" not in page.text
    form = {"login": "anna", "password": PASSWORD, "answer": "allow"}
    for more in ({}, form):
        assert answer_page(platform, code.user_code, **more).status_code == 429
    assert error(ask(platform, code)) == "authorization_pending"
    platform.clock.move(minutes=9, seconds=59)
    assert answer_page(platform, code.user_code).status_code == 429
    platform.clock.move(seconds=1)
    confirm(platform, begun(platform))


def test_passwords_are_not_guessed_there_either(platform: Running) -> None:
    code = begun(platform)
    for _ in range(PER_ADDRESS):
        page = answer_page(platform, code.user_code, login="anna", password="wrong", answer="allow")
        assert page.status_code == 403
    form = {"login": "anna", "password": PASSWORD, "answer": "allow"}
    assert answer_page(platform, code.user_code, **form).status_code == 429


def test_many_addresses_together_are_barred_too() -> None:
    guesses = CodeGuesses()
    for number in range(IN_ALL):
        assert not guesses.is_barred("here", NOW)
        guesses.note_wrong(f"2001:db8::{number:x}", NOW)
    assert guesses.is_barred("here", NOW)
