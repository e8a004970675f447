"""Pictures: pixel by pixel, and brightness and contrast for faint writing, on the display alone."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from PySide6.QtCore import QRectF, Qt

from assessor_app.documents.tone import PLAIN, Tone, bounded, for_writing, toned
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.viewers.pages_viewer import PagesViewer
from assessor_app.ui.viewers.zoom import Fit, Zoom
from tests.ui.viewers.evidence_files import pencil_page, sealed


@pytest.fixture
def make_viewer(qtbot, lanes, renderer):
    def make(source):
        made = PagesViewer(lanes, KeyTable())
        qtbot.addWidget(made)
        made.resize(900, 800)
        made.show()
        qtbot.waitExposed(made)
        with qtbot.waitSignal(made.pages.painted_sharp):
            made.open(source, renderer.open(source), "art-1")
        return made

    return make


@pytest.fixture
def viewer(make_viewer, tmp_path):
    return make_viewer(sealed(tmp_path, pencil_page(), "Photo.jpg", "image/jpeg"))


def greys(viewer):
    """Darkest and lightest grey of the picture on screen."""
    rect = viewer.pages.page_rect(0).toRect().adjusted(4, 4, -4, -4)
    shown = viewer.pages.viewport().grab(rect).toImage()
    found = [
        shown.pixelColor(x, y).lightness()
        for x in range(0, shown.width(), 2)
        for y in range(0, shown.height(), 2)
    ]
    return min(found), max(found)


def chessboard() -> bytes:
    image = Image.new("RGB", (40, 40), (255, 255, 255))
    for x in range(40):
        for y in range(x % 2, 40, 2):
            image.putpixel((x, y), (0, 0, 0))
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def test_faint_writing_becomes_dark_on_the_display_and_goes_back(viewer, qtbot):
    before = greys(viewer)
    assert before[0] > 120
    viewer.run("view.tone")
    assert viewer.tone_bar.brightness.hasFocus()
    qtbot.mouseClick(viewer.tone_bar.faint_button, Qt.MouseButton.LeftButton)
    assert viewer.pages.tone.contrast > 40
    qtbot.waitUntil(lambda: not viewer.supply.pending and greys(viewer)[0] < 60)
    assert greys(viewer)[1] > 150
    qtbot.mouseClick(viewer.tone_bar.reset_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: greys(viewer) == before)


def test_sliders_work_by_keyboard_and_esc_shows_the_picture_as_it_is(viewer, qtbot):
    before = greys(viewer)
    viewer.run("view.tone")
    for _ in range(3):
        qtbot.keyClick(viewer.tone_bar.brightness, Qt.Key.Key_PageUp)
    qtbot.waitUntil(lambda: viewer.pages.tone == Tone(60, 0))
    qtbot.waitUntil(lambda: greys(viewer)[1] == 255)
    qtbot.keyClick(viewer.tone_bar.brightness, Qt.Key.Key_Escape)
    assert not viewer.tone_bar.isVisible()
    qtbot.waitUntil(lambda: greys(viewer) == before)


def test_the_next_picture_is_shown_as_it_is(viewer, renderer, tmp_path):
    viewer.run("view.tone")
    viewer.tone_bar.faint_button.click()
    other = sealed(tmp_path, chessboard(), "Other.png", "image/png")
    viewer.open(other, renderer.open(other), "art-2")
    assert viewer.pages.tone == PLAIN
    assert not viewer.tone_bar.isVisible()


def test_large_pixels_are_squares(make_viewer, qtbot, tmp_path):
    viewer = make_viewer(sealed(tmp_path, chessboard(), "Board.png", "image/png"))
    viewer.pages.set_zoom(Zoom(Fit.NOTHING, 8.0))
    qtbot.waitUntil(lambda: (0, viewer.pages.scale) in viewer.pages._sharp and not viewer.supply.pending)
    shown = viewer.pages.viewport().grab().toImage()
    rect = viewer.pages.rect_in_view(0, QRectF(10, 10, 4, 4)).toRect()
    seen = {
        shown.pixelColor(x, y).lightness()
        for x in range(rect.left(), rect.left() + 32)
        for y in range(rect.top(), rect.top() + 32)
    }
    assert seen == {0, 255}
    viewer.run("zoom.actual")
    assert viewer.pages.page_rect(0).width() == 40


@pytest.mark.parametrize(("paper", "ink"), [(250, 0), (196, 150), (140, 90), (90, 60), (240, 225)])
def test_paper_becomes_light_and_ink_dark_whatever_the_light_was(paper, ink):
    table = for_writing(paper, ink).table()
    assert table[paper] > 215
    assert table[ink] < 130
    assert table[paper] - table[ink] >= min(190, 7 * (paper - ink))


def test_numbers_from_anywhere_are_brought_within_bounds():
    assert bounded(1000, "x") == Tone(100, 0)
    assert bounded(True, -500) == Tone(0, -100)
    assert len(Tone(100, 100).table()) == 256
    pixels = bytearray(b"\x10\x80\xf0\xff")
    assert toned(pixels, PLAIN) is pixels
    changed = toned(pixels, Tone(0, 100))
    assert changed[0] == 0
    assert changed[3] == 255


def test_turning_and_contrast_are_in_the_bar_and_in_its_folded_menu(viewer, qtbot):
    bar = viewer.toolbar
    qtbot.mouseClick(bar.button("rotate.right"), Qt.MouseButton.LeftButton)
    assert viewer.pages.quarter_turns == 1
    viewer.resize(bar.minimumSizeHint().width(), 600)
    assert bar.zoom_menu.isVisible()
    choices = {action.data(): action for action in bar.zoom_menu.menu().actions()}
    choices["rotate.left"].trigger()
    assert viewer.pages.quarter_turns == 0
    choices["view.tone"].trigger()
    assert viewer.tone_bar.isVisible()
    for widget in (viewer.tone_bar.faint_button, viewer.tone_bar.close_button):
        corner = widget.mapTo(viewer, widget.rect().bottomRight())
        assert viewer.rect().contains(corner)
