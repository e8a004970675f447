"""`key.json`, the small file beside a profile's store that says where its key lives.

For a profile with a passphrase it holds the key wrapped by Argon2id and AES-256-GCM. All other fields
are bound to the wrapped key as additional data, so none can be changed, and the cost is bounded
before it is spent, so that a planted file cannot eat the memory. A plain checksum tells accidental
damage from a wrong passphrase.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from assessor_app.clock import Clock
from assessor_app.errors import KeyUnavailable, WrongPassphrase
from assessor_app.json_from_outside import plain_data_of
from assessor_app.vault import durable
from assessor_app.vault.derivation import KEY_BYTES

FILE_NAME = "key.json"
"""Name of the file inside the profile folder."""

_FORMAT = 1
_LARGEST_FILE_BYTES = 16_384
_SALT_BYTES = 16
_NONCE_BYTES = 12
_TAG_BYTES = 16
_LARGEST_MEMORY_KIB = 262_144
_LARGEST_ITERATIONS = 10
_LARGEST_LANES = 16

_Fields = dict[str, object]


class KeyKind(StrEnum):
    """Where the master key lives."""

    KEYRING = "keyring"
    PASSPHRASE = "passphrase"


@dataclass(frozen=True, slots=True)
class WrapCost:
    """What it costs to try one passphrase (Argon2id, RFC 9106).

    The preset takes about half a second, which a person hardly notices and a guesser does.

    Attributes:
        memory_kib: memory in KiB; 8 for each lane to 262,144.
        iterations: passes over the memory, 1 to 10.
        lanes: parallel lanes, 1 to 16.
    """

    memory_kib: int = 65_536
    iterations: int = 3
    lanes: int = 4

    def is_bearable(self) -> bool:
        """Whether this machine should spend it on the word of a file."""
        return (
            1 <= self.lanes <= _LARGEST_LANES
            and 1 <= self.iterations <= _LARGEST_ITERATIONS
            and 8 * self.lanes <= self.memory_kib <= _LARGEST_MEMORY_KIB
        )


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The checked content of `key.json`.

    Attributes:
        kind: where the key lives.
        profile_id: UUID of the profile that it belongs to.
        database_check: keyed value of the right master key, 64 hexadecimal digits.
        cost: cost of the passphrase; None for a key in the keychain.
        salt: 16 random bytes of the passphrase; empty for a key in the keychain.
        nonce: 12 random bytes of the wrapping; empty for a key in the keychain.
        wrapped_key: the wrapped master key, 48 bytes; empty for a key in the keychain.
    """

    kind: KeyKind
    profile_id: str
    database_check: str
    cost: WrapCost | None = None
    salt: bytes = b""
    nonce: bytes = b""
    wrapped_key: bytes = b""

    def to_bytes(self) -> bytes:
        """The file's content: compact JSON with sorted keys and a checksum."""
        fields = self._bound_fields()
        if self.cost is not None:
            fields["wrapped_key"] = self.wrapped_key.hex()
        return _canonical(fields | {"checksum": _checksum(fields)})

    def bound_bytes(self) -> bytes:
        """What is authenticated together with the wrapped key: every other field."""
        return _canonical(self._bound_fields())

    def _bound_fields(self) -> _Fields:
        fields: _Fields = {
            "format": _FORMAT,
            "kind": self.kind.value,
            "profile_id": self.profile_id,
            "database_check": self.database_check,
        }
        if self.cost is not None:
            fields |= {
                "kdf": "argon2id",
                "memory_kib": self.cost.memory_kib,
                "iterations": self.cost.iterations,
                "lanes": self.cost.lanes,
                "salt": self.salt.hex(),
                "nonce": self.nonce.hex(),
            }
        return fields


