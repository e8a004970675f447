"""Removing a profile: nothing of it is left, nothing of another is touched, and a refusal removes nothing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest

import assessor_app
from assessor_app.clock import Clock
from assessor_app.errors import KeyUnavailable, StoreError
from assessor_app.services import wiping
from assessor_app.services.profiles import REMOVAL_NAME, Profile, find_or_create, listing
from assessor_app.vault import keys
from tests.keychains import FolderKeychain, use_folder_keychain
from tests.stores import open_store

APP = Path(assessor_app.__file__).parent
MAY_REMOVE = {
    "desk/leaving.py": {"wipe"},
    "desk/account_list.py": {"sweep"},
}
"""Who removes a profile: what the person asked for in a dialog, and what finishes it at the next start."""


@pytest.fixture
def keychain(tmp_path: Path) -> Iterator[FolderKeychain]:
    before = keyring.get_keyring()
    yield use_folder_keychain(tmp_path / "keychain")
    keyring.set_keyring(before)


def lay(profiles: Path, account: str) -> Profile:
    profile = find_or_create(profiles, "https://one.example.org", account, clock=Clock())
    keys.create_key(profile.folder, profile.id, clock=Clock(), passphrase=None)
    open_store(profile.folder).close()
    return profile


def test_a_locked_keychain_keeps_everything(tmp_path: Path, keychain: FolderKeychain) -> None:
    profile = lay(tmp_path / "profiles", "anna")
    keychain.locked = True
    with pytest.raises(KeyUnavailable, match="locked"):
        wiping.wipe(profile.folder, profile.id)
    keychain.locked = False
    assert not (profile.folder / REMOVAL_NAME).exists()
    keys.open_key(profile.folder, profile.id, passphrase=None)
    assert [line.profile for line in listing(tmp_path / "profiles")] == [profile]


def test_where_the_mark_cannot_be_written_nothing_goes_and_the_next_start_takes_the_others(
    tmp_path: Path, keychain: FolderKeychain
) -> None:
    profile, other = (lay(tmp_path / "profiles", name) for name in ("anna", "bert"))
    in_the_way = profile.folder / REMOVAL_NAME
    in_the_way.mkdir()
    (in_the_way / "held").touch()
    with pytest.raises(StoreError, match="cannot be removed"):
        wiping.wipe(profile.folder, profile.id)
    (other.folder / REMOVAL_NAME).touch()
    assert wiping.sweep(tmp_path / "profiles") == 1
    assert not other.folder.exists()
    assert (profile.folder / "store.db").exists()
    keys.open_key(profile.folder, profile.id, passphrase=None)


def test_a_link_out_of_the_folder_is_taken_away_and_never_followed(
    tmp_path: Path, keychain: FolderKeychain
) -> None:
    profile, other = lay(tmp_path / "profiles", "anna"), lay(tmp_path / "profiles", "bert")
    (profile.folder / "evidence" / "link").symlink_to(other.folder)
    (profile.folder / "plain").symlink_to(other.folder / "evidence")
    assert wiping.wipe(profile.folder, profile.id)
    assert wiping.sweep(tmp_path / "profiles") == 0
    assert not profile.folder.exists()
    assert (other.folder / "store.db").exists()
    assert (other.folder / "evidence").is_dir()
    assert keychain.names() == [other.id]


def test_what_another_program_holds_is_taken_at_a_later_start(
    tmp_path: Path, keychain: FolderKeychain, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = lay(tmp_path / "profiles", "anna")
    unlink = Path.unlink

    def held(path: Path, missing_ok: bool = False) -> None:
        if path.name == "store.db":
            raise PermissionError("another program has it")
        unlink(path, missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", held)
        assert not wiping.wipe(profile.folder, profile.id)
        assert wiping.sweep(tmp_path / "profiles") == 1
    assert keychain.names() == []
    assert listing(tmp_path / "profiles") == ()
    assert wiping.sweep(tmp_path / "profiles") == 0
    assert not profile.folder.exists()


def test_nothing_but_the_persons_own_word_removes_a_profile() -> None:
    """No answer of a platform can reach it: neither sync nor a verb of the sync imports it."""
    uses: dict[str, set[str]] = {}
    for path in APP.rglob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
        imports = (node for node in nodes if isinstance(node, ast.Import | ast.ImportFrom))
        if any("wiping" in ast.unparse(node) for node in imports):
            uses[path.relative_to(APP).as_posix()] = {
                node.attr
                for node in nodes
                if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "wiping"
            }
    assert uses == MAY_REMOVE
