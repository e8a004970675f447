"""Which evidence comes by itself, which waits to be asked for, and what goes first where room is short."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

FREE_BYTES = 2 * 1000**3
"""So much of the disk stays free, whatever the person chose."""


class Hold(StrEnum):
    """Why a file does not come by itself."""

    PAUSED = "paused"
    LARGE = "large"
    """Larger than what she wants to come by itself."""
    METERED = "metered"
    """The network counts bytes."""
    QUOTA = "quota"
    """What is more urgent takes the room that she gives to evidence."""
    DISK = "disk"
    """The disk has too little room left."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The person's choices, within the rules of the machine; 0 stands for no limit."""

    bytes_per_s: int = 0
    large_bytes: int = 0
    """A file over this size comes only when it is opened or asked for."""
    waits_on_metered: bool = True
    """On a network that counts bytes, files come only when they are opened or asked for."""
    quota_bytes: int = 0
    """Room for all evidence; without it, what leaves `FREE_BYTES` free."""


@dataclass(frozen=True, slots=True)
class Kept:
    """One file that is here, as far as it matters for making room."""

    blob_id: str
    size_bytes: int
    due_us: int
    is_settled: bool = False
    is_needed: bool = False
    """Of a trip, of work that is not sent, or open just now: it never goes."""


def held(size_bytes: int, limits: Limits, *, is_metered: bool) -> Hold | None:
    """Why a file that nobody asked for does not come by itself; None where it does."""
    if limits.large_bytes and size_bytes > limits.large_bytes:
        return Hold.LARGE
    if is_metered and limits.waits_on_metered:
        return Hold.METERED
    return None


def lacking(
    size_bytes: int, used_bytes: int, free_bytes: int, *, floor_bytes: int, quota_bytes: int
) -> tuple[int, Hold]:
    """How many bytes have to go so that a file fits, and what is in its way if they cannot; 0 where it fits.

    Args:
        size_bytes: what is still to come of the file.
        used_bytes: what evidence takes already.
        free_bytes: of the disk.
        floor_bytes: what has to stay free of it.
        quota_bytes: what evidence may take; 0 for any.
    """
    of_disk = size_bytes - (free_bytes - floor_bytes)
    of_quota = size_bytes - (quota_bytes - used_bytes) if quota_bytes else 0
    if of_quota > 0 and of_quota >= of_disk:
        return of_quota, Hold.QUOTA
    return max(0, of_disk), Hold.DISK


def to_give_up(kept: Iterable[Kept], bytes_wanted: int, due_us: int | None) -> tuple[Kept, ...]:
    """What goes so that there is room: settled work first, then what is due last.

    Args:
        kept: what is here.
        bytes_wanted: how much room is needed.
        due_us: when the file is due that is to come: only what is due later goes for it, so that two files
            never take each other's place in turn; None where somebody asked for it.

    Returns:
        Files, first those that go first; none where all that may go would not be enough.
    """
    may_go = [
        one for one in kept if not one.is_needed and (one.is_settled or due_us is None or one.due_us > due_us)
    ]
    may_go.sort(key=lambda one: (not one.is_settled, -one.due_us, -one.size_bytes, one.blob_id))
    chosen: list[Kept] = []
    room = 0
    for one in may_go:
        if room >= bytes_wanted:
            break
        chosen.append(one)
        room += one.size_bytes
    return tuple(chosen) if room >= bytes_wanted else ()
