"""Marks on written answers and text files: every tool on words, colours, layers, what is picked elsewhere."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from assessor_app.domain.annotations import AnnotationKind
from assessor_app.domain.ids import PromptId, ResponseId
from assessor_app.domain.submissions import Response
from assessor_app.ui.annotate.visibility import NO_LAYERS
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.theme import Scheme
from assessor_app.ui.viewers.response_view import ResponseView
from tests.builders import CRITERIA
from tests.ui.viewers.keeper import Keeper
from tests.ui.viewers.marking import CTRL

TEXT = "The exit ticket showed that six still confused area with perimeter. The fence goes around."


@pytest.fixture
def answer(qtbot):
    viewer = ResponseView(KeyTable())
    qtbot.addWidget(viewer)
    viewer.resize(700, 500)
    viewer.show()
    qtbot.waitExposed(viewer)
    viewer.set_criteria([(CRITERIA[0], "Analyze 1")])
    viewer.open_response(
        Response(ResponseId("resp-1"), PromptId("prompt-1"), TEXT, None), "What did you see?", "Response"
    )
    viewer.view.setFocus()
    return viewer, Keeper(viewer)


def select(viewer, words):
    start = TEXT.index(words)
    viewer.view.select_span(start, start + len(words))


@pytest.mark.parametrize(
    ("tool", "kind", "writes"),
    [
        ("tool.highlight", AnnotationKind.HIGHLIGHT, False),
        ("tool.underline", AnnotationKind.UNDERLINE, False),
        ("tool.strike_out", AnnotationKind.STRIKE_OUT, False),
        ("tool.note", AnnotationKind.NOTE, True),
        ("tool.question", AnnotationKind.QUESTION, True),
    ],
)
def test_each_tool_marks_the_selected_words_and_looks_its_own_way(answer, tool, kind, writes):
    viewer, keeper = answer
    select(viewer, "six still confused")
    viewer.commands()[tool]()
    assert (keeper.last.kind, keeper.last.anchor.text.exact) == (kind, "six still confused")
    assert viewer.annotator.box.comment.hasFocus() == writes
    viewer.annotator.select(None)
    (shade,) = viewer.view.extraSelections()
    look = shade.format
    assert look.background().color().isValid()
    assert look.fontStrikeOut() == (kind is AnnotationKind.STRIKE_OUT)
    lines = {"underline": "SingleUnderline", "note": "DotLine", "question": "WaveUnderline"}
    wanted = lines.get(kind.value, "NoUnderline")
    assert look.underlineStyle() == getattr(look.UnderlineStyle, wanted)


def test_an_edit_is_told_with_what_was_done(answer, qtbot):
    viewer, keeper = answer
    select(viewer, "area")
    viewer.commands()["tool.highlight"]()
    viewer.annotator.set_colour("blue")
    box = viewer.annotator.box
    box.audience.setCurrentIndex(box.audience.findData("learner"))
    box.style_row.opacity.setCurrentIndex(0)
    assert [edit.label for edit in keeper.edits] == ["Colour of mark", "Reader of mark", "Opacity of mark"]
    viewer.annotator.delete_selected()
    assert keeper.edits[-1].label == "Delete mark"
    assert keeper.kept == {}


def test_words_are_copied_and_without_them_what_the_mark_says(answer, qtbot):
    viewer, _ = answer
    select(viewer, "The fence goes around")
    qtbot.keyClick(viewer.view, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "The fence goes around"
    select(viewer, "perimeter")
    viewer.commands()["tool.highlight"]()
    viewer.view.setFocus()
    qtbot.keyClick(viewer.view, Qt.Key.Key_C, CTRL)
    assert QGuiApplication.clipboard().text() == "perimeter"


def test_layers_and_what_is_picked_elsewhere(answer):
    viewer, keeper = answer
    select(viewer, "exit ticket")
    viewer.commands()["tool.highlight"]()
    mark = keeper.last
    viewer.annotator.select(None)
    told: list[tuple[str, ...]] = []
    viewer.marks_picked.connect(told.append)
    viewer.set_layers(NO_LAYERS)
    assert viewer.view.extraSelections() == []
    viewer.show_picked((mark.id,))
    assert len(viewer.view.extraSelections()) == 1
    assert viewer.annotator.box.isVisible()
    assert told == []
    viewer.annotator.select(None)
    assert told == [()]
    # A new mark is never invisible.
    select(viewer, "fence")
    viewer.commands()["tool.highlight"]()
    viewer.annotator.select(None)
    assert len(viewer.view.extraSelections()) == 2


def test_text_and_comment_box_follow_the_text_size(answer, theme, qtbot):
    viewer, _ = answer
    select(viewer, "fence")
    viewer.commands()["tool.highlight"]()
    box, small = viewer.annotator.box, viewer.view.font().pointSizeF()
    width = box.width()
    theme.apply(Scheme.DARK, 150)
    qtbot.waitUntil(lambda: viewer.view.font().pointSizeF() == pytest.approx(small * 1.5, abs=0.1))
    qtbot.waitUntil(lambda: box.width() > width * 1.3)
    assert box.audience.height() >= box.audience.sizeHint().height()
    assert viewer.view.viewport().rect().contains(box.geometry())
