"""Pictures without what cameras and programs say in them; pixels stay as they are. Runs only in the child.

Forms that are built of pieces lose pieces; all others are written anew from their pixels alone.
"""

from __future__ import annotations

import io
import struct

from PIL import Image

from assessor_app.documents import worker_pictures, worker_strip_recordings
from assessor_app.documents.blanks import InMemory, blanked
from assessor_app.documents.limits import Limits
from assessor_app.documents.worker_refusal import Refusal

_ORIENTATION = 0x0112
_JPEG_QUALITY = 92
_STANDALONE = frozenset((0x01, *range(0xD0, 0xD8)))
_PNG_KEPT = frozenset(
    (
        *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs"),
        *(b"acTL", b"fcTL", b"fdAT", b"cICP"),
    )
)
_PNG_MAGIC = b"\x89PNG\r\n\x1a\n"


def stripped(data: bytes, limits: Limits) -> tuple[bytes, str]:
    """A picture that says nothing of its maker, and the ending that goes with its form.

    Raises:
        Refusal: it is damaged, of a form that is not allowed, or too large.
    """
    if data.startswith(b"\xff\xd8"):
        picture = strip_jpeg(data, _turn_of(data))
        if b"\xff\xda" not in picture:
            raise Refusal("damaged")
        return picture, "jpg"
    if data.startswith(_PNG_MAGIC):
        return strip_png(data), "png"
    if data.startswith((b"GIF87a", b"GIF89a")):
        return strip_gif(data), "gif"
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return strip_riff(data), "webp"
    return _anew(data, limits)


def strip_jpeg(data: bytes, turn: int = 1) -> bytes:
    """A JPEG without what programs and cameras say in it; pixels are untouched.

    JFIF's own segment and Adobe's, which tells the colours, stay. What stands behind the picture's end, such
    as a second picture with its own properties, goes. Other data is given back as it is.

    Args:
        data: the file.
        turn: how EXIF says that it is to be turned; said again, alone, if it is not upright.
    """
    if not data.startswith(b"\xff\xd8"):
        return data
    kept, at = [data[:2]], 2
    if turn != 1:
        kept.append(_turned(turn))
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 2 > len(data):
            break
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xD9:
            break
        if marker in _STANDALONE or marker == 0x00:
            at += 2
            continue
        end = min(at + 2 + int.from_bytes(data[at + 2 : at + 4], "big"), len(data))
        if marker == 0xDA:
            end = _end_of_scan(data, end)
            kept.append(data[at:end])
        elif not _is_said_by_programs(data, at, marker):
            kept.append(data[at:end])
        at = end
    return b"".join(kept) + b"\xff\xd9"


def _is_said_by_programs(data: bytes, at: int, marker: int) -> bool:
    if marker == 0xE0:
        return data[at + 4 : at + 9] != b"JFIF\x00"
    return (0xE1 <= marker <= 0xEF and marker != 0xEE) or marker == 0xFE


def _end_of_scan(data: bytes, at: int) -> int:
    """Where the next marker stands behind packed pixels."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return len(data)
        if data[at + 1] == 0x00 or data[at + 1] in _STANDALONE:
            at += 2
        elif data[at + 1] == 0xFF:
            at += 1
        else:
            return at


def _turned(turn: int) -> bytes:
    """A segment of EXIF that says which way is up and nothing else."""
    exif = b"Exif\x00\x00MM\x00*" + struct.pack(">IHHHIHHI", 8, 1, _ORIENTATION, 3, 1, turn, 0, 0)
    return b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif


def _turn_of(data: bytes) -> int:
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG", "MPO")) as image:
            turn = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # noqa: BLE001 - Pillow raises what it likes at EXIF
        return 1
    return turn if turn in range(1, 9) else 1


def strip_png(data: bytes) -> bytes:
    """A PNG of its pixels and what they need, and nothing behind its end."""
    kept, at = [_PNG_MAGIC], len(_PNG_MAGIC)
    while at + 12 <= len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(data):
            raise Refusal("damaged")
        if kind in _PNG_KEPT:
            kept.append(data[at:end])
        if kind == b"IEND":
            break
        at = end
    return b"".join(kept)


def strip_gif(data: bytes) -> bytes:
    """A GIF without comments, plain text and what programs add; how often it repeats stays."""
    if len(data) < 13:
        raise Refusal("damaged")
    at = 13 + (3 << ((data[10] & 7) + 1) if data[10] & 0x80 else 0)
    kept = [data[:at]]
    while at < len(data) and data[at] != 0x3B:
        if data[at] == 0x21:
            end = _blocks_end(data, at + 2)
            says_how_often = data[at + 1] == 0xFF and data[at + 3 : at + 14] in (
                b"NETSCAPE2.0",
                b"ANIMEXTS1.0",
            )
            if data[at + 1] == 0xF9 or says_how_often:
                kept.append(data[at:end])
        elif data[at] == 0x2C and at + 10 <= len(data):
            packed = data[at + 9]
            begin = at + 10 + (3 << ((packed & 7) + 1) if packed & 0x80 else 0)
            end = _blocks_end(data, begin + 1)
            kept.append(data[at:end])
        else:
            raise Refusal("damaged")
        at = end
    return b"".join(kept) + b";"


def _blocks_end(data: bytes, at: int) -> int:
    while at < len(data) and data[at]:
        at += 1 + data[at]
    return min(at + 1, len(data))


def strip_riff(data: bytes) -> bytes:
    """A WebP, or a recording in memory, with its places written over."""
    return blanked(0, data, worker_strip_recordings.blanks(InMemory(data)))


def _anew(data: bytes, limits: Limits) -> tuple[bytes, str]:
    """Written anew from pixels alone; pages stay pages."""
    picture = worker_pictures.PictureDocument(data, limits)
    described = picture.describe()["sizes"]
    assert isinstance(described, list)
    frames = []
    for number, (width, height) in enumerate(described):
        pixels = picture.draw(number, 1.0, (0, 0, int(width), int(height)))
        frames.append(Image.frombytes("RGB", (int(width), int(height)), bytes(pixels), "raw", "BGRX"))
    out = io.BytesIO()
    if len(frames) > 1:
        frames[0].save(out, "TIFF", save_all=True, append_images=frames[1:], compression="tiff_lzw")
        return out.getvalue(), "tif"
    frames[0].save(out, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
    return out.getvalue(), "jpg"


def strip_boxes(data: bytes) -> bytes:
    """A JPEG 2000 file without its boxes of XML and of programs' own data; a bare codestream as it is."""
    if data[4:8] != b"jP  ":
        return data
    kept, at = [], 0
    while at + 8 <= len(data):
        length, head = int.from_bytes(data[at : at + 4], "big"), 8
        if length == 1:
            length, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        end = len(data) if length == 0 else at + length
        if end < at + head:
            return data
        if data[at + 4 : at + 8] not in (b"xml ", b"uuid", b"uinf", b"asoc", b"jp2i"):
            kept.append(data[at:end])
        at = end
    return b"".join(kept)
