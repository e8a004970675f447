"""What lies in a file of unsent work, and what the platform answers to it.

A payload is a manifest in JSON, preceded by its length, and behind it the bodies one after the other, byte
for byte as they would have been sent.
"""

from __future__ import annotations

import hashlib
import json
import struct
from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field, ValidationError

from assessor_app.errors import ProtocolBroken
from assessor_app.sync import strict_json
from assessor_app.sync.wire_base import (
    Count,
    Identifier,
    Moment,
    ReceiptWire,
    Sha256,
    ShortText,
    Wire,
    as_json,
)

LARGEST_MANIFEST_BYTES = 4 * 1024 * 1024
MOST_ROWS = 5000
_LENGTH = struct.Struct(">I")

PublicKey = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""A raw public key of 32 bytes."""
WritePath = Annotated[str, Field(max_length=400, pattern=r"^/v1/[A-Za-z0-9._:/-]+$")]


class PlatformKeysOut(Wire):
    """The keys to which unsent work is sealed, and with which answers to it are signed."""

    opening: PublicKey
    """X25519."""
    signing: PublicKey
    """Ed25519."""


class ProfileKeyOut(Wire):
    """A profile's key as the platform knows it, and the platform's own."""

    signing: PublicKey
    actor_id: Identifier
    """Whose it is, by pseudonym."""
    is_revoked: bool
    platform: PlatformKeysOut


class UnsentRow(Wire):
    """One write that was never confirmed."""

    key: Identifier
    """Its Idempotency-Key."""
    submission_id: Identifier
    kind: ShortText
    method: Literal["PUT", "POST"]
    path: WritePath
    sha256: Sha256
    size_bytes: Count
    created_at: Moment
    if_match: ShortText | None = None
    """Of a draft: the platform's version that it was made from, the only one that it may replace."""


class UnsentManifest(Wire):
    """What lies in a file of unsent work, in the order of sending."""

    file_id: Identifier
    actor_id: Identifier
    made_at: Moment
    answer_to: PublicKey
    """X25519 key of the profile, to which the answers are sealed."""
    rows: Annotated[list[UnsentRow], Field(max_length=MOST_ROWS)]
    drafts: Annotated[list[UnsentRow], Field(max_length=MOST_ROWS)] = []
    """Work that is not final: kept as the author's draft, in place of the version that it was made from."""


class RowAnswer(Wire):
    """What became of one write."""

    key: Identifier
    sha256: Sha256
    status: Annotated[int, Field(ge=100, le=599)]
    code: ShortText = ""
    """The problem's code where it was refused."""
    pointers: Annotated[list[Annotated[str, Field(max_length=300)]], Field(max_length=50)] = []
    """The fields that a refusal names, as JSON pointers into the body."""
    receipt: ReceiptWire | None = None


class UnsentAnswers(Wire):
    """The platform's answers to one file."""

    file_id: Identifier
    actor_id: Identifier
    answered_at: Moment
    answers: Annotated[list[RowAnswer], Field(max_length=MOST_ROWS)]


class ImportOut(Wire):
    """How an import went, for whoever carried the file: counts, never what was in it."""

    file_id: Identifier
    taken: Count
    refused: Count
    drafts: Count
    answers: str
    """The sealed answers in Base64; only the author's profile opens them."""


class NotAsWritten(ValueError):
    """A payload that does not follow the format."""


def packed(manifest: UnsentManifest, bodies: Sequence[bytes]) -> bytes:
    """The payload of a file of unsent work."""
    text = json.dumps(as_json(manifest), separators=(",", ":")).encode()
    return _LENGTH.pack(len(text)) + text + b"".join(bodies)


def unpacked(payload: bytes) -> tuple[UnsentManifest, list[bytes]]:
    """Manifest and bodies, each body checked against its digest: rows first, then drafts.

    Raises:
        NotAsWritten: anything is not exactly as the manifest says.
    """
    if len(payload) < _LENGTH.size:
        raise NotAsWritten("too short")
    (length,) = _LENGTH.unpack_from(payload)
    if length > LARGEST_MANIFEST_BYTES:
        raise NotAsWritten("manifest too long")
    at = _LENGTH.size + length
    try:
        manifest = UnsentManifest.model_validate(strict_json.parse(payload[_LENGTH.size : at]))
    except (ValidationError, ProtocolBroken):
        raise NotAsWritten("manifest") from None
    bodies: list[bytes] = []
    entries = [*manifest.rows, *manifest.drafts]
    for row in entries:
        body = payload[at : at + row.size_bytes]
        if hashlib.sha256(body).hexdigest() != row.sha256:
            raise NotAsWritten("body")
        bodies.append(body)
        at += row.size_bytes
    if at != len(payload) or len({row.key for row in entries}) != len(entries):
        raise NotAsWritten("length or keys")
    return manifest, bodies


def answers_bytes(answers: UnsentAnswers) -> bytes:
    """Answers as the payload of an envelope."""
    return json.dumps(as_json(answers), separators=(",", ":")).encode()


def answers_of(payload: bytes) -> UnsentAnswers:
    """The answers in a payload.

    Raises:
        NotAsWritten: they do not follow the format.
    """
    try:
        return UnsentAnswers.model_validate(strict_json.parse(payload))
    except (ValidationError, ProtocolBroken):
        raise NotAsWritten("answers") from None
