"""The page view on real PDFs through the real worker: sharp pixels, zoom, turning, failure, no waiting."""

from __future__ import annotations

import os
import signal

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from assessor_app.documents.anchoring import PagePoint
from assessor_app.documents.pages import PageSize
from assessor_app.ui.viewers.page_cache import PageCache, TileKey
from assessor_app.ui.viewers.page_layout import PageLayout
from assessor_app.ui.viewers.page_supply import PageSupply
from assessor_app.ui.viewers.pages import PageView
from assessor_app.ui.viewers.zoom import LARGEST, SMALLEST, Fit, Zoom, fitted_factor, step
from tests.ui.viewers.evidence_files import (
    count_dark,
    heavy_pdf,
    pdf_with_an_impossible_page,
    photograph,
    sealed,
)
from tests.ui.viewers.hands import wheel
from tests.walk import Pulse


@pytest.fixture
def open_view(qtbot, lanes, renderer):
    def show(source, size=(700, 800)):
        view = PageView(PageSupply(lanes))
        view.supply.setParent(view)
        qtbot.addWidget(view)
        view.resize(*size)
        view.show()
        qtbot.waitExposed(view)
        info = renderer.open(source)
        view.supply.open(source, has_text=info.has_text)
        with qtbot.waitSignal(view.painted_sharp):
            view.open(info, source.name)
        return view

    return show


def rest(qtbot, view):
    """Let everything that is wanted arrive."""
    qtbot.waitUntil(lambda: not view._ask_timer.isActive() and view.supply.pending == 0)
    QApplication.processEvents()


def test_the_first_page_is_painted_dot_for_dot(open_view, lesson, renderer):
    view = open_view(lesson)
    shown = view.viewport().grab().toImage()
    rect = view.page_rect(0)
    pixels = renderer.render(lesson, 0, view.scale * view.devicePixelRatioF())
    assert count_dark(shown) > 500
    for x, y in [(100, 95), (115, 170), (260, 420), (333, 601)]:
        at = y * pixels.stride + x * 4
        blue, green, red = pixels.data[at : at + 3]
        colour = shown.pixelColor(round(rect.left()) + x, round(rect.top()) + y)
        assert (colour.red(), colour.green(), colour.blue()) == (red, green, blue)


def test_neighbours_are_drawn_before_they_are_reached(open_view, lesson, qtbot):
    view = open_view(lesson)
    rest(qtbot, view)
    scale = round(view.scale * view.devicePixelRatioF(), 5)
    assert TileKey(1, scale) in view.supply.cache
    assert TileKey(5, scale) not in view.supply.cache
    sharp: list[int] = []
    view.painted_sharp.connect(sharp.append)
    view.go_to_page(1)
    view.viewport().grab()
    assert 1 in sharp


def test_zoom_keeps_what_lies_under_the_pointer(open_view, lesson, qtbot):
    view = open_view(lesson)
    view.go_to_page(2)
    at, factor = QPoint(310, 333), view.factor
    before = view.page_point(QPointF(at))
    for _ in range(3):
        wheel(view.viewport(), at, 1, Qt.KeyboardModifier.ControlModifier)
    assert view.factor == pytest.approx(factor * 1.2**3)
    after = view.page_point(QPointF(at))
    assert after.page == before.page == 2
    assert (after.x, after.y) == pytest.approx((before.x, before.y), abs=1.0)
    for _ in range(3):
        wheel(view.viewport(), at, -1, Qt.KeyboardModifier.ControlModifier)
    assert view.page_point(QPointF(at)).y == pytest.approx(before.y, abs=2.0)


def test_the_wheel_alone_scrolls(open_view, lesson):
    view = open_view(lesson)
    factor = view.factor
    wheel(view.viewport(), QPoint(300, 300), -2)
    assert view.verticalScrollBar().value() > 0
    assert view.factor == factor


def test_a_coarse_page_stands_in_until_the_sharp_one_is_there(open_view, lesson, qtbot):
    view = open_view(lesson)
    rest(qtbot, view)
    view.set_zoom(Zoom(Fit.NOTHING, 2.0))
    assert count_dark(view.viewport().grab().toImage()) > 200
    with qtbot.waitSignal(view.painted_sharp):
        pass


