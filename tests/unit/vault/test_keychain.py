"""The system's keychain: trusted backends only, through the real `keyring` module."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import ClassVar

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null
from keyring.errors import KeyringLocked, PasswordSetError

from assessor_app.clock import Clock
from assessor_app.errors import KeyUnavailable
from assessor_app.vault import keychain
from assessor_app.vault.keys import (
    KeyStatus,
    MasterKey,
    WrapCost,
    create_key,
    forget_key,
    keep_key,
    key_status,
    keyring_usable,
    open_key,
    opens_silently,
)

PROFILE = "0190bbbb-0000-7000-8000-000000000001"
CHEAP = WrapCost(memory_kib=64, iterations=1, lanes=1)
WINDOWS_LIMIT_BYTES = 2560


class MemoryKeychain(KeyringBackend):
    """A keychain in memory with the limit of Windows."""

    priority: ClassVar[float] = -10

    def __init__(self) -> None:
        super().__init__()
        self.entries: dict[tuple[str, str], str] = {}
        self.error: Exception | None = None

    def get_password(self, service: str, username: str) -> str | None:
        if self.error is not None:
            raise self.error
        return self.entries.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        if self.error is not None:
            raise self.error
        if len(password.encode("utf-16-le")) > WINDOWS_LIMIT_BYTES:
            raise PasswordSetError("too long for Windows")
        self.entries[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.error is not None:
            raise self.error
        del self.entries[service, username]


class PlaintextKeyring(MemoryKeychain):
    """Named as the plaintext file of `keyrings.alt`."""


PlaintextKeyring.__module__ = "keyrings.alt.file"


class ForgetfulKeychain(MemoryKeychain):
    """Keeps only a part of what it is given, without an error."""

    def set_password(self, service: str, username: str, password: str) -> None:
        super().set_password(service, username, password[:20])


class WinVaultKeyring(MemoryKeychain):
    """Named as the Windows backend, and as that one, persists with the domain unless told."""

    persist = "enterprise"
    persisted: str | None = None

    def set_password(self, service: str, username: str, password: str) -> None:
        self.persisted = self.persist
        super().set_password(service, username, password)


WinVaultKeyring.__module__ = "keyring.backends.Windows"


class DBusKeyring(MemoryKeychain):
    """Named as KWallet's backend, which may ask the person whenever it is asked for a key."""


DBusKeyring.__module__ = "keyring.backends.kwallet"


class Keyring(MemoryKeychain):
    """Named as the Secret Service's backend, with nobody on the bus."""


Keyring.__module__ = "keyring.backends.SecretService"


def chain_of(*backends: KeyringBackend) -> KeyringBackend:
    """A chain of exactly these."""
    kind = type("Chain", (chainer.ChainerBackend,), {"backends": list(backends)})
    chain: KeyringBackend = kind()
    return chain


def use(backend: KeyringBackend) -> None:
    keyring.set_keyring(backend)


@pytest.fixture(autouse=True)
def _restored() -> Iterator[None]:
    before = keyring.get_keyring()
    yield
    keyring.set_keyring(before)


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> MemoryKeychain:
    """A keychain on the list, for these tests only."""
    names = {f"{kind.__module__}.{kind.__qualname__}" for kind in (MemoryKeychain, ForgetfulKeychain)}
    monkeypatch.setattr(keychain, "ALLOWED_BACKENDS", keychain.ALLOWED_BACKENDS | names)
    backend = MemoryKeychain()
    use(backend)
    return backend


def refusal(folder: Path) -> KeyUnavailable:
    """The error of making a key, which must leave nothing behind."""
    with pytest.raises(KeyUnavailable) as caught:
        create_key(folder, PROFILE, clock=Clock(), passphrase=None)
    assert "safe" in caught.value.message
    assert caught.value.next_step
    assert key_status(folder) is KeyStatus.NEW
    return caught.value


def test_a_trusted_keychain_keeps_one_short_value(tmp_path: Path, memory: MemoryKeychain) -> None:
    assert keyring_usable()
    made = create_key(tmp_path, PROFILE, clock=Clock(), passphrase=None)
    assert key_status(tmp_path) is KeyStatus.KEYRING
    assert list(memory.entries) == [(keychain.SERVICE, PROFILE)]
    assert base64.b64decode(memory.entries[keychain.SERVICE, PROFILE]) == made.secret
    assert open_key(tmp_path, PROFILE, passphrase=None) == made
    raw = (tmp_path / "key.json").read_bytes()
    assert made.secret.hex().encode() not in raw
    assert base64.b64encode(made.secret) not in raw
    forget_key(tmp_path, PROFILE)
    assert memory.entries == {}
    forget_key(tmp_path, PROFILE)


