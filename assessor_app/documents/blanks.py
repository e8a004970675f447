"""Places in a recording that are written over in place: nothing moves, so that players find all they need."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

MOST_BLANKS = 20_000
"""More places than any program writes."""


class Readable(Protocol):
    """What can be read anywhere, such as a sealed file."""

    @property
    def size_bytes(self) -> int:
        """How long it is."""

    def read_at(self, offset: int, count: int) -> bytes:
        """Some of its bytes; fewer at its end."""


class InMemory:
    """Bytes that can be read anywhere."""

    def __init__(self, data: bytes) -> None:
        """Hold them."""
        self._data = data

    @property
    def size_bytes(self) -> int:
        """How long it is."""
        return len(self._data)

    def read_at(self, offset: int, count: int) -> bytes:
        """Some of its bytes; fewer at its end."""
        return self._data[offset : offset + count]


@dataclass(frozen=True, slots=True)
class Blank:
    """One place: some bytes, then nothing."""

    at: int
    """Offset in the file."""
    count: int
    """How many bytes are written over."""
    first: bytes = b""
    """What stands at its beginning; all behind it is zero."""


def blanked(offset: int, data: bytes, blanks: Iterable[Blank]) -> bytes:
    """A part of a file with all places in it written over.

    Args:
        offset: where the part begins in the file.
        data: the part.
        blanks: of the whole file, in any order; a later one writes over an earlier one.
    """
    out = bytearray(data)
    end = offset + len(data)
    for blank in blanks:
        low, high = max(blank.at, offset), min(blank.at + blank.count, end)
        if low < high:
            new = blank.first[low - blank.at : high - blank.at].ljust(high - low, b"\x00")
            out[low - offset : high - offset] = new
    return bytes(out)


def as_plain(blanks: Iterable[Blank]) -> list[list[object]]:
    """For the pipe between child and parent."""
    return [[blank.at, blank.count, blank.first.hex()] for blank in blanks]


def from_plain(untrusted: object, size_bytes: int) -> tuple[Blank, ...]:
    """What came through the pipe.

    Raises:
        ValueError: it is not what `as_plain` gives, or lies outside of the file.
    """
    if not isinstance(untrusted, list) or len(untrusted) > MOST_BLANKS:
        raise ValueError("no list of places")
    return tuple(_checked(untrusted, size_bytes))


def _checked(untrusted: list[object], size_bytes: int) -> Iterator[Blank]:
    for item in untrusted:
        if not isinstance(item, list) or [type(part) for part in item] != [int, int, str]:
            raise ValueError("not a place")
        at, count, first = int(item[0]), int(item[1]), bytes.fromhex(str(item[2]))
        if at < 0 or count < 0 or at + count > size_bytes or len(first) > count:
            raise ValueError("outside of the file")
        yield Blank(at, count, first)
