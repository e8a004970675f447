"""The render child: takes one request after the other, opens sealed files itself, draws into shared memory.

Runs only in the child. It knows one file's key at a time, no master key, no network and no Qt.
"""

from __future__ import annotations

import hashlib
import os
import signal
import sys
from collections import OrderedDict
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.shared_memory import SharedMemory
from pathlib import Path
from typing import Protocol

from assessor_app.documents import (
    channel,
    process_guard,
    tone,
    worker_archive,
    worker_drawings,
    worker_identity,
    worker_office,
    worker_pdf,
    worker_pictures,
    worker_readable,
    worker_text,
)
from assessor_app.documents.limits import Limits
from assessor_app.documents.sniff import (
    HEAD_BYTES,
    OLE_MAGIC,
    RECORDINGS,
    ZIP_MAGIC,
    Kind,
    claimed_kind,
    is_proven,
    is_svg,
    sniff,
)
from assessor_app.documents.worker_refusal import Refusal, answered
from assessor_app.domain.cases import FindingKind
from assessor_app.privacy import identity_words
from assessor_app.vault.derivation import KEY_BYTES
from assessor_app.vault.sealed_header import Algorithm, ChunkCipher
from assessor_app.vault.sealed_reader import SealedReader

_REQUEST_MAX_BYTES = 1024 * 1024
_ALARM_SLACK_S = 2.0
_SHOWN_BY_PAGES = frozenset({Kind.PDF, Kind.IMAGE})
_WITHOUT_DOCUMENT = frozenset({Kind.TEXT.value, *(kind.value for kind in RECORDINGS)})
_LIES_WHEN_TEXT = frozenset({Kind.PDF, Kind.IMAGE, Kind.OFFICE, Kind.VIDEO, Kind.AUDIO, Kind.ARCHIVE})


class OpenDocument(Protocol):
    """An open file that has pages."""

    @property
    def cost_bytes(self) -> int:
        """Memory it holds, as far as known."""

    def describe(self) -> dict[str, object]:
        """Kind, page sizes, notes and whether there is text, as the parent's checks expect them."""

    def draw(
        self, page: int, scale: float, clip: tuple[int, int, int, int], *, is_bare: bool = False
    ) -> bytearray:
        """Draw the part `clip` (left, top, right, bottom in pixels at `scale`) as blue, green, red, 255.

        Bare means: without the annotations that the file brought along, if its kind has such.
        """

    def words(self, page: int) -> list[list[object]]:
        """Words as [x0, y0, x1, y1, text, block, line]."""

    def page_size(self, page: int) -> tuple[float, float]:
        """Width and height of a page in points."""

    def is_picture(self, page: int) -> bool:
        """Whether a page is one large picture, such as a scan."""

    def properties(self) -> list[FindingKind]:
        """Where in the file's own properties something may name a person."""

    def tell(self, verb: str, request: dict[str, object]) -> dict[str, object]:
        """Whatever else this kind of document can be asked for; a `Refusal` for a verb that it lacks."""

    def close(self) -> None:
        """Free the memory."""


@dataclass(frozen=True, slots=True)
class _Source:
    """What the parent says about a file; as trusted as the parent, unlike the file."""

    key: str
    path: Path
    file_key: bytes
    size_bytes: int
    sha256: str
    media_type: str
    name: str


