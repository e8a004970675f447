"""Real files for the viewers: made by code, sealed as in the profile, opened by the real worker."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pymupdf
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QFont, QImage, QImageWriter, QPainter

from assessor_app.clock import Clock
from assessor_app.documents.pages import EvidenceSource
from assessor_app.vault.sealed_file import SealedWriter, file_key_of

KEY = bytes(range(32))

LESSON = [
    "Lesson study: asking questions that make thinking visible",
    "In the first week I listened to six students who solved the same problem. Most of them named an "
    "operation before they had read to the end. I therefore chose to model think-alouds every day for two "
    "weeks, and I grouped students by the strategy they used, not by their answer.",
    "The exit ticket showed that six still confused area with perimeter. One of them said: the fence goes "
    "around and the carpet goes inside. That sentence became our anchor for the rest of the unit.",
    "What I changed: fewer questions, longer waiting, and a written reason for every answer. Students began "
    "to refer to each other without being asked.",
]


@dataclass(frozen=True)
class Context:
    """What the lanes hand to a query: here only the renderer."""

    renderer: object


@cache
def lesson_pdf(pages: int = 6) -> bytes:
    """A believable report: a heading, paragraphs, a figure; each page says its number."""
    document = pymupdf.open()
    for number in range(1, pages + 1):
        page = document.new_page(width=595, height=842)
        page.insert_textbox((72, 64, 523, 100), LESSON[0], fontsize=16, fontname="tibo")
        top = 112
        for paragraph in LESSON[1:]:
            page.insert_textbox((72, top, 523, top + 90), paragraph, fontsize=11.5, fontname="tiro")
            top += 82
        page.draw_rect((72, 380, 523, 640), color=(0.2, 0.3, 0.5), fill=(0.93, 0.95, 0.98))
        for bar, height in enumerate((60, 110, 150, 205)):
            left = 120 + bar * 95
            page.draw_rect((left, 620 - height, left + 55, 620), color=None, fill=(0.25, 0.45, 0.7))
        page.insert_text(
            (72, 665), f"Figure {number}. Reasons given in full sentences, week by week.", fontsize=10
        )
        page.insert_text((285, 800), f"Page {number}", fontsize=10)
    data: bytes = document.tobytes()
    document.close()
    return data


def pdf_with_an_impossible_page(page: int = 1) -> bytes:
    """A report one of whose pages claims to be ten metres wide."""
    document = pymupdf.open(stream=lesson_pdf(3))
    document[page].set_mediabox(pymupdf.Rect(0, 0, 29_000, 29_000))
    data: bytes = document.tobytes()
    document.close()
    return data


@cache
def heavy_pdf(pages: int = 3, curves: int = 1_500) -> bytes:
    """Pages that take a while to draw."""
    document = pymupdf.open()
    for number in range(pages):
        page = document.new_page(width=595, height=842)
        shape = page.new_shape()
        for index in range(curves):
            x, y = (index * 37) % 560, (index * 91) % 800
            shape.draw_bezier((x, y), (x + 40, y + 3), (x - 20, y + 50), (x + 30, y + 35))
        shape.finish(color=(0.1, 0.1 * number, 0.5), width=0.3)
        shape.commit()
    data: bytes = document.tobytes()
    document.close()
    return data


@cache
def photograph(width: int = 800, height: int = 600) -> bytes:
    """A picture without words, as PNG."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(60, 120, 90))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, b"PNG").write(image)
    return bytes(buffer.data().data())


def sealed(folder: Path, data: bytes, name: str, media_type: str = "application/pdf") -> EvidenceSource:
    """Seal bytes as the profile does and say how to read them."""
    blob_id = hashlib.sha256(name.encode() + data).hexdigest()[:32]
    path = folder / blob_id
    digest = hashlib.sha256(data).hexdigest()
    with SealedWriter(path, submission_key=KEY, blob_id=blob_id, clock=Clock()) as writer:
        writer.write(data)
        writer.finish(expected_size=len(data), expected_sha256=digest)
    key = file_key_of(path, submission_key=KEY, blob_id=blob_id)
    return EvidenceSource(blob_id, path, key, len(data), digest, media_type, name)


def colours_in(image: QImage, step: int = 3) -> set[str]:
    """The colours found in a picture on a grid of every `step` pixels."""
    return {
        image.pixelColor(x, y).name()
        for x in range(0, image.width(), step)
        for y in range(0, image.height(), step)
    }


def count_dark(image: QImage, step: int = 2) -> int:
    """How many pixels on a grid are darker than mid-grey."""
    return sum(
        image.pixelColor(x, y).lightness() < 100
        for x in range(0, image.width(), step)
        for y in range(0, image.height(), step)
    )


@cache
def tall_pdf(pages: int) -> bytes:
    """A long document with a few words on each page, quick to make."""
    document = pymupdf.open()
    for number in range(1, pages + 1):
        page = document.new_page(width=595, height=842)
        page.insert_text((72, 90), f"Page {number} of the journal", fontsize=14)
        page.insert_text((72, 120), "What the students said and what I made of it.", fontsize=11)
    data: bytes = document.tobytes()
    document.close()
    return data


@cache
def handed_in_pdf(pages: int = 8) -> bytes:
    """A report with an outline, links and the learner's own marks, and a form field that was filled in."""
    document = pymupdf.open(stream=lesson_pdf(pages))
    document.set_toc(
        [[1, "Teaching", 1], [2, "What was said", 3], [1, "Learning", 5], [2, "An empty end", 8]]
    )
    first = document[0]
    first.insert_text((72, 700), "See page 5", fontsize=12)
    places = {
        "page": pymupdf.Rect(72, 688, 140, 704),
        "web": pymupdf.Rect(200, 688, 260, 704),
        "other": pymupdf.Rect(300, 688, 360, 704),
    }
    first.insert_link(
        {"kind": pymupdf.LINK_GOTO, "from": places["page"], "page": 4, "to": pymupdf.Point(0, 300)}
    )
    first.insert_link({"kind": pymupdf.LINK_URI, "from": places["web"], "uri": "https://example.org/lesson"})
    first.insert_link({"kind": pymupdf.LINK_LAUNCH, "from": places["other"], "file": "cmd.exe"})
    mark = first.add_highlight_annot(pymupdf.Rect(72, 112, 300, 130).quad)
    mark.set_colors(stroke=(0.2, 0.9, 0.2))
    mark.set_info(title="Ann Lee", content="My best lesson")
    mark.update()
    third = document[2]
    note = third.add_text_annot((400, 100), "Ask my mentor about this")
    note.set_info(title="Bo Park", content="Ask my mentor about this")
    field = pymupdf.Widget()
    field.field_type, field.field_name = pymupdf.mupdf.PDF_WIDGET_TYPE_TEXT, "school"
    field.field_value, field.rect = "Filled in by hand", pymupdf.Rect(300, 720, 500, 745)
    first.add_widget(field)
    data: bytes = document.tobytes()
    document.close()
    return data


@cache
def pencil_page() -> bytes:
    """A photographed page: pale grey writing on greyish paper, as JPEG."""
    image = QImage(1200, 900, QImage.Format.Format_RGB32)
    image.fill(QColor(196, 194, 188))
    painter = QPainter(image)
    font = QFont("DejaVu Sans")
    font.setPixelSize(44)
    font.setItalic(True)
    painter.setFont(font)
    painter.setPen(QColor(152, 150, 148))
    for row, words in enumerate(
        ("What my students said today:", "the fence goes around,", "the carpet inside.")
    ):
        painter.drawText(90, 160 + row * 90, words)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, b"JPG").write(image)
    return bytes(buffer.data().data())
