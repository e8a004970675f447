"""An annotated copy keeps covered what is covered: words and pixels are gone from the file itself."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from assessor_app.clock import Clock
from assessor_app.documents.exporter import PDF, Exporter
from assessor_app.documents.pages import EvidenceSource
from assessor_app.documents.renderer import Renderer
from tests.evidence_files import pdf_of, seal
from tests.planted_files import BODY, MAIL, NAME, OTHER, SCHOOL, planted_markdown, planted_pdf, scanned_pdf
from tests.unit.documents.export_samples import everything_in

SECRETS = tuple(word.encode() for text in (NAME, OTHER, MAIL) for word in text.split())


def copied(source: EvidenceSource, lifted: tuple[str, ...] = ()) -> bytes:
    with Exporter(Clock()) as exporter:
        exporter.add_file(source, "Artifact 1", [], lifted)
        return b"".join(exporter.finish(PDF))


def text_in(data: bytes) -> str:
    with pymupdf.open(stream=data, filetype="pdf") as document:
        return "\n".join(page.get_text() for page in document.pages())


def changed(data: bytes, rotation: int = 0, *, is_cropped: bool = False) -> bytes:
    """The same PDF with its pages turned or cropped."""

    def draw(document: pymupdf.Document) -> None:
        with pymupdf.open(stream=data, filetype="pdf") as source:
            document.insert_pdf(source)
        for page in document.pages():
            if is_cropped:
                page.set_cropbox(pymupdf.Rect(30, 40, 600, 785))
            page.set_rotation(rotation)

    return pdf_of(draw)


@pytest.mark.parametrize(("rotation", "is_cropped"), [(0, False), (90, False), (180, True), (270, True)])
def test_names_are_gone_from_a_copy_and_evidence_is_not(
    tmp_path: Path, rotation: int, is_cropped: bool
) -> None:
    data = changed(planted_pdf(author=NAME), rotation, is_cropped=is_cropped)
    made = copied(seal(tmp_path, data, "Artifact 1.pdf", "application/pdf"))
    assert text_in(made).count(BODY) == text_in(data).count(BODY) == 40
    inside = everything_in(made)
    assert not any(secret in inside for secret in SECRETS)
    assert SCHOOL.encode() not in inside


def test_what_was_lifted_stays_in_a_copy(renderer: Renderer, tmp_path: Path) -> None:
    source = seal(tmp_path, planted_pdf(), "Artifact 1.pdf", "application/pdf")
    patches = [patch.id for page in (0, 1) for patch in renderer.render(source, page, 1.0).patches]
    assert NAME in text_in(copied(source, tuple(patches)))
    some = text_in(copied(source, (patches[0],)))
    assert NAME in some
    assert OTHER not in some


def test_the_patch_is_seen_in_a_copy(renderer: Renderer, tmp_path: Path) -> None:
    source = seal(tmp_path, planted_pdf(), "Artifact 1.pdf", "application/pdf")
    x0, y0, x1, y1 = renderer.render(source, 0, 1.0).patches[0].rect
    with pymupdf.open(stream=copied(source), filetype="pdf") as document:
        clip = pymupdf.Rect(x0 + 1, y0 + 1, x1 - 1, y1 - 1)
        pixels = document[0].get_pixmap(clip=clip)
    assert set(pixels.samples) == {211, 216, 222}


def test_pixels_of_a_scan_and_a_learners_own_note_on_a_name_go_too(tmp_path: Path) -> None:
    def draw(document: pymupdf.Document) -> None:
        with pymupdf.open(stream=scanned_pdf(), filetype="pdf") as source:
            document.insert_pdf(source)
        page = document[0]
        page.draw_rect(pymupdf.Rect(400, 138, 480, 154), fill=(0, 0, 0))
        page.add_freetext_annot(pymupdf.Rect(395, 135, 500, 155), OTHER)

    made = copied(seal(tmp_path, pdf_of(draw), "Artifact 1.pdf", "application/pdf"))
    assert not any(secret in everything_in(made) for secret in SECRETS)
    assert BODY in text_in(made)


def test_a_text_is_copied_covered(tmp_path: Path) -> None:
    source = seal(tmp_path, planted_markdown(), "Artifact 2.md", "text/markdown")
    assert not any(secret in everything_in(copied(source)) for secret in SECRETS)
    assert BODY in text_in(copied(source)).replace("\n", " ")
