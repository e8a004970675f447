"""The export child: puts annotated copies together, one piece of evidence after the other.

It answers "add_file", "add_text", "add_list" and then "finish", or "strip" and "strip_places" for one file
without its maker; what was made is handed over in parts by "take". It writes no file and knows no name of a
person. Runs only in the child.
"""

from __future__ import annotations

import hashlib
import io
import logging
import os
import signal
import warnings
from collections.abc import Collection, Sequence
from multiprocessing.connection import Connection
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from typing import Any

import pikepdf
import pymupdf
from pymupdf import mupdf

from assessor_app.documents import (
    channel,
    process_guard,
    worker_anonymous,
    worker_export_pdf,
    worker_export_text,
    worker_identity,
    worker_pdf,
    worker_pictures,
    worker_redaction,
    worker_strip,
    worker_text,
    worker_xfdf,
)
from assessor_app.documents.anchoring import Placement, nearest_first, place_anchor, place_anywhere
from assessor_app.documents.export_marks import PdfMark, ToPdf, pdf_mark
from assessor_app.documents.limits import Limits
from assessor_app.documents.pages import pixels_for
from assessor_app.documents.patches import cover_text
from assessor_app.documents.sniff import HEAD_BYTES, Kind, sniff
from assessor_app.documents.text_layer import RawWord, build_page_text
from assessor_app.documents.worker_refusal import Refusal, answered
from assessor_app.domain.annotations import Annotation, Rect
from assessor_app.domain.codec import from_json
from assessor_app.vault.sealed_reader import SealedReader

_REQUEST_MAX_BYTES = 16 * 1024 * 1024
_ALARM_SLACK_S = 2.0
_LONGEST_SIDE_PT = 842.0
_LONGEST_SIDE_PX = 4000
_JPEG_QUALITY = 90


