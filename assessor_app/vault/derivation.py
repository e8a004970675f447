"""HKDF-SHA256, the one way in which a key is made from another key.

Written with the standard library because the database key is needed before the first paint,
where importing `cryptography` would cost 10 to 25 ms; the tests check it against RFC 5869 and
against `cryptography`.
"""

from __future__ import annotations

import hashlib
import hmac

KEY_BYTES = 32
"""Length in bytes of every key in the vault."""


def hkdf_sha256(key: bytes, *, salt: bytes, info: bytes) -> bytes:
    """Derive one 32-byte key (RFC 5869, with an output of exactly one hash block).

    Args:
        key: input key, 32 bytes of uniform randomness.
        salt: public and random, or empty.
        info: what the derived key is for; two purposes never share it.

    Returns:
        32 bytes.
    """
    extracted = hmac.digest(salt or bytes(hashlib.sha256().digest_size), key, hashlib.sha256)
    return hmac.digest(extracted, info + b"\x01", hashlib.sha256)
