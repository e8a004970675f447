"""Real files through a real child: sizes, pixels, words."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pymupdf
import pytest
from PIL import Image, ImageChops, ImageStat

from assessor_app.documents import child_process
from assessor_app.documents.cards import RefusedWithCard, note_for
from assessor_app.documents.limits import Limits
from assessor_app.documents.pages import EvidenceSource, MadeBy, PagePixels, PageSize
from assessor_app.documents.renderer import Renderer
from assessor_app.documents.sniff import Kind
from assessor_app.documents.text_layer import find
from tests.evidence_files import pdf_of, picture, text_pdf, zip_of

AES_256 = 5
"""PyMuPDF's number for AES with 256 bits."""

Sealed = Callable[..., EvidenceSource]


def image_of(pixels: PagePixels) -> Image.Image:
    assert pixels.stride == pixels.width_px * 4
    assert len(pixels.data) == pixels.stride * pixels.height_px
    assert set(pixels.data[3::4]) == {255}
    size = (pixels.width_px, pixels.height_px)
    return Image.frombuffer("RGB", size, pixels.data, "raw", "BGRX", 0, 1)


def raster(data: bytes, page: int, scale: float) -> Image.Image:
    """The same page drawn in this process by PyMuPDF's own call."""
    with pymupdf.open(stream=data, filetype="pdf") as document:
        pixmap = document[page].get_pixmap(matrix=pymupdf.Matrix(scale, scale), alpha=False)
        return Image.frombytes("RGB", (pixmap.width, pixmap.height), pixmap.samples)


def nearest_colour(image: Image.Image, x: int, y: int) -> str:
    levels = [band.getpixel((x, y)) for band in image.split()]
    return {"100": "R", "010": "G", "001": "B", "111": " "}[
        "".join(str(int(isinstance(level, int) and level > 127)) for level in levels)
    ]


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(RefusedWithCard) as caught:
        call()
    return caught.value.card.reason


def rich_pdf(opacity: float = 0.4) -> bytes:
    """Text, transparent shapes and a picture; a rotated page; a cropped page; a cropped and rotated one."""

    def draw(document: pymupdf.Document) -> None:
        for _ in range(4):
            page = document.new_page(width=400, height=600)
            page.insert_text((60, 80), "Cooperative learning: waffles, find", fontsize=14)
            shape = page.new_shape()
            for step in range(8):
                shape.draw_circle((100 + 20 * step, 200), 45)
                shape.finish(fill=(step / 8, 0.4, 1 - step / 8), fill_opacity=opacity, stroke_opacity=opacity)
            shape.commit()
            page.insert_image(pymupdf.Rect(60, 300, 300, 480), stream=picture(320, 240, "PNG"))
        document[1].set_rotation(90)
        document[2].set_cropbox(pymupdf.Rect(50, 60, 350, 500))
        document[3].set_cropbox(pymupdf.Rect(50, 60, 350, 500))
        document[3].set_rotation(270)

    return pdf_of(draw)


def test_pages_have_the_size_that_is_seen(renderer: Renderer, sealed: Sealed) -> None:
    info = renderer.open(sealed(rich_pdf(), "Artifact 1.pdf", "application/pdf"))
    assert info.kind is Kind.PDF
    assert info.page_count == 4
    assert info.has_text
    assert info.pages == (
        PageSize(400, 600),
        PageSize(600, 400),
        PageSize(300, 440),
        PageSize(440, 300),
    )
    assert info.notes == ()


@pytest.mark.parametrize("page", range(4))
@pytest.mark.parametrize("scale", [0.37, 1.0, 2.25])
def test_pixels_are_those_of_a_raster_here(
    renderer: Renderer, sealed: Sealed, page: int, scale: float
) -> None:
    data = rich_pdf(opacity=1.0)
    drawn = image_of(renderer.render(sealed(data, "Artifact 1.pdf"), page, scale))
    expected = raster(data, page, scale)
    assert drawn.size == expected.size
    assert drawn.tobytes() == expected.tobytes()


