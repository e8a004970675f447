"""Removing a profile from this computer, for good, and only because the person said so here.

The order is what makes it safe to be killed anywhere in it. First a mark: from here on the folder is no
profile any more, and the next start finishes what was begun. Then the key, which makes everything else
unreadable. Then what may lie in plain, the store with its copies, the evidence, the rest. Before the mark
the profile is whole; after it nothing of it is ever opened again.
"""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from assessor_app.errors import KeyUnavailable, StoreError
from assessor_app.services.profiles import PROFILE_NAME, REMOVAL_NAME, STANDING_NAME
from assessor_app.vault import keys
from assessor_app.vault.durable import force_folder_to_disk, write_atomically

PLAIN_FIRST = ("plain",)
"""What other programs may have been given in plain goes first."""
THEN = ("store.db", "store.db-wal", "store.db-shm")
LAST = (STANDING_NAME, PROFILE_NAME)
KEPT_WHILE_LOCKED = "lock"
"""Held by this process while it removes the rest; goes with the mark."""


def wipe(folder: Path, profile_id: str) -> bool:
    """Throw away the key of a profile, then every file of it. The store must be closed.

    Args:
        folder: the profile's folder.
        profile_id: UUID of the profile.

    Returns:
        Whether nothing is left but the lock; else another program still holds a file, which the next start
        takes away.

    Raises:
        KeyUnavailable: the system's keychain does not give the key up; nothing was removed.
        StoreError: the folder cannot be written; nothing was removed.
    """
    mark = folder / REMOVAL_NAME
    was_marked = mark.exists()
    try:
        write_atomically(mark, b"")
    except OSError as error:
        raise StoreError(
            "It cannot be removed",
            f"Nothing can be written to {folder}: {error.strerror}. Nothing was removed.",
            "Ask for the right to write there, then try again.",
        ) from None
    try:
        keys.forget_key(folder, profile_id)
    except KeyUnavailable:
        if not was_marked:
            mark.unlink(missing_ok=True)
        raise
    force_folder_to_disk(folder)
    for name in (*PLAIN_FIRST, *THEN):
        _remove(folder / name)
    for path in sorted(folder.iterdir()):
        if path.name not in (REMOVAL_NAME, KEPT_WHILE_LOCKED, *LAST):
            _remove(path)
    for name in LAST:
        _remove(folder / name)
    return {path.name for path in folder.iterdir()} <= {REMOVAL_NAME, KEPT_WHILE_LOCKED}


def sweep(profiles_dir: Path) -> int:
    """Finish every removal that was begun and cut off; returns how many are still not finished.

    What cannot be finished now - a keychain that is locked, a file that another program holds - is left for
    the next start.
    """
    left = 0
    if not profiles_dir.is_dir():
        return 0
    for folder in sorted(profiles_dir.iterdir()):
        if not (folder / REMOVAL_NAME).exists():
            continue
        try:
            is_empty = wipe(folder, folder.name)
        except (KeyUnavailable, StoreError, OSError):
            is_empty = False
        if is_empty:
            with contextlib.suppress(OSError):
                (folder / KEPT_WHILE_LOCKED).unlink(missing_ok=True)
                (folder / REMOVAL_NAME).unlink(missing_ok=True)
                folder.rmdir()
        left += folder.exists()
    return left


def _remove(path: Path) -> None:
    """Unlink a file, or a folder with all in it, never through a link; what is held stays for later."""
    with contextlib.suppress(OSError):
        if path.is_symlink() or not path.is_dir():
            path.unlink(missing_ok=True)
            return
        os.chmod(path, stat.S_IRWXU)
        for inner in sorted(path.iterdir()):
            _remove(inner)
        path.rmdir()
