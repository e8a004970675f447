"""How Qt Multimedia is used everywhere here: its FFmpeg, decoding in software, silent about what it meets."""

from __future__ import annotations

import contextlib
import ctypes
import os
from pathlib import Path

import PySide6

_SETTINGS = {
    "QT_MEDIA_BACKEND": "ffmpeg",
    # A graphics driver is no place for a stranger's file, and the trial must decode as the window does.
    "QT_FFMPEG_DECODING_HW_DEVICE_TYPES": ",",
}
_AV_LOG_QUIET = -8
_LIBRARY_PATTERNS = ("Qt/lib/libavutil.so.*", "Qt/lib/libavutil.*.dylib", "avutil-*.dll")


def prepare() -> None:
    """Set this process up; before the first player is made."""
    os.environ.update(_SETTINGS)


def hush() -> None:
    """Have FFmpeg say nothing; once the first player is made, because Qt has it talk then.

    It would write what a file says of itself (title, author) to the terminal.
    """
    folder = Path(PySide6.__file__).resolve().parent
    for library in (found for pattern in _LIBRARY_PATTERNS for found in sorted(folder.glob(pattern))):
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(str(library)).av_log_set_level(_AV_LOG_QUIET)
            return
