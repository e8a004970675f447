"""Searching real documents: every hit, in reading order, around the ends, without waiting."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QElapsedTimer, Qt, QTimer

from assessor_app.ui.keys import KeyTable
from assessor_app.ui.viewers.pages_viewer import PagesViewer
from tests.ui.viewers.evidence_files import colours_in, lesson_pdf, sealed


@pytest.fixture
def viewer(qtbot, lanes, renderer, lesson):
    made = PagesViewer(lanes, KeyTable())
    qtbot.addWidget(made)
    made.resize(820, 900)
    made.show()
    with qtbot.waitSignal(made.pages.painted_sharp):
        made.open(lesson, renderer.open(lesson), "art-1")
    return made


def settle(qtbot, viewer):
    qtbot.waitUntil(lambda: not viewer.search.is_running)


def test_all_hits_are_counted_and_the_first_is_shown(viewer, qtbot):
    viewer.run("find.open")
    assert viewer.search_bar.field.hasFocus()
    qtbot.keyClicks(viewer.search_bar.field, "perimeter")
    qtbot.waitUntil(lambda: viewer.search.number == 1)
    settle(qtbot, viewer)
    assert viewer.search_bar.result.text() == "1 of 6"
    assert viewer.pages.page == 0
    assert "#964600" in colours_in(viewer.pages.viewport().grab().toImage(), 2)


def test_next_and_previous_go_around_the_ends(viewer, qtbot):
    viewer.search_bar.open("Figure")
    settle(qtbot, viewer)
    pages = [viewer.search.current.page]
    for _ in range(6):
        qtbot.keyClick(viewer.search_bar.field, Qt.Key.Key_F3)
        pages.append(viewer.search.current.page)
    assert pages == [0, 1, 2, 3, 4, 5, 0]
    qtbot.keyClick(viewer.search_bar.field, Qt.Key.Key_F3, Qt.KeyboardModifier.ShiftModifier)
    assert viewer.search.current.page == 5
    assert 5 in viewer.pages.visible_pages()
    qtbot.keyClick(viewer.search_bar.field, Qt.Key.Key_Return)
    assert viewer.search.current.page == 0


def test_the_search_starts_at_the_page_in_view(viewer, qtbot):
    viewer.pages.go_to_page(3)
    viewer.search_bar.open("Figure")
    settle(qtbot, viewer)
    assert viewer.search.current.page == 3
    assert viewer.search_bar.result.text() == "4 of 6"


def test_case_and_accents_do_not_matter(viewer, qtbot):
    viewer.search_bar.open("PÉRIMETER")
    settle(qtbot, viewer)
    assert viewer.search.count == 6


def test_nothing_found_is_said(viewer, qtbot):
    viewer.search_bar.open("zebra")
    settle(qtbot, viewer)
    assert viewer.search_bar.result.text() == "Not found"
    viewer.run("find.next")
    assert viewer.search.current is None


def test_leaving_forgets_the_hits_and_gives_the_pages_the_keyboard(viewer, qtbot):
    viewer.search_bar.open("perimeter")
    settle(qtbot, viewer)
    qtbot.keyClick(viewer.search_bar.field, Qt.Key.Key_Escape)
    assert viewer.search.count == 0
    assert not viewer.search_bar.isVisible()
    assert viewer.pages.hasFocus()
    viewer.run("find.next")
    assert viewer.search_bar.isVisible()


def test_a_hit_stays_selected_when_the_search_is_left(viewer, qtbot):
    viewer.search_bar.open("exit ticket")
    settle(qtbot, viewer)
    before = colours_in(viewer.pages.viewport().grab().toImage(), 2)
    viewer.escape()
    viewer.escape()
    assert viewer.annotator.selection.span is None
    viewer.search_bar.open("exit ticket")
    settle(qtbot, viewer)
    viewer.search_bar.leave()
    assert viewer.annotator.selection.text == "exit ticket"
    after = colours_in(viewer.pages.viewport().grab().toImage(), 2)
    assert "#a8cdfa" in after - before


def test_the_window_goes_on_while_a_long_document_is_searched(viewer, qtbot, renderer, tmp_path):
    source = sealed(tmp_path, lesson_pdf(60), "Artifact 9.pdf")
    with qtbot.waitSignal(viewer.pages.painted_sharp):
        viewer.open(source, renderer.open(source), "art-9")
    gaps, clock = [], QElapsedTimer()

    def beat():
        gaps.append(clock.restart())

    timer = QTimer(viewer)
    timer.timeout.connect(beat)
    clock.start()
    timer.start(5)
    viewer.search_bar.open("perimeter")
    settle(qtbot, viewer)
    assert viewer.search.count == 60
    assert max(gaps) < 150


def test_toolbar_shows_page_and_zoom_and_goes_to_a_typed_page(viewer, qtbot):
    bar = viewer.toolbar
    assert bar.page_field.text() == "1"
    viewer.run("page.go_to")
    assert bar.page_field.hasFocus()
    qtbot.keyClicks(bar.page_field, "4")
    qtbot.keyClick(bar.page_field, Qt.Key.Key_Return)
    assert viewer.pages.page == 3
    assert bar.page_field.text() == "4"
    viewer.run("page.go_to")
    qtbot.keyClicks(bar.page_field, "999")
    qtbot.keyClick(bar.page_field, Qt.Key.Key_Return)
    assert viewer.pages.page == 5
    qtbot.mouseClick(bar.button("zoom.in"), Qt.MouseButton.LeftButton)
    assert bar.zoom_button.text() == f"{round(viewer.pages.factor * 100)} %"


def test_toolbar_tools_follow_what_is_on(viewer, qtbot):
    highlight = viewer.toolbar.button("tool.highlight")
    qtbot.mouseClick(highlight, Qt.MouseButton.LeftButton)
    assert highlight.isChecked()
    assert viewer.annotator.tool.entry_id == "tool.highlight"
    qtbot.mouseClick(highlight, Qt.MouseButton.LeftButton)
    assert not highlight.isChecked()
    assert viewer.toolbar.button("tool.pointer").isChecked()


def test_what_makes_marks_is_shown_only_where_marks_can_be_made(viewer):
    bar = viewer.toolbar
    viewer.set_editable(False)
    assert not any(bar.button(name).isVisible() for name in ("tool.highlight", "tool.box", "colour.1"))
    assert not bar.colour_menu.isVisible()
    assert bar.button("tool.hand").isVisible()
    viewer.set_editable(True)
    assert bar.button("tool.highlight").isVisible()
    assert bar.button("colour.1").isVisible()


def test_a_narrow_toolbar_takes_two_rows_and_cuts_nothing_off(viewer, qtbot):
    bar = viewer.toolbar
    viewer.resize(2 * bar.sizeHint().width(), 600)
    one_row = bar.button("find.open").height()
    qtbot.waitUntil(lambda: bar.height() < 2 * one_row)
    viewer.resize(bar.minimumSizeHint().width(), 600)
    qtbot.waitUntil(lambda: bar.height() > 2 * one_row)
    folded = (bar.colour_menu, bar.tool_menu, bar.layers)
    for button in (*map(bar.button, ("page.previous", "tool.note", "find.open")), *folded):
        assert button.isVisible()
        corner = button.mapTo(bar, button.rect().bottomRight())
        assert bar.rect().contains(corner)


def test_a_narrow_toolbar_keeps_the_colours_behind_one_button(viewer, qtbot):
    bar = viewer.toolbar
    viewer.resize(bar.minimumSizeHint().width(), 600)
    qtbot.waitUntil(bar.colour_menu.isVisible)
    assert not bar.button("colour.1").isVisible()
    bar.colour_menu.menu().actions()[4].trigger()
    assert bar.button("colour.5").isChecked()
    assert bar.colour_menu.accessibleName() == "Colour of new marks: Blue"
    assert [choice.isChecked() for choice in bar.colour_menu.menu().actions()].count(True) == 1
