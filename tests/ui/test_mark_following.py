"""One selection for page, list and evidence links, in both workspaces, on a real store."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from assessor_app.domain.annotations import Audience, Rect
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.services import annotating
from assessor_app.ui.annotate.drafts import MarksEdit
from assessor_app.ui.annotate.marks_menu import MarksMenu
from assessor_app.ui.scoring.evidence_links import EvidenceLinks, LinkButton
from assessor_app.ui.workspaces.approver import ApproverWorkspace
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from tests import builders
from tests.builders import CRITERIA
from tests.ui.viewers.marking import CTRL, click, on_screen
from tests.ui.worlds import box_mark, lesson_submission, put_work


def marks_on(submission, **changes):
    """A box on each of three pages; the first two tied to the first criterion."""
    made = []
    for page in range(3):
        mark = box_mark(submission, page + 1, criteria=(CRITERIA[0],) if page < 2 else (), **changes)
        anchor = replace(mark.anchor, page=page, rects=(Rect(72, 380, 300, 500),))
        made.append(replace(mark, anchor=anchor))
    return made


@pytest.fixture
def desk(qtbot, make_world):
    world = make_world(Role.ASSESSOR)
    version = builders.rubric_version()
    submission = lesson_submission(version)
    put_work(world.context, submission, version)
    annotating.edit(world.context, submission.id, "Paste 3 marks", puts=marks_on(submission))
    workspace = AssessorWorkspace(world.lanes, submission.id, world.clock.now)
    qtbot.addWidget(workspace)
    workspace.resize(1300, 800)
    workspace.show()
    workspace.activateWindow()
    qtbot.waitUntil(lambda: workspace.opened is not None)
    workspace.left.marks_button.setChecked(True)
    return workspace


def checked(workspace):
    """The marks whose evidence link wears the sign of being picked."""
    buttons = workspace.panel.card_of(CRITERIA[0]).links.findChildren(LinkButton)
    return [button.mark.id for button in buttons if button.isChecked()]


def rows(workspace):
    return [mark.id for mark in workspace.left.marks.picked_marks()]


def open_pages(qtbot, workspace):
    workspace.evidence.select("artifact:art-1")
    viewer = workspace.document.viewer
    qtbot.waitUntil(lambda: workspace.document.shows_pages() and viewer.pages.page_count == 6)
    qtbot.waitUntil(lambda: viewer.supply.text(0) is not None)
    return viewer


def test_a_mark_picked_on_the_page_is_picked_in_the_list_and_among_the_links(qtbot, desk):
    viewer = open_pages(qtbot, desk)
    first = desk.opened.annotations[0]
    click(qtbot, viewer, on_screen(viewer, 72, 440))
    assert desk.following.picked == (first.id,)
    assert rows(desk) == [first.id]
    assert checked(desk) == [first.id]
    viewer.escape()
    viewer.escape()
    assert rows(desk) == []
    assert checked(desk) == []


def test_a_row_brings_the_page_and_the_keyboard_stays_in_the_list(qtbot, desk):
    tree, marks = desk.left.marks.tree, desk.opened.annotations
    tree.setFocus()
    QTest.keyClick(tree, Qt.Key.Key_Down)
    viewer = desk.document.viewer
    # The artifact was not even open.
    qtbot.waitUntil(lambda: viewer.annotator.layer.selected is not None)
    start = rows(desk)
    QTest.keyClick(tree, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: rows(desk) != start)
    picked = rows(desk)
    assert picked == [viewer.annotator.layer.selected.annotation.id]
    page = next(mark.anchor.page for mark in marks if mark.id == picked[0])
    assert viewer.pages.page == page
    assert tree.hasFocus()


def test_a_link_of_a_criterion_brings_page_and_row(qtbot, desk):
    viewer = open_pages(qtbot, desk)
    second = desk.opened.annotations[1]
    button = next(b for b in desk.panel.card_of(CRITERIA[0]).links.findChildren(LinkButton)
                  if b.mark.id == second.id)  # fmt: skip
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert viewer.annotator.layer.selected.annotation.id == second.id
    assert viewer.pages.page == 1
    assert rows(desk) == [second.id]
    assert button.isChecked()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert button.isChecked()


def test_the_criterion_of_a_picked_mark_opens_unless_the_person_works_there(qtbot, desk):
    viewer, panel = open_pages(qtbot, desk), desk.panel
    panel._column.open(panel.card_of(CRITERIA[2]))
    viewer.pages.setFocus()
    click(qtbot, viewer, on_screen(viewer, 72, 440))
    assert panel.current is panel.card_of(CRITERIA[0])
    assert viewer.pages.hasFocus()
    viewer.escape()
    viewer.escape()
    panel.go_to(panel.card_of(CRITERIA[2]))
    desk.left.marks.tree.selectAll()
    desk.left.marks.show_picked(())
    desk.following._picked_on_page((desk.opened.annotations[0].id,))
    assert panel.current is panel.card_of(CRITERIA[2])


def test_several_rows_are_several_marks_on_the_page_and_go_as_one_step(qtbot, desk):
    viewer = open_pages(qtbot, desk)
    tree = desk.left.marks.tree
    tree.setFocus()
    QTest.keyClick(tree, Qt.Key.Key_A, CTRL)
    assert len(viewer.annotator.layer.selected_ids) == 3
    QTest.keyClick(tree, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: desk.opened.annotations == ())
    undo = desk.actions_made.action("edit.undo")
    assert undo.text() == "Undo Delete 3 marks"
    undo.trigger()
    qtbot.waitUntil(lambda: len(desk.opened.annotations) == 3)
    assert desk.actions_made.action("edit.redo").text() == "Redo Delete 3 marks"


def test_the_lists_menu_acts_on_all_rows_and_leaves_others_marks_alone(qtbot, desk):
    marks = desk.opened.annotations
    edits: list[MarksEdit] = []
    menu = MarksMenu(marks, [(CRITERIA[1], "Design 1"), (CRITERIA[0], "Analyze & 1")], desk)
    menu.edited.connect(edits.append)
    colours, readers, ties = menu.findChildren(QMenu)
    colours.actions()[1].trigger()
    assert {mark.colour for mark in edits[-1].puts} == {"sky"}
    readers.actions()[2].trigger()
    assert {mark.audience for mark in edits[-1].puts} == {Audience.LEARNER}
    ties.actions()[1].trigger()
    # Two were tied already: only the third changes.
    assert [mark.id for mark in edits[-1].puts] == [marks[2].id]
    assert edits[-1].label == "Evidence link"
    menu.actions()[-1].trigger()
    assert edits[-1].deletes == tuple(mark.id for mark in marks)


def test_layers_are_switched_in_the_menu_and_stay_so_on_the_next_piece(qtbot, desk):
    viewer = open_pages(qtbot, desk)
    actions = {action.objectName(): action for action in desk.document.view.actions()}
    assert actions["layers.mine"].isChecked() or not actions["layers.hide"].isChecked()
    actions["layers.hide"].trigger()
    assert viewer.annotator.layer.marks() == ()
    assert actions["layers.hide"].isChecked()
    assert not actions["layers.mine"].isChecked()
    assert viewer.toolbar.layers.accessibleName() == "Layers of marks: some are hidden"
    desk.evidence.step(-1)
    open_pages(qtbot, desk)
    assert viewer.annotator.layer.marks() == ()
    actions["layers.hide"].trigger()
    assert len(viewer.annotator.layer.marks()) == 3


def test_the_approver_reads_and_hides_but_changes_nothing(qtbot, make_world):
    world = make_world(Role.APPROVER)
    version = builders.rubric_version()
    submission = lesson_submission(version, status=SubmissionStatus.WAITING_ON_APPROVER)
    marks = tuple(marks_on(submission, audience=Audience.APPROVER))
    sent = replace(builders.recommendation(1, of=submission), annotations=marks)
    put_work(world.context, submission, version, recommendations=(sent,))
    workspace = ApproverWorkspace(world.lanes, submission.id, world.clock.now)
    qtbot.addWidget(workspace)
    workspace.resize(1300, 800)
    workspace.show()
    qtbot.waitUntil(lambda: workspace.brief is not None)
    viewer = open_pages(qtbot, workspace)
    click(qtbot, viewer, on_screen(viewer, 72, 440))
    assert viewer.annotator.layer.selected is not None
    assert viewer.annotator.box.comment.isReadOnly()
    assert not viewer.annotator.box.style_row.isVisible()
    assert viewer.annotator.layer.handles() == {}
    # Tied to a criterion that is covered still: the link is picked all the same.
    links = workspace.panel.findChildren(EvidenceLinks)
    assert any(b.isChecked() for link in links for b in link.findChildren(LinkButton))
    edits: list[MarksEdit] = []
    workspace.document.marks_edited.connect(edits.append)
    for key in (Qt.Key.Key_Delete, Qt.Key.Key_Right, Qt.Key.Key_5):
        QTest.keyClick(viewer.pages, key)
    viewer.run("annotation.cut")
    viewer.run("annotation.duplicate")
    viewer.annotator.flush()
    assert edits == []
    viewer.run("layers.assessor")
    viewer.escape()
    viewer.escape()
    assert viewer.annotator.layer.marks() == ()
