"""Small pictures of evidence links, drawn from the real file by the real render child."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QRectF

from assessor_app.documents.renderer import Renderer
from assessor_app.domain.annotations import Anchor, Rect, SourceKind, TimeSpan
from assessor_app.domain.roles import Role
from assessor_app.ui.scoring.evidence_links import EvidenceLinks, LinkButton, place_words
from assessor_app.ui.scoring.link_pictures import LinkPictures, PictureSize, bounds_of, can_be_drawn, crop_of
from assessor_app.ui.tasks import Lanes
from tests import builders
from tests.ui.worlds import World, box_mark, lesson_submission, make_context, put_work

SIZE = PictureSize(90, 60, 2.0)


@pytest.fixture
def world(qtbot, tmp_path):
    clock, renderer = builders.FakeClock(), Renderer()
    context = make_context(tmp_path, renderer, clock, Role.ASSESSOR)
    lanes = Lanes(context, clock=clock)
    put_work(context, lesson_submission(builders.rubric_version()), builders.rubric_version())
    yield World(context.store, context, lanes, clock)
    assert lanes.close()
    renderer.close()
    context.store.close()


@pytest.fixture
def pictures(world):
    return LinkPictures(world.lanes, builders.submission_id(1), world.lanes)


def mark(**changes):
    return box_mark(lesson_submission(builders.rubric_version()), **changes)


def reddest_and_bluest(image):
    """The largest lead of red over blue and of blue over red, of 255."""
    leads = [
        image.pixelColor(x, y).red() - image.pixelColor(x, y).blue()
        for x in range(image.width())
        for y in range(image.height())
    ]
    return max(leads), -min(leads)


def test_a_picture_shows_the_place_with_the_mark_on_it(qtbot, pictures):
    box = mark(colour="orange")
    with qtbot.waitSignal(pictures.arrived):
        assert pictures.picture(box, SIZE) is None
    image = pictures.picture(box, SIZE)
    assert (image.width(), image.height()) == (180, 120)
    orange, blue = reddest_and_bluest(image)
    assert blue > 70, "a bar of the figure that stands there"
    assert orange > 120, "the edge of the mark"


def test_it_is_drawn_once_however_often_it_is_shown(qtbot, pictures):
    with qtbot.waitSignal(pictures.arrived):
        pictures.picture(mark(), SIZE)
    with qtbot.assertNotEmitted(pictures.arrived, wait=150):
        assert pictures.picture(mark(colour="blue"), SIZE) is not None


def test_a_mark_on_another_copy_of_the_file_has_no_picture(qtbot, pictures):
    elsewhere = mark(anchor=replace(mark().anchor, source_sha256="0" * 64))
    with qtbot.waitSignal(pictures.arrived):
        pictures.picture(elsewhere, SIZE)
    assert pictures.picture(elsewhere, SIZE) is None


def test_a_file_that_is_not_here_is_asked_for_again_when_something_arrives(qtbot, pictures):
    missing = mark(anchor=replace(mark().anchor, source_id="art-12"))
    with qtbot.waitSignal(pictures.arrived):
        pictures.picture(missing, SIZE)
    with qtbot.assertNotEmitted(pictures.arrived, wait=150):
        pictures.picture(missing, SIZE)
    pictures.forget_failures()
    with qtbot.waitSignal(pictures.arrived):
        pictures.picture(missing, SIZE)


@pytest.mark.parametrize(
    "rect",
    [
        Rect(0, 0, 5, 5),
        Rect(590, 838, 595, 842),
        Rect(0, 0, 595, 842),
        Rect(72, 380, 523, 640),
        Rect(10, 0, 20, 842),
    ],
)
def test_a_crop_lies_on_the_page_and_holds_what_fits(rect):
    anchor = replace(mark().anchor, rects=(rect,))
    crop = crop_of(anchor, SIZE)
    page = QRectF(0, 0, anchor.page_width_pt, anchor.page_height_pt)
    assert page.adjusted(-0.01, -0.01, 0.01, 0.01).contains(crop.area)
    assert crop.area.width() / crop.area.height() == pytest.approx(1.5)
    bounds = bounds_of(anchor)
    assert crop.area.width() >= min(bounds.width(), page.width()) - 0.01


def test_recordings_and_answers_have_words_in_place_of_a_picture(qtbot):
    submission = lesson_submission(builders.rubric_version())
    at = Anchor(SourceKind.ARTIFACT, "art-1", "0" * 64, 0, 0.0, 0.0, span=TimeSpan(42_000, 70_000))
    assert not can_be_drawn(at)
    assert place_words(mark(anchor=at), submission) == "Artifact 1.pdf, 0:42 to 1:10"
    moment = replace(at, span=TimeSpan(3_725_000, 3_725_000))
    assert place_words(mark(anchor=moment), submission) == "Artifact 1.pdf, at 1:02:05"
    cells = replace(at, span=None, cells="B2:D5")
    assert place_words(mark(anchor=cells), submission) == "Artifact 1.pdf, cells B2:D5"
    answer = replace(mark().anchor, source_kind=SourceKind.RESPONSE, source_id="resp-context")
    assert not can_be_drawn(answer)


def test_links_without_pictures_still_lead_to_their_place(qtbot):
    links = EvidenceLinks()
    qtbot.addWidget(links)
    links.show_marks([mark()], lesson_submission(builders.rubric_version()))
    links.show()
    with qtbot.waitSignal(links.jump_wanted) as jump:
        links.findChildren(LinkButton)[0].click()
    assert jump.args == [mark()]
