"""Sealed evidence files: round trips, random access, and every kind of tampering."""

from __future__ import annotations

import hashlib
import io
import os
import random
import stat
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessor_app.clock import Clock
from assessor_app.errors import DiskFull, SealDamaged
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

KEY = bytes(range(32))
BLOB = "0190aaaa-0000-7000-8000-000000000001"
SMALL = 1024
SEALED_SMALL = SMALL + TAG_BYTES
MARK = b"PLANTED-LEARNER-SENTENCE"


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


# --- tampering -------------------------------------------------------------------------------

DATA = plain_bytes(3 * SMALL + 100)
SEALED_SIZE = HEADER_BYTES + len(DATA) + 4 * TAG_BYTES


def sampled_offsets() -> list[int]:
    """Every header byte, and in each chunk its ends, some middle bytes and all of its tag."""
    offsets = list(range(HEADER_BYTES))
    chance = random.Random(5)
    for index in range(4):
        start = HEADER_BYTES + index * SEALED_SMALL
        end = min(start + SEALED_SMALL, SEALED_SIZE)
        offsets += [start, start + 1, *(chance.randrange(start, end - TAG_BYTES) for _ in range(20))]
        offsets += range(end - TAG_BYTES, end)
    return offsets


def refuses(path: Path, raw: bytes, size: int = len(DATA)) -> bool:
    path.write_bytes(raw)
    try:
        unseal(path, size)
    except SealDamaged:
        return True
    return False


def test_every_flipped_bit_is_noticed(tmp_path: Path) -> None:
    path = seal(tmp_path / "a", DATA)
    raw = path.read_bytes()
    assert len(raw) == SEALED_SIZE
    missed = []
    for offset in sampled_offsets():
        changed = bytearray(raw)
        changed[offset] ^= 1 << (offset % 8)
        if not refuses(path, bytes(changed)):
            missed.append(offset)
    assert missed == []
    assert not refuses(path, raw)


def test_every_truncation_is_noticed_even_if_the_size_is_wrong_too(tmp_path: Path) -> None:
    path = seal(tmp_path / "a", DATA)
    raw = path.read_bytes()
    borders = [HEADER_BYTES + n * SEALED_SMALL for n in range(4)]
    for length in {0, 1, HEADER_BYTES - 1, *borders, *(b + 1 for b in borders), len(raw) - 1}:
        assert refuses(path, raw[:length]), length
    for count, length in enumerate(borders):
        # The database's size was changed to match: the last chunk left is not sealed as last.
        assert refuses(path, raw[:length], size=count * SMALL), count


def test_appended_swapped_and_repeated_chunks_are_noticed(tmp_path: Path) -> None:
    path = seal(tmp_path / "a", DATA)
    raw = path.read_bytes()
    header, body = raw[:HEADER_BYTES], raw[HEADER_BYTES:]
    chunks = [body[n : n + SEALED_SMALL] for n in range(0, len(body), SEALED_SMALL)]
    assert refuses(path, raw + b"x")
    assert refuses(path, raw + chunks[3])
    assert refuses(path, raw + chunks[3], size=len(DATA) + 100)
    for order in ([1, 0, 2, 3], [0, 2, 1, 3], [0, 0, 2, 3], [0, 1, 1, 3]):
        assert refuses(path, header + b"".join(chunks[n] for n in order)), order
    assert refuses(path, header + b"".join([*chunks[:3], chunks[2], chunks[3]]), size=len(DATA) + SMALL)
    assert refuses(path, header + b"".join([chunks[1], chunks[2], chunks[3]]), size=len(DATA) - SMALL)


def test_chunks_of_another_file_with_the_same_key_are_noticed(tmp_path: Path) -> None:
    one = seal(tmp_path / "a", DATA).read_bytes()
    other = seal(tmp_path / "b", DATA).read_bytes()
    assert refuses(tmp_path / "a", one[: HEADER_BYTES + SEALED_SMALL] + other[HEADER_BYTES + SEALED_SMALL :])
    assert refuses(tmp_path / "a", one[:HEADER_BYTES] + other[HEADER_BYTES:])


def test_another_id_or_another_key_opens_nothing(tmp_path: Path) -> None:
    for size in (0, len(DATA)):
        path = seal(tmp_path / "a", DATA[:size])
        with pytest.raises(SealDamaged):
            unseal(path, size, blob_id=BLOB + "x")
        with pytest.raises(SealDamaged):
            unseal(path, size, key=bytes(32))


