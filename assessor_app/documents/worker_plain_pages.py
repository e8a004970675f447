"""Pages of our own making for a file that no converter has laid out: its text, lists, tables and pictures.

They are laid out by MuPDF from HTML that is written here, so that search, marks and all that a PDF can do
work on them. They are honest, not pretty: nothing of the original's look is claimed. Runs only in the child.
"""

from __future__ import annotations

import html
import io
import warnings
from dataclasses import dataclass, field

import pymupdf
from PIL import Image

from assessor_app.documents.limits import MEBIBYTE, Limits
from assessor_app.documents.worker_text import cleaned

A4_PT = (595.0, 842.0)
"""A sheet that the text of a Word document flows over."""
SLIDE_WIDTH_PT = 780.0
"""Width of a slide's page; its height follows what stands on it."""
_MARGIN_PT = 56.0
_SLIDE_MARGIN_PT = 44.0
_SLIDE_MIN_HEIGHT_PT = 440.0
_PAGE_MAX_HEIGHT_PT = 14_000.0
_CHARS_MAX = 1_500_000
_PICTURES_MAX = 200
_PICTURE_SIDE_MAX_PX = 1_400
_PICTURE_BYTES_MAX = 40 * MEBIBYTE
_STYLE = """
body { font-family: sans-serif; font-size: 11pt; line-height: 1.35; }
h1 { font-size: 19pt; margin: 12pt 0 6pt 0; } h2 { font-size: 15pt; margin: 11pt 0 5pt 0; }
h3 { font-size: 13pt; margin: 9pt 0 4pt 0; } h4 { font-size: 11.5pt; margin: 8pt 0 3pt 0; }
p { margin: 0 0 6pt 0; } p.i { color: #666666; font-size: 9.5pt; }
table { border-collapse: collapse; margin: 4pt 0 10pt 0; }
td { border: 0.6pt solid #999999; padding: 3pt 5pt; }
"""
_SLIDE_STYLE = _STYLE + "body { font-size: 16pt; } h1 { font-size: 26pt; } p.i { font-size: 11pt; }"


@dataclass(slots=True)
class PlainContent:
    """HTML of our own, piece by piece, with the pictures that it names. Text goes in by `escaped` alone."""

    limits: Limits
    pieces: list[str] = field(default_factory=list)
    pictures: dict[str, bytes] = field(default_factory=dict)
    is_cut: bool = False
    """Whether something was left out because there was too much of it."""
    _chars: int = 0

    @property
    def is_full(self) -> bool:
        """Whether no more text is taken."""
        return self._chars >= _CHARS_MAX

    def add(self, piece: str) -> None:
        """Add HTML made here; left out when there is too much already."""
        if self.is_full:
            self.is_cut = True
            return
        self._chars += len(piece)
        self.pieces.append(piece)

    def picture(self, data: bytes | None) -> str:
        """HTML for a picture of the file, or words that say that it cannot be shown."""
        if data is None or len(self.pictures) >= _PICTURES_MAX:
            self.is_cut = self.is_cut or data is not None
            return aside("A picture stands here that cannot be shown.")
        made = _safe_picture(data, self.limits)
        if made is None:
            return aside("A picture or drawing stands here that cannot be shown without a converter.")
        name, width_pt = f"p{len(self.pictures)}.{made[2]}", made[1]
        self.pictures[name] = made[0]
        return f'<p><img src="{name}" width="{width_pt:.0f}"/></p>'


def escaped(text: str) -> str:
    """A stranger's text as HTML, without control codes and marks that reorder it."""
    return html.escape(cleaned(text), quote=True)


def aside(words: str) -> str:
    """HTML for a remark of ours in the place of something."""
    return f'<p class="i">[{words}]</p>'


def flowing(content: PlainContent) -> bytes:
    """A PDF of A4 sheets that the content flows over."""
    width, height = A4_PT
    sheet = pymupdf.Rect(0, 0, width, height)
    room = pymupdf.Rect(_MARGIN_PT, _MARGIN_PT, width - _MARGIN_PT, height - _MARGIN_PT)
    story = _story(content, content.pieces or [aside("There is no text in this file.")], _STYLE)
    buffer = io.BytesIO()
    writer = pymupdf.DocumentWriter(buffer)
    more, count = 1, 0
    while more and count < content.limits.max_pages:
        device = writer.begin_page(sheet)
        more, _ = story.place(room)
        story.draw(device)
        writer.end_page()
        count += 1
    content.is_cut = content.is_cut or bool(more)
    writer.close()
    return buffer.getvalue()


def one_page_each(content: PlainContent, pages: list[list[str]]) -> bytes:
    """A PDF with one page for each slide, as high as what stands on it."""
    buffer = io.BytesIO()
    writer = pymupdf.DocumentWriter(buffer)
    for pieces in pages[: content.limits.max_pages]:
        story = _story(content, pieces or [aside("There is nothing to read on this slide.")], _SLIDE_STYLE)
        room = pymupdf.Rect(
            _SLIDE_MARGIN_PT, _SLIDE_MARGIN_PT, SLIDE_WIDTH_PT - _SLIDE_MARGIN_PT, _PAGE_MAX_HEIGHT_PT
        )
        more, filled = story.place(room)
        content.is_cut = content.is_cut or bool(more)
        height = max(_SLIDE_MIN_HEIGHT_PT, min(_PAGE_MAX_HEIGHT_PT, filled[3] + _SLIDE_MARGIN_PT))
        device = writer.begin_page(pymupdf.Rect(0, 0, SLIDE_WIDTH_PT, height))
        story.draw(device)
        writer.end_page()
    writer.close()
    return buffer.getvalue()


def _story(content: PlainContent, pieces: list[str], style: str) -> pymupdf.Story:
    archive = pymupdf.Archive()
    for name, data in content.pictures.items():
        archive.add(data, name)
    return pymupdf.Story(f"<body>{''.join(pieces)}</body>", user_css=style, archive=archive)


def _safe_picture(data: bytes, limits: Limits) -> tuple[bytes, float, str] | None:
    """A picture made anew from its pixels, its width in points and its format; None if it is no picture."""
    if len(data) > _PICTURE_BYTES_MAX:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=("JPEG", "PNG", "GIF", "TIFF", "WEBP", "BMP")) as image:
                if image.width * image.height > limits.max_picture_px // 4:
                    if image.format != "JPEG":
                        return None
                    image.draft("RGB", (_PICTURE_SIDE_MAX_PX, _PICTURE_SIDE_MAX_PX))
                own_width_px = image.width
                flat = image.convert("RGBA")
        flat.thumbnail((_PICTURE_SIDE_MAX_PX, _PICTURE_SIDE_MAX_PX))
        on_white = Image.new("RGB", flat.size, (255, 255, 255))
        on_white.paste(flat, mask=flat.getchannel("A"))
        buffer = io.BytesIO()
        # A photograph as JPEG, a drawing as PNG: what keeps each small and sharp.
        is_drawing = on_white.getcolors(4096) is not None
        on_white.save(buffer, "PNG" if is_drawing else "JPEG", quality=88)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    width_pt = min(own_width_px * 0.6, A4_PT[0] - 2 * _MARGIN_PT)
    return buffer.getvalue(), max(width_pt, 8.0), "png" if is_drawing else "jpg"
