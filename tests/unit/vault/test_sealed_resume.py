"""Sealed evidence files: an interrupted download goes on, and never under a used nonce."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessor_app.errors import DiskFull, SealDamaged
from assessor_app.vault.sealed_file import (
    SealedWriter,
)
from assessor_app.vault.sealed_header import HEADER_BYTES
from tests.unit.vault.sealing import (
    BLOB,
    CLOCK,
    DATA,
    KEY,
    SEALED_SIZE,
    SEALED_SMALL,
    SMALL,
    around_chunk_borders,
    plain_bytes,
    seal,
    unseal,
)


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