@pytest.mark.parametrize("page", range(4))
def test_transparent_shapes_look_as_in_a_raster_here(renderer: Renderer, sealed: Sealed, page: int) -> None:
    """Blending four-byte pixels rounds otherwise than blending three, by what no eye sees."""
    data = rich_pdf()
    drawn = image_of(renderer.render(sealed(data, "Artifact 1.pdf"), page, 1.5))
    assert close_to(drawn, raster(data, page, 1.5), worst=4, mean=0.5)


def close_to(one: Image.Image, other: Image.Image, *, worst: int, mean: float) -> bool:
    statistics = ImageStat.Stat(ImageChops.difference(one, other))
    return max(high for _, high in statistics.extrema) <= worst and max(statistics.mean) <= mean


@pytest.mark.parametrize("page", range(4))
def test_a_tile_of_a_page_is_a_part_of_the_page(renderer: Renderer, sealed: Sealed, page: int) -> None:
    source = sealed(rich_pdf(), "Artifact 1.pdf")
    whole = image_of(renderer.render(source, page, 1.7))
    for left, top in ((0, 0), (128, 256), (333, 77), (480, 384)):
        box = (left, top, left + 256, top + 256)
        tile = image_of(renderer.render(source, page, 1.7, box))
        cut = (left, top, min(left + 256, whole.width), min(top + 256, whole.height))
        assert tile.size == (cut[2] - cut[0], cut[3] - cut[1])
        assert close_to(tile, whole.crop(cut), worst=24, mean=0.05)


@pytest.mark.parametrize("scale", [0.21, 0.5, 1.0, 1.9])
def test_a_tile_of_a_picture_is_a_part_of_it(renderer: Renderer, sealed: Sealed, scale: float) -> None:
    noise = Image.effect_noise((640, 480), 90).convert("RGB")
    buffer = io.BytesIO()
    noise.save(buffer, "PNG")
    source = sealed(buffer.getvalue(), "Artifact 2.png")
    whole = image_of(renderer.render(source, 0, scale))
    box = (20, 30, 110, 90)
    tile = image_of(renderer.render(source, 0, scale, box))
    assert close_to(tile, whole.crop(box), worst=2, mean=0.3)


def test_a_tile_outside_the_page_is_refused(renderer: Renderer, sealed: Sealed) -> None:
    source = sealed(text_pdf("Hello"), "a.pdf")
    assert refusal(lambda: renderer.render(source, 0, 1.0, (700, 0, 800, 100))) == "page_missing"
    assert refusal(lambda: renderer.render(source, 1, 1.0)) == "page_missing"
    assert refusal(lambda: renderer.render(source, -1, 1.0)) == "page_missing"
    assert refusal(lambda: renderer.text(source, 7)) == "page_missing"
    for scale in (0.0, -1.0, float("nan"), float("inf")):
        with pytest.raises(ValueError, match="scale"):
            renderer.render(source, 0, scale)


def test_a_page_may_not_have_endless_pixels(renderer: Renderer, sealed: Sealed) -> None:
    source = sealed(text_pdf("Hello"), "a.pdf")
    assert refusal(lambda: renderer.render(source, 0, 40.0)) == "too_many_pixels"
    assert renderer.render(source, 0, 40.0, (9_000, 9_000, 9_100, 9_100)).width_px == 100
    assert refusal(lambda: renderer.render(source, 0, 1e300)) == "too_many_pixels"


@pytest.mark.parametrize("page", range(4))
def test_words_stand_where_they_are_drawn(renderer: Renderer, sealed: Sealed, page: int) -> None:
    source = sealed(rich_pdf(), "Artifact 1.pdf")
    page_text = renderer.text(source, page)
    assert page_text.text == "Cooperative learning: waffles, find"
    image = image_of(renderer.render(source, page, 2.0)).convert("L")
    for word in page_text.words:
        left, top, right, bottom = (round(2.0 * e) for e in (word.x0, word.y0, word.x1, word.y1))
        assert 0 <= left < right <= image.width
        assert 0 <= top < bottom <= image.height
        darkest, _ = image.crop((left, top, right, bottom)).getextrema()
        assert isinstance(darkest, int | float)
        assert darkest < 100, word
    (hit,) = find(page_text, "WAFFLES")
    assert hit.rects


