"""The keyboard path of a submission with twelve criteria, counted in key presses, in the real workspace.

Least possible is a digit for each criterion, a step between each two, and the words themselves. Every other
press is counted against the program; typed words are not, for they are the same on paper.
"""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from assessor_app.cache import policy
from assessor_app.domain.ids import CriterionId, RequirementId
from assessor_app.domain.policy import Policy
from assessor_app.domain.states import AssessmentState
from assessor_app.rubric.checks import FeedbackRequired
from assessor_app.rubric.native import published
from assessor_app.rubric.schema import Requirement, RequirementKind, RubricStatus, RubricVersion
from assessor_app.services import reading
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from tests import builders
from tests.ui.worlds import lesson_submission, on_screen, put_work

CRITERIA = 12
LEAST = CRITERIA + (CRITERIA - 1)
"""A digit for each, a step between each two."""
MOST = LEAST + 6
"""To the panel, into two feedback fields, to the last page, to its button, and that."""
NONE, CONTROL, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)


def twelve() -> RubricVersion:
    """Two requirements with six criteria each; feedback is asked for each requirement."""
    requirements = tuple(
        Requirement(
            id=RequirementId(name),
            position=position,
            title=name.title(),
            kind=RequirementKind.ARTIFACT,
            evidence_required="What shows it.",
            criteria=tuple(
                builders.criterion(CriterionId(f"{name}-{n}"), f"Shows part {n} of it.") for n in range(1, 7)
            ),
        )
        for position, name in enumerate(("design", "implement"), 1)
    )
    draft = replace(builders.rubric_version(), status=RubricStatus.DRAFT, requirements=requirements)
    return published(draft)


class Hands:
    """Presses keys on whatever has the keyboard, and counts them."""

    def __init__(self, workspace: QWidget) -> None:
        self._workspace = workspace
        self.presses: list[str] = []

    def press(self, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        """One press, with whatever is held down."""
        self.presses.append(key.name)
        QTest.keyClick(self._focus(), key, modifiers)

    def type(self, text: str) -> None:
        """Words, which are not counted."""
        QTest.keyClicks(self._focus(), text)

    def _focus(self) -> QWidget:
        focus: QWidget | None = self._workspace.window().focusWidget()
        return self._workspace if focus is None else focus


@pytest.fixture
def workspace(qtbot, world):
    version = twelve()
    made = lesson_submission(version)
    put_work(world.context, made, version)
    with world.context.store.write() as txn:
        needs = FeedbackRequired.EVERY_REQUIREMENT.value
        policy.put_policy(txn, Policy(id="p", feedback_required=needs))
    return on_screen(qtbot, AssessorWorkspace(world.lanes, made.id, world.clock.now))


def test_twelve_criteria_two_texts_and_sending_in_few_presses(qtbot, world, workspace):
    hands = Hands(workspace)
    hands.press(Qt.Key.Key_Return, CONTROL)
    for number in range(CRITERIA):
        assert workspace.panel.cards.index(workspace.panel.current) == number
        hands.press(Qt.Key.Key_3)
        if number in (0, 6):
            hands.press(Qt.Key.Key_Return)
            hands.type("Your notes show this in two places, with the students' own words.")
        if number < CRITERIA - 1:
            hands.press(Qt.Key.Key_Return, CONTROL)
    workspace.flush()
    qtbot.waitUntil(lambda: not workspace.has_unsaved_edits)
    hands.press(Qt.Key.Key_Return, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: workspace._stack.currentWidget() is workspace.review)
    qtbot.waitUntil(lambda: workspace.review.send_button.isEnabled())
    while not workspace.review.send_button.hasFocus() and len(hands.presses) < 2 * MOST:
        hands.press(Qt.Key.Key_Tab)
    hands.press(Qt.Key.Key_Space)
    submission_id = workspace.submission_id

    def state():
        return world.read(lambda context: reading.open_submission(context, submission_id).assessment.state)

    qtbot.waitUntil(lambda: state() is AssessmentState.FINAL)
    count = len(hands.presses)
    sys.stderr.write(f"{count} key presses; the least possible is {LEAST} and the words\n")
    assert LEAST < count <= MOST