def test_an_empty_file_is_verified_at_opening(tmp_path: Path) -> None:
    path = seal(tmp_path / "a", b"")
    raw = path.read_bytes()
    for offset in range(HEADER_BYTES, len(raw)):
        changed = bytearray(raw)
        changed[offset] ^= 4
        assert refuses(path, bytes(changed), size=0)


def test_damage_shows_only_where_it_is(tmp_path: Path) -> None:
    path = seal(tmp_path / "a", DATA)
    raw = bytearray(path.read_bytes())
    raw[HEADER_BYTES + 2 * SEALED_SMALL + 9] ^= 1
    path.write_bytes(raw)
    key = file_key_of(path, submission_key=KEY, blob_id=BLOB)
    with SealedReader(path, file_key=key, size_bytes=len(DATA)) as reader:
        assert reader.read_at(0, 2 * SMALL) == DATA[: 2 * SMALL]
        with pytest.raises(SealDamaged, match="safe"):
            reader.read_at(2 * SMALL, 1)
        assert reader.read_at(3 * SMALL, 100) == DATA[3 * SMALL :]


def test_a_file_cut_while_it_is_open_is_noticed(tmp_path: Path) -> None:
    path = seal(tmp_path / "a", DATA)
    key = file_key_of(path, submission_key=KEY, blob_id=BLOB)
    with SealedReader(path, file_key=key, size_bytes=len(DATA)) as reader:
        os.truncate(path, HEADER_BYTES + SEALED_SMALL + 5)
        with pytest.raises(SealDamaged):
            reader.read_at(SMALL, 10)


def test_a_missing_file_is_damage_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SealDamaged, match="safe"):
        file_key_of(tmp_path / "none", submission_key=KEY, blob_id=BLOB)
    with pytest.raises(SealDamaged):
        SealedReader(tmp_path / "none", file_key=KEY, size_bytes=1)


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


def test_a_full_disk_is_said_and_loses_no_whole_chunk(tmp_path: Path) -> None:
    resource = pytest.importorskip("resource", reason="file size limits are POSIX")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    out = SealedWriter(tmp_path / "a", submission_key=KEY, blob_id=BLOB, clock=CLOCK, chunk_bytes=SMALL)
    resource.setrlimit(resource.RLIMIT_FSIZE, (HEADER_BYTES + 2 * SEALED_SMALL + 50, hard))
    try:
        with pytest.raises(DiskFull, match="safe"):
            out.write(DATA)
        out.abort()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (tmp_path / "a.part").stat().st_size == HEADER_BYTES + 2 * SEALED_SMALL
    assert finish_from_where_it_stopped(tmp_path / "a") == 2 * SMALL


# --- resuming --------------------------------------------------------------------------------


def finish_from_where_it_stopped(target: Path, data: bytes = DATA) -> int:
    """Resume, send the rest, finish, compare; returns how much needed no second download."""
    with SealedWriter(
        target, submission_key=KEY, blob_id=BLOB, clock=CLOCK, resume=True, chunk_bytes=SMALL
    ) as out:
        resumed = out.resumed_bytes
        assert out.received_bytes == resumed
        out.write(data[resumed:])
        out.finish(expected_size=len(data), expected_sha256=hashlib.sha256(data).hexdigest())
    assert unseal(target, len(data)) == data
    assert os.listdir(target.parent) == [target.name]
    return resumed


def interrupted(target: Path, received: int, data: bytes = DATA) -> bytes:
    """Leave a `.part` behind as a lost connection does; returns its bytes."""
    with SealedWriter(target, submission_key=KEY, blob_id=BLOB, clock=CLOCK, chunk_bytes=SMALL) as out:
        out.write(data[:received])
    return target.with_name(target.name + ".part").read_bytes()


@settings(max_examples=60, deadline=None)
@given(received=st.integers(0, len(DATA)) | around_chunk_borders(SMALL).map(lambda n: min(n, len(DATA))))
def test_an_interrupted_download_goes_on_at_the_last_whole_chunk(received: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "a")
        interrupted(target, received)
        assert finish_from_where_it_stopped(target) == received // SMALL * SMALL


@settings(max_examples=80, deadline=None)
@given(cut=st.integers(0, SEALED_SIZE))
def test_a_part_cut_at_any_byte_is_resumed(cut: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "a")
        sealed = seal(target, DATA).read_bytes()
        target.unlink()
        Path(folder, "a.part").write_bytes(sealed[:cut])
        expected = len(DATA) if cut == SEALED_SIZE else max(0, cut - HEADER_BYTES) // SEALED_SMALL * SMALL
        assert finish_from_where_it_stopped(target) == expected