@pytest.mark.parametrize(
    ("orientation", "expected"),
    [(1, "RGB "), (2, "GR B"), (3, " BGR"), (4, "B RG"), (5, "RBG "), (6, "BR G"), (7, " GBR"), (8, "G RB")],
)
def test_a_photograph_stands_upright(
    renderer: Renderer, sealed: Sealed, orientation: int, expected: str
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    source = sealed(picture(320, 200, "JPEG", quality=95, exif=exif), "Artifact 3.jpg", "image/jpeg")
    info = renderer.open(source)
    width, height = (200, 320) if orientation >= 5 else (320, 200)
    assert info.kind is Kind.IMAGE
    assert info.pages == (PageSize(width, height),)
    assert not info.has_text
    for scale in (1.0, 0.4, 0.11):  # whole, and decoded at a half and at an eighth
        image = image_of(renderer.render(source, 0, scale))
        assert abs(image.width - width * scale) <= 1
        small = image.resize((2, 2), Image.Resampling.BOX)
        corners = "".join(nearest_colour(small, x, y) for y in (0, 1) for x in (0, 1))
        assert corners == expected
    assert renderer.text(source, 0).words == ()


@pytest.mark.parametrize("file_format", ["PNG", "TIFF", "WEBP", "BMP", "AVIF", "GIF", "HEIF"])
def test_formats_of_pictures(renderer: Renderer, sealed: Sealed, file_format: str) -> None:
    if file_format == "HEIF":
        import pillow_heif

        pillow_heif.register_heif_opener()
    source = sealed(picture(64, 48, file_format), f"a.{file_format.lower()}")
    assert renderer.open(source).pages == (PageSize(64, 48),)
    image = image_of(renderer.render(source, 0, 1.0))
    red, green, blue = image.getpixel((10, 10))  # type: ignore[misc]
    assert red > 200
    assert green < 60
    assert blue < 60


@pytest.mark.parametrize("mode", ["1", "L", "P", "LA", "RGBA", "CMYK", "I;16", "I", "F"])
def test_every_mode_of_pixels_is_shown(renderer: Renderer, sealed: Sealed, mode: str) -> None:
    grey = Image.linear_gradient("L")
    if mode in ("I;16", "I", "F"):
        image = grey.convert("I").point(lambda value: value * 200.0).convert(mode)
    else:
        image = grey.convert(mode)
    buffer = io.BytesIO()
    image.save(buffer, "TIFF")
    drawn = image_of(renderer.render(sealed(buffer.getvalue(), "a.tif"), 0, 1.0)).convert("L")
    top, bottom = drawn.getpixel((128, 3)), drawn.getpixel((128, 252))
    assert isinstance(top, int)
    assert isinstance(bottom, int)
    assert top < 60
    assert bottom > 195


def test_pixels_are_opaque_whatever_was_blended(renderer: Renderer, sealed: Sealed) -> None:
    """MuPDF leaves 254 in the fourth byte here and there, which Qt takes for transparency."""
    noise = Image.effect_noise((64, 64), 80).convert("RGBA")
    noise.putalpha(Image.effect_noise((64, 64), 80))
    buffer = io.BytesIO()
    noise.save(buffer, "PNG")

    def draw(document: pymupdf.Document) -> None:
        document.new_page(width=200, height=200).insert_image(
            pymupdf.Rect(10, 10, 190, 190), stream=buffer.getvalue()
        )

    pixels = renderer.render(sealed(pdf_of(draw), "a.pdf"), 0, 1.0)
    assert set(pixels.data[3::4]) == {255}


def test_a_transparent_picture_lies_on_white(renderer: Renderer, sealed: Sealed) -> None:
    buffer = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(buffer, "PNG")
    assert image_of(renderer.render(sealed(buffer.getvalue(), "a.png"), 0, 1.0)).getpixel((4, 4)) == (
        (255,) * 3
    )


def test_frames_become_pages(renderer: Renderer, sealed: Sealed) -> None:
    frames = [Image.new("RGB", (10 + number, 10), (number * 40, 0, 0)) for number in range(4)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "TIFF", save_all=True, append_images=frames[1:])
    source = sealed(buffer.getvalue(), "scan.tiff")
    info = renderer.open(source)
    assert [size.width_pt for size in info.pages] == [10, 11, 12, 13]
    assert info.notes == ()
    assert image_of(renderer.render(source, 3, 1.0)).getpixel((5, 5)) == (120, 0, 0)
    buffer = io.BytesIO()
    many = [Image.new("RGB", (10, 10), (number * 8, 0, 0)) for number in range(30)]
    many[0].save(buffer, "GIF", save_all=True, append_images=many[1:])
    info = renderer.open(sealed(buffer.getvalue(), "a.gif"))
    assert info.page_count == Limits().max_animation_frames
    assert info.notes == (note_for("animation"),)


def test_a_scan_has_no_text(renderer: Renderer, sealed: Sealed) -> None:
    def draw(document: pymupdf.Document) -> None:
        document.new_page().insert_image(pymupdf.Rect(0, 0, 595, 842), stream=picture(60, 80, "PNG"))

    source = sealed(pdf_of(draw), "scan.pdf")
    assert not renderer.open(source).has_text
    assert renderer.text(source, 0).text == ""


@pytest.mark.parametrize(
    ("data", "text"),
    [
        ("# Häuser\r\n\ttief\rend".encode(), "# Häuser\n\ttief\nend"),
        ("\ufeffmark".encode(), "mark"),
        ("größer 😀".encode("utf-16"), "größer 😀"),
        ("größer".encode("utf-16-be").join([b"\xfe\xff", b""]), "größer"),
        ("“größer”".encode("cp1252"), "“größer”"),
        ("evil\u202etxt.exe\u2066\u200f".encode(), "eviltxt.exe"),
        (b"<body onload='alert(1)'/>", "<body onload='alert(1)'/>"),
    ],
)
def test_text_is_decoded_and_made_harmless(
    renderer: Renderer, sealed: Sealed, data: bytes, text: str
) -> None:
    source = sealed(data, "Artifact 4.txt", "text/plain")
    info = renderer.open(source)
    assert (info.kind, info.page_count, info.pages) == (Kind.TEXT, 0, ())
    assert renderer.read_text(source) == text


def test_long_text_is_cut_and_says_so(renderer: Renderer, sealed: Sealed) -> None:
    source = sealed("ä".encode() * 1_200_000, "long.md")
    assert renderer.open(source).notes == (note_for("text_cut"),)
    assert len(renderer.read_text(source)) == 1024 * 1024


CARDS = [
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Plan.doc", "no_rendition"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "Plan.docx", "encrypted"),
    (b"\x00\x01\x02\x03", "Lesson.mp4", "recording_unknown"),
    (b"#EXTM3U\n#EXT-X-VERSION:3\nhttp://127.0.0.1/a.ts\n\x00", "Reflection.mp3", "recording_unknown"),
    (b"#EXTM3U\nhttp://127.0.0.1/a.ts\n", "Lesson.mp4", "not_what_it_says"),
    (zip_of({"a.txt": b"a"}), "All.zip", "archive"),
    (zip_of({"a.txt": b"a"}), "Plan.docx", "not_what_it_says"),
    (b"\x00\x01\x02\x03", "thing", "unknown_kind"),
    (b"", "empty.pdf", "empty"),
    (b"<!DOCTYPE html><html>Sign in", "Plan.pdf", "not_what_it_says"),
    (b"Not found\n", "photo.jpg", "not_what_it_says"),
    (b"\x00\x01\x02" * 50, "Plan.pdf", "damaged"),
    (picture(400, 400, "JPEG")[:-900], "photo.jpg", "page_damaged"),
    (b"\x89PNG\r\n\x1a\n" + bytes(50), "photo.png", "damaged"),
]


@pytest.mark.parametrize(("data", "name", "reason"), CARDS)
def test_what_is_not_shown_gets_an_honest_card(
    renderer: Renderer, sealed: Sealed, data: bytes, name: str, reason: str
) -> None:
    source = sealed(data, name)
    assert refusal(lambda: renderer.render(source, 0, 1.0)) == reason


def test_a_misleading_name_is_said(renderer: Renderer, sealed: Sealed) -> None:
    info = renderer.open(sealed(text_pdf("Hello"), "photo.jpg", "image/jpeg"))
    assert info.kind is Kind.PDF
    assert info.notes == (note_for("called_otherwise"),)


def test_the_pdf_copy_of_a_word_file_is_not_called_otherwise(renderer: Renderer, sealed: Sealed) -> None:
    copy = replace(sealed(text_pdf("a copy"), "Plan.docx", "application/pdf"), made_by=MadeBy.PLATFORM)
    info = renderer.open(copy)
    assert (info.kind, info.notes) == (Kind.PDF, ())


def test_a_password_is_a_card(renderer: Renderer, sealed: Sealed) -> None:
    with pymupdf.open(stream=text_pdf("Secret"), filetype="pdf") as document:
        locked = document.tobytes(encryption=AES_256, user_pw="u", owner_pw="o")
        readable = document.tobytes(encryption=AES_256, user_pw="", owner_pw="o")
    assert refusal(lambda: renderer.open(sealed(locked, "a.pdf"))) == "encrypted"
    source = sealed(readable, "b.pdf")
    assert renderer.text(source, 0).text == "Secret"


def test_a_file_that_is_not_here_or_not_the_announced_one(renderer: Renderer, sealed: Sealed) -> None:
    source = sealed(text_pdf("Hello"), "a.pdf")
    damaged = bytearray(source.path.read_bytes())
    damaged[-20] ^= 1
    source.path.write_bytes(damaged)
    assert refusal(lambda: renderer.open(source)) == "seal_damaged"
    source.path.unlink()
    assert refusal(lambda: renderer.open(source)) == "not_here"
    other = sealed(text_pdf("Other"), "b.pdf")
    announced = EvidenceSource(
        other.blob_id, other.path, other.file_key, other.size_bytes, "0" * 64, "", other.name
    )
    assert refusal(lambda: renderer.open(announced)) == "seal_damaged"
    wrong_key = EvidenceSource(
        other.blob_id, other.path, bytes(32), other.size_bytes, other.sha256, "", other.name
    )
    assert refusal(lambda: renderer.open(wrong_key)) == "seal_damaged"


def test_the_child_has_no_window_and_no_network(renderer: Renderer) -> None:
    (status,) = renderer.status()
    assert {"pymupdf", "PIL"} <= set(status.modules)
    assert not {"PySide6", "shiboken6", "requests", "urllib3", "httpx", "ssl", "sqlalchemy", "keyring"} & set(
        status.modules
    )
    if sys.platform == "linux":
        maps = Path(f"/proc/{status.pid}/maps").read_text("utf-8")
        assert "libQt6" not in maps
        assert "libssl" not in maps


def test_a_child_begins_with_nothing_of_what_the_parent_holds() -> None:
    assert child_process.CONTEXT.get_start_method() == "spawn"


def test_the_parent_loads_no_parser() -> None:
    code = (
        "import sys; import assessor_app.documents.renderer as r; r.Renderer().close();"
        "bad = {'pymupdf', 'PIL', 'pillow_heif', 'PySide6', 'cryptography', 'zipfile'} & set(sys.modules);"
        "sys.exit(str(bad) if bad else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_closed_renderer_says_so(sealed: Sealed) -> None:
    source = sealed(text_pdf("Hello"), "a.pdf")
    closed = Renderer()
    closed.close()
    closed.close()
    closed.warm_up()
    assert refusal(lambda: closed.open(source)) == "closed"
    assert closed.status() == ()
