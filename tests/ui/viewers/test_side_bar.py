"""The side bar of the pages: shown and hidden, its tab kept, over the pages where there is no room."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtWidgets import QToolButton, QWidget

from assessor_app.documents.pages import PageSize
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.viewers.habits import Habits
from assessor_app.ui.viewers.pages_viewer import PagesViewer
from assessor_app.ui.viewers.side_bar import SideBarPlace
from tests.ui.viewers.evidence_files import sealed, tall_pdf


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
def viewer(make_viewer, lesson):
    return make_viewer(lesson)


def all_hits(qtbot, viewer, words):
    viewer.run("find.all")
    qtbot.keyClicks(viewer.search_bar.field, words)
    qtbot.waitUntil(lambda: viewer.search.query == words and not viewer.search.is_running)
    return viewer.side.found.list


def test_the_bar_takes_its_room_from_the_pages_and_gives_it_back(viewer, qtbot):
    assert not viewer.place.is_bar_shown
    whole = viewer.pages.width()
    viewer.run("view.side_bar")
    assert viewer.place.bar.isVisible()
    assert viewer.pages.x() >= viewer.place.bar.width()
    assert viewer.toolbar.button("view.side_bar").isChecked()
    assert viewer.pages.width() == viewer.place.content_width(viewer.place.width()) < whole
    viewer.run("view.side_bar")
    assert not viewer.place.bar.isVisible()
    assert viewer.pages.width() == whole
    assert viewer.pages.hasFocus()


def test_the_next_viewer_has_the_bar_and_its_tab_as_they_were(viewer, make_viewer, lesson):
    viewer.run("find.all")
    other = make_viewer(lesson)
    assert other.place.is_bar_shown
    assert other.place.bar.current == "found"
    other.place.bar.close_button.click()
    assert not make_viewer(lesson).place.is_bar_shown


def test_without_room_the_bar_is_away_and_lies_over_the_pages_when_it_is_asked_for(viewer, qtbot):
    viewer.run("view.side_bar")
    viewer.resize(360, 800)
    assert not viewer.place.bar.isVisible()
    viewer.run("view.side_bar")
    assert viewer.place.is_over
    assert viewer.place.bar.isVisible()
    assert viewer.pages.width() == viewer.place.width()
    assert viewer.escape()
    assert not viewer.place.bar.isVisible()
    viewer.resize(900, 800)
    assert viewer.place.bar.isVisible()


def test_tabs_are_gone_through_by_the_arrow_keys(viewer, qtbot):
    viewer.run("view.side_bar")
    names = [button for button in viewer.place.bar.findChildren(QToolButton) if button.isCheckable()]
    assert all(button.accessibleName() for button in names)
    first = viewer.place.bar.current
    button = viewer.place.bar.findChild(QToolButton, f"side.{first}")
    button.setFocus()
    qtbot.keyClick(button, Qt.Key.Key_Right)
    reached = viewer.place.bar.current
    assert viewer.place.bar.findChild(QToolButton, f"side.{reached}").hasFocus()


def test_all_hits_are_listed_with_page_and_words_and_lead_there(viewer, qtbot):
    hits = all_hits(qtbot, viewer, "Figure")
    rows = hits.places.rows
    assert [row.caption for row in rows] == [f"Page {n}" for n in range(1, 7)]
    assert all(row.text[row.bold[0] : row.bold[1]] == "Figure" for row in rows)
    assert viewer.side.found.state.text() == "6 hits"
    hits.setFocus()
    hits.show_current(4)
    qtbot.keyClick(hits, Qt.Key.Key_Return)
    assert viewer.search.current.page == 4
    assert 4 in viewer.pages.visible_pages()
    viewer.run("find.next")
    assert hits.currentIndex().row() == 5


def test_a_long_search_can_be_stopped_and_says_how_far_it_was(make_viewer, qtbot, tmp_path):
    viewer = make_viewer(sealed(tmp_path, tall_pdf(300), "Artifact 8.pdf"))
    viewer.run("find.all")
    qtbot.keyClicks(viewer.search_bar.field, "nowhere")
    qtbot.waitUntil(lambda: viewer.search.is_running and viewer.search.pages_read > 1)
    assert viewer.side.found.stop_button.isVisible()
    viewer.side.found.stop_button.click()
    assert not viewer.search.is_running
    assert "stopped after" in viewer.side.found.state.text()


def test_a_bar_with_nothing_in_it_takes_no_room(qtbot):
    place = SideBarPlace(QWidget(), habits=Habits(is_bar_open=True))
    place.bar.add_tab("only", "Only", "list-tree", QWidget())
    qtbot.addWidget(place)
    place.resize(1200, 600)
    place.show()
    assert place.is_bar_shown
    place.bar.set_available("only", False)
    assert not place.is_bar_shown
    place.open_bar()
    assert place.is_over
    place.close_bar()
    place.bar.set_available("only", True)
    assert place.is_bar_shown


def test_pages_that_lie_across_leave_no_gaps_between_their_pictures(viewer):
    viewer.run("view.side_bar")
    thumbnails = viewer.side.thumbnails
    upright = thumbnails.cell_size().height()
    thumbnails.open(None, [PageSize(960, 540)] * 3, are_slides=True)
    across = thumbnails.cell_size().height()
    assert across - thumbnails.number_height() < 0.65 * (upright - thumbnails.number_height())
    assert thumbnails.model().index(1, 0).data(Qt.ItemDataRole.AccessibleTextRole) == "Slide 2"
    cell = QRect(0, 0, thumbnails.cell_size().width(), across)
    paper = thumbnails.paper_rect(0, cell)
    assert 0 <= paper.top() < 12
    assert paper.bottom() + thumbnails.number_height() <= across + 1
    # Turned to the side they stand upright.
    thumbnails.set_turn(1)
    assert thumbnails.cell_size().height() == upright
