"""The real renderer and real lanes for the tests of the viewers."""

from __future__ import annotations

import pytest

from assessor_app.documents.renderer import Renderer
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.viewers.habits import HABITS
from tests.ui.viewers.evidence_files import Context, lesson_pdf, sealed


@pytest.fixture(scope="session")
def renderer():
    made = Renderer()
    made.warm_up()
    yield made
    made.close()


@pytest.fixture
def lanes(qtbot, renderer):
    made = Lanes(Context(renderer))
    bugs: list[str] = []
    made.bug.connect(bugs.append)
    yield made
    assert made.close()
    assert bugs == []


@pytest.fixture
def lesson(tmp_path):
    return sealed(tmp_path, lesson_pdf(), "Artifact 1.pdf")


@pytest.fixture(autouse=True)
def fresh_habits():
    HABITS.reset()
    yield
    HABITS.reset()
