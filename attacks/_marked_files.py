# ruff: noqa: E501 - XML stands as programs write it
"""Files with somebody's name in every place where programs and cameras put one, and once in what they show.

Sixty places in eight formats. Each marker is another name, so that what survives tells where it stood.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pikepdf
import pillow_heif
import pymupdf
from PIL import Image
from PIL.PngImagePlugin import PngInfo

TOKEN = "Zorgwaldik"
"""The rare word that every marker begins with."""
_NAMES = ("Quintero", "Okafor", "Nguyễn", "Østergård", "Petrović", "李小龙", "García-Núñez", "Müller")


@dataclass
class Markers:
    """Names to plant, one for each place."""

    chance: random.Random
    names: dict[str, str] = field(default_factory=dict)
    """By place, such as "docx: last modified by"."""
    content: dict[str, str] = field(default_factory=dict)
    """Names in what a file shows: evidence, which stays."""

    def at(self, place: str, *, plain: bool = False) -> str:
        """The name for a place; letters of ASCII alone where a format holds no others."""
        number = len(self.names) + 1
        last = self.chance.choice(_NAMES[:2] if plain else _NAMES)
        self.names[place] = f"{TOKEN}{number:02} {last}"
        return self.names[place]

    def shown(self, form: str) -> str:
        """The name that a file shows."""
        self.content[form] = f"{TOKEN} Shown {form}"
        return self.content[form]


@dataclass(frozen=True, slots=True)
class MarkedFile:
    """One file."""

    name: str
    media_type: str
    data: bytes


def every_file(markers: Markers) -> tuple[MarkedFile, ...]:
    """One file of each of the eight formats."""
    makers: Mapping[str, tuple[Callable[[Markers], bytes], str]] = {
        "pdf": (pdf, "application/pdf"),
        "docx": (docx, "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        "pptx": (pptx, "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
        "xlsx": (xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        "jpg": (jpeg, "image/jpeg"),
        "png": (png, "image/png"),
        "heic": (heic, "image/heic"),
        "mp4": (mp4, "video/mp4"),
    }
    return tuple(
        MarkedFile(f"Artifact {number}.{ending}", media_type, make(markers))
        for number, (ending, (make, media_type)) in enumerate(makers.items(), 1)
    )


# ---- pictures ----


def jpeg(markers: Markers, form: str = "jpeg") -> bytes:
    """A photograph: EXIF, XMP, comment, a second picture behind its end."""
    image = Image.new("RGB", (320, 240), (200, 180, 90))
    exif = Image.Exif()
    exif[0x013B] = markers.at(f"{form}: artist", plain=True)
    exif[0x8298] = markers.at(f"{form}: copyright", plain=True)
    exif[0x9C9D] = markers.at(f"{form}: author as Windows writes it").encode("utf-16-le")
    exif.get_ifd(0x8769)[0xA430] = markers.at(f"{form}: owner of the camera", plain=True)
    exif.get_ifd(0x8769)[0xA431] = markers.at(f"{form}: serial number", plain=True)
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (51.0, 28.0, 40.08), "W", (0.0, 0.0, 5.31)
    gps[27] = markers.at(f"{form}: name of the place", plain=True).encode()
    out = io.BytesIO()
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{markers.at(f'{form}: XMP')}</x:xmpmeta>".encode()
    comment = markers.at(f"{form}: comment").encode()
    image.save(out, "JPEG", exif=exif, comment=comment, xmp=xmp)
    second = io.BytesIO()
    inner = Image.Exif()
    inner[0x013B] = markers.at(f"{form}: second picture behind the end", plain=True)
    Image.new("RGB", (32, 24)).save(second, "JPEG", exif=inner)
    return out.getvalue() + second.getvalue()


def png(markers: Markers) -> bytes:
    """A screenshot with what its program wrote into it."""
    said = PngInfo()
    said.add_text("Author", markers.at("png: text", plain=True))
    said.add_text("Comment", markers.at("png: packed text", plain=True), zip=True)
    said.add_itxt("Title", markers.at("png: international text"))
    exif = Image.Exif()
    exif[0x013B] = markers.at("png: EXIF", plain=True)
    out = io.BytesIO()
    Image.new("RGB", (300, 400), (230, 230, 240)).save(out, "PNG", pnginfo=said, exif=exif)
    return out.getvalue() + markers.at("png: behind the end").encode()


def heic(markers: Markers) -> bytes:
    """A photograph of a telephone."""
    exif = Image.Exif()
    exif[0x013B] = markers.at("heic: artist", plain=True)
    exif[0x8298] = markers.at("heic: copyright", plain=True)
    exif.get_ifd(0x8769)[0xA430] = markers.at("heic: owner of the camera", plain=True)
    picture = pillow_heif.from_pillow(Image.new("RGB", (320, 240), (90, 160, 90)))
    xmp = f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{markers.at('heic: XMP')}</x:xmpmeta>".encode()
    out = io.BytesIO()
    picture.save(out, format="HEIF", exif=exif.tobytes(), xmp=xmp, quality=60)
    return out.getvalue()


# ---- a recording ----


def box(kind: bytes, *parts: bytes) -> bytes:
    """One box of an MP4 file."""
    body = b"".join(parts)
    return (len(body) + 8).to_bytes(4, "big") + kind + body


def mp4(markers: Markers) -> bytes:
    """A recording: tags of iTunes, a place, a name of its track, a track of places, a note of a program."""

    def tag(kind: bytes, name: str) -> bytes:
        return box(kind, box(b"data", b"\x00\x00\x00\x01\x00\x00\x00\x00", name.encode()))

    artist, title = markers.at("mp4: artist"), markers.at("mp4: title")
    handler = b"\x00" * 8 + b"mdir" + b"appl" + b"\x00" * 9
    meta = box(
        b"meta",
        b"\x00" * 4,
        box(b"hdlr", handler),
        box(b"ilst", tag(b"\xa9ART", artist), tag(b"\xa9nam", title)),
    )
    place = markers.at("mp4: place").encode()
    udta = box(b"udta", meta, box(b"\xa9xyz", len(place).to_bytes(2, "big"), b"\x15\xc7", place))
    note = box(
        b"uuid",
        b"\xbe\x7a\xcf\xcb\x97\xa9\x42\xe8\x9c\x71\x99\x94\x91\xe3\xaf\xac",
        markers.at("mp4: XMP").encode(),
    )
    measured = markers.at("mp4: samples of a track of places").encode()
    film = markers.shown("mp4").encode()
    head = box(b"ftyp", b"isom\x00\x00\x02\x00isomiso2mp41")
    free = box(b"free", markers.at("mp4: left over").encode())
    media_at = len(head) + len(free) + 8
    tracks = _track(b"vide", markers.at("mp4: name of a handler"), media_at, len(film))
    tracks += _track(b"meta", "places", media_at + len(film), len(measured))
    dated = b"\x00" * 4 + (3_900_012_345).to_bytes(4, "big") * 2 + (1000).to_bytes(4, "big") + b"\x00" * 84
    return head + free + box(b"mdat", film, measured) + box(b"moov", box(b"mvhd", dated), tracks, udta) + note


def _track(handler: bytes, name: str, at: int, count: int) -> bytes:
    table = box(
        b"stbl",
        box(b"stsd", b"\x00" * 8),
        box(b"stsc", b"\x00" * 4, (1).to_bytes(4, "big"), b"".join(n.to_bytes(4, "big") for n in (1, 1, 1))),
        box(b"stsz", b"\x00" * 8, (1).to_bytes(4, "big"), count.to_bytes(4, "big")),
        box(b"stco", b"\x00" * 4, (1).to_bytes(4, "big"), at.to_bytes(4, "big")),
    )
    told = box(b"hdlr", b"\x00" * 8, handler, b"\x00" * 12, name.encode(), b"\x00")
    return box(b"trak", box(b"mdia", told, box(b"minf", table)))


# ---- PDF ----


def pdf(markers: Markers) -> bytes:
    """A PDF with names in all its corners, and an older revision below the newest."""
    document = pymupdf.open()
    page = document.new_page(width=595, height=842)
    page.insert_textbox((72, 72, 523, 200), f"We measured the fence. {markers.shown('pdf')}", fontsize=12)
    inner = Markers(markers.chance)
    photo = jpeg(inner, "photo")
    for place, name in inner.names.items():
        if place in ("photo: artist", "photo: comment"):
            # The other places are those of a photograph by itself.
            marker = markers.at(f"pdf: {place}", plain=True)[: len(name.encode())].ljust(len(name.encode()))
            photo = photo.replace(name.encode(), marker.encode())
            markers.names[f"pdf: {place}"] = marker.strip()
    page.insert_image((72, 300, 272, 450), stream=photo)
    comment = page.add_text_annot((300, 90), "I was proud of this one.")
    comment.set_info(
        title=markers.at("pdf: author of a comment"), subject=markers.at("pdf: subject of a comment")
    )
    comment.update()
    named = markers.at("pdf: name of an attachment", plain=True)
    page.add_file_annot((400, 90), markers.at("pdf: content of an attachment").encode(), f"{named}.txt")
    document.embfile_add(
        "notes", markers.at("pdf: content of an inner file").encode(), filename="x.txt",
        desc=markers.at("pdf: words on an inner file", plain=True),
    )  # fmt: skip
    document.set_metadata({"author": markers.at("pdf: author"), "title": markers.at("pdf: title")})
    document.set_xml_metadata(f"<x:xmpmeta xmlns:x='adobe:ns:meta/'>{markers.at('pdf: XMP')}</x:xmpmeta>")
    document.set_toc([[1, markers.at("pdf: outline"), 1]])
    first = document.tobytes()
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(first)) as again:
        private = pikepdf.Dictionary(Private=pikepdf.String(markers.at("pdf: a program's own notes")))
        again.Root.PieceInfo = pikepdf.Dictionary(Word=private)
        again.save(out, fix_metadata_version=False)
    return out.getvalue() + _revision(out.getvalue())


def _revision(data: bytes) -> bytes:
    """An incremental update that blanks the information: the names stay below it."""
    at = data.rindex(b"startxref")
    previous = int(data[at + 9 :].split()[0])
    number = 9000
    body = f"\n{number} 0 obj\n<< /Author () /Title () >>\nendobj\n".encode()
    with pikepdf.open(io.BytesIO(data)) as pdf_file:
        root = pdf_file.Root.objgen
    tail = (
        f"xref\n{number} 1\n{len(data) + 1:010d} 00000 n \ntrailer\n<< /Size {number + 1} /Prev {previous} "
        f"/Root {root[0]} {root[1]} R /Info {number} 0 R >>\nstartxref\n{len(data) + len(body)}\n%%EOF\n"
    )
    return body + tail.encode()


# ---- office ----

_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_CORE = (
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
_P = 'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main"'
_X = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_R = f'xmlns:r="{_OFFICE}"'
_WP = 'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'


def _relations(*items: tuple[str, str]) -> str:
    rows = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{kind}" Target="{target}"'
        f"{' TargetMode=' + chr(34) + 'External' + chr(34) if ':' in target else ''}/>"
        for number, (kind, target) in enumerate(items, 1)
    )
    return f'<Relationships xmlns="{_RELATIONS}">{rows}</Relationships>'


def _package(parts: Mapping[str, str | bytes], moment: tuple[int, int, int, int, int, int]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(
                zipfile.ZipInfo(name, moment), data if isinstance(data, bytes) else data.encode()
            )
    return out.getvalue()


def _types(*overrides: str) -> str:
    rows = "".join(f'<Override PartName="/{path}" ContentType="application/xml"/>' for path in overrides)
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Default Extension="jpeg" ContentType="image/jpeg"/>{rows}</Types>'
    )


def _core(markers: Markers, form: str) -> str:
    return (
        f"<cp:coreProperties {_CORE}><dc:creator>{markers.at(f'{form}: creator')}</dc:creator>"
        f"<cp:lastModifiedBy>{markers.at(f'{form}: last modified by')}</cp:lastModifiedBy></cp:coreProperties>"
    )


def docx(markers: Markers) -> bytes:
    """A Word document: properties, comments, changes, a template, a photograph."""
    by = markers.at("docx: author of a change")
    body = (
        f'<w:p w:rsidR="00AB12CD"><w:r><w:t>{markers.shown("docx")}</w:t></w:r>'
        f'<w:ins w:id="1" w:author="{by}" w:date="2026-03-02T10:11:12Z"><w:r><w:t>ten seconds</w:t></w:r></w:ins>'
        f'<w:del w:id="2" w:author="{markers.at("docx: author of a deletion")}"><w:r><w:delText>three</w:delText></w:r></w:del>'
        '<w:r><w:drawing><wp:docPr id="1" '
        f'name="{markers.at("docx: name of a picture")}" descr="C:\\Users\\{markers.at("docx: path of a picture")}\\a.jpg"/>'
        "</w:drawing></w:r></w:p>"
    )
    settings = (
        f'<w:settings {_W} {_R}><w:attachedTemplate r:id="rId1"/><w:rsids><w:rsidRoot w:val="00AB12CD"/></w:rsids>'
        "</w:settings>"
    )
    comment = (
        f'<w:comments {_W}><w:comment w:id="0" w:author="{markers.at("docx: author of a comment")}" '
        'w:initials="ZQ" w:date="2026-03-02T10:11:12Z"><w:p><w:r><w:t>How many?</w:t></w:r></w:p></w:comment></w:comments>'
    )
    template = (
        f"file:///C:/Users/{markers.at('docx: path of the template', plain=True).replace(' ', '%20')}/n.dotm"
    )
    # As it stands in the file.
    markers.names["docx: path of the template"] = markers.names["docx: path of the template"].replace(
        " ", "%20"
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _types("word/document.xml", "word/people.xml", "docProps/custom.xml"),
        "_rels/.rels": _relations(
            ("officeDocument", "word/document.xml"), ("custom-properties", "docProps/custom.xml")
        ),
        "word/document.xml": f"<w:document {_W} {_R} {_WP}><w:body>{body}</w:body></w:document>",
        "word/_rels/document.xml.rels": _relations(
            ("comments", "comments.xml"), ("people", "people.xml"), ("image", "media/image1.jpeg")
        ),
        "word/comments.xml": comment,
        "word/people.xml": (f'<w:people {_W}><w:person w:author="{markers.at("docx: person")}"/></w:people>'),
        "word/settings.xml": settings,
        "word/_rels/settings.xml.rels": _relations(("attachedTemplate", template)),
        "word/media/image1.jpeg": _photo(markers, "docx: artist of a picture"),
        "docProps/core.xml": _core(markers, "docx"),
        "docProps/app.xml": f"<Properties><Company>{markers.at('docx: company')}</Company></Properties>",
        "docProps/custom.xml": f"<Properties><property>{markers.at('docx: own property')}</property></Properties>",
    }
    return _package(parts, (2026, 3, 2, 10, 11, 12))


def pptx(markers: Markers) -> bytes:
    """Slides: properties, an author of comments, paths and a photograph."""
    slide = (
        f"<p:sld {_P} {_A} {_R}><p:cSld><p:spTree><p:sp><p:txBody><a:p><a:r><a:t>{markers.shown('pptx')}</a:t></a:r></a:p>"
        f'</p:txBody></p:sp><p:pic><p:nvPicPr><p:cNvPr id="2" name="{markers.at("pptx: name of a picture")}" '
        f'descr="C:\\Users\\{markers.at("pptx: path of a picture")}\\a.jpg"/></p:nvPicPr></p:pic></p:spTree></p:cSld></p:sld>'
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _types("ppt/presentation.xml"),
        "_rels/.rels": _relations(("officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": (
            f'<p:presentation {_P} {_R}><p:sldIdLst><p:sldId id="256" r:id="rId1"/></p:sldIdLst></p:presentation>'
        ),
        "ppt/_rels/presentation.xml.rels": _relations(
            ("slide", "slides/slide1.xml"), ("commentAuthors", "commentAuthors.xml")
        ),
        "ppt/slides/slide1.xml": slide,
        "ppt/slides/_rels/slide1.xml.rels": _relations(
            ("image", f"../media/{markers.at('pptx: name of a file of a picture', plain=True)}.jpeg"),
        ),
        "ppt/commentAuthors.xml": (
            f'<p:cmAuthorLst {_P}><p:cmAuthor id="0" name="{markers.at("pptx: author of comments")}" '
            'initials="ZQ"/></p:cmAuthorLst>'
        ),
        f"ppt/media/{markers.names['pptx: name of a file of a picture']}.jpeg": _photo(
            markers, "pptx: artist of a picture"
        ),
        "docProps/core.xml": _core(markers, "pptx"),
        "docProps/app.xml": f"<Properties><Manager>{markers.at('pptx: manager')}</Manager></Properties>",
    }
    return _package(parts, (2026, 3, 2, 10, 11, 12))


def xlsx(markers: Markers) -> bytes:
    """A workbook: properties, comments, its own path, a printer, a link to another file."""
    elsewhere = f"file:///C:/Users/{markers.at('xlsx: path of another workbook', plain=True).replace(' ', '%20')}/b.xlsx"
    markers.names["xlsx: path of another workbook"] = markers.names["xlsx: path of another workbook"].replace(
        " ", "%20"
    )
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": _types("xl/workbook.xml"),
        "_rels/.rels": _relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": (
            f'<workbook {_X} {_R}><fileSharing userName="{markers.at("xlsx: user of a shared file")}"/>'
            '<x15ac:absPath xmlns:x15ac="http://schemas.microsoft.com/office/spreadsheetml/2010/11/ac" '
            f'url="C:\\Users\\{markers.at("xlsx: its own path")}\\"/>'
            '<sheets><sheet name="Grades" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _relations(
            ("worksheet", "worksheets/sheet1.xml"), ("externalLink", "externalLinks/externalLink1.xml")
        ),
        "xl/worksheets/sheet1.xml": (
            f'<worksheet {_X}><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>{markers.shown("xlsx")}</t></is></c>'
            "</row></sheetData></worksheet>"
        ),
        "xl/worksheets/_rels/sheet1.xml.rels": _relations(
            ("comments", "../comments1.xml"), ("printerSettings", "../printerSettings/printerSettings1.bin")
        ),
        "xl/comments1.xml": (
            f"<comments {_X}><authors><author>{markers.at('xlsx: author of comments')}</author></authors>"
            '<commentList><comment ref="A1" authorId="0"><text><t>How many?</t></text></comment></commentList></comments>'
        ),
        "xl/printerSettings/printerSettings1.bin": markers.at("xlsx: printer").encode("utf-16-le"),
        "xl/externalLinks/externalLink1.xml": f'<externalLink {_X} {_R}><externalBook r:id="rId1"/></externalLink>',
        "xl/externalLinks/_rels/externalLink1.xml.rels": _relations(("externalLinkPath", elsewhere)),
        "docProps/core.xml": _core(markers, "xlsx"),
    }
    return _package(parts, (2026, 3, 2, 10, 11, 12))


def _photo(markers: Markers, place: str) -> bytes:
    exif = Image.Exif()
    exif[0x013B] = markers.at(place, plain=True)
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (120, 90, 60)).save(out, "JPEG", exif=exif)
    return out.getvalue()
