"""Photographs of whiteboards and student work, and scans of paper, drawn by code."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass

import pymupdf
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps

from reference_platform.demo import handwriting
from reference_platform.demo.chance import Chance

Rgb = tuple[int, int, int]

BLUE_MARKER: Rgb = (28, 62, 150)
RED_MARKER: Rgb = (190, 38, 42)
GREEN_MARKER: Rgb = (24, 120, 70)
BLACK_MARKER: Rgb = (34, 36, 40)
PENCIL: Rgb = (72, 74, 82)

ROTATE_CLOCKWISE = 6
"""EXIF orientation: the camera was turned; shown rightly after a quarter turn clockwise."""
_TAG_COMPRESSION, _TAG_ORIENTATION = 0x0103, 0x0112
_TAG_THUMBNAIL, _TAG_THUMBNAIL_LENGTH = 0x0201, 0x0202
_SHORT, _LONG = 3, 4


@dataclass(frozen=True, slots=True)
class Words:
    """A line written by hand; places and sizes are in pixels of the upright picture."""

    text: str
    x: float
    y: float
    """The baseline."""
    size: float
    """Height of a capital."""
    colour: Rgb = BLACK_MARKER
    thickness: float = 0.12
    """Of the pen, as a share of the size."""


@dataclass(frozen=True, slots=True)
class Line:
    """Some points joined by a pen."""

    points: tuple[tuple[float, float], ...]
    colour: Rgb = BLACK_MARKER
    width: int = 6


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle, filled or not."""

    x0: float
    y0: float
    x1: float
    y1: float
    colour: Rgb = BLACK_MARKER
    fill: Rgb | None = None
    width: int = 5


@dataclass(frozen=True, slots=True)
class Disc:
    """A filled circle, such as a counter."""

    x: float
    y: float
    radius: float
    fill: Rgb


Mark = Words | Line | Box | Disc


