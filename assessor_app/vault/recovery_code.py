"""The printed recovery code: a master key as 14 groups of four letters and digits.

Crockford's base 32 is used: no letter can be taken for a digit, and a reader who types O, I or L all
the same is understood. A 24-bit checksum finds typing mistakes before anything is tried.
"""

from __future__ import annotations

import hashlib

from assessor_app.vault.derivation import KEY_BYTES

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", " ": "", "-": "", "\t": "", "\n": "", "\r": ""})
_CHECKSUM_BYTES = 3
_CODE_BYTES = KEY_BYTES + _CHECKSUM_BYTES
_CODE_LENGTH = _CODE_BYTES * 8 // 5
_GROUP = 4


def encode(secret: bytes) -> str:
    """Spell 32 secret bytes as a code to print, such as `7H3K-09ZQ-...`; 69 characters."""
    number = int.from_bytes(secret + _checksum(secret), "big")
    letters = [_ALPHABET[number >> 5 * place & 31] for place in reversed(range(_CODE_LENGTH))]
    text = "".join(letters)
    return "-".join(text[start : start + _GROUP] for start in range(0, _CODE_LENGTH, _GROUP))


def decode(untrusted_code: str) -> bytes | None:
    """Read a typed code; spaces, hyphens and case do not matter.

    Returns:
        The 32 secret bytes, or None if the code has a typing mistake.
    """
    text = untrusted_code.upper().translate(_MISREAD)
    if len(text) != _CODE_LENGTH or not set(text) <= set(_ALPHABET):
        return None
    number = 0
    for letter in text:
        number = number << 5 | _ALPHABET.index(letter)
    data = number.to_bytes(_CODE_BYTES, "big")
    secret, checksum = data[:KEY_BYTES], data[KEY_BYTES:]
    return secret if checksum == _checksum(secret) else None


def _checksum(secret: bytes) -> bytes:
    return hashlib.sha256(b"assessor recovery code v1" + secret).digest()[:_CHECKSUM_BYTES]
