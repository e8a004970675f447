"""Canonical bytes and digests: the same data gives the same bytes on every machine."""

from __future__ import annotations

import hashlib
import json
import unicodedata

from assessor_app.domain.submissions import Submission


def canonical_json(data: object) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8, and neither NaN nor infinity.

    Raises:
        ValueError: a number that JSON does not know.
        TypeError: an object that JSON does not know.
    """
    return json.dumps(
        data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode("utf-8")


def sha256_hex(data: bytes) -> str:
    """SHA-256 as 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()


def text_sha256(text: str) -> str:
    """SHA-256 of a written response: its NFC form in UTF-8."""
    return sha256_hex(unicodedata.normalize("NFC", text).encode("utf-8"))


def evidence_digest(submission: Submission) -> str:
    """The digest of exactly what was assessed: sorted [id, sha256] of responses and artifacts."""
    pairs = [
        [str(response.id), text_sha256(response.text)]
        for part in submission.parts
        for response in part.responses
    ]
    pairs += [[str(artifact.id), artifact.sha256] for part in submission.parts for artifact in part.artifacts]
    return sha256_hex(canonical_json(sorted(pairs)))
