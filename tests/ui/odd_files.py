"""Evidence as nobody wants it: broken, hostile or merely odd files, each made in a moment."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass

import pymupdf

from tests.evidence_files import docx_of, text_pdf, zip_of

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class OddFile:
    """A file that is not shown, and what its card is called."""

    filename: str
    media_type: str
    make: Callable[[], bytes]
    title: str
    can_retry: bool = False


def cut_pdf() -> bytes:
    """The first half of the first object of a PDF."""
    return text_pdf("Plan of the lesson. " * 100)[:60]


def page_tree_bomb() -> bytes:
    """A PDF that says it has a billion pages."""
    return (
        b"%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n"
        b"2 0 obj\n<</Type/Pages/Kids[3 0 R]/Count 1000000000>>\nendobj\n"
        b"3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]>>\nendobj\n"
        b"trailer\n<</Size 4/Root 1 0 R>>\n%%EOF"
    )


AES_256 = 5
"""MuPDF's number for this way of encrypting."""


def locked_pdf() -> bytes:
    """A PDF that opens with a password alone."""
    document = pymupdf.open(stream=text_pdf("Nobody here may read this."))
    data: bytes = document.tobytes(encryption=AES_256, user_pw="secret", owner_pw="more secret")
    document.close()
    return data


def huge_picture(side_px: int = 30_000) -> bytes:
    """A PNG of 900 million pixels that packs to little."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return (
            struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        )

    header = struct.pack(">IIBBBBB", side_px, side_px, 8, 0, 0, 0, 0)
    body = zlib.compress(bytes((side_px + 1) * 20), 1)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def unpacking_bomb() -> bytes:
    """A Word file of a few kilobytes with 40 million zeros in it."""
    return docx_of({"word/media/a.bin": bytes(40_000_000)})


def film() -> bytes:
    """The first bytes of a video, and nothing that plays."""
    return b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp41" + bytes(2_000)


ODD_FILES: dict[str, OddFile] = {
    "truncated pdf": OddFile("Plan.pdf", "application/pdf", cut_pdf, "This file is damaged", True),
    "page tree bomb": OddFile("Plan.pdf", "application/pdf", page_tree_bomb, "This file is damaged", True),
    "password": OddFile("Plan.pdf", "application/pdf", locked_pdf, "This file is protected with a password"),
    "30,000 pixels": OddFile(
        "Board.png", "image/png", huge_picture, "This picture is too large to show here"
    ),
    "zip bomb": OddFile("Plan.docx", WORD, unpacking_bomb, "This file is packed in an unsafe way"),
    "no rendition": OddFile(
        "Plan.doc",
        "application/msword",
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "This is an office document of an older form",
        True,
    ),
    "html as pdf": OddFile(
        "Plan.pdf",
        "application/pdf",
        lambda: b"<!DOCTYPE html><html><body onload=alert(1)><img src=/etc/passwd></body></html>",
        "This file is not what its name says",
    ),
    "mp4": OddFile("Lesson.mp4", "video/mp4", film, "This recording is damaged", True),
    "archive": OddFile(
        "All.zip", "application/zip", lambda: zip_of({"a.txt": b"a"}), "This is an archive with files inside"
    ),
    "unknown binary": OddFile(
        "data.xyz",
        "application/octet-stream",
        lambda: bytes(range(256)) * 40,
        "This kind of file is not known here",
    ),
    "empty": OddFile("Plan.pdf", "application/pdf", bytes, "This file is empty"),
}
"""By what is odd about it."""

BIDI = "\u202ereport\u202cfdp.exe"
"""A name that reads backwards where direction marks are obeyed."""
ODD_NAMES: dict[str, str] = {
    "ordinary": "Plan.pdf",
    "path": "../../x",
    "windows path": "..\\..\\C:\\x:stream",
    "device": "CON",
    "long word": "a" * 5_000 + ".pdf",
    "long words": "many words " * 500,
    "right to left": BIDI,
    "control codes": "Plan\x00\x07\n\r\t\u2028of\x85it\u200b\ufeff.pdf",
    "markup": "<b>x</b><img src=/etc/passwd>",
    "mnemonic": "Q&A &amp; more.pdf",
    "nothing": "",
    "blank": "\u202e\u200b \u00a0",
}
"""By what is odd about the name; the first is what the others are measured against."""
