"""Decoding text files to something safe to show. Runs only in the child."""

from __future__ import annotations

import codecs
from collections.abc import Collection

from assessor_app.documents.limits import Limits
from assessor_app.documents.patches import cover_text
from assessor_app.documents.worker_refusal import Refusal
from assessor_app.vault.sealed_reader import SealedReader

_KEPT_CONTROLS = (0x09, 0x0A)
# Control codes, marks that reorder text, and invisible tags: a reader must see what is there.
_DROPPED = dict.fromkeys(
    code
    for code in [
        *range(0x20),
        *range(0x7F, 0xA0),
        0x061C,
        0x200E,
        0x200F,
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
        0xFEFF,
        *range(0xD800, 0xE000),
        *range(0xE0000, 0xE0080),
    ]
    if code not in _KEPT_CONTROLS
)


def read_text(reader: SealedReader, limits: Limits, lifted: Collection[str] = ()) -> dict[str, object]:
    """The beginning of a text file, decoded and cleaned, with what may name a person covered."""
    text, patches = cover_text(bare_text(reader, limits), lifted)
    return {"text": text, "patches": patches}


def bare_text(reader: SealedReader, limits: Limits) -> str:
    """The beginning of a text file, decoded and cleaned, nothing covered."""
    with reader:
        if reader.size_bytes == 0:
            raise Refusal("empty")
        data = reader.read_at(0, limits.max_text_bytes)
    return decode(data)


def decode(data: bytes) -> str:
    """Decode UTF-8 or UTF-16 by its mark, else UTF-8, else Windows-1252; line ends become LF."""
    return cleaned(_decoded(data))


def cleaned(text: str) -> str:
    """Text without control codes, marks that reorder it and invisible tags; line ends become LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(_DROPPED)


def _decoded(data: bytes) -> str:
    """Decode without cleaning; a character cut at the end vanishes."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return codecs.getincrementaldecoder("utf-16")("replace").decode(data)
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(data)
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
