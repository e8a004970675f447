"""Annotated copies: real files through the real child, read back by two other readers."""

from __future__ import annotations

import io
import shutil
import subprocess
from pathlib import Path

import pikepdf
import pymupdf
import pytest
from lxml import etree

from assessor_app.clock import Clock
from assessor_app.documents.cards import RefusedWithCard
from assessor_app.documents.exporter import PDF, XFDF, ExportCancelled, Exporter
from assessor_app.documents.pages import EvidenceSource
from assessor_app.documents.renderer import Renderer
from assessor_app.domain.annotations import Anchor, Annotation, AnnotationKind, Rect, SourceKind
from tests.evidence_files import picture, seal, text_pdf
from tests.unit.documents.export_samples import (
    ASSESSOR,
    LEARNER,
    PLANTED,
    camera_jpeg,
    everything_in,
    hits,
    mark,
    of_this_machine,
    on_answer,
    on_page,
    on_words,
    told_pdf,
    written_png,
)

TEXT = "In the first week I listened to six students who solved the same problem in their own way."
BOX = Rect(100, 200, 220, 260)
HALF_A_POINT = 0.5


def exported(
    source: EvidenceSource, marks: list[Annotation], kind: str = PDF, *, placed: int | None = None
) -> bytes:
    with Exporter(Clock()) as exporter:
        found = exporter.add_file(source, "Artifact 1", marks)
        assert len(found) == (len(marks) if placed is None else placed)
        return b"".join(exporter.finish(kind))


def every_kind(renderer: Renderer, source: EvidenceSource) -> list[Annotation]:
    words = on_words(renderer, source, 0, "six students who solved")
    return [
        mark(AnnotationKind.HIGHLIGHT, words, "Who were they?"),
        mark(AnnotationKind.UNDERLINE, words),
        mark(AnnotationKind.STRIKE_OUT, words),
        mark(AnnotationKind.NOTE, on_page(source, 0, Rect(40, 40, 58, 58)), "A note „mit Zeichen“ 漢字"),
        mark(AnnotationKind.QUESTION, on_page(source, 0, Rect(40, 80, 58, 98)), "Why?"),
        mark(AnnotationKind.FREE_TEXT, on_page(source, 0, Rect(300, 300, 500, 350)), "See (part 2) \\ here"),
        mark(AnnotationKind.BOX, on_page(source, 0, BOX), line_width_pt=3.0, opacity=0.5),
        mark(AnnotationKind.ELLIPSE, on_page(source, 0, BOX)),
        mark(AnnotationKind.ARROW, on_page(source, 0, path=((100, 400), (200, 450)))),
        mark(AnnotationKind.INK, on_page(source, 0, path=((100, 500), (120, 520), (150, 505)))),
    ]


@pytest.fixture
def page(tmp_path: Path) -> EvidenceSource:
    return seal(tmp_path, text_pdf(TEXT, "A second page."), "a.pdf", "application/pdf")


def turned_pdf(rotation: int) -> bytes:
    """A page with a CropBox that does not begin at the corner, turned."""
    document = pymupdf.open()
    page = document.new_page(width=595, height=842)
    page.insert_textbox((72, 300, 523, 400), TEXT, fontsize=12)
    page.set_cropbox(pymupdf.Rect(30, 50, 560, 800))
    page.set_rotation(rotation)
    data: bytes = document.tobytes()
    return data


