"""How the local store is: whether it verifies, its newest copy, and the room that is kept and there is."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assessor_app.cache import generation, reserve, store_copies
from assessor_app.cache.connection import database_path, look_at
from assessor_app.cache.store_copies import Copy, CopyKind
from assessor_app.errors import StoreError, StoreOutdated


@dataclass(frozen=True, slots=True)
class StoreHealth:
    """What is known about the store of one profile."""

    is_there: bool
    """Whether there is a store at all; a new profile has none."""
    is_sound: bool
    """Whether all of it verifies, as far as it was read."""
    is_outdated: bool
    """Whether it is older than its note says: something that was safely in it is missing."""
    copy_at: datetime | None
    """The newest copy of the person's work; None where there is none."""
    copy_is_good: bool
    """Whether that copy verifies."""
    copies: int
    damaged_folders: int
    """Repairs whose damaged files are still kept."""
    has_reserve: bool
    """Whether the room is there that is kept for a full disk."""
    reserve_bytes: int
    """How much that is on this disk."""
    free_bytes: int
    store_bytes: int


def store_health(folder: Path, database_key: bytes, *, thorough: bool = True) -> StoreHealth:
    """Look at a profile's store; nothing is changed, and it may be open meanwhile.

    Args:
        folder: the profile's folder.
        database_key: 32 raw bytes.
        thorough: read all of it, and of its newest copy; else only what opening reads.
    """
    path = database_path(folder)
    held = store_copies.copies(folder)
    newest = next((copy for copy in held if copy.kind is not CopyKind.BEFORE_UPGRADE), None)
    is_sound, is_outdated = _look(folder, database_key, thorough=thorough)
    aside = folder / "damaged"
    return StoreHealth(
        is_there=path.exists(),
        is_sound=is_sound,
        is_outdated=is_outdated,
        copy_at=None if newest is None else newest.at,
        copy_is_good=newest is not None and _is_good(newest, database_key, thorough=thorough),
        copies=len(held),
        damaged_folders=sum(1 for _ in aside.iterdir()) if aside.is_dir() else 0,
        has_reserve=reserve.is_whole(folder),
        reserve_bytes=reserve.wanted_bytes(folder),
        free_bytes=reserve.free_bytes(folder),
        store_bytes=path.stat().st_size if path.exists() else 0,
    )


def _look(folder: Path, database_key: bytes, *, thorough: bool) -> tuple[bool, bool]:
    try:
        generation.check(folder, database_key)
        if database_path(folder).exists():
            _read(database_path(folder), database_key, thorough=thorough)
    except StoreOutdated:
        return False, True
    except StoreError:
        return False, False
    return True, False


def _is_good(copy: Copy, database_key: bytes, *, thorough: bool) -> bool:
    try:
        _read(copy.path, database_key, thorough=thorough)
    except StoreError:
        return False
    return True


def _read(path: Path, database_key: bytes, *, thorough: bool) -> None:
    with contextlib.closing(look_at(path, database_key)) as connection:
        store_copies.read_through(connection, whole=thorough)
