"""What an MP4 or QuickTime file says of its maker, found box by box. Runs only in the child.

Nothing is moved: boxes become free space, names zeros, moments days. Tracks of measurements, such as the
places that cameras write down every second, lose their samples as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assessor_app.documents.blanks import MOST_BLANKS, Blank, Readable
from assessor_app.documents.worker_refusal import Refusal

_CONTAINERS = frozenset(
    (
        b"moov",
        b"trak",
        b"mdia",
        b"minf",
        b"stbl",
        b"dinf",
        b"edts",
        b"moof",
        b"traf",
        b"mvex",
        b"mfra",
        b"gmhd",
    )
)
_DROPPED = frozenset(
    (b"udta", b"meta", b"uuid", b"free", b"skip", b"wide", b"pnot", b"PICT", b"meco", b"cprt")
)
_DATED = frozenset((b"mvhd", b"tkhd", b"mdhd"))
_MEASURED = frozenset((b"meta", b"gpmd", b"mebx", b"camm", b"hint"))
"""Handlers of tracks that nobody sees or hears."""
_DAY_S = 86_400
_DEEPEST = 12
_TABLE_MAX_BYTES = 64 * 1024 * 1024
_MOST_BOXES = 50_000


@dataclass(frozen=True, slots=True)
class Box:
    """One box."""

    kind: bytes
    at: int
    body: int
    """Where its content begins."""
    end: int


def blanks(reader: Readable) -> list[Blank]:
    """Every place that is to be written over.

    Raises:
        Refusal: the boxes do not fit together.
    """
    found: list[Blank] = []
    _walk(reader, 0, reader.size_bytes, found, 0)
    if len(found) > MOST_BLANKS:
        raise Refusal("damaged")
    return found


def boxes(reader: Readable, at: int, end: int) -> Iterator[Box]:
    """The boxes from one place to another.

    Raises:
        Refusal: one is longer than its surroundings.
    """
    for _ in range(_MOST_BOXES):
        if at + 8 > end:
            return
        head = reader.read_at(at, min(16, end - at))
        size, body = int.from_bytes(head[:4], "big"), at + 8
        if size == 1 and len(head) == 16:
            size, body = int.from_bytes(head[8:16], "big"), at + 16
        elif size == 0:
            size = end - at
        if at == 0 and head[4:8] not in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"):
            raise Refusal("damaged")
        if size < body - at:
            return  # zeros behind the last box, as some programs leave them
        if at + size > end:
            if head[4:8] != b"mdat":
                raise Refusal("damaged")
            size = end - at  # a recording that was cut off
        yield Box(head[4:8], at, body, at + size)
        at += size
    raise Refusal("damaged")


def _walk(reader: Readable, at: int, end: int, found: list[Blank], depth: int) -> None:
    if depth > _DEEPEST:
        raise Refusal("damaged")
    for box in boxes(reader, at, end):
        if box.kind == b"cmov":
            raise Refusal("damaged")  # packed: nobody can look into it
        if box.kind in _DROPPED:
            found.append(_as_free(box))
        elif box.kind == b"trak" and _handler(reader, box) in _MEASURED:
            found += [Blank(*place) for place in _samples(reader, box)]
            found.append(_as_free(box))
        elif box.kind in _CONTAINERS:
            _walk(reader, box.body, box.end, found, depth + 1)
        elif box.kind in _DATED:
            found += _days(reader, box)
        elif box.kind == b"hdlr":
            named = box.body + 24
            if named < box.end:
                found.append(Blank(named, box.end - named))


def _as_free(box: Box) -> Blank:
    """A box of the same length in which nothing is."""
    head = b"free" if box.body - box.at == 8 else b"free" + (box.end - box.at).to_bytes(8, "big")
    return Blank(box.at + 4, box.end - box.at - 4, head)


def _days(reader: Readable, box: Box) -> list[Blank]:
    """Moments of making and changing, as days: a time of day is a habit."""
    is_long = reader.read_at(box.body, 1) == b"\x01"
    width = 8 if is_long else 4
    if box.body + 4 + 2 * width > box.end:
        raise Refusal("damaged")
    found = []
    for number in range(2):
        at = box.body + 4 + number * width
        moment = int.from_bytes(reader.read_at(at, width), "big")
        found.append(Blank(at, width, (moment - moment % _DAY_S).to_bytes(width, "big")))
    return found


def _handler(reader: Readable, trak: Box) -> bytes:
    """What kind of track it is; empty if it does not say."""
    mdia = _child(reader, trak, b"mdia")
    hdlr = _child(reader, mdia, b"hdlr") if mdia is not None else None
    return reader.read_at(hdlr.body + 8, 4) if hdlr is not None and hdlr.body + 12 <= hdlr.end else b""


def _child(reader: Readable, parent: Box, kind: bytes) -> Box | None:
    return next((box for box in boxes(reader, parent.body, parent.end) if box.kind == kind), None)


def _samples(reader: Readable, trak: Box) -> list[tuple[int, int]]:
    """Where the samples of a track lie in the file, as (offset, count).

    Raises:
        Refusal: its tables contradict themselves.
    """
    inner: Box | None = trak
    for kind in (b"mdia", b"minf", b"stbl"):
        inner = _child(reader, inner, kind) if inner is not None else None
    if inner is None:
        return []
    tables = {box.kind: _table(reader, box) for box in boxes(reader, inner.body, inner.end)}
    wide = tables.get(b"co64")
    offsets = _numbers(
        wide if wide is not None else tables.get(b"stco", b""), 8, 8 if wide is not None else 4
    )
    chunks = _rows(tables.get(b"stsc", b""))
    sizes = tables.get(b"stsz", b"")
    same = int.from_bytes(sizes[4:8], "big")
    each = _numbers(sizes, 12, 4) if not same else []
    found, sample, run = [], 0, 0
    for number, offset in enumerate(offsets, 1):
        while run + 1 < len(chunks) and chunks[run + 1][0] <= number:
            run += 1
        count = chunks[run][1] if chunks else 1
        length = same * count if same else sum(each[sample : sample + count])
        sample += count
        if offset + length > reader.size_bytes:
            raise Refusal("damaged")
        if length:
            found.append((offset, length))
        if len(found) > MOST_BLANKS:
            raise Refusal("damaged")
    return found


def _table(reader: Readable, box: Box) -> bytes:
    count = box.end - box.body
    if count > _TABLE_MAX_BYTES:
        raise Refusal("too_large")
    return reader.read_at(box.body, count)


def _numbers(table: bytes, at: int, width: int) -> list[int]:
    whole = len(table) - (len(table) - at) % width if len(table) > at else at
    return [int.from_bytes(table[one : one + width], "big") for one in range(at, whole, width)]


def _rows(table: bytes) -> list[tuple[int, int]]:
    """First chunk and samples in each, of the table of chunks."""
    return [
        (int.from_bytes(table[at : at + 4], "big"), int.from_bytes(table[at + 4 : at + 8], "big"))
        for at in range(8, len(table) - 11, 12)
    ]
