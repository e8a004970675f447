"""Pictures: pixel by pixel, and brightness and contrast for faint writing, on the display alone."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from PySide6.QtCore import QPointF, QRect, QRectF, Qt

from assessor_app.documents.tone import PLAIN, Tone, bounded, for_writing, toned
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.viewers.pages_viewer import PagesViewer
from assessor_app.ui.viewers.zoom import Fit, Zoom
from tests.ui.viewers.evidence_files import pencil_page, sealed
from tests.ui.viewers.keeper import Keeper
from tests.ui.viewers.marking import click, draw, on_screen


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


def photograph() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (4000, 3000), (250, 250, 250)).save(buffer, "JPEG")
    return buffer.getvalue()


def test_marks_on_a_large_photograph_are_as_large_as_on_a_page(make_viewer, qtbot, tmp_path):
    viewer = make_viewer(sealed(tmp_path, photograph(), "Photo.jpg", "image/jpeg"))
    keeper = Keeper(viewer)
    viewer.run("tool.note")
    click(qtbot, viewer, on_screen(viewer, 2000, 1500))
    rect = keeper.last.anchor.rects[0]
    # A page of A4 as wide as the view would show a sign of 18 points.
    assert rect.x1 - rect.x0 == pytest.approx(18 * 4.9, abs=1)
    draw(qtbot, viewer, "tool.box", (400, 400), (900, 900))
    viewer.annotator.layer.select(None)
    edge = viewer.pages.viewport().grab().toImage()
    y, x = on_screen(viewer, 400, 650).y(), on_screen(viewer, 400, 650).x()
    row = [edge.pixelColor(x + dx, y).lightness() for dx in range(-4, 8)]
    # Two points of A4, on screen more than one pixel; two pixels of the photograph would be a hair.
    assert sum(lightness < 200 for lightness in row) >= 1
    # It is found by its edge as it looks, inside of the box as well.
    assert viewer.annotator.layer.at(0, QPointF(412, 650), 1.0) is not None
    assert viewer.annotator.layer.at(0, QPointF(440, 650), 1.0) is None


def test_words_typed_on_a_large_photograph_can_be_read(make_viewer, qtbot, tmp_path):
    viewer = make_viewer(sealed(tmp_path, photograph(), "Photo.jpg", "image/jpeg"))
    keeper = Keeper(viewer)
    viewer.run("tool.text")
    click(qtbot, viewer, on_screen(viewer, 1000, 1000))
    editor = viewer.annotator.place.editor
    assert editor.is_open
    assert editor.font().pixelSize() == round(11 * 4.893 * viewer.pages.scale)
    qtbot.keyClicks(editor, "Look here")
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    rect = keeper.last.anchor.rects[0]
    assert rect.x1 - rect.x0 == pytest.approx(180 * 4.893, abs=2)
    assert rect.y1 - rect.y0 >= 15 * 4.893
    viewer.annotator.layer.select(None)
    viewer.annotator.box.hide()
    top, low = on_screen(viewer, rect.x0, rect.y0), on_screen(viewer, rect.x1, rect.y1)
    shown = viewer.pages.viewport().grab(QRect(top, low)).toImage()
    ink = [
        y
        for y in range(2, shown.height() - 2)
        for x in range(2, shown.width() - 2)
        if shown.pixelColor(x, y).lightness() < 120
    ]
    # The letters are as high as the editor's were.
    assert max(ink) - min(ink) >= 0.6 * 11 * 4.893 * viewer.pages.scale
