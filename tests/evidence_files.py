"""Real files of evidence, made on the spot and sealed, for the tests of documents."""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pymupdf
from PIL import Image

from assessor_app.clock import Clock
from assessor_app.documents.pages import EvidenceSource
from assessor_app.vault.sealed_file import SealedWriter, file_key_of

SUBMISSION_KEY = bytes(range(32))


def seal(folder: Path, data: bytes, name: str, media_type: str = "") -> EvidenceSource:
    """Seal `data` as the download does and describe it as the cache does."""
    blob_id = hashlib.sha256(name.encode("utf-8", "replace") + data).hexdigest()[:32]
    path = folder / blob_id
    sha256 = hashlib.sha256(data).hexdigest()
    if not path.exists():
        with SealedWriter(path, submission_key=SUBMISSION_KEY, blob_id=blob_id, clock=Clock()) as writer:
            writer.write(data)
            writer.finish(expected_size=len(data), expected_sha256=sha256)
    file_key = file_key_of(path, submission_key=SUBMISSION_KEY, blob_id=blob_id)
    return EvidenceSource(blob_id, path, file_key, len(data), sha256, media_type, name)


def pdf_of(draw: Callable[[pymupdf.Document], None]) -> bytes:
    """A PDF that `draw` fills."""
    document = pymupdf.open()
    draw(document)
    data: bytes = document.tobytes()
    document.close()
    return data


def text_pdf(*pages: str) -> bytes:
    """A PDF with one A4 page of text for each argument."""

    def draw(document: pymupdf.Document) -> None:
        for text in pages:
            page = document.new_page(width=595, height=842)
            page.insert_textbox(pymupdf.Rect(72, 72, 523, 770), text, fontsize=12)

    return pdf_of(draw)


def slow_pdf() -> bytes:
    """A small PDF whose page takes minutes to draw and little memory: many fills of a large page."""

    def draw(document: pymupdf.Document) -> None:
        page = document.new_page(width=2_000, height=2_000)
        page.insert_text((10, 10), "x")
        xref = page.get_contents()[0]
        document.update_stream(xref, b"0.5 g " + b"0 0 2000 2000 re f " * 300_000, compress=1)

    return pdf_of(draw)


def picture(width: int, height: int, file_format: str, **options: object) -> bytes:
    """A picture with a different colour in each corner."""
    image = Image.new("RGB", (width, height), (255, 255, 255))
    for left, top, colour in (
        (0, 0, (255, 0, 0)),
        (width // 2, 0, (0, 255, 0)),
        (0, height // 2, (0, 0, 255)),
    ):
        image.paste(colour, (left, top, left + width // 2, top + height // 2))
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def zip_of(entries: dict[str, bytes]) -> bytes:
    """A compressed zip file."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def docx_of(extra: dict[str, bytes]) -> bytes:
    """The skeleton of a Word document, with more entries."""
    return zip_of({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>", **extra})


def is_gone(pid: int) -> bool:
    """Whether a process has ended; one that nobody has reaped yet counts as ended."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return file.read().rpartition(b") ")[2][:1] in (b"Z", b"X")
    except FileNotFoundError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return not Path("/proc").is_dir() and False
