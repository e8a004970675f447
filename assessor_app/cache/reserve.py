"""Room kept for a full disk: a file that is given up so that what the person writes can still be saved.

It is really allocated, 200 MB or a fiftieth of a small disk. When a save finds no room it goes, the save is
done again, and downloads stop; once there is room it is made again.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
from pathlib import Path

from assessor_app.vault.durable import force_to_disk, open_private

RESERVE_NAME = "reserve"
"""The file's name inside the profile's folder."""
LARGEST_BYTES = 200 * 1000**2
SMALLEST_BYTES = 256 * 1024
SHARE_OF_DISK = 50
"""On a small disk one part in so many."""
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_PROBE_BYTES = 64 * 1024
_BLOCK_BYTES = 1024 * 1024


def wanted_bytes(folder: Path) -> int:
    """How large the reserve is to be on this disk."""
    try:
        total = shutil.disk_usage(folder).total
    except OSError:
        return SMALLEST_BYTES
    return max(SMALLEST_BYTES, min(LARGEST_BYTES, total // SHARE_OF_DISK))


def free_bytes(folder: Path) -> int:
    """How much room the disk of a folder has; 0 where it does not tell."""
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0


def is_whole(folder: Path) -> bool:
    """Whether the reserve is there in its full size."""
    try:
        return (folder / RESERVE_NAME).stat().st_size >= wanted_bytes(folder)
    except OSError:
        return False


def is_short(folder: Path) -> bool:
    """Whether the disk is so full that nothing but the person's own work may be written.

    So it is from the moment when the reserve was given up until it could be made again.
    """
    return not is_whole(folder) and free_bytes(folder) < 2 * wanted_bytes(folder)


def make(folder: Path) -> bool:
    """Make the reserve where there is room for it and as much again; returns whether it is there."""
    if is_whole(folder):
        return True
    size = wanted_bytes(folder)
    if free_bytes(folder) < 2 * size:
        return False
    path = folder / RESERVE_NAME
    try:
        descriptor = open_private(path, os.O_RDWR | os.O_CREAT)
        try:
            _allocate(descriptor, size)
            force_to_disk(descriptor)
        finally:
            os.close(descriptor)
    except OSError:
        give_up(folder)
        return False
    return True


def give_up(folder: Path) -> bool:
    """Let the room go; returns whether there was any."""
    try:
        (folder / RESERVE_NAME).unlink()
    except OSError:
        return False
    return True


def has_room(folder: Path) -> bool:
    """Whether a few pages can really be written: a quota tells nothing of itself."""
    probe = folder / "reserve.probe"
    try:
        descriptor = open_private(probe, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        try:
            os.write(descriptor, bytes(_PROBE_BYTES))
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        return error.errno not in _NO_ROOM
    finally:
        with contextlib.suppress(OSError):
            probe.unlink()
    return True


def _allocate(descriptor: int, size: int) -> None:
    """Take up the room on the disk itself, not only in the file's length."""
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, 0, size)
        return
    block = bytes(_BLOCK_BYTES)
    left = size
    while left > 0:
        left -= os.write(descriptor, block[:left])
