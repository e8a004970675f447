"""Times in a recording, as people read them."""

from __future__ import annotations


def clock_words(time_ms: int) -> str:
    """A time in a recording, such as "4:32" or "1:04:32"."""
    seconds = time_ms // 1000
    hours, minutes = seconds // 3600, seconds // 60 % 60
    return f"{hours}:{minutes:02}:{seconds % 60:02}" if hours else f"{minutes}:{seconds % 60:02}"
