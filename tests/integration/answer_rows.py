"""The rows of the table of answers (decision record 0037): what the platform does, and what comes of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from assessor_app.cache import sync_state
from assessor_app.cache.connection import connect, database_path
from assessor_app.domain.states import OutboxState
from assessor_app.services.context import Context
from assessor_app.ui.sync_words import Act
from tests import builders
from tests.answering import Asked, Reply, answering, as_json, free_port, problem, raw_server, reset
from tests.builders import NOON
from tests.stores import DATABASE_KEY
from tests.tls_servers import certificate, tls_server, trusting

RECORD = Path(__file__).parents[2] / "docs" / "decisions" / "0037-what-each-answer-means.md"
ITEM, OTHER = builders.outbox_item(), builders.outbox_item(2, submission_number=2)
NOTHING_NEW = as_json(
    {"changes": [], "next_cursor": "1", "has_more": False, "server_time": "2026-03-02T12:00:00Z"}
)
Q, A, B, C, R = (
    OutboxState.QUEUED,
    OutboxState.ACKED,
    OutboxState.BLOCKED,
    OutboxState.CONFLICT,
    OutboxState.REJECTED,
)
PAGE = Reply(200, b"<html>Welcome to the hotel", "text/html")
RETRY, SIGN_IN, BROWSER = Act.RETRY, Act.SIGN_IN, Act.BROWSER
Serve = Callable[["Scene"], AbstractContextManager[str]]


@dataclass
class Scene:
    """What a row needs to be played."""

    folder: Path
    monkeypatch: pytest.MonkeyPatch
    context: Context


@dataclass(frozen=True)
class Row:
    """One row."""

    name: str
    """As in the decision record."""
    serve: Serve
    state: OutboxState
    bar: str
    act: Act | None = RETRY
    """What the button does; None: there is none."""
    said: str = ""
    """Part of the sentence on the card of what waits."""
    wait_s: tuple[float, float] | None = None
    """Bounds of the seconds until the next try."""
    holds_all: bool = False
    attempts: int = 1
    is_open_again: bool = False


def receipt_of(asked: Asked, **changes: str) -> Reply:
    """The receipt for what was just sent."""
    data = {
        "key": asked.headers["idempotency-key"],
        "sha256": ITEM.sha256,
        "submission_id": ITEM.submission_id,
        "received_at": "2026-03-02T12:00:00Z",
        "effect": "recommendation-received",
    }
    return as_json(data | changes, 201)


def write(reply: Reply | Callable[[Asked], Reply]) -> Serve:
    """A platform that is well but for this answer to what is sent."""

    def answer(asked: Asked) -> Reply:
        if asked.method != "GET" and asked.path == ITEM.path:
            return reply if isinstance(reply, Reply) else reply(asked)
        if asked.path.startswith("/v1/sync"):
            return NOTHING_NEW
        return as_json({"status": "ok"}) if asked.path == "/health" else problem(404, "not-found")

    return everything(answer)


def everything(reply: Reply | Callable[[Asked], Reply]) -> Serve:
    """A server that answers everything so."""

    @contextmanager
    def serve(_scene: Scene) -> Iterator[str]:
        with answering(reply if callable(reply) else lambda _: reply) as server:
            yield server.origin

    return serve


def coded(status: int, code: str, **members: object) -> Serve:
    return write(as_json({"code": code, **members}, status))


@contextmanager
def nobody(_scene: Scene) -> Iterator[str]:
    yield f"http://127.0.0.1:{free_port()}"


@contextmanager
def breaking(_scene: Scene) -> Iterator[str]:
    with raw_server(reset) as origin:
        yield origin


def tls(
    start_days: float, *, trusted: bool = True, host: str = "localhost", told: datetime | None = None
) -> Serve:
    """A server with a certificate; `told`: when the platform was last heard."""

    @contextmanager
    def serve(scene: Scene) -> Iterator[str]:
        made = certificate(scene.folder, start_days, host=host)
        if told is not None:
            with scene.context.store.write() as txn:
                sync_state.set_cursor(txn, "1", told)
        with tls_server(made) as (origin, heard), trusting(scene.monkeypatch, made if trusted else None):
            yield origin
        assert not any(heard)

    return serve


@contextmanager
def plain_on_a_secure_port(scene: Scene) -> Iterator[str]:
    with answering(lambda _: as_json({})) as server, trusting(scene.monkeypatch, None):
        yield server.origin.replace("http://127.0.0.1", "https://localhost")


def bad_page() -> Reply:
    """A page of changes that are all set aside, so that the store has to grow."""
    changes = [
        {"type": "submission", "id": f"s{number}-{'x' * 90}", "rev": 1, "op": "upsert", "data": {}}
        for number in range(300)
    ]
    return as_json(
        {"changes": changes, "next_cursor": "1", "has_more": False, "server_time": "2026-03-02T12:00:00Z"}
    )


def meanwhile(happens: Callable[[Scene], None]) -> Serve:
    """Something happens to the store between the question and the answer."""

    @contextmanager
    def serve(scene: Scene) -> Iterator[str]:
        def answer(asked: Asked) -> Reply:
            if not asked.path.startswith("/v1/sync"):
                return problem(423)
            happens(scene)
            return bad_page()

        with answering(answer) as server:
            yield server.origin

    return serve


def fill_the_disk(scene: Scene) -> None:
    with scene.context.store.write() as txn:
        raw = txn.connection.connection.driver_connection
        assert raw is not None
        pages = raw.execute("PRAGMA page_count").fetchone()[0]
        raw.execute(f"PRAGMA max_page_count = {pages}")


def damage_the_store(scene: Scene) -> None:
    file = database_path(scene.context.folder)
    raw = connect(file, DATABASE_KEY)
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    page = raw.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'quarantine'").fetchone()[0]
    raw.close()
    with file.open("r+b") as handle:
        handle.seek((page - 1) * 4096 + 100)
        handle.write(b"\0\0\0\0")


ROWS = [
    Row("receipt that fits", write(receipt_of), A, "Up to date 12:00"),
    Row(
        "receipt that does not fit",
        write(lambda a: receipt_of(a, sha256="0" * 64)),
        Q,
        "Up to date 12:00 - 1 waiting to send",
        said="could not be confirmed. Your work is safe here; we keep trying.",
        wait_s=(1, 1),
    ),
    Row(
        "202",
        write(as_json({}, 202, retry_after="7")),
        Q,
        "Up to date 12:00 - 1 waiting to send",
        said="Received, waiting for confirmation.",
        wait_s=(7, 7),
    ),
    Row("304 to a write", write(Reply(304, b"", "")), B, "The workstation needs an update", None),
    Row("400", coded(400, "not-json"), R, "The platform did not accept this.", None, is_open_again=True),
    Row("400 damaged on the way", coded(400, "digest-mismatch"), Q, "1 waiting to send", wait_s=(1, 1)),
    Row(
        "401",
        everything(problem(401)),
        Q,
        "Sign in again to send 1 item. You can go on working.",
        SIGN_IN,
        attempts=0,
    ),
    Row("403 on one", coded(403, "not-assigned"), B, "You are no longer assigned to this submission.", None),
    Row(
        "403 on all",
        everything(problem(403, "account-disabled")),
        Q,
        "Your access has changed. Contact the team lead.",
        wait_s=(60, 60),
        holds_all=True,
    ),
    Row("404 or 410 of the platform", coded(410, "withdrawn"), B, "This submission was withdrawn.", None),
    Row(
        "404 or 405 of something else",
        everything(Reply(404, b"<html>Not here", "text/html")),
        Q,
        "Platform not reachable",
        wait_s=(1, 1),
        holds_all=True,
    ),
    Row(
        "any other refusal in somebody else's words",
        everything(Reply(403, b"<html>Blocked by your school", "text/html")),
        Q,
        "Platform not reachable",
        said="The platform cannot be reached.",
        wait_s=(1, 1),
        holds_all=True,
    ),
    Row(
        "409 under way",
        write(problem(409, "in-flight", retry_after="4")),
        Q,
        "1 waiting to send",
        wait_s=(4, 4),
    ),
    Row(
        "409",
        coded(409, "already-decided"),
        C,
        "This changed on the platform meanwhile.",
        None,
        is_open_again=True,
    ),
    Row("412", coded(412, "stale"), C, "This changed on the platform meanwhile.", None, is_open_again=True),
    Row(
        "413",
        coded(413, "too-large", limit_bytes=4 * 1024**2),
        R,
        "this platform takes 4 MB. Your work is open again: take out marks or shorten texts",
        None,
        is_open_again=True,
    ),
    Row("415", coded(415, "media"), B, "Ask IT for a newer version. Your work is kept.", None),
    Row(
        "426",
        everything(as_json({"code": "contract-left-behind", "minimum_version": "1.4"}, 426)),
        B,
        "Ask IT for version 1.4 to send. Work is kept.",
        said="Ask IT for version 1.4. Your work is kept.",
    ),
    Row("422", coded(422, "validation"), R, "The platform did not accept this.", None, is_open_again=True),
    Row("422 key used twice", coded(422, "key-reused"), B, "This needs a look by support.", None),
    Row("423 or 425", write(problem(425)), Q, "1 waiting to send", wait_s=(1, 1)),
    Row(
        "429",
        everything(problem(429, retry_after="600")),
        Q,
        "The platform is busy, next try 12:10",
        said="The platform is busy",
        wait_s=(600, 600),
        holds_all=True,
    ),
    Row(
        "500",
        write(problem(500, "internal")),
        Q,
        "1 waiting to send",
        said="It is tried again by itself.",
        wait_s=(1, 1),
    ),
    Row("501 or 505", write(problem(501)), B, "The platform needs an update before it can take this.", None),
    Row(
        "502, 503 or 504",
        everything(problem(503)),
        Q,
        "Platform not available since 12:00",
        wait_s=(0, 1),
        holds_all=True,
    ),
    Row(
        "page, redirect or 511",
        everything(PAGE),
        Q,
        "This network wants you to sign in first.",
        BROWSER,
        wait_s=(1, 1),
    ),
    Row(
        "page from the platform itself",
        write(PAGE),
        Q,
        "The platform's answer could not be read. Your work is kept.",
        wait_s=(1, 1),
    ),
    Row(
        "refused, not found or no connection",
        nobody,
        Q,
        "Offline - 1 change waiting to send",
        attempts=0,
    ),
    Row(
        "reset, silence, cut short or garbled",
        breaking,
        Q,
        "Checking whether it arrived",
        said="Checking whether it arrived.",
        wait_s=(1, 1),
    ),
    Row(
        "certificate of nobody known",
        tls(-1, trusted=False),
        Q,
        "This network intercepts secure connections. Try another, or ask IT.",
        attempts=0,
    ),
    Row(
        "certificate not valid yet",
        tls(5),
        Q,
        "Your computer's clock says 2026. Correct it to send.",
        attempts=0,
    ),
    Row(
        "certificate run out, clock wrong",
        tls(-9, told=NOON + timedelta(days=500)),
        Q,
        "Your computer's clock says 2026. Correct it to send.",
        attempts=0,
    ),
    Row(
        "certificate run out, clock right",
        tls(-9, told=NOON - timedelta(days=1)),
        Q,
        "The platform's certificate has run out. Check your clock, or ask IT.",
        attempts=0,
    ),
    Row(
        "certificate of another host",
        tls(-1, host="portal.example"),
        Q,
        "This network wants you to sign in first.",
        BROWSER,
        attempts=0,
    ),
    Row(
        "no TLS at all",
        plain_on_a_secure_port,
        Q,
        "This network wants you to sign in first.",
        BROWSER,
        attempts=0,
    ),
    Row(
        "disk full",
        meanwhile(fill_the_disk),
        Q,
        "Disk full. Your last save worked at 11:59. Free space to go on.",
        wait_s=(1, 1),
    ),
    Row("store damaged", meanwhile(damage_the_store), Q, "Part of the local store is damaged."),
]