def whiteboard(marks: Sequence[Mark], *, size: tuple[int, int] = (1200, 1600), word: str) -> Image.Image:
    """A whiteboard in its frame, lit unevenly."""
    picture = Image.new("RGB", size, (236, 238, 238))
    draw = ImageDraw.Draw(picture)
    _draw(draw, marks, word)
    frame = max(12, size[0] // 60)
    draw.rectangle((0, 0, size[0] - 1, size[1] - 1), outline=(150, 152, 156), width=frame)
    draw.rectangle((0, size[1] - 2 * frame, size[0], size[1]), fill=(170, 172, 176))
    return _photographed(picture, word, light=(0.3, 0.25))


def sheet_on_desk(
    marks: Sequence[Mark],
    *,
    size: tuple[int, int] = (1200, 1600),
    word: str,
    ruled: bool = True,
    tilt: float = 1.6,
) -> Image.Image:
    """A sheet of paper on a desk; marks lie on the paper, whose corner is at (0, 0)."""
    inset = size[0] // 14
    paper_size = (size[0] - 2 * inset, size[1] - 2 * inset)
    sheet = Image.new("RGB", paper_size, (250, 248, 240))
    draw = ImageDraw.Draw(sheet)
    if ruled:
        for y in range(150, paper_size[1], 58):
            draw.line((0, y, paper_size[0], y), fill=(186, 206, 226), width=2)
        draw.line((92, 0, 92, paper_size[1]), fill=(226, 160, 160), width=3)
    _draw(draw, marks, word)
    desk = _desk(size, word)
    turned = sheet.rotate(tilt, Image.Resampling.BILINEAR, expand=True)
    mask = Image.new("L", paper_size, 255).rotate(tilt, Image.Resampling.BILINEAR, expand=True)
    corner = ((size[0] - turned.width) // 2, (size[1] - turned.height) // 2)
    shadow = _shadow(mask, size, (corner[0] + 9, corner[1] + 14))
    desk = Image.composite(Image.new("RGB", size, (40, 28, 18)), desk, shadow)
    desk.paste(turned, corner, mask)
    return _photographed(desk, word, light=(0.65, 0.2))


def jpeg(picture: Image.Image, *, orientation: int = 1, quality: int = 84) -> bytes:
    """A JPEG file; with another orientation than 1 it is stored as the turned camera would.

    Args:
        picture: upright.
        orientation: 1, or 6 for a camera that was turned.
        quality: of the JPEG.
    """
    stored = picture.rotate(90, expand=True) if orientation == ROTATE_CLOCKWISE else picture
    buffer = io.BytesIO()
    stored.save(buffer, "JPEG", quality=quality, exif=_exif(stored, orientation))
    return buffer.getvalue()


def png(picture: Image.Image) -> bytes:
    """A PNG file without metadata, in few colours."""
    buffer = io.BytesIO()
    picture.quantize(192, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=False)
    return buffer.getvalue()


def scan(document: bytes, *, word: str, dpi: int = 110) -> bytes:
    """A PDF as a scanner makes it of the printed document: grey pictures, a little tilted, no text."""
    chance = Chance(word)
    with pymupdf.open("pdf", document) as printed, pymupdf.open() as made:
        for page in printed:
            pixels = page.get_pixmap(dpi=dpi, colorspace=pymupdf.csGRAY)
            grey = Image.frombytes("L", (pixels.width, pixels.height), pixels.samples)
            tilted = grey.rotate(chance.between(-0.9, 0.9), Image.Resampling.BILINEAR, fillcolor=255)
            dimmed = tilted.point([30 + value * 212 // 255 for value in range(256)])
            scanned = ImageChops.add(dimmed, _grain(dimmed.size, f"{word}:{page.number}", 10), 1, -5)
            edge = ImageDraw.Draw(scanned)
            edge.rectangle((0, 0, 3, scanned.height), fill=96)
            buffer = io.BytesIO()
            scanned.save(buffer, "JPEG", quality=58)
            sheet = made.new_page(width=page.rect.width, height=page.rect.height)
            sheet.insert_image(sheet.rect, stream=buffer.getvalue())
        made.set_metadata({})
        return bytes(made.tobytes(garbage=3, deflate=True, no_new_id=True))


def paint(picture: Image.Image, marks: Sequence[Mark], word: str) -> None:
    """Draw marks on a picture."""
    _draw(ImageDraw.Draw(picture), marks, word)


def _draw(draw: ImageDraw.ImageDraw, marks: Sequence[Mark], word: str) -> None:
    for mark in marks:
        if isinstance(mark, Words):
            pen = max(2, round(mark.size * mark.thickness))
            for stroke in handwriting.strokes(mark.text, mark.x, mark.y, mark.size, word):
                draw.line(stroke, fill=mark.colour, width=pen, joint="curve")
                for x, y in (stroke[0], stroke[-1]):
                    draw.ellipse((x - pen / 2, y - pen / 2, x + pen / 2, y + pen / 2), fill=mark.colour)
        elif isinstance(mark, Line):
            draw.line(mark.points, fill=mark.colour, width=mark.width, joint="curve")
        elif isinstance(mark, Box):
            place = (mark.x0, mark.y0, mark.x1, mark.y1)
            draw.rectangle(place, fill=mark.fill, outline=mark.colour, width=mark.width)
        else:
            place = (mark.x - mark.radius, mark.y - mark.radius, mark.x + mark.radius, mark.y + mark.radius)
            draw.ellipse(place, fill=mark.fill, outline=(60, 50, 40), width=3)


def _shadow(mask: Image.Image, size: tuple[int, int], corner: tuple[int, int]) -> Image.Image:
    """How dark the desk is beside the sheet; made small, since it is soft."""
    small = Image.new("L", (size[0] // 4, size[1] // 4), 0)
    dark = mask.resize((mask.width // 4, mask.height // 4)).point(
        [value * 120 // 255 for value in range(256)]
    )
    small.paste(dark, (corner[0] // 4, corner[1] // 4))
    return small.filter(ImageFilter.GaussianBlur(2.5)).resize(size, Image.Resampling.BILINEAR)


def _desk(size: tuple[int, int], word: str) -> Image.Image:
    """Brown, with a grain that runs along the desk."""
    fine = Image.frombytes(
        "L", (size[0] // 60, size[1]), Chance(f"{word}:desk").grain(size[0] // 60 * size[1])
    )
    grain = fine.resize(size, Image.Resampling.BICUBIC)
    return ImageOps.colorize(grain, (126, 88, 56), (164, 122, 84))


def _photographed(picture: Image.Image, word: str, *, light: tuple[float, float]) -> Image.Image:
    """Uneven light, a soft lens and grain."""
    small = Image.new("L", (48, 64))
    small.putdata(
        [
            round(255 - 95 * ((x / 47 - light[0]) ** 2 + (y / 63 - light[1]) ** 2))
            for y in range(64)
            for x in range(48)
        ]
    )
    shade = small.resize(picture.size, Image.Resampling.BICUBIC)
    lit = ImageChops.multiply(picture, Image.merge("RGB", (shade, shade, shade)))
    soft = lit.filter(ImageFilter.BoxBlur(0.7))
    grain = _grain(picture.size, word, 12)
    return ImageChops.add(soft, Image.merge("RGB", (grain, grain, grain)), 1, -6)


def _grain(size: tuple[int, int], word: str, strength: int) -> Image.Image:
    noise = Image.frombytes("L", size, Chance(word).grain(size[0] * size[1]))
    return noise.point([value * strength // 255 for value in range(256)])


def _exif(stored: Image.Image, orientation: int) -> bytes:
    """An EXIF block with the orientation and a thumbnail, and nothing about place, time or device."""
    buffer = io.BytesIO()
    small = stored.copy()
    small.thumbnail((160, 160))
    small.save(buffer, "JPEG", quality=60)
    thumbnail = buffer.getvalue()
    first = [(_TAG_ORIENTATION, _SHORT, orientation)]
    second_at = 8 + 2 + 12 * len(first) + 4
    thumbnail_at = second_at + 2 + 12 * 3 + 4
    second = [
        (_TAG_COMPRESSION, _SHORT, 6),
        (_TAG_THUMBNAIL, _LONG, thumbnail_at),
        (_TAG_THUMBNAIL_LENGTH, _LONG, len(thumbnail)),
    ]
    head = struct.pack("<2sHI", b"II", 42, 8)
    return b"Exif\0\0" + head + _directory(first, second_at) + _directory(second, 0) + thumbnail


def _directory(entries: Sequence[tuple[int, int, int]], following: int) -> bytes:
    """One TIFF directory of single values."""
    packed = struct.pack("<H", len(entries))
    for tag, kind, value in entries:
        packed += struct.pack("<HHI", tag, kind, 1)
        packed += struct.pack("<HH", value, 0) if kind == _SHORT else struct.pack("<I", value)
    return packed + struct.pack("<I", following)