class Copy:
    """The copy that is being made."""

    def __init__(self, limits: Limits) -> None:
        """Begin empty."""
        self._limits = limits
        self._out = pikepdf.Pdf.new()
        self._marks: list[PdfMark] = []
        self._made = b""
        self._number = 0
        self._segment: SharedMemory | None = None

    def answer(self, request: dict[str, Any]) -> dict[str, object]:
        """Do what a request asks.

        Raises:
            Refusal: the file cannot be put into the copy, with the reason.
        """
        pages, marks = len(self._out.pages), len(self._marks)
        try:
            return self._do(request)
        except BaseException:
            # Half a piece is none: its place is taken by what is said in its stead.
            del self._out.pages[pages:]
            del self._marks[marks:]
            raise

    def _do(self, request: dict[str, Any]) -> dict[str, object]:
        verb = request["do"]
        if verb == "add_file":
            return self._add_file(request)
        if verb == "add_text":
            marks = _annotations(request)
            placed = self._add_text(str(request["heading"]), str(request["ask"]), str(request["text"]), marks)
            return {"placed": placed}
        if verb == "add_list":
            entries = [(str(place), str(quote), str(said)) for place, quote, said in request["entries"]]
            self._append(
                worker_export_text.list_pages(str(request["heading"]), str(request["intro"]), entries)
            )
            return {"placed": []}
        if verb == "add_facts":
            facts = [(str(label), str(value), bool(exact)) for label, value, exact in request["facts"]]
            pages = worker_export_text.fact_pages(str(request["heading"]), str(request["intro"]), facts)
            self._append(pages)
            return {"placed": []}
        if verb == "strip":
            return self._strip(request)
        if verb == "strip_places":
            return {"places": worker_strip.places(request)}
        if verb == "finish":
            return self._finish(str(request["format"]))
        return self._take(str(request["segment"]), int(request["at"]), int(request["count"]))

    def close(self) -> None:
        """Let go of the parent's segment."""
        if self._segment is not None:
            self._segment.close()

    # ---- pieces of evidence ----

    def _add_file(self, request: dict[str, Any]) -> dict[str, object]:
        data = _content(request, self._limits)
        marks = _annotations(request)
        kind = sniff(data[:HEAD_BYTES], str(request["name"]), str(request["media_type"]))
        if kind is Kind.PDF:
            lifted = worker_identity.lifted_of(request)
            return {"placed": self._add_pdf(data, str(request["sha256"]), marks, lifted)}
        if kind is Kind.IMAGE:
            return {"placed": self._add_picture(data, str(request["sha256"]), marks)}
        if kind is Kind.TEXT:
            text = worker_text.decode(data[: self._limits.max_text_bytes])
            text = cover_text(text, worker_identity.lifted_of(request))[0]
            return {"placed": self._add_text(str(request["heading"]), "", text, marks)}
        raise Refusal("unknown_kind")

    def _add_pdf(
        self, data: bytes, sha256: str, marks: Sequence[Annotation], lifted: Collection[str]
    ) -> list[str]:
        document = pymupdf.open(stream=data, filetype="pdf")
        if document.needs_pass:
            raise Refusal("encrypted")
        if document.page_count < 1:
            raise Refusal("no_pages")
        shown = worker_redaction.redacted(data, self._limits, lifted)
        if shown is data:
            first = self._copy_pages(data, document)
        else:
            with pymupdf.open(stream=shown, filetype="pdf") as covered:
                first = self._copy_pages(shown, covered)
        read = worker_pdf.PdfDocument(data, self._limits)
        placed: list[str] = []
        for mark in marks:
            placement = _place_in_pdf(read, mark, sha256, document.page_count)
            if placement is None:
                continue
            to_pdf, scale, turn = _to_pdf(document, placement.page)
            path = mark.anchor.path if mark.anchor.source_sha256 == sha256 else ()
            self._put(mark, first + placement.page, placement.rects, path, to_pdf, placed, scale, turn)
        return placed

    def _copy_pages(self, data: bytes, document: pymupdf.Document) -> int:
        """Put the pages of a PDF into the copy; gives the index of the first."""
        first = len(self._out.pages)
        try:
            source = pikepdf.open(io.BytesIO(data))
            if len(source.pages) == document.page_count:
                return worker_anonymous.copied(self._out, source).start
        except (pikepdf.PdfError, AttributeError, KeyError, TypeError, ValueError):
            del self._out.pages[first:]
        # What only MuPDF can mend is taken as MuPDF mends it.
        mended = pikepdf.open(io.BytesIO(document.tobytes(garbage=1)))
        return worker_anonymous.copied(self._out, mended).start

    def _add_picture(self, data: bytes, sha256: str, marks: Sequence[Annotation]) -> list[str]:
        picture = worker_pictures.PictureDocument(data, self._limits)
        described = picture.describe()["sizes"]
        assert isinstance(described, list)
        placed: list[str] = []
        for number, (width, height) in enumerate(described):
            first = len(self._out.pages)
            points = min(1.0, _LONGEST_SIDE_PT / max(width, height))
            pixels = min(1.0, _LONGEST_SIDE_PX / max(width, height))
            self._append(_picture_page(picture, number, (width * points, height * points), pixels))

            def to_pdf(x: float, y: float, scale: float = points, top: float = height) -> tuple[float, float]:
                return x * scale, (top - y) * scale

            for mark in marks:
                placement = place_anchor(mark.anchor, sha256, None)
                if placement is not None and placement.page == number:
                    path = mark.anchor.path
                    self._put(mark, first, placement.rects, path, to_pdf, placed, points)
        return placed

    def _add_text(self, heading: str, ask: str, text: str, marks: Sequence[Annotation]) -> list[str]:
        pages = worker_export_text.text_pages(heading, ask, text)
        first = len(self._out.pages)
        self._append(pages.data)
        placed: list[str] = []

        def to_pdf(x: float, y: float) -> tuple[float, float]:
            return x, worker_export_text.PAGE[1] - y

        for mark in marks:
            words = mark.anchor.text
            for number, rects in worker_export_text.place_words(pages, words) if words is not None else ():
                self._put(mark, first + number, rects, (), to_pdf, placed)
        return placed

    def _append(self, data: bytes) -> None:
        worker_anonymous.copied(self._out, pikepdf.open(io.BytesIO(data)))

    def _put(
        self,
        mark: Annotation,
        page: int,
        rects: tuple[Rect, ...],
        path: tuple[tuple[float, float], ...],
        to_pdf: ToPdf,
        placed: list[str],
        scale: float = 1.0,
        turn: int = 0,
    ) -> None:
        made = pdf_mark(
            mark,
            page=page,
            rects=rects,
            path=path,
            to_pdf=to_pdf,
            name=f"mark-{self._number + 1}",
            scale=scale,
            turn=turn,
        )
        if made is not None:
            self._number += 1
            self._marks.append(made)
            if mark.id not in placed:
                placed.append(mark.id)

    # ---- the result ----

    def _finish(self, kind: str) -> dict[str, object]:
        if kind == "xfdf":
            self._made = worker_xfdf.xfdf(self._marks)
        else:
            worker_anonymous.sign(self._out)
            worker_export_pdf.add_marks(self._out, self._marks)
            self._made = worker_strip.saved(self._out)
        return {**self._measures(), "marks": len(self._marks)}

    def _strip(self, request: dict[str, Any]) -> dict[str, object]:
        """A plain copy of one file, instead of a copy of its pages."""
        data = _content(request, self._limits)
        self._made, ending = worker_strip.stripped(data, str(request["form"]), request, self._limits)
        return {**self._measures(), "ending": ending}

    def _measures(self) -> dict[str, object]:
        return {"size": len(self._made), "sha256": hashlib.sha256(self._made).hexdigest()}

    def _take(self, segment_name: str, at: int, count: int) -> dict[str, object]:
        part = self._made[at : at + count]
        if self._segment is None or self._segment.name != segment_name:
            self.close()
            self._segment = process_guard.attached(segment_name)
        memory = self._segment.buf
        assert memory is not None
        memory[: len(part)] = part
        return {"count": len(part)}


