"""Everything on the pages without a pointer: marks placed by a key, words selected by keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QGuiApplication

from assessor_app.domain.annotations import AnnotationKind
from assessor_app.ui.annotate.word_keys import change_words
from tests.ui.viewers.evidence_files import photograph, sealed
from tests.ui.viewers.marking import CTRL, SHIFT, middle

ALT = Qt.KeyboardModifier.AltModifier
KEY = Qt.Key


def press(qtbot, viewer, key, modifiers=Qt.KeyboardModifier.NoModifier, times=1):
    for _ in range(times):
        qtbot.keyClick(viewer.pages, key, modifiers)


def in_view(viewer, rect):
    """A mark's place in the view."""
    box = QRectF(rect.x0, rect.y0, rect.x1 - rect.x0, rect.y1 - rect.y0)
    return viewer.pages.rect_in_view(0, box)


def words(viewer):
    return viewer.annotator.selection.text


def order(viewer):
    return [word.text for word in viewer.supply.text(0).words]


# ---- marks ----


@pytest.mark.parametrize("key", [KEY.Key_Return, KEY.Key_Enter])
@pytest.mark.parametrize(
    ("tool", "kind"),
    [
        ("tool.box", AnnotationKind.BOX),
        ("tool.ellipse", AnnotationKind.ELLIPSE),
        ("tool.arrow", AnnotationKind.ARROW),
    ],
)
def test_return_places_a_mark_that_keys_move_resize_and_tie(desk, qtbot, tool, kind, key):
    viewer, keeper = desk
    viewer.run(tool)
    press(qtbot, viewer, key)
    assert keeper.last.kind is kind
    shown = in_view(viewer, keeper.last.anchor.rects[0])
    view = QRectF(viewer.pages.viewport().rect())
    seen = viewer.pages.page_rect(0).intersected(view)
    assert (shown.center() - seen.center()).manhattanLength() < 3
    assert (shown.width(), shown.height()) == pytest.approx((160, 100), abs=2)
    assert viewer.annotator.layer.selected_ids == (keeper.last.id,)
    assert viewer.pages.hasFocus()
    before = keeper.last.anchor.rects[0]
    press(qtbot, viewer, KEY.Key_Right, times=3)
    viewer.annotator.flush()
    moved = keeper.last.anchor.rects[0]
    assert (moved.x0 - before.x0, moved.x1 - before.x1) == pytest.approx((6, 6), abs=0.1)
    press(qtbot, viewer, KEY.Key_Right, SHIFT, times=2)
    viewer.annotator.flush()
    wider = keeper.last.anchor.rects[0]
    assert (wider.x0, wider.x1) == pytest.approx((moved.x0, moved.x1 + 4), abs=0.1)
    viewer.run("annotation.tie")
    ties = viewer.annotator.box.criteria_list
    assert ties.hasFocus()
    qtbot.keyClick(ties, KEY.Key_Space)
    assert len(keeper.last.criteria) == 1


def test_the_next_mark_stands_aside_of_the_one_that_is_there(desk, qtbot):
    viewer, keeper = desk
    viewer.run("tool.box")
    press(qtbot, viewer, KEY.Key_Return)
    # The mark is selected: Return is for its comment, and Esc leaves that and then the mark.
    press(qtbot, viewer, KEY.Key_Return)
    assert viewer.annotator.box.comment.hasFocus()
    assert len(keeper.kept) == 1
    qtbot.keyClick(viewer.annotator.box.comment, KEY.Key_Escape)
    press(qtbot, viewer, KEY.Key_Escape)
    press(qtbot, viewer, KEY.Key_Return)
    one, two = (mark.anchor.rects[0] for mark in keeper.kept.values())
    aside = 16 / viewer.pages.scale
    assert (two.x0 - one.x0, two.y0 - one.y0) == pytest.approx((aside, aside), abs=0.1)


@pytest.mark.parametrize("tool", ["tool.note", "tool.question"])
def test_signs_are_placed_by_return_and_ask_for_words(desk, qtbot, tool):
    viewer, keeper = desk
    viewer.run(tool)
    press(qtbot, viewer, KEY.Key_Return)
    comment = viewer.annotator.box.comment
    assert comment.hasFocus()
    qtbot.keyClicks(comment, "Why?")
    qtbot.keyClick(comment, KEY.Key_Escape)
    assert viewer.pages.hasFocus()
    before = keeper.last.anchor.rects[0]
    press(qtbot, viewer, KEY.Key_Down)
    viewer.annotator.flush()
    assert keeper.last.comment == "Why?"
    assert keeper.last.anchor.rects[0].y0 == pytest.approx(before.y0 + 2, abs=0.1)


