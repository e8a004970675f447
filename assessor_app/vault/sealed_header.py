"""The sealed-file format: header, per-file key, and the STREAM encryption of one chunk.

A sealed file is a 40-byte header (magic, version, algorithm, log2 of the chunk size, 32-byte salt)
followed by chunks. Each chunk but the last holds exactly one chunk size of plaintext, the last
holds the rest (nothing for an empty file, a whole chunk for an exact multiple); each carries a
16-byte tag. The nonce is an 11-byte big-endian counter and a byte that is 1 on the last chunk only
(STREAM of Hoang, Reyhanitabar, Rogaway and Vizar, as in the `age` format), so that a swapped,
repeated, dropped or appended chunk does not verify. The file's own key is HKDF-SHA256 of the
submission's key with the header and the blob id as its purpose, so that a changed header or
another file's content does not verify either.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from assessor_app.errors import SealDamaged
from assessor_app.vault.derivation import KEY_BYTES, hkdf_sha256

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

CHUNK_BYTES = 65536
"""Plaintext bytes in a chunk; larger chunks gained nothing and made random reads 3 to 90 times slower."""

TAG_BYTES = 16
"""Bytes that sealing adds to every chunk."""

SALT_BYTES = 32
"""Length of a file's random salt."""

_MAGIC = b"ASEAL"
_VERSION = 1
_LAYOUT = struct.Struct(f">{len(_MAGIC)}sBBB{SALT_BYTES}s")
_SMALLEST_LOG2_CHUNK = 10
_LARGEST_LOG2_CHUNK = 20

HEADER_BYTES = _LAYOUT.size
"""Length of the header: 40 bytes."""


class Algorithm(IntEnum):
    """The authenticated cipher of a sealed file; the number is the byte in the header."""

    AES_256_GCM = 1
    CHACHA20_POLY1305 = 2


def seal_damaged() -> SealDamaged:
    """The error for a file that does not verify, worded for the assessor."""
    return SealDamaged(
        "A piece of evidence is damaged on this computer",
        "Its encrypted copy does not verify, so it is not shown. Your ratings, notes and drafts are safe.",
        "It will be downloaded again at the next sync.",
    )