@settings(max_examples=60, deadline=None)
@given(offset=st.integers(0, HEADER_BYTES + 3 * SEALED_SMALL - 1), bit=st.integers(0, 7))
def test_a_damaged_part_keeps_only_what_verifies(offset: int, bit: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "a")
        part = bytearray(interrupted(target, len(DATA)))
        part[offset] ^= 1 << bit
        Path(folder, "a.part").write_bytes(part)
        good = max(0, offset - HEADER_BYTES) // SEALED_SMALL * SMALL
        assert finish_from_where_it_stopped(target) == good


def test_many_interruptions_cost_less_than_a_chunk_each(tmp_path: Path) -> None:
    data = plain_bytes(50 * SMALL + 9)
    sent = 0
    received = 0
    while received < len(data):
        with SealedWriter(
            tmp_path / "a", submission_key=KEY, blob_id=BLOB, clock=CLOCK, resume=True, chunk_bytes=SMALL
        ) as out:
            piece = data[out.resumed_bytes : out.resumed_bytes + 2500]
            sent += len(piece)
            out.write(piece)
            received = out.received_bytes
    assert sent < len(data) * 1.4
    finish_from_where_it_stopped(tmp_path / "a", data)


def test_a_clean_part_is_continued_in_place_and_a_torn_one_under_a_new_salt(tmp_path: Path) -> None:
    def salt_after(tail: bytes) -> tuple[bytes, bytes]:
        before = interrupted(tmp_path / "a", 2 * SMALL + 1) + tail
        (tmp_path / "a.part").write_bytes(before)
        finish_from_where_it_stopped(tmp_path / "a")
        after = (tmp_path / "a").read_bytes()
        (tmp_path / "a").unlink()
        return before[:HEADER_BYTES], after[:HEADER_BYTES]

    before, after = salt_after(b"")
    assert before == after
    before, after = salt_after(b"torn chunk")
    assert before != after


def test_no_nonce_is_used_for_two_plaintexts(tmp_path: Path) -> None:
    """A platform that sends other bytes after an interruption must not get a key stream twice."""
    sealed = seal(tmp_path / "a", DATA).read_bytes()
    (tmp_path / "a").unlink()
    (tmp_path / "a.part").write_bytes(sealed)
    longer = DATA + b"one byte more, sealed under the number of the old last chunk"
    finish_from_where_it_stopped(tmp_path / "a", longer)
    assert (tmp_path / "a").read_bytes()[:HEADER_BYTES] != sealed[:HEADER_BYTES]


def test_a_part_of_another_file_or_key_is_not_taken_over(tmp_path: Path) -> None:
    with SealedWriter(
        tmp_path / "a", submission_key=KEY, blob_id="other", clock=CLOCK, chunk_bytes=SMALL
    ) as out:
        out.write(DATA)
    assert finish_from_where_it_stopped(tmp_path / "a") == 0


def test_a_resumed_part_is_hashed_again(tmp_path: Path) -> None:
    interrupted(tmp_path / "a", 2 * SMALL, b"x" * len(DATA))
    with SealedWriter(
        tmp_path / "a", submission_key=KEY, blob_id=BLOB, clock=CLOCK, resume=True, chunk_bytes=SMALL
    ) as out:
        assert out.resumed_bytes == 2 * SMALL
        out.write(DATA[out.resumed_bytes :])
        with pytest.raises(SealDamaged):
            out.finish(expected_size=len(DATA), expected_sha256=hashlib.sha256(DATA).hexdigest())
    assert finish_from_where_it_stopped(tmp_path / "a") == 0


def test_a_copy_left_by_a_crash_during_resuming_is_swept(tmp_path: Path) -> None:
    (tmp_path / "a.part.old").write_bytes(b"left behind")
    assert finish_from_where_it_stopped(tmp_path / "a") == 0


def test_a_killed_download_is_resumed(tmp_path: Path) -> None:
    """A real process dies by SIGKILL in the middle of writing; what it had written is used."""
    program = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from assessor_app.clock import Clock\n"
        "from assessor_app.vault.sealed_file import SealedWriter\n"
        "out = SealedWriter(Path(sys.argv[1]), submission_key=bytes(range(32)), blob_id=sys.argv[2],\n"
        "    clock=Clock(), chunk_bytes=1024)\n"
        "out.write(sys.stdin.buffer.read())\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path / "a"), BLOB],
        input=DATA[:2500],
        check=False,
        cwd=Path(__file__).parents[3],
    )
    assert done.returncode != 0
    assert finish_from_where_it_stopped(tmp_path / "a") == 2 * SMALL
