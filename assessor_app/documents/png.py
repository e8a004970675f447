"""Drawn pages as PNG files: written here, so that the parent loads no picture library for it."""

from __future__ import annotations

import struct
import zlib

from assessor_app.documents.pages import PagePixels

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_DEPTH, _TRUE_COLOUR = 8, 2
_LEVEL = 6


def png_of(pixels: PagePixels) -> bytes:
    """A PNG in true colour, without transparency and without a word about where it comes from."""
    packer = zlib.compressobj(_LEVEL)
    packed = bytearray()
    for row in range(pixels.height_px):
        start = row * pixels.stride
        line = pixels.data[start : start + pixels.width_px * 4]
        turned = bytearray(1 + pixels.width_px * 3)  # a byte for the filter of the line: none
        turned[1::3], turned[2::3], turned[3::3] = line[2::4], line[1::4], line[0::4]
        packed += packer.compress(bytes(turned))
    packed += packer.flush()
    header = struct.pack(">IIBBBBB", pixels.width_px, pixels.height_px, _DEPTH, _TRUE_COLOUR, 0, 0, 0)
    return b"".join(
        (_SIGNATURE, _chunk(b"IHDR", header), _chunk(b"IDAT", bytes(packed)), _chunk(b"IEND", b""))
    )


def _chunk(name: bytes, content: bytes) -> bytes:
    """A chunk with its length and checksum."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
