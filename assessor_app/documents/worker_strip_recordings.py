"""What recordings say of their makers, in every form but MP4: where it lies, so that it is written over.

Tags of MP3 (ID3, APE), chunks of WAVE, AVI and WebP (RIFF), blocks of FLAC, comments of Ogg, elements of
Matroska and WebM. Runs only in the child.
"""

from __future__ import annotations

from collections.abc import Iterator

from assessor_app.documents import worker_strip_boxes
from assessor_app.documents.blanks import MOST_BLANKS, Blank, Readable
from assessor_app.documents.worker_refusal import Refusal

_MOST_PIECES = 200_000
_COMMENT_MAX_BYTES = 32 * 1024 * 1024
_KEPT_RIFF = frozenset(
    (b"fmt ", b"data", b"fact", b"VP8 ", b"VP8L", b"VP8X", b"ANIM", b"ANMF", b"ALPH", b"idx1")
)
_KEPT_RIFF_LISTS = frozenset((b"hdrl", b"strl", b"movi", b"odml", b"rec "))
_KEPT_IN_AVI = frozenset((b"avih", b"strh", b"strf", b"indx", b"dmlh", b"vprp"))
_FLAC_PADDING, _FLAC_KEPT = 1, frozenset((0, 1, 3))
_SEGMENT, _CLUSTER = 0x18538067, 0x1F43B675
_MASTERS = frozenset((_SEGMENT, 0x1549A966, 0x1654AE6B, 0xAE))
"""Segment, Info, Tracks, TrackEntry."""
_EMPTIED = frozenset((0x7BA9, 0x4D80, 0x5741, 0x7384, 0x3C83AB, 0x3E83BB, 0x536E, 0x258688))
"""Title, the two programs, names of files, names of tracks and codecs."""
_VOIDED = frozenset((0x1254C367, 0x1941A469, 0x4461, 0x73A4, 0x3CB923, 0x3EB923, 0x4444, 0xEC))
"""Tags, attachments, the moment, ids of segments; and what earlier edits left behind."""
_UNKNOWN = -1


