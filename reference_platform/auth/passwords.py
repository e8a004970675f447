"""Passwords of local accounts: stored by scrypt (RFC 7914), compared in constant time."""

from __future__ import annotations

import hashlib
import hmac
import secrets

N, R, P = 2**15, 8, 1
"""Cost: about 32 MiB and a tenth of a second for each attempt."""
MAX_MEMORY_BYTES = 64 * 1024 * 1024


def hashed(password: str) -> str:
    """What is stored for a password."""
    salt = secrets.token_bytes(16)
    return f"scrypt${N}${R}${P}${salt.hex()}${_digest(password, salt, N, R, P).hex()}"


def is_right(password: str, stored: str | None) -> bool:
    """Whether a password fits what is stored; takes the same time when nothing is stored."""
    if stored is None:
        _digest(password, b"no such account.", N, R, P)
        return False
    _, n, r, p, salt, digest = stored.split("$")
    computed = _digest(password, bytes.fromhex(salt), int(n), int(r), int(p))
    return hmac.compare_digest(computed, bytes.fromhex(digest))


def _digest(password: str, salt: bytes, n: int, r: int, p: int) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=n, r=r, p=p, maxmem=MAX_MEMORY_BYTES)
