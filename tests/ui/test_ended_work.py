"""Work that ends while it is open: the banner says so, what is gone is not shown, and what is kept can go."""

from __future__ import annotations

import pytest

from assessor_app.cache import endings, submissions
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.endings import EndingReason
from assessor_app.domain.roles import Role
from assessor_app.services import assessing
from assessor_app.ui.sending.remove_dialog import RemoveDialog
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from tests import builders
from tests.contexts import assess
from tests.ui.test_around_sending import dialog_of, is_for_everybody, press, words_of
from tests.ui.worlds import lesson_submission, on_screen, put_work

SUB = builders.submission_id(1)


@pytest.fixture
def workspace(qtbot, world):
    version = builders.rubric_version()
    made = lesson_submission(version)
    put_work(world.context, made, version)
    assess(world.context, made)
    assessing.save_overall(world.context, SUB, "Kept words.")
    return on_screen(qtbot, AssessorWorkspace(world.lanes, made.id, world.clock.now))


def end(world, reason):
    """The platform has said so in a pull."""
    with world.store.write() as txn:
        submissions.remove_assignment(txn, SUB, Role.ASSESSOR)
        endings.end(txn, SUB, reason, reason.value, world.clock.now())
    world.lanes.broadcast(ChangeSet.of_ending(SUB))


def is_gone(world):
    with world.store.read() as txn:
        return submissions.get_submission(txn, SUB) is None


def test_what_was_withdrawn_keeps_the_judgement_without_the_evidence_until_she_removes_it(
    qtbot, world, workspace
):
    qtbot.waitUntil(lambda: workspace.opened is not None)
    end(world, EndingReason.WITHDRAWN)
    qtbot.waitUntil(lambda: "The learner withdrew this" in words_of(workspace.banner))
    # Behind its first line until it is known how much room there is.
    qtbot.waitUntil(lambda: "Its evidence was erased" in words_of(workspace.banner))
    assert not workspace.preview.pane.isVisible()
    assert workspace.panel.isVisible()
    is_for_everybody(qtbot, workspace.banner)
    press(qtbot, workspace.banner, "Remove from this computer…")
    dialog = dialog_of(qtbot, workspace, RemoveDialog)
    is_for_everybody(qtbot, dialog)
    assert dialog.keep.isDefault()
    dialog.keep.click()
    assert not is_gone(world)
    press(qtbot, workspace.banner, "Remove from this computer…")
    with qtbot.waitSignal(workspace.close_requested):
        dialog_of(qtbot, workspace, RemoveDialog).remove.click()
    assert is_gone(world)


def test_of_an_erased_learner_only_the_line_is_left(qtbot, world, workspace):
    qtbot.waitUntil(lambda: workspace.opened is not None)
    end(world, EndingReason.ERASED)
    qtbot.waitUntil(lambda: "The learner's data were erased" in words_of(workspace.banner))
    assert not any(pane.isVisible() for pane in (workspace.left, workspace.preview.pane, workspace.panel))
    assert "Kept words." not in words_of(workspace)
    with qtbot.waitSignal(workspace.close_requested):
        press(qtbot, workspace.banner, "Take it off the list")
    assert is_gone(world)