@dataclass(frozen=True, slots=True)
class SealedHeader:
    """What the first 40 bytes of a sealed file say.

    Attributes:
        algorithm: the cipher of all chunks.
        chunk_bytes: plaintext bytes in every chunk but the last; a power of two, 1 KiB to 1 MiB.
        salt: 32 random bytes, new for every file written.
    """

    algorithm: Algorithm
    chunk_bytes: int
    salt: bytes

    def to_bytes(self) -> bytes:
        """The 40 bytes at the start of the file."""
        log2_chunk = self.chunk_bytes.bit_length() - 1
        if self.chunk_bytes != 1 << log2_chunk or not _chunk_is_allowed(log2_chunk):
            raise ValueError(f"chunk size {self.chunk_bytes} is not a power of two from 1 KiB to 1 MiB")
        return _LAYOUT.pack(_MAGIC, _VERSION, self.algorithm, log2_chunk, self.salt)

    @classmethod
    def parse(cls, untrusted_header: bytes) -> SealedHeader:
        """Read the header.

        Raises:
            SealDamaged: too short, not a sealed file, or of an unknown version, cipher or chunk size.
        """
        if len(untrusted_header) != HEADER_BYTES:
            raise seal_damaged()
        magic, version, algorithm, log2_chunk, salt = _LAYOUT.unpack(untrusted_header)
        if magic != _MAGIC or version != _VERSION or not _chunk_is_allowed(log2_chunk):
            raise seal_damaged()
        if algorithm not in tuple(Algorithm):
            raise seal_damaged()
        return cls(Algorithm(algorithm), 1 << log2_chunk, salt)

    def sealed_size(self, size_bytes: int) -> int:
        """Length of the sealed file, in bytes, for a plaintext of `size_bytes`."""
        return HEADER_BYTES + size_bytes + TAG_BYTES * self.chunk_count(size_bytes)

    def chunk_count(self, size_bytes: int) -> int:
        """Number of chunks for a plaintext of `size_bytes`; at least 1."""
        return max(1, -(-size_bytes // self.chunk_bytes))

    def chunk_offset(self, index: int) -> int:
        """Where chunk `index` (from 0) starts in the sealed file, in bytes."""
        return HEADER_BYTES + index * (self.chunk_bytes + TAG_BYTES)


def _chunk_is_allowed(log2_chunk: int) -> bool:
    return _SMALLEST_LOG2_CHUNK <= log2_chunk <= _LARGEST_LOG2_CHUNK


def derive_file_key(submission_key: bytes, blob_id: str, header: bytes) -> bytes:
    """The key of one sealed file.

    Args:
        submission_key: 32 random bytes, kept in the encrypted database; deleting them shreds the file.
        blob_id: the id under which the database knows the file.
        header: the file's 40 header bytes, which contain its salt.

    Returns:
        32 bytes; what a worker process gets instead of any key above it.

    Raises:
        ValueError: the key is not 32 bytes long.
        SealDamaged: the header is not one of a sealed file.
    """
    if len(submission_key) != KEY_BYTES:
        raise ValueError(f"a submission key has {KEY_BYTES} bytes, not {len(submission_key)}")
    salt = SealedHeader.parse(header).salt
    return hkdf_sha256(submission_key, salt=salt, info=header + blob_id.encode("utf-8"))


class ChunkCipher:
    """Seals and opens the chunks of one file; safe to share between threads."""

    def __init__(self, file_key: bytes, algorithm: Algorithm) -> None:
        """Prepare the cipher.

        Args:
            file_key: 32 bytes from `derive_file_key`.
            algorithm: the cipher that the header names.
        """
        # Imported here: reading a profile's key before the first paint must not pay for it.
        from cryptography.exceptions import InvalidTag
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305

        self._aead: AESGCM | ChaCha20Poly1305
        if algorithm is Algorithm.AES_256_GCM:
            self._aead = AESGCM(file_key)
        else:
            self._aead = ChaCha20Poly1305(file_key)
        self._invalid_tag = InvalidTag

    def seal_into(self, index: int, plain: bytes | bytearray, out: memoryview, *, is_last: bool) -> None:
        """Encrypt one chunk.

        Args:
            index: number of the chunk, from 0.
            plain: its plaintext.
            out: receives ciphertext and tag; exactly `TAG_BYTES` longer than `plain`.
            is_last: whether the file ends with this chunk.
        """
        self._aead.encrypt_into(_nonce(index, is_last), plain, None, out)

    def open_into(
        self, index: int, sealed: bytes | memoryview, out: memoryview | bytearray, *, is_last: bool
    ) -> None:
        """Verify and decrypt one chunk.

        Args:
            index: number of the chunk, from 0.
            sealed: ciphertext and tag.
            out: receives the plaintext; exactly `TAG_BYTES` shorter than `sealed`.
            is_last: whether the file ends with this chunk.

        Raises:
            SealDamaged: the chunk does not verify at this place under this key.
        """
        if len(sealed) < TAG_BYTES:
            raise seal_damaged()
        try:
            self._aead.decrypt_into(_nonce(index, is_last), sealed, None, out)
        except self._invalid_tag:
            raise seal_damaged() from None


def _nonce(index: int, is_last: bool) -> bytes:
    return index.to_bytes(11, "big") + (b"\x01" if is_last else b"\x00")


def read_up_to(file: io.FileIO, count: int) -> bytes:
    """Read exactly `count` bytes from an unbuffered file, fewer only at its end."""
    data = file.read(count)
    while len(data) < count and (more := file.read(count - len(data))):
        data += more
    return data