def test_a_page_that_is_huge_on_screen_gets_sharp_tiles(open_view, lesson, qtbot):
    view = open_view(lesson)
    view.set_zoom(Zoom(Fit.NOTHING, 6.0), QPointF(200, 120))
    with qtbot.waitSignal(view.painted_sharp):
        pass
    rest(qtbot, view)
    tiles = [key for key in view.supply.cache._images if key.clip is not None]
    assert tiles
    assert view.supply.cache.size_bytes < 96 * 1024 * 1024
    assert count_dark(view.viewport().grab().toImage()) > 100


def test_keys_read_on_and_turn_pages(open_view, lesson, qtbot):
    view = open_view(lesson)
    told = []
    view.page_changed.connect(lambda page, count: told.append((page, count)))
    view.set_zoom(Zoom(Fit.PAGE))
    qtbot.keyClick(view, Qt.Key.Key_PageDown)
    assert (view.page, told[-1]) == (1, (1, 6))
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert view.page == 2
    qtbot.keyClick(view, Qt.Key.Key_PageUp)
    assert view.page == 1
    qtbot.keyClick(view, Qt.Key.Key_End)
    assert view.page == 5
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert view.page == 0
    assert view.accessibleName() == "Page 1 of 6, Artifact 1.pdf"


def test_page_down_leaves_nothing_unread(open_view, lesson, qtbot):
    view = open_view(lesson, size=(900, 500))
    height = view.viewport().height()
    seen_to = height
    for _ in range(30):
        before = view.verticalScrollBar().value()
        qtbot.keyClick(view, Qt.Key.Key_PageDown)
        top = view.verticalScrollBar().value()
        assert top <= seen_to + 12  # the gap between pages may be passed over
        seen_to = top + height
        if top == before:
            break
    assert view.verticalScrollBar().value() == view.verticalScrollBar().maximum()


def test_the_view_follows_its_width_and_keeps_its_place(open_view, lesson, qtbot):
    view = open_view(lesson)
    view.go_to_page(3)
    top = view.page_point(QPointF(300, 20))
    view.resize(1000, 800)
    assert view.page_point(QPointF(300, 20)).page == top.page == 3
    widest = max(size.width_pt for size in view.sizes)
    assert view.scale * widest == pytest.approx(view.viewport().width() - 28, abs=1)


def test_a_page_that_is_not_drawn_is_a_card_and_the_others_are_read(open_view, tmp_path, qtbot):
    source = sealed(tmp_path, pdf_with_an_impossible_page(), "Artifact 2.pdf")
    view = open_view(source)
    view.set_zoom(Zoom(Fit.PAGE))
    rest(qtbot, view)
    view.go_to_page(1)
    rest(qtbot, view)
    assert list(view.supply.cards) == [1]
    assert count_dark(view.viewport().grab().toImage()) > 50
    view.go_to_page(2)
    rest(qtbot, view)
    assert (2, view.scale) in view._sharp


def test_a_killed_worker_is_a_card_and_then_the_page_again(open_view, renderer, tmp_path, qtbot):
    view = open_view(sealed(tmp_path, heavy_pdf(1), "Artifact 3.pdf"))

    def kill_while_drawing(factor):
        child = renderer._children[0].pid
        # Stopped first: on a quick machine the page would be there before anybody kills.
        os.kill(child, signal.SIGSTOP)
        view.set_zoom(Zoom(Fit.NOTHING, factor))
        qtbot.waitUntil(lambda: view.supply.pending > 0)
        with qtbot.waitSignal(view.supply.failed):
            os.kill(child, signal.SIGKILL)
        assert list(view.supply.cards) == [0]

    kill_while_drawing(0.8)
    view.viewport().grab()
    button = view._retry_boxes[0]
    assert button.height() >= 24
    with qtbot.waitSignal(view.painted_sharp):
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=button.center().toPoint())
    assert view.supply.cards == {}
    kill_while_drawing(0.7)
    with qtbot.waitSignal(view.painted_sharp):
        qtbot.keyClick(view, Qt.Key.Key_Return)


