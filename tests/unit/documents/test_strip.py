# ruff: noqa: E501 - what stands in files stands on one line
"""What is taken out of files, kind by kind: names and places go, and what is seen and heard stays."""

from __future__ import annotations

import io
import random
import struct
import wave
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree
from PIL import Image, ImageChops

from assessor_app.documents import worker_strip_office, worker_strip_pictures, worker_strip_recordings
from assessor_app.documents.blanks import MOST_BLANKS, Blank, InMemory, as_plain, blanked, from_plain
from assessor_app.documents.limits import Limits
from assessor_app.documents.worker_package import Package
from assessor_app.documents.worker_refusal import Refusal
from attacks._marked_files import Markers, docx, mp4, pptx, xlsx
from tests.evidence_files import picture, zip_of
from tests.office_files import reviewed_word_file

NAME = "Marisol Quintero"
LIMITS = Limits()


def stripped(data: bytes) -> bytes:
    """A recording with its places written over."""
    return blanked(0, data, worker_strip_recordings.blanks(InMemory(data)))


def chunk(kind: bytes, body: bytes) -> bytes:
    return kind + len(body).to_bytes(4, "little") + body + b"\x00" * (len(body) % 2)


def id3(text: str) -> bytes:
    frame = b"TPE1" + (len(text) + 1).to_bytes(4, "big") + b"\x00\x00\x03" + text.encode()
    size = len(frame)
    return b"ID3\x04\x00\x00" + bytes((size >> shift) & 0x7F for shift in (21, 14, 7, 0)) + frame


def ape(text: str) -> bytes:
    item = len(text).to_bytes(4, "little") + bytes(4) + b"Artist\x00" + text.encode()
    foot = b"APETAGEX" + (2000).to_bytes(4, "little") + (len(item) + 32).to_bytes(4, "little")
    return item + foot + (1).to_bytes(4, "little") + bytes(12)


def mp3() -> bytes:
    frames = b"\xff\xfb\x90\x64" + bytes(range(1, 200)) * 4
    return id3(NAME) + frames + ape(NAME) + b"TAG" + NAME.encode().ljust(125, b" ")


def wav() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(range(200)) * 8)
    data = out.getvalue()
    more = chunk(b"LIST", b"INFO" + chunk(b"IART", NAME.encode())) + chunk(b"bext", NAME.encode().ljust(602))
    return b"RIFF" + (len(data) - 8 + len(more)).to_bytes(4, "little") + data[8:] + more


def avi() -> bytes:
    stream = b"strl" + chunk(b"strh", b"vids" + bytes(52)) + chunk(b"strn", NAME.encode())
    heads = b"hdrl" + chunk(b"avih", bytes(56)) + chunk(b"LIST", stream) + chunk(b"IDIT", NAME.encode())
    body = b"AVI " + chunk(b"LIST", heads) + chunk(b"LIST", b"INFO" + chunk(b"IART", NAME.encode()))
    body += chunk(b"LIST", b"movi" + chunk(b"00dc", b"the film")) + chunk(b"idx1", bytes(16))
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def flac() -> bytes:
    def block(kind: int, body: bytes, is_last: bool = False) -> bytes:
        return bytes((kind | (0x80 if is_last else 0),)) + len(body).to_bytes(3, "big") + body

    said = NAME.encode()
    comment = len(said).to_bytes(4, "little") + said + bytes(4)
    return (
        b"fLaC" + block(0, bytes(34)) + block(4, comment) + block(6, said, is_last=True) + b"\xff\xf8 sound"
    )


