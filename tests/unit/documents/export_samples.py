"""Marks and files for the tests of exports."""

from __future__ import annotations

import getpass
import io
import socket
import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pikepdf
import pymupdf
from PIL import Image

from assessor_app.documents.anchoring import Target, anchor_plain, anchor_words, plain_text
from assessor_app.documents.pages import EvidenceSource, PageSize
from assessor_app.documents.renderer import Renderer
from assessor_app.domain.annotations import (
    Anchor,
    Annotation,
    AnnotationKind,
    Audience,
    Rect,
    SourceKind,
)
from assessor_app.domain.ids import AnnotationId, SubmissionId

DAY = datetime(2026, 3, 2, tzinfo=UTC)
LEARNER = "Zorgwald Kvintus"
LEARNER_MAIL = "zorgwald@kvintus.example"
SCHOOL = "Quibbleton Middle School"
ASSESSOR = "Annegret Prilblom"
PLANTED = (
    LEARNER,
    LEARNER_MAIL,
    SCHOOL,
    "C:\\Users\\zorgwald",
    "C:/Users/zorgwald",
    "51.4778",
    "SN-778812",
    ASSESSOR,
)
"""What must not be found in anything that leaves: people, places, devices."""


def of_this_machine() -> tuple[str, ...]:
    """The person's and the machine's names here, as far as they are long enough to be told from noise."""
    names = (getpass.getuser(), socket.gethostname(), str(Path.home()))
    return tuple(name for name in names if len(name) > 5)


def mark(kind: AnnotationKind, anchor: Anchor, comment: str = "", **said: object) -> Annotation:
    number = uuid.uuid5(uuid.NAMESPACE_OID, f"{kind} {anchor} {comment}")
    made = Annotation(
        id=AnnotationId(str(number)),
        submission_id=SubmissionId(str(uuid.UUID(int=2))),
        kind=kind,
        anchor=anchor,
        comment=comment,
        audience=Audience.LEARNER,
        criteria=(),
        colour="sky",
        created_at=DAY,
        modified_at=DAY,
    )
    return replace(made, **said)  # type: ignore[arg-type]


def on_page(
    source: EvidenceSource,
    page: int,
    *rects: Rect,
    path: tuple[tuple[float, float], ...] = (),
    size: tuple[float, float] = (595, 842),
) -> Anchor:
    return Anchor(
        SourceKind.ARTIFACT,
        "art-1",
        source.sha256,
        page,
        *size,
        rects=rects,
        path=path,
        media_type="application/pdf",
    )


def on_words(renderer: Renderer, source: EvidenceSource, page: int, words: str) -> Anchor:
    text = renderer.text(source, page)
    start = text.text.index(words)
    size = renderer.open(source).pages[page]
    target = Target(
        SourceKind.ARTIFACT, "art-1", source.sha256, page, PageSize(size.width_pt, size.height_pt)
    )
    return anchor_words(target, text, start, start + len(words))


def on_answer(text: str, words: str) -> Anchor:
    plain = plain_text(text)
    start = plain.index(words)
    return anchor_plain(SourceKind.RESPONSE, "resp-1", "00" * 32, plain, start, start + len(words))


def camera_jpeg() -> bytes:
    """A photograph with everything that a camera and a person put into it."""
    image = Image.new("RGB", (320, 200), (200, 180, 90))
    exif = Image.Exif()
    exif[0x013B] = LEARNER
    exif[0x8298] = f"{LEARNER} {SCHOOL}"
    exif[0xA431] = "SN-778812"
    exif[0x9C9D] = LEARNER.encode("utf-16-le")
    exif.get_ifd(0x8825)[2] = (51.0, 28.0, 40.08)
    exif[0x010E] = "51.4778"
    exif[0x0112] = 1
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", exif=exif, comment=f"{LEARNER_MAIL}".encode())
    return buffer.getvalue()


def written_png() -> bytes:
    """A screenshot with texts of its program."""
    from PIL.PngImagePlugin import PngInfo

    said = PngInfo()
    said.add_text("Author", LEARNER)
    said.add_itxt("Comment", f"{SCHOOL} C:\\Users\\zorgwald")
    buffer = io.BytesIO()
    Image.new("RGB", (300, 400), (230, 230, 240)).save(buffer, "PNG", pnginfo=said)
    return buffer.getvalue()


