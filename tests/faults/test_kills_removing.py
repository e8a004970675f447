"""kill -9 before each change that a removal makes: the profile is whole, or what is left is swept unread."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

from assessor_app.clock import Clock
from assessor_app.errors import KeyUnavailable
from assessor_app.services.profiles import REMOVAL_NAME, Profile, find_or_create, listing
from assessor_app.vault import keys
from tests.keychains import use_folder_keychain
from tests.stores import open_store
from tests.ui.desks import CHEAP

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked and killed as on POSIX")
ROOT = Path(__file__).resolve().parents[2]
MOST_STEPS = 60


@pytest.fixture(autouse=True)
def _own_keychain(tmp_path: Path) -> Iterator[None]:
    before = keyring.get_keyring()
    use_folder_keychain(tmp_path / "now/keychain")
    yield
    keyring.set_keyring(before)


def lay(profiles: Path, account: str, passphrase: str | None) -> Profile:
    """A profile with a key, a store, sealed evidence, a copy and something in plain."""
    profile = find_or_create(profiles, "https://one.example.org", account, clock=Clock())
    keys.create_key(profile.folder, profile.id, clock=Clock(), passphrase=passphrase, cost=CHEAP)
    open_store(profile.folder).close()
    for name in ("evidence/ab/abcd", "copies/store-1.db", "plain/x/Artifact 1.docx", "lock"):
        path = profile.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"something")
    return profile


class Remover:
    """The process that removes and dies."""

    def __init__(self, folder: Path, profile_id: str) -> None:
        arguments = [str(folder / "profiles"), str(folder / "keychain"), profile_id]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.removing_child", *arguments],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, step: int) -> int:
        """Remove up to a step, or finish what was left (0); the exit status of it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{step}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def end(self) -> None:
        """No more."""
        self._process.communicate(timeout=20)


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def opens(profile: Profile, passphrase: str | None) -> bool:
    """Whether the key is still to be had."""
    try:
        keys.open_key(profile.folder, profile.id, passphrase=passphrase)
    except KeyUnavailable:
        return False
    return True


@pytest.mark.parametrize("passphrase", [None, "four words nobody guesses"])
def test_a_removal_killed_anywhere_leaves_a_whole_profile_or_nothing_to_read(
    tmp_path: Path, passphrase: str | None
) -> None:
    now, kept = tmp_path / "now", tmp_path / "kept"
    profiles = now / "profiles"
    other = lay(profiles, "bert", None)
    profile = lay(profiles, "anna", passphrase)
    shutil.copytree(now, kept)
    whole, untouched = files(profile.folder), files(other.folder)
    remover = Remover(now, profile.id)
    seen: list[str] = []
    for step in range(1, MOST_STEPS):
        shutil.rmtree(now)
        shutil.copytree(kept, now)
        died = remover.run(step) < 0
        is_marked, has_key = (profile.folder / REMOVAL_NAME).exists(), opens(profile, passphrase)
        seen.append(f"{'marked' if is_marked else 'whole'}, {'key' if has_key else 'no key'}")
        if not is_marked:
            left = files(profile.folder)
            assert has_key, step
            assert whole.items() <= left.items(), step
            assert left.keys() - whole.keys() <= {REMOVAL_NAME + ".tmp"}
        if whole.keys() - files(profile.folder).keys():
            # The key goes first: from then on nothing that is left can be read.
            assert not has_key, step
        assert remover.run(0) == 0
        assert sorted(line.id for line in listing(profiles)) == sorted(
            [
                *([] if is_marked else [profile.id]),
                other.id,
            ]
        ), step
        assert profile.folder.exists() is not is_marked
        assert (now / "keychain" / profile.id).exists() is (passphrase is None and not is_marked)
        assert files(other.folder) == untouched
        assert opens(other, None)
        if not died:
            break
    remover.end()
    assert seen[0] == "whole, key"
    assert "marked, key" in seen
    assert seen[-1] == "marked, no key"
    assert len(seen) > len(whole)
