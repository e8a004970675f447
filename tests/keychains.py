"""A system keychain for tests: a folder with one file for each entry, which outlives a killed process."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

import keyring
from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked

from assessor_app.vault import keychain


class FolderKeychain(KeyringBackend):
    """Keeps each entry in a file; `locked` makes it refuse everything."""

    priority: ClassVar[float] = -10

    def __init__(self, folder: Path) -> None:
        """Keep the entries in `folder`."""
        super().__init__()
        self.folder = folder
        self.locked = False
        folder.mkdir(parents=True, exist_ok=True)

    def get_password(self, service: str, username: str) -> str | None:
        """The entry, or None."""
        path = self._entry(username)
        return path.read_text("ascii") if path.exists() else None

    def set_password(self, service: str, username: str, password: str) -> None:
        """Keep an entry."""
        self._entry(username).write_text(password, "ascii")

    def delete_password(self, service: str, username: str) -> None:
        """Take an entry away."""
        self._entry(username).unlink()

    def names(self) -> list[str]:
        """Whose keys are kept."""
        return sorted(path.name for path in self.folder.iterdir())

    def _entry(self, username: str) -> Path:
        if self.locked:
            raise KeyringLocked("locked")
        return self.folder / username


def use_folder_keychain(folder: Path) -> FolderKeychain:
    """Make a keychain in a folder the one of this process, trusted as a system's own."""
    name = f"{FolderKeychain.__module__}.{FolderKeychain.__qualname__}"
    keychain.ALLOWED_BACKENDS |= {name}
    backend = FolderKeychain(folder)
    keyring.set_keyring(backend)
    return backend