def test_free_text_opens_its_editor_in_the_middle(desk, qtbot):
    viewer, keeper = desk
    viewer.run("tool.text")
    press(qtbot, viewer, KEY.Key_Return)
    editor = viewer.annotator.place.editor
    assert editor.hasFocus()
    assert viewer.pages.viewport().rect().contains(editor.geometry())
    qtbot.keyClicks(editor, "Which of these?")
    qtbot.keyClick(editor, KEY.Key_Escape)
    assert (keeper.last.kind, keeper.last.comment) == (AnnotationKind.FREE_TEXT, "Which of these?")
    assert viewer.annotator.layer.selected_ids == (keeper.last.id,)
    assert viewer.pages.hasFocus()


def test_a_free_text_that_is_emptied_keeps_its_words_also_after_a_pause(desk, qtbot):
    viewer, keeper = desk
    viewer.run("tool.text")
    press(qtbot, viewer, KEY.Key_Return)
    qtbot.keyClicks(viewer.annotator.place.editor, "Why?")
    viewer.escape()
    before = keeper.last
    viewer.run("tool.pointer")
    viewer.annotator.layer.select(before.id)
    viewer.run("annotation.comment")
    editor = viewer.annotator.place.editor
    for rest in ("Why", "Wh", ""):
        qtbot.keyClick(editor, KEY.Key_Backspace)
        viewer.annotator.place.writing.keep()
        if rest:
            assert keeper.last.comment == rest
    qtbot.keyClick(editor, KEY.Key_Backspace)
    qtbot.keyClick(editor, KEY.Key_Escape)
    assert (keeper.last.comment, keeper.last.anchor) == ("Why?", before.anchor)
    assert len(keeper.kept) == 1


def test_a_mark_is_placed_in_what_is_seen_of_a_turned_and_enlarged_page(desk, qtbot):
    viewer, keeper = desk
    viewer.run("rotate.right")
    for _ in range(8):
        viewer.run("zoom.in")
    viewer.run("tool.box")
    press(qtbot, viewer, KEY.Key_Return)
    shown, view = in_view(viewer, keeper.last.anchor.rects[0]), QRectF(viewer.pages.viewport().rect())
    seen = viewer.pages.page_rect(0).intersected(view)
    assert view.contains(shown)
    assert (shown.center() - seen.center()).manhattanLength() < 4


def test_a_mark_is_placed_on_a_picture(qtbot, open_tall, tmp_path):
    viewer, keeper = open_tall(sealed(tmp_path, photograph(), "Artifact 2.jpg"))
    viewer.run("tool.ellipse")
    press(qtbot, viewer, KEY.Key_Return)
    shown = in_view(viewer, keeper.last.anchor.rects[0])
    assert shown.center().x() == pytest.approx(viewer.pages.page_rect(0).center().x(), abs=2)


def test_ink_has_to_be_drawn_and_nothing_is_placed_where_nothing_can_be_changed(desk, qtbot):
    viewer, keeper = desk
    for tool in ("tool.ink", "tool.eraser", "tool.pointer"):
        viewer.run(tool)
        press(qtbot, viewer, KEY.Key_Return)
    viewer.set_editable(False)
    viewer.run("tool.box")
    press(qtbot, viewer, KEY.Key_Return)
    assert keeper.drafts == []


# ---- words ----


def test_words_are_selected_from_the_first_in_view_by_word_and_by_line(desk, qtbot):
    viewer, _keeper = desk
    text = order(viewer)
    press(qtbot, viewer, KEY.Key_Right, SHIFT)
    assert words(viewer) == text[0]
    press(qtbot, viewer, KEY.Key_Right, SHIFT, times=2)
    assert words(viewer) == " ".join(text[:3])
    press(qtbot, viewer, KEY.Key_Left, SHIFT)
    assert words(viewer) == " ".join(text[:2])
    press(qtbot, viewer, KEY.Key_Down, SHIFT)
    page = viewer.supply.text(0).words
    last = page[len(words(viewer).split()) - 1]
    assert (last.block, last.line) != (page[1].block, page[1].line)
    press(qtbot, viewer, KEY.Key_Up, SHIFT)
    assert words(viewer) == " ".join(text[:2])
    press(qtbot, viewer, KEY.Key_Escape)
    assert words(viewer) == ""
    # Beginning with a line takes the whole line.
    press(qtbot, viewer, KEY.Key_Down, SHIFT)
    line = [word.text for word in page if (word.block, word.line) == (page[0].block, page[0].line)]
    assert words(viewer) == " ".join(line)


