"""The preview in the real workspaces: live, complete, and nothing in it that the learner does not read."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QTextCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from assessor_app.cache import outbox, policy, submissions
from assessor_app.domain.annotations import Audience
from assessor_app.domain.assessments import ArtifactFeedback, CriterionFeedback, Rating
from assessor_app.domain.policy import Policy
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.rubric.learner_reading import COACH_ADVICE
from assessor_app.services import annotating, approving, assessing
from assessor_app.ui.workspaces.approver import ApproverWorkspace
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from tests import builders
from tests.builders import CRITERIA
from tests.ui import accessibility_walk
from tests.ui.worlds import box_mark, lesson_submission, put_work

SID = builders.submission_id(1)
VERSION = builders.rubric_version()
CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
PRIVATE = ("Look at page 4 please.", "Only mine.", "For the approver alone.", "Cannot be read here.")


@pytest.fixture
def open_work(qtbot, world):
    def make(**changes):
        made = lesson_submission(VERSION, **changes)
        put_work(world.context, made, VERSION)
        context = world.context
        for criterion_id, level in zip(CRITERIA, ("progressing", "not_met", "demonstrated"), strict=False):
            assessing.save_rating(context, SID, Rating(criterion_id, level=level))
        shown = AssessorWorkspace(world.lanes, SID, world.clock.now)
        qtbot.addWidget(shown)
        shown.resize(1200, 760)
        shown.show()
        shown.activateWindow()
        qtbot.waitUntil(lambda: shown.opened is not None)
        return shown

    return make


def open_preview(qtbot, workspace):
    QTest.keyClick(workspace, Qt.Key.Key_V, CTRL | SHIFT)
    qtbot.waitUntil(lambda: workspace.preview.is_shown)
    return workspace.preview.page


def words(page) -> str:
    return page.text.toPlainText()


def test_it_begins_at_its_beginning_and_nothing_of_its_bar_is_cut(qtbot, open_work):
    workspace = open_work()
    workspace.resize(1000, 400)
    page = open_preview(qtbot, workspace)
    qtbot.waitUntil(lambda: page.text.verticalScrollBar().maximum() > 0)
    page.text.setFocus()
    assert page.text.verticalScrollBar().value() == 0
    for button in (page.close_button, page.by_requirement, page.by_piece):
        qtbot.waitUntil(lambda button=button: button.width() >= button.sizeHint().width())


def test_it_follows_the_writing_and_the_keyboard_stays_in_the_text(qtbot, open_work):
    workspace = open_work()
    edit = workspace.panel.current.feedback.text.edit
    edit.setFocus()
    QTest.keyClick(edit, Qt.Key.Key_V, CTRL | SHIFT)
    page = workspace.preview.page
    qtbot.waitUntil(page.isVisible)
    assert workspace.focusWidget() is edit
    QTest.keyClicks(edit, "A **clear** start.")
    qtbot.waitUntil(lambda: "A clear start." in words(page))
    cursor = page.text.document().find("clear start")
    cursor.setPosition(cursor.selectionStart() + 1)
    assert cursor.charFormat().fontWeight() == QFont.Weight.Bold
    cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
    assert cursor.charFormat().fontWeight() == QFont.Weight.Normal


def test_it_says_all_that_the_learner_reads_and_nothing_else(qtbot, world, open_work):
    context = world.context
    workspace = open_work()
    submission = workspace.opened.submission
    piece = next(artifact for part in submission.parts for artifact in part.artifacts)
    feedback = CriterionFeedback(CRITERIA[1], "Why.", "", "Questions.", "Plan two.", looked_in=(piece.id,))
    assessing.save_feedback(context, SID, feedback)
    assessing.save_overall(context, SID, "Keep going.\n- one\n- two")
    assessing.save_note(context, SID, PRIVATE[0])
    assessing.save_artifact_feedback(context, SID, ArtifactFeedback(piece.id, "A tidy plan."))
    code = next(code for code in VERSION.not_scorable if code.requires_note)
    assessing.save_rating(context, SID, Rating(CRITERIA[3], not_scorable=code.code, note=PRIVATE[3]))
    audiences = (Audience.ONLY_ME, Audience.APPROVER, Audience.LEARNER)
    for number, (audience, said) in enumerate(
        zip(audiences, (*PRIVATE[1:3], "See this figure."), strict=True), 1
    ):
        mark = box_mark(submission, number, comment=said, audience=audience, criteria=(CRITERIA[0],))
        annotating.put(context, mark, "Box")
    workspace.reload()
    page = open_preview(qtbot, workspace)
    qtbot.waitUntil(lambda: "Keep going." in words(page))
    by_requirement = words(page)
    for said in ("Progressing", "Why.", "Questions.", "Plan two.", "•\tone"):
        assert said in by_requirement
    assert f"Looked in: {piece.filename}. Not found." in by_requirement
    page.by_piece.click()
    by_piece = words(page)
    for said in (piece.filename, "A tidy plan.", "See this figure.", VERSION.criterion(CRITERIA[0]).text):
        assert said in by_piece
    for said in PRIVATE:
        assert said not in by_requirement + by_piece


def test_the_issuers_own_word_for_the_outcome_is_read(qtbot, world, open_work):
    workspace = open_work()
    for criterion_id in CRITERIA:
        assessing.save_rating(world.context, SID, Rating(criterion_id, level="not_met"))
    with world.store.write() as txn:
        submissions.put_label_map(txn, {SubmissionStatus.DENIED: "Not yet earned"})
    workspace.reload()
    page = open_preview(qtbot, workspace)
    qtbot.waitUntil(lambda: "Not yet earned" in words(page))


def test_the_words_of_a_list_stand_close_to_its_sign(qtbot, world, open_work):
    workspace = open_work()
    said = CriterionFeedback(CRITERIA[0], "- Keep the tally.")
    assessing.save_feedback(world.context, SID, said)
    workspace.reload()
    page = open_preview(qtbot, workspace)
    qtbot.waitUntil(lambda: "Keep the tally" in words(page))
    line = page.text.document().find("Keep the tally").block().layout().lineAt(0)
    at = line.cursorToX(2)
    assert 0 < (at[0] if isinstance(at, tuple) else at) - line.x() < 40


def test_strangers_words_are_never_markup(qtbot, world, open_work):
    workspace = open_work()
    assessing.save_overall(world.context, SID, "<b>Bold?</b> <img src='https://a.example/x.png'> &amp;")
    workspace.reload()
    page = open_preview(qtbot, workspace)
    qtbot.waitUntil(lambda: "<b>Bold?</b> <img src='https://a.example/x.png'> &amp;" in words(page))
    assert "\ufffc" not in words(page)


def test_esc_and_the_same_key_go_back_to_the_evidence(qtbot, open_work):
    workspace = open_work()
    open_preview(qtbot, workspace)
    assert workspace.escape()
    assert workspace.document.isVisible()
    open_preview(qtbot, workspace)
    assert workspace.panes()[1] is workspace.preview.page
    QTest.keyClick(workspace, Qt.Key.Key_V, CTRL | SHIFT)
    assert not workspace.preview.is_shown


def test_the_last_page_has_a_way_to_it(qtbot, world, open_work):
    workspace = open_work()
    assessing.save_overall(world.context, SID, "Keep going.")
    workspace.review_mode.show()
    qtbot.waitUntil(workspace.review.isVisible)
    button = next(
        b for b in workspace.review.findChildren(QPushButton) if b.text() == "Preview as the learner reads it"
    )
    button.click()
    assert workspace.preview.page.isVisible()
    assert not workspace.review.isVisible()


def test_after_so_many_submissions_the_advice_is_read_and_really_leaves(qtbot, world, open_work):
    with world.store.write() as txn:
        policy.put_policy(txn, Policy(id="p", coach_after=3, feedback_required="never"))
    workspace = open_work(attempt=3)
    context = world.context
    for criterion_id in CRITERIA:
        assessing.save_rating(context, SID, Rating(criterion_id, level="not_met"))
        said = CriterionFeedback(
            criterion_id, "Words enough to be of use.", "A list.", "A reason.", "Add one."
        )
        assessing.save_feedback(context, SID, said)
    assessing.save_overall(context, SID, "Keep going.")
    workspace.reload()
    page = open_preview(qtbot, workspace)
    qtbot.waitUntil(lambda: COACH_ADVICE["en"] in words(page))
    leaving = assessing.review(context, SID).leaving
    assert [one.text for one in leaving if one.title == "At the end of the overall comment"] == [
        COACH_ADVICE["en"]
    ]
    for check in assessing.review(context, SID).checks:
        assessing.save_reason(context, SID, (check.key,), "Meant so.")
    assessing.send(context, SID)
    with world.store.read() as txn:
        (item,) = outbox.of_submission(txn, SID)
    assert COACH_ADVICE["en"].encode() in item.body


def test_the_approver_sees_it_once_the_ratings_are_revealed(qtbot, make_world):
    world = make_world(Role.APPROVER)
    made = lesson_submission(VERSION, status=SubmissionStatus.WAITING_ON_APPROVER)
    piece = next(artifact for part in made.parts for artifact in part.artifacts)
    sent = builders.recommendation(1, of=made)
    sent = replace(sent, artifact_feedback=(ArtifactFeedback(piece.id, "A tidy plan."),), annotations=())
    put_work(world.context, made, VERSION, recommendations=(sent,))
    shown = ApproverWorkspace(world.lanes, SID, world.clock.now)
    qtbot.addWidget(shown)
    shown.resize(1200, 760)
    shown.show()
    qtbot.waitUntil(lambda: shown.brief is not None)
    assert not shown.actions_made.action("feedback.preview").isEnabled()
    assert shown.document.feedback.edit.toPlainText() == ""
    shown.preview.toggle()
    assert not shown.preview.is_shown
    approving.reveal(world.context, SID)
    approving.save_text(world.context, SID, final_feedback="Agreed with all of it.")
    shown.reload()
    qtbot.waitUntil(lambda: shown.actions_made.action("feedback.preview").isEnabled())
    shown.preview.toggle()
    assert sent.overall in words(shown.preview.page)
    assert "Agreed with all of it." in words(shown.preview.page)
    assert sent.note_to_approver not in words(shown.preview.page)
    shown.preview.page.by_piece.click()
    assert "A tidy plan." in words(shown.preview.page)


def test_everything_on_it_has_a_name(qtbot, open_work):
    workspace = open_work()
    page = open_preview(qtbot, workspace)
    assert accessibility_walk.unnamed(page) == []
    assert accessibility_walk.clipped_buttons(page) == []
    assert accessibility_walk.without_keyboard(page) == []


def test_what_was_looked_in_leaves_and_is_told_on_the_last_page(world, open_work):
    workspace = open_work()
    piece = next(artifact for part in workspace.opened.submission.parts for artifact in part.artifacts)
    feedback = CriterionFeedback(CRITERIA[1], missing="Questions.", looked_in=(piece.id,))
    assessing.save_feedback(world.context, SID, feedback)
    leaving = assessing.review(world.context, SID).leaving
    assert f"Looked in: {piece.filename}. Not found.\nQuestions." in [one.text for one in leaving]