UNTRUSTED = [
    PlaintextKeyring(),
    fail.Keyring(),
    null.Keyring(),
    MemoryKeychain(),
    chain_of(),
    chain_of(PlaintextKeyring(), null.Keyring()),
]


@pytest.mark.parametrize("backend", UNTRUSTED, ids=lambda backend: type(backend).__qualname__)
def test_an_untrusted_keyring_is_refused_and_gets_nothing(tmp_path: Path, backend: KeyringBackend) -> None:
    use(backend)
    assert not keyring_usable()
    error = refusal(tmp_path)
    assert error.title == "No safe keychain was found"
    assert "passphrase" in error.next_step
    assert getattr(backend, "entries", {}) == {}


def test_a_subclass_of_a_trusted_keychain_is_not_trusted(tmp_path: Path, memory: MemoryKeychain) -> None:
    class Disguised(MemoryKeychain):
        """Could write anywhere."""

    use(Disguised())
    assert not keyring_usable()


def test_in_a_chain_only_the_trusted_one_is_used(tmp_path: Path, memory: MemoryKeychain) -> None:
    plain = PlaintextKeyring()
    use(chain_of(plain, memory))
    made = create_key(tmp_path, PROFILE, clock=Clock(), passphrase=None)
    assert plain.entries == {}
    plain.entries[keychain.SERVICE, PROFILE] = base64.b64encode(bytes(32)).decode()
    assert open_key(tmp_path, PROFILE, passphrase=None) == made


def test_on_windows_the_entry_does_not_roam(tmp_path: Path) -> None:
    backend = WinVaultKeyring()
    use(backend)
    create_key(tmp_path, PROFILE, clock=Clock(), passphrase=None)
    assert backend.persisted == "local machine"


def test_settings_that_name_a_missing_backend_are_no_keychain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.gone.Keyring")
    monkeypatch.setattr(keyring.core, "_keyring_backend", None)
    assert not keyring_usable()
    assert refusal(tmp_path).title == "No safe keychain was found"


def test_a_locked_keychain_says_so(tmp_path: Path, memory: MemoryKeychain) -> None:
    create_key(tmp_path, PROFILE, clock=Clock(), passphrase=None)
    memory.error = KeyringLocked("dismissed")
    for action in (
        lambda: open_key(tmp_path, PROFILE, passphrase=None),
        lambda: forget_key(tmp_path, PROFILE),
    ):
        with pytest.raises(KeyUnavailable, match="locked") as caught:
            action()
        assert "safe" in caught.value.message
        assert "Unlock" in caught.value.next_step
    assert key_status(tmp_path) is KeyStatus.KEYRING
    assert keyring_usable()


def test_a_locked_keychain_keeps_no_new_key(tmp_path: Path, memory: MemoryKeychain) -> None:
    memory.error = KeyringLocked("dismissed")
    assert "locked" in refusal(tmp_path).title


@pytest.mark.parametrize("error", [PasswordSetError("no"), OSError("bus gone"), RuntimeError("odd")])
def test_a_failing_keychain_is_a_sentence(tmp_path: Path, memory: MemoryKeychain, error: Exception) -> None:
    memory.error = error
    assert refusal(tmp_path).title == "The system's keychain did not answer"


def test_errors_of_the_libraries_below_are_a_sentence(tmp_path: Path, memory: MemoryKeychain) -> None:
    exceptions = pytest.importorskip("secretstorage.exceptions", reason="only on Linux")
    memory.error = exceptions.SecretServiceNotAvailableException("no such service")
    assert refusal(tmp_path).title == "The system's keychain did not answer"


def test_a_keychain_that_keeps_half_is_noticed(tmp_path: Path, memory: MemoryKeychain) -> None:
    use(ForgetfulKeychain())
    assert refusal(tmp_path).title == "The system's keychain did not answer"


