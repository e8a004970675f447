"""A profile's master key: making it, opening it, and what is derived from it.

The master key is 32 random bytes. It lives in the system's keychain (`keychain`), or wrapped by a
passphrase in `key.json` (`key_file`) where no trusted keychain is there or a passphrase is wished
for. A printed recovery code opens the profile when both fail. Opening may take half a second or wait
for a system dialog: call from a lane.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import NoReturn

from assessor_app.clock import Clock
from assessor_app.errors import KeyUnavailable, WrongPassphrase
from assessor_app.vault import key_file, keychain
from assessor_app.vault import recovery_code as code_words
from assessor_app.vault.derivation import KEY_BYTES, hkdf_sha256
from assessor_app.vault.key_file import KeyFile, KeyKind, WrapCost

__all__ = [
    "KEY_BYTES",
    "KeyStatus",
    "MasterKey",
    "WrapCost",
    "create_key",
    "database_check",
    "forget_key",
    "keep_key",
    "key_status",
    "keyring_usable",
    "open_key",
    "open_with_recovery_code",
    "opens_silently",
    "recovery_code",
]

_STORE_NAME = "store.db"


@dataclass(frozen=True, slots=True)
class MasterKey:
    """One profile's master key; never shown, logged or sent to another process.

    Attributes:
        secret: the 32 bytes; left out of `repr`.
    """

    secret: bytes = field(repr=False)

    def __post_init__(self) -> None:
        """Refuse anything but 32 bytes."""
        if len(self.secret) != KEY_BYTES:
            raise ValueError(f"a master key has {KEY_BYTES} bytes")

    def __reduce__(self) -> NoReturn:
        """Refuse to be pickled: workers get the key of one file only."""
        raise TypeError("a master key does not leave its process")

    def database_key(self) -> bytes:
        """The raw key of the encrypted database, 32 bytes."""
        return hkdf_sha256(self.secret, salt=b"", info=b"assessor database v1")


class KeyStatus(StrEnum):
    """What a profile folder says about its key."""

    NEW = "new"
    KEYRING = "keyring"
    PASSPHRASE = "passphrase"


def key_status(folder: Path) -> KeyStatus:
    """Look at `key.json` only; fast, and imports neither `keyring` nor `cryptography`.

    Args:
        folder: the profile folder; need not exist.

    Raises:
        KeyUnavailable: the file is damaged or of a newer version.
    """
    content = key_file.read(folder)
    return KeyStatus.NEW if content is None else KeyStatus(content.kind.value)


def keyring_usable() -> bool:
    """Whether the system has a trusted keychain; imports `keyring`, so ask only when it matters."""
    return keychain.is_usable()


def opens_silently(folder: Path, passphrase: str | None) -> bool:
    """Whether `open_key` would ask nobody for anything.

    Raises:
        KeyUnavailable: the key file is damaged.
    """
    status = key_status(folder)
    return (status is KeyStatus.KEYRING and keychain.answers_silently()) or (
        status is KeyStatus.PASSPHRASE and bool(passphrase)
    )


def create_key(
    folder: Path, profile_id: str, *, clock: Clock, passphrase: str | None, cost: WrapCost | None = None
) -> MasterKey:
    """Make the master key of a new profile and keep it.

    Args:
        folder: the profile folder; made if it does not exist, readable by this user only.
        profile_id: UUID of the profile.
        clock: gives the randomness.
        passphrase: wraps the key in `key.json`; None keeps it in the system's keychain.
        cost: what trying one passphrase shall cost; None for the preset.

    Raises:
        KeyUnavailable: the profile already has a key or a store, or no trusted keychain keeps it.
        ValueError: an empty passphrase, or a cost out of bounds.
        OSError: the folder cannot be written.
    """
    if key_file.read(folder) is not None or (folder / _STORE_NAME).exists():
        raise KeyUnavailable(
            "This profile already has a store",
            "A new key would make it unreadable, so none was made. Your work is safe.",
            "Open the profile with its key or its recovery code, or restore key.json from a backup.",
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    master = MasterKey(clock.random_bytes(KEY_BYTES))
    keep_key(folder, profile_id, master, clock=clock, passphrase=passphrase, cost=cost)
    return master


def keep_key(
    folder: Path,
    profile_id: str,
    master: MasterKey,
    *,
    clock: Clock,
    passphrase: str | None,
    cost: WrapCost | None = None,
) -> None:
    """Keep an open key in a new way: another passphrase, or the keychain instead; also after recovery.

    Args:
        folder: the profile folder.
        profile_id: UUID of the profile.
        master: the profile's key.
        clock: gives the randomness.
        passphrase: wraps the key in `key.json`; None keeps it in the system's keychain.
        cost: what trying one passphrase shall cost; None for the preset.

    Raises:
        KeyUnavailable: the key is not this profile's, or no trusted keychain keeps it.
        ValueError: an empty passphrase, or a cost out of bounds.
        OSError: the folder cannot be written; the key is kept as before.
    """
    before = _readable_key_file(folder)
    if before is not None:
        _check(before, profile_id, master)
    check = database_check(master)
    if passphrase is None:
        keychain.save(profile_id, master.secret)
        key_file.write(folder, KeyFile(KeyKind.KEYRING, profile_id, check))
        return
    content = key_file.wrap(
        master.secret,
        profile_id=profile_id,
        database_check=check,
        passphrase=passphrase,
        clock=clock,
        cost=cost or WrapCost(),
    )
    key_file.write(folder, content)
    if before is not None and before.kind is KeyKind.KEYRING:
        # An entry that the keychain will not give up now is no use without this user's account.
        with contextlib.suppress(KeyUnavailable):
            keychain.forget(profile_id)


def open_key(folder: Path, profile_id: str, *, passphrase: str | None) -> MasterKey:
    """Open a profile's master key and check that it is the right one.

    A key that this returns is the store's: if the store then does not open, the store is damaged.

    Args:
        folder: the profile folder.
        profile_id: UUID of the profile.
        passphrase: as typed; None for a key in the keychain.

    Raises:
        WrongPassphrase: the passphrase does not unwrap the key.
        KeyUnavailable: no key file, a damaged one, another profile's, or the keychain has no key.
    """
    content = key_file.read(folder)
    if content is None:
        raise KeyUnavailable(
            "The key file of this profile is missing",
            "The store cannot be opened without it. Your work is safe: it stays encrypted on this computer.",
            "Restore key.json from a backup, or open the profile with its recovery code.",
        )
    if content.profile_id != profile_id:
        raise _of_another_profile()
    if content.kind is KeyKind.KEYRING:
        master = MasterKey(keychain.load(profile_id))
    elif passphrase:
        master = MasterKey(key_file.unwrap(content, passphrase))
    else:
        raise WrongPassphrase(
            "This profile needs its passphrase",
            "Nothing was changed and your work is safe.",
            "Type the passphrase, or use the recovery code.",
        )
    _check(content, profile_id, master)
    return master


def forget_key(folder: Path, profile_id: str) -> None:
    """Throw a profile's key away for good: without the recovery code its store can never be read again.

    Args:
        folder: the profile folder.
        profile_id: UUID of the profile.

    Raises:
        KeyUnavailable: the keychain does not give the entry up; nothing was deleted.
    """
    content = _readable_key_file(folder)
    if content is None:
        # A damaged or missing file does not say where the key is.
        with contextlib.suppress(KeyUnavailable):
            keychain.forget(profile_id)
    elif content.kind is KeyKind.KEYRING:
        keychain.forget(profile_id)
    (folder / key_file.FILE_NAME).unlink(missing_ok=True)


def database_check(master: MasterKey) -> str:
    """A keyed value that tells a wrong key from a damaged database header, which look the same.

    Returns:
        64 hexadecimal digits that say nothing about the key; kept in `key.json`.
    """
    key = hkdf_sha256(master.secret, salt=b"", info=b"assessor database check v1")
    return hmac.new(key, b"assessor store", hashlib.sha256).hexdigest()


def recovery_code(master: MasterKey) -> str:
    """The code to print at set-up, 14 groups of four; whoever has it can open the store."""
    return code_words.encode(master.secret)


def open_with_recovery_code(folder: Path, profile_id: str, code: str) -> MasterKey:
    """Open a profile by its printed code; then call `keep_key` with a new passphrase or the keychain.

    Works without `key.json` too, or with a damaged one; then only the store itself can tell whether
    the code is of this profile.

    Args:
        folder: the profile folder.
        profile_id: UUID of the profile.
        code: as typed; case, spaces and hyphens do not matter.

    Raises:
        WrongPassphrase: a typing mistake, or the code of another profile.
    """
    secret = code_words.decode(code)
    if secret is None:
        raise WrongPassphrase(
            "This recovery code has a typing mistake",
            "It has 14 groups of four letters and digits. Nothing was changed and your work is safe.",
            "Compare it with the printed code, group by group.",
        )
    master = MasterKey(secret)
    content = _readable_key_file(folder)
    if content is not None and not hmac.compare_digest(content.database_check, database_check(master)):
        raise WrongPassphrase(
            "This recovery code belongs to another profile",
            "It is a valid code, but not this profile's. Nothing was changed and your work is safe.",
            "Look for the code that was printed when this profile was set up.",
        )
    if content is not None and content.profile_id != profile_id:
        raise _of_another_profile()
    return master


def _readable_key_file(folder: Path) -> KeyFile | None:
    """The key file, or None if it is missing or damaged."""
    try:
        return key_file.read(folder)
    except KeyUnavailable:
        return None


def _check(content: KeyFile, profile_id: str, master: MasterKey) -> None:
    if content.profile_id != profile_id:
        raise _of_another_profile()
    if not hmac.compare_digest(content.database_check, database_check(master)):
        raise KeyUnavailable(
            "The key does not belong to this profile's store",
            "The keychain or key.json holds another key, so nothing was opened. Your work is safe: it "
            "stays encrypted on this computer.",
            "Open the profile with its recovery code, or restore key.json from a backup.",
        )


def _of_another_profile() -> KeyUnavailable:
    return KeyUnavailable(
        "The key file belongs to another profile",
        "It was copied or moved here, so nothing was opened. Your work is safe.",
        "Restore this profile's own key.json, or open the profile with its recovery code.",
    )
