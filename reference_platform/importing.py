"""Importing a file of unsent work: what it holds goes through the same paths as over the wire.

Nothing is taken before seal, signature and format were found whole. Then every write is called on the
application itself, in the author's name, in order, under its own key: each is done whole or not at all, and
what was done before is answered with the receipt that it had then.
"""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from fastapi import FastAPI
from pydantic import ValidationError
from sqlalchemy.orm import Session
from starlette.concurrency import run_in_threadpool

from assessor_app.domain.roles import Role
from assessor_app.sync.protocol import ProblemOut, ReceiptWire
from assessor_app.sync.wire_sealed import (
    ImportOut,
    NotAsWritten,
    RowAnswer,
    UnsentAnswers,
    UnsentManifest,
    UnsentRow,
    answers_bytes,
    unpacked,
)
from assessor_app.vault.envelope import (
    LARGEST_FILE_BYTES,
    Content,
    EnvelopeRefused,
    SealingKeys,
    seal,
    unseal,
)
from reference_platform import sealing
from reference_platform.auth.bearer import WRITTEN_BY, Actor
from reference_platform.models import ImportedFile, ProfileKey, StoredAnswer
from reference_platform.platform import Platform
from reference_platform.problems import Problem

log = logging.getLogger(__name__)
BEHIND = 424
"""Status of a write whose earlier one of the same submission was refused: it was not tried."""
_HOLD_NOTHING_UP = frozenset({"finding", "escalation", "case_action"})
"""Words to the lead and reports of files: the work behind a refused one is done all the same."""

_REFUSALS = {
    "too-large": (413, f"The file is larger than {LARGEST_FILE_BYTES // 2**20} MB."),
    "not-sealed": (422, "This is not a file of unsent work."),
    "newer": (422, "The file was written by a newer workstation than this platform knows."),
    "foreign": (422, "The file was sealed for another platform."),
    "damaged": (422, "The file is damaged; nothing was taken. Copy it again from where it was made."),
    "forged": (422, "The file's signature does not hold; nothing was taken."),
    "unknown-writer": (422, "The file was signed by a workstation that this platform does not know."),
    "revoked": (403, "The key that signed the file was revoked; nothing was taken."),
    "account-disabled": (403, "The author's account is closed. A team lead can bring the file."),
    "too-old": (410, "The file is too old to be imported. Export the work again."),
}


@dataclass(frozen=True, slots=True)
class Imported:
    """What became of a file."""

    author_id: str
    summary: ImportOut
    answers: tuple[RowAnswer, ...]
    sealed_answers: bytes


@dataclass(frozen=True, slots=True)
class _Letter:
    """A file that was found whole and whose author is proven."""

    author: Actor
    manifest: UnsentManifest
    bodies: Sequence[bytes]
    keys: SealingKeys
    """The platform's."""


async def import_file(app: FastAPI, untrusted: bytes, carrier: Actor | None) -> Imported:
    """Do what a file of unsent work asks for, once, however often it is brought.

    Args:
        app: the application of the platform.
        untrusted: the file.
        carrier: who brings it; None for the operator.

    Raises:
        Problem: the file is refused as a whole, and nothing was changed.
    """
    platform: Platform = app.state.platform
    letter = await run_in_threadpool(_read, platform, untrusted, carrier)
    rows, manifest = letter.manifest.rows, letter.manifest
    answers, refused = [], set()
    for row, body in zip(rows, letter.bodies, strict=False):
        if row.submission_id in refused:
            answers.append(RowAnswer(key=row.key, sha256=row.sha256, status=BEHIND, code="behind"))
            continue
        answer = await _write(app, platform, letter.author, row, body)
        if answer.receipt is None and row.kind not in _HOLD_NOTHING_UP:
            refused.add(row.submission_id)
        answers.append(answer)
    drafts = 0
    for row, body in zip(manifest.drafts, letter.bodies[len(rows) :], strict=True):
        drafts += (await _call(app, letter.author, row, body))[0] < 300
    sealed = await run_in_threadpool(_sealed_answers, letter, answers, platform.clock.now())
    taken = sum(answer.receipt is not None for answer in answers)
    summary = ImportOut(
        file_id=manifest.file_id,
        taken=taken,
        refused=len(answers) - taken,
        drafts=drafts,
        answers=base64.b64encode(sealed).decode(),
    )
    return Imported(letter.author.actor_id, summary, tuple(answers), sealed)


def refusal(reason: str) -> Problem:
    """Why a file is refused as a whole."""
    status, sentence = _REFUSALS[reason]
    return Problem(status, f"file-{reason}", sentence)