def blanks(reader: Readable) -> list[Blank]:
    """Every place of a recording that is to be written over.

    Raises:
        Refusal: it does not hang together.
    """
    head = reader.read_at(0, 64)
    at = _id3_end(reader)
    found = list(_id3(reader))
    if head[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"):
        found += worker_strip_boxes.blanks(reader)
    elif head.startswith(b"RIFF"):
        found += _riff(reader)
    elif head.startswith(b"\x1aE\xdf\xa3"):
        _elements(reader, 0, reader.size_bytes, found, 0)
    elif head.startswith(b"OggS"):
        found += _ogg(reader)
    elif reader.read_at(at, 4) == b"fLaC":
        found += _flac(reader, at + 4)
    if len(found) > MOST_BLANKS:
        raise Refusal("damaged")
    return found


# ---- MP3 ----


def _id3_end(reader: Readable) -> int:
    at = 0
    for _ in range(8):
        head = reader.read_at(at, 10)
        if len(head) < 10 or not head.startswith(b"ID3"):
            break
        at += 10 + _synchsafe(head[6:10]) + (10 if head[5] & 0x10 else 0)
    return min(at, reader.size_bytes)


def _id3(reader: Readable) -> Iterator[Blank]:
    at = 0
    while reader.read_at(at, 3) == b"ID3":
        head = reader.read_at(at, 10)
        length = _synchsafe(head[6:10]) + (10 if head[5] & 0x10 else 0)
        # A tag of this length in which nothing is said.
        length = min(length, reader.size_bytes - at - 10)
        if length < 0:
            return
        first = head[:5] + b"\x00" + _unsynchsafe(length)
        yield Blank(at, 10 + length, first)
        at += 10 + length
    end = reader.size_bytes
    for mark, count in ((b"TAG", 128), (b"TAG+", 227)):
        if end >= count and reader.read_at(end - count, len(mark)) == mark:
            yield Blank(end - count, count)
            end -= count
    if end >= 15 and reader.read_at(end - 9, 9) == b"LYRICS200":
        digits = reader.read_at(end - 15, 6)
        if digits.isdigit() and int(digits) + 15 <= end:
            yield Blank(end - 15 - int(digits), int(digits) + 15)
            end -= 15 + int(digits)
    foot = reader.read_at(end - 32, 32) if end >= 32 else b""
    if foot.startswith(b"APETAGEX"):
        length = int.from_bytes(foot[12:16], "little") + (32 if foot[23] & 0x80 else 0)
        if length <= end:
            yield Blank(end - length, length)
    if reader.read_at(0, 8) == b"APETAGEX":
        length = int.from_bytes(reader.read_at(12, 4), "little") + 32
        yield Blank(0, min(length, reader.size_bytes))


def _synchsafe(four: bytes) -> int:
    return sum((byte & 0x7F) << shift for byte, shift in zip(four, (21, 14, 7, 0), strict=False))


def _unsynchsafe(number: int) -> bytes:
    return bytes((number >> shift) & 0x7F for shift in (21, 14, 7, 0))


# ---- WAVE, AVI, WebP ----


def _riff(reader: Readable) -> Iterator[Blank]:
    at = 0
    while reader.read_at(at, 4) == b"RIFF":
        head = reader.read_at(at, 12)
        end = min(at + 8 + int.from_bytes(head[4:8], "little"), reader.size_bytes)
        yield from _chunks(reader, at + 12, end, head[8:12])
        at = end + (end - at) % 2
    if at < reader.size_bytes:
        yield Blank(at, reader.size_bytes - at)  # behind the end nothing is played


def _chunks(reader: Readable, at: int, end: int, form: bytes) -> Iterator[Blank]:
    for _ in range(_MOST_PIECES):
        head = reader.read_at(at, 12)
        if at + 8 > end or len(head) < 8:
            return
        kind, length = head[:4], int.from_bytes(head[4:8], "little")
        stop = min(at + 8 + length, end)
        if kind == b"LIST" and head[8:12] in _KEPT_RIFF_LISTS:
            if head[8:12] != b"movi":
                yield from _chunks(reader, at + 12, stop, head[8:12])
        elif kind not in (_KEPT_IN_AVI if form in _KEPT_RIFF_LISTS else _KEPT_RIFF):
            yield Blank(at, stop - at, b"JUNK" + head[4:8])
        elif kind == b"VP8X":
            # Without the flags of colours, EXIF and XMP, which are gone.
            yield Blank(at + 8, 1, bytes((reader.read_at(at + 8, 1)[0] & ~0x2C,)))
        at += 8 + length + length % 2
    raise Refusal("damaged")


# ---- FLAC ----


def _flac(reader: Readable, at: int) -> Iterator[Blank]:
    for _ in range(_MOST_PIECES):
        head = reader.read_at(at, 4)
        if len(head) < 4:
            raise Refusal("damaged")
        is_last, kind, length = head[0] & 0x80, head[0] & 0x7F, int.from_bytes(head[1:4], "big")
        if at + 4 + length > reader.size_bytes:
            raise Refusal("damaged")
        if kind not in _FLAC_KEPT or kind == _FLAC_PADDING:
            yield Blank(at, 4 + length, bytes((is_last | _FLAC_PADDING,)) + head[1:4])
        at += 4 + length
        if is_last:
            return


# ---- Ogg ----


def _ogg(reader: Readable) -> Iterator[Blank]:
    """Comments are written over with spaces; pages that change get their check sums anew."""
    packets: dict[bytes, list[tuple[int, int]]] = {}
    counts: dict[bytes, int] = {}
    pages: list[tuple[int, int]] = []
    places: list[tuple[int, int]] = []
    at = 0
    while (head := reader.read_at(at, 27)).startswith(b"OggS") and len(head) == 27:
        laces = reader.read_at(at + 27, head[26])
        serial, body = head[14:18], at + 27 + head[26]
        pages.append((at, body + sum(laces) - at))
        if head[5] & 2:
            counts[serial], packets[serial] = 0, []
        if counts.get(serial, 2) < 2:
            for lace in laces:
                if counts[serial] < 2:
                    packets[serial].append((body, lace))
                body += lace
                if lace < 255:
                    if counts[serial] == 1:
                        places += _comments(reader, packets[serial])
                    counts[serial] += 1
                    packets[serial] = []
        elif all(count >= 2 for count in counts.values()):
            break
        at = pages[-1][0] + pages[-1][1]
    for start, length in pages:
        if any(start <= place < start + length for place, _ in places):
            yield _page_without(reader, start, length, places)


def _comments(reader: Readable, pieces: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Where the words of a packet of comments lie in the file, as (offset, count)."""
    if sum(count for _, count in pieces) > _COMMENT_MAX_BYTES:
        raise Refusal("too_large")
    packet = b"".join(reader.read_at(at, count) for at, count in pieces)
    at = next((len(mark) for mark in _COMMENT_MARKS if packet.startswith(mark)), 0)
    return _in_file(pieces, _all_strings(packet, at))


_COMMENT_MARKS = (b"\x03vorbis", b"OpusTags", b"\x81theora", b"OVP80\x02 ", b"\x84\x00\x00\x00")


def _all_strings(packet: bytes, at: int) -> list[tuple[int, int]]:
    """The vendor's name and each comment, as (offset in the packet, count)."""
    found: list[tuple[int, int]] = []
    length = int.from_bytes(packet[at : at + 4], "little")
    if at + 4 + length + 4 > len(packet):
        return found
    found.append((at + 4, length))
    at += 4 + length
    count = int.from_bytes(packet[at : at + 4], "little")
    at += 4
    for _ in range(min(count, MOST_BLANKS)):
        length = int.from_bytes(packet[at : at + 4], "little")
        if at + 4 + length > len(packet):
            break
        found.append((at + 4, length))
        at += 4 + length
    if at < len(packet):
        # Behind the comments a program may keep what it likes; one bit of frame is asked for.
        found.append((at + 1, len(packet) - at - 1))
    return found


def _in_file(pieces: list[tuple[int, int]], words: list[tuple[int, int]]) -> list[tuple[int, int]]:
    found, start = [], 0
    for at, count in pieces:
        for word, length in words:
            low, high = max(word, start), min(word + length, start + count)
            if low < high:
                found.append((at + low - start, high - low))
        start += count
    return found


def _page_without(reader: Readable, start: int, length: int, places: list[tuple[int, int]]) -> Blank:
    page = bytearray(reader.read_at(start, length))
    for at, count in places:
        if start <= at < start + length:
            page[at - start : at - start + count] = b" " * count
    page[22:26] = bytes(4)
    page[22:26] = _ogg_sum(page).to_bytes(4, "little")
    return Blank(start, length, bytes(page))


def _ogg_table() -> tuple[int, ...]:
    table = []
    for number in range(256):
        value = number << 24
        for _ in range(8):
            value = (value << 1) ^ (0x04C11DB7 if value & 0x8000_0000 else 0)
        table.append(value & 0xFFFF_FFFF)
    return tuple(table)


_TABLE = _ogg_table()


def _ogg_sum(page: bytearray) -> int:
    value = 0
    for byte in page:
        value = ((value << 8) & 0xFFFF_FFFF) ^ _TABLE[(value >> 24) ^ byte]
    return value


# ---- Matroska and WebM ----


def _elements(reader: Readable, at: int, end: int, found: list[Blank], depth: int) -> None:
    for _ in range(_MOST_PIECES):
        if at >= end or len(found) > MOST_BLANKS:
            return
        head = reader.read_at(at, 12)
        name, width = _number(head, keeps_mark=True)
        length, more = _number(head[width:], keeps_mark=False)
        if not width or not more:
            return  # a recording that was cut off
        body = at + width + more
        stop = end if length == _UNKNOWN else min(body + length, end)
        if name in _MASTERS or (name == _CLUSTER and length == _UNKNOWN):
            if depth > 4:
                raise Refusal("damaged")
            _elements(reader, body, stop, found, depth + (name != _CLUSTER))
        elif name in _EMPTIED:
            found.append(Blank(body, stop - body))
        elif name in _VOIDED and length != _UNKNOWN:
            found.append(_void(at, stop))
        at = stop
    raise Refusal("damaged")


def _void(at: int, end: int) -> Blank:
    """An element of the same length that says nothing."""
    length = end - at
    if length < 9:
        return Blank(at, length, bytes((0xEC, 0x80 | (length - 2))))
    return Blank(at, length, b"\xec\x01" + (length - 9).to_bytes(7, "big"))


def _number(data: bytes, *, keeps_mark: bool) -> tuple[int, int]:
    """A number of EBML and how many bytes it takes; (0, 0) for none."""
    if not data or not data[0]:
        return 0, 0
    width = 9 - data[0].bit_length()
    if len(data) < width or (keeps_mark and width > 4):
        return 0, 0
    value = int.from_bytes(data[:width], "big")
    if keeps_mark:
        return value, width
    value &= (1 << (7 * width)) - 1
    return (_UNKNOWN if value == (1 << (7 * width)) - 1 else value), width
