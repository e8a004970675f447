"""A viewer is made with the first evidence of its kind, and is then as if it had always been there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu

from assessor_app.domain.submissions import Submission
from assessor_app.ui.annotate.visibility import ALL_LAYERS, NO_LAYERS
from assessor_app.ui.inbox import Inbox
from assessor_app.ui.keys import Context, KeyTable
from assessor_app.ui.main_window import MainWindow
from assessor_app.ui.theme import Theme
from assessor_app.ui.viewers.base import EvidenceViewer
from assessor_app.ui.viewers.pages_viewer import PagesViewer
from assessor_app.ui.viewers.response_view import ResponseView
from assessor_app.ui.viewers.text_view import TextView
from assessor_app.ui.viewers.viewer_actions import OFFERED
from assessor_app.ui.waiting_list import WaitingList
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from tests import builders
from tests.inbox_rows import NOW, LaterStore, inbox_row
from tests.ui.worlds import lesson_submission, on_screen, put_work


def renamed(submission: Submission, filename: str, media_type: str) -> Submission:
    """The same work; its first file is called something else."""

    def changed(part):
        if not part.artifacts:
            return part
        first = replace(part.artifacts[0], filename=filename, media_type=media_type)
        return replace(part, artifacts=(first, *part.artifacts[1:]))

    return replace(submission, parts=tuple(changed(part) for part in submission.parts))


@pytest.fixture
def make_work(world) -> Callable[..., AssessorWorkspace]:
    def make(filename: str = "Artifact 1.pdf", media_type: str = "application/pdf") -> AssessorWorkspace:
        version = builders.rubric_version()
        made = renamed(lesson_submission(version), filename, media_type)
        put_work(world.context, made, version)
        return AssessorWorkspace(world.lanes, made.id, world.clock.now)

    return make


@pytest.fixture
def open_work(qtbot, make_work) -> Callable[..., AssessorWorkspace]:
    return lambda *named: on_screen(qtbot, make_work(*named))


def kinds(workspace: AssessorWorkspace) -> list[type]:
    """Of the viewers that there are, without the cards."""
    made = workspace.document.view.viewers
    return [type(viewer) for viewer in made if isinstance(viewer, PagesViewer | ResponseView | TextView)]


def read_file(qtbot, workspace: AssessorWorkspace) -> EvidenceViewer:
    """Open the first file; returns what shows it."""
    view = workspace.document.view
    workspace.evidence.select("artifact:art-1")
    qtbot.waitUntil(lambda: view.source_id == "art-1" and view.viewer in view.viewers)
    qtbot.waitUntil(lambda: isinstance(view.viewer, PagesViewer | TextView))
    return view.viewer


def test_opening_a_submission_makes_the_viewer_of_what_is_shown_and_no_other(qtbot, open_work):
    workspace = open_work()
    qtbot.waitUntil(lambda: workspace.document.view.source_id != "")
    assert kinds(workspace) == [ResponseView]
    assert isinstance(read_file(qtbot, workspace), PagesViewer)
    assert kinds(workspace) == [ResponseView, PagesViewer]


@pytest.mark.parametrize("name", ["Artifact 1.txt", "Artifact 1.mp4", "Artifact 1.unheard-of"])
def test_a_file_whose_name_says_something_else_gets_its_own_viewer(qtbot, open_work, name: str):
    pages = read_file(qtbot, open_work(name, "application/octet-stream"))
    assert isinstance(pages, PagesViewer)
    qtbot.waitUntil(lambda: (0, pages.pages.scale) in pages.pages._sharp)
    assert len(pages.pages.sizes) == 6


def test_a_viewer_that_comes_later_knows_what_the_others_were_told(qtbot, open_work):
    workspace = open_work()
    view = workspace.document.view
    view.set_editable(False)
    view.set_layers(NO_LAYERS)
    pages = read_file(qtbot, workspace)
    assert isinstance(pages, PagesViewer)
    assert not pages.toolbar._is_editable
    assert pages.layers._layers == NO_LAYERS
    ties = pages.annotator.box.criteria_list
    assert ties.count() == len(builders.CRITERIA)
    pages.layers_wanted.emit(ALL_LAYERS)
    assert pages.layers._layers == ALL_LAYERS
    pages.switched.emit("view.dim_page", True)
    assert {a.objectName(): a for a in view.actions()}["view.dim_page"].isChecked()


def test_what_was_on_in_one_viewer_is_shown_by_the_actions_of_the_next(qtbot, open_work):
    workspace = open_work()
    view = workspace.document.view
    qtbot.waitUntil(lambda: view.viewer is view.response)
    assert view.response.commands()["colour.3"]() is None
    pages = read_file(qtbot, workspace)
    own = {action.objectName(): action for action in pages.findChildren(QAction)}
    assert [own[f"colour.{number}"].isChecked() for number in (1, 2, 3)] == [False, False, True]


def test_what_is_offered_before_a_viewer_is_made_is_what_viewers_do(open_work):
    view = open_work().document.view
    made = (view.pages, view.sheet, view.text, view.media, view.response, view.link, view.card, view.copying)
    ids = {entry_id for viewer in made for entry_id in viewer.commands()}
    offered = [entry.id for entry in KeyTable() if entry.context is Context.WORKSPACE and entry.id in ids]
    assert list(OFFERED) == offered


def test_the_tabulator_reaches_a_viewer_in_its_place(qtbot, open_work):
    workspace = open_work()
    read_file(qtbot, workspace)
    assert [type(viewer) for viewer in workspace.document.view.viewers][-1] is PagesViewer
    areas = (workspace.left, workspace.document.view, workspace.document.feedback, workspace.panel)
    order: list[int] = []
    widget = workspace.nextInFocusChain()
    while widget is not workspace:
        takes_keys = widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        for number, area in enumerate(areas):
            if takes_keys and area.isAncestorOf(widget) and (not order or order[-1] != number):
                order.append(number)
        widget = widget.nextInFocusChain()
    assert order == [0, 1, 2, 3]


def test_the_menu_runs_the_viewer_that_is_in_front(qtbot, qapp, make_work):
    workspace = make_work()
    window = MainWindow(Inbox(LaterStore([inbox_row(1)]).fetch, lambda: NOW), WaitingList(), Theme(qapp))
    qtbot.addWidget(window)
    window.resize(1100, 720)
    window.show()
    window.show_workspace(workspace, "S-0001")
    view = workspace.document.view
    qtbot.waitUntil(lambda: view.viewer is view.response)
    menu = next(menu for menu in window.findChildren(QMenu) if menu.title() == "Evidence")
    assert menu.menuAction().isVisible()

    def choose(title: str) -> None:
        menu.popup(window.rect().center())
        next(action for action in menu.actions() if action.text() == title).trigger()
        menu.close()

    choose("Green")
    assert view.response.annotator.colour == "green"
    pages = read_file(qtbot, workspace)
    assert isinstance(pages, PagesViewer)
    choose("Purple")
    assert (pages.annotator.pen.colour, view.response.annotator.colour) == ("purple", "green")
    choose("Hand")
    assert pages.annotator.tool.entry_id == "tool.hand"
    workspace.evidence.select(workspace.evidence.entries()[0].key)
    qtbot.waitUntil(lambda: view.viewer is view.response)
    choose("Yellow")
    assert view.response.annotator.colour == "yellow"
