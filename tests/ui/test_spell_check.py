"""The spell check in the real workspace, with the real dictionaries: waves, corrections, and no harm done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent, QTextCharFormat, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from assessor_app.clock import Clock
from assessor_app.documents.spelling import Speller
from assessor_app.services import reading, spelling
from assessor_app.services.spelling import DICTIONARIES
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from tests import builders
from tests.builders import CRITERIA
from tests.ui.worlds import lesson_submission, put_work

SID = builders.submission_id(1)
VERSION = builders.rubric_version()
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture(scope="module")
def speller() -> Iterator[Speller]:
    pytest.importorskip("hunspell")
    made = Speller(DICTIONARIES, Clock())
    yield made
    made.close()


@pytest.fixture
def workspace(qtbot, world, speller):
    world.lanes.context = replace(world.context, speller=speller)
    put_work(world.context, lesson_submission(VERSION), VERSION)
    shown = AssessorWorkspace(world.lanes, SID, world.clock.now)
    qtbot.addWidget(shown)
    shown.resize(1200, 760)
    shown.show()
    shown.activateWindow()
    qtbot.waitUntil(lambda: shown.opened is not None)
    return shown


def begin(qtbot, workspace):
    """The feedback of the first criterion, with the keyboard in it."""
    edit = workspace.panel.current.feedback.text.edit
    edit.setFocus()
    qtbot.waitUntil(lambda: workspace.spelling.marks_of(edit) is not None)
    return edit


def waves(workspace, edit) -> list[str]:
    """The words that wear a wave on screen."""
    wave = QTextCharFormat.UnderlineStyle.WaveUnderline
    shown = [s.cursor.selectedText() for s in edit.extraSelections() if s.format.underlineStyle() == wave]
    assert shown == workspace.spelling.marks_of(edit).words()
    return shown


def popup(qtbot) -> QMenu:
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def entries(menu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def suggest(qtbot, edit) -> QMenu:
    QTest.keyClick(edit, Qt.Key.Key_Period, CTRL)
    menu = popup(qtbot)
    qtbot.waitUntil(lambda: "Looking for suggestions…" not in entries(menu))
    return menu


def pick(menu, words):
    action = next(action for action in menu.actions() if action.text() == words)
    menu.setActiveAction(action)
    QTest.keyClick(menu, Qt.Key.Key_Return)


def test_a_finished_word_gets_a_wave_and_the_one_being_typed_does_not(qtbot, workspace):
    edit = begin(qtbot, workspace)
    QTest.keyClicks(edit, "teh plan recieve")
    qtbot.waitUntil(lambda: waves(workspace, edit) == ["teh"])
    QTest.keyClicks(edit, " ")
    qtbot.waitUntil(lambda: waves(workspace, edit) == ["teh", "recieve"])


def test_leaving_the_text_finishes_its_last_word(qtbot, workspace):
    edit = begin(qtbot, workspace)
    QTest.keyClicks(edit, "good wrok")
    marks = workspace.spelling.marks_of(edit)
    with qtbot.waitSignal(marks.changed):
        pass
    assert waves(workspace, edit) == []
    workspace.evidence.setFocus()
    qtbot.waitUntil(lambda: waves(workspace, edit) == ["wrok"])


def test_waves_move_along_with_their_words(qtbot, workspace):
    edit = begin(qtbot, workspace)
    QTest.keyClicks(edit, "teh plan. ")
    qtbot.waitUntil(lambda: waves(workspace, edit) == ["teh"])
    edit.moveCursor(QTextCursor.MoveOperation.Start)
    QTest.keyClicks(edit, "So ")
    assert waves(workspace, edit) == ["teh"]


def test_what_was_typed_while_the_answer_was_on_its_way_keeps_waves_in_place(qtbot, workspace):
    edit = begin(qtbot, workspace)
    QTest.keyClicks(edit, "teh plan recieve it ")
    qtbot.waitUntil(lambda: waves(workspace, edit) == ["teh", "recieve"])
    marks = workspace.spelling.marks_of(edit)
    marks.look_again()
    cursor = QTextCursor(edit.document())
    cursor.insertText("So ")
    cursor.setPosition(edit.toPlainText().index("recieve") + 2)
    cursor.insertText("x")
    with qtbot.waitSignal(marks.changed):
        pass
    assert waves(workspace, edit) == ["teh"]


def test_ctrl_full_stop_corrects_a_word_in_one_step_of_undo(qtbot, world, workspace):
    edit = begin(qtbot, workspace)
    QTest.keyClicks(edit, "They recieve it. ")
    qtbot.waitUntil(lambda: waves(workspace, edit) == ["recieve"])
    menu = suggest(qtbot, edit)
    assert entries(menu)[0] == "receive"
    assert len(entries(menu)) <= 7
    pick(menu, "receive")
    assert edit.toPlainText() == "They receive it. "
    qtbot.waitUntil(lambda: waves(workspace, edit) == [])
    edit.undo()
    assert edit.toPlainText() == "They recieve it. "

    def stored():
        opened = world.read(lambda context: reading.open_submission(context, SID))
        return opened.assessment.feedback_for(CRITERIA[0]).text

    qtbot.waitUntil(lambda: stored() == "They recieve it. ")


def test_her_own_word_is_right_from_now_on_in_every_text(qtbot, workspace):
    edit = begin(qtbot, workspace)
    QTest.keyClicks(edit, "Edpuzzle again. ")
    overall = workspace.panel.overall.overall.edit
    overall.setFocus()
    QTest.keyClicks(overall, "An Edpuzzle too. ")
    qtbot.waitUntil(lambda: waves(workspace, overall) == ["Edpuzzle"])
    pick(suggest(qtbot, overall), "Add to my dictionary")
    qtbot.waitUntil(lambda: waves(workspace, overall) == waves(workspace, edit) == [])


def test_a_word_can_be_no_mistake_in_this_submission_alone(qtbot, world, workspace, speller):
    edit = begin(qtbot, workspace)
    QTest.keyClicks(edit, "The thrum-thrumm of it. ")
    qtbot.waitUntil(lambda: waves(workspace, edit) == ["thrumm"])
    pick(suggest(qtbot, edit), "Not a mistake here")
    qtbot.waitUntil(lambda: waves(workspace, edit) == [])


def test_the_context_menu_offers_corrections_on_a_wrong_word_only(qtbot, workspace):
    edit = begin(qtbot, workspace)
    QTest.keyClicks(edit, "teh plan ")
    qtbot.waitUntil(lambda: waves(workspace, edit) == ["teh"])
    for at, is_wrong in ((1, True), (6, False)):
        cursor = QTextCursor(edit.document())
        cursor.setPosition(at)
        place = edit.cursorRect(cursor).center()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, edit.viewport().mapToGlobal(place))
        edit.contextMenuEvent(event)
        menu = popup(qtbot)
        assert ("Add to my dictionary" in entries(menu)) is is_wrong
        if is_wrong:
            qtbot.waitUntil(lambda menu=menu: "the" in entries(menu))
        menu.close()
        qtbot.waitUntil(lambda: QApplication.activePopupWidget() is None)


def test_another_language_is_chosen_and_remembered(qtbot, world, workspace):
    edit = begin(qtbot, workspace)
    QTest.keyClicks(edit, "La evidencia del color. ")
    qtbot.waitUntil(lambda: "evidencia" in waves(workspace, edit))
    workspace.actions_made.action("spelling.language").trigger()
    menu = popup(qtbot)
    assert [action.text() for action in menu.actions() if action.isChecked()] == ["Language of the rubric"]
    pick(menu, "Spanish")
    qtbot.waitUntil(lambda: waves(workspace, edit) == [])
    another = AssessorWorkspace(world.lanes, SID, world.clock.now)
    qtbot.addWidget(another)
    another.show()
    another.activateWindow()
    qtbot.waitUntil(lambda: another.opened is not None)
    loaded = world.read(lambda context: spelling.load(context, VERSION))
    assert (loaded.chosen, loaded.language) == ("es_ES", "es_ES")
    edit = begin(qtbot, another)
    # Not typed: QTest knows the keys of plain letters only.
    edit.insertPlainText("La ovservación y color. ")
    qtbot.waitUntil(lambda: waves(another, edit) == ["ovservación"])


def test_waves_save_nothing_and_change_nothing(qtbot, world, workspace):
    edit = begin(qtbot, workspace)
    edit.show_text("teh plan recieve")
    asked = []
    workspace.panel.feedback_ready.connect(lambda *told: asked.append(told))
    workspace.spelling.marks_of(edit).look_again()
    qtbot.waitUntil(lambda: "teh" in waves(workspace, edit))
    workspace.flush()
    assert asked == []
    assert not edit.document().isUndoAvailable()


def test_nothing_is_loaded_before_somebody_writes(qtbot, world, tmp_path):
    fresh = Speller(DICTIONARIES, Clock())
    world.lanes.context = replace(world.context, speller=fresh)
    put_work(world.context, lesson_submission(VERSION), VERSION)
    shown = AssessorWorkspace(world.lanes, SID, world.clock.now)
    qtbot.addWidget(shown)
    shown.show()
    qtbot.waitUntil(lambda: shown.opened is not None)
    assert fresh.pid is None
    fresh.close()


def test_without_a_dictionary_writing_goes_on_as_ever(qtbot, world):
    put_work(world.context, lesson_submission(VERSION), VERSION)
    shown = AssessorWorkspace(world.lanes, SID, world.clock.now)
    qtbot.addWidget(shown)
    shown.show()
    shown.activateWindow()
    qtbot.waitUntil(lambda: shown.opened is not None)
    edit = begin(qtbot, shown)
    QTest.keyClicks(edit, "teh plan ")
    qtbot.waitUntil(lambda: not shown.spelling.is_available)
    QTest.keyClick(edit, Qt.Key.Key_Period, CTRL)
    assert edit.toPlainText() == "teh plan "
    assert QApplication.activePopupWidget() is None


def test_a_wave_is_seen_where_its_word_stands(qtbot, workspace):
    edit = begin(qtbot, workspace)
    QTest.keyClicks(edit, "teh plan ")
    qtbot.waitUntil(lambda: waves(workspace, edit) == ["teh"])
    image = edit.viewport().grab().toImage()
    red = [
        x
        for x in range(image.width())
        for y in range(image.height())
        if image.pixelColor(x, y).red() > image.pixelColor(x, y).green() + 60
    ]
    cursor = QTextCursor(edit.document())
    cursor.setPosition(3)
    end = edit.cursorRect(cursor).right() * edit.devicePixelRatioF()
    assert red
    assert max(red) <= end + 3
