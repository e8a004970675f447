"""Documents that name something outside of them, opened in every way: nobody is called, nothing is read.

A real listener on this machine has the address that the documents name, and the kernel tells whether the
local file that they name was opened: also by children, which no guard of Python's reaches.
"""

from __future__ import annotations

import contextlib
import ctypes
import io
import os
import socket
import sys
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from assessor_app.clock import Clock
from assessor_app.documents import file_parts, remarks, sheets
from assessor_app.documents.cards import RefusedWithCard
from assessor_app.documents.converter import Converter, CopyForm, NoCopy
from assessor_app.documents.exporter import Exporter
from assessor_app.documents.office_program import find_office
from assessor_app.documents.pages import EvidenceSource
from assessor_app.documents.plain_folder import PlainFolder
from assessor_app.documents.renderer import Renderer
from assessor_app.documents.sniff import Kind
from tests.evidence_files import seal, zip_of
from tests.hostile_files import raw_pdf, stream
from tests.office_files import package, paragraph, run, sheet_file, slide_file, word_file

IN_OPEN = 0x20


@dataclass(frozen=True)
class Outside:
    """What the documents name: an address that listens, and a file that lies here."""

    address: str
    path: str


def parts_of(packed: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def relations_outside(*targets: tuple[str, str]) -> bytes:
    rows = "".join(
        f'<Relationship Id="rId{number}" Type="x/{kind}" Target="{target}" TargetMode="External"/>'
        for number, (kind, target) in enumerate(targets, 1)
    )
    return f"<Relationships>{rows}</Relationships>".encode()


def word(out: Outside) -> bytes:
    office = 'xmlns:o="urn:schemas-microsoft-com:office:office"'
    linked = f'<w:object><o:OLEObject {office} Type="Link" r:id="rId4"/></w:object>'
    body = (
        paragraph(run("Plan"))
        + '<w:p><w:hyperlink r:id="rId3"><w:r><w:t>here</w:t></w:r></w:hyperlink></w:p>'
        + '<w:p><w:r><w:drawing><a:blip r:link="rId1"/></w:drawing></w:r></w:p>'
        + f"<w:p><w:r>{linked}</w:r></w:p>"
        + f'<w:p><w:r><w:instrText>INCLUDEPICTURE "{out.address}/i.png"</w:instrText></w:r></w:p>'
        + f'<w:p><w:r><w:instrText>DDEAUTO cmd "{out.path}"</w:instrText></w:r></w:p>'
        + '<w:altChunk r:id="rId5"/><w:subDoc r:id="rId6"/>'
    )
    return word_file(
        body,
        relations=[
            ("image", f"{out.address}/a.png"),
            ("attachedTemplate", f"{out.address}/t.dotm"),
            ("hyperlink", f"{out.address}/h"),
            ("oleObject", f"{out.address}/o.docx"),
            ("aFChunk", f"{out.address}/c.html"),
            ("subDocument", f"file://{out.path}"),
            ("image", f"file://{out.path}"),
            ("frame", f"{out.address}/f.html"),
        ],
    )


def doctype(out: Outside) -> bytes:
    declared = f'<!DOCTYPE a SYSTEM "{out.address}/a.dtd" [<!ENTITY x SYSTEM "file://{out.path}">]>'
    text = f'{declared}<w:document xmlns:w="urn:w"><w:body>&x;</w:body></w:document>'
    return package({"word/document.xml": text}, {"": [("officeDocument", "word/document.xml")]})


def sheet(out: Outside) -> bytes:
    cells = (
        f'<sheetData><row r="1"><c r="A1" t="str"><f>WEBSERVICE("{out.address}/w")</f><v>1</v></c>'
        f'<c r="B1"><f>[1]S!A1</f><v>2</v></c></row></sheetData><hyperlinks><hyperlink ref="A1" '
        f'location="{out.address}/h"/></hyperlinks>'
    )
    asks = f'<connection id="1" odcFile="{out.path}"><webPr url="{out.address}/q"/></connection>'
    parts = parts_of(sheet_file({"S": cells}))
    link = relations_outside(("externalLinkPath", f"{out.address}/b.xlsx"))
    parts |= {
        "xl/connections.xml": f"<connections>{asks}</connections>".encode(),
        "xl/externalLinks/externalLink1.xml": b"<externalLink/>",
        "xl/externalLinks/_rels/externalLink1.xml.rels": link,
    }
    return zip_of(parts)


def slides(out: Outside) -> bytes:
    film = '<p:pic><p:nvPicPr><p:nvPr><a:videoFile r:link="rId1"/></p:nvPr></p:nvPicPr></p:pic>'
    parts = parts_of(slide_file([film]))
    parts["ppt/slides/_rels/slide1.xml.rels"] = relations_outside(
        ("video", f"{out.address}/v.mp4"), ("image", f"file://{out.path}"), ("media", f"{out.address}/m")
    )
    return zip_of(parts)


def page(out: Outside) -> bytes:
    return (
        f'<html><head><link rel="stylesheet" href="{out.address}/s.css"><base href="file://{out.path}">'
        f'<script src="{out.address}/s.js"></script>'
        f'<meta http-equiv="refresh" content="0;url={out.address}/r">'
        f'</head><body background="{out.address}/b.png"><img src="{out.address}/i.png">'
        f'<img src="file://{out.path}"><iframe src="{out.address}/f"></iframe><object data="file://{out.path}"></object>Words</body></html>'
    ).encode()


def drawing(out: Outside) -> bytes:
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="99" '
        f'height="99"><image xlink:href="{out.path}" width="50" height="50"/>'
        f'<image href="file://{out.path}" width="9" height="9"/>'
        f'<image href="{out.address}/i.png" width="9" height="9"/><use href="{out.address}/u.svg#a"/>'
        f'<style>@import url("{out.address}/s.css");</style><script href="{out.address}/s.js"/></svg>'
    ).encode()


