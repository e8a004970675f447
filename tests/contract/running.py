"""A real platform in this process for the contract tests, and a client that signs in to it."""

from __future__ import annotations

import atexit
import base64
import hashlib
import json
import shutil
import tempfile
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import requests
import uvicorn
from fastapi import FastAPI

from assessor_app.domain.roles import SCOPES
from assessor_app.sync.protocol import Wire, as_json
from reference_platform.app import create_app
from reference_platform.auth.bearer import token_digest
from reference_platform.clock import Clock
from reference_platform.database import Database
from reference_platform.loading import load
from reference_platform.models import Token
from reference_platform.platform import Platform, Settings
from reference_platform.seeding import DemoContent, SeedActor
from reference_platform.serving import prepare
from reference_platform.store.blobs import FolderStore
from tests.contract.small_content import NOW

REDIRECT = "http://127.0.0.1:49152/cb"
CLIENT = "assessor-workstation"
VERIFIER = "v" * 64
Server = tuple[str, FastAPI]
"""A running web server: its origin, and the application that is given one platform after the other."""


def challenge_of(verifier: str) -> str:
    """The S256 challenge of a PKCE verifier."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


class MovedClock(Clock):
    """Time that stands still until a test moves it."""

    def __init__(self) -> None:
        self.at = NOW

    def now(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass
class Running:
    """One running platform."""

    origin: str
    platform: Platform
    clock: MovedClock

    def client(self, login: str) -> Client:
        """Somebody who is signed in, with a token that does not end."""
        return Client(self.origin, lasting_token(login))

    def authorize(self, login: str, **changes: str | None) -> requests.Response:
        """The answer of the authorization endpoint; a change of None leaves a parameter out."""
        query: dict[str, str | None] = {
            "response_type": "code",
            "client_id": CLIENT,
            "redirect_uri": REDIRECT,
            "scope": "assess approve",
            "state": "state-1",
            "code_challenge": challenge_of(VERIFIER),
            "code_challenge_method": "S256",
            "login_hint": login,
            **changes,
        }
        asked = {name: value for name, value in query.items() if value is not None}
        return requests.get(f"{self.origin}/oauth/authorize", params=asked, allow_redirects=False, timeout=10)

    def code(self, login: str, **changes: str | None) -> str:
        """A code for somebody."""
        answer = self.authorize(login, **changes)
        assert answer.status_code == 302, answer.text
        return parse_qs(urlsplit(answer.headers["Location"]).query)["code"][0]

    def token_call(self, **form: str) -> requests.Response:
        """The answer of the token endpoint."""
        return requests.post(f"{self.origin}/oauth/token", data={"client_id": CLIENT, **form}, timeout=10)

    def exchange(self, code: str, **changes: str) -> requests.Response:
        """The answer to a code."""
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": REDIRECT,
            "code_verifier": VERIFIER,
        }
        return self.token_call(**{**form, **changes})

    def tokens(self, login: str) -> dict[str, Any]:
        """Fresh tokens for somebody."""
        answer = self.exchange(self.code(login))
        assert answer.status_code == 200, answer.text
        tokens: dict[str, Any] = answer.json()
        return tokens


class Client:
    """Calls of one signed-in person."""

    def __init__(self, origin: str, token: str | None) -> None:
        self.origin = origin
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def call(
        self, method: str, path: str, *, headers: Mapping[str, str] | None = None, data: bytes | None = None
    ) -> requests.Response:
        return requests.request(
            method,
            self.origin + path,
            headers={**self.headers, **(headers or {})},
            data=data,
            allow_redirects=False,
            timeout=10,
        )

    def get(self, path: str, **headers: str) -> requests.Response:
        return self.call("GET", path, headers={name.replace("_", "-"): v for name, v in headers.items()})

    def write(
        self,
        method: str,
        path: str,
        body: Wire | Mapping[str, Any] | bytes,
        *,
        key: str | None = None,
        **more: str,
    ) -> requests.Response:
        """A write as the workstation sends it; a PUT that names no condition is the first of its kind."""
        data = body if isinstance(body, bytes) else as_bytes(body)
        digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
        headers = {
            "Idempotency-Key": key or new_id(),
            "Content-Digest": f"sha-256=:{digest}:",
            "Content-Type": "application/json",
            **({"If-None-Match": "*"} if method == "PUT" and "If_Match" not in more else {}),
            **{name.replace("_", "-"): value for name, value in more.items()},
        }
        return self.call(method, path, headers=headers, data=data)

    def changes(self, cursor: str = "", limit: int = 100) -> tuple[list[dict[str, Any]], str]:
        """All changes after a cursor, and the cursor after them."""
        found: list[dict[str, Any]] = []
        while True:
            answer = self.get(f"/v1/sync?cursor={cursor}&limit={limit}")
            assert answer.status_code == 200, answer.text
            page = answer.json()
            found += page["changes"]
            cursor = page["next_cursor"]
            if not page["has_more"]:
                return found, cursor


def new_id() -> str:
    return str(uuid.uuid4())


def as_bytes(body: Wire | Mapping[str, Any]) -> bytes:
    return json.dumps(as_json(body) if isinstance(body, Wire) else body, sort_keys=True).encode()


def platform_in(folder: Path, *, demo: bool = True) -> Platform:
    """The platform whose data lie in a folder, on a clock of the test's."""
    database = Database(f"sqlite:///{folder / 'platform.db'}")
    return Platform(database, FolderStore(folder / "evidence"), MovedClock(), Settings(demo=demo))


