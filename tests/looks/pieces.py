"""Evidence of every kind to look at: the demo's own files, and a few made on the spot."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from functools import cache

import pymupdf
from PIL import Image, ImageDraw

from reference_platform.demo import content, paper, resubmission, writing
from tests.evidence_desk import Piece
from tests.evidence_files import docx_of, zip_of
from tests.planted_files import planted_markdown, planted_pdf, planted_sheet
from tests.ui.odd_files import WORD, cut_pdf, locked_pdf

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)

HTML = b"""<!DOCTYPE html><html><head><title>Plan</title><script>alert(1)</script>
<link rel="stylesheet" href="https://example.org/a.css"></head><body><h1>Plan for week 3</h1>
<p>Students sort <b>twelve</b> cards by strategy and <i>say why</i>.</p>
<table border="1"><tr><th>Day</th><th>Question</th></tr><tr><td>Monday</td><td>What do you notice?</td></tr>
<tr><td>Tuesday</td><td>How do you know?</td></tr></table>
<img src="https://example.org/pixel.png"><ul><li>Ask</li><li>Wait</li><li>Ask again</li></ul></body></html>"""

CODE = b'''"""Sorts exit tickets by what they show."""

from collections import Counter


def strategies(tickets: list[str]) -> Counter[str]:
    """How often each strategy was named."""
    named = [ticket.split(":", 1)[0].strip().lower() for ticket in tickets if ":" in ticket]
    return Counter(named)


print(strategies(["Fence: goes around", "Carpet: goes inside", "fence: three sides"]))
'''

SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" width="640" height="420" viewBox="0 0 640 420">
<defs><linearGradient id="g" x1="0" y1="0" x2="1" y2="1"><stop offset="0" stop-color="#56b4e9"/>
<stop offset="1" stop-color="#009e73"/></linearGradient></defs>
<rect width="640" height="420" fill="#fffdf5"/><rect x="60" y="60" width="360" height="240" fill="url(#g)"/>
<circle cx="470" cy="250" r="90" fill="#e69f00" fill-opacity="0.7"/>
<text x="70" y="360" font-family="sans-serif" font-size="28">The fence goes around</text></svg>"""


@cache
def demo_files() -> dict[tuple[str, str], tuple[bytes, str]]:
    """The demo's files with their media types, by code and name; each is made only here."""
    found = {}
    for seed in content.submissions_at(NOW):
        for part in seed.wire.parts:
            for artifact in part.artifacts:
                found[seed.wire.code, artifact.filename] = (seed.files[artifact.id], artifact.media_type)
    return {key: (produce(), media_type) for key, (produce, media_type) in found.items() if key in WANTED}


WANTED = {
    ("S-7K2M", "Artifact 2.pdf"): "pdf",
    ("S-6CZJ", "Artifact 1.pdf"): "scan",
    ("S-7K2M", "Artifact 4.jpg"): "image",
    ("S-4TNB", "Artifact 2.docx"): "word",
    ("S-H7WU", "Artifact 1.pptx"): "slides",
    ("S-M4RN", "Artifact 4.xlsx"): "sheet",
    ("S-9DWT", "Artifact 1.txt"): "text",
    ("S-9DWT", "Artifact 3.md"): "markdown",
    ("S-7K2M", "Artifact 5.csv"): "csv",
    ("S-4TNB", "Artifact 3.mp4"): "video",
    ("S-H7WU", "Artifact 3.m4a"): "audio",
}
"""What each of the demo's files is called here."""


def remarked_pdf() -> bytes:
    """A PDF with an outline, links, and marks by the learner."""
    document = pymupdf.open(stream=demo_files()["S-7K2M", "Artifact 2.pdf"][0])
    page = document[0]
    words = page.get_text("words")
    for word in words[10:14]:
        page.add_highlight_annot(pymupdf.Rect(word[:4]))
    page.add_text_annot((520, 120), "Here I changed the question.")
    page.add_freetext_annot((330, 60, 560, 90), "My second attempt", fontsize=11)
    document[1].add_rect_annot((80, 120, 300, 220))
    page.insert_link({"kind": pymupdf.LINK_GOTO, "page": 3, "from": pymupdf.Rect(72, 700, 300, 720)})
    document.set_toc([[1, "The lesson", 1], [2, "What students said", 2], [1, "What I changed", 4]])
    document[2].set_rotation(90)
    data: bytes = document.tobytes()
    document.close()
    return data


