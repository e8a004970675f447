"""Sealed evidence files: every kind of tampering is noticed."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest

from assessor_app.errors import SealDamaged
from assessor_app.vault.sealed_file import (
    SealedReader,
    file_key_of,
)
from assessor_app.vault.sealed_header import HEADER_BYTES, TAG_BYTES
from tests.unit.vault.sealing import BLOB, DATA, KEY, SEALED_SIZE, SEALED_SMALL, SMALL, seal, unseal


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


@pytest.mark.parametrize("left", [5, 500])
def test_a_file_cut_while_it_is_open_is_noticed(tmp_path: Path, left: int) -> None:
    path = seal(tmp_path / "a", DATA)
    key = file_key_of(path, submission_key=KEY, blob_id=BLOB)
    with SealedReader(path, file_key=key, size_bytes=len(DATA)) as reader:
        os.truncate(path, HEADER_BYTES + SEALED_SMALL + left)
        for offset, count in ((SMALL, 10), (SMALL, SMALL), (0, len(DATA))):
            with pytest.raises(SealDamaged):
                reader.read_at(offset, count)


def test_a_missing_file_is_damage_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(SealDamaged, match="safe"):
        file_key_of(tmp_path / "none", submission_key=KEY, blob_id=BLOB)
    with pytest.raises(SealDamaged):
        SealedReader(tmp_path / "none", file_key=KEY, size_bytes=1)