def fill(folder: Path, content: DemoContent) -> None:
    """Put content into a folder that `running` can then serve."""
    folder.mkdir(exist_ok=True)
    platform = platform_in(folder)
    load(content, platform.database, platform.blobs, clock=platform.clock, make_renditions=no_renditions)
    prepare(platform)
    with platform.database.write() as session:
        for actor in content.actors:
            session.add(_lasting(actor))
    platform.database.close()


def lay(folder: Path, make: Callable[..., DemoContent], *about: Any) -> None:
    """Put the content of `make(*about)` into a folder: loaded once by the platform, copied from then on."""
    shutil.copytree(_loaded(make, about), folder, dirs_exist_ok=True)


@cache
def _loaded(make: Callable[..., DemoContent], about: tuple[Any, ...]) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="tests-platform-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    fill(folder, make(*about))
    return folder


def lasting_token(login: str) -> str:
    """The access token that somebody has from the start."""
    return f"token-of-{login}"


def _lasting(actor: SeedActor) -> Token:
    scopes = [SCOPES[role] for role in actor.roles]
    return Token(
        access_sha256=token_digest(lasting_token(actor.login)),
        refresh_sha256=token_digest(f"refresh-{actor.login}"),
        family_id=f"family-{actor.login}",
        actor_id=actor.actor_id,
        client_id=CLIENT,
        scope=" ".join(scopes),
        access_expires_at=NOW + timedelta(days=3650),
        refresh_expires_at=NOW + timedelta(days=3650),
        refreshed_at=None,
        revoked_at=None,
    )


def no_renditions(files: object) -> dict[str, bytes]:
    """No PDF copies."""
    return {}


@contextmanager
def serving(port: int = 0) -> Iterator[Server]:
    """A web server for platforms that are opened one after the other: its origin and its application.

    Args:
        port: where to listen; any free one if 0.
    """
    ready = threading.Event()

    class Server(uvicorn.Server):
        async def startup(self, sockets: Any = None) -> None:
            await super().startup(sockets=sockets)
            ready.set()

    app = create_app()
    server = Server(uvicorn.Config(app, port=port, log_config=None, access_log=False, lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    assert ready.wait(10)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}", app
    finally:
        server.should_exit = True
        thread.join(10)


@contextmanager
def running(server: Server, folder: Path, *, demo: bool = True) -> Iterator[Running]:
    """The platform of a folder, served until the block ends."""
    origin, app = server
    platform = platform_in(folder, demo=demo)
    clock = platform.clock
    assert isinstance(clock, MovedClock)
    app.state.platform = platform
    try:
        yield Running(origin, platform, clock)
    finally:
        app.state.platform = None
        platform.database.close()
