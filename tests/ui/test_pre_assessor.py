"""The pre-assessor's workspace: complete or not, by keyboard, what the learner needs; no level at all."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from assessor_app.domain.assessments import OutboxKind
from assessor_app.domain.pre_assessments import PreAssessmentOutcome
from assessor_app.domain.roles import Role
from assessor_app.domain.states import AssessmentState, OutboxState, SubmissionStatus
from assessor_app.rubric.completion import indicators
from assessor_app.rubric.schema import CompletionIndicator
from assessor_app.services import pre_assessing
from assessor_app.ui.scoring.level_row import LevelRow
from assessor_app.ui.workspaces.pre_assessor import PreAssessorWorkspace
from tests import builders
from tests.ui import accessibility_walk
from tests.ui.worlds import lesson_submission, on_screen, put_work

SID = builders.submission_id(1)
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def version():
    """The usual rubric with three completion indicators."""
    base = builders.rubric_version()
    first, second, *rest = base.requirements
    first = replace(first, completion=(CompletionIndicator("has-context", "The class is described."),))
    second = replace(
        second,
        completion=(
            CompletionIndicator("has-plan", "A lesson plan is attached."),
            CompletionIndicator("opens", "Every file opens."),
        ),
    )
    return replace(base, requirements=(first, second, *rest))


@pytest.fixture
def world(make_world):
    return make_world(Role.PREASSESSOR)


@pytest.fixture
def workspace(qtbot, world):
    rubric = version()
    made = replace(lesson_submission(rubric), status=SubmissionStatus.IN_PRE_ASSESSMENT)
    put_work(world.context, made, rubric)
    return on_screen(qtbot, PreAssessorWorkspace(world.lanes, SID, world.clock.now))


def stored(world):
    return world.read(lambda context: pre_assessing.open_submission(context, SID))


def texts(workspace):
    return [label.text() for label in workspace.panel.findChildren(QLabel) if label.isVisibleTo(workspace)]


def test_only_what_is_to_be_there_is_asked_and_no_level_is_in_sight(workspace):
    assert [row.indicator.id for row in workspace.panel.rows] == ["has-context", "has-plan", "opens"]
    assert workspace.findChildren(LevelRow) == []
    labels = {level.label for scale in version().scales for level in scale.levels}
    assert labels.isdisjoint(texts(workspace))


def test_a_complete_submission_is_passed_on_by_keys_alone(qtbot, world, workspace):
    workspace.panel.step(0)
    for _ in range(3):
        QTest.keyClick(workspace.focusWidget(), Qt.Key.Key_2)
        QTest.keyClick(workspace, Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(lambda: workspace.opened.outcome is PreAssessmentOutcome.COMPLETE)
    assert not workspace.panel.feedback.isVisibleTo(workspace)
    QTest.keyClick(workspace, Qt.Key.Key_Return, CTRL | SHIFT)
    assert any("It goes on to an assessor" in text for text in texts(workspace))
    assert stored(world).outbox == ()
    QTest.keyClick(workspace, Qt.Key.Key_Return, CTRL | SHIFT)
    qtbot.waitUntil(lambda: len(stored(world).outbox) == 1)
    (item,) = stored(world).outbox
    assert (item.kind, item.state) == (OutboxKind.PRE_ASSESSMENT, OutboxState.QUEUED)
    qtbot.waitUntil(lambda: not workspace.opened.is_editable)


def test_what_is_not_there_needs_its_word_and_one_for_the_whole(qtbot, world, workspace):
    panel = workspace.panel
    panel.go_to(panel.rows[1])
    QTest.keyClick(panel.rows[1], Qt.Key.Key_1)
    assert workspace.focusWidget() is panel.rows[1].note.edit
    for row in (panel.rows[0], panel.rows[2]):
        row.say(True)
    qtbot.waitUntil(lambda: [f.indicator_id for f in workspace.opened.findings] == ["has-plan", None])
    assert workspace.opened.outcome is PreAssessmentOutcome.INCOMPLETE
    assert panel.send_button.text() == "Show what is missing"
    panel.send_button.click()
    assert workspace.focusWidget() is panel.rows[1].note.edit
    QTest.keyClicks(panel.rows[1].note.edit, "No plan is attached.")
    panel.flush()
    qtbot.waitUntil(lambda: [f.indicator_id for f in workspace.opened.findings] == [None])
    panel.send_button.click()
    assert workspace.focusWidget() is panel.feedback.edit
    QTest.keyClicks(panel.feedback.edit, "Attach the plan.")
    panel.flush()
    qtbot.waitUntil(lambda: workspace.opened.findings == ())
    assert panel.send_button.text() == "Return to the learner"
    panel.send_button.click()
    assert any("The learner reads them" in text for text in texts(workspace))
    QTest.keyClick(workspace, Qt.Key.Key_Escape)
    assert panel.send_button.text() == "Return to the learner"
    panel.send_button.click()
    panel.send_button.click()
    qtbot.waitUntil(lambda: len(stored(world).outbox) == 1)
    body = stored(world).outbox[0].body.decode()
    assert '"outcome":"incomplete"' in body
    assert "No plan is attached." in body
    assert "score" not in body


def test_what_waits_can_be_taken_back_whole(qtbot, world, workspace):
    for row in workspace.panel.rows:
        row.say(True)
    qtbot.waitUntil(lambda: workspace.opened.findings == ())
    workspace.panel.ask_to_send()
    workspace.panel.ask_to_send()
    qtbot.waitUntil(lambda: not workspace.opened.is_editable)
    assert workspace.banner.banner.can_take_back
    workspace.writer.take_back()
    qtbot.waitUntil(lambda: workspace.opened.is_editable)
    after = stored(world)
    assert after.outbox == ()
    assert after.work.state is AssessmentState.DRAFT
    assert all(after.work.check(indicator.id).met for indicator in indicators(version()))


def test_loading_saves_nothing(qtbot, world, workspace):
    workspace.panel.rows[0].say(True)
    qtbot.waitUntil(lambda: stored(world).work.check("has-context").met is True)
    saved = []
    workspace.panel.check_ready.connect(lambda *_: saved.append(1))
    workspace.reload()
    with qtbot.waitSignal(workspace.shown):
        pass
    assert saved == []


def test_the_digit_zero_clears(qtbot, world, workspace):
    panel = workspace.panel
    panel.go_to(panel.rows[0])
    QTest.keyClick(panel.rows[0], Qt.Key.Key_2)
    qtbot.waitUntil(lambda: stored(world).work.check("has-context").met is True)
    QTest.keyClick(panel.rows[0], Qt.Key.Key_0)
    qtbot.waitUntil(lambda: stored(world).work.checks == ())


def test_it_can_be_used_without_seeing(qtbot, workspace):
    workspace.panel.rows[1].say(False)
    panel = workspace.panel
    assert accessibility_walk.unnamed(panel) == []
    assert accessibility_walk.without_keyboard(panel) == []
    qtbot.waitUntil(lambda: accessibility_walk.clipped_buttons(panel) == [])