def test_every_kind_is_a_standard_annotation(renderer: Renderer, page: EvidenceSource) -> None:
    marks = every_kind(renderer, page)
    data = exported(page, marks)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        found = list(pdf.pages[0].Annots)
        assert len(pdf.pages) == 2
        assert [str(each.Subtype) for each in found] == [
            *("/Highlight", "/Underline", "/StrikeOut", "/Text", "/Text", "/FreeText"),
            *("/Square", "/Circle", "/Line", "/Ink"),
        ]
        assert str(found[0].Contents) == "Who were they?"
        assert str(found[3].Contents) == marks[3].comment
        assert [str(each.Name) for each in found[3:5]] == ["/Comment", "/Help"]
        assert [str(each.M) for each in found] == ["D:20260302000000Z"] * len(marks)
        assert [str(each.NM) for each in found] == [f"mark-{number}" for number in range(1, len(marks) + 1)]
        assert float(found[6].CA) == 0.5
        assert float(found[0].CA) == 0.4  # words on a highlight are read easily
        assert float(found[6].BS.W) == 3.0
        assert str(found[8].LE[1]) == "/ClosedArrow"
        rect = marks[0].anchor.rects[0]
        quad = [float(n) for n in found[0].QuadPoints]
        top, bottom = 842 - rect.y0, 842 - rect.y1
        wanted = [rect.x0, top, rect.x1, top, rect.x0, bottom, rect.x1, bottom]
        assert quad == pytest.approx(wanted, abs=HALF_A_POINT)
        assert [float(n) for n in found[6].Rect] == pytest.approx([100, 582, 220, 642], abs=HALF_A_POINT)
        assert [float(n) for n in found[8].L] == pytest.approx([100, 442, 200, 392], abs=HALF_A_POINT)
        ink = [float(n) for n in found[9].InkList[0]]
        assert ink == pytest.approx([100, 342, 120, 322, 150, 337], abs=HALF_A_POINT)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_another_reader_sees_each_mark_where_it_was_made(
    renderer: Renderer, tmp_path: Path, rotation: int
) -> None:
    source = seal(tmp_path, turned_pdf(rotation), "a.pdf", "application/pdf")
    size = renderer.open(source).pages[0]
    words = on_words(renderer, source, 0, "six students who solved")
    extent = (size.width_pt, size.height_pt)
    box = on_page(source, 0, BOX, size=extent)
    written = on_page(source, 0, Rect(150, 300, 320, 360), size=extent)
    marks = [
        mark(AnnotationKind.HIGHLIGHT, words),
        mark(AnnotationKind.BOX, box),
        mark(AnnotationKind.FREE_TEXT, written, "Upright"),
    ]
    data = exported(source, marks)
    document = pymupdf.open(stream=data, filetype="pdf")
    read = document[0]
    assert read.rotation == rotation
    for annotation, made in zip(read.annots(), marks, strict=True):
        # PyMuPDF tells places before rotation; the person saw them after it.
        seen = annotation.rect * read.rotation_matrix
        wanted = made.anchor.rects[0]
        for other in made.anchor.rects[1:]:
            wanted = Rect(min(wanted.x0, other.x0), wanted.y0, max(wanted.x1, other.x1), other.y1)
        slack = 6.0 if made.kind is AnnotationKind.HIGHLIGHT else HALF_A_POINT  # MuPDF pads highlights
        assert tuple(seen) == pytest.approx((wanted.x0, wanted.y0, wanted.x1, wanted.y1), abs=slack)
        if made.kind is AnnotationKind.HIGHLIGHT:
            corners = [pymupdf.Point(point) * read.rotation_matrix for point in annotation.vertices[:4]]
            first = made.anchor.rects[0]
            assert (corners[0].x, corners[0].y) == pytest.approx((first.x0, first.y0), abs=HALF_A_POINT)
            assert (corners[3].x, corners[3].y) == pytest.approx((first.x1, first.y1), abs=HALF_A_POINT)


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="poppler is not here")
def test_poppler_draws_the_marks(renderer: Renderer, page: EvidenceSource, tmp_path: Path) -> None:
    (tmp_path / "copy.pdf").write_bytes(exported(page, every_kind(renderer, page)))
    done = subprocess.run(
        ["pdftoppm", "-r", "72", "-png", "-f", "1", "-l", "1", "copy.pdf", "p"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    from PIL import Image

    image = Image.open(next(tmp_path.glob("p*.png"))).convert("RGB")
    sky = (0x56, 0xB4, 0xE9)
    assert image.getpixel((160, 201)) != (255, 255, 255)  # the box's upper edge
    assert image.getpixel((41, 41)) == pytest.approx(sky, abs=12)  # the note's sheet
    assert image.getpixel((150, 425)) == pytest.approx(sky, abs=25)  # the arrow's shaft


def test_a_file_that_changed_has_its_marks_where_the_words_are_now(
    renderer: Renderer, page: EvidenceSource, tmp_path: Path
) -> None:
    words = mark(AnnotationKind.HIGHLIGHT, on_words(renderer, page, 0, "six students who solved"))
    lost = mark(AnnotationKind.BOX, on_page(page, 0, BOX))
    newer = seal(tmp_path, text_pdf("A title page.", "Now: " + TEXT), "b.pdf", "application/pdf")
    data = exported(newer, [words, lost], placed=1)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert "/Annots" not in pdf.pages[0]
        assert [str(each.Subtype) for each in pdf.pages[1].Annots] == ["/Highlight"]


def test_a_picture_becomes_a_page_with_its_marks(tmp_path: Path) -> None:
    source = seal(tmp_path, picture(1684, 1000, "PNG"), "p.png", "image/png")
    box = Anchor(SourceKind.ARTIFACT, "art-1", source.sha256, 0, 1684, 1000, (Rect(842, 500, 1042, 600),))
    data = exported(source, [mark(AnnotationKind.BOX, box)])
    document = pymupdf.open(stream=data, filetype="pdf")
    page = document[0]
    assert tuple(page.rect)[2:] == pytest.approx((842, 500), abs=HALF_A_POINT)
    annotation = next(page.annots())
    assert tuple(annotation.rect) == pytest.approx((421, 250, 521, 300), abs=HALF_A_POINT)
    pixmap = page.get_pixmap()
    assert pixmap.pixel(100, 100)[0] > 200
    assert pixmap.pixel(100, 100)[2] < 60


def test_an_answer_becomes_pages_with_its_marks() -> None:
    text = "Erst ein Satz.\n\nThe exit ticket showed that six still <confused> area & perimeter. " * 60
    words = on_answer(text, "six still <confused> area & perimeter")
    with Exporter(Clock()) as exporter:
        placed = exporter.add_text(
            "Your class", "What did you see?", text, [mark(AnnotationKind.HIGHLIGHT, words)]
        )
        data = b"".join(exporter.finish(PDF))
    assert len(placed) == 1
    document = pymupdf.open(stream=data, filetype="pdf")
    assert document.page_count > 1
    page = document[0]
    assert "What did you see?" in page.get_text()
    annotation = next(page.annots())
    under = page.get_textbox(pymupdf.Quad(annotation.vertices[:4]).rect)
    assert "six still" in " ".join(under.split())


def test_xfdf_counts_pages_from_zero_and_corners_in_its_order(
    renderer: Renderer, page: EvidenceSource
) -> None:
    root = etree.fromstring(exported(page, every_kind(renderer, page), XFDF))
    space = "{http://ns.adobe.com/xfdf/}"
    found = root.find(f"{space}annots")
    assert found is not None
    assert [each.tag.removeprefix(space) for each in found] == [
        *(
            "highlight",
            "underline",
            "strikeout",
            "text",
            "text",
            "freetext",
            "square",
            "circle",
            "line",
            "ink",
        )
    ]
    assert {each.get("page") for each in found} == {"0"}
    x_ul, y_ul, x_ur, y_ur, x_ll, y_ll, x_lr, y_lr = map(float, (found[0].get("coords") or "").split(","))
    assert x_ul == x_ll < x_ur == x_lr
    assert y_ul == y_ur > y_ll == y_lr
    assert found[9].findtext(f"{space}inklist/{space}gesture") == "100,342;120,322;150,337"
    assert all(each.get("title") is None for each in found)
    assert root.find(f"{space}f") is None


def test_what_cannot_be_shown_is_refused_with_its_card(tmp_path: Path) -> None:
    source = seal(tmp_path, b"MZ\x00\x01 nothing of ours", "x.bin", "application/octet-stream")
    with Exporter(Clock()) as exporter, pytest.raises(RefusedWithCard):
        exporter.add_file(source, "Artifact 1", [])


def test_a_damaged_file_costs_a_card_and_the_copy_goes_on(tmp_path: Path) -> None:
    damaged = seal(tmp_path, b"%PDF-1.7\n" + b"\x00" * 200, "x.pdf", "application/pdf")
    whole = seal(tmp_path, text_pdf(TEXT), "a.pdf", "application/pdf")
    with Exporter(Clock()) as exporter:
        with pytest.raises(RefusedWithCard):
            exporter.add_file(damaged, "Artifact 1", [])
        exporter.add_file(whole, "Artifact 2", [])
        data = b"".join(exporter.finish(PDF))
    with pikepdf.open(io.BytesIO(data)) as pdf:
        assert len(pdf.pages) == 1


def test_what_only_mupdf_can_mend_is_copied_as_it_mends_it(tmp_path: Path) -> None:
    cut = text_pdf(TEXT, "A second page.")
    cut = cut[: cut.rindex(b"xref")]  # no table of contents at the end
    with pikepdf.open(io.BytesIO(exported(seal(tmp_path, cut, "a.pdf", "application/pdf"), []))) as pdf:
        assert len(pdf.pages) == 2
    empty = seal(tmp_path, b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n", "b.pdf", "application/pdf")
    with Exporter(Clock()) as exporter, pytest.raises(RefusedWithCard) as caught:
        exporter.add_file(empty, "Artifact 1", [])
    assert caught.value.card.reason in ("no_pages", "damaged")


def test_a_cancelled_copy_stops_at_once(page: EvidenceSource) -> None:
    with Exporter(Clock()) as exporter:
        exporter.add_file(page, "Artifact 1", [])
        exporter.cancel()
        with pytest.raises(ExportCancelled):
            list(exporter.finish(PDF))


def form_pdf() -> bytes:
    """A page with a field that was filled in, and a layer that is switched off."""
    document = pymupdf.open()
    page = document.new_page(width=300, height=200)
    off = document.add_ocg(f"By {LEARNER}", on=False)
    page.draw_rect((150, 120, 250, 180), fill=(1, 0, 0), oc=off)
    field = pymupdf.Widget()
    field.field_name, field.field_label = f"name of {LEARNER}", LEARNER
    field.field_type, field.field_value = 7, "Filled in by hand"  # a text field
    field.rect, field.fill_color = pymupdf.Rect(20, 20, 200, 50), (0, 1, 0)
    page.add_widget(field)
    data: bytes = document.tobytes()
    return data


def test_what_was_filled_in_and_what_is_hidden_looks_as_before(tmp_path: Path) -> None:
    source = seal(tmp_path, form_pdf(), "a.pdf", "application/pdf")
    copy = exported(source, [])
    before, after = (pymupdf.open(stream=data, filetype="pdf") for data in (form_pdf(), copy))
    looks = [document[0].get_pixmap() for document in (before, after)]
    assert looks[0].samples == looks[1].samples
    assert looks[1].pixel(190, 25) == (0, 255, 0)
    assert looks[1].pixel(200, 150) == (255, 255, 255)
    assert "Filled in by hand" in after[0].get_text()
    assert hits(everything_in(copy), PLANTED) == []
    twice = [seal(tmp_path, form_pdf(), name, "application/pdf") for name in ("a.pdf", "b.pdf")]
    with Exporter(Clock()) as exporter:
        for each in twice:
            exporter.add_file(each, "Artifact", [])
        both = pymupdf.open(stream=b"".join(exporter.finish(PDF)), filetype="pdf")
    assert [both[number].get_pixmap().samples for number in range(2)] == [looks[0].samples] * 2


# ---- anonymity ----


@pytest.mark.parametrize(
    ("name", "media_type", "make"),
    [
        ("a.pdf", "application/pdf", told_pdf),
        ("a.jpg", "image/jpeg", camera_jpeg),
        ("a.png", "image/png", written_png),
    ],
)
def test_nobody_is_named_in_a_copy(tmp_path: Path, name: str, media_type: str, make) -> None:
    data = make()
    assert hits(everything_in(data) if name == "a.pdf" else data, PLANTED[:3])  # the bait is there
    source = seal(tmp_path, data, name, media_type)
    box = Anchor(SourceKind.ARTIFACT, "art-1", source.sha256, 0, 300, 200, (Rect(10, 10, 60, 60),))
    copy = exported(source, [mark(AnnotationKind.BOX, box, "Well seen.")])
    said = everything_in(copy)
    assert hits(said, PLANTED) == []
    assert hits(said, of_this_machine()) == []
    assert b"/Producer" in said
    assert b"+05'30'" not in said
    with pikepdf.open(io.BytesIO(copy)) as pdf:
        assert dict(pdf.docinfo.items()) == {"/Producer": "Assessor Workstation"}
        assert "/Metadata" not in pdf.Root
    assert copy.count(b"%%EOF") == 1
    xfdf = exported(source, [mark(AnnotationKind.BOX, box, "Well seen.")], XFDF)
    assert hits(xfdf, (*PLANTED, *of_this_machine())) == []
    assert ASSESSOR not in xfdf.decode()


def test_the_learners_own_marks_stay_and_lose_their_author(tmp_path: Path) -> None:
    source = seal(tmp_path, told_pdf(), "a.pdf", "application/pdf")
    with pikepdf.open(io.BytesIO(exported(source, []))) as pdf:
        annotations = list(pdf.pages[0].Annots)
        texts = [str(each.get("/Contents", "")) for each in annotations]
        assert "I was proud of this one." in texts
        assert not any("/T" in each or "/NM" in each or "/M" in each for each in annotations)


def test_the_same_copy_twice_is_the_same_bytes(renderer: Renderer, page: EvidenceSource) -> None:
    marks = every_kind(renderer, page)
    assert exported(page, marks) == exported(page, marks)


def test_on_a_large_photograph_letters_and_lines_are_as_large_as_on_a_page(tmp_path: Path) -> None:
    source = seal(tmp_path, picture(4000, 3000, "JPEG"), "p.jpg", "image/jpeg")

    def at(*box: float) -> Anchor:
        return Anchor(SourceKind.ARTIFACT, "art-1", source.sha256, 0, 4000, 3000, (Rect(*box),))

    marks = [
        mark(AnnotationKind.FREE_TEXT, at(400, 400, 1600, 700), "See page 2"),
        mark(AnnotationKind.BOX, at(2000, 400, 2600, 900)),
    ]
    document = pikepdf.open(io.BytesIO(exported(source, marks)))
    text, box = document.pages[0].Annots
    assert float(str(text.DA).split()[1]) == pytest.approx(11, abs=1)
    assert b"/Helv 11" in text.AP.N.read_bytes()
    assert float(box.BS.W) == pytest.approx(2, abs=0.2)
    # The words stand on light ground, whatever is behind: here the reddest of pictures.
    drawn = pymupdf.open(stream=exported(source, marks), filetype="pdf")[0].get_pixmap()
    assert min(drawn.pixel(round(1500 * 842 / 4000), round(650 * 842 / 4000))) > 200