class Desk:
    """The documents that are open in this child, and the segment to draw into."""

    def __init__(self, limits: Limits) -> None:
        """Start with nothing open."""
        self._limits = limits
        self._documents: OrderedDict[str, OpenDocument] = OrderedDict()
        self._segment: SharedMemory | None = None
        self._guard = worker_identity.Guard()

    def answer(self, request: dict[str, object]) -> dict[str, object]:
        """Do what a request asks.

        Raises:
            Refusal: the file or page is not shown, with the reason.
        """
        verb = request["do"]
        if verb == "status":
            return self._status()
        source = _source_of(request)
        if verb == "open":
            return self._open(source)
        lifted = worker_identity.lifted_of(request)
        if verb == "read_text":
            return worker_text.read_text(self._reader(source), self._limits, lifted)
        if verb == "readable_text":
            reader = self._reader(source)
            return worker_readable.readable_text(reader, source.name, source.media_type, self._limits, lifted)
        if verb == "identity" and self._open(source)["kind"] in _WITHOUT_DOCUMENT:
            return self._identity_of_text(source)
        document = self._document(source)
        if verb == "words":
            page = int(str(request["page"]))
            return {"words": self._guard.page(source.key, document, page).shown_words(lifted)}
        if verb == "draw":
            return self._draw(source, document, request, lifted)
        if verb == "identity":
            first, most = int(str(request["first"])), int(str(request["most"]))
            return worker_identity.findings(document, self._guard, source.key, first, most)
        return worker_identity.cover_told(str(verb), request, document.tell(str(verb), request), lifted)

    def rest(self) -> None:
        """Between requests: give memory back when there is much of it."""
        resident = process_guard.resident_bytes(os.getpid())
        if resident is not None and resident > self._limits.easy_resident_bytes:
            worker_pdf.empty_caches()

    def close(self) -> None:
        """Let go of documents and segment."""
        for document in self._documents.values():
            document.close()
        self._documents.clear()
        if self._segment is not None:
            self._segment.close()
            self._segment = None

    def _status(self) -> dict[str, object]:
        """What the child holds, for diagnostics and tests."""
        roots = sorted({name.partition(".")[0] for name in sys.modules})
        return {"open_documents": len(self._documents), "modules": roots}

    def _identity_of_text(self, source: _Source) -> dict[str, object]:
        """What was found in a text; in a recording nothing is looked for."""
        is_text = self._open(source)["kind"] == Kind.TEXT.value
        text = worker_text.bare_text(self._reader(source), self._limits) if is_text else ""
        return {"places": worker_identity.found_in_text(text), "properties": [], "pages": 0}

    def _draw(
        self, source: _Source, document: OpenDocument, request: dict[str, object], lifted: frozenset[str]
    ) -> dict[str, object]:
        """Draw into the parent's segment, with what may name a person covered."""
        clip, page = request["clip"], int(str(request["page"]))
        assert isinstance(clip, list)
        left, top, right, bottom = (int(edge) for edge in clip)
        scale, is_bare = float(str(request["scale"])), request.get("bare") is True
        pixels = document.draw(page, scale, (left, top, right, bottom), is_bare=is_bare)
        wanted = request.get("tone")
        if isinstance(wanted, list) and len(wanted) == 2:
            pixels = tone.toned(pixels, tone.bounded(*wanted))
        looked_at = self._guard.page(source.key, document, page)
        looked_at.paint(pixels, (left, top, right, bottom), scale, lifted)
        segment = self._attached(str(request["segment"]))
        memory = segment.buf
        assert memory is not None
        memory[: len(pixels)] = pixels
        patches = looked_at.told(lifted)
        return {"width": right - left, "height": bottom - top, "bytes": len(pixels), "patches": patches}

    def _attached(self, name: str) -> SharedMemory:
        """The parent's segment; it stays attached until the parent names another."""
        if self._segment is not None and self._segment.name != name:
            self._segment.close()
            self._segment = None
        if self._segment is None:
            self._segment = process_guard.attached(name)
        return self._segment

    def _reader(self, source: _Source) -> SealedReader:
        """A reader of the sealed file."""
        if not source.path.exists():
            raise Refusal("not_here")
        return SealedReader(source.path, file_key=source.file_key, size_bytes=source.size_bytes)

    def _open(self, source: _Source) -> dict[str, object]:
        """Recognise the file and describe it, or refuse it."""
        if source.key in self._documents:
            return self._document(source).describe()
        if source.size_bytes == 0:
            raise Refusal("empty")
        with self._reader(source) as reader:
            head = reader.read_at(0, HEAD_BYTES)
            kind = _kind_of(head, source, reader, self._limits)
        if kind is Kind.TEXT:
            notes = ["text_cut"] if source.size_bytes > self._limits.max_text_bytes else []
            return {"kind": kind.value, "sizes": [], "has_text": True, "notes": notes}
        if kind in RECORDINGS:
            # Nothing of it is read here: it is tried out in a child of its own and then played in place.
            return {"kind": kind.value, "sizes": [], "has_text": False, "notes": []}
        description = self._document(source).describe()
        claimed = claimed_kind(source.name, source.media_type)
        if claimed not in (None, kind):
            notes_so_far = description["notes"]
            assert isinstance(notes_so_far, list)
            description["notes"] = [*notes_so_far, "called_otherwise"]
        return description

    def _document(self, source: _Source) -> OpenDocument:
        """The open document, opened now if need be."""
        document = self._documents.get(source.key)
        if document is None:
            document = self._load(source)
            self._documents[source.key] = document
            self._close_oldest()
        self._documents.move_to_end(source.key)
        return document

    def _load(self, source: _Source) -> OpenDocument:
        """Decrypt, check and parse a PDF, a picture or an office file."""
        if source.size_bytes > self._limits.max_document_bytes:
            raise Refusal("too_large")
        with self._reader(source) as reader:
            data = reader.read_at(0, source.size_bytes)
            is_office = (
                data.startswith(ZIP_MAGIC) and worker_archive.kind_of_zip(reader, self._limits) is Kind.OFFICE
            )
        if hashlib.sha256(data).hexdigest() != source.sha256.lower():
            raise Refusal("seal_damaged")
        if is_office:
            return worker_office.OfficeDocument(data, self._limits)
        kind = sniff(data[:HEAD_BYTES], source.name, source.media_type)
        if kind is Kind.IMAGE and is_svg(data[:HEAD_BYTES]):
            return worker_drawings.DrawingDocument(data, self._limits)
        if kind is Kind.IMAGE:
            return worker_pictures.PictureDocument(data, self._limits)
        if kind is Kind.PDF:
            return worker_pdf.PdfDocument(data, self._limits)
        raise Refusal("page_missing")

    def _close_oldest(self) -> None:
        """Keep few documents, and few bytes; the newest always stays."""
        while len(self._documents) > 1 and (
            len(self._documents) > self._limits.open_documents
            or sum(document.cost_bytes for document in self._documents.values())
            > self._limits.open_documents_bytes
        ):
            key, oldest = self._documents.popitem(last=False)
            self._guard.forget(key)
            oldest.close()


