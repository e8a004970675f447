from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_app.documents.pages import EvidenceSource, choose_source
from assessor_app.documents.sniff import Kind, claimed_kind, is_office_listing, sniff
from tests.evidence_files import docx_of, picture, text_pdf, zip_of

HEIC_HEAD = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"
MP4_HEAD = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2"

BY_CONTENT = [
    (b"%PDF-1.7\n", Kind.PDF),
    (b"\x00\x01junk before %PDF-1.4", Kind.PDF),
    (picture(4, 4, "JPEG"), Kind.IMAGE),
    (picture(4, 4, "PNG"), Kind.IMAGE),
    (picture(4, 4, "GIF"), Kind.IMAGE),
    (picture(4, 4, "TIFF"), Kind.IMAGE),
    (picture(4, 4, "WEBP"), Kind.IMAGE),
    (picture(4, 4, "BMP"), Kind.IMAGE),
    (picture(16, 16, "AVIF"), Kind.IMAGE),
    (HEIC_HEAD, Kind.IMAGE),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", Kind.OFFICE),
    (docx_of({}), Kind.OFFICE),
    (b"{\\rtf1\\ansi", Kind.OFFICE),
    (zip_of({"a.txt": b"a"}), Kind.ARCHIVE),
    (b"Rar!\x1a\x07\x00", Kind.ARCHIVE),
    (b"\x1f\x8b\x08", Kind.ARCHIVE),
    (MP4_HEAD, Kind.VIDEO),
    (b"\x1aE\xdf\xa3\x01", Kind.VIDEO),
    (b"RIFF\x00\x00\x00\x00AVI LIST", Kind.VIDEO),
    (b"RIFF\x00\x00\x00\x00WAVEfmt ", Kind.AUDIO),
    (b"ID3\x04\x00", Kind.AUDIO),
    (b"\xff\xfb\x90\x00", Kind.AUDIO),
    (b"OggS\x00", Kind.AUDIO),
    (b"\x00\x00\x00\x18ftypM4A \x00", Kind.AUDIO),
    (b"# A plan\n\nFirst we...", Kind.TEXT),
    (b"<!DOCTYPE html><html>", Kind.TEXT),
    (b"<svg xmlns='http://www.w3.org/2000/svg'>", Kind.IMAGE),
    (b"<html><!-- %PDF-1.4 -->", Kind.TEXT),
    (b"\xff\xfeh\x00i\x00", Kind.TEXT),
    ("Grüße".encode("cp1252"), Kind.TEXT),
    (b"\x00\x01\x02\x03", Kind.UNKNOWN),
    (b"", Kind.UNKNOWN),
]


@pytest.mark.parametrize(("head", "kind"), BY_CONTENT)
def test_content_alone_tells_the_kind(head: bytes, kind: Kind) -> None:
    assert sniff(head, "Artifact 1", "") is kind


@pytest.mark.parametrize(
    ("head", "kind"), [row for row in BY_CONTENT if row[1] not in (Kind.TEXT, Kind.UNKNOWN)]
)
def test_a_name_does_not_outweigh_content(head: bytes, kind: Kind) -> None:
    assert sniff(head, "Artifact 1.txt", "text/plain") is kind


def test_a_name_decides_where_bytes_are_silent() -> None:
    assert sniff(b"\x00\x01\x02", "scan.pdf", "") is Kind.PDF
    assert sniff(b"\x00\x01\x02", "Artifact 1", "video/mp4") is Kind.VIDEO
    assert sniff(b"\x00\x01\x02", "notes.txt", "") is Kind.UNKNOWN


@pytest.mark.parametrize(
    ("name", "media_type", "kind"),
    [
        ("Plan.DOCX", "", Kind.OFFICE),
        (
            "Artifact 2",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Kind.OFFICE,
        ),
        ("Artifact 2", "text/html; charset=utf-8", Kind.TEXT),
        ("Artifact 2", "image/svg+xml", Kind.IMAGE),
        ("Artifact 2", "image/jpeg", Kind.IMAGE),
        ("a.mp3", "application/pdf", Kind.AUDIO),
        ("Artifact 2", "application/octet-stream", None),
        ("", "", None),
    ],
)
def test_claims(name: str, media_type: str, kind: Kind | None) -> None:
    assert claimed_kind(name, media_type) is kind


def test_office_listings() -> None:
    assert is_office_listing(["[Content_Types].xml", "ppt/presentation.xml"])
    assert is_office_listing(["mimetype", "content.xml"])
    assert not is_office_listing(["[Content_Types].xml", "a.txt"])
    assert not is_office_listing(["word/document.xml"])


@given(st.binary(max_size=600), st.text(max_size=40), st.text(max_size=40))
def test_any_bytes_have_a_kind(head: bytes, name: str, media_type: str) -> None:
    assert sniff(head, name, media_type) in Kind


def source(name: str, media_type: str = "") -> EvidenceSource:
    return EvidenceSource("b", Path("b"), bytes(32), 1, "0" * 64, media_type, name)


def test_the_platforms_pdf_copy_comes_first_for_office_files() -> None:
    copy, other = source("copy", "application/pdf"), source("copy", "image/png")
    office, unknown = source("Plan.docx"), source("Artifact 3")
    assert choose_source(office, [other, copy]) is copy
    assert choose_source(unknown, [copy]) is copy
    assert choose_source(office, [other]) is office
    assert choose_source(office, []) is office
    for name in ("a.pdf", "a.jpg", "a.md", "a.mp4", "a.mp3"):
        own = source(name)
        assert choose_source(own, [copy]) is own


def test_a_key_is_not_in_a_repr() -> None:
    assert "file_key" not in repr(source("a.pdf"))


def test_a_real_pdf_is_a_pdf() -> None:
    assert sniff(text_pdf("Hello"), "x.jpg", "image/jpeg") is Kind.PDF