def fax(pages: int = 3) -> bytes:
    """A TIFF of some pages."""
    frames = []
    for number in range(1, pages + 1):
        frame = Image.new("L", (850, 1100), 255)
        ImageDraw.Draw(frame).text((80, 90), f"Observation sheet, page {number}", fill=0, font_size=36)
        frames.append(frame)
    buffer = io.BytesIO()
    frames[0].save(buffer, "TIFF", save_all=True, append_images=frames[1:], compression="tiff_deflate")
    return buffer.getvalue()


def dim_photograph() -> bytes:
    """Pencil on paper in poor light, as WebP."""
    picture = Image.new("RGB", (1200, 900), (112, 106, 98))
    draw = ImageDraw.Draw(picture)
    for number, line in enumerate(
        ("The fence goes around.", "The carpet goes inside.", "So it is 24, not 20.")
    ):
        draw.text((120, 160 + 140 * number), line, fill=(92, 88, 84), font_size=64)
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", quality=80)
    return buffer.getvalue()


def moving_picture() -> bytes:
    """A GIF of four frames."""
    frames = []
    for number in range(4):
        frame = Image.new("P", (320, 200), 0)
        frame.putpalette([250, 250, 245, 0, 114, 178] + [0] * 750)
        ImageDraw.Draw(frame).ellipse((20 + 60 * number, 60, 90 + 60 * number, 130), fill=1)
        frames.append(frame)
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:], duration=300)
    return buffer.getvalue()


@cache
def pieces() -> tuple[Piece, ...]:
    """One piece of each kind, keyed by what it is called in the names of the pictures."""
    made = []
    for place, name in WANTED.items():
        data, media_type = demo_files()[place]
        made.append(Piece(name, place[1].replace("Artifact", name.capitalize()), media_type, data))
    word = next(piece for piece in made if piece.key == "word")
    copy = paper.document(writing.document("S-4TNB", "plan.md"), footer="Plan of the lesson")
    copied = Piece("copy", "Copied.docx", WORD, word.data + b"\0", copy)
    return (
        *made,
        copied,
        Piece("remarked", "Marked by the learner.pdf", "application/pdf", remarked_pdf()),
        Piece("tiff", "Observation.tiff", "image/tiff", fax()),
        Piece("webp", "Pencil.webp", "image/webp", dim_photograph()),
        Piece("gif", "Counters.gif", "image/gif", moving_picture()),
        Piece("svg", "Drawing.svg", "image/svg+xml", SVG),
        Piece("html", "Plan.html", "text/html", HTML),
        Piece("code", "tickets.py", "text/x-python", CODE),
        Piece("named", "Named.pdf", "application/pdf", planted_pdf()),
        Piece("named_text", "Named.md", "text/markdown", planted_markdown()),
        Piece("named_sheet", "Named.xlsx", SHEET, planted_sheet()),
        Piece("damaged", "Damaged.pdf", "application/pdf", cut_pdf()),
        Piece("locked", "Locked.pdf", "application/pdf", locked_pdf()),
        Piece("archive", "All.zip", "application/zip", zip_of({"a.txt": b"a", "b/c.pdf": b"c"})),
        Piece("hollow", "Hollow.docx", WORD, docx_of({})),
        Piece("unknown", "data.xyz", "application/octet-stream", bytes(range(256)) * 40),
    )


@cache
def earlier_pieces() -> tuple[Piece, ...]:
    """What was handed in at the attempt before: an earlier plan, and a picture that has not changed."""
    image, _ = demo_files()["S-7K2M", "Artifact 4.jpg"]
    return (
        Piece("earlier-pdf", "Pdf 2.pdf", "application/pdf", resubmission.first_plan()),
        Piece("earlier-image", "Image 4.jpg", "image/jpeg", image),
    )
