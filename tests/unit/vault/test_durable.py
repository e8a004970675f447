"""Files are forced to disk before they get their name, and the folder after."""

from __future__ import annotations

import hashlib
import os
import stat
import sys
from pathlib import Path

import pytest

from assessor_app.clock import Clock
from assessor_app.vault import durable
from assessor_app.vault.sealed_file import SealedWriter

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at what is given to fsync")


@pytest.fixture
def forced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[int, list[str]]]:
    """What is forced to disk, in order: its inode, and the names in the folder at that moment."""
    seen: list[tuple[int, list[str]]] = []
    real = os.fsync

    def watched(descriptor: int) -> None:
        seen.append((os.fstat(descriptor).st_ino, sorted(os.listdir(tmp_path))))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    return seen


def test_a_small_file_is_forced_named_and_its_folder_forced(
    tmp_path: Path, forced: list[tuple[int, list[str]]]
) -> None:
    target = tmp_path / "key.json"
    durable.write_atomically(target, b"content")
    assert target.read_bytes() == b"content"
    assert forced == [(target.stat().st_ino, ["key.json.tmp"]), (tmp_path.stat().st_ino, ["key.json"])]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


def test_a_sealed_file_is_forced_named_and_its_folder_forced(
    tmp_path: Path, forced: list[tuple[int, list[str]]]
) -> None:
    target = tmp_path / "a"
    with SealedWriter(target, submission_key=bytes(32), blob_id="a", clock=Clock()) as out:
        out.write(b"abc")
        out.finish(expected_size=3, expected_sha256=hashlib.sha256(b"abc").hexdigest())
    assert forced == [(target.stat().st_ino, ["a.part"]), (tmp_path.stat().st_ino, ["a"])]


def test_a_failed_write_changes_nothing(tmp_path: Path) -> None:
    target = tmp_path / "key.json"
    target.mkdir()
    with pytest.raises(OSError, match=r"key\.json"):
        durable.write_atomically(target, b"content")
    assert os.listdir(tmp_path) == ["key.json"]


def test_a_link_planted_at_the_temporary_name_is_not_followed(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_bytes(b"untouched")
    (tmp_path / "key.json.tmp").symlink_to(victim)
    durable.write_atomically(tmp_path / "key.json", b"content")
    assert victim.read_bytes() == b"untouched"
    assert (tmp_path / "key.json").read_bytes() == b"content"
