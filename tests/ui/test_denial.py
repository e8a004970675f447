"""Writing a denial in the real workspace: prepared, made one's own, kept, and never sent with a hole."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from assessor_app.cache import assessments
from assessor_app.domain.annotations import Audience
from assessor_app.domain.assessments import Rating
from assessor_app.domain.states import AssessmentState
from assessor_app.rubric.denial import DenialPart
from assessor_app.services import annotating, assessing, reading
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from tests import builders
from tests.builders import CRITERIA
from tests.ui import accessibility_walk
from tests.ui.worlds import box_mark, lesson_submission, on_screen, put_work

SID = builders.submission_id(1)
VERSION = builders.rubric_version()
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


def passing_descriptor(number: int) -> str:
    criterion = VERSION.criteria[number]
    level = next(level for level in VERSION.scale_of(criterion).levels if level.meets)
    return criterion.descriptor(level.code)


@pytest.fixture
def workspace(qtbot, world):
    """Two criteria below passing, one of them with an evidence link."""
    made = lesson_submission(VERSION)
    put_work(world.context, made, VERSION)
    for criterion_id, level in zip(CRITERIA, ("progressing", "not_met", "demonstrated"), strict=False):
        assessing.save_rating(world.context, SID, Rating(criterion_id, level=level))
    mark = box_mark(made, criteria=(CRITERIA[0],), comment="Only two questions.", audience=Audience.LEARNER)
    annotating.put(world.context, mark, "Box")
    return on_screen(qtbot, AssessorWorkspace(world.lanes, SID, world.clock.now))


def stored(world):
    return world.read(lambda context: reading.open_submission(context, SID)).assessment


def compose(qtbot, workspace):
    QTest.keyClick(workspace, Qt.Key.Key_M, CTRL | SHIFT)
    qtbot.waitUntil(lambda: workspace.denial.is_shown)
    return workspace.denial.composer


def test_one_key_shows_what_is_below_passing_begun_from_what_is_known(qtbot, world, workspace):
    composer = compose(qtbot, workspace)
    assert [card.criterion_id for card in composer.cards] == list(CRITERIA[:2])
    first, second = composer.cards
    assert "Only two questions." in first.fields[DenialPart.SEEN].text()
    assert first.fields[DenialPart.MISSING].text() == passing_descriptor(0)
    assert second.fields[DenialPart.SEEN].text() == ""
    assert first.open_parts() == tuple(DenialPart)
    assert composer._progress.text() == "0 of 2 complete"
    qtbot.waitUntil(lambda: len(stored(world).feedback_for(CRITERIA[0]).prefilled) == 2)


def test_typing_replaces_what_was_prepared_and_is_kept(qtbot, world, workspace):
    composer = compose(qtbot, workspace)
    field = composer.cards[0].fields[DenialPart.SEEN].edit
    qtbot.waitUntil(lambda: workspace.focusWidget() is field)
    QTest.keyClicks(field, "Two questions in one lesson.")
    assert field.toPlainText() == "Two questions in one lesson."
    composer.next_missing()
    assert workspace.focusWidget() is composer.cards[0].fields[DenialPart.MISSING].edit
    qtbot.waitUntil(lambda: stored(world).feedback_for(CRITERIA[0]).seen == "Two questions in one lesson.")
    assert DenialPart.SEEN not in composer.cards[0].open_parts()


def test_a_denial_with_a_part_left_as_prepared_cannot_be_sent(qtbot, world, workspace):
    composer = compose(qtbot, workspace)
    for card in composer.cards:
        for part in (DenialPart.SEEN, DenialPart.NEXT_STEP):
            card.focus_part(part)
            QTest.keyClicks(card.fields[part].edit, "In my own words.")
    composer.flush()
    qtbot.waitUntil(lambda: not workspace.has_unsaved_edits)
    missing = world.read(lambda context: assessing.review(context, SID)).checks
    about = {(check.criterion_id, check.place.field.value) for check in missing if check.severity == 0}
    assert (CRITERIA[0], "missing") in about
    assert (CRITERIA[1], "missing") in about
    assert (CRITERIA[0], "seen") not in about


def test_looked_in_and_not_found_is_one_key_and_complete(qtbot, world, workspace):
    composer = compose(qtbot, workspace)
    second = composer.cards[1]
    composer.go_to(second, DenialPart.SEEN)
    QTest.keyClick(workspace, Qt.Key.Key_E, CTRL)
    assert DenialPart.SEEN not in second.open_parts()
    at_hand = workspace.evidence.current_entry().item.id
    qtbot.waitUntil(lambda: at_hand in stored(world).feedback_for(CRITERIA[1]).looked_in)
    said = [label.text() for label in second.findChildren(QLabel) if label.isVisibleTo(second)]
    assert any(text.startswith("Looked in: ") and text.endswith("Not found.") for text in said)
    QTest.keyClick(workspace, Qt.Key.Key_E, CTRL)
    qtbot.waitUntil(lambda: stored(world).feedback_for(CRITERIA[1]).looked_in == ())
    assert DenialPart.SEEN in second.open_parts()


def test_the_key_works_from_the_rubric_as_well(qtbot, world, workspace):
    workspace.panel.go_to(workspace.panel.card_of(CRITERIA[1]))
    QTest.keyClick(workspace, Qt.Key.Key_E, CTRL)
    qtbot.waitUntil(lambda: workspace.denial.is_shown)
    qtbot.waitUntil(lambda: stored(world).feedback_for(CRITERIA[1]).looked_in != ())


def test_writing_in_the_rubric_loses_nothing_of_it(qtbot, world, workspace):
    composer = compose(qtbot, workspace)
    composer.go_to(composer.cards[1], DenialPart.SEEN)
    QTest.keyClick(workspace, Qt.Key.Key_E, CTRL)
    qtbot.waitUntil(lambda: stored(world).feedback_for(CRITERIA[1]).looked_in != ())
    QTest.keyClick(workspace, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not workspace.denial.is_shown)
    card = workspace.panel.card_of(CRITERIA[1])
    assert card.feedback.missing.text() == passing_descriptor(1)
    card.feedback.next_step.edit.setFocus()
    QTest.keyClicks(card.feedback.next_step.edit, "Try one lesson.")
    card.feedback.keeper.flush()
    qtbot.waitUntil(lambda: stored(world).feedback_for(CRITERIA[1]).next_step == "Try one lesson.")
    kept = stored(world).feedback_for(CRITERIA[1])
    assert kept.looked_in
    assert kept.prefilled


def test_loading_saves_nothing(qtbot, world, workspace):
    before = stored(world)
    composer = compose(qtbot, workspace)
    qtbot.waitUntil(lambda: not workspace.has_unsaved_edits)
    begun = stored(world)
    assert begun != before
    saved = []
    composer.feedback_ready.connect(lambda *_: saved.append(1))
    workspace.reload()
    QTest.keyClick(workspace, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not workspace.denial.is_shown)
    compose(qtbot, workspace)
    assert saved == []


def test_nothing_below_passing_says_so(qtbot, world, workspace):
    for criterion_id in CRITERIA:
        assessing.save_rating(world.context, SID, Rating(criterion_id, level="demonstrated"))
    composer = compose(qtbot, workspace)
    assert composer.cards == []
    assert composer._nothing.isVisibleTo(composer)


def test_a_rating_raised_meanwhile_takes_its_card_away(qtbot, world, workspace):
    composer = compose(qtbot, workspace)
    world.lanes.write(
        lambda context: assessing.save_rating(context, SID, Rating(CRITERIA[1], level="demonstrated"))
    )
    qtbot.waitUntil(lambda: [card.criterion_id for card in composer.cards] == [CRITERIA[0]])


def test_a_sent_assessment_leads_back_to_the_rubric(qtbot, world, workspace):
    compose(qtbot, workspace)

    with world.context.store.write() as txn:
        assessments.set_state(txn, SID, 1, AssessmentState.FINAL, world.clock.now())
    workspace.reload()
    qtbot.waitUntil(lambda: not workspace.denial.is_shown)


def test_it_can_be_used_without_seeing(qtbot, workspace):
    composer = compose(qtbot, workspace)
    assert accessibility_walk.unnamed(composer) == []
    qtbot.waitUntil(lambda: accessibility_walk.clipped_buttons(composer) == [])
    assert accessibility_walk.without_keyboard(composer) == []