def pdf(out: Outside) -> bytes:
    address, path = out.address.encode(), out.path.encode()
    actions = (
        b"<</S/URI/URI(%s/u)>>" % address,
        b"<</S/SubmitForm/F<</FS/URL/F(%s/s)>>>>" % address,
        b"<</S/GoToR/F(%s)/D[0/Fit]>>" % path,
        b"<</S/Launch/F(%s)>>" % path,
        b"<</S/ImportData/F(%s)>>" % path,
        b"<</S/JavaScript/JS(app.launchURL\\('%s/j'\\))>>" % address,
    )
    links = b"".join(b"<</Type/Annot/Subtype/Link/Rect[9 9 50 50]/A%s>>" % action for action in actions)
    return raw_pdf(
        b"<</Type/Catalog/Pages 2 0 R/OpenAction%s/AA<</WC%s>>>>" % (actions[5], actions[0]),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Annots[%s]/AA<</O%s>>/Contents 4 0 R"
        b"/Resources<</XObject<</I 5 0 R>>>>>>" % (links, actions[1]),
        stream(b"/I Do"),
        # Its samples lie in another file.
        b"<</Type/XObject/Subtype/Image/Width 1/Height 1/BitsPerComponent 8/ColorSpace/DeviceGray"
        b"/F<</FS/URL/F(%s/x)>>/Length 0>>stream\n\nendstream" % address,
    )