def read(folder: Path) -> KeyFile | None:
    """Read the profile's key file; imports neither `cryptography` nor `keyring`.

    Args:
        folder: the profile folder.

    Returns:
        The checked content, or None if there is no such file.

    Raises:
        KeyUnavailable: the file is damaged, unreadable, or of a newer version.
    """
    try:
        with (folder / FILE_NAME).open("rb") as file:
            untrusted = file.read(_LARGEST_FILE_BYTES + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _damaged() from error
    return parse(untrusted)


def write(folder: Path, content: KeyFile) -> None:
    """Write the profile's key file atomically, readable by this user only.

    Raises:
        OSError: nothing was changed.
    """
    durable.write_atomically(folder / FILE_NAME, content.to_bytes())


def parse(untrusted: bytes) -> KeyFile:
    """Check every field of a key file.

    Raises:
        KeyUnavailable: damaged, of an absurd cost, or of a newer version.
    """
    try:
        if len(untrusted) > _LARGEST_FILE_BYTES:
            raise ValueError("too long")
        fields = plain_data_of(untrusted)
        if not isinstance(fields, dict):
            raise TypeError("not an object")
        version = _integer(fields, "format")
        if version > _FORMAT:
            raise _newer()
        checksum = fields.pop("checksum", None)
        if version != _FORMAT or checksum != _checksum(fields):
            raise ValueError("wrong checksum")
        content = _content(fields)
    except (ValueError, TypeError, KeyError) as error:
        raise _damaged() from error
    if content.cost is not None and not content.cost.is_bearable():
        raise KeyUnavailable(
            "The key file of this profile was tampered with",
            "Opening it would take an absurd amount of memory or time, so nothing was tried. "
            "Your work is safe: it stays encrypted on this computer.",
            "Open the profile with its recovery code, and tell IT.",
        )
    return content


def wrap(
    secret: bytes, *, profile_id: str, database_check: str, passphrase: str, clock: Clock, cost: WrapCost
) -> KeyFile:
    """Lock a master key with a passphrase.

    Args:
        secret: 32 bytes.
        profile_id: UUID of the profile.
        database_check: keyed value of the master key.
        passphrase: any non-empty text; composed and decomposed letters count as the same.
        clock: gives salt and nonce.
        cost: what trying one passphrase shall cost.

    Returns:
        The content of the key file.

    Raises:
        ValueError: an empty passphrase, or a cost that `parse` would refuse.
        KeyUnavailable: not enough memory for the cost.
    """
    if not passphrase or not cost.is_bearable():
        raise ValueError("an empty passphrase or a cost out of bounds")
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, nonce = clock.random_bytes(_SALT_BYTES), clock.random_bytes(_NONCE_BYTES)
    open_file = KeyFile(KeyKind.PASSPHRASE, profile_id, database_check, cost, salt, nonce)
    lock = AESGCM(_stretch(passphrase, salt, cost))
    wrapped = lock.encrypt(nonce, secret, open_file.bound_bytes())
    return KeyFile(KeyKind.PASSPHRASE, profile_id, database_check, cost, salt, nonce, wrapped)


def unwrap(content: KeyFile, passphrase: str) -> bytes:
    """Unlock the master key.

    Args:
        content: the key file of a profile with a passphrase.
        passphrase: as typed.

    Returns:
        32 bytes.

    Raises:
        WrongPassphrase: wrong, or a field of the file was changed on purpose.
        KeyUnavailable: the profile has no passphrase, or memory does not suffice.
    """
    if content.cost is None:
        raise _damaged()
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    lock = AESGCM(_stretch(passphrase, content.salt, content.cost))
    try:
        return lock.decrypt(content.nonce, content.wrapped_key, content.bound_bytes())
    except InvalidTag:
        raise WrongPassphrase(
            "This passphrase does not open the profile",
            "Nothing was changed and your work is safe.",
            "Check Caps Lock and the keyboard layout and try again, or use the recovery code.",
        ) from None


def _stretch(passphrase: str, salt: bytes, cost: WrapCost) -> bytes:
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    # A Mac types an umlaut as one character, another keyboard as two.
    text = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    kdf = Argon2id(
        salt=salt,
        length=KEY_BYTES,
        iterations=cost.iterations,
        lanes=cost.lanes,
        memory_cost=cost.memory_kib,
    )
    try:
        return kdf.derive(text)
    except MemoryError as error:
        raise KeyUnavailable(
            "There is not enough free memory to check the passphrase",
            f"About {cost.memory_kib // 1024} MB are needed for a moment. Your work is safe.",
            "Close other programs and try again.",
        ) from error


def _content(fields: _Fields) -> KeyFile:
    """Build the content; raises ValueError, TypeError or KeyError for anything odd."""
    kind = KeyKind(_text(fields, "kind"))
    expected = {"format", "kind", "profile_id", "database_check"}
    if kind is KeyKind.PASSPHRASE:
        expected |= {"kdf", "memory_kib", "iterations", "lanes", "salt", "nonce", "wrapped_key"}
    if set(fields) != expected:
        raise ValueError("unexpected or missing fields")
    profile_id = _text(fields, "profile_id")
    check = _hexadecimal(fields, "database_check", 32).hex()
    if kind is KeyKind.KEYRING:
        return KeyFile(kind, profile_id, check)
    if fields["kdf"] != "argon2id":
        raise ValueError("unknown key derivation")
    return KeyFile(
        kind,
        profile_id,
        check,
        WrapCost(_integer(fields, "memory_kib"), _integer(fields, "iterations"), _integer(fields, "lanes")),
        _hexadecimal(fields, "salt", _SALT_BYTES),
        _hexadecimal(fields, "nonce", _NONCE_BYTES),
        _hexadecimal(fields, "wrapped_key", KEY_BYTES + _TAG_BYTES),
    )


def _text(fields: _Fields, name: str) -> str:
    value = fields[name]
    if not isinstance(value, str):
        raise TypeError(name)
    return value


def _integer(fields: _Fields, name: str) -> int:
    value = fields[name]
    if type(value) is not int:
        raise TypeError(name)
    return value


def _hexadecimal(fields: _Fields, name: str, size_bytes: int) -> bytes:
    value = bytes.fromhex(_text(fields, name))
    if len(value) != size_bytes:
        raise ValueError(name)
    return value


def _canonical(fields: _Fields) -> bytes:
    return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode("ascii")


def _checksum(fields: _Fields) -> str:
    return hashlib.sha256(_canonical(fields)).hexdigest()


def _damaged() -> KeyUnavailable:
    return KeyUnavailable(
        "The key file of this profile is damaged",
        "The profile cannot be opened with it. Your work is safe: it stays encrypted on this computer.",
        "Open the profile with its recovery code, or restore key.json from a backup.",
    )


def _newer() -> KeyUnavailable:
    return KeyUnavailable(
        "This profile was written by a newer version",
        "This version of the workstation does not know how its key is kept. Nothing was changed and "
        "your work is safe.",
        "Update the workstation, or ask IT for the newer version.",
    )