def told_pdf() -> bytes:
    """A PDF with identity in every place where programs put it: XMP, marks, files, EXIF, older revisions."""
    document = pymupdf.open()
    page = document.new_page(width=595, height=842)
    page.insert_textbox(
        (72, 72, 523, 200), "We measured the fence around the garden and wrote down why.", fontsize=12
    )
    page.insert_image((72, 300, 272, 425), stream=camera_jpeg())
    comment = page.add_text_annot((300, 90), "I was proud of this one.")
    comment.set_info(title=LEARNER, subject=SCHOOL)
    comment.update()
    stamp = page.add_file_annot((400, 90), b"inner " + LEARNER.encode(), f"{LEARNER}.txt")
    stamp.set_info(title=LEARNER)
    page.insert_link(
        {
            "kind": pymupdf.LINK_URI,
            "uri": "file:///C:/Users/zorgwald/a.pdf",
            "from": pymupdf.Rect(72, 72, 100, 90),
        }
    )
    document.embfile_add("notes", LEARNER.encode(), filename=f"{LEARNER}.txt", desc=SCHOOL)
    document.set_metadata({"author": LEARNER, "title": SCHOOL, "creator": "Word of C:\\Users\\zorgwald"})
    document.set_xml_metadata(
        f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><a>{LEARNER} {LEARNER_MAIL}</a></x:xmpmeta>"
    )
    document.set_toc([[1, f"By {LEARNER}", 1]])
    first = io.BytesIO(document.tobytes())
    with pikepdf.open(first) as pdf:
        pdf.Root.PieceInfo = pikepdf.Dictionary(Word=pikepdf.Dictionary(Private=pikepdf.String(LEARNER)))
        pdf.pages[0].obj.Metadata = pdf.make_stream(f"<x>{LEARNER}</x>".encode())
        pdf.pages[0].obj.LastModified = pikepdf.String("D:20260301101010+05'30'")
        told = io.BytesIO()
        pdf.save(told)
    return told.getvalue() + revision_of(told.getvalue())


def revision_of(data: bytes) -> bytes:
    """An incremental update that blanks the information, as programs append one: the names stay below it."""
    start = len(data)
    at = data.rindex(b"startxref")
    previous = int(data[at + 9 :].split()[0])
    number = 9000
    body = f"\n{number} 0 obj\n<< /Author () /Title () >>\nendobj\n".encode()
    offset = start + 1
    table = start + len(body)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        root = pdf.Root.objgen
    text = (
        f"xref\n{number} 1\n{offset:010d} 00000 n \ntrailer\n<< /Size {number + 1} /Prev {previous} "
        f"/Root {root[0]} {root[1]} R /Info {number} 0 R >>\nstartxref\n{table}\n%%EOF\n"
    )
    return body + text.encode()


def everything_in(data: bytes) -> bytes:
    """All bytes of a PDF, every stream inflated, every string taken out of its brackets."""
    parts = [data]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for obj in pdf.objects:
            parts.append(obj.unparse(resolved=True) if not isinstance(obj, pikepdf.Stream) else b"")
            if isinstance(obj, pikepdf.Stream):
                parts.append(obj.read_raw_bytes())
                try:
                    parts.append(obj.read_bytes())
                except pikepdf.PdfError:
                    pass
            parts += _strings(obj, 0)
        parts += _strings(pdf.trailer, 0)
    return b"\n".join(parts)


def _strings(obj: object, depth: int) -> Iterator[bytes]:
    if isinstance(obj, pikepdf.String):
        yield bytes(obj)
    elif depth < 12 and isinstance(obj, pikepdf.Dictionary | pikepdf.Stream):
        for key in obj.keys():  # noqa: SIM118 - a PDF dictionary is not one of Python's
            yield from _direct(obj[key], depth)
    elif depth < 12 and isinstance(obj, pikepdf.Array):
        for value in obj:
            yield from _direct(value, depth)


def _direct(value: object, depth: int) -> Iterator[bytes]:
    if not (isinstance(value, pikepdf.Object) and value.is_indirect):
        yield from _strings(value, depth + 1)


def hits(data: bytes, wanted: tuple[str, ...]) -> list[str]:
    """Which texts stand in data, in UTF-8, either UTF-16, or as a PDF's own escape of a backslash."""
    found = []
    for text in wanted:
        forms = {
            text.encode(),
            text.encode("utf-16-le"),
            text.encode("utf-16-be"),
            text.encode().replace(b"\\", b"\\\\"),
        }
        if any(form.lower() in data.lower() for form in forms):
            found.append(text)
    return found
