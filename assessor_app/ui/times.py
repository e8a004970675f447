"""Moments of a recording as people read and type them: m:ss.t, with hours where there are any."""

from __future__ import annotations

import re

_TYPED = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,4}):)?(\d{1,6})(?:[.,](\d{1,3}))?")


def time_words(time_ms: int) -> str:
    """A moment as m:ss.t or h:mm:ss.t, cut to tenths of a second, never rounded up.

    Args:
        time_ms: milliseconds from the beginning, 0 or more.
    """
    tenths = max(0, time_ms) // 100
    seconds, tenth = divmod(tenths, 10)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minute:02}:{second:02}.{tenth}"
    return f"{minutes}:{second:02}.{tenth}"


def typed_time_ms(text: str) -> int | None:
    """The moment that was typed ("75", "1:15.4", "1:01:15"), in milliseconds; None for anything else."""
    match = _TYPED.fullmatch(text.strip())
    if match is None:
        return None
    hours, minutes, seconds, part = match.groups()
    whole_s = int(hours or 0) * 3600 + int(minutes or 0) * 60 + int(seconds)
    return whole_s * 1000 + int((part or "0").ljust(3, "0"))
