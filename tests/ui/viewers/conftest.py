"""The real renderer and real lanes for the tests of the viewers."""

from __future__ import annotations

import pytest

from assessor_app.documents.renderer import Renderer
from assessor_app.ui.keys import KeyTable
from assessor_app.ui.tasks import Lanes
from assessor_app.ui.viewers.pages_viewer import PagesViewer
from tests.builders import CRITERIA
from tests.ui.viewers.evidence_files import Context, lesson_pdf, sealed
from tests.ui.viewers.keeper import Keeper
from tests.ui.viewers.marking import draw


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


@pytest.fixture
def open_tall(qtbot, lanes, renderer):
    """Opens a file in a real viewer, tall enough for a whole page, with somebody who keeps its marks."""

    def show(source, height_px=1150):
        viewer = PagesViewer(lanes, KeyTable())
        qtbot.addWidget(viewer)
        viewer.resize(820, height_px)
        viewer.show()
        qtbot.waitExposed(viewer)
        viewer.set_criteria([(CRITERIA[0], "Analyze 1: names"), (CRITERIA[1], "Design 1: plans")])
        with qtbot.waitSignal(viewer.pages.painted_sharp):
            viewer.open(source, renderer.open(source), "art-1")
        qtbot.waitUntil(lambda: viewer.supply.text(0) is not None)
        viewer.pages.setFocus()
        return viewer, Keeper(viewer)

    return show


@pytest.fixture
def desk(open_tall, lesson):
    return open_tall(lesson)


@pytest.fixture
def three(desk, qtbot):
    """A box, an ellipse and an arrow in a row, below the words; none selected."""
    viewer, keeper = desk
    draw(qtbot, viewer, "tool.box", (100, 690), (160, 730))
    draw(qtbot, viewer, "tool.ellipse", (200, 690), (260, 730))
    draw(qtbot, viewer, "tool.arrow", (300, 690), (360, 730))
    viewer.annotator.layer.select(None)
    return viewer, keeper
