"""Criteria and evidence, both ways: what serves what, what was read, and the table of both."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from assessor_app.cache import annotations as marks
from assessor_app.cache import reading_state
from assessor_app.domain.reading import ReadingState
from assessor_app.services import annotating, reading_progress
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from assessor_app.ui.workspaces.coverage_model import CELL_ROLE
from tests import builders
from tests.builders import CRITERIA
from tests.ui import accessibility_walk
from tests.ui.worlds import box_mark, lesson_submission, on_screen, put_work

SUBMISSION = builders.submission_id(1)


@pytest.fixture
def open_workspace(qtbot, world):
    def show(*, tied=(), read=()):
        version = builders.rubric_version()
        submission = lesson_submission(version)
        put_work(world.context, submission, version)
        with world.store.write() as txn:
            for mark in tied:
                marks.put(txn, mark)
            for state in read:
                reading_state.put(txn, submission.id, state)
        return on_screen(qtbot, AssessorWorkspace(world.lanes, submission.id, world.clock.now))

    return show


def tied_mark(number=1, criteria=(CRITERIA[1], CRITERIA[2])):
    return box_mark(lesson_submission(builders.rubric_version()), number, criteria=criteria)


def entry_of(workspace, key):
    return next(entry for entry in workspace.evidence.entries() if entry.key == key)


def test_a_line_says_which_criteria_it_serves_and_what_was_read(qtbot, open_workspace):
    workspace = open_workspace(
        tied=[tied_mark()], read=[ReadingState("art-1", pages=((0, 1),), page_count=6)]
    )
    qtbot.waitUntil(lambda: "2 of 6 pages" in entry_of(workspace, "artifact:art-1").detail)
    entry = entry_of(workspace, "artifact:art-1")
    assert entry.criteria == (2, 3)
    assert entry.words.endswith("Serves criteria 2, 3")
    assert not entry_of(workspace, "link:link-1").is_opened
    assert "not looked at yet" in entry_of(workspace, "link:link-1").detail


def test_pages_in_view_for_a_second_are_counted_and_kept(qtbot, world, open_workspace):
    workspace = open_workspace()
    assert not entry_of(workspace, "artifact:art-1").is_opened
    with qtbot.waitSignal(workspace.document.view.pages.pages.painted_sharp):
        workspace.evidence.select("artifact:art-1")
    qtbot.waitUntil(lambda: "1 of 6 pages" in entry_of(workspace, "artifact:art-1").detail)
    assert workspace.evidence.current_entry().key == "artifact:art-1"
    workspace.reading.flush()
    qtbot.waitUntil(lambda: bool(world.read(lambda c: reading_progress.load(c, SUBMISSION))))
    stored = {s.source_id: s for s in world.read(lambda c: reading_progress.load(c, SUBMISSION))}
    qtbot.waitUntil(lambda: stored["art-1"].pages == ((0, 0),))


def test_reading_does_not_count_as_unsaved_work(qtbot, world, open_workspace):
    workspace = open_workspace()
    said: list[object] = []
    world.lanes.busy_with_saves.connect(said.append)
    workspace.reading.add(ReadingState("art-1", pages=((0, 3),), page_count=6))
    workspace.reading.flush()
    qtbot.waitUntil(lambda: bool(world.read(lambda c: reading_progress.load(c, SUBMISSION))))
    assert said == []
    assert not workspace.has_unsaved_edits


def test_chips_above_the_document_lead_to_the_criterion(qtbot, open_workspace):
    workspace = open_workspace(tied=[tied_mark()])
    workspace.evidence.select("artifact:art-1")
    chips = workspace.document.asked.served.buttons
    assert [chip.text() for chip in chips] == ["2", "3"]
    assert chips[1].accessibleName().startswith("Criterion 3: Student work")
    chips[1].click()
    assert workspace.panel.current.frame.criterion.id == CRITERIA[2]
    workspace.evidence.select("response:resp-context")
    assert not workspace.document.asked.served.isVisible()


def press(workspace, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(workspace.focusWidget() or workspace, key, modifier)


def test_the_table_opens_by_key_and_says_what_is_missing(qtbot, open_workspace):
    workspace = open_workspace(tied=[tied_mark()])
    press(workspace, Qt.Key.Key_M, Qt.KeyboardModifier.ControlModifier)
    assert workspace.coverage_mode.is_shown
    page = workspace.coverage
    assert page.bare.text() == "2 of 4 criteria have no evidence link yet"
    qtbot.waitUntil(lambda: page.unopened.text() == "4 of 5 pieces of evidence were not opened yet")
    assert page.model.rowCount() == 4
    assert page.model.columnCount() == 5
    index = page.model.index(1, 1)
    assert index.data() == "1"
    assert index.data(CELL_ROLE).is_asked
    said = index.data(Qt.ItemDataRole.AccessibleTextRole)
    assert said.startswith("Criterion 2: Plans open questions")
    assert said.endswith("Artifact 1.pdf  ·  1 evidence link")
    press(workspace, Qt.Key.Key_Escape)
    assert not workspace.coverage_mode.is_shown


def test_a_cell_leads_to_its_first_link(qtbot, open_workspace):
    workspace = open_workspace(tied=[tied_mark()])
    workspace.coverage_mode.toggle()
    table = workspace.coverage.table
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Down):
        QTest.keyClick(table, key)
    assert workspace.coverage.here.text().startswith("Criterion 3")
    with qtbot.waitSignal(workspace.document.view.pages.pages.painted_sharp):
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert not workspace.coverage_mode.is_shown
    assert workspace.panel.current.frame.criterion.id == CRITERIA[2]
    assert workspace.evidence.current_entry().key == "artifact:art-1"
    qtbot.waitUntil(lambda: workspace.document.view.pages.pages.page == 1)


def test_an_empty_cell_opens_the_piece_with_the_criterion_beside_it(qtbot, open_workspace):
    workspace = open_workspace()
    workspace.coverage_mode.toggle()
    model = workspace.coverage.model
    column = next(x for x, entry in enumerate(model.entries) if entry.key == "link:link-1")
    workspace.coverage.table.setCurrentIndex(model.index(3, column))
    QTest.keyClick(workspace.coverage.table, Qt.Key.Key_Return)
    assert workspace.panel.current.frame.criterion.id == CRITERIA[3]
    assert workspace.evidence.current_entry().key == "link:link-1"


def test_the_table_follows_what_is_tied_meanwhile(qtbot, world, open_workspace):
    workspace = open_workspace()
    workspace.coverage_mode.toggle()
    workspace.coverage.table.setCurrentIndex(workspace.coverage.model.index(2, 1))
    world.lanes.write(lambda context: annotating.put(context, tied_mark(), "Box"))
    qtbot.waitUntil(lambda: workspace.coverage.model.bare == 2)
    assert workspace.coverage.model.index(2, 1).data() == "1"
    assert workspace.coverage.table.currentIndex() == workspace.coverage.model.index(2, 1)


def test_headings_stay_while_the_table_scrolls(open_workspace):
    workspace = open_workspace(tied=[tied_mark()])
    workspace.coverage_mode.toggle()
    table = workspace.coverage.table
    before = table.verticalHeader().geometry(), table.horizontalHeader().geometry()
    table.scrollTo(workspace.coverage.model.index(3, 4))
    assert (table.verticalHeader().geometry(), table.horizontalHeader().geometry()) == before
    assert table.verticalHeader().width() < table.width() / 2


def test_everything_on_the_page_has_a_name(open_workspace):
    workspace = open_workspace(tied=[tied_mark()])
    workspace.coverage_mode.toggle()
    assert accessibility_walk.unnamed(workspace) == []
