"""The assessor's workspace on a real store, a real render worker and real lanes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea

from assessor_app.cache import assessments, outbox, refused_fields, submissions
from assessor_app.domain.annotations import Audience
from assessor_app.domain.assessments import CriterionFeedback, Override, Rating, RuleResult
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.states import AssessmentState, OutboxState, SubmissionStatus
from assessor_app.domain.submissions import Accommodation, AccommodationEffect, ReturnNote
from assessor_app.rubric.checks import CheckCode
from assessor_app.services import annotating, assessing, reading
from assessor_app.ui.annotate.drafts import AnnotationDraft, MarksEdit
from assessor_app.ui.scoring.check_card import PlaceButton
from assessor_app.ui.scoring.evidence_links import LinkButton
from assessor_app.ui.theme import Scheme
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from tests import builders
from tests.builders import CRITERIA
from tests.ui import accessibility_walk
from tests.ui.worlds import box_mark, lesson_submission, on_screen, put_work

EXTENDED = Accommodation(AccommodationEffect.EXTEND, "Twice the words.", criterion_id=CRITERIA[0])


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


def stored(world):
    return world.read(lambda context: reading.open_submission(context, builders.submission_id(1)))


def test_it_opens_with_what_was_asked_beside_the_first_answer(open_workspace):
    workspace = open_workspace()
    titles = [entry.title for entry in workspace.evidence.entries()]
    assert titles[0].startswith("Describe your class")
    assert "Artifact 1.pdf" in titles
    assert workspace.evidence.current_entry().key == "response:resp-context"
    assert "A description of your class" in workspace.document.asked._asked.text()


def test_the_real_pdf_is_drawn_beside_the_rubric(qtbot, open_workspace):
    workspace = open_workspace()
    assert workspace.evidence.select("artifact:art-1")
    with qtbot.waitSignal(workspace.document.view.pages.pages.painted_sharp):
        pass
    assert workspace.document.view.pages.pages.page_count == 6


def test_criteria_are_rated_by_keyboard_alone(qtbot, world, open_workspace):
    workspace = open_workspace()
    workspace.panel.focus_current()
    for digit in "3213":
        row = workspace.focusWidget()
        with qtbot.waitSignal(world.lanes.saved):
            QTest.keyClicks(row, digit)
        QTest.keyClick(workspace, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: workspace.opened.verdict.result is RuleResult.NO)
    assert [rating.level for rating in stored(world).assessment.ratings] == [
        "demonstrated",
        "progressing",
        "not_met",
        "demonstrated",
    ]


def type_text(edit, text):
    edit.setFocus()
    QTest.keyClicks(edit, text)


def test_a_digit_in_a_text_is_text_and_rates_nothing(qtbot, world, open_workspace):
    workspace = open_workspace()
    workspace.panel.focus_current()
    QTest.keyClick(workspace.focusWidget(), Qt.Key.Key_Return)
    edit = workspace.panel.current.feedback.text.edit
    assert edit.hasFocus()
    type_text(edit, "3 questions")
    workspace.flush()
    qtbot.waitUntil(lambda: not workspace.has_unsaved_edits)
    kept = stored(world).assessment
    assert kept.feedback_for(CRITERIA[0]).text == "3 questions"
    assert kept.ratings == ()


def test_what_is_written_is_kept_after_a_pause_and_counts_as_unsaved_until_then(qtbot, world, open_workspace):
    workspace = open_workspace()
    said: list[bool] = []
    workspace.unsaved_changed.connect(said.append)
    workspace.panel.focus_current()
    type_text(workspace.panel.current.feedback.text.edit, "Clear plan.")
    assert workspace.has_unsaved_edits
    assert stored(world).assessment.feedback_for(CRITERIA[0]).text == ""
    qtbot.waitUntil(lambda: not workspace.has_unsaved_edits)
    assert stored(world).assessment.feedback_for(CRITERIA[0]).text == "Clear plan."
    assert said == [True, False]


def test_leaving_a_field_keeps_it_at_once(qtbot, world, open_workspace):
    workspace = open_workspace()
    workspace.panel.focus_current()
    card = workspace.panel.current
    type_text(card.feedback.text.edit, "Clear plan.")
    with qtbot.waitSignal(world.lanes.saved, timeout=300):
        card.levels.setFocus()


def test_an_answer_that_comes_late_never_overwrites_what_is_being_written(qtbot, world, open_workspace):
    workspace = open_workspace()
    workspace.panel.focus_current()
    edit = workspace.panel.current.feedback.text.edit
    type_text(edit, "First")
    workspace.flush()
    type_text(edit, " and second")
    with qtbot.waitSignal(workspace.shown):
        pass
    assert edit.toPlainText() == "First and second"
    assert edit.textCursor().atEnd()


def test_a_change_from_elsewhere_is_shown(qtbot, world, open_workspace):
    workspace = open_workspace()
    changes = assessing.save_feedback(
        world.context, workspace.submission_id, CriterionFeedback(CRITERIA[0], text="From elsewhere")
    )
    world.lanes.broadcast(changes)
    card = workspace.panel.card_of(CRITERIA[0])
    qtbot.waitUntil(lambda: card.feedback.text.text() == "From elsewhere")


def test_a_save_that_fails_keeps_the_text_on_screen_as_unsaved(qtbot, world, open_workspace):
    workspace = open_workspace()
    workspace.panel.focus_current()
    edit = workspace.panel.current.feedback.text.edit
    # Somebody else's turn has come meanwhile: nothing may be written any more.
    with world.store.write() as txn:
        submissions.put_submission(txn, replace(workspace.opened.submission, status=SubmissionStatus.DENIED))
    type_text(edit, "Too late")
    with qtbot.waitSignal(world.lanes.trouble):
        workspace.flush()
    assert edit.toPlainText() == "Too late"
    assert workspace.has_unsaved_edits


def test_what_is_being_written_survives_news_from_the_platform(qtbot, world, open_workspace):
    workspace = open_workspace()
    workspace.panel.focus_current()
    before = workspace.panel.current
    type_text(before.feedback.text.edit, "Half a sentence")
    changed = replace(workspace.opened.submission, accommodations=(EXTENDED,), rev=2)
    with world.store.write() as txn:
        submissions.put_submission(txn, changed)
    world.lanes.broadcast(ChangeSet(submissions=frozenset({changed.id})))
    qtbot.waitUntil(lambda: workspace.panel.card_of(CRITERIA[0]) is not before)
    card = workspace.panel.card_of(CRITERIA[0])
    qtbot.waitUntil(lambda: card.feedback.text.text() == "Half a sentence")
    assert stored(world).assessment.feedback_for(CRITERIA[0]).text == "Half a sentence"


def test_the_skill_statement_is_one_key_away(qtbot, open_workspace):
    workspace = open_workspace()
    skill = workspace.opened.rubric.skill_statement
    labels = workspace.document.asked.findChildren(QLabel)
    assert not any(label.isVisible() and label.text() == skill for label in labels)
    QTest.keyClick(workspace, Qt.Key.Key_F4)
    assert any(label.isVisible() and label.text() == skill for label in labels)


def test_undo_takes_back_the_rating_outside_of_texts_and_only_the_text_inside(qtbot, world, open_workspace):
    workspace = open_workspace()
    workspace.panel.focus_current()
    card = workspace.panel.current
    with qtbot.waitSignal(world.lanes.saved):
        QTest.keyClicks(card.levels, "2")
    type_text(card.feedback.text.edit, "Words")
    QTest.keyClick(card.feedback.text.edit, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert card.feedback.text.text() == ""
    assert card.levels.level() == "progressing"
    workspace.undo()
    qtbot.waitUntil(lambda: card.levels.level() is None)
    workspace.redo()
    qtbot.waitUntil(lambda: card.levels.level() == "progressing")


def test_a_denial_asks_for_what_was_seen_what_is_missing_and_the_next_step(qtbot, world, open_workspace):
    workspace = open_workspace()
    workspace.panel.focus_current()
    card = workspace.panel.current
    assert not card.feedback.seen.isVisible()
    QTest.keyClicks(card.levels, "1")
    qtbot.waitUntil(card.feedback.seen.isVisible)
    assert card.feedback.missing.isVisible()
    assert card.feedback.next_step.isVisible()
    QTest.keyClicks(card.levels, "3")
    assert not card.feedback.seen.isVisible()


def complete(context, submission):
    for criterion_id in CRITERIA:
        assessing.save_rating(context, submission.id, Rating(criterion_id, "demonstrated"))
        assessing.save_feedback(context, submission.id, builders.feedback(criterion_id))


def test_what_is_missing_stands_first_and_one_click_goes_there(qtbot, world, open_workspace):
    workspace = open_workspace()
    workspace.review_mode.show()
    qtbot.waitUntil(workspace.review.isVisible)
    assert not workspace.review.send_button.isEnabled()
    jump = next(b for b in workspace.review.findChildren(PlaceButton) if b.text() == "1")
    QTest.mouseClick(jump, Qt.MouseButton.LeftButton)
    assert workspace.panel.current.levels.hasFocus()


def hinted(workspace):
    """The ways to criteria without evidence links."""
    buttons = workspace.review.findChildren(PlaceButton)
    return [b for b in buttons if b.accessibleName().startswith("Go there: No evidence link supports")]


def test_many_findings_of_one_kind_are_one_sentence_with_the_criteria_by_number(qtbot, open_workspace):
    workspace = open_workspace(prepare=complete)
    workspace.review_mode.show()
    qtbot.waitUntil(workspace.review.isVisible)
    said = [label.text() for label in workspace.review.findChildren(QLabel)]
    assert said.count("No evidence link supports the rating of these criteria:") == 1
    third = next(b for b in hinted(workspace) if b.text() == "3")
    QTest.mouseClick(third, Qt.MouseButton.LeftButton)
    assert workspace.panel.current.frame.criterion.id == CRITERIA[2]


def test_few_findings_stand_by_themselves(qtbot, open_workspace):
    def all_but_one(context, submission):
        complete(context, submission)
        annotating.put(context, box_mark(submission, criteria=(CRITERIA[0],)), "Box")

    workspace = open_workspace(prepare=all_but_one)
    workspace.review_mode.show()
    qtbot.waitUntil(workspace.review.isVisible)
    assert [b.text() for b in hinted(workspace)] == ["Go there"] * 3


def test_only_the_review_page_sends_and_it_can_be_taken_back(qtbot, world, open_workspace):
    workspace = open_workspace(prepare=complete)
    workspace.review_mode.show()
    qtbot.waitUntil(workspace.review.isVisible)
    assert stored(world).outbox == ()
    QTest.mouseClick(workspace.review.send_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: workspace.banner.banner is not None)
    assert workspace.banner.banner.title == "Waiting to send"
    assert stored(world).assessment.state is AssessmentState.FINAL
    assert workspace.panel.current.feedback.text.edit.isReadOnly()
    workspace.writer.take_back()
    qtbot.waitUntil(lambda: workspace.banner.banner is None)
    assert stored(world).assessment.state is AssessmentState.DRAFT


def test_what_is_typed_just_before_reviewing_is_what_the_review_shows(qtbot, world, open_workspace):
    workspace = open_workspace(prepare=complete)
    type_text(workspace.panel.overall.overall.edit, "A fine lesson.")
    workspace.review_mode.show()
    qtbot.waitUntil(workspace.review.isVisible)
    assert any(label.text() == "A fine lesson." for label in workspace.review.findChildren(QLabel))


def test_offline_changes_the_words_and_disables_nothing(qtbot, open_workspace):
    workspace = open_workspace(prepare=complete)
    workspace.set_offline(True)
    workspace.review_mode.show()
    qtbot.waitUntil(workspace.review.isVisible)
    assert workspace.review.send_button.text() == "Recommend award: send when online"
    assert workspace.review.send_button.isEnabled()


def test_a_new_mark_is_only_for_its_author_and_counts_on_its_criterion(qtbot, world, open_workspace):
    workspace = open_workspace()
    mark = box_mark(workspace.opened.submission)
    workspace.document.annotation_created.emit(AnnotationDraft(mark.kind, mark.anchor, "green"))
    qtbot.waitUntil(lambda: len(workspace.opened.annotations) == 1)
    made = workspace.opened.annotations[0]
    assert (made.audience, made.criteria, made.colour) == (Audience.ONLY_ME, (), "green")
    workspace.document.marks_edited.emit(MarksEdit("Tie", puts=(replace(made, criteria=(CRITERIA[0],)),)))
    links = workspace.panel.card_of(CRITERIA[0]).links
    qtbot.waitUntil(lambda: len(links.findChildren(LinkButton)) == 1)
    workspace.undo()
    qtbot.waitUntil(lambda: workspace.opened.annotations[0].criteria == ())


def test_an_evidence_link_jumps_to_its_page(qtbot, world, open_workspace):
    def tie(context, submission):
        annotating.put(context, box_mark(submission, criteria=(CRITERIA[0],)), "Box")

    workspace = open_workspace(prepare=tie)
    workspace.panel.focus_current()
    button = workspace.panel.card_of(CRITERIA[0]).links.findChild(LinkButton)
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert workspace.evidence.current_entry().key == "artifact:art-1"
    qtbot.waitUntil(lambda: workspace.document.viewer.pages.page == 1)


def test_a_return_says_why_and_what_it_names_comes_first(qtbot, world, open_workspace):
    note = ReturnNote("Look at the transcript again.", (CRITERIA[2],))
    version = builders.rubric_version()
    made = lesson_submission(version, status=SubmissionStatus.RETURNED, round=2, return_note=note)
    workspace = open_workspace(made, version)
    assert workspace.banner.banner.quoted == "Look at the transcript again."
    assert workspace.panel.cards[0].frame.criterion.id == CRITERIA[2]
    chip = next(b for b in workspace.banner.findChildren(QPushButton) if b.text() == "Criterion 3")
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert workspace.panel.current.frame.criterion.id == CRITERIA[2]


def test_a_resubmission_shows_what_was_asked_for_and_never_a_level(qtbot, world, open_workspace):
    version = builders.rubric_version()
    made = lesson_submission(version, attempt=2, prior=(builders.prior_attempt(),))
    workspace = open_workspace(made, version)
    first = workspace.panel.cards[0]
    assert first.frame.asked_before == "Mark each question of the plan with its purpose."
    assert workspace.evidence.select("related")
    shown = "\n".join(label.text() for label in workspace.document.page.findChildren(QLabel))
    assert "Mark each question of the plan with its purpose." in shown
    assert not any(level.label in shown for level in version.scales[0].levels)


def test_once_awarded_the_decision_is_shown_and_earlier_attempts_are_gone(qtbot, world, open_workspace):
    version = builders.rubric_version()
    made = lesson_submission(version, status=SubmissionStatus.AWARDED, attempt=None)

    def decide(context, submission):
        change = Override(CRITERIA[1], "demonstrated", "Page 2 shows it.")
        with context.store.write() as txn:
            decision = builders.decision(overrides=(change,), final_feedback="Well earned.")
            submissions.put_decision(txn, decision, 1)

    workspace = open_workspace(made, version, decide)
    banner = workspace.banner.banner
    assert banner.title == "Awarded"
    assert any("Page 2 shows it." in line for line in banner.lines)
    assert banner.quoted == "Well earned."
    assert not workspace.evidence.select("related")


def test_escape_leads_from_the_text_to_the_row_to_the_document(qtbot, open_workspace):
    workspace = open_workspace()
    workspace.panel.focus_current()
    card = workspace.panel.current
    card.feedback.text.edit.setFocus()
    assert workspace.escape()
    assert card.levels.hasFocus()
    assert workspace.escape()
    assert workspace.document.isAncestorOf(workspace.focusWidget())


@pytest.mark.parametrize("is_offline", [False, True])
def test_large_text_fits_a_small_window_and_nothing_is_cut_off(qtbot, open_workspace, theme, is_offline):
    theme.apply(Scheme.LIGHT, 150)
    workspace = open_workspace()
    workspace.set_offline(is_offline)
    with qtbot.waitSignal(workspace.document.view.pages.pages.painted_sharp):
        workspace.evidence.select("artifact:art-1")
    workspace.panel.go_to(workspace.panel.cards[0])
    # What the window keeps beside a submission: icons of the places.
    workspace.resize(1100 - 80, 600)
    qtbot.waitUntil(lambda: workspace.width() == 1100 - 80)
    qtbot.waitUntil(lambda: accessibility_walk.clipped_buttons(workspace) == [])
    cards = workspace.panel._column.scroll
    assert cards.content.width() <= cards.viewport().width()


def test_once_sent_the_bar_says_whose_words_they_are(qtbot, world, open_workspace):
    workspace = open_workspace(prepare=complete)

    def texts():
        return [label.text() for label in workspace.panel.bar.findChildren(QLabel) if label.isVisible()]

    assert "Award" in texts()
    workspace.writer.send(lambda: None, lambda: None)
    qtbot.waitUntil(lambda: "Your recommendation: award" in texts())
    assert "Award" not in texts()
    assert not workspace.panel.bar.review_button.isVisible()
    workspace.writer.take_back()
    qtbot.waitUntil(lambda: "Award" in texts())


def test_what_was_never_sent_has_no_result_once_it_is_read_only(qtbot, open_workspace):
    version = builders.rubric_version()
    workspace = open_workspace(lesson_submission(version, status=SubmissionStatus.DENIED), version)
    assert not workspace.panel.bar.isVisible()


def test_it_fits_a_small_window_and_has_a_name_for_everything(qtbot, open_workspace):
    workspace = open_workspace()
    assert workspace.minimumSizeHint().width() <= 1040
    assert accessibility_walk.unnamed(workspace) == []
    qtbot.waitUntil(lambda: accessibility_walk.clipped_buttons(workspace) == [])


def test_the_line_that_is_written_stays_in_view_when_the_rule_needs_more_room(qtbot, world, open_workspace):
    workspace = open_workspace()
    workspace.panel.go_to(workspace.panel.cards[0])
    QTest.keyClicks(workspace.panel.cards[0].levels, "1")
    qtbot.waitUntil(lambda: workspace.opened.verdict.result is RuleResult.NO)
    edit = workspace.panel.cards[0].feedback.text.edit
    scroll = next(area for area in workspace.panel.findChildren(QScrollArea) if area.isAncestorOf(edit))
    edit.setFocus()

    def is_in_view():
        line = edit.viewport().mapTo(scroll.viewport(), edit.cursorRect().bottomLeft()).y()
        return 0 < line <= scroll.viewport().height()

    scroll.verticalScrollBar().setValue(0)
    least = edit.viewport().mapTo(scroll.viewport(), edit.cursorRect().bottomLeft()).y()
    workspace.resize(workspace.width(), workspace.height() + least - scroll.viewport().height() + 12)
    qtbot.waitUntil(is_in_view)
    workspace.resize(workspace.width(), workspace.height() - 40)
    qtbot.waitUntil(is_in_view)
    for _ in range(4):
        QTest.keyClick(edit, Qt.Key.Key_Return)
    qtbot.waitUntil(is_in_view)


def test_a_criterion_is_marked_as_not_scorable_by_keyboard_alone(qtbot, world, open_workspace):
    """One key for the reasons, arrows and Enter for one of them, then the words; they are needed."""
    workspace = open_workspace()
    workspace.activateWindow()
    card = workspace.panel.cards[0]
    workspace.panel.go_to(card)
    menu = card.not_scorable.menu
    seen: list[bool] = []

    def in_menu() -> None:
        seen.append(menu.isVisible())
        QTest.keyClick(menu, Qt.Key.Key_Down)
        QTest.keyClick(menu, Qt.Key.Key_Return)

    QTimer.singleShot(100, workspace, in_menu)
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(workspace, Qt.Key.Key_N, both)
    qtbot.waitUntil(lambda: card.not_scorable.code is not None)
    assert seen == [True]
    note = card.not_scorable.note.edit
    # Not hasFocus: where there is no window manager, a menu that closes may leave no window in front.
    qtbot.waitUntil(lambda: workspace.window().focusWidget() is note)

    def notes() -> list[CheckCode]:
        return [check.code for check in stored(world).checks if check.criterion_id == CRITERIA[0]]

    qtbot.waitUntil(lambda: CheckCode.NOTE_EMPTY in notes())
    QTest.keyClicks(note, " .")
    workspace.flush()
    qtbot.waitUntil(lambda: not workspace.has_unsaved_edits)
    assert CheckCode.NOTE_EMPTY in notes()
    QTest.keyClicks(note, "It asks for a password.")
    workspace.flush()
    qtbot.waitUntil(lambda: CheckCode.NOTE_EMPTY not in notes())


def test_what_the_platform_refused_opens_at_its_field(qtbot, world, open_workspace):
    def refuse(context, submission):
        complete(context, submission)
        assessing.send(context, submission.id)
        with context.store.write() as txn:
            (item,) = outbox.items(txn)
            outbox.move(txn, item.id, OutboxState.SENDING)
            outbox.move(txn, item.id, OutboxState.REJECTED, status=422)
            refused_fields.put(txn, item.id, ("/feedback/criteria/1/next_step",))
            assessments.set_state(txn, submission.id, 1, AssessmentState.DRAFT, builders.NOON)

    workspace = open_workspace(prepare=refuse)
    second = workspace.panel.cards[1]
    qtbot.waitUntil(lambda: workspace.panel.current is second)
    assert second.criterion_id == CRITERIA[1]
    assert second.isAncestorOf(workspace.focusWidget())
