"""The time on a submission in the real workspace: shown small, stopped at will, kept, never sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStackedWidget, QWidget

from assessor_app.services import time_on_task
from assessor_app.ui.workspaces import time_keeper
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from tests import builders
from tests.ui.worlds import lesson_submission, put_work

SUB = builders.submission_id(1)


@pytest.fixture
def open_workspace(qtbot, world):
    kept_alive = []

    def show():
        version = builders.rubric_version()
        put_work(world.context, lesson_submission(version), version)
        workspace = AssessorWorkspace(world.lanes, SUB, world.clock.now)
        pages = QStackedWidget()
        pages.addWidget(workspace)
        pages.addWidget(QWidget())
        kept_alive.append(pages)
        qtbot.addWidget(pages)
        pages.resize(1100, 720)
        pages.show()
        pages.activateWindow()
        qtbot.waitUntil(lambda: workspace.opened is not None and workspace.time.count.is_shown)
        return workspace

    yield show
    kept_alive.clear()


def kept(world):
    return world.read(lambda context: time_on_task.load(context, SUB))


def act(workspace):
    """What the system tells a window when a key is pressed."""
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Shift, Qt.KeyboardModifier.NoModifier)
    QGuiApplication.sendEvent(workspace.window().windowHandle(), event)


def test_it_counts_while_something_is_done_and_says_who_sees_it(qtbot, world, open_workspace):
    workspace = open_workspace()
    for _ in range(25):
        world.clock.advance(60)
        act(workspace)
    workspace.time.tick()
    assert workspace.header.time_button.text() == "25 min · Only you"
    assert "never leaves this computer" in workspace.header.time_button.accessibleName()
    world.clock.advance(3600)
    workspace.time.tick()
    assert workspace.header.time_button.text() == "27 min · Only you"
    qtbot.waitUntil(lambda: kept(world) == timedelta(minutes=27))


def test_it_is_paused_by_its_key(qtbot, world, open_workspace):
    workspace = open_workspace()
    world.clock.advance(60)
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(workspace, Qt.Key.Key_T, both)
    assert workspace.header.time_button.text() == "1 min · paused · Only you"
    world.clock.advance(60)
    act(workspace)
    workspace.header.time_button.click()
    world.clock.advance(60)
    workspace.time.tick()
    assert workspace.header.time_button.text() == "2 min · Only you"


def test_who_looks_elsewhere_is_not_counted_and_what_was_is_kept(qtbot, world, open_workspace):
    workspace = open_workspace()
    world.clock.advance(90)
    workspace.window().setCurrentIndex(1)
    qtbot.waitUntil(lambda: kept(world) == timedelta(seconds=90))
    world.clock.advance(60)
    workspace.window().setCurrentIndex(0)
    qtbot.waitUntil(lambda: workspace.time.count.is_shown)
    world.clock.advance(30)
    workspace.time.tick()
    qtbot.waitUntil(lambda: kept(world) == timedelta(seconds=120))


def test_after_a_kill_at_most_half_a_minute_is_missing(qtbot, world, open_workspace, monkeypatch):
    """The timer alone writes; nobody closes anything."""
    monkeypatch.setattr("assessor_app.ui.workspaces.time_keeper.TICK_MS", 20)
    workspace = open_workspace()
    world.clock.advance(75)
    qtbot.waitUntil(lambda: kept(world) == timedelta(seconds=75))
    assert workspace.isVisible()


def test_the_timer_is_quick_enough():
    assert time_keeper.TICK_MS <= 30_000


def test_the_next_sitting_adds_to_the_last(qtbot, world, open_workspace):
    workspace = open_workspace()
    world.clock.advance(100)
    workspace.window().close()
    qtbot.waitUntil(lambda: kept(world) == timedelta(seconds=100))
    again = AssessorWorkspace(world.lanes, SUB, world.clock.now)
    qtbot.addWidget(again)
    again.show()
    again.activateWindow()
    qtbot.waitUntil(lambda: again.opened is not None and again.time.count.is_shown)
    world.clock.advance(100)
    again.time.tick()
    assert again.header.time_button.text() == "3 min · Only you"


def test_keeping_it_is_no_save_of_the_persons(qtbot, world, open_workspace):
    workspace = open_workspace()
    saved = []
    world.lanes.saved.connect(lambda *_: saved.append(1))
    world.clock.advance(50)
    workspace.time.tick()
    qtbot.waitUntil(lambda: kept(world) == timedelta(seconds=50))
    assert saved == []
    assert not workspace.has_unsaved_edits
