"""Copies of marks: to another page, beside themselves, cut, and never for somebody else to read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from assessor_app.domain.annotations import Audience
from tests.builders import CRITERIA
from tests.ui.viewers.marking import CTRL, click, drag, middle, on_screen


def test_marks_are_copied_to_the_page_in_view_and_only_for_their_author(three, qtbot):
    viewer, keeper = three
    first = next(iter(keeper.kept.values()))
    keeper.kept[first.id] = replace(
        first, audience=Audience.LEARNER, comment="Look.", criteria=(CRITERIA[0],)
    )
    keeper.show()
    qtbot.keyClick(viewer.pages, Qt.Key.Key_A, CTRL)
    qtbot.keyClick(viewer.pages, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "Look."
    viewer.pages.go_to_page(2)
    qtbot.keyClick(viewer.pages, Qt.Key.Key_V, CTRL)
    assert keeper.edits[-1].label == "Paste 3 marks"
    copies = [mark for mark in keeper.kept.values() if mark.anchor.page == 2]
    assert [mark.kind for mark in copies] == [mark.kind for mark in list(keeper.kept.values())[:3]]
    assert copies[0].audience is Audience.ONLY_ME
    assert (copies[0].comment, copies[0].criteria) == ("Look.", (CRITERIA[0],))
    assert copies[0].anchor.rects == first.anchor.rects
    assert set(viewer.annotator.layer.selected_ids) == {mark.id for mark in copies}


def test_what_was_copied_since_counts(three, qtbot):
    viewer, keeper = three
    qtbot.keyClick(viewer.pages, Qt.Key.Key_A, CTRL)
    qtbot.keyClick(viewer.pages, Qt.Key.Key_C, CTRL)
    QGuiApplication.clipboard().setText("something else")
    qtbot.keyClick(viewer.pages, Qt.Key.Key_V, CTRL)
    assert len(keeper.kept) == 3


def test_cut_and_duplicate(three, qtbot):
    viewer, keeper = three
    click(qtbot, viewer, on_screen(viewer, 130, 690))
    viewer.annotator.box.hide()
    qtbot.keyClick(viewer.pages, Qt.Key.Key_D, CTRL)
    assert len(keeper.kept) == 4
    original = next(iter(keeper.kept.values())).anchor.rects[0]
    assert keeper.last.anchor.rects[0].x0 == pytest.approx(original.x0 + 12, abs=0.1)
    viewer.pages.setFocus()
    qtbot.keyClick(viewer.pages, Qt.Key.Key_X, CTRL)
    assert len(keeper.kept) == 3
    assert keeper.edits[-1].label == "Cut mark"
    qtbot.keyClick(viewer.pages, Qt.Key.Key_V, CTRL)
    assert len(keeper.kept) == 4


def test_a_copied_highlight_finds_its_words_on_the_other_page(desk, qtbot):
    viewer, keeper = desk
    viewer.run("tool.highlight")
    drag(qtbot, viewer, middle(viewer, "every"), middle(viewer, "day"))
    viewer.run("tool.pointer")
    viewer.annotator.layer.select(keeper.last.id)
    viewer.annotator.box.hide()
    viewer.pages.setFocus()
    qtbot.keyClick(viewer.pages, Qt.Key.Key_C, CTRL)
    viewer.pages.go_to_page(3)
    qtbot.waitUntil(lambda: viewer.supply.text(3) is not None)
    qtbot.keyClick(viewer.pages, Qt.Key.Key_V, CTRL)
    assert (keeper.last.anchor.page, keeper.last.anchor.text.exact) == (3, "every day")
