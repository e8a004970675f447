"""What a file's own properties give away, in the child: that something is there, never what it is.

Runs only in the child.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterable

import pymupdf
from PIL import Image
from pymupdf import mupdf

from assessor_app.documents.worker_package import Package, local
from assessor_app.domain.cases import FindingKind

_ARTIST, _COPYRIGHT, _XP_AUTHOR = 0x013B, 0x8298, 0x9C9D
_EXIF_IFD, _GPS_IFD = 0x8769, 0x8825
_OWNER, _USER_COMMENT, _XP_COMMENT, _DESCRIPTION = 0xA430, 0x9286, 0x9C9C, 0x010E
_ANNOTATED_PAGES, _ANNOTATIONS = 60, 400
_XMP_CREATOR = re.compile(
    r"<(?:dc:creator|photoshop:AuthorsPosition|xmp:Author|pdf:Author)[^>]{0,200}>(.{0,2000}?)</", re.DOTALL
)
_TAG = re.compile(r"<[^<>]{0,300}>")
_PERSON_TAGS = frozenset({"creator", "lastModifiedBy", "initial-creator", "manager", "company"})
_AUTHOR_PARTS = re.compile(r"(?:comments?\d*|commentAuthors|authors|person\d*)\.xml$", re.IGNORECASE)
_AUTHOR_NAMES = re.compile(
    rb"<(?:\w+:)?author>([^<]{1,200})<|\b(?:w:author|author|displayName|name)=\"([^\"]{1,200})\""
)
_SAYS_NOTHING = frozenset(
    {
        "author",
        "anonymous",
        "unknown",
        "user",
        "users",
        "administrator",
        "admin",
        "owner",
        "student",
        "teacher",
        "learner",
        "guest",
        "default",
        "none",
        "untitled",
        "scanner",
        "windows",
        "pc",
        "mac",
        "python-docx",
        "openpyxl",
        "reportlab",
        "pymupdf",
        "libreoffice",
        "microsoft",
        "apple",
        "google",
    }
)
"""What programs write where a name could stand."""
_PROGRAMS = re.compile(
    r"^(?:microsoft|libreoffice|openoffice|adobe|acrobat|google|apple|apache|python|canva|canon|epson|hp|xerox)\b.*",
    re.IGNORECASE,
)


def of_pdf(document: pymupdf.Document, pdf: mupdf.PdfDocument) -> list[FindingKind]:
    """What a PDF's Info, XMP and annotations give away."""
    found: set[FindingKind] = set()
    metadata = document.metadata or {}
    xmp = _XMP_CREATOR.findall(document.get_xml_metadata()[:200_000])
    if _names_anybody([str(metadata.get("author") or ""), *(_TAG.sub(" ", value) for value in xmp)]):
        found.add(FindingKind.PDF_PROPERTIES)
    if _names_anybody(_annotators(pdf)):
        found.add(FindingKind.FILE_COMMENT)
    return sorted(found)


def of_package(package: Package) -> list[FindingKind]:
    """What an office file's properties and the authors of its comments give away."""
    found: set[FindingKind] = set()
    for name in package.names:
        if name in ("docProps/core.xml", "docProps/app.xml", "meta.xml"):
            root = package.xml(name)
            said = (
                [one.text or "" for one in root.iter() if _is_person(local(one))] if root is not None else []
            )
            if _names_anybody(said):
                found.add(FindingKind.OFFICE_PROPERTIES)
        elif _AUTHOR_PARTS.search(name):
            pairs = _AUTHOR_NAMES.findall((package.read(name) or b"")[:2_000_000])
            if _names_anybody((one or other).decode("utf-8", "replace") for one, other in pairs):
                found.add(FindingKind.FILE_COMMENT)
    return sorted(found)


def of_picture(image: Image.Image) -> list[FindingKind]:
    """What a picture's EXIF and comments give away."""
    found: set[FindingKind] = set()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exif = image.getexif()
        detail, place = exif.get_ifd(_EXIF_IFD), exif.get_ifd(_GPS_IFD)
    people = [exif.get(_ARTIST), exif.get(_COPYRIGHT), exif.get(_XP_AUTHOR), detail.get(_OWNER)]
    info = image.info
    people += [info.get("Author"), info.get("Artist")]
    if _names_anybody(_text(value) for value in people):
        found.add(FindingKind.PICTURE_PROPERTIES)
    # Latitude and longitude; an empty directory is what some cameras write.
    if 2 in place and 4 in place:
        found.add(FindingKind.PLACE)
    comments = [detail.get(_USER_COMMENT), exif.get(_XP_COMMENT), exif.get(_DESCRIPTION)]
    comments += [info.get("comment"), info.get("Comment"), info.get("Description")]
    if _names_anybody(_text(value) for value in comments if value):
        found.add(FindingKind.FILE_COMMENT)
    return sorted(found)


def _is_person(tag: str) -> bool:
    return tag in _PERSON_TAGS or tag.lower() in _PERSON_TAGS


def _names_anybody(values: Iterable[str]) -> bool:
    """Whether one of some values may be somebody's name: letters that are no program's and no stock word."""
    for value in values:
        text = " ".join(value.split()).strip("()[]<>\x00 ").lower()
        words = [word for word in re.split(r"[^\w'-]+", text) if any(char.isalpha() for char in word)]
        if words and not all(word in _SAYS_NOTHING for word in words) and not _PROGRAMS.match(text):
            return True
    return False


def _text(value: object) -> str:
    if isinstance(value, bytes):
        plain = value.removeprefix(b"ASCII\x00\x00\x00").removeprefix(b"UNICODE\x00")
        return plain.replace(b"\x00", b"").decode("utf-8", "replace")
    if isinstance(value, tuple):
        return bytes(part for part in value if isinstance(part, int) and 0 < part < 256).decode("latin-1")
    return value if isinstance(value, str) else ""


def _annotators(pdf: mupdf.PdfDocument) -> list[str]:
    names: list[str] = []
    for page in range(min(mupdf.pdf_count_pages(pdf), _ANNOTATED_PAGES)):
        try:
            annotations = mupdf.pdf_dict_gets(mupdf.pdf_lookup_page_obj(pdf, page), "Annots")
            for index in range(min(mupdf.pdf_array_len(annotations), _ANNOTATIONS)):
                one = mupdf.pdf_array_get(annotations, index)
                # A form field's T is its name, not its author's.
                if mupdf.pdf_to_name(mupdf.pdf_dict_gets(one, "Subtype")) != "Widget":
                    names.append(mupdf.pdf_to_text_string(mupdf.pdf_dict_gets(one, "T")))
        except (RuntimeError, ValueError, mupdf.FzErrorBase):
            continue
    return names