def _read(platform: Platform, untrusted: bytes, carrier: Actor | None) -> _Letter:
    with platform.database.write() as session:
        keys = sealing.own_keys(session)
        try:
            opened = unseal(Content.WORK, untrusted, keys)
            key = session.get(ProfileKey, opened.writer.hex())
            if key is None:
                raise refusal("unknown-writer")
            payload = opened.proven(bytes.fromhex(key.signing))
        except EnvelopeRefused as error:
            raise refusal(error.reason) from None
        if key.revoked_at is not None:
            raise refusal("revoked")
        author, is_closed = sealing.author_of(session, key)
        if is_closed and carrier is not None and Role.LEAD not in carrier.roles:
            raise refusal("account-disabled")
        try:
            manifest, bodies = unpacked(payload)
            seal(Content.ANSWERS, b"", bytes.fromhex(manifest.answer_to), keys)
        except (NotAsWritten, ValueError):
            raise refusal("damaged") from None
        if manifest.actor_id != author.actor_id:
            raise refusal("forged")
        _remember(session, platform, manifest, carrier, hashlib.sha256(untrusted).hexdigest())
    return _Letter(author, manifest, bodies, keys)


def _remember(
    session: Session, platform: Platform, manifest: UnsentManifest, carrier: Actor | None, sha256: str
) -> None:
    """Note who brought what; and refuse what is older than the platform's memory of keys.

    A write that was done so long ago that its key is forgotten would be done again.
    """
    now = platform.clock.now()
    oldest = now - timedelta(days=platform.settings.key_days)
    known = session.get(ImportedFile, (manifest.actor_id, manifest.file_id))
    if manifest.made_at < oldest or (known is not None and known.at < oldest):
        raise refusal("too-old")
    if known is None:
        carried_by = carrier.actor_id if carrier is not None else None
        session.add(
            ImportedFile(
                actor_id=manifest.actor_id,
                file_id=manifest.file_id,
                sha256=sha256,
                carried_by=carried_by,
                at=now,
            )
        )


async def _write(app: FastAPI, platform: Platform, author: Actor, row: UnsentRow, body: bytes) -> RowAnswer:
    status, answer = await _call(app, author, row, body)
    if status < 300:
        receipt = await run_in_threadpool(_receipt, platform, author, row)
        return RowAnswer(key=row.key, sha256=row.sha256, status=status, receipt=receipt)
    try:
        problem = ProblemOut.model_validate_json(answer)
    except ValidationError:
        return RowAnswer(key=row.key, sha256=row.sha256, status=status)
    pointers = [error.pointer[:300] for error in problem.errors[:50]]
    return RowAnswer(key=row.key, sha256=row.sha256, status=status, code=problem.code, pointers=pointers)


def _receipt(platform: Platform, author: Actor, row: UnsentRow) -> ReceiptWire | None:
    with platform.database.read() as session:
        stored = session.get(StoredAnswer, (author.actor_id, row.key))
        return ReceiptWire.model_validate(stored.receipt) if stored is not None else None


async def _call(app: FastAPI, author: Actor, row: UnsentRow, body: bytes) -> tuple[int, bytes]:
    """Call the application as the web server does, with the author in place of a token."""
    digest = base64.b64encode(bytes.fromhex(row.sha256)).decode()
    headers = {
        "content-type": "application/json",
        "content-length": str(len(body)),
        "idempotency-key": row.key,
        "content-digest": f"sha-256=:{digest}:",
    }
    if row.if_match is not None:
        headers["if-match"] = row.if_match
    elif row.method == "PUT":
        headers["if-none-match"] = "*"
    scope: dict[str, Any] = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": row.method,
        "scheme": "http",
        "path": row.path,
        "raw_path": row.path.encode(),
        "root_path": "",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": None,
        "server": None,
        WRITTEN_BY: author,
    }
    status, parts = 500, bytearray()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status
        if message["type"] == "http.response.start":
            status = message["status"]
        parts.extend(message.get("body", b""))

    try:
        await app(scope, receive, send)  # type: ignore[arg-type]
    except Exception:
        log.warning("a write of an imported file met a mistake", exc_info=True)
    return status, bytes(parts)


def _sealed_answers(letter: _Letter, answers: Sequence[RowAnswer], now: datetime) -> bytes:
    manifest = letter.manifest
    document = UnsentAnswers(
        file_id=manifest.file_id, actor_id=manifest.actor_id, answered_at=now, answers=list(answers)
    )
    reader = bytes.fromhex(manifest.answer_to)
    return seal(Content.ANSWERS, answers_bytes(document), reader, letter.keys)
