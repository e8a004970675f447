"""Sealed envelopes: what only one reader can open, signed by whoever wrote it.

HPKE (RFC 9180: X25519, HKDF-SHA256, ChaCha20-Poly1305) seals to the reader's public key; Ed25519 inside the
seal says who wrote. The signature covers the header, which names the reader, so that nobody can seal a letter
again for somebody else. The format stands in docs/sealed-work.md; the platform opens it with this module.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from enum import IntEnum

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

MAGIC = b"AWSEALED"
VERSION = 1
KEY_BYTES = 32
"""Length of every key here, private or public."""
LARGEST_FILE_BYTES = 48 * 1024 * 1024
"""A file above this is not read."""
LARGEST_PAYLOAD_BYTES = LARGEST_FILE_BYTES - 64 * 1024
"""What fits into one envelope."""

_HEADER = struct.Struct(">8sBBH16s")
_INNER = struct.Struct(">32s64sQ")
_ENC_AND_TAG_BYTES = 32 + 16
_PAGE_BYTES = 4096
"""The sealed length is a multiple of this, so that a file's size tells little."""
_SEAL_INFO = b"assessor workstation sealed envelope v1\0"
_SIGN_INFO = b"assessor workstation signed letter v1\0"
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


class Content(IntEnum):
    """What an envelope holds."""

    WORK = 1
    """Unsent work, for the platform."""
    ANSWERS = 2
    """The platform's answers to it, for the profile that wrote it."""


class EnvelopeRefused(Exception):
    """An envelope that is not opened.

    Attributes:
        reason: `too-large`, `not-sealed`, `newer`, `foreign`, `damaged` or `forged`.
    """

    def __init__(self, reason: str) -> None:
        """Keep the reason."""
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class SealingKeys:
    """Two private keys of one party, made from one secret: to open what comes, to sign what goes."""

    opening: X25519PrivateKey
    signing: Ed25519PrivateKey

    @classmethod
    def of(cls, secret: bytes) -> SealingKeys:
        """The keys of a secret of 64 random bytes.

        Raises:
            ValueError: another length.
        """
        if len(secret) != 2 * KEY_BYTES:
            raise ValueError("a sealing secret has 64 bytes")
        return cls(
            X25519PrivateKey.from_private_bytes(secret[:KEY_BYTES]),
            Ed25519PrivateKey.from_private_bytes(secret[KEY_BYTES:]),
        )

    @property
    def opening_public(self) -> bytes:
        """What others seal to."""
        return _raw(self.opening.public_key())

    @property
    def signing_public(self) -> bytes:
        """What others check signatures with."""
        return _raw(self.signing.public_key())


@dataclass(frozen=True, slots=True)
class Opened:
    """What was in an envelope; nothing of it is proven before `proven` was asked."""

    writer: bytes
    """The public key that it claims to be signed with."""
    signature: bytes
    signed: bytes
    """The bytes that the signature covers."""
    payload: bytes

    def proven(self, writer: bytes) -> bytes:
        """The payload, if this writer signed it for this reader.

        Raises:
            EnvelopeRefused: `forged`.
        """
        try:
            Ed25519PublicKey.from_public_bytes(writer).verify(self.signature, self.signed)
        except (InvalidSignature, ValueError):
            raise EnvelopeRefused("forged") from None
        return self.payload


def key_id(public: bytes) -> bytes:
    """The 16 bytes by which an envelope names the key that opens it."""
    return hashlib.sha256(public).digest()[:16]


def seal(content: Content, payload: bytes, reader: bytes, writer: SealingKeys) -> bytes:
    """Sign a payload and seal it to a reader.

    Args:
        content: what it is.
        payload: at most `LARGEST_PAYLOAD_BYTES`.
        reader: the reader's public opening key.
        writer: the writer's keys.

    Raises:
        ValueError: the payload is too large, or the reader's key is no key.
    """
    if len(payload) > LARGEST_PAYLOAD_BYTES:
        raise ValueError("too much for one envelope")
    header = _HEADER.pack(MAGIC, VERSION, content, 0, key_id(reader))
    signature = writer.signing.sign(_signed(header, payload))
    inner = _INNER.pack(writer.signing_public, signature, len(payload)) + payload
    inner += bytes(-len(inner) % _PAGE_BYTES)
    sealed = _SUITE.encrypt(inner, X25519PublicKey.from_public_bytes(reader), info=_SEAL_INFO + header)
    return header + sealed


def unseal(content: Content, untrusted: bytes, reader: SealingKeys) -> Opened:
    """Open an envelope that was sealed to a reader.

    Raises:
        EnvelopeRefused: it is not one, not for this reader, or not as it was written.
    """
    if len(untrusted) > LARGEST_FILE_BYTES:
        raise EnvelopeRefused("too-large")
    header = untrusted[: _HEADER.size]
    if len(header) < _HEADER.size or not header.startswith(MAGIC):
        raise EnvelopeRefused("not-sealed")
    _, version, kind, reserved, named = _HEADER.unpack(header)
    if version != VERSION:
        raise EnvelopeRefused("newer" if version > VERSION else "damaged")
    if kind != content or reserved != 0:
        raise EnvelopeRefused("not-sealed")
    if named != key_id(reader.opening_public):
        raise EnvelopeRefused("foreign")
    if len(untrusted) < _HEADER.size + _ENC_AND_TAG_BYTES + _INNER.size:
        raise EnvelopeRefused("damaged")
    try:
        inner = _SUITE.decrypt(untrusted[_HEADER.size :], reader.opening, info=_SEAL_INFO + header)
    except (InvalidTag, ValueError):
        raise EnvelopeRefused("damaged") from None
    return _inside(header, inner)


def _inside(header: bytes, inner: bytes) -> Opened:
    """What anybody can have sealed: read as carefully as the header."""
    if len(inner) < _INNER.size:
        raise EnvelopeRefused("damaged")
    writer, signature, length = _INNER.unpack_from(inner)
    end = _INNER.size + length
    if end > len(inner) or any(inner[end:]) or len(inner) - end >= _PAGE_BYTES:
        raise EnvelopeRefused("damaged")
    payload = inner[_INNER.size : end]
    return Opened(writer, signature, _signed(header, payload), payload)


def _signed(header: bytes, payload: bytes) -> bytes:
    return _SIGN_INFO + header + hashlib.sha512(payload).digest()


def _raw(key: X25519PublicKey | Ed25519PublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
