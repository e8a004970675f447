"""What may name a person never leaves the child uncovered: no pixel, word, cell or line of text."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PIL import Image, ImageChops

from assessor_app.documents import patches, sheets
from assessor_app.documents.pages import EvidenceSource, PagePixels
from assessor_app.documents.patches import FileFindings, with_words_for_covers
from assessor_app.documents.readable import Form, checked_readable
from assessor_app.documents.renderer import Renderer
from assessor_app.domain.cases import FindingKind
from assessor_app.privacy.identity_scan import COVER
from tests import planted_files
from tests.evidence_files import picture, text_pdf
from tests.office_files import reviewed_word_file
from tests.planted_files import BODY, MAIL, NAME, OTHER, SCHOOL

Sealed = Callable[..., EvidenceSource]
SECRETS = (NAME, OTHER, SCHOOL, MAIL)
PARTS = frozenset(word for secret in (NAME, OTHER, SCHOOL) for word in secret.split() if word != "School")


@pytest.fixture
def plan(renderer: Renderer, sealed: Sealed) -> Iterator[EvidenceSource]:
    source = sealed(planted_files.planted_pdf(), "Artifact 1.pdf", "application/pdf")
    yield source
    renderer.lifted.set(source.blob_id, ())


def image_of(pixels: PagePixels) -> Image.Image:
    size = (pixels.width_px, pixels.height_px)
    return Image.frombuffer("RGB", size, pixels.data, "raw", "BGRX", 0, 1)


def dark_in(image: Image.Image, rect: tuple[float, float, float, float], scale: float) -> int:
    """Pixels of ink in a rectangle of a drawing."""
    box = tuple(round(edge * scale) for edge in rect)
    part = image.crop((box[0], box[1], box[2], box[3])).convert("L")
    return sum(part.histogram()[:140])


def names_nobody(text: str) -> bool:
    return not any(secret in text for secret in (*SECRETS, *PARTS))


def test_pixels_under_a_patch_do_not_show_the_words(renderer: Renderer, plan: EvidenceSource) -> None:
    covered = renderer.render(plan, 0, 2.0)
    assert len(covered.patches) == 5
    renderer.lifted.set(plan.blob_id, [patch.id for patch in covered.patches])
    bare = renderer.render(plan, 0, 2.0)
    assert all(patch.is_lifted for patch in bare.patches)
    for patch in covered.patches:
        assert dark_in(image_of(bare), patch.rect, 2.0) > 60
        assert dark_in(image_of(covered), patch.rect, 2.0) == 0
    # Beside the patches nothing differs: they hide no evidence.
    box = ImageChops.difference(image_of(bare), image_of(covered)).getbbox()
    rest = image_of(covered)
    for patch in covered.patches:
        left, top, right, bottom = (round(edge * 2.0) for edge in patch.rect)
        part = image_of(bare).crop((left - 1, top - 1, right + 2, bottom + 2))
        rest.paste(part, (left - 1, top - 1))
    assert box is not None
    assert ImageChops.difference(rest, image_of(bare)).getbbox() is None


def test_a_tile_of_a_page_is_covered_as_the_whole_page_is(renderer: Renderer, plan: EvidenceSource) -> None:
    whole = image_of(renderer.render(plan, 0, 3.0))
    tile = (180, 320, 700, 480)
    assert (
        ImageChops.difference(whole.crop(tile), image_of(renderer.render(plan, 0, 3.0, tile))).getbbox()
        is None
    )


def test_words_under_a_patch_are_blocks_of_the_same_length(renderer: Renderer, plan: EvidenceSource) -> None:
    covered = renderer.text(plan, 0)
    ids = [patch.id for patch in renderer.render(plan, 0, 1.0).patches]
    renderer.lifted.set(plan.blob_id, ids)
    bare = renderer.text(plan, 0)
    assert names_nobody(covered.text)
    assert all(secret in bare.text for secret in SECRETS)
    assert len(covered.text) == len(bare.text)
    assert BODY in covered.text
    assert [word.start for word in covered.words] == [word.start for word in bare.words]
    assert f"Student: {COVER * 6} {COVER * 6}" in covered.text


def test_every_page_is_covered_and_one_patch_can_be_lifted_alone(
    renderer: Renderer, plan: EvidenceSource
) -> None:
    second = renderer.render(plan, 1, 1.0)
    assert len(second.patches) == 3
    renderer.lifted.set(plan.blob_id, [second.patches[0].id])
    again = renderer.render(plan, 1, 1.0)
    assert [patch.is_lifted for patch in again.patches] == [True, False, False]
    assert not any(patch.is_lifted for patch in renderer.render(plan, 0, 1.0).patches)


def test_a_name_in_the_corner_of_a_photographed_sheet(renderer: Renderer, sealed: Sealed) -> None:
    source = sealed(planted_files.scanned_pdf(), "Artifact 2.pdf", "application/pdf")
    assert len(renderer.render(source, 0, 1.0).patches) == 1
    assert names_nobody(renderer.text(source, 0).text)


def test_office_files_without_a_copy_are_covered(renderer: Renderer, sealed: Sealed) -> None:
    for data, extension in ((planted_files.planted_word(), "docx"), (planted_files.planted_slides(), "pptx")):
        source = sealed(data, f"Artifact 3.{extension}")
        renderer.open(source)
        drawn = renderer.render(source, 0, 1.0)
        assert drawn.patches, extension
        assert names_nobody(renderer.text(source, 0).text)


def test_cells_of_a_sheet_are_covered(renderer: Renderer, sealed: Sealed) -> None:
    source = sealed(planted_files.planted_sheet(), "Artifact 4.xlsx")
    cells = sheets.grid_of(renderer, source, 0).cells
    assert cells[(0, 0)].text == "Teacher"
    assert cells[(0, 1)].text == f"{COVER * 7} {COVER * 8}"
    renderer.lifted.set(source.blob_id, [patches.cell_patch_id(0, 0, 1)])
    assert sheets.grid_of(renderer, source, 0).cells[(0, 1)].text == NAME


def test_texts_are_covered_as_they_are_written_and_as_they_read(renderer: Renderer, sealed: Sealed) -> None:
    source = sealed(planted_files.planted_markdown(), "Artifact 5.md", "text/markdown")
    shown = renderer.fetch(source, {"do": "read_text"}, patches.checked_covered_text)
    assert names_nobody(shown.text)
    assert names_nobody(renderer.read_text(source))
    assert len(shown.patches) == 3
    readable = renderer.fetch(
        source,
        {"do": "readable_text"},
        lambda answer, limits: checked_readable(answer, limits, Form.MARKDOWN),
    )
    assert names_nobody(readable.shown + readable.source)
    assert readable.patches == shown.patches
    start, end, _ = shown.patches[0]
    renderer.lifted.set(source.blob_id, [patches.text_patch_id(start, end)])
    lifted = renderer.fetch(source, {"do": "read_text"}, patches.checked_covered_text)
    assert lifted.text[start:end] == NAME
    assert OTHER not in lifted.text


def findings(renderer: Renderer, source: EvidenceSource) -> FileFindings:
    request: dict[str, object] = {"do": "identity", "first": 0, "most": 9}
    return renderer.fetch(source, request, patches.checked_findings)


def test_what_is_found_on_download_is_told_for_the_checks(renderer: Renderer, plan: EvidenceSource) -> None:
    found = findings(renderer, plan)
    phrases = {place.phrase for place in found.places}
    assert {NAME, OTHER, SCHOOL, MAIL} <= phrases
    assert (found.pages_read, found.properties) == (2, ())


@pytest.mark.parametrize(
    ("data", "name", "kinds"),
    [
        (planted_files.planted_pdf(author=NAME), "a.pdf", (FindingKind.PDF_PROPERTIES,)),
        (planted_files.planted_pdf(author="Microsoft Office User"), "b.pdf", ()),
        (planted_files.planted_word(), "a.docx", (FindingKind.OFFICE_PROPERTIES,)),
        (reviewed_word_file(), "b.docx", (FindingKind.FILE_COMMENT,)),
        (
            planted_files.planted_photo(),
            "a.jpg",
            (FindingKind.PICTURE_PROPERTIES, FindingKind.PLACE, FindingKind.FILE_COMMENT),
        ),
        (picture(64, 48, "JPEG"), "b.jpg", ()),
        (planted_files.planted_markdown(), "a.md", ()),
    ],
)
def test_properties_are_told_by_kind_alone(
    renderer: Renderer, sealed: Sealed, data: bytes, name: str, kinds: tuple[FindingKind, ...]
) -> None:
    found = findings(renderer, sealed(data, name))
    assert set(found.properties) == set(kinds)


def test_a_page_of_nothing_but_evidence_has_no_patch(renderer: Renderer, sealed: Sealed) -> None:
    text = "Fractions on a number line\n\nMs. Rivera read the story aloud.\n" + BODY * 8
    source = sealed(text_pdf(text, BODY * 20), "Artifact 6.pdf", "application/pdf")
    assert [renderer.render(source, page, 1.0).patches for page in (0, 1)] == [(), ()]


def test_copied_words_say_that_something_is_covered() -> None:
    words = "[may name a person]"
    assert with_words_for_covers(f"Teacher: {COVER * 6} {COVER * 4} said", words) == f"Teacher: {words} said"
    assert with_words_for_covers(f"{COVER * 3}, grade 4", words) == f"{words}, grade 4"
    assert with_words_for_covers("nothing", words) == "nothing"
