"""Plain copies that name nobody, made in the child: for other programs and for whatever else leaves.

Small files are written anew; in recordings, which may be large, places are written over by the parent.
"""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pikepdf
import pymupdf

from assessor_app.documents import (
    blanks,
    worker_anonymous,
    worker_archive,
    worker_strip_office,
    worker_strip_pictures,
    worker_strip_recordings,
)
from assessor_app.documents.limits import Limits
from assessor_app.documents.worker_refusal import Refusal
from assessor_app.vault.sealed_reader import SealedReader


def stripped(data: bytes, form: str, request: dict[str, Any], limits: Limits) -> tuple[bytes, str]:
    """A file without what names its maker, and the ending of its form.

    Args:
        data: the plain file, checked.
        form: pdf, picture or office.
        request: the request, which names the sealed file.
        limits: what a file may cost.

    Raises:
        Refusal: it cannot be read, and so not be stripped.
    """
    if form == "pdf":
        return _pdf(data), "pdf"
    if form == "picture":
        return worker_strip_pictures.stripped(data, limits)
    if form == "office":
        with _reader(request) as reader:
            worker_archive.kind_of_zip(reader, limits)
        return worker_strip_office.stripped(data, limits), ""
    raise Refusal("unknown_kind")


def places(request: dict[str, Any]) -> list[list[object]]:
    """Where in a recording something names its maker.

    Raises:
        Refusal: it does not hang together.
    """
    with _reader(request) as reader:
        return blanks.as_plain(worker_strip_recordings.blanks(reader))


def _reader(request: dict[str, Any]) -> SealedReader:
    key = bytes.fromhex(str(request["file_key"]))
    return SealedReader(Path(str(request["path"])), file_key=key, size_bytes=int(request["size_bytes"]))


def _pdf(data: bytes) -> bytes:
    out = pikepdf.Pdf.new()
    try:
        with pikepdf.open(io.BytesIO(data)) as source:
            worker_anonymous.copied(out, source)
    except pikepdf.PasswordError:
        raise Refusal("encrypted") from None
    except (pikepdf.PdfError, AttributeError, KeyError, TypeError, ValueError):
        out = pikepdf.Pdf.new()
        with pymupdf.open(stream=data, filetype="pdf") as document:
            mended = pikepdf.open(io.BytesIO(document.tobytes(garbage=1)))
        worker_anonymous.copied(out, mended)
    if not out.pages:
        raise Refusal("no_pages")
    worker_anonymous.sign(out)
    return saved(out)


def saved(out: pikepdf.Pdf) -> bytes:
    """A PDF as bytes: the same for the same pages, whenever and wherever it is written."""
    buffer = io.BytesIO()
    out.save(
        buffer,
        deterministic_id=True,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        fix_metadata_version=False,
    )
    return buffer.getvalue()
