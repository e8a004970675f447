"""Sealed evidence files: round trips, random access, and what writing leaves on the disk."""

from __future__ import annotations

import hashlib
import io
import os
import random
import stat
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessor_app.errors import SealDamaged
from assessor_app.vault.derivation import hkdf_sha256
from assessor_app.vault.sealed_file import (
    CHUNK_BYTES,
    Algorithm,
    SealedReader,
    SealedWriter,
    derive_file_key,
    file_key_of,
)
from assessor_app.vault.sealed_header import HEADER_BYTES, TAG_BYTES, SealedHeader
from tests.unit.vault.sealing import (
    BLOB,
    CLOCK,
    DATA,
    KEY,
    SMALL,
    around_chunk_borders,
    plain_bytes,
    seal,
    unseal,
)

MARK = b"PLANTED-LEARNER-SENTENCE"

# --- round trips -----------------------------------------------------------------------------


@pytest.mark.parametrize("algorithm", list(Algorithm))
@pytest.mark.parametrize(
    "size", [0, 1, CHUNK_BYTES - 1, CHUNK_BYTES, CHUNK_BYTES + 1, 2 * CHUNK_BYTES, 40 * CHUNK_BYTES + 5]
)
def test_what_was_written_is_read(tmp_path: Path, size: int, algorithm: Algorithm) -> None:
    data = plain_bytes(size)
    path = seal(tmp_path / "a", data, chunk=CHUNK_BYTES, algorithm=algorithm)
    assert unseal(path, size) == data
    chunks = max(1, -(-size // CHUNK_BYTES))
    assert path.stat().st_size == HEADER_BYTES + size + chunks * TAG_BYTES
    assert os.listdir(tmp_path) == ["a"]


@settings(max_examples=60, deadline=None)
@given(size=around_chunk_borders(SMALL) | st.integers(0, 5 * SMALL), piece=st.integers(1, 3 * SMALL))
def test_round_trip_in_any_pieces(size: int, piece: int) -> None:
    data = plain_bytes(size)
    with tempfile.TemporaryDirectory() as folder:
        path = seal(Path(folder, "a"), data, piece=piece)
        assert unseal(path, size) == data


@settings(max_examples=40, deadline=None)
@given(
    size=around_chunk_borders(SMALL),
    reads=st.lists(st.tuples(st.integers(0, 5 * SMALL), st.integers(0, 5 * SMALL)), max_size=12),
)
def test_read_at_gives_the_same_as_the_plain_bytes(size: int, reads: list[tuple[int, int]]) -> None:
    data = plain_bytes(size)
    with tempfile.TemporaryDirectory() as folder:
        path = seal(Path(folder, "a"), data)
        key = file_key_of(path, submission_key=KEY, blob_id=BLOB)
        with SealedReader(path, file_key=key, size_bytes=size) as reader:
            for offset, count in reads:
                assert reader.read_at(offset, count) == data[offset : offset + count]


def test_the_reader_is_a_stream(tmp_path: Path) -> None:
    data = plain_bytes(5 * SMALL + 17)
    path = seal(tmp_path / "a", data)
    key = file_key_of(path, submission_key=KEY, blob_id=BLOB)
    reader = SealedReader(path, file_key=key, size_bytes=len(data))
    assert reader.readable()
    assert reader.seekable()
    assert reader.size_bytes == len(data)
    with io.BufferedReader(reader, 300) as stream:
        assert stream.read(1500) == data[:1500]
        assert stream.seek(-10, io.SEEK_END) == len(data) - 10
        assert stream.read() == data[-10:]
        assert stream.seek(100) == 100
        assert stream.seek(5, io.SEEK_CUR) == 105
        assert stream.read(4000) == data[105:4105]
    assert reader.closed
    with pytest.raises(ValueError, match="closed"):
        reader.read_at(0, 10)


def test_positions_that_do_not_exist_are_refused(tmp_path: Path) -> None:
    path = seal(tmp_path / "a", b"abc")
    with SealedReader(
        path, file_key=file_key_of(path, submission_key=KEY, blob_id=BLOB), size_bytes=3
    ) as reader:
        for offset, count in ((-1, 1), (0, -1)):
            with pytest.raises(ValueError, match="negative"):
                reader.read_at(offset, count)
        for offset, whence in ((-1, 0), (-4, 2), (0, 9)):
            with pytest.raises(ValueError, match="position"):
                reader.seek(offset, whence)
        assert reader.seek(50) == 50
        assert reader.read() == b""
        assert reader.read(5) == b""
        assert reader.read_at(3, 1) == b""


def test_four_threads_read_at_once(tmp_path: Path) -> None:
    data = plain_bytes(64 * SMALL + 3)
    path = seal(tmp_path / "a", data)
    key = file_key_of(path, submission_key=KEY, blob_id=BLOB)

    with SealedReader(path, file_key=key, size_bytes=len(data)) as reader:

        def read_much(seed: int) -> int:
            chance = random.Random(seed)
            wrong = 0
            for _ in range(400):
                offset, count = chance.randrange(len(data)), chance.randrange(3 * SMALL)
                wrong += reader.read_at(offset, count) != data[offset : offset + count]
            return wrong

        with ThreadPoolExecutor(4) as pool:
            assert list(pool.map(read_much, range(4))) == [0, 0, 0, 0]


def test_closing_while_others_read_gives_no_foreign_bytes(tmp_path: Path) -> None:
    data = plain_bytes(64 * SMALL)
    path = seal(tmp_path / "a", data)
    reader = SealedReader(
        path, file_key=file_key_of(path, submission_key=KEY, blob_id=BLOB), size_bytes=len(data)
    )

    def read_until_closed(_: int) -> str:
        chance = random.Random(3)
        while True:
            offset = chance.randrange(len(data))
            try:
                assert reader.read_at(offset, SMALL) == data[offset : offset + SMALL]
            except ValueError as error:
                return str(error)

    with ThreadPoolExecutor(3) as pool:
        answers = pool.map(read_until_closed, range(3))
        reader.close()
        assert list(answers) == ["the sealed file is closed"] * 3


# --- keys and header -------------------------------------------------------------------------


def test_every_file_has_its_own_key_and_salt(tmp_path: Path) -> None:
    paths = [seal(tmp_path / name, DATA) for name in "abc"]
    keys = {file_key_of(path, submission_key=KEY, blob_id=BLOB) for path in paths}
    assert len(keys) == 3
    assert KEY not in keys
    header = paths[0].read_bytes()[:HEADER_BYTES]
    salt = SealedHeader.parse(header).salt
    assert derive_file_key(KEY, BLOB, header) == hkdf_sha256(KEY, salt=salt, info=header + BLOB.encode())


def test_keys_and_chunk_sizes_that_cannot_be_are_refused(tmp_path: Path) -> None:
    header = SealedHeader(Algorithm.AES_256_GCM, SMALL, bytes(32)).to_bytes()
    with pytest.raises(ValueError, match="32 bytes"):
        derive_file_key(b"short", BLOB, header)
    for size in (1000, 512, 1 << 21):
        with pytest.raises(ValueError, match="power of two"):
            SealedHeader(Algorithm.AES_256_GCM, size, bytes(32)).to_bytes()
    with pytest.raises(SealDamaged):
        SealedHeader.parse(header[:-1])


# --- writing ---------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX modes")
def test_only_this_user_can_read_the_file(tmp_path: Path) -> None:
    path = seal(tmp_path / "a", b"abc")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("wrong", ["size", "digest"])
def test_a_lie_about_size_or_digest_leaves_nothing(tmp_path: Path, wrong: str) -> None:
    digest = hashlib.sha256(b"other" if wrong == "digest" else DATA).hexdigest()
    with SealedWriter(tmp_path / "a", submission_key=KEY, blob_id=BLOB, clock=CLOCK) as out:
        out.write(DATA)
        with pytest.raises(SealDamaged, match="safe"):
            out.finish(expected_size=len(DATA) + (wrong == "size"), expected_sha256=digest)
        with pytest.raises(ValueError, match="closed"):
            out.write(b"more")
    assert os.listdir(tmp_path) == []


def test_an_older_file_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = seal(tmp_path / "a", b"old")
    with SealedWriter(path, submission_key=KEY, blob_id=BLOB, clock=CLOCK) as out:
        out.write(b"half")
    assert unseal(path, 3) == b"old"
    assert sorted(os.listdir(tmp_path)) == ["a", "a.part"]
    seal(path, b"newer")
    assert unseal(path, 5) == b"newer"
    assert os.listdir(tmp_path) == ["a"]


def test_plaintext_is_never_on_the_disk(tmp_path: Path) -> None:
    data = MARK * 500
    with SealedWriter(
        tmp_path / "a", submission_key=KEY, blob_id=BLOB, clock=CLOCK, chunk_bytes=SMALL
    ) as out:
        for start in range(0, len(data), 700):
            out.write(data[start : start + 700])
            assert MARK[:8] not in b"".join(p.read_bytes() for p in tmp_path.iterdir())
        out.finish(expected_size=len(data), expected_sha256=hashlib.sha256(data).hexdigest())
    found = b"".join(p.read_bytes() for p in tmp_path.iterdir())
    assert MARK[:8] not in found
    assert KEY not in found
    assert file_key_of(tmp_path / "a", submission_key=KEY, blob_id=BLOB) not in found
