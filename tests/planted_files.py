"""Files with names planted where learners leave them, and the words that must not be read; nobody exists."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

import pymupdf
from PIL import Image

from tests.evidence_files import pdf_of, zip_of
from tests.office_files import paragraph, run, shape, sheet_file, slide_file, word_file

NAME, OTHER, SCHOOL = "Marisol Quintero", "Jayden Okafor", "Oakhurst Elementary School"
MAIL = "m.quintero@oakhurst.example"
BODY = "Students compare fractions on a number line and say why."


def planted_pdf(pages: int = 2, **metadata: str) -> bytes:
    """A lesson plan: name and school below its title, a label, an address, a footer on every page."""

    def draw(document: pymupdf.Document) -> None:
        for number in range(pages):
            page = document.new_page(width=612, height=792)
            if number == 0:
                page.insert_text((72, 100), "Equivalent fractions", fontsize=24)
                page.insert_text((72, 130), NAME, fontsize=12)
                page.insert_text((72, 148), SCHOOL, fontsize=12)
            for line in range(20):
                page.insert_text((72, 200 + 20 * line), BODY, fontsize=12)
            page.insert_text((72, 640), f"Student: {OTHER}", fontsize=12)
            page.insert_text((72, 660), f"Questions: {MAIL}", fontsize=12)
            page.insert_text((72, 765), f"{NAME} | Unit 3", fontsize=10)
        if metadata:
            document.set_metadata(metadata)

    return pdf_of(draw)


def scanned_pdf() -> bytes:
    """A photographed sheet with its words below the picture, a child's name in its upper right corner."""
    paper = io.BytesIO()
    Image.new("RGB", (612, 792), (244, 240, 228)).save(paper, "JPEG")

    def draw(document: pymupdf.Document) -> None:
        page = document.new_page(width=612, height=792)
        page.insert_image(page.rect, stream=paper.getvalue())
        page.insert_text((400, 150), OTHER, fontsize=14, render_mode=3)
        for line in range(12):
            page.insert_text((80, 260 + 24 * line), BODY, fontsize=14, render_mode=3)

    return pdf_of(draw)


def planted_word() -> bytes:
    """A Word file with a name below its title, a labelled one, and an author in its properties."""
    body = [paragraph(run("Equivalent fractions"), "Title"), paragraph(run(NAME))]
    body += [paragraph(run(BODY))] * 3 + [paragraph(run(f"Prepared by: {OTHER}"))]
    return with_parts(word_file("".join(body)), {"docProps/core.xml": core(NAME)})


def planted_sheet() -> bytes:
    """A sheet with a teacher's name beside its label."""
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Teacher</t></is></c>'
        f'<c r="B1" t="inlineStr"><is><t>{NAME}</t></is></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>Fractions</t></is></c><c r="B2"><v>12</v></c></row>'
    )
    return sheet_file({"Grades": f"<sheetData>{rows}</sheetData>"})


def planted_slides() -> bytes:
    """Slides with a name on the first one, labelled."""
    return slide_file(
        [shape("Pattern blocks", "title") + shape(f"Teacher: {NAME}", "body"), shape(BODY, "body")]
    )


def planted_photo() -> bytes:
    """A photograph whose EXIF names its maker, a place and a comment."""
    exif = Image.Exif()
    exif[0x013B] = NAME
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (41.0, 52.0, 30.0)
    exif.get_ifd(0x8825)[3] = "W"
    exif.get_ifd(0x8825)[4] = (87.0, 37.0, 10.0)
    exif[0x010E] = f"{OTHER} at his desk"
    out = io.BytesIO()
    Image.new("RGB", (320, 240), (90, 120, 160)).save(out, "JPEG", exif=exif)
    return out.getvalue()


def planted_markdown() -> bytes:
    """A reflection in Markdown with labels."""
    return (
        f"# My reflection\n\n**Teacher:** {NAME}\n\n{BODY}\n\n| Student | {OTHER} |\n\nWrite to {MAIL}.\n"
    ).encode()


def core(creator: str) -> bytes:
    """Core properties of an office file with an author."""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><cp:coreProperties '
        'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f"<dc:creator>{creator}</dc:creator><cp:lastModifiedBy>{creator}</cp:lastModifiedBy>"
        "</cp:coreProperties>"
    ).encode()


def with_parts(package: bytes, parts: Mapping[str, bytes]) -> bytes:
    """An office file with more parts."""
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        entries = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    return zip_of({**entries, **parts})