def test_a_missing_a_foreign_and_a_changed_entry_are_told_apart(
    tmp_path: Path, memory: MemoryKeychain
) -> None:
    create_key(tmp_path, PROFILE, clock=Clock(), passphrase=None)
    entry = (keychain.SERVICE, PROFILE)
    memory.entries[entry] = base64.b64encode(bytes(32)).decode()
    with pytest.raises(KeyUnavailable, match="does not belong"):
        open_key(tmp_path, PROFILE, passphrase=None)
    for text in ("hunter2", "", "\u00fc", base64.b64encode(bytes(31)).decode()):
        memory.entries[entry] = text
        with pytest.raises(KeyUnavailable, match="not ours"):
            open_key(tmp_path, PROFILE, passphrase=None)
    del memory.entries[entry]
    with pytest.raises(KeyUnavailable, match="not in the system's keychain"):
        open_key(tmp_path, PROFILE, passphrase=None)


def test_from_keychain_to_passphrase_and_back(tmp_path: Path, memory: MemoryKeychain) -> None:
    made = create_key(tmp_path, PROFILE, clock=Clock(), passphrase=None)
    keep_key(tmp_path, PROFILE, made, clock=Clock(), passphrase="words", cost=CHEAP)
    assert memory.entries == {}
    assert key_status(tmp_path) is KeyStatus.PASSPHRASE
    assert open_key(tmp_path, PROFILE, passphrase="words") == made
    keep_key(tmp_path, PROFILE, made, clock=Clock(), passphrase=None)
    assert key_status(tmp_path) is KeyStatus.KEYRING
    assert "wrapped_key" not in json.loads((tmp_path / "key.json").read_bytes())
    assert open_key(tmp_path, PROFILE, passphrase=None) == made


@pytest.mark.parametrize("raw", [None, b"damaged"])
def test_forgetting_cleans_the_keychain_even_if_the_file_says_nothing(
    tmp_path: Path, memory: MemoryKeychain, raw: bytes | None
) -> None:
    create_key(tmp_path, PROFILE, clock=Clock(), passphrase=None)
    (tmp_path / "key.json").unlink()
    if raw is not None:
        (tmp_path / "key.json").write_bytes(raw)
    forget_key(tmp_path, PROFILE)
    assert memory.entries == {}
    assert list(tmp_path.iterdir()) == []


def test_a_refused_move_to_the_keychain_leaves_the_passphrase(tmp_path: Path, memory: MemoryKeychain) -> None:
    made = create_key(tmp_path, PROFILE, clock=Clock(), passphrase="words", cost=CHEAP)
    memory.error = KeyringLocked("dismissed")
    with pytest.raises(KeyUnavailable):
        keep_key(tmp_path, PROFILE, made, clock=Clock(), passphrase=None)
    assert open_key(tmp_path, PROFILE, passphrase="words") == made


def test_the_names_on_the_list_are_those_that_keyring_ships() -> None:
    import importlib

    for name in keychain.ALLOWED_BACKENDS:
        module, _, kind = name.rpartition(".")
        if "macOS" not in module and "Windows" not in module:
            assert issubclass(getattr(importlib.import_module(module), kind), KeyringBackend)
    windows = importlib.import_module("keyring.backends.Windows")
    assert windows.WinVaultKeyring.__qualname__ == "WinVaultKeyring"


def test_a_key_of_the_wrong_size_is_never_saved() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        MasterKey(bytes(16))


def test_a_keychain_that_may_ask_does_not_answer_silently(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/nobody")
    quiet = [WinVaultKeyring()]
    asking = [DBusKeyring(), Keyring(), PlaintextKeyring()]
    for backend in (*quiet, *asking):
        use(backend)
        assert keychain.answers_silently() is (backend in quiet), type(backend).__module__


def test_only_a_key_that_needs_nobody_opens_silently(tmp_path: Path) -> None:
    use(WinVaultKeyring())
    assert not opens_silently(tmp_path, "words")
    create_key(tmp_path / "kept", PROFILE, clock=Clock(), passphrase=None)
    create_key(tmp_path / "wrapped", PROFILE, clock=Clock(), passphrase="words", cost=CHEAP)
    assert opens_silently(tmp_path / "kept", None)
    assert not opens_silently(tmp_path / "wrapped", None)
    assert opens_silently(tmp_path / "wrapped", "words")
    use(DBusKeyring())
    assert not opens_silently(tmp_path / "kept", None)