def ogg_page(serial: int, number: int, body: bytes, flags: int = 0) -> bytes:
    laces = bytes([255] * (len(body) // 255) + [len(body) % 255])
    page = bytearray(b"OggS\x00" + bytes((flags,)) + bytes(8) + struct.pack("<III", serial, number, 0))
    page += bytes((len(laces),)) + laces + body
    page[22:26] = worker_strip_recordings._ogg_sum(page).to_bytes(4, "little")
    return bytes(page)


def ogg() -> bytes:
    said = [f"ARTIST={NAME}", "TITLE=" + "x" * 300 + NAME]
    tags = b"OpusTags" + len(NAME).to_bytes(4, "little") + NAME.encode() + len(said).to_bytes(4, "little")
    tags += b"".join(len(one).to_bytes(4, "little") + one.encode() for one in said)
    return ogg_page(7, 0, b"OpusHead" + bytes(11), 2) + ogg_page(7, 1, tags) + ogg_page(7, 2, b"the sound")


def element(name: bytes, body: bytes) -> bytes:
    return name + (len(body) | 0x1000_0000).to_bytes(4, "big") + body


def webm() -> bytes:
    said = NAME.encode()
    info = element(
        b"\x15\x49\xa9\x66",
        element(b"\x7b\xa9", said) + element(b"\x57\x41", said) + element(b"\x44\x61", bytes(8)),
    )
    tracks = element(
        b"\x16\x54\xae\x6b", element(b"\xae", element(b"\x53\x6e", said) + element(b"\xd7", b"\x01"))
    )
    tags = element(b"\x12\x54\xc3\x67", said) + element(b"\x19\x41\xa4\x69", said)
    cluster = element(b"\x1f\x43\xb6\x75", element(b"\xa3", b"the film"))
    return (
        element(b"\x1a\x45\xdf\xa3", element(b"\x42\x82", b"webm"))
        + b"\x18\x53\x80\x67\x01"
        + b"\xff" * 7
        + info
        + tracks
        + cluster
        + tags
    )


@pytest.mark.parametrize("make", [mp3, wav, avi, flac, ogg, webm])
def test_a_recording_says_nothing_of_its_maker_and_is_as_long_as_before(make: Callable[[], bytes]) -> None:
    data = make()
    assert NAME.encode() in data
    clean = stripped(data)
    assert NAME.encode() not in clean
    assert b"Quintero" not in clean
    assert len(clean) == len(data)
    for heard in (b"the film", b"the sound", b"\xff\xf8 sound", b"\xff\xfb\x90\x64" + bytes(range(1, 200))):
        assert (heard in clean) == (heard in data)
    assert stripped(clean) == clean


def test_a_sound_still_plays_and_pages_of_ogg_still_add_up() -> None:
    with wave.open(io.BytesIO(stripped(wav()))) as sound:
        assert sound.readframes(800) == bytes(range(200)) * 8
    clean = stripped(ogg())
    for at in [at for at in range(len(clean)) if clean.startswith(b"OggS", at)]:
        end = at + 27 + clean[at + 26] + sum(clean[at + 27 : at + 27 + clean[at + 26]])
        page = bytearray(clean[at:end])
        told, page[22:26] = bytes(page[22:26]), bytes(4)
        assert worker_strip_recordings._ogg_sum(page).to_bytes(4, "little") == told


def test_a_recording_of_boxes_keeps_its_film_and_tells_days() -> None:
    markers = Markers(random.Random(3))
    data = mp4(markers)
    clean = stripped(data)
    assert len(clean) == len(data)
    assert markers.content["mp4"].encode() in clean
    assert not [place for place, name in markers.names.items() if name.encode() in clean]
    at = clean.index(b"mvhd")
    made = int.from_bytes(clean[at + 8 : at + 12], "big")
    assert made % 86_400 == 0
    assert 3_900_012_345 - made < 86_400
    with pytest.raises(Refusal):
        stripped(data[:4] + b"ftyp" + b"\x00\x00\x01\x00moov")


@given(st.binary(max_size=400), st.sampled_from([mp3, wav, avi, flac, ogg, webm]), st.integers(0, 400))
def test_damaged_recordings_are_refused_or_written_over_within_their_bounds(
    noise: bytes, make: Callable[[], bytes], at: int
) -> None:
    data = make()
    data = data[:at] + noise + data[at + len(noise) :]
    try:
        blanks = worker_strip_recordings.blanks(InMemory(data))
    except Refusal:
        return
    assert len(blanked(0, data, blanks)) == len(data)
    from_plain(as_plain(blanks), len(data))


@pytest.mark.parametrize(
    "untrusted",
    [None, {}, [[1, 2]], [["1", 2, ""]], [[-1, 2, ""]], [[0, 11, ""]], [[0, 1, "ffff"]], [[0, 1, "x"]],
     [[0, 0, ""]] * (MOST_BLANKS + 1), [[True, 1, ""]]],
)  # fmt: skip
def test_a_child_that_lies_about_places_is_not_believed(untrusted: object) -> None:
    with pytest.raises(ValueError):
        from_plain(untrusted, 10)


def test_places_are_written_over_whatever_the_parts_are() -> None:
    data = bytes(range(100))
    blanks = (Blank(10, 5, b"ab"), Blank(13, 40, b"c"), Blank(98, 2))
    whole = blanked(0, data, blanks)
    assert whole[9:15] == b"\x09ab\x00c\x00"
    for size in (1, 3, 7, 50):
        assert b"".join(blanked(at, data[at : at + size], blanks) for at in range(0, 100, size)) == whole


@pytest.mark.parametrize(("file_format", "ending"), [("JPEG", "jpg"), ("PNG", "png"), ("GIF", "gif"), ("WEBP", "webp"), ("BMP", "jpg")])  # fmt: skip
def test_a_picture_looks_as_before_and_says_nothing(file_format: str, ending: str) -> None:
    exif = Image.Exif()
    exif[0x013B] = NAME
    said = {"exif": exif} if file_format in ("JPEG", "PNG", "WEBP") else {}
    if file_format == "WEBP":
        said |= {"lossless": True, "xmp": NAME.encode()}  # type: ignore[dict-item]
    if file_format == "GIF":
        said = {"comment": NAME.encode()}  # type: ignore[dict-item]
    data = picture(64, 48, file_format, **said)
    clean, told = worker_strip_pictures.stripped(data + NAME.encode() * (file_format != "WEBP"), LIMITS)
    assert told == ending
    assert NAME.encode() not in clean
    with Image.open(io.BytesIO(data)) as before, Image.open(io.BytesIO(clean)) as after:
        assert before.size == after.size
        assert after.getexif() == {}
        difference = ImageChops.difference(before.convert("RGB"), after.convert("RGB"))
        assert max(most for _, most in difference.getextrema()) < 60  # type: ignore[misc]
        if file_format != "BMP":
            assert before.convert("RGB").tobytes() == after.convert("RGB").tobytes()


def test_which_way_is_up_stays_and_pages_stay_pages() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x013B] = 6, NAME
    clean, _ = worker_strip_pictures.stripped(picture(64, 48, "JPEG", exif=exif), LIMITS)
    with Image.open(io.BytesIO(clean)) as after:
        assert dict(after.getexif()) == {0x0112: 6}
    out = io.BytesIO()
    first, second = Image.new("RGB", (20, 10), (9, 9, 9)), Image.new("RGB", (10, 20), (200, 0, 0))
    first.save(out, "TIFF", save_all=True, append_images=[second], software=NAME)
    clean, ending = worker_strip_pictures.stripped(out.getvalue(), LIMITS)
    with Image.open(io.BytesIO(clean)) as after:
        assert (ending, after.n_frames) == ("tif", 2)  # type: ignore[attr-defined]
    assert NAME.encode() not in clean


def test_a_progressive_photograph_keeps_all_its_scans() -> None:
    data = picture(64, 48, "JPEG", progressive=True)
    with Image.open(io.BytesIO(data)) as before, Image.open(io.BytesIO(worker_strip_pictures.strip_jpeg(data))) as after:  # fmt: skip
        assert before.tobytes() == after.tobytes()


def parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("make", [docx, pptx, xlsx])
def test_relations_lead_to_parts_that_are_there(make: Callable[[Markers], bytes]) -> None:
    clean = worker_strip_office.stripped(make(Markers(random.Random(1))), LIMITS)
    found = parts(clean)
    package = Package(clean, LIMITS)
    for name, data in found.items():
        if name.endswith(".rels"):
            root = etree.fromstring(data)
            owner = name.replace("_rels/", "").removesuffix(".rels")
            inside = [one for one in root if one.get("TargetMode") != "External"]
            if owner in ("word/settings.xml", "xl/externalLinks/externalLink1.xml"):
                continue
            assert len(package.relations(owner)) == len(inside), name
    types = etree.fromstring(found["[Content_Types].xml"])
    for item in types:
        assert item.get("PartName") is None or str(item.get("PartName")).lstrip("/") in found


def test_what_a_document_says_stays_changes_and_deletions_included() -> None:
    found = parts(worker_strip_office.stripped(reviewed_word_file(), LIMITS))
    text, comments = found["word/document.xml"].decode(), found["word/comments.xml"].decode()
    for words in ("three seconds", "ten seconds ", "What my students noticed"):
        assert words in text
    assert "How many of them?" in comments
    assert 'w:author="Author"' in text
    assert "Educator" not in text + comments
    assert "Colleague" not in comments


def test_an_open_document_loses_its_authors_and_keeps_its_words() -> None:
    office = 'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    content = (
        f"<office:document-content {office}><office:annotation><dc:creator>{NAME}</dc:creator>"
        "<dc:date>2026-03-02T10:11:12</dc:date></office:annotation><p>Fences</p></office:document-content>"
    )
    data = zip_of(
        {
            "content.xml": content.encode(),
            "meta.xml": f"<office:document-meta {office}><dc:creator>{NAME}</dc:creator></office:document-meta>".encode(),
            "settings.xml": f"<x>{NAME}</x>".encode(),
            "Thumbnails/thumbnail.png": b"\x89PNG" + NAME.encode(),
            "mimetype": b"application/vnd.oasis.opendocument.text",
            f"Pictures/{NAME}.jpg": picture(8, 8, "JPEG", comment=NAME.encode()),
        }
    )
    clean = worker_strip_office.stripped(data, LIMITS)
    found = parts(clean)
    assert next(iter(found)) == "mimetype"
    assert "Thumbnails/thumbnail.png" not in found
    whole = "".join(found) + "".join(part.decode("latin-1") for part in found.values())
    assert "Quintero" not in whole
    assert "Fences" in whole
    assert "2026-03-02T00:00:00" in whole


def test_an_inner_file_is_stripped_and_what_nobody_can_look_into_is_emptied() -> None:
    inner = docx(Markers(random.Random(2)))
    data = zip_of({
        "[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>",
        "word/embeddings/a.docx": inner, "word/embeddings/ole.bin": NAME.encode(),
    })  # fmt: skip
    found = parts(worker_strip_office.stripped(data, LIMITS))
    bin_part = next(data for name, data in found.items() if name.endswith(".bin"))
    assert bin_part == b""
    inside = parts(next(data for name, data in found.items() if name.endswith(".docx")))
    assert b"Zorgwaldik" in inside["word/document.xml"], "what it shows"
    assert b"Zorgwaldik" not in inside["docProps/core.xml"]
    with pytest.raises(Refusal):
        worker_strip_office.stripped(b"PK\x03\x04 no", LIMITS)
