"""The assessor's workspace on a real store, a real render worker and real lanes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from assessor_app.documents.renderer import Renderer
from assessor_app.domain.assessments import CriterionFeedback, Rating, RuleResult
from assessor_app.domain.roles import Role
from assessor_app.domain.states import AssessmentState
from assessor_app.services import annotating, assessing, reading
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from tests import builders
from tests.builders import CRITERIA
from tests.ui.worlds import World, box_mark, lesson_submission, make_context, put_work


@pytest.fixture(scope="module")
def renderer():
    made = Renderer()
    made.warm_up()
    yield made
    made.close()


@pytest.fixture
def world(qtbot, tmp_path, renderer):
    clock = builders.FakeClock()
    context = make_context(tmp_path, renderer, clock, Role.ASSESSOR)
    lanes = Lanes(context, clock=clock)
    bugs: list[str] = []
    lanes.bug.connect(bugs.append)
    yield World(context.store, context, lanes, clock)
    assert lanes.close()
    context.store.close()
    assert bugs == []


@pytest.fixture
def open_workspace(qtbot, world):
    def show(submission=None, rubric=None, prepare=None):
        version = rubric or builders.rubric_version()
        made = submission or lesson_submission(version)
        put_work(world.context, made, version)
        if prepare is not None:
            prepare(world.context, made)
        workspace = AssessorWorkspace(world.lanes, made.id, world.clock.now)
        qtbot.addWidget(workspace)
        workspace.resize(1100, 720)
        workspace.show()
        workspace.activateWindow()
        qtbot.waitUntil(lambda: workspace.opened is not None)
        return workspace

    return show


def stored(world):
    return world.read(lambda context: reading.open_submission(context, builders.submission_id(1)))


def test_it_opens_with_what_was_asked_beside_the_first_answer(open_workspace):
    workspace = open_workspace()
    titles = [entry.title for entry in workspace.evidence.entries()]
    assert titles[0].startswith("Describe your class")
    assert "Artifact 1.pdf" in titles
    assert workspace.evidence.current_entry().key == "response:resp-context"
    assert "A description of your class" in workspace.document.asked._asked.text()


def test_the_real_pdf_is_drawn_beside_the_rubric(qtbot, open_workspace):
    workspace = open_workspace()
    assert workspace.evidence.select("artifact:art-1")
    with qtbot.waitSignal(workspace.document.view.pages.pages.painted_sharp):
        pass
    assert workspace.document.view.pages.pages.page_count == 6


def test_criteria_are_rated_by_keyboard_alone(qtbot, world, open_workspace):
    workspace = open_workspace()
    workspace.panel.focus_current()
    for digit in "3213":
        row = workspace.focusWidget()
        with qtbot.waitSignal(world.lanes.saved):
            QTest.keyClick(row, digit)
        QTest.keyClick(workspace, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: workspace.opened.verdict.result is RuleResult.NO)
    assert [rating.level for rating in stored(world).assessment.ratings] == [
        "demonstrated",
        "progressing",
        "not_met",
        "demonstrated",
    ]
