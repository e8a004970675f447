"""Cursors of the change feed: opaque for clients, signed, and bound to one actor."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

from sqlalchemy.orm import Session

from reference_platform.models import Setting
from reference_platform.problems import Problem

SECRET = "cursor_secret"
"""Setting: signs cursors. A new database has a new one, so that cursors of an older one expire."""
MAC_BYTES = 16


def prepare(session: Session) -> None:
    """Make the secret that signs cursors, unless there is one."""
    if session.get(Setting, SECRET) is None:
        session.add(Setting(name=SECRET, value=secrets.token_hex(32)))


def encode(session: Session, actor_id: str, number: int) -> str:
    """The cursor after the change with this number."""
    payload = number.to_bytes(8, "big")
    return base64.urlsafe_b64encode(payload + _mac(session, actor_id, payload)).decode().rstrip("=")


def decode(session: Session, actor_id: str, untrusted_cursor: str) -> int:
    """The number in a cursor.

    Raises:
        Problem: 410 `cursor-expired`; it is not one that this platform made for this actor.
    """
    try:
        raw = base64.b64decode(untrusted_cursor + "=" * (-len(untrusted_cursor) % 4), b"-_", validate=True)
    except ValueError:
        raise expired() from None
    payload, mac = raw[:8], raw[8:]
    if len(payload) != 8 or not hmac.compare_digest(mac, _mac(session, actor_id, payload)):
        raise expired()
    return int.from_bytes(payload, "big")


def expired() -> Problem:
    """The answer to a cursor that cannot be followed any more."""
    return Problem(410, "cursor-expired", "Compare with the manifest and go on from its cursor.")


def _mac(session: Session, actor_id: str, payload: bytes) -> bytes:
    setting = session.get(Setting, SECRET)
    if setting is None:
        raise LookupError("the platform was never prepared")
    key = bytes.fromhex(setting.value)
    return hmac.digest(key, actor_id.encode() + b"\0" + payload, hashlib.sha256)[:MAC_BYTES]