def run(connection: Connection, limits: Limits) -> None:
    """Serve requests until the parent hangs up.

    Args:
        connection: the child's end of the pipe.
        limits: what a file may cost.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    process_guard.die_with_parent()
    process_guard.limit_self(limits)
    worker_pdf.be_quiet()
    # What readers of damaged files have to say quotes those files.
    logging.disable(logging.CRITICAL)
    warnings.simplefilter("ignore")
    copy = Copy(limits)
    try:
        channel.send(connection, {"ready": os.getpid()})
        while True:
            request = channel.receive(connection, max_bytes=_REQUEST_MAX_BYTES, wait_s=lambda: None)
            process_guard.begin_request(float(str(request["deadline_s"])) + _ALARM_SLACK_S)
            answer = answered(copy.answer, request)
            process_guard.end_request()
            channel.send(connection, {**answer, "number": request["number"]})
    except channel.ChannelClosed:
        return
    finally:
        copy.close()


def _annotations(request: dict[str, Any]) -> list[Annotation]:
    return [from_json(Annotation, data) for data in request["marks"]]


def _content(request: dict[str, Any], limits: Limits) -> bytes:
    """The plain bytes of a sealed file, checked.

    Raises:
        Refusal: it is not here, too large or not what was announced.
    """
    path, size = Path(str(request["path"])), int(request["size_bytes"])
    if not path.exists():
        raise Refusal("not_here")
    if size > limits.max_document_bytes:
        raise Refusal("too_large")
    key = bytes.fromhex(str(request["file_key"]))
    with SealedReader(path, file_key=key, size_bytes=size) as reader:
        data = reader.read_at(0, size)
    if hashlib.sha256(data).hexdigest() != str(request["sha256"]).lower():
        raise Refusal("seal_damaged")
    return data


def _place_in_pdf(
    read: worker_pdf.PdfDocument, mark: Annotation, sha256: str, page_count: int
) -> Placement | None:
    """Where a mark stands in a PDF: by its geometry, or by its words if the file is another one by now."""

    def texts() -> Any:
        for page in nearest_first(mark.anchor.page, page_count):
            words = [RawWord(*word) for word in read.words(page)]  # type: ignore[arg-type]
            yield build_page_text(page, words)

    placement = place_anywhere(mark.anchor, sha256, texts())
    return placement if placement is not None and 0 <= placement.page < page_count else None


def _to_pdf(document: pymupdf.Document, page: int) -> tuple[ToPdf, float, int]:
    """From page points to the PDF's own space, its points for each page point, and how it is turned."""
    pdf = mupdf.pdf_document_from_fz_document(document.this)
    box, matrix = mupdf.FzRect(), mupdf.FzMatrix()
    mupdf.pdf_page_obj_transform(mupdf.pdf_lookup_page_obj(pdf, page), box, matrix)
    back = mupdf.fz_invert_matrix(matrix)

    def to_pdf(x: float, y: float) -> tuple[float, float]:
        return back.a * x + back.c * y + back.e, back.b * x + back.d * y + back.f

    scale = (back.a * back.a + back.b * back.b) ** 0.5
    return to_pdf, scale, int(document.load_page(page).rotation)


def _picture_page(
    picture: worker_pictures.PictureDocument, number: int, size_pt: tuple[float, float], scale: float
) -> bytes:
    """A PDF of one page that a frame fills: pixels alone, so that nothing a camera wrote comes along."""
    described = picture.describe()["sizes"]
    assert isinstance(described, list)
    width, height = (pixels_for(side, scale) for side in described[number])
    pixels = picture.draw(number, scale, (0, 0, width, height))
    encoded = worker_pictures.jpeg_of(pixels, width, height, _JPEG_QUALITY)
    with pymupdf.open() as document:
        page = document.new_page(width=size_pt[0], height=size_pt[1])
        page.insert_image(page.rect, stream=encoded)
        data: bytes = document.tobytes()
    return data
