"""Every tool on a real page: what it makes, how it is moved, resized, copied, erased, by hand and by key."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtWidgets import QMenu

from assessor_app.domain.annotations import AnnotationKind, Audience
from assessor_app.domain.ids import AnnotationId
from assessor_app.ui.annotate.drafts import COLOUR_KEYS
from assessor_app.ui.annotate.ink import distance_to_segment, simplified
from assessor_app.ui.annotate.visibility import LayerVisibility
from assessor_app.ui.viewers.page_menu import PageMenu
from tests.builders import CRITERIA
from tests.ui.viewers.evidence_files import photograph, sealed
from tests.ui.viewers.marking import CTRL, SHIFT, click, drag, draw, middle, on_screen, word_box


def press_arrow(qtbot, viewer, key, times=1, modifiers=Qt.KeyboardModifier.NoModifier):
    for _ in range(times):
        qtbot.keyClick(viewer.pages, key, modifiers)
    viewer.annotator.flush()


# ---- what each tool makes ----


def test_strike_out_follows_the_words(desk, qtbot):
    viewer, keeper = desk
    viewer.run("tool.strike_out")
    drag(qtbot, viewer, middle(viewer, "fewer"), middle(viewer, "questions", 1))
    assert keeper.last.kind is AnnotationKind.STRIKE_OUT
    assert keeper.last.anchor.text.exact == "fewer questions,"


@pytest.mark.parametrize(
    ("tool", "kind"), [("tool.note", AnnotationKind.NOTE), ("tool.question", AnnotationKind.QUESTION)]
)
def test_signs_are_put_with_one_click_and_ask_for_words(desk, qtbot, tool, kind):
    viewer, keeper = desk
    viewer.run(tool)
    click(qtbot, viewer, on_screen(viewer, 400, 300))
    assert keeper.last.kind is kind
    assert viewer.annotator.box.comment.hasFocus()


def test_an_ellipse_is_hit_on_its_edge_and_not_in_its_corners(desk, qtbot):
    viewer, keeper = desk
    draw(qtbot, viewer, "tool.ellipse", (110, 400), (300, 560))
    rect = keeper.last.anchor.rects[0]
    assert keeper.last.kind is AnnotationKind.ELLIPSE
    assert (rect.x0, rect.y0, rect.x1, rect.y1) == pytest.approx((110, 400, 300, 560), abs=1)
    viewer.annotator.layer.select(None)
    click(qtbot, viewer, on_screen(viewer, 116, 406))
    assert viewer.annotator.layer.selected is None
    click(qtbot, viewer, on_screen(viewer, 205, 400.5))
    assert viewer.annotator.layer.selected is not None


def test_an_arrow_keeps_its_direction(desk, qtbot):
    viewer, keeper = desk
    draw(qtbot, viewer, "tool.arrow", (480, 350), (440, 420))
    anchor = keeper.last.anchor
    assert keeper.last.kind is AnnotationKind.ARROW
    assert anchor.path[0] == pytest.approx((480, 350), abs=1)
    assert anchor.path[1] == pytest.approx((440, 420), abs=1)
    assert anchor.rects[0].x0 == pytest.approx(440, abs=1)
    # Only its tip moves with the handle there.
    drag(qtbot, viewer, on_screen(viewer, 440, 420), on_screen(viewer, 400, 450))
    assert keeper.last.anchor.path[0] == anchor.path[0]
    assert keeper.last.anchor.path[1] == pytest.approx((400, 450), abs=2)


def test_a_twitch_makes_no_arrow_and_no_box(desk, qtbot):
    viewer, keeper = desk
    for tool in ("tool.arrow", "tool.box", "tool.ellipse"):
        viewer.run(tool)
        drag(qtbot, viewer, on_screen(viewer, 300, 700), on_screen(viewer, 301, 701))
        viewer.run("tool.pointer")
    assert keeper.drafts == []


def test_ink_keeps_the_stroke_with_few_points(desk, qtbot):
    viewer, keeper = desk
    wave = [(90 + i * 2, 700 + 20 * math.sin(i / 6)) for i in range(120)]
    draw(qtbot, viewer, "tool.ink", *wave)
    path = keeper.last.anchor.path
    assert keeper.last.kind is AnnotationKind.INK
    assert 10 < len(path) < 80
    assert path[0] == pytest.approx(wave[0], abs=1)
    for x, y in wave:
        away = min(distance_to_segment((x, y), a, b) for a, b in pairwise(path))
        assert away < 1.6
    # It is the line that is touched, not the box around it.
    viewer.annotator.layer.select(None)
    click(qtbot, viewer, on_screen(viewer, 200, 684))
    assert viewer.annotator.layer.selected is None


def test_a_long_stroke_is_thinned_and_a_straight_one_has_two_points():
    straight = [(float(i), 2.0 * i) for i in range(5_000)]
    assert simplified(straight) == ((0.0, 0.0), (4999.0, 9998.0))
    scribble = [(float(i), 50.0 * (i % 2)) for i in range(6_000)]
    assert len(simplified(scribble)) <= 2_000


def test_free_text_is_typed_on_the_page_and_grows(desk, qtbot):
    viewer, keeper = desk
    viewer.run("tool.text")
    drag(qtbot, viewer, on_screen(viewer, 360, 680), on_screen(viewer, 460, 695))
    editor = viewer.annotator.place.editor
    assert editor.hasFocus()
    qtbot.keyClicks(editor, "Which of these bars is yours, and what did you leave out?")
    assert keeper.drafts == []
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    assert keeper.last.kind is AnnotationKind.FREE_TEXT
    assert keeper.last.comment.startswith("Which of these bars")
    rect = keeper.last.anchor.rects[0]
    assert rect.y1 - rect.y0 > 40
    assert viewer.pages.hasFocus()
    # Changed in place: two clicks, type, done by clicking elsewhere.
    viewer.run("tool.pointer")
    place = on_screen(viewer, 400, 690)
    click(qtbot, viewer, place)
    qtbot.mouseDClick(viewer.pages.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.keyClicks(editor, " Say why.")
    viewer.annotator.flush()
    assert keeper.last.comment.endswith("leave out? Say why.")
    assert keeper.edits[-1].label == "Text"
    assert len(keeper.kept) == 1


def test_a_free_text_without_words_was_never_there(desk, qtbot):
    viewer, keeper = desk
    viewer.run("tool.text")
    click(qtbot, viewer, on_screen(viewer, 300, 700))
    assert viewer.annotator.place.editor.is_open
    assert viewer.escape()
    assert keeper.kept == {}
    assert not viewer.annotator.place.editor.is_open


def test_free_text_is_painted_inside_of_its_box(desk, qtbot):
    viewer, keeper = desk
    before = viewer.pages.viewport().grab().toImage()
    viewer.run("tool.text")
    click(qtbot, viewer, on_screen(viewer, 200, 700))
    qtbot.keyClicks(viewer.annotator.place.editor, "word " * 30)
    viewer.escape()
    viewer.escape()
    viewer.annotator.layer.select(None)
    rect = keeper.last.anchor.rects[0]
    after = viewer.pages.viewport().grab().toImage()
    top_left, bottom_right = on_screen(viewer, rect.x0, rect.y0), on_screen(viewer, rect.x1, rect.y1)
    dark = 0
    for x in range(after.width()):
        for y in range(after.height()):
            if before.pixel(x, y) != after.pixel(x, y):
                assert top_left.x() - 3 <= x <= bottom_right.x() + 3
                assert top_left.y() - 3 <= y <= bottom_right.y() + 3
                dark += after.pixelColor(x, y).lightness() < 90
    assert dark > 200


def test_tools_draw_on_pictures(open_tall, tmp_path, qtbot):
    viewer, keeper = open_tall(sealed(tmp_path, photograph(), "Artifact 2.png", "image/png"))
    for number, tool in enumerate(("box", "ellipse", "arrow", "ink", "highlight")):
        left = 40 + 60 * number
        draw(qtbot, viewer, f"tool.{tool}", (left, 60), (left + 45, 110))
    kinds = [mark.kind.value for mark in keeper.kept.values()]
    assert kinds == ["box", "ellipse", "arrow", "ink", "highlight"]


# ---- the eraser ----


def test_the_eraser_takes_own_marks_it_crosses_as_one_step(desk, qtbot):
    viewer, keeper = desk
    draw(qtbot, viewer, "tool.ink", (100, 700), (200, 700))
    draw(qtbot, viewer, "tool.box", (120, 720), (180, 760))
    draw(qtbot, viewer, "tool.ink", (300, 700), (400, 700))
    draw(qtbot, viewer, "tool.arrow", (130, 690), (170, 690))
    theirs = keeper.last.id
    viewer.set_annotations(tuple(keeper.kept.values()), read_only=frozenset({theirs}))
    viewer.run("tool.eraser")
    drag(qtbot, viewer, on_screen(viewer, 150, 680), on_screen(viewer, 150, 740))
    assert keeper.edits[-1].label == "Erase 2 marks"
    assert {mark.kind.value for mark in keeper.kept.values()} == {"ink", "arrow"}


def test_a_drag_of_the_eraser_is_called_off_by_escape(desk, qtbot):
    viewer, keeper = desk
    draw(qtbot, viewer, "tool.ink", (100, 700), (200, 700))
    viewer.run("tool.eraser")
    port = viewer.pages.viewport()
    qtbot.mousePress(port, Qt.MouseButton.LeftButton, pos=on_screen(viewer, 150, 690))
    qtbot.mouseMove(port, on_screen(viewer, 150, 710))
    qtbot.keyClick(viewer.pages, Qt.Key.Key_Escape)
    qtbot.mouseMove(port, on_screen(viewer, 160, 690))
    qtbot.mouseRelease(port, Qt.MouseButton.LeftButton, pos=on_screen(viewer, 150, 710))
    assert len(keeper.kept) == 1
    assert viewer.annotator.tool.entry_id == "tool.eraser"


# ---- several marks ----


def test_a_rubber_band_on_empty_space_selects_what_it_holds(three, qtbot):
    viewer, _ = three
    drag(qtbot, viewer, on_screen(viewer, 80, 760), on_screen(viewer, 280, 688))
    assert len(viewer.annotator.layer.selected_ids) == 2
    assert viewer.annotator.selection.span is None
    assert viewer.annotator.box.isVisible()
    assert not viewer.annotator.box.comment.isVisible()
    drag(qtbot, viewer, on_screen(viewer, 290, 760), on_screen(viewer, 380, 688), modifiers=SHIFT)
    assert len(viewer.annotator.layer.selected_ids) == 3


def test_a_drag_beside_words_still_selects_words(three, qtbot):
    viewer, _ = three
    first = word_box(viewer, "In")
    drag(qtbot, viewer, on_screen(viewer, first.x0 - 6, first.y0 + 5), middle(viewer, "week"))
    assert viewer.annotator.selection.text.startswith("In the first")


def test_ctrl_click_adds_and_takes_away_and_all_move_as_one_step(three, qtbot):
    viewer, keeper = three
    before = {id_: mark.anchor for id_, mark in keeper.kept.items()}
    click(qtbot, viewer, on_screen(viewer, 130, 690))
    for x in (230, 330):
        click(qtbot, viewer, on_screen(viewer, x, 690 if x == 230 else 710), CTRL)
    assert len(viewer.annotator.layer.selected_ids) == 3
    viewer.annotator.box.hide()
    drag(qtbot, viewer, on_screen(viewer, 130, 690), on_screen(viewer, 140, 720))
    assert keeper.edits[-1].label == "Move 3 marks"
    for id_, mark in keeper.kept.items():
        assert mark.anchor.rects[0].x0 - before[id_].rects[0].x0 == pytest.approx(10, abs=1)
        assert mark.anchor.rects[0].y0 - before[id_].rects[0].y0 == pytest.approx(30, abs=1)
    click(qtbot, viewer, on_screen(viewer, 240, 720), CTRL)
    assert len(viewer.annotator.layer.selected_ids) == 2


def test_colour_reader_criteria_and_deletion_act_on_all_selected(three, qtbot):
    viewer, keeper = three
    qtbot.keyClick(viewer.pages, Qt.Key.Key_A, CTRL)
    assert len(viewer.annotator.layer.selected_ids) == 3
    qtbot.keyClick(viewer.pages, Qt.Key.Key_5)
    assert {mark.colour for mark in keeper.kept.values()} == {COLOUR_KEYS[4]}
    assert keeper.edits[-1].label == "Colour of 3 marks"
    box = viewer.annotator.box
    box.audience.setCurrentIndex(box.audience.findData("approver"))
    assert {mark.audience for mark in keeper.kept.values()} == {Audience.APPROVER}
    viewer.run("annotation.tie")
    qtbot.keyClick(box.criteria_list, Qt.Key.Key_Space)
    assert {mark.criteria for mark in keeper.kept.values()} == {(CRITERIA[0],)}
    box.style_row.width_pt.setCurrentIndex(box.style_row.width_pt.findData(4.0))
    box.style_row.opacity.setCurrentIndex(box.style_row.opacity.findData(0.5))
    assert {(m.line_width_pt, m.opacity) for m in keeper.kept.values()} == {(4.0, 0.5)}
    assert [edit.label for edit in keeper.edits[-4:]] == [
        "Reader of 3 marks", "Evidence links of 3 marks", "Line width of 3 marks", "Opacity of 3 marks"
    ]  # fmt: skip
    viewer.pages.setFocus()
    qtbot.keyClick(viewer.pages, Qt.Key.Key_Delete)
    assert keeper.kept == {}
    assert keeper.edits[-1].label == "Delete 3 marks"


def test_a_choice_in_the_box_holds_for_the_next_mark_of_the_kind(desk, qtbot):
    viewer, keeper = desk
    draw(qtbot, viewer, "tool.ink", (100, 700), (200, 700))
    box = viewer.annotator.box
    box.style_row.width_pt.setCurrentIndex(box.style_row.width_pt.findData(8.0))
    draw(qtbot, viewer, "tool.ink", (100, 740), (200, 740))
    assert keeper.last.line_width_pt == 8.0
    draw(qtbot, viewer, "tool.box", (300, 700), (360, 740))
    assert keeper.last.line_width_pt == 2.0


def test_a_quick_second_tick_is_not_lost_while_the_first_is_saved(desk, qtbot):
    viewer, keeper = desk
    draw(qtbot, viewer, "tool.box", (100, 700), (200, 740))
    mark = keeper.last
    viewer.marks_edited.disconnect(keeper.edit)
    wanted = []
    viewer.marks_edited.connect(lambda edit: wanted.append(edit.puts[0]))
    viewer.run("annotation.tie")
    ticks = viewer.annotator.box.criteria_list
    qtbot.keyClick(ticks, Qt.Key.Key_Space)
    ticks.setCurrentRow(1)
    viewer.set_annotations((replace(mark, criteria=(CRITERIA[0],), revision=2),))
    qtbot.keyClick(ticks, Qt.Key.Key_Space)
    # The answer to the first tick arrives only now.
    viewer.set_annotations((replace(mark, criteria=(CRITERIA[0],), revision=2),))
    assert wanted[-1].criteria == (CRITERIA[0], CRITERIA[1])
    assert viewer.annotator.box.annotation.criteria == (CRITERIA[0], CRITERIA[1])


# ---- keys ----


def test_arrow_keys_move_and_resize_and_are_one_step(desk, qtbot):
    viewer, keeper = desk
    draw(qtbot, viewer, "tool.box", (100, 690), (160, 730))
    before = keeper.last.anchor.rects[0]
    press_arrow(qtbot, viewer, Qt.Key.Key_Right, 5)
    moved = keeper.last.anchor.rects[0]
    assert (moved.x0 - before.x0, moved.x1 - before.x1) == pytest.approx((10, 10))
    assert [edit.label for edit in keeper.edits] == ["Move mark"]
    press_arrow(qtbot, viewer, Qt.Key.Key_Down, 3, SHIFT)
    taller = keeper.last.anchor.rects[0]
    assert (taller.y0, taller.y1 - moved.y1) == pytest.approx((moved.y0, 6))
    assert keeper.edits[-1].label == "Resize mark"
    assert viewer.pages.verticalScrollBar().value() == 0


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_on_a_turned_page_arrow_keys_go_where_they_point(desk, qtbot, turns):
    viewer, keeper = desk
    draw(qtbot, viewer, "tool.box", (200, 400), (300, 430))
    for _ in range(turns):
        viewer.run("rotate.right")

    def seen():
        mark = viewer.annotator.layer.selected
        return viewer.pages.rect_in_view(0, viewer.annotator.layer.bounds(mark))

    before, shift = seen(), 4 * 2 * viewer.pages.scale
    press_arrow(qtbot, viewer, Qt.Key.Key_Right, 4)
    after = seen()
    assert (after.x() - before.x(), after.y() - before.y()) == pytest.approx((shift, 0), abs=0.5)
    press_arrow(qtbot, viewer, Qt.Key.Key_Down, 4, SHIFT)
    taller = seen()
    assert taller.topLeft() == after.topLeft()
    assert taller.height() - after.height() == pytest.approx(shift, abs=0.5)
    assert len(keeper.edits) == 2


def test_presses_of_arrow_keys_are_kept_once_the_hand_rests(desk, qtbot):
    viewer, keeper = desk
    draw(qtbot, viewer, "tool.box", (100, 690), (160, 730))
    qtbot.keyClick(viewer.pages, Qt.Key.Key_Left)
    assert keeper.edits == []
    qtbot.waitUntil(lambda: len(keeper.edits) == 1)


def test_arrow_keys_move_a_highlight_along_the_words(desk, qtbot):
    viewer, keeper = desk
    viewer.run("tool.highlight")
    drag(qtbot, viewer, middle(viewer, "every"), middle(viewer, "day"))
    viewer.run("tool.pointer")
    viewer.annotator.layer.select(keeper.last.id)
    press_arrow(qtbot, viewer, Qt.Key.Key_Right, 2)
    assert keeper.last.anchor.text.exact == "for two"
    press_arrow(qtbot, viewer, Qt.Key.Key_Right, 1, SHIFT)
    assert keeper.last.anchor.text.exact == "for two weeks,"
    press_arrow(qtbot, viewer, Qt.Key.Key_Left, 2, SHIFT)
    assert keeper.last.anchor.text.exact == "for"
    assert keeper.last.anchor.rects


def test_arrow_keys_without_a_mark_scroll_as_before(desk, qtbot):
    viewer, keeper = desk
    qtbot.keyClick(viewer.pages, Qt.Key.Key_Right)
    assert viewer.pages.page == 1
    assert keeper.edits == []


def test_a_mark_never_leaves_its_page(desk, qtbot):
    viewer, keeper = desk
    draw(qtbot, viewer, "tool.ink", (10, 700), (60, 720), (90, 700))
    press_arrow(qtbot, viewer, Qt.Key.Key_Left, 30)
    assert min(x for x, _y in keeper.last.anchor.path) == 0
    shape = keeper.last.anchor.path
    assert shape[-1][0] - shape[0][0] == pytest.approx(80, abs=1.5)


# ---- layers, selection from elsewhere ----


def test_hidden_marks_are_neither_painted_nor_hit_and_a_new_one_brings_them_back(three, qtbot):
    viewer, keeper = three
    bare = viewer.pages.viewport().grab().toImage()
    viewer.run("layers.hide")
    hidden = viewer.pages.viewport().grab().toImage()
    assert hidden != bare
    click(qtbot, viewer, on_screen(viewer, 130, 690))
    assert viewer.annotator.layer.selected is None
    # One that is picked elsewhere is shown all the same.
    viewer.select_annotation(next(iter(keeper.kept)))
    assert viewer.annotator.layer.selected is not None
    viewer.annotator.layer.select(None)
    assert viewer.pages.viewport().grab().toImage() == hidden
    draw(qtbot, viewer, "tool.box", (100, 750), (160, 780))
    click(qtbot, viewer, on_screen(viewer, 130, 690))
    assert viewer.annotator.layer.selected is not None


def test_the_approver_hides_the_assessors_marks_alone(three, qtbot):
    viewer, keeper = three
    marks = tuple(keeper.kept.values())
    viewer.set_annotations(marks, read_only=frozenset(mark.id for mark in marks[:2]))
    viewer.set_layers(LayerVisibility(assessor=False))
    assert [mark.annotation.id for mark in viewer.annotator.layer.marks()] == [marks[2].id]


def test_what_is_picked_elsewhere_is_selected_and_nobody_is_told(three, qtbot):
    viewer, keeper = three
    told: list[tuple[str, ...]] = []
    viewer.marks_picked.connect(told.append)
    ids = tuple(keeper.kept)
    viewer.show_picked((*ids[:2], AnnotationId("on other evidence")))
    assert viewer.annotator.layer.selected_ids == ids[:2]
    assert told == []
    click(qtbot, viewer, on_screen(viewer, 330, 710))
    assert told[-1] == (ids[2],)


def test_every_tool_has_a_key_and_a_button_wherever_it_is_folded(desk, qtbot):
    viewer, _ = desk
    bar = viewer.toolbar
    for width in (bar.minimumSizeHint().width(), 700, 1000, 1400):
        viewer.resize(width, 700)
        qtbot.waitUntil(lambda width=width: bar.width() == width)
        offered = {choice.data() for choice in bar.tool_menu.menu().actions() if choice.isVisible()}
        for tool in viewer.annotator.tools:
            assert bar.button(tool).isVisible() != (tool in offered), (tool, width)
            corner = bar.button(tool).mapTo(bar, bar.button(tool).rect().bottomRight())
            assert not bar.button(tool).isVisible() or bar.rect().contains(corner)
    viewer.resize(bar.minimumSizeHint().width(), 700)
    qtbot.waitUntil(lambda: bar.tool_menu.isVisible())
    viewer.run("tool.eraser")
    assert bar.tool_menu.isChecked()
    assert bar.tool_menu.accessibleName() == "More tools; Eraser is on"


def test_dragging_stays_smooth_through_points_outside_of_the_page(desk, qtbot):
    viewer, keeper = desk
    viewer.run("tool.arrow")
    drag(qtbot, viewer, on_screen(viewer, 500, 700), QPoint(viewer.width() + 200, 400))
    assert keeper.last.anchor.path[1][0] == 595


def test_the_menu_of_a_right_click_is_about_what_lies_there(three, qtbot):
    viewer, keeper = three
    menu = viewer.pages.findChild(PageMenu)
    at = lambda x, y: viewer.pages.page_point(QPointF(on_screen(viewer, x, y)))  # noqa: E731
    assert menu.entries(at(500, 780)) == ("annotation.paste", "annotation.select_all")
    assert "annotation.delete" in menu.entries(at(130, 690))
    assert len(viewer.annotator.layer.selected_ids) == 1
    viewer.annotator.layer.select(None)
    viewer.annotator.selection.select(0, 0, 12)
    assert "tool.strike_out" in menu.entries(at(100, 200))
    viewer.pages.customContextMenuRequested.emit(on_screen(viewer, 230, 690))
    shown = viewer.pages.findChild(QMenu)
    assert shown.isVisible()
    next(a for a in shown.actions() if a.data() == "annotation.delete").trigger()
    shown.close()
    assert [mark.kind.value for mark in keeper.kept.values()] == ["box", "arrow"]


def test_marks_are_gone_through_in_reading_order_by_key(three, qtbot):
    viewer, keeper = three
    draw(qtbot, viewer, "tool.ellipse", (300, 400), (360, 440))
    viewer.annotator.layer.select(None)
    order = []
    for _ in range(5):
        viewer.run("annotation.next")
        order.append(viewer.annotator.layer.selected.annotation.kind.value)
    assert order == ["ellipse", "box", "ellipse", "arrow", "ellipse"]
    viewer.run("annotation.previous")
    assert viewer.annotator.layer.selected.annotation.kind is AnnotationKind.ARROW
    viewer.annotator.layer.select(None)
    viewer.run("page.last")
    viewer.run("annotation.previous")
    shown = viewer.pages.rect_in_view(0, viewer.annotator.layer.bounds(viewer.annotator.layer.selected))
    assert viewer.pages.viewport().rect().contains(shown.toRect())
    assert keeper.edits == []


def test_the_box_does_not_lie_on_its_mark_when_the_criteria_open(desk, qtbot):
    viewer, _ = desk
    draw(qtbot, viewer, "tool.ellipse", (300, 690), (390, 770))
    viewer.run("annotation.tie")
    mark = viewer.annotator.layer.selected
    shown = viewer.pages.rect_in_view(0, viewer.annotator.layer.bounds(mark)).toRect()
    assert not viewer.annotator.box.geometry().intersects(shown)
