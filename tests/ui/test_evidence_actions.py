"""Links and cards in the real workspace: what is offered, what marking does, how one step takes it back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pymupdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from assessor_app.domain.assessments import Rating
from assessor_app.domain.submissions import LinkCheck, LinkState
from assessor_app.rubric.native import published
from assessor_app.rubric.schema import NotScorableCode, NotScorableEffect
from assessor_app.services import assessing, reading
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from tests import builders
from tests.builders import CRITERIA, NOON
from tests.ui import accessibility_walk
from tests.ui.worlds import (
    box_mark,
    lesson_bytes,
    lesson_submission,
    put_file,
    put_work,
)

SID = builders.submission_id(1)
LINK_CODE = NotScorableCode("link_closed", "Link does not open", NotScorableEffect.FAIL, requires_note=True)
ENCRYPTED = "art-77"


def rubric(*, with_link_code=True):
    made = builders.rubric_version()
    codes = (LINK_CODE, *made.not_scorable) if with_link_code else made.not_scorable
    return published(replace(made, not_scorable=codes))


def submission(version, *, state=LinkState.CLOSED, snapshot=False):
    made = lesson_submission(version)
    shot = replace(builders.artifact(66, content=lesson_bytes()), filename="Snapshot.pdf")
    bad = replace(builders.artifact(77, content=b"nonsense" * 40), filename="Artifact 9.pdf")

    def changed(part):
        links = tuple(
            replace(
                link,
                state=state,
                title="Photos of station 8",
                checks=(LinkCheck(NOON - timedelta(hours=3), "404 Not Found"),),
                snapshot=shot if snapshot else None,
                comments_captured=False if snapshot else None,
            )
            for link in part.links
        )
        artifacts = (*part.artifacts, bad) if part.artifacts else ()
        return replace(part, links=links, artifacts=artifacts)

    return replace(made, parts=tuple(changed(part) for part in made.parts))


@pytest.fixture
def open_workspace(qtbot, world):
    def show(version=None, made=None, key=""):
        version = version or rubric()
        made = made or submission(version)
        put_work(world.context, made, version)
        put_file(world.context, made, ENCRYPTED, b"nonsense" * 40)
        workspace = AssessorWorkspace(world.lanes, made.id, world.clock.now)
        qtbot.addWidget(workspace)
        workspace.resize(1300, 800)
        workspace.show()
        workspace.activateWindow()
        qtbot.waitUntil(lambda: workspace.opened is not None)
        if key:
            assert workspace.evidence.select(key)
            qtbot.waitUntil(lambda: workspace.document.view.viewer is not workspace.document.view.response)
        return workspace

    return show


def stored(world):
    return world.read(lambda context: reading.open_submission(context, SID)).assessment


def press_mark(workspace):
    QTest.keyClick(
        workspace,
        Qt.Key.Key_X,
        Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier,
    )


def test_a_closed_link_is_marked_by_key_with_its_proof_and_taken_back_in_one_step(
    qtbot, world, open_workspace
):
    workspace = open_workspace(key="link:link-1")
    link = workspace.document.view.link
    assert link.state_title.text() == "Does not open, provisionally"
    press_mark(workspace)
    assert link.choice.isVisible()
    assert [box.text() for box in link.choice.boxes] == ["Criterion 3", "Criterion 4"]
    note = link.choice.note.text()
    assert "2026-03-02 09:00 UTC (404 Not Found)" in note
    assert "Provisional until a second look" in note
    assert stored(world).ratings == ()
    link.choice.mark_button.click()
    wanted = {CRITERIA[2]: "link_closed", CRITERIA[3]: "link_closed"}
    qtbot.waitUntil(lambda: {r.criterion_id: r.not_scorable for r in stored(world).ratings} == wanted)
    assert all(r.note == note for r in stored(world).ratings)
    assert "Undo" in link.done.text()
    workspace.undo()
    qtbot.waitUntil(lambda: not any(r.is_set for r in stored(world).ratings))
    workspace.redo()
    qtbot.waitUntil(lambda: {r.criterion_id: r.not_scorable for r in stored(world).ratings} == wanted)


def test_a_criterion_that_is_rated_already_is_left_out_at_first(qtbot, world, open_workspace):
    workspace = open_workspace(key="link:link-1")
    rating = Rating(CRITERIA[3], level="demonstrated")
    world.lanes.write(lambda context: assessing.save_rating(context, SID, rating))
    qtbot.waitUntil(lambda: workspace.opened.assessment.rating(CRITERIA[3]).level == "demonstrated")
    link = workspace.document.view.link
    press_mark(workspace)
    assert [box.isChecked() for box in link.choice.boxes] == [True, False]
    assert link.choice.mark_button.text() == "Mark 1 criterion as not scorable"
    link.choice.boxes[0].click()
    assert not link.choice.mark_button.isEnabled()
    assert workspace.escape()
    assert not link.choice.isVisible()
    assert stored(world).rating(CRITERIA[3]).level == "demonstrated"


@pytest.mark.parametrize("state", [LinkState.OPENS, LinkState.UNKNOWN])
def test_what_is_not_proved_is_not_offered(open_workspace, state):
    version = rubric()
    workspace = open_workspace(version, submission(version, state=state), "link:link-1")
    link = workspace.document.view.link
    assert not link.mark_button.isVisible()
    press_mark(workspace)
    assert not link.choice.isVisible()
    if state is LinkState.UNKNOWN:
        assert "cannot be marked as inaccessible" in link.state.text()


def test_a_rubric_without_such_a_reason_offers_none(open_workspace):
    version = rubric(with_link_code=False)
    workspace = open_workspace(version, submission(version), "link:link-1")
    assert not workspace.document.view.link.mark_button.isVisible()


def test_a_snapshot_is_read_and_marked_like_a_file(qtbot, world, open_workspace):
    version = rubric()
    made = submission(version, state=LinkState.OPENS, snapshot=True)
    workspace = open_workspace(version, made, "link:link-1")
    put_file(world.context, made, "art-66", lesson_bytes())
    link = workspace.document.view.link
    assert "does not hold comments" in link.snapshot.text()
    with qtbot.waitSignal(workspace.document.view.pages.pages.painted_sharp):
        link.snapshot_button.click()
    bar = workspace.document.snapshot_bar
    assert bar.isVisible()
    assert "Comments were not captured" in bar.words.text()
    assert workspace.document.view.source_id == "art-66"
    assert workspace.evidence.current_entry().key == "link:link-1"
    qtbot.waitUntil(lambda: "of 6 pages" in workspace.evidence.current_entry().detail)
    bar.back_button.click()
    assert workspace.document.view.viewer is link
    mark = box_mark(made, criteria=(CRITERIA[2],))
    mark = replace(mark, anchor=replace(mark.anchor, source_id="art-66"))
    workspace.evidence.select("response:resp-context")
    with qtbot.waitSignal(workspace.document.view.pages.pages.painted_sharp):
        workspace.go_to_mark(mark)
    assert workspace.evidence.current_entry().key == "link:link-1"
    assert workspace.document.view.source_id == "art-66"


def card_of(qtbot, workspace):
    card = workspace.document.view.card
    qtbot.waitUntil(
        lambda: workspace.document.view.viewer is card and card.name.whole_text() == "Artifact 9.pdf"
    )
    return card


def test_a_card_offers_a_reason_for_its_criteria(qtbot, world, open_workspace):
    workspace = open_workspace(key=f"artifact:{ENCRYPTED}")
    card = card_of(qtbot, workspace)
    card.mark_button.click()
    assert [box.text() for box in card.choice.boxes] == ["Criterion 2"]
    assert card.choice.note.text().startswith("Artifact 9.pdf: This file")
    card.choice.mark_button.click()
    qtbot.waitUntil(lambda: stored(world).rating(CRITERIA[1]).not_scorable == "NS-UNREADABLE")


def test_a_report_says_what_it_is_and_nothing_of_its_content(qtbot, open_workspace):
    workspace = open_workspace(key=f"artifact:{ENCRYPTED}")
    card = card_of(qtbot, workspace)
    card.copy_button.click()
    report = QGuiApplication.clipboard().text()
    assert "Submission: S-0001" in report
    assert "Artifact 9.pdf" in report
    assert "SHA-256: " in report
    assert "nonsense" not in report
    assert "nothing was sent" in card.done.text()


def test_what_is_not_what_its_name_says_is_never_opened_outside(qtbot, open_workspace):
    workspace = open_workspace(key=f"artifact:{ENCRYPTED}")
    assert not card_of(qtbot, workspace).outside_button.isVisible()


def test_a_file_that_has_not_arrived_blames_nobody(qtbot, open_workspace):
    workspace = open_workspace()
    workspace.evidence.select("artifact:art-12")
    card = workspace.document.view.card
    qtbot.waitUntil(lambda: workspace.document.view.viewer is card and "computer" in card.title.text())
    assert not card.mark_button.isVisible()
    assert not card.outside_button.isVisible()


def test_opening_outside_asks_first_and_hands_over_a_plain_copy(qtbot, world, open_workspace, tmp_path):
    workspace = open_workspace()
    act, asked, opened = workspace.document.act, [], []

    def hand_over(path):
        opened.append(path)
        return True

    def refuse(name, parent):
        asked.append(name)
        return False

    act.hand_over = hand_over
    item = next(e.item for e in workspace.evidence.entries() if e.key == "artifact:art-1")
    act.show_for(workspace.opened.submission, None, item)
    act.ask = refuse
    workspace.document.view.card.outside_requested.emit()
    assert (asked, opened) == (["Artifact 1.pdf"], [])
    act.ask = lambda name, parent: True
    workspace.document.view.card.outside_requested.emit()
    qtbot.waitUntil(lambda: len(opened) == 1)
    with pymupdf.open(opened[0]) as copy, pymupdf.open(stream=lesson_bytes()) as original:
        assert [page.get_text() for page in copy] == [page.get_text() for page in original]
    assert "plain copy goes" in workspace.document.view.card.done.text()


def test_links_and_cards_have_names_and_nothing_is_clipped(qtbot, open_workspace):
    workspace = open_workspace(key="link:link-1")
    press_mark(workspace)
    assert accessibility_walk.unnamed(workspace) == []
    qtbot.waitUntil(lambda: accessibility_walk.clipped_buttons(workspace) == [])
