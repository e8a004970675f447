"""Marking real pages: by pointer and by keyboard, changing and deleting, comments, places found again."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from assessor_app.domain.annotations import AnnotationKind, Audience
from assessor_app.domain.ids import AnnotationId
from assessor_app.ui.annotate.drafts import COLOUR_KEYS
from assessor_app.ui.annotate.words import spoken
from tests.builders import CRITERIA
from tests.ui.viewers.evidence_files import lesson_pdf, photograph, sealed
from tests.ui.viewers.hands import wheel


@pytest.fixture
def open_viewer(open_tall):
    return partial(open_tall, height_px=900)


@pytest.fixture
def viewer_and_keeper(open_viewer, lesson):
    return open_viewer(lesson)


def on_screen(viewer, x, y, page=0):
    rect, scale = viewer.pages.page_rect(page), viewer.pages.scale
    return QPoint(round(rect.left() + x * scale), round(rect.top() + y * scale))


def word_box(viewer, text, nth=0, page=0):
    words = [w for w in viewer.supply.text(page).words if w.text.strip(".,:") == text]
    return words[nth]


def middle(viewer, text, nth=0):
    word = word_box(viewer, text, nth)
    return on_screen(viewer, (word.x0 + word.x1) / 2, (word.y0 + word.y1) / 2)


def drag(qtbot, viewer, start, end):
    port = viewer.pages.viewport()
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=start)
    qtbot.mouseMove(port, (start + end) / 2)
    qtbot.mouseMove(port, end)
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=end)


def click(qtbot, viewer, place):
    qtbot.mouseClick(viewer.pages.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_dragging_selects_words_and_copies_them(viewer_and_keeper, qtbot):
    viewer, _ = viewer_and_keeper
    first, last = word_box(viewer, "model"), word_box(viewer, "day")
    drag(
        qtbot, viewer,
        on_screen(viewer, first.x0 + 0.5, first.y0 + 5), on_screen(viewer, last.x1 - 0.3, last.y0 + 5),
    )  # fmt: skip
    assert viewer.annotator.selection.text == "model think-alouds every day"
    qtbot.keyClick(viewer.pages, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "model think-alouds every day"


def test_two_clicks_select_a_word_and_three_the_sentence(viewer_and_keeper, qtbot):
    viewer, _ = viewer_and_keeper
    place, port = middle(viewer, "perimeter"), viewer.pages.viewport()
    click(qtbot, viewer, place)
    qtbot.mouseDClick(port, Qt.MouseButton.LeftButton, pos=place)
    assert viewer.annotator.selection.text == "perimeter."
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=place)
    assert viewer.annotator.selection.text == (
        "The exit ticket showed that six still confused area with perimeter."
    )


def test_a_highlight_anchors_the_words_three_ways(viewer_and_keeper, qtbot, lesson):
    viewer, keeper = viewer_and_keeper
    viewer.run("tool.highlight")
    drag(qtbot, viewer, middle(viewer, "every"), middle(viewer, "grouped"))
    draft = keeper.drafts[0]
    anchor = draft.anchor
    assert (draft.kind, draft.colour) == (AnnotationKind.HIGHLIGHT, "yellow")
    assert anchor.text.exact == "every day for two weeks, and I grouped"
    assert anchor.text.prefix.endswith("chose to model think-alouds ")
    assert anchor.text.suffix.startswith(" students by the strategy")
    assert (anchor.source_id, anchor.source_sha256, anchor.page) == ("art-1", lesson.sha256, 0)
    assert len(anchor.rects) == 2
    every = word_box(viewer, "every")
    assert anchor.rects[0].x0 == pytest.approx(every.x0, abs=0.01)
    assert anchor.rects[0].y0 == pytest.approx(every.y0, abs=0.01)


def test_a_highlight_colours_the_paper_and_leaves_the_words_black(viewer_and_keeper, qtbot):
    viewer, keeper = viewer_and_keeper
    before = viewer.pages.viewport().grab().toImage()
    viewer.run("tool.highlight")
    drag(qtbot, viewer, middle(viewer, "every"), middle(viewer, "day"))
    viewer.annotator.layer.select(None)
    after = viewer.pages.viewport().grab().toImage()
    box = viewer.pages.rect_in_view(0, viewer.annotator.layer.bounds(
        viewer.annotator.layer.mark(keeper.last.id)
    )).toRect()  # fmt: skip
    papers, inks = 0, 0
    for x in range(box.left(), box.right()):
        for y in range(box.top() + 1, box.bottom()):
            was, now = before.pixelColor(x, y), after.pixelColor(x, y)
            papers += was.name() == "#ffffff" and now.blue() < 200 and now.red() > 220
            inks += was.lightness() < 40 and now.lightness() < 40
    assert papers > 100
    assert inks > 10


def test_selected_words_are_highlighted_by_a_key_alone(viewer_and_keeper, qtbot):
    viewer, keeper = viewer_and_keeper
    viewer.search_bar.open("carpet goes")
    qtbot.waitUntil(lambda: viewer.search.number == 1)
    viewer.search_bar.leave()
    viewer.annotator.selection.select(0, *span_of(viewer, "the carpet goes inside"))
    viewer.run("tool.highlight")
    assert keeper.last.anchor.text.exact == "the carpet goes inside"
    assert viewer.annotator.tool.entry_id == "tool.pointer"


def span_of(viewer, words, page=0):
    text = viewer.supply.text(page).text
    start = text.index(words)
    return start, start + len(words)


def test_a_search_hit_is_marked_by_the_tools_key(viewer_and_keeper, qtbot):
    viewer, keeper = viewer_and_keeper
    viewer.search_bar.open("exit ticket")
    qtbot.waitUntil(lambda: viewer.search.number == 1)
    viewer.run("tool.underline")
    assert keeper.last.kind is AnnotationKind.UNDERLINE
    assert keeper.last.anchor.text.exact == "exit ticket"


def test_a_box_frames_what_was_drawn_and_is_moved_and_resized(viewer_and_keeper, qtbot):
    viewer, keeper = viewer_and_keeper
    viewer.run("tool.box")
    drag(qtbot, viewer, on_screen(viewer, 300, 560), on_screen(viewer, 110, 400))
    rect = keeper.last.anchor.rects[0]
    assert (rect.x0, rect.y0, rect.x1, rect.y1) == pytest.approx((110, 400, 300, 560), abs=1)
    assert keeper.last.anchor.text is None
    viewer.run("tool.pointer")
    viewer.annotator.box.hide()
    viewer.annotator.layer.select(keeper.last.id)
    viewer.annotator.box.hide()
    drag(qtbot, viewer, on_screen(viewer, 300, 560), on_screen(viewer, 350, 600))
    assert keeper.last.anchor.rects[0].x1 == pytest.approx(350, abs=2)
    viewer.annotator.box.hide()
    drag(qtbot, viewer, on_screen(viewer, 110, 450), on_screen(viewer, 90, 450))
    assert keeper.last.anchor.rects[0].x0 == pytest.approx(90, abs=2)
    viewer.annotator.box.hide()
    drag(qtbot, viewer, on_screen(viewer, 150, 400), on_screen(viewer, 160, 420))
    assert keeper.last.anchor.rects[0].x0 == pytest.approx(100, abs=2)
    assert keeper.last.anchor.rects[0].y0 == pytest.approx(420, abs=2)
    assert len(keeper.kept) == 1


def test_the_end_of_a_highlight_moves_along_the_words(viewer_and_keeper, qtbot):
    viewer, keeper = viewer_and_keeper
    viewer.run("tool.highlight")
    drag(qtbot, viewer, middle(viewer, "six", 1), middle(viewer, "still"))
    assert keeper.last.anchor.text.exact == "six still"
    viewer.run("tool.pointer")
    viewer.annotator.layer.select(keeper.last.id)
    viewer.annotator.box.hide()
    handles = viewer.annotator.layer.handles()
    end = next(place for handle, place in handles.items() if handle.value == "end")
    area = word_box(viewer, "area")
    drag(qtbot, viewer, on_screen(viewer, end.x(), end.y()), on_screen(viewer, area.x1, area.y1 - 2))
    assert keeper.last.anchor.text.exact == "six still confused area"


def test_a_note_opens_its_comment_at_once(viewer_and_keeper, qtbot):
    viewer, keeper = viewer_and_keeper
    viewer.run("tool.note")
    click(qtbot, viewer, on_screen(viewer, 400, 300))
    assert keeper.last.kind is AnnotationKind.NOTE
    assert viewer.annotator.box.isVisible()
    assert viewer.annotator.box.comment.hasFocus()


def test_a_comment_reader_and_criterion_reach_the_keeper(viewer_and_keeper, qtbot):
    viewer, keeper = viewer_and_keeper
    viewer.run("tool.highlight")
    drag(qtbot, viewer, middle(viewer, "every"), middle(viewer, "day"))
    assert (keeper.last.comment, keeper.last.audience) == ("", Audience.ONLY_ME)
    assert keeper.changes == []  # showing a mark emits nothing
    qtbot.keyClick(viewer.pages, Qt.Key.Key_Return)
    box = viewer.annotator.box
    assert box.comment.hasFocus()
    qtbot.keyClicks(box.comment, "A daily practice.")
    qtbot.waitUntil(lambda: keeper.last.comment == "A daily practice.")
    assert len(keeper.changes) == 1
    box.audience.setCurrentIndex(box.audience.findData("learner"))
    viewer.run("annotation.tie")
    assert box.criteria_list.hasFocus()
    qtbot.keyClick(box.criteria_list, Qt.Key.Key_Space)
    assert keeper.last.audience is Audience.LEARNER
    assert keeper.last.criteria == (CRITERIA[0],)
    assert keeper.last.comment == "A daily practice."


def test_a_comment_is_handed_on_at_once_when_it_is_left(viewer_and_keeper, qtbot):
    viewer, keeper = viewer_and_keeper
    viewer.run("tool.note")
    click(qtbot, viewer, on_screen(viewer, 400, 300))
    qtbot.keyClicks(viewer.annotator.box.comment, "Half a sent")
    qtbot.keyClick(viewer.annotator.box.comment, Qt.Key.Key_Escape)
    assert keeper.last.comment == "Half a sent"
    assert viewer.pages.hasFocus()
    viewer.annotator.comment_selected()
    qtbot.keyClicks(viewer.annotator.box.comment, "ence")
    viewer.close_file()
    assert keeper.last.comment.replace("ence", "") == "Half a sent"
    assert "ence" in keeper.last.comment


def test_showing_a_mark_with_a_comment_emits_nothing(viewer_and_keeper, qtbot):
    viewer, keeper = viewer_and_keeper
    viewer.run("tool.box")
    drag(qtbot, viewer, on_screen(viewer, 110, 400), on_screen(viewer, 300, 560))
    first = replace(keeper.last, comment="One", audience=Audience.APPROVER, criteria=(CRITERIA[1],))
    second = replace(first, id=AnnotationId("other"), comment="Two", criteria=())
    viewer.run("tool.pointer")
    viewer.set_annotations((first, second))
    for mark in (first, second, first):
        viewer.select_annotation(mark.id)
        assert viewer.annotator.box.comment.toPlainText() == mark.comment
        assert viewer.annotator.box.audience.audience() is Audience.APPROVER
    viewer.annotator.box.flush()
    assert keeper.changes == []


def test_typing_goes_on_while_saved_marks_come_back(viewer_and_keeper, qtbot):
    viewer, keeper = viewer_and_keeper
    viewer.run("tool.note")
    click(qtbot, viewer, on_screen(viewer, 400, 300))
    qtbot.keyClicks(viewer.annotator.box.comment, "one")
    stale = replace(keeper.last, comment="o", revision=2)
    viewer.set_annotations((stale,))
    assert viewer.annotator.box.comment.toPlainText() == "one"
    qtbot.keyClicks(viewer.annotator.box.comment, " two")
    qtbot.waitUntil(lambda: keeper.last.comment == "one two")


def test_the_wheel_over_the_reader_changes_nothing(viewer_and_keeper, qtbot):
    viewer, _keeper = viewer_and_keeper
    viewer.run("tool.note")
    click(qtbot, viewer, on_screen(viewer, 400, 300))
    box = viewer.annotator.box.audience
    box.setFocus()
    wheel(box, QPoint(5, 5), -1)
    assert box.audience() is Audience.ONLY_ME


def test_escape_goes_from_comment_to_selection_to_tool(viewer_and_keeper, qtbot):
    viewer, keeper = viewer_and_keeper
    viewer.run("tool.highlight")
    drag(qtbot, viewer, middle(viewer, "every"), middle(viewer, "day"))
    assert viewer.annotator.box.isVisible()
    press = lambda: qtbot.keyClick(viewer.pages, Qt.Key.Key_Escape)  # noqa: E731
    press()
    assert not viewer.annotator.box.isVisible()
    assert viewer.annotator.layer.selected is not None
    press()
    assert viewer.annotator.layer.selected is None
    assert viewer.annotator.tool.entry_id == "tool.highlight"
    press()
    assert viewer.annotator.tool.entry_id == "tool.pointer"
    assert viewer.escape() is False
    assert len(keeper.kept) == 1


def test_delete_removes_the_selected_mark_and_never_while_typing(viewer_and_keeper, qtbot):
    viewer, keeper = viewer_and_keeper
    viewer.run("tool.note")
    click(qtbot, viewer, on_screen(viewer, 400, 300))
    qtbot.keyClick(viewer.annotator.box.comment, Qt.Key.Key_Delete)
    assert len(keeper.kept) == 1
    qtbot.keyClick(viewer.annotator.box.comment, Qt.Key.Key_Escape)
    qtbot.keyClick(viewer.pages, Qt.Key.Key_Delete)
    assert keeper.kept == {}
    assert not viewer.annotator.box.isVisible()


def test_number_keys_choose_colours(viewer_and_keeper, qtbot):
    viewer, keeper = viewer_and_keeper
    viewer.run("tool.highlight")
    qtbot.keyClick(viewer.pages, Qt.Key.Key_2)
    drag(qtbot, viewer, middle(viewer, "every"), middle(viewer, "day"))
    qtbot.keyClick(viewer.pages, Qt.Key.Key_3)
    assert keeper.last.colour == COLOUR_KEYS[1]  # a tool is on: the next mark is meant
    qtbot.keyClick(viewer.pages, Qt.Key.Key_S)
    viewer.annotator.layer.select(keeper.last.id)
    qtbot.keyClick(viewer.pages, Qt.Key.Key_5)
    assert keeper.last.colour == COLOUR_KEYS[4]


def test_marks_of_somebody_else_and_sent_work_cannot_be_changed(viewer_and_keeper, qtbot):
    viewer, keeper = viewer_and_keeper
    viewer.run("tool.box")
    drag(qtbot, viewer, on_screen(viewer, 110, 400), on_screen(viewer, 300, 560))
    viewer.run("tool.pointer")
    mark = keeper.last
    viewer.set_annotations((mark,), read_only=frozenset({mark.id}))
    viewer.annotator.layer.select(mark.id)
    assert viewer.annotator.layer.handles() == {}
    viewer.annotator.delete_selected()
    viewer.annotator.set_colour("blue")
    assert keeper.last == mark
    assert viewer.annotator.box.comment.isReadOnly()
    viewer.set_editable(False)
    viewer.run("tool.highlight")
    assert viewer.annotator.tool.entry_id == "tool.pointer"
    drag(qtbot, viewer, middle(viewer, "every"), middle(viewer, "day"))
    assert len(keeper.drafts) == 1


def test_a_new_mark_shows_until_it_is_refused(viewer_and_keeper, qtbot):
    viewer, _keeper = viewer_and_keeper
    viewer.annotation_created.disconnect()
    before = viewer.pages.viewport().grab().toImage()
    viewer.run("tool.box")
    drag(qtbot, viewer, on_screen(viewer, 110, 400), on_screen(viewer, 300, 560))
    assert viewer.pages.viewport().grab().toImage() != before
    viewer.discard_pending()
    assert viewer.pages.viewport().grab().toImage() == before


def test_a_page_without_words_is_highlighted_by_area(open_viewer, tmp_path, qtbot):
    viewer, keeper = open_viewer(sealed(tmp_path, photograph(), "Artifact 2.png", "image/png"))
    viewer.run("tool.highlight")
    drag(qtbot, viewer, on_screen(viewer, 100, 100), on_screen(viewer, 300, 220))
    assert keeper.last.kind is AnnotationKind.HIGHLIGHT
    assert keeper.last.anchor.text is None
    assert keeper.last.anchor.rects[0].x1 == pytest.approx(300, abs=2)


def test_marks_are_found_again_when_the_file_was_made_anew(open_viewer, lesson, tmp_path, qtbot, renderer):
    viewer, keeper = open_viewer(lesson)
    viewer.run("tool.highlight")
    drag(qtbot, viewer, middle(viewer, "every"), middle(viewer, "day"))
    mark = keeper.last
    gone = replace(
        mark, id=AnnotationId("gone"),
        anchor=replace(mark.anchor, text=replace(mark.anchor.text, exact="words that never stood there")),
    )  # fmt: skip
    other = sealed(tmp_path, lesson_pdf(3) + b"\n% made anew", "Artifact 1.pdf")
    viewer.open(other, renderer.open(other), "art-1")
    viewer.set_annotations((mark, gone))
    layer = viewer.annotator.layer
    qtbot.waitUntil(lambda: bool(layer.not_found) and layer.mark(mark.id) is not None)
    assert viewer.annotator.layer.not_found == {"gone"}
    assert viewer.annotator.layer.mark(mark.id).placement.rects == mark.anchor.rects
    assert viewer.select_annotation(AnnotationId("gone")) is False
    assert "place not found" in spoken(gone, "Artifact 1", {}, is_found=False)


def test_going_to_a_mark_brings_it_into_view(viewer_and_keeper, qtbot):
    viewer, keeper = viewer_and_keeper
    viewer.run("tool.box")
    drag(qtbot, viewer, on_screen(viewer, 110, 400), on_screen(viewer, 300, 560))
    viewer.run("tool.pointer")
    viewer.run("page.last")
    assert viewer.pages.page == 5
    assert viewer.select_annotation(keeper.last.id)
    assert viewer.pages.page == 0
    bounds = viewer.annotator.layer.bounds(viewer.annotator.layer.selected)
    assert viewer.pages.viewport().rect().contains(viewer.pages.rect_in_view(0, bounds).center().toPoint())


def test_the_comment_box_stays_inside_the_view(viewer_and_keeper, qtbot):
    viewer, _ = viewer_and_keeper
    viewer.run("tool.note")
    for x, y in ((590, 5), (5, 560), (590, 560)):
        click(qtbot, viewer, on_screen(viewer, x, y))
        box, port = viewer.annotator.box, viewer.pages.viewport()
        assert port.rect().contains(box.geometry())
        viewer.escape()


def test_the_hand_drags_the_pages(viewer_and_keeper, qtbot):
    viewer, _ = viewer_and_keeper
    qtbot.keyClick(viewer.pages, Qt.Key.Key_H)
    drag(qtbot, viewer, QPoint(300, 500), QPoint(300, 200))
    assert viewer.pages.verticalScrollBar().value() == pytest.approx(300, abs=2)


def test_the_pointers_shape_tells_what_a_press_would_do(viewer_and_keeper, qtbot):
    viewer, keeper = viewer_and_keeper
    viewer.run("tool.box")
    drag(qtbot, viewer, on_screen(viewer, 110, 400), on_screen(viewer, 300, 560))
    viewer.run("tool.pointer")
    viewer.annotator.layer.select(keeper.last.id)
    shape = lambda place: viewer.annotator.cursor(viewer.pages.page_point(QPointF(place)))  # noqa: E731
    assert shape(middle(viewer, "every")) is Qt.CursorShape.IBeamCursor
    assert shape(on_screen(viewer, 300, 560)) is Qt.CursorShape.SizeFDiagCursor
    assert shape(on_screen(viewer, 150, 400)) is Qt.CursorShape.PointingHandCursor
    assert shape(on_screen(viewer, 560, 30)) is Qt.CursorShape.ArrowCursor
    QApplication.processEvents()
