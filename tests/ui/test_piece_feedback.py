"""Feedback on a piece of evidence in the real workspace: written below it, kept, and read by who may."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from assessor_app.domain.assessments import ArtifactFeedback
from assessor_app.errors import NotAllowed
from assessor_app.rubric.checks import Field, Place
from assessor_app.services import assessing, reading
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from tests import builders
from tests.ui.worlds import lesson_submission, on_screen, put_work

SID = builders.submission_id(1)
VERSION = builders.rubric_version()
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def workspace(qtbot, world):
    put_work(world.context, lesson_submission(VERSION), VERSION)
    shown = on_screen(qtbot, AssessorWorkspace(world.lanes, SID, world.clock.now))
    qtbot.waitUntil(lambda: shown.evidence.current_entry() is not None)
    return shown


def stored(world):
    opened = world.read(lambda context: reading.open_submission(context, SID))
    return {one.source_id: one.text for one in opened.assessment.artifact_feedback}


def pieces(workspace):
    return [entry for entry in workspace.evidence.entries() if entry.item is not None]


def write(qtbot, workspace, text):
    QTest.keyClick(workspace, Qt.Key.Key_Y, CTRL | SHIFT)
    edit = workspace.document.feedback.edit
    qtbot.waitUntil(lambda: workspace.focusWidget() is edit)
    QTest.keyClicks(edit, text)
    return edit


def test_each_piece_keeps_its_own_words_even_when_she_goes_on_at_once(qtbot, world, workspace):
    first, second = pieces(workspace)[:2]
    workspace.evidence.select(first.key)
    write(qtbot, workspace, "Clear questions.")
    workspace.evidence.select(second.key)
    strip = workspace.document.feedback
    assert strip.edit.toPlainText() == ""
    assert not strip.is_open
    write(qtbot, workspace, "A good answer.")
    workspace.evidence.select(first.key)
    assert strip.edit.toPlainText() == "Clear questions."
    wanted = {first.item.id: "Clear questions.", second.item.id: "A good answer."}
    qtbot.waitUntil(lambda: stored(world) == wanted)
    qtbot.waitUntil(lambda: not workspace.has_unsaved_edits)


def test_showing_a_submission_saves_nothing(qtbot, world, workspace):
    first = pieces(workspace)[0]
    assessing.save_artifact_feedback(world.context, SID, ArtifactFeedback(first.item.id, "From before."))
    asked = []
    workspace.document.feedback.ready.connect(lambda *told: asked.append(told))
    workspace.reload()
    qtbot.waitUntil(lambda: workspace.document.feedback.edit.toPlainText() == "From before.")
    workspace.flush()
    assert asked == []


def test_the_list_says_which_piece_has_feedback(qtbot, world, workspace):
    first = pieces(workspace)[0]
    assert "Has feedback" not in first.words
    workspace.evidence.select(first.key)
    write(qtbot, workspace, "Clear questions.")
    qtbot.waitUntil(lambda: "Has feedback" in pieces(workspace)[0].words)
    assert "Has feedback" not in pieces(workspace)[1].words


def test_esc_folds_the_strip_and_goes_back_to_the_evidence(qtbot, world, workspace):
    workspace.evidence.select(pieces(workspace)[0].key)
    edit = write(qtbot, workspace, "Clear.")
    QTest.keyClick(edit, Qt.Key.Key_Escape)
    strip = workspace.document.feedback
    assert not strip.is_open
    assert not edit.isVisible()
    assert workspace.document.isAncestorOf(workspace.focusWidget())


def test_undo_is_the_fields_own(qtbot, world, workspace):
    workspace.evidence.select(pieces(workspace)[0].key)
    edit = write(qtbot, workspace, "Clear.")
    edit.undo()
    assert edit.toPlainText() == ""
    workspace.flush()
    qtbot.waitUntil(lambda: not workspace.has_unsaved_edits)
    assert stored(world) == {}


def test_it_leaves_for_the_learner_on_the_last_page(world, workspace):
    piece = next(entry for entry in pieces(workspace) if entry.key.startswith("artifact"))
    assessing.save_artifact_feedback(world.context, SID, ArtifactFeedback(piece.item.id, "Clear questions."))
    leaving = assessing.review(world.context, SID).leaving
    (told,) = [one for one in leaving if one.text == "Clear questions."]
    assert (told.reader, told.title) == ("learner", f"Feedback: {piece.item.filename}")


def test_a_finding_goes_to_the_words_it_is_about(qtbot, world, workspace):
    first, second = pieces(workspace)[:2]
    for piece in (first, second):
        words = ArtifactFeedback(piece.item.id, "Clear questions.")
        assessing.save_artifact_feedback(world.context, SID, words)
    workspace.reload()
    qtbot.waitUntil(lambda: workspace.document.feedback.written_on == {first.item.id, second.item.id})
    workspace._go_to_place(Place(None, Field.ON_EVIDENCE, second.item.id, span=(6, 15)))
    assert workspace.evidence.current_entry().key == second.key
    assert workspace.document.feedback.edit.textCursor().selectedText() == "questions"


def test_a_piece_of_another_submission_is_refused(world, workspace):
    with pytest.raises(NotAllowed):
        assessing.save_artifact_feedback(world.context, SID, ArtifactFeedback("elsewhere", "Words."))
    assert stored(world) == {}


def test_once_sent_it_can_be_read_and_not_changed(qtbot, world, workspace):
    first = pieces(workspace)[0]
    strip = workspace.document.feedback
    strip.show_stored((ArtifactFeedback(first.item.id, "Clear."),), is_editable=False)
    workspace.evidence.select(first.key)
    assert strip.isVisible()
    strip.write()
    QTest.keyClicks(strip.edit, "More.")
    assert strip.edit.toPlainText() == "Clear."
    workspace.evidence.select(pieces(workspace)[1].key)
    assert not strip.isVisible()