def test_selected_words_go_elsewhere_and_are_marked_and_copied(desk, qtbot):
    viewer, keeper = desk
    text = order(viewer)
    press(qtbot, viewer, KEY.Key_Right, CTRL | SHIFT)
    press(qtbot, viewer, KEY.Key_Right, CTRL | SHIFT, times=2)
    assert words(viewer) == text[2]
    press(qtbot, viewer, KEY.Key_Down, CTRL | SHIFT)
    there = text.index(words(viewer).split()[0])
    assert there > 2
    press(qtbot, viewer, KEY.Key_Up, CTRL | SHIFT)
    press(qtbot, viewer, KEY.Key_Left, CTRL | SHIFT)
    press(qtbot, viewer, KEY.Key_Right, SHIFT)
    press(qtbot, viewer, KEY.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == words(viewer) != ""
    chosen = words(viewer)
    viewer.run("tool.highlight")
    assert keeper.last.anchor.text.exact == chosen
    # The new mark is selected: the same keys stretch it now.
    press(qtbot, viewer, KEY.Key_Right, SHIFT)
    viewer.annotator.flush()
    assert keeper.last.anchor.text.exact.startswith(chosen + " ")
    assert words(viewer) == ""


def test_a_hit_and_words_chosen_by_hand_are_where_keys_go_on(desk, qtbot):
    viewer, _keeper = desk
    qtbot.mouseDClick(viewer.pages.viewport(), Qt.MouseButton.LeftButton, pos=middle(viewer, "fewer"))
    start = words(viewer)
    press(qtbot, viewer, KEY.Key_Right, SHIFT)
    assert words(viewer).startswith(start + " ")
    press(qtbot, viewer, KEY.Key_Escape)
    viewer.search.start("questions", 0)
    qtbot.waitUntil(lambda: viewer.annotator.selection.span is not None)
    press(qtbot, viewer, KEY.Key_Left, SHIFT)
    press(qtbot, viewer, KEY.Key_Left, SHIFT)
    assert "questions" in words(viewer)
    assert len(words(viewer).split()) == 3


def test_the_end_of_the_selection_stays_in_view(desk, qtbot):
    viewer, _keeper = desk
    viewer.resize(820, 420)
    for _ in range(6):
        viewer.run("zoom.in")
    viewer.run("page.first") if "page.first" in viewer.commands() else viewer.pages.go_to_page(0)
    press(qtbot, viewer, KEY.Key_Down, SHIFT, times=14)
    page = viewer.supply.text(0)
    end = page.words[len(words(viewer).split()) - 1 + order(viewer).index(words(viewer).split()[0])]
    shown = in_view(viewer, end)
    assert QRectF(viewer.pages.viewport().rect()).contains(shown)


def test_a_text_tool_marks_what_keys_selected_and_a_drawing_tool_leaves_words_alone(desk, qtbot):
    viewer, keeper = desk
    viewer.run("tool.underline")
    press(qtbot, viewer, KEY.Key_Down, SHIFT)
    chosen = words(viewer)
    press(qtbot, viewer, KEY.Key_Return)
    assert (keeper.last.kind, keeper.last.anchor.text.exact) == (AnnotationKind.UNDERLINE, chosen)
    viewer.run("tool.box")
    press(qtbot, viewer, KEY.Key_Down, SHIFT)
    assert words(viewer) == ""


def test_a_picture_has_no_words_to_select(qtbot, open_tall, tmp_path):
    viewer, _keeper = open_tall(sealed(tmp_path, photograph(), "Artifact 2.jpg"))
    press(qtbot, viewer, KEY.Key_Right, SHIFT)
    assert words(viewer) == ""


def test_a_screen_reader_hears_what_came_and_what_went(desk):
    viewer, _keeper = desk
    text = viewer.supply.text(0)
    one, two = text.words[0].text, text.words[1].text
    assert change_words(text, (), (0,)) == f"{one}, selected"
    assert change_words(text, (0,), (0, 1)) == f"{two}, selected"
    assert change_words(text, (0, 1), (0,)) == f"{two}, no longer selected"
    assert change_words(text, (0,), (1,)) == f"{two}, selected"
    assert change_words(text, (0,), (0,)) == "No more words there"
