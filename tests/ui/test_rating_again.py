"""Rating a resubmission, a single artifact, and under a rubric that changed, on a real store and lanes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from assessor_app.cache import practice_anchors, submissions
from assessor_app.domain.assessments import Rating, RuleResult
from assessor_app.domain.calibration import PracticeAnchor
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.kinds import SubmissionType
from assessor_app.domain.states import SubmissionStatus
from assessor_app.domain.submissions import Accommodation, AccommodationEffect
from assessor_app.rubric.native import published
from assessor_app.rubric.schema import RubricStatus
from assessor_app.services import assessing, reading
from assessor_app.ui.scoring.last_time import AskedBefore
from assessor_app.ui.scoring.level_example import LevelExample
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from tests import builders
from tests.builders import CRITERIA
from tests.contexts import assess
from tests.ui import accessibility_walk
from tests.ui.worlds import lesson_submission, on_screen, put_work

ONE, TWO, THREE, FOUR = CRITERIA
UP, DOWN, CONTROL = Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def open_workspace(qtbot, world):
    def show(submission=None, rubric=None, prepare=None):
        version = rubric or builders.rubric_version()
        made = submission or lesson_submission(version)
        put_work(world.context, made, version)
        if prepare is not None:
            prepare(world.context, made)
        return on_screen(qtbot, AssessorWorkspace(world.lanes, made.id, world.clock.now))

    return show


def all_words(widget: QWidget) -> str:
    """Every word in a tree of widgets, hidden ones too: texts, names, descriptions and tool tips."""
    found = []
    for part in (widget, *widget.findChildren(QWidget)):
        found += [part.accessibleName(), part.accessibleDescription(), part.toolTip()]
        if isinstance(part, QLabel | QPushButton):
            found.append(part.text())
    return "\n".join(found)


def resubmission(**changes):
    """A second attempt at which one criterion was not met before, and an answer was written anew."""
    made = lesson_submission(attempt=2)
    before = [replace(part, artifacts=(), links=()) for part in made.parts]
    (answer,) = before[2].responses
    before[2] = replace(before[2], responses=(replace(answer, text="One student was surprised."),))
    prior = replace(
        builders.prior_attempt(1),
        criteria_not_met=(THREE,),
        feedback=((THREE, "Let the students speak."),),
        parts=tuple(before),
        levels=((ONE, "demonstrated"), (THREE, "progressing"), (FOUR, "gone from the scale")),
    )
    return replace(made, prior=(prior,), **changes)


def test_the_earlier_level_is_nowhere_until_the_criterion_is_rated_now(qtbot, world, open_workspace):
    workspace = open_workspace(resubmission())
    for criterion in CRITERIA:
        workspace.panel.go_to(workspace.panel.card_of(criterion))
    assert "Last time:" not in all_words(workspace)
    card = workspace.panel.card_of(THREE)
    workspace.panel.go_to(card)
    QTest.keyClicks(card.levels, "3")
    assert card.last_time.isVisible()
    assert card.last_time.words() == "Last time: Progressing"
    assert all_words(workspace).count("Last time:") == 1
    assert card.levels.level() == "demonstrated"
    QTest.keyClicks(card.levels, "0")
    assert "Last time:" not in all_words(workspace)
    qtbot.waitUntil(lambda: not workspace.has_unsaved_edits)
    workspace.reload()
    with qtbot.waitSignal(workspace.shown):
        pass
    assert "Last time:" not in all_words(workspace)


def test_nothing_of_last_time_is_carried_over(qtbot, world, open_workspace):
    workspace = open_workspace(resubmission())
    assert workspace.opened.assessment.ratings == ()
    assert not any(card.is_rated for card in workspace.panel.cards)


def test_a_level_that_the_scale_does_not_have_is_not_shown(qtbot, open_workspace):
    workspace = open_workspace(resubmission())
    card = workspace.panel.card_of(FOUR)
    workspace.panel.go_to(card)
    QTest.keyClicks(card.levels, "3")
    assert card.last_time.words() == ""


def test_what_was_not_met_comes_first_with_what_was_asked_and_what_changed(qtbot, open_workspace):
    workspace = open_workspace(resubmission())
    first = workspace.panel.cards[0]
    assert first.frame.criterion.id == THREE
    said = all_words(first)
    assert "Asked for last time" in said
    assert "Let the students speak." in said
    assert "Evidence since then: 1 changed, 1 new." in said
    (button,) = first.findChild(AskedBefore).findChildren(QPushButton)
    assert button.text() == "What changed"
    workspace.panel.go_to(first)
    qtbot.waitUntil(button.isVisible)
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    qtbot.waitUntil(workspace.document.is_comparing)
    assert workspace.evidence.current_entry().key == "response:resp-reflection"


def test_after_an_award_nothing_of_last_time_is_shown(qtbot, open_workspace):
    workspace = open_workspace(resubmission(status=SubmissionStatus.AWARDED))
    for card in workspace.panel.cards:
        card.set_open(True)
        assert card.frame.earlier_level is None
        assert card.frame.asked_before is None
    assert "Last time" not in all_words(workspace.panel)


# ---- next unmet ----


def keyed(workspace, key, modifier=Qt.KeyboardModifier.NoModifier):
    QTest.keyClick(workspace.focusWidget() or workspace, key, modifier)


def current(workspace):
    return workspace.panel.current.frame.criterion.id


def test_f8_goes_through_what_is_not_met(qtbot, world, open_workspace):
    def rate(context, made):
        assessing.save_rating(context, made.id, Rating(ONE, "demonstrated"))
        assessing.save_rating(context, made.id, Rating(TWO, "progressing"))
        assessing.save_rating(context, made.id, Rating(FOUR, not_scorable="NS-UNREADABLE", note="Blank."))

    workspace = open_workspace(resubmission(), prepare=rate)
    workspace.panel.go_to(workspace.panel.card_of(ONE))
    seen = []
    for _ in range(4):
        keyed(workspace, Qt.Key.Key_F8)
        seen.append(current(workspace))
    # The unmet one of last time stands first in the panel, and counts until it is rated.
    assert seen == [TWO, FOUR, THREE, TWO]
    keyed(workspace, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert current(workspace) == THREE
    keyed(workspace, Qt.Key.Key_F8, Qt.KeyboardModifier.ShiftModifier)
    assert current(workspace) == FOUR
    workspace.panel.go_to(workspace.panel.card_of(THREE))
    QTest.keyClicks(workspace.focusWidget(), "3")
    seen = []
    for _ in range(3):
        keyed(workspace, Qt.Key.Key_F8)
        seen.append(current(workspace))
    assert seen == [TWO, FOUR, TWO]


def test_f8_stays_where_everything_is_met(qtbot, open_workspace):
    workspace = open_workspace(prepare=lambda context, made: assess(context, made))
    workspace.panel.go_to(workspace.panel.card_of(TWO))
    keyed(workspace, Qt.Key.Key_F8)
    assert current(workspace) == TWO


# ---- accommodations, examples ----


def test_an_accommodation_stands_above_the_levels_before_anything_is_rated(qtbot, open_workspace):
    extended = Accommodation(AccommodationEffect.EXTEND, "Twice the words.", criterion_id=TWO)
    workspace = open_workspace(lesson_submission(accommodations=(extended,)))
    card = workspace.panel.card_of(TWO)
    workspace.panel.go_to(card)
    (note,) = [label for label in card.findChildren(QLabel) if label.text() == "Twice the words."]
    qtbot.waitUntil(note.isVisible)
    top = note.mapTo(card, note.rect().topLeft()).y()
    assert top < card.levels.mapTo(card, card.levels.rect().topLeft()).y()
    others = [workspace.panel.card_of(c) for c in (ONE, THREE, FOUR)]
    assert not any("Twice the words." in all_words(other) for other in others)


def with_examples(context, made):
    with context.store.write() as txn:
        for number, (criterion, version) in enumerate(((TWO, 1), (ONE, 1), (TWO, 2)), 1):
            practice_anchors.put(
                txn,
                PracticeAnchor(
                    f"anchor-{number}",
                    made.rubric.id,
                    version,
                    criterion,
                    "progressing",
                    f"Passage {number} <b>",
                    "It names no purpose.",
                ),
            )


def test_an_example_opens_beside_its_level_and_closes(qtbot, open_workspace):
    workspace = open_workspace(prepare=with_examples)
    card = workspace.panel.card_of(TWO)
    workspace.panel.go_to(card)
    (example,) = card.findChildren(LevelExample)
    assert not example.passages.isVisible()
    example.button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(example.button, Qt.Key.Key_Space)
    assert example.passages.isVisible()
    said = all_words(example)
    assert "“Passage 1 <b>”" in said
    assert "Passage 3" not in said, "that one belongs to another version of the rubric"
    assert "Why this is “Progressing”" in said
    assert card.levels.level() is None
    QTest.keyClicks(example.button, "3")
    assert card.levels.level() == "demonstrated", "digits rate while the keyboard is within the row"
    example.button.click()
    assert not example.passages.isVisible()
    order = [card.levels._column.itemAt(n).widget() for n in range(card.levels._column.count())]
    assert order.index(example) == order.index(card.levels.options[1]) + 1
    assert workspace.panel.card_of(THREE).findChildren(LevelExample) == []


# ---- a single artifact ----


def single_artifact():
    made = lesson_submission(submission_type=SubmissionType.SINGLE_ARTIFACT)
    return replace(made, parts=(made.parts[1],))


def test_a_single_artifact_is_rated_alone(qtbot, world, open_workspace):
    workspace = open_workspace(single_artifact())
    assert [card.frame.criterion.id for card in workspace.panel.cards] == [TWO]
    outside = workspace.panel.outside
    assert outside.isVisible()
    assert outside.fold_button.text() == "Not part of this submission (3)"
    assert not outside.criteria.isVisible()
    outside.fold_button.setFocus()
    QTest.keyClick(outside.fold_button, Qt.Key.Key_Space)
    assert outside.criteria.isVisible()
    assert "Student work shows reasoning" in outside.criteria.text()
    assert workspace.panel.bar._count.text() == "0 of 1 rated"
    workspace.panel.focus_current()
    QTest.keyClicks(workspace.focusWidget(), "3")
    qtbot.waitUntil(lambda: workspace.opened.verdict.result is RuleResult.YES)
    assert workspace.panel.bar._count.text() == "1 of 1 rated"
    workspace.coverage_mode.toggle()
    assert [row.criterion.id for row in workspace.coverage.model.rows] == [TWO]
    workspace.coverage_mode.leave()
    workspace.review_mode.show()
    qtbot.waitUntil(lambda: workspace._stack.currentWidget() is workspace.review)
    assert "is not rated" not in all_words(workspace.review)
    assert "Not part of this submission" in all_words(workspace.review)


# ---- a rubric that changed ----


def changed_rubric():
    old = builders.rubric_version()
    analyze, design, implement = old.requirements
    criterion = replace(design.criteria[0], text="Plans closed questions.")
    requirements = (analyze, replace(design, criteria=(criterion,)), implement)
    return published(
        replace(old, version=2, supersedes=1, status=RubricStatus.DRAFT, requirements=requirements)
    )


def change_rubric(world, workspace):
    new = changed_rubric()
    present = workspace.opened.submission
    with world.context.store.write() as txn:
        submissions.put_rubric(txn, new)
        submissions.put_submission(txn, replace(present, rubric=builders.rubric_ref(new), rev=9))
    world.lanes.broadcast(ChangeSet(submissions=frozenset({present.id})))


def test_a_changed_rubric_is_told_shown_and_then_rated_again(qtbot, world, open_workspace):
    workspace = open_workspace(prepare=lambda context, made: assess(context, made))
    change_rubric(world, workspace)
    qtbot.waitUntil(lambda: workspace.banner.banner is not None)
    assert workspace.banner.banner.title == "The rubric changed from version 1 to 2"
    card = workspace.panel.card_of(TWO)
    assert not card.is_rated
    assert card.levels.level() == "demonstrated", "the rating of before stays visible"
    assert "rubric changed: rate again" in all_words(card.summary)
    assert workspace.panel.bar._count.text() == "3 of 4 rated"
    press(qtbot, workspace.banner, "See what changed")
    assert workspace._stack.currentWidget() is workspace.rubric_changes.page
    said = all_words(workspace.rubric_changes.page)
    assert "Plans open questions for each phase of the lesson." in said
    assert "Plans closed questions." in said
    assert "1 rating asks to be looked at again." in said
    press(qtbot, workspace.rubric_changes.page, "Go by version 2 from now on")
    qtbot.waitUntil(lambda: workspace._stack.currentWidget() is workspace.splitter)
    assert workspace.banner.banner.title == "The rubric changed: look at these ratings again"
    assert workspace.panel.next_unrated()
    assert current(workspace) == TWO
    with qtbot.waitSignal(workspace.shown):
        press(qtbot, card.changed, "Keep “Demonstrated”")
    assert workspace.banner.banner is None
    assert card.is_rated
    assert not card.changed.isVisible()
    assert workspace.opened.verdict.result is RuleResult.YES
    opened = world.read(lambda context: reading.open_submission(context, workspace.submission_id))
    assert opened.assessment.rating(TWO).rubric_hash == changed_rubric().hash


def test_the_same_digit_again_keeps_a_rating_too(qtbot, world, open_workspace):
    workspace = open_workspace(prepare=lambda context, made: assess(context, made))
    change_rubric(world, workspace)
    qtbot.waitUntil(lambda: workspace.panel.card_of(TWO).is_outdated)
    card = workspace.panel.card_of(TWO)
    workspace.panel.go_to(card)
    QTest.keyClicks(card.levels, "3")
    assert card.is_rated
    qtbot.waitUntil(lambda: not workspace.opened.outdated)
    workspace.undo()
    qtbot.waitUntil(lambda: TWO in workspace.opened.outdated)
    assert not card.is_rated


def test_the_review_leads_to_what_changed(qtbot, world, open_workspace):
    workspace = open_workspace(prepare=lambda context, made: assess(context, made))
    change_rubric(world, workspace)
    qtbot.waitUntil(lambda: workspace.banner.banner is not None)
    workspace.review_mode.show()
    qtbot.waitUntil(lambda: workspace._stack.currentWidget() is workspace.review)
    said = all_words(workspace.review)
    assert "The rubric changed since this was begun" in said
    assert "The rubric changed for 'Plans closed questions'; rate it again." in said
    assert "is not rated yet" not in said


def press(qtbot, widget, words):
    def found():
        return [b for b in widget.findChildren(QPushButton) if b.isVisible() and b.text() == words]

    qtbot.waitUntil(lambda: len(found()) == 1)
    (button,) = found()
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)


@pytest.mark.parametrize("of", ["resubmission", "single", "changed"])
def test_everything_has_a_name(qtbot, world, open_workspace, of):
    if of == "resubmission":
        workspace = open_workspace(resubmission(), prepare=with_examples)
    elif of == "single":
        workspace = open_workspace(single_artifact())
    else:
        workspace = open_workspace(prepare=lambda context, made: assess(context, made))
        change_rubric(world, workspace)
        qtbot.waitUntil(lambda: workspace.banner.banner is not None)
    assert accessibility_walk.unnamed(workspace) == []
