"""The operating system's keychain, through `keyring`, trusted backends only.

`keyring` takes whatever backend is installed, a plaintext file among them, without a word. Here only
the five system keychains are used, by name. One value of 44 characters is kept for each profile:
Windows takes 1,280 at most, and macOS asks the person once for every record.

Every call may block on a system dialog: call from a lane, never from the GUI thread.
"""

from __future__ import annotations

import base64
import binascii
import sys
from contextlib import closing
from importlib import import_module
from typing import TYPE_CHECKING, Any

from assessor_app.errors import KeyUnavailable
from assessor_app.vault.derivation import KEY_BYTES

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "Assessor Workstation"
"""The name under which the person sees the entry in the system's keychain."""

_WINDOWS = "keyring.backends.Windows.WinVaultKeyring"

ALLOWED_BACKENDS = frozenset(
    {
        _WINDOWS,
        "keyring.backends.macOS.Keyring",
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.libsecret.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.kwallet.DBusKeyringKWallet4",
    }
)
"""Full class names of the trusted backends; everything else is refused."""

_SECRET_SERVICE = "keyring.backends.SecretService.Keyring"
_MAY_ASK = frozenset(
    {
        "keyring.backends.libsecret.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.kwallet.DBusKeyringKWallet4",
    }
)
"""These do not say beforehand whether they would ask the person."""

# Backends let errors of the libraries below them through; these are present only where loaded.
_FOREIGN_ERRORS = (
    ("secretstorage.exceptions", "SecretStorageException"),
    ("jeepney.wrappers", "DBusErrorResponse"),
    ("dbus.exceptions", "DBusException"),
    ("gi.repository.GLib", "Error"),
    ("win32ctypes.pywin32.pywintypes", "error"),
    ("pywintypes", "error"),
    ("keyring.backends.macOS.api", "Error"),
)


def is_usable() -> bool:
    """Whether a trusted keychain is there; says nothing about whether it is unlocked."""
    return _trusted_backend() is not None


def answers_silently() -> bool:
    """Whether the keychain gives a key without a dialog of the system, as far as that can be known."""
    backend = _trusted_backend()
    if backend is None:
        return False
    name = f"{type(backend).__module__}.{type(backend).__qualname__}"
    if name != _SECRET_SERVICE:
        return name not in _MAY_ASK
    try:
        storage: Any = import_module("secretstorage")
        with closing(storage.dbus_init()) as bus:
            return not storage.get_default_collection(bus).is_locked()
    except ImportError:
        return False
    except _backend_errors():
        return False


def save(profile_id: str, secret: bytes) -> None:
    """Store a profile's key, replacing an older one, and read it back.

    Args:
        profile_id: the profile's UUID; the user name of the entry.
        secret: 32 bytes.

    Raises:
        KeyUnavailable: no trusted keychain, locked, refused, or it did not keep the value.
    """
    backend = _require_backend()
    text = base64.b64encode(secret).decode("ascii")
    try:
        backend.set_password(SERVICE, profile_id, text)
        kept = backend.get_password(SERVICE, profile_id)
    except _backend_errors() as error:
        raise _explain(error) from error
    if kept != text:
        raise _no_answer()


def load(profile_id: str) -> bytes:
    """Read a profile's key.

    Args:
        profile_id: the profile's UUID.

    Returns:
        32 bytes.

    Raises:
        KeyUnavailable: no trusted keychain, locked, refused, no such entry, or not a key of ours.
    """
    backend = _require_backend()
    try:
        text = backend.get_password(SERVICE, profile_id)
    except _backend_errors() as error:
        raise _explain(error) from error
    if text is None:
        raise KeyUnavailable(
            "The key is not in the system's keychain",
            "This profile's key was removed from the keychain, or belongs to another user account. "
            "Your work is safe: it stays encrypted on this computer.",
            "Sign in to the account that you used before, or open the profile with its recovery code.",
        )
    try:
        secret = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        secret = b""
    if len(secret) != KEY_BYTES:
        raise KeyUnavailable(
            "The key in the system's keychain is not ours",
            "The entry was changed by another program. Your work is safe: it stays encrypted on this "
            "computer.",
            "Open the profile with its recovery code.",
        )
    return secret


def forget(profile_id: str) -> None:
    """Delete a profile's key from the keychain; an entry that is not there is no error.

    Args:
        profile_id: the profile's UUID.

    Raises:
        KeyUnavailable: no trusted keychain, locked, or refused.
    """
    backend = _require_backend()
    try:
        if backend.get_password(SERVICE, profile_id) is not None:
            backend.delete_password(SERVICE, profile_id)
    except _backend_errors() as error:
        raise _explain(error) from error


def _trusted_backend() -> KeyringBackend | None:
    """The trusted backend that `keyring` chose, or the first one in its chain; never the chain itself."""
    # Imported here: it costs 80 ms, which a profile with a passphrase must not pay at start.
    import keyring
    from keyring.backends.chainer import ChainerBackend

    try:
        chosen = keyring.get_keyring()
    except (ImportError, AttributeError, RuntimeError):
        # The person's keyring settings name a backend that is not there.
        return None
    candidates = list(chosen.backends) if isinstance(chosen, ChainerBackend) else [chosen]
    for backend in candidates:
        name = f"{type(backend).__module__}.{type(backend).__qualname__}"
        if name in ALLOWED_BACKENDS:
            if name == _WINDOWS:
                # By default the entry would roam with a domain profile to other computers.
                vault: Any = backend
                vault.persist = "local machine"
            return backend
    return None


def _require_backend() -> KeyringBackend:
    backend = _trusted_backend()
    if backend is None:
        raise KeyUnavailable(
            "No safe keychain was found",
            "This computer offers no system keychain that can be trusted with the key. "
            "Nothing was stored there, and your work is safe.",
            "Start the system's keychain (Windows Credential Manager, macOS Keychain, GNOME Keyring or "
            "KWallet) and try again. A new profile can use a passphrase instead; an existing one opens "
            "with its recovery code.",
        )
    return backend


def _backend_errors() -> tuple[type[Exception], ...]:
    """All that a backend can raise for reasons outside this program."""
    from keyring.errors import KeyringError

    found: list[type[Exception]] = [KeyringError, OSError, RuntimeError]
    for module, name in _FOREIGN_ERRORS:
        candidate = getattr(sys.modules.get(module), name, None)
        if isinstance(candidate, type) and issubclass(candidate, Exception):
            found.append(candidate)
    return tuple(found)


def _explain(error: Exception) -> KeyUnavailable:
    from keyring.errors import KeyringLocked

    if isinstance(error, KeyringLocked):
        return KeyUnavailable(
            "The system's keychain is locked",
            "The key to this profile lies in it. Your work is safe: it stays encrypted on this computer.",
            "Unlock the keychain, then try again.",
        )
    return _no_answer()


def _no_answer() -> KeyUnavailable:
    return KeyUnavailable(
        "The system's keychain did not answer",
        "It refused to hand over or keep the key. Your work is safe: it stays encrypted on this computer.",
        "Try again; if it stays so, restart the computer or ask IT to look at the keychain.",
    )