def run(connection: Connection, limits: Limits) -> None:
    """Serve requests until the parent hangs up.

    Args:
        connection: the child's end of the pipe.
        limits: what a file may cost.
    """
    # Ctrl+C in a terminal reaches the whole group; the parent decides when this child ends.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    process_guard.die_with_parent()
    process_guard.limit_self(limits)
    worker_pdf.be_quiet()
    desk = Desk(limits)
    try:
        channel.send(connection, {"ready": os.getpid()})
        _warm_up()
        while True:
            request = channel.receive(connection, max_bytes=_REQUEST_MAX_BYTES, wait_s=lambda: None)
            process_guard.begin_request(float(str(request["deadline_s"])) + _ALARM_SLACK_S)
            answer = _answer(desk, request)
            process_guard.end_request()
            channel.send(connection, {**answer, "number": request["number"]})
            desk.rest()
    except channel.ChannelClosed:
        return
    finally:
        desk.close()


def _warm_up() -> None:
    """Load ahead what the first file would otherwise wait for: cipher, picture formats, fonts."""
    ChunkCipher(bytes(KEY_BYTES), Algorithm.AES_256_GCM)
    worker_pictures.warm_up()
    worker_pdf.warm_up()
    identity_words.word_lists()


def _answer(desk: Desk, request: dict[str, object]) -> dict[str, object]:
    """The answer to a request: what was asked for, or the reason why not."""
    is_of_file = request["do"] in ("open", "read_text", "readable_text")
    return answered(desk.answer, request, damaged="damaged" if is_of_file else "page_damaged")


def _source_of(request: dict[str, object]) -> _Source:
    """The file that a request is about."""
    return _Source(
        key=f"{request['blob_id']} {request['sha256']}",
        path=Path(str(request["path"])),
        file_key=bytes.fromhex(str(request["file_key"])),
        size_bytes=int(str(request["size_bytes"])),
        sha256=str(request["sha256"]),
        media_type=str(request["media_type"]),
        name=str(request["name"]),
    )


def _kind_of(head: bytes, source: _Source, reader: SealedReader, limits: Limits) -> Kind:
    """The kind of a file that can be shown.

    Raises:
        Refusal: it is of a kind that is not shown, with the reason.
    """
    kind = sniff(head, source.name, source.media_type)
    claimed = claimed_kind(source.name, source.media_type)
    if head.startswith(ZIP_MAGIC):
        kind = worker_archive.kind_of_zip(reader, limits)
        if kind is Kind.OFFICE:
            return kind
    if kind in _SHOWN_BY_PAGES:
        return kind
    if kind in RECORDINGS and is_proven(head):
        # By its bytes alone: a play list that is called a video would have the player open other files.
        return kind
    if kind is Kind.TEXT:
        if claimed in _LIES_WHEN_TEXT:
            raise Refusal("not_what_it_says")
        return kind
    if kind is Kind.OFFICE and head.startswith(OLE_MAGIC) and source.name.lower().endswith(("x", "m")):
        # A new Office file with a password is the encrypted package inside an old container.
        raise Refusal("encrypted")
    if claimed is Kind.OFFICE and kind is Kind.ARCHIVE:
        raise Refusal("not_what_it_says")
    raise Refusal(_REASONS_BY_KIND.get(kind, "unknown_kind"))


_REASONS_BY_KIND = {
    Kind.OFFICE: "no_rendition",
    Kind.VIDEO: "recording_unknown",
    Kind.AUDIO: "recording_unknown",
    Kind.ARCHIVE: "archive",
}
