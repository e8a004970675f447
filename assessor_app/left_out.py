"""Keeping the profiles out of what the system copies and indexes: Time Machine, Spotlight, Windows Search.

What is kept is encrypted, so nothing could be read there; but a copy outlives the policy's days, and an index
would open every file again and again. Untried on Windows and macOS.
"""

from __future__ import annotations

import ctypes
import logging
import os
import plistlib
import sys
from pathlib import Path

NEVER_INDEX = ".metadata_never_index"
"""Spotlight leaves a folder alone that holds a file of this name."""
TIME_MACHINE = "com.apple.metadata:com_apple_backup_excludeItem"
"""The extended attribute that `tmutil addexclusion` sets."""
_NOT_CONTENT_INDEXED = 0x2000
_NO_ATTRIBUTES = 0xFFFFFFFF
_log = logging.getLogger(__name__)


def leave_out(folder: Path, system: str = sys.platform) -> bool:
    """Ask the system to leave a folder out; what is made in it later is left out with it.

    Args:
        folder: exists.
        system: as in `sys.platform`.

    Returns:
        Whether it was done; a system that refuses costs a line of the log, nothing else.
    """
    if system == "darwin":
        done = _touch(folder / NEVER_INDEX) and set_attribute(folder, TIME_MACHINE, time_machine_value())
    elif system == "win32":
        done = _not_indexed(folder)
    else:
        return False
    if not done:
        _log.info("the system indexes or copies the profiles: it could not be asked not to")
    return done


def time_machine_value() -> bytes:
    """The attribute's content: who excluded it, as a binary property list."""
    return plistlib.dumps("com.apple.backupd", fmt=plistlib.FMT_BINARY)


def set_attribute(path: Path, name: str, value: bytes) -> bool:
    """Set an extended attribute where Python has no call for it; False where the system refuses.

    The four arguments before the last are the same on Linux, where a last one too many is not looked at.
    """
    setxattr = ctypes.CDLL(None).setxattr
    place, size = ctypes.c_uint32(0), ctypes.c_size_t(len(value))
    return bool(setxattr(os.fsencode(path), name.encode(), value, size, place, 0) == 0)


def _touch(path: Path) -> bool:
    try:
        path.touch()
    except OSError:
        return False
    return True


if sys.platform == "win32":

    def _not_indexed(folder: Path) -> bool:
        kernel = ctypes.windll.kernel32
        kernel.GetFileAttributesW.restype = ctypes.c_uint32
        attributes = kernel.GetFileAttributesW(str(folder))
        if attributes == _NO_ATTRIBUTES:
            return False
        return bool(kernel.SetFileAttributesW(str(folder), attributes | _NOT_CONTENT_INDEXED))

else:

    def _not_indexed(_folder: Path) -> bool:
        return False