def open_document(out: Outside) -> bytes:
    body = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:draw="urn:d" xmlns:xlink="http://www.w3.org/1999/xlink" xmlns:text="urn:t"><office:body>'
        f'<office:text><text:p>Words<draw:image xlink:href="{out.address}/i.png"/>'
        f'<draw:image xlink:href="file://{out.path}"/></text:p></office:text></office:body></office:document-content>'
    )
    return zip_of({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": body.encode()})


DOCUMENTS: dict[str, Callable[[Outside], bytes]] = {
    "Plan.docx": word,
    "Bomb.docx": doctype,
    "Values.xlsx": sheet,
    "Slides.pptx": slides,
    "Page.html": page,
    "Board.svg": drawing,
    "Report.pdf": pdf,
    "Text.odt": open_document,
}


FORMS = {"docx": "office", "xlsx": "office", "pptx": "office", "odt": "office", "pdf": "pdf"}


@pytest.fixture
def planted(tmp_path: Path) -> Iterator[tuple[Outside, socket.socket, Callable[[], bool]]]:
    """Address and file, the listener, and whether the file was opened."""
    path = tmp_path / "planted.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    watch = -1
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        watch = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        assert libc.inotify_add_watch(watch, os.fsencode(path), IN_OPEN) >= 0

    def was_opened() -> bool:
        try:
            return watch >= 0 and bool(os.read(watch, 4096))
        except BlockingIOError:
            return False

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)
        yield Outside(f"http://127.0.0.1:{listener.getsockname()[1]}", str(path)), listener, was_opened
    if watch >= 0:
        os.close(watch)


def nobody_called(listener: socket.socket) -> bool:
    """Whether no connection waits: the kernel keeps one that was made, also if its maker is gone."""
    try:
        connection, _ = listener.accept()
    except BlockingIOError:
        return True
    connection.close()
    return False


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    made = Renderer()
    made.warm_up()
    yield made
    made.close()


def look_at_all(renderer: Renderer, source: EvidenceSource) -> None:
    """As the viewer does: open, draw, read, list what is in it."""
    info = renderer.open(source)
    if info.kind is Kind.SHEET:
        for index in range(len(sheets.sheets_of(renderer, source))):
            sheets.grid_of(renderer, source, index)
    for number in range(info.page_count):
        renderer.render(source, number, 1.0)
        renderer.text(source, number)
        file_parts.links_of(renderer, source, number)
    remarks.remarks_of(renderer, source)


def reason_of(go: Callable[[], object]) -> str:
    """Why a file was refused; empty if it was not."""
    try:
        go()
    except RefusedWithCard as refused:
        return refused.card.reason
    return ""


def export(source: EvidenceSource) -> None:
    with Exporter(Clock()) as exporter:
        exporter.add_file(source, "Artifact 1", ())
        assert b"".join(exporter.finish("pdf"))


def strip(source: EvidenceSource, form: str) -> None:
    with Exporter(Clock()) as exporter:
        assert b"".join(exporter.strip(source, form)[1])


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_a_document_names_is_not_asked_for(name, renderer, planted, tmp_path) -> None:
    outside, listener, was_opened = planted
    source = seal(tmp_path, DOCUMENTS[name](outside), name)
    ways: dict[str, Callable[[], object]] = {
        "view": lambda: look_at_all(renderer, source),
        "export": lambda: export(source),
    }
    if form := FORMS.get(name.rpartition(".")[2]):
        ways["open outside"] = lambda: strip(source, form)
    for way, go in ways.items():
        assert reason_of(go) not in ("crashed", "bad_answer", "timeout"), way
        assert nobody_called(listener), way
        assert not was_opened(), way


@pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("name", ["Plan.docx", "Values.xlsx", "Slides.pptx", "Text.odt"])
def test_the_converter_asks_nobody_either(name, planted, tmp_path) -> None:
    outside, listener, was_opened = planted
    source = seal(tmp_path, DOCUMENTS[name](outside), name)
    (tmp_path / "profile").mkdir()
    converter = Converter(PlainFolder(tmp_path / "profile", Clock()), Clock())
    # Whatever it makes of the file: what counts is what it asked for.
    with contextlib.suppress(NoCopy):
        converter.convert(source, CopyForm.PDF)
    assert nobody_called(listener)
    assert not was_opened()


def test_a_call_would_be_noticed(planted) -> None:
    outside, listener, was_opened = planted
    with socket.create_connection(("127.0.0.1", listener.getsockname()[1])):
        pass
    assert not nobody_called(listener)
    Path(outside.path).read_bytes()
    assert was_opened() is (sys.platform == "linux")
