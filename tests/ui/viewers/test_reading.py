"""Ways through a document: small pages, outline, links, the learner's marks, turning, back and forward."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QTransform
from PySide6.QtWidgets import QMenu

from assessor_app.documents.anchoring import PagePoint
from assessor_app.documents.file_parts import LinkKind
from assessor_app.documents.pages import FileRemark, RemarkKind
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.viewers import page_links
from assessor_app.ui.viewers.pages_viewer import PagesViewer
from assessor_app.ui.viewers.zoom import Fit, Zoom
from tests import builders
from tests.ui.viewers.evidence_files import (
    handed_in_pdf,
    heavy_pdf,
    pdf_with_an_impossible_page,
    sealed,
    tall_pdf,
)


@pytest.fixture
def make_viewer(qtbot, lanes, renderer):
    def make(source, width=900):
        made = PagesViewer(lanes, KeyTable())
        qtbot.addWidget(made)
        made.resize(width, 800)
        made.show()
        qtbot.waitExposed(made)
        with qtbot.waitSignal(made.pages.painted_sharp):
            made.open(source, renderer.open(source), "art-1")
        return made

    return make


@pytest.fixture
def handed_in(tmp_path):
    return sealed(tmp_path, handed_in_pdf(), "Artifact 1.pdf")


@pytest.fixture
def viewer(make_viewer, handed_in):
    return make_viewer(handed_in)


def picture(viewer):
    return viewer.pages.viewport().grab().toImage()


def at(viewer, page, x, y):
    """A point of the view for a place on a page."""
    return viewer.pages.rect_in_view(page, QRectF(x, y, 1, 1)).center().toPoint()


def share_of_green(image):
    colours = [
        image.pixelColor(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)
    ]
    return sum(colour.green() > colour.red() + 40 for colour in colours) / len(colours)


# ---- small pages ----


def test_small_pages_are_drawn_only_where_one_looks_and_take_bounded_memory(make_viewer, qtbot, tmp_path):
    viewer = make_viewer(sealed(tmp_path, tall_pdf(500), "Artifact 7.pdf"))
    small = viewer.side.thumbnails
    assert small.kept_bytes == 0
    viewer.run("view.side_bar")
    assert viewer.place.bar.current == "pages"
    qtbot.waitUntil(lambda: small.image(0) is not None and small.image(3) is not None)
    assert small.image(60) is None
    small.verticalScrollBar().setValue(small.verticalScrollBar().maximum())
    qtbot.waitUntil(lambda: small.image(499) is not None)
    assert small.image(250) is None
    assert small.kept_bytes < 12 * 1024 * 1024


def test_small_pages_follow_the_reader_and_lead_to_pages(viewer, qtbot):
    viewer.run("view.side_bar")
    small = viewer.side.thumbnails
    viewer.pages.go_to_page(4)
    assert small.currentIndex().row() == 4
    small.setFocus()
    qtbot.keyClick(small, Qt.Key.Key_Down)
    assert viewer.pages.page == 5
    qtbot.mouseClick(
        small.viewport(), Qt.MouseButton.LeftButton, pos=small.visualRect(small.model().index(4, 0)).center()
    )
    assert viewer.pages.page == 4


def test_a_page_that_fails_small_has_its_card_and_is_not_tried_again(make_viewer, qtbot, tmp_path):
    viewer = make_viewer(sealed(tmp_path, pdf_with_an_impossible_page(2), "Artifact 4.pdf"))
    viewer.supply.cards.clear()
    viewer.run("view.side_bar")
    qtbot.waitUntil(lambda: viewer.side.thumbnails.image(1) is not None)
    qtbot.waitUntil(lambda: viewer.supply.cards.get(2) is not None)
    assert viewer.supply.cards[2].reason == "page_too_large"


# ---- outline ----


def test_the_outline_is_a_tree_that_leads_to_pages(viewer, qtbot):
    viewer.run("view.side_bar")
    qtbot.waitUntil(lambda: viewer.side.outline.topLevelItemCount() == 2)
    tree = viewer.side.outline
    viewer.pages.go_to_page(2)
    viewer.place.bar.show_tab("outline")
    assert tree.currentItem().text(0) == "What was said"
    viewer.pages.go_to_page(0)
    assert tree.topLevelItem(0).child(0).text(0) == "What was said"
    viewer.place.bar.show_tab("outline")
    tree.setFocus()
    tree.setCurrentItem(tree.topLevelItem(1))
    qtbot.keyClick(tree, Qt.Key.Key_Return)
    assert viewer.pages.page == 4
    viewer.pages.setFocus()
    viewer.pages.go_to_page(2)
    assert tree.currentItem().text(0) == "What was said"


def test_without_an_outline_its_tab_cannot_be_chosen(make_viewer, lesson, qtbot):
    viewer = make_viewer(lesson)
    viewer.run("view.side_bar")
    qtbot.waitUntil(lambda: not viewer.place.bar.is_available("outline"))
    assert not viewer.place.bar.is_available("remarks")
    assert viewer.place.bar.current == "pages"


# ---- the learner's own marks ----


def test_what_the_learner_left_is_listed_without_names(viewer, qtbot):
    qtbot.waitUntil(lambda: viewer.place.bar.is_available("remarks"))
    rows = viewer.side.remarks.list.places.rows
    assert [(row.caption, row.text) for row in rows] == [
        ("Page 1, mark, person 1", "“In the first week I listened to six students who” My best lesson"),
        ("Page 3, comment, person 2", "Ask my mentor about this"),
    ]
    viewer.place.open_bar("remarks")
    viewer.side.remarks.list.show_current(1)
    qtbot.keyClick(viewer.side.remarks.list, Qt.Key.Key_Return)
    assert 2 in viewer.pages.visible_pages()


def test_the_bar_says_that_the_file_brought_remarks(viewer, make_viewer, lesson, renderer, qtbot):
    button = viewer.toolbar.button("view.side_bar")
    qtbot.waitUntil(lambda: button.text() == "2")
    assert button.accessibleName() == "Side bar, remarks in the file: 2"
    viewer.open(lesson, renderer.open(lesson), "art-2")
    assert button.text() == ""


def test_small_pages_hint_at_marks(viewer, handed_in):
    mark = builders.annotation(1)
    anchor = replace(mark.anchor, source_id="art-1", page=2, source_sha256=handed_in.sha256)
    viewer.set_annotations([replace(mark, anchor=anchor, colour="sky")])
    assert viewer.side.thumbnails.marks_on(2) == ["sky"]
    assert not viewer.side.thumbnails.marks_on(0)


def test_the_learners_own_marks_can_be_hidden_and_the_form_stays(viewer, qtbot):
    viewer.layers_wanted.connect(viewer.set_layers)
    spot, form = at(viewer, 0, 290, 120), QRectF(300, 720, 200, 25)

    def is_green():
        return picture(viewer).pixelColor(spot).green() > picture(viewer).pixelColor(spot).red() + 40

    def ink_in_form():
        rect = viewer.pages.rect_in_view(0, form).toRect()
        shown = picture(viewer).copy(rect)
        return sum(
            shown.pixelColor(x, y).lightness() < 128
            for x in range(shown.width())
            for y in range(shown.height())
        )

    assert is_green()
    viewer.pages.show_rect(0, form)
    before = ink_in_form()
    assert before > 20
    viewer.pages.go_to_page(0)
    viewer.run("layers.learner")
    qtbot.waitUntil(lambda: not is_green())
    assert not viewer.side.remarks.on_pages.isChecked()
    viewer.pages.show_rect(0, form)
    assert ink_in_form() == before
    viewer.pages.go_to_page(0)
    viewer.side.remarks.on_pages.click()
    qtbot.waitUntil(is_green)


def test_remarks_of_an_office_file_stand_beside_its_copy(viewer, qtbot):
    viewer.set_remarks([FileRemark(RemarkKind.SPEAKER_NOTE, "Slow down here", 0, page=1)])
    qtbot.wait(600)
    rows = viewer.side.remarks.list.places.rows
    assert [(row.caption, row.text) for row in rows] == [("Page 2, speaker note", "Slow down here")]
    assert not viewer.side.remarks.on_pages.isVisibleTo(viewer.side.remarks)


# ---- links ----


def links_known(qtbot, viewer, count=3):
    qtbot.waitUntil(lambda: len(viewer.links.in_view()) == count)
    return viewer.links.in_view()


def test_links_are_a_list_of_what_may_be_followed(viewer, qtbot):
    links = links_known(qtbot, viewer)
    assert [link.kind for link in links] == [LinkKind.PAGE, LinkKind.WEB, LinkKind.OTHER]
    assert [viewer.links.can_follow(link) for link in links] == [True, True, False]
    assert [viewer.links.words(link) for link in links] == [
        "Page 5",
        "https://example.org/lesson",
        "Not followed: file:cmd.exe#page=1",
    ]


def test_a_click_on_a_link_goes_there_and_back(viewer, qtbot):
    links_known(qtbot, viewer)
    viewer.pages.show_rect(0, QRectF(72, 688, 70, 16))
    before = viewer.pages.verticalScrollBar().value()
    spot = at(viewer, 0, 100, 696)
    qtbot.mouseMove(viewer.pages.viewport(), spot)
    qtbot.waitUntil(lambda: viewer.pages.viewport().cursor().shape() == Qt.CursorShape.PointingHandCursor)
    assert "Page 5" in viewer.pages.viewport().toolTip()
    qtbot.mouseClick(viewer.pages.viewport(), Qt.MouseButton.LeftButton, pos=spot)
    assert viewer.pages.page == 4
    assert abs(viewer.pages.place.y - 300) < 1
    viewer.run("history.back")
    assert viewer.pages.verticalScrollBar().value() == before
    qtbot.mouseClick(viewer.pages.viewport(), Qt.MouseButton.ForwardButton)
    assert abs(viewer.pages.place.y - 300) < 1


def test_a_drag_over_a_link_selects_words(viewer, qtbot):
    links_known(qtbot, viewer)
    viewer.pages.show_rect(0, QRectF(72, 688, 70, 16))
    qtbot.waitUntil(lambda: viewer.supply.text(0) is not None)
    view = viewer.pages.viewport()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=at(viewer, 0, 74, 696))
    qtbot.mouseMove(view, at(viewer, 0, 110, 696))
    qtbot.mouseMove(view, at(viewer, 0, 138, 696))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=at(viewer, 0, 138, 696))
    assert viewer.annotator.selection.text.startswith("See page")
    assert viewer.pages.page == 0


def test_an_address_of_the_web_is_opened_only_through_the_question(viewer, qtbot, monkeypatch):
    asked = []
    monkeypatch.setattr(page_links, "open_external", lambda address, parent: asked.append(address))
    links = links_known(qtbot, viewer)
    for link in links[1:]:
        viewer.links.follow(link)
    assert asked == ["https://example.org/lesson"]


def test_links_can_be_reached_by_keyboard(viewer, qtbot):
    links_known(qtbot, viewer)
    viewer.run("link.list")
    menu = viewer.pages.findChild(QMenu)
    assert menu.actions()[0].text() == "Page 5"
    assert [action.isEnabled() for action in menu.actions()] == [True, True, False]
    menu.actions()[0].trigger()
    assert viewer.pages.page == 4
    menu.close()


# ---- turning ----


def test_turned_pages_look_turned_dot_for_dot(make_viewer, qtbot, tmp_path):
    viewer = make_viewer(sealed(tmp_path, heavy_pdf(1), "Artifact 5.pdf"))
    viewer.pages.set_zoom(Zoom(Fit.NOTHING, 0.5))

    def page_picture():
        rect = viewer.pages.page_rect(0).toRect()
        return picture(viewer).copy(rect)

    qtbot.waitUntil(lambda: (0, viewer.pages.scale) in viewer.pages._sharp)
    upright = page_picture()
    for turn in (1, 2, 3):
        viewer.run("rotate.right")
        qtbot.waitUntil(lambda: not viewer.supply.pending)
        turned = upright.transformed(QTransform().rotate(90 * turn))
        assert page_picture().size() == turned.size()
        assert page_picture() == turned
    viewer.run("rotate.right")
    assert page_picture() == upright


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
def test_places_stay_on_the_upright_page_however_it_is_turned(viewer, turn):
    for _ in range(turn):
        viewer.run("rotate.right")
    place = PagePoint(0, 100, 250)
    shown = viewer.pages.rect_in_view(0, QRectF(100, 250, 0, 0)).topLeft()
    back = viewer.pages.page_point(QPointF(shown))
    assert back.page == 0
    assert (round(back.x, 3), round(back.y, 3)) == (place.x, place.y)
    area = viewer.pages.rect_in_view(0, QRectF(100, 250, 30, 10))
    assert area.width() > 0
    assert (area.width() > area.height()) == (turn % 2 == 0)


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_sharp_parts_of_a_large_page_stand_right_when_it_is_turned(make_viewer, qtbot, tmp_path, turn):
    viewer = make_viewer(sealed(tmp_path, handed_in_pdf(), "Artifact 6.pdf"))
    for _ in range(turn):
        viewer.run("rotate.right")
    viewer.pages.set_zoom(Zoom(Fit.NOTHING, 5.0))
    green = QRectF(100, 116, 100, 10)
    viewer.pages.show_rect(0, green)
    qtbot.waitUntil(lambda: (0, viewer.pages.scale) in viewer.pages._sharp and not viewer.supply.pending)
    assert any(key.clip is not None for key in viewer.supply.cache._images)
    shown = picture(viewer).copy(viewer.pages.rect_in_view(0, green).toRect())
    assert share_of_green(shown) > 0.5


def test_a_document_stays_turned_for_the_session(viewer, make_viewer, handed_in, lesson, qtbot):
    viewer.run("rotate.left")
    assert viewer.pages.quarter_turns == 3
    assert make_viewer(handed_in).pages.quarter_turns == 3
    assert make_viewer(lesson).pages.quarter_turns == 0


# ---- back and forward ----


def test_back_and_forward_go_through_the_jumps(viewer, qtbot):
    viewer.run("page.last")
    viewer.ways.go_to_page(2)
    viewer.run("history.back")
    assert viewer.pages.page == 7
    viewer.run("history.back")
    assert viewer.pages.page == 0
    viewer.run("history.back")
    assert viewer.pages.page == 0
    viewer.run("history.forward")
    viewer.run("history.forward")
    assert viewer.pages.page == 2


def test_a_walk_through_small_pages_is_one_step_back(viewer, qtbot):
    viewer.run("view.side_bar")
    small = viewer.side.thumbnails
    small.setFocus()
    for _ in range(5):
        qtbot.keyClick(small, Qt.Key.Key_Down)
    assert viewer.pages.page == 5
    viewer.run("history.back")
    assert viewer.pages.page == 0


def test_hits_can_be_gone_back_from(viewer, qtbot):
    viewer.search_bar.open("Page 6")
    qtbot.waitUntil(lambda: not viewer.search.is_running and viewer.search.count == 1)
    assert viewer.pages.visible_pages()[-1] >= 5
    viewer.run("history.back")
    assert viewer.pages.place.page == 0
    assert viewer.pages.place.y < QPoint(0, 20).y()


def test_page_height_fits_the_height(viewer):
    viewer.run("zoom.height")
    rect = viewer.pages.page_rect(0)
    assert viewer.pages.viewport().height() - 40 < rect.height() <= viewer.pages.viewport().height()


def test_a_document_is_taken_up_where_it_was_left(viewer, make_viewer, handed_in, lesson, renderer, qtbot):
    viewer.ways.go_to_height(4, 300)
    place = viewer.pages.place
    viewer.close_file()
    viewer.open(lesson, renderer.open(lesson), "art-2")
    assert viewer.pages.page == 0
    viewer.close_file()
    assert viewer.preparation(viewer.width())
    info = renderer.open(handed_in)
    drawn = viewer.preparation(viewer.width())(viewer.supply._lanes.context, handed_in, info)
    assert drawn.key.page == 4
    with qtbot.waitSignal(viewer.pages.painted_sharp) as painted:
        viewer.open(handed_in, info, "art-1", drawn)
    assert painted.args == [4]
    assert viewer.pages.page == 4
    assert abs(viewer.pages.place.y - place.y) < 1
    viewer.run("page.first")
    viewer.pages.verticalScrollBar().setValue(0)
    viewer.close_file()
    assert make_viewer(handed_in).pages.page == 0
