"""Every test begins with the program's look, and without the windows of the one before it.

Cycles are collected between tests, on the GUI thread. What is left after all of it was looked through stays
to the end (modules, what the process keeps) and is set aside, so that no later look goes through it again. A
window left over is styled anew with every change of look. A cycle that holds Qt objects and is collected on a
lane takes the process with it, sometimes much later; the program has `ui/tidying.py` against that.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from assessor_app.documents.renderer import Renderer
from assessor_app.domain.roles import Role
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.theme import Scheme, Theme
from assessor_app.ui.viewers.habits import HABITS
from tests import builders, ready_children
from tests.ui.worlds import World, make_context

FULL_COLLECTION_AFTER = 25
"""Tests from one full collection to the next."""
PATIENCE_MS = 30_000
"""Longest wait for what a test waits for, where it names none: a machine may be busy otherwise."""
_tests_run = 0

ready_children.begin()

for _wait in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitSignals):
    _wait.__kwdefaults__ = {**(_wait.__kwdefaults__ or {}), "timeout": PATIENCE_MS}


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """The application as the program dresses it: without its style sheet everything has other sizes."""
    Theme(qapp).apply(Scheme.LIGHT, 100)
    _look[:] = [qapp.font(), qapp.palette(), qapp.styleSheet()]
    return qapp


_look: list[Any] = []


def _dress_again() -> None:
    """Undo what a test made of the look: the size of text is told from the application's font."""
    app = QApplication.instance()
    if not isinstance(app, QApplication) or not _look:
        return
    font, palette, sheet = _look
    if (app.font(), app.palette(), app.styleSheet()) != (font, palette, sheet):
        app.setFont(font)
        app.setPalette(palette)
        app.setStyleSheet(sheet)


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    """The look, to be changed; the next test begins with light colours and texts at 100 % again."""
    made = Theme(qapp)
    made.apply(Scheme.LIGHT, 100)
    return made


@pytest.fixture(autouse=True)
def _windows_are_gone() -> Iterator[None]:
    global _tests_run
    gc.disable()
    # Where the last test left a file is not where this one begins to read it.
    HABITS.reset()
    yield
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    _dress_again()
    _tests_run += 1
    is_all_to_be_looked_at = _tests_run % FULL_COLLECTION_AFTER == 0 or gc.get_freeze_count() == 0
    gc.collect(2 if is_all_to_be_looked_at else 1)
    if is_all_to_be_looked_at:
        gc.freeze()


@pytest.fixture(scope="module")
def renderer() -> Iterator[Renderer]:
    """A render worker that is ready."""
    made = Renderer()
    made.warm_up()
    yield made
    made.close()


@pytest.fixture
def make_world(qtbot: QtBot, tmp_path: Path, renderer: Renderer) -> Iterator[Callable[[Role], World]]:
    """Makes an open profile with a real store and real lanes; a bug on a lane fails the test."""
    worlds: list[World] = []
    bugs: list[str] = []

    def make(role: Role = Role.ASSESSOR) -> World:
        clock = builders.FakeClock()
        context = make_context(tmp_path, renderer, clock, role)
        lanes = Lanes(context, clock=clock)
        lanes.bug.connect(bugs.append)
        worlds.append(World(context.store, context, lanes, clock))
        return worlds[-1]

    yield make
    for world in worlds:
        assert world.lanes.close()
        world.context.store.close()
    assert bugs == []


@pytest.fixture
def world(make_world: Callable[[Role], World]) -> World:
    """An assessor's open profile."""
    return make_world(Role.ASSESSOR)
