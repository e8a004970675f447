"""Shared by the tests of sealed files: a key, a file of known bytes, sealing and unsealing."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

from hypothesis import strategies as st

from assessor_app.clock import Clock
from assessor_app.vault.sealed_file import (
    SealedReader,
    SealedWriter,
    file_key_of,
)
from assessor_app.vault.sealed_header import HEADER_BYTES, TAG_BYTES

KEY = bytes(range(32))
BLOB = "0190aaaa-0000-7000-8000-000000000001"
SMALL = 1024
SEALED_SMALL = SMALL + TAG_BYTES


class CountingClock(Clock):
    """Random bytes that differ in every call but are the same in every run."""

    def __init__(self) -> None:
        self._random = random.Random(7)

    def random_bytes(self, count: int) -> bytes:
        return self._random.randbytes(count)


CLOCK = CountingClock()


def plain_bytes(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


def seal(
    target: Path, data: bytes, *, blob_id: str = BLOB, chunk: int = SMALL, piece: int = 0, **more
) -> Path:
    with SealedWriter(
        target, submission_key=KEY, blob_id=blob_id, clock=CLOCK, chunk_bytes=chunk, **more
    ) as out:
        for start in range(0, len(data), piece or max(1, len(data))):
            out.write(data[start : start + (piece or len(data))])
        out.finish(expected_size=len(data), expected_sha256=hashlib.sha256(data).hexdigest())
    return target


def unseal(path: Path, size: int, *, blob_id: str = BLOB, key: bytes = KEY) -> bytes:
    file_key = file_key_of(path, submission_key=key, blob_id=blob_id)
    with SealedReader(path, file_key=file_key, size_bytes=size) as reader:
        return reader.readall()


def around_chunk_borders(chunk: int) -> st.SearchStrategy[int]:
    return st.builds(lambda n, d: max(0, n * chunk + d), st.integers(0, 4), st.integers(-2, 2))


DATA = plain_bytes(3 * SMALL + 100)
SEALED_SIZE = HEADER_BYTES + len(DATA) + 4 * TAG_BYTES
