"""No image of a process's memory is left behind by a crash. Light: the start of the program loads it.

Tried on Linux; the macOS and Windows branches are written after their manuals and untried.
"""

from __future__ import annotations

import contextlib
import sys

if sys.platform == "win32":
    import ctypes
else:
    import resource


def dump_nothing() -> None:
    """Leave no image of this process's memory when it crashes: it holds keys and decrypted evidence.

    What is started from here inherits it. On Linux the bound is one byte: a bound of nothing is ignored where
    crashes are piped to a program, and one byte is the kernel's own sign for not starting that. On Windows
    the report of a crash goes without the heap.
    """
    if sys.platform == "win32":
        without_heap = 0x0001
        with contextlib.suppress(OSError, AttributeError):
            ctypes.WinDLL("kernel32").WerSetFlags(without_heap)
        return
    most = 1 if sys.platform == "linux" else 0
    with contextlib.suppress(ValueError, OSError):  # less is allowed already
        resource.setrlimit(resource.RLIMIT_CORE, (most, most))