def test_the_window_goes_on_while_a_heavy_page_is_drawn(open_view, tmp_path, qtbot):
    view = open_view(sealed(tmp_path, heavy_pdf(2), "Artifact 4.pdf"))
    pulse = Pulse(view)
    pulse.begin()
    for factor in (1.1, 1.6):
        view.set_zoom(Zoom(Fit.NOTHING, factor))
        view.go_to_page(1)
        with qtbot.waitSignal(view.painted_sharp):
            pass
    pulse.close()
    assert len(pulse.own_gaps_ms) > 20
    assert pulse.longest_own_ms < 150


def test_a_photograph_is_shown_dot_for_dot_at_actual_size(open_view, tmp_path):
    view = open_view(sealed(tmp_path, photograph(), "Artifact 5.png", "image/png"))
    view.set_zoom(Zoom(Fit.NOTHING, 1.0))
    assert view.page_rect(0).width() == 800
    assert "#3c785a" in view.viewport().grab().toImage().pixelColor(300, 300).name()


def test_dimming_softens_the_paper_and_keeps_black(open_view, lesson):
    view = open_view(lesson)
    corner = view.page_rect(0).topLeft().toPoint() + QPoint(5, 5)
    assert view.viewport().grab().toImage().pixelColor(corner).name() == "#ffffff"
    view.set_dimmed(True)
    image = view.viewport().grab().toImage()
    assert image.pixelColor(corner).lightness() < 225
    assert count_dark(image) > 500


def test_another_document_leaves_nothing_of_the_last(open_view, lesson, tmp_path, renderer, qtbot):
    view = open_view(lesson)
    view.go_to_page(4)
    other = sealed(tmp_path, photograph(), "Artifact 6.png", "image/png")
    info = renderer.open(other)
    view.supply.open(other, has_text=False)
    # Not even as a stand-in may a page of one document be seen in another.
    assert view.supply.cache.size_bytes == 0
    assert view.supply.pending == 0
    with qtbot.waitSignal(view.painted_sharp):
        view.open(info, other.name)
    rest(qtbot, view)
    assert view.page_count == 1
    assert {key.page for key in view.supply.cache._images} == {0}
    assert view.supply.text(0).words == ()


def test_layout_finds_the_page_and_place_of_every_point():
    layout = PageLayout([PageSize(600, 800), PageSize(300, 400), PageSize(600, 800)], 0.5, 500)
    for page in range(3):
        point = PagePoint(page, 120.0, 200.0)
        x, y = layout.to_content(point)
        assert layout.to_page(x, y) == point
    assert layout.box(1).x > layout.box(0).x
    assert list(layout.visible(0, 10)) == [0]
    assert list(layout.visible(0, layout.height)) == [0, 1, 2]
    assert layout.current(layout.box(1).y, 230) == 1
    assert list(PageLayout([], 1.0, 100).visible(0, 100)) == []


def test_zoom_steps_reach_the_ends_and_never_pass_them():
    factor = 1.0
    for _ in range(40):
        factor = step(factor, 1)
    assert factor == LARGEST
    for _ in range(40):
        factor = step(factor, -1)
    assert factor == SMALLEST
    assert fitted_factor(Fit.PAGE, [PageSize(600, 800)], (628, 428), 1.0, 0) == pytest.approx(0.5)


def test_the_cache_keeps_to_its_budget_and_never_drops_what_is_wanted():
    cache = PageCache(budget_bytes=3 * 100 * 100 * 4)
    keys = [TileKey(page, 1.0) for page in range(6)]
    for key in keys:
        cache.put(key, QImage(100, 100, QImage.Format.Format_RGB32), keep=keys[:2])
    assert cache.size_bytes <= 3 * 100 * 100 * 4
    assert keys[0] in cache
    assert keys[1] in cache
    assert keys[5] in cache
    assert keys[3] not in cache
    nearest = cache.nearest(5, 2.0)
    assert nearest is not None
    assert nearest[0] == keys[5]
    cache.forget_page(5)
    assert cache.nearest(5, 2.0) is None
