"""The last page's findings: grouped, explained, a click from their place, sent all the same with a reason."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from assessor_app.cache import assessments
from assessor_app.domain.annotations import Audience
from assessor_app.domain.assessments import ArtifactFeedback, CriterionFeedback, Rating
from assessor_app.domain.reading import ReadingState
from assessor_app.rubric.checks import EXPLANATIONS, CheckCode, Field
from assessor_app.services import annotating, assessing, own_name, reading, reading_progress
from assessor_app.ui.scoring import keeping
from assessor_app.ui.scoring.check_card import CheckCard, PlaceButton
from assessor_app.ui.scoring.reason_field import ReasonField
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from tests import builders
from tests.builders import CRITERIA
from tests.ui.worlds import box_mark, lesson_submission, on_screen, put_work

PRAISE = "The plan names a purpose for each phase of it."


@pytest.fixture
def open_workspace(qtbot, world):
    def show(prepare):
        version = builders.rubric_version()
        made = lesson_submission(version)
        put_work(world.context, made, version)
        for number, criterion_id in enumerate(CRITERIA):
            assessing.save_rating(world.context, made.id, Rating(criterion_id, "demonstrated"))
            assessing.save_feedback(world.context, made.id, CriterionFeedback(criterion_id, PRAISE))
            mark = box_mark(made, number=number + 1, criteria=(criterion_id,))
            annotating.put(world.context, mark, "Box")
        opened = [ReadingState(a.id) for part in made.parts for a in part.artifacts]
        opened += [ReadingState(link.id) for part in made.parts for link in part.links]
        reading_progress.keep(world.context, made.id, opened)
        prepare(world.context, made)
        workspace = on_screen(qtbot, AssessorWorkspace(world.lanes, made.id, world.clock.now))
        workspace.review_mode.show()
        qtbot.waitUntil(workspace.review.isVisible)
        return workspace

    return show


def say(text, criterion_id=CRITERIA[1]):
    """Let one criterion's feedback say more."""
    return lambda context, made: assessing.save_feedback(
        context, made.id, CriterionFeedback(criterion_id, f"{PRAISE} {text}")
    )


def words(workspace):
    return [
        label.text() for label in workspace.review.findChildren(QLabel) if label.isVisibleTo(workspace.review)
    ]


def cards(workspace):
    return [card for card in workspace.review.findChildren(CheckCard) if card.isVisibleTo(workspace.review)]


def reasons(workspace):
    return [field for card in cards(workspace) for field in card.reasons]


def jump(workspace, code, *, at=0):
    found = [check for check in workspace.opened.checks if check.code is code]
    buttons = workspace.review.findChildren(PlaceButton)
    button = next(b for b in buttons if b.place == found[at].place and b.isVisibleTo(workspace.review))
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def stored(world):
    return world.read(lambda context: reading.open_submission(context, builders.submission_id(1)))


def test_nothing_to_say_is_said_in_a_line(open_workspace):
    workspace = open_workspace(lambda _context, _made: None)
    assert "Nothing is missing." in words(workspace)
    assert cards(workspace) == []
    assert workspace.review.send_button.isEnabled()


def test_each_kind_is_explained_once(open_workspace):
    workspace = open_workspace(say("It is careless, sloppy, and see www.example.org or ask me@example.org."))
    said = words(workspace)
    for code in (CheckCode.TONE, CheckCode.LINK, CheckCode.EMAIL):
        assert said.count(EXPLANATIONS[code]) == 1
    titles = ["Still to put right", "Change it, or say why it can stay", "Look again"]
    assert [text for text in said if text in titles] == titles
    assert len(reasons(workspace)) == 2
    assert not workspace.review.send_button.isEnabled()


def test_a_jump_selects_the_words_also_behind_characters_of_two_units(qtbot, open_workspace):
    workspace = open_workspace(say("\U0001f600 \U0001f600 That is careless."))
    jump(workspace, CheckCode.TONE)
    edit = workspace.panel.current.feedback.text.edit
    qtbot.waitUntil(edit.hasFocus)
    assert edit.textCursor().selectedText() == "careless"


def test_a_jump_into_the_note_and_into_the_overall_comment(qtbot, open_workspace):
    def both(context, made):
        assessing.save_note(context, made.id, "A careless plan.")
        assessing.save_overall(context, made.id, "A sloppy plan.")

    workspace = open_workspace(both)
    for at, edit, word in (
        (0, workspace.panel.overall.overall.edit, "sloppy"),
        (1, workspace.panel.overall.note.edit, "careless"),
    ):
        jump(workspace, CheckCode.TONE, at=at)
        qtbot.waitUntil(edit.hasFocus)
        assert edit.textCursor().selectedText() == word
        workspace.review_mode.show()
        qtbot.waitUntil(workspace.review.isVisible)


def test_a_jump_to_a_mark_and_to_a_piece_of_evidence(qtbot, world, open_workspace):
    def both(context, made):
        mark = box_mark(made, number=9, comment="A careless line.", audience=Audience.LEARNER)
        annotating.put(context, mark, "Box")
        other = (
            made.parts[-1].artifacts[-1].id if made.parts[-1].artifacts else made.parts[1].artifacts[-1].id
        )
        with context.store.write() as txn:
            assessments.set_artifact_feedback(
                txn, made.id, 1, ArtifactFeedback(other, "A sloppy file."), context.clock.now()
            )

    workspace = open_workspace(both)
    checks = [check for check in workspace.opened.checks if check.code is CheckCode.TONE]
    assert {check.place.field for check in checks} == {Field.MARK, Field.ON_EVIDENCE}
    for at, check in enumerate(checks):
        jump(workspace, CheckCode.TONE, at=at)
        assert not workspace.review.isVisible()
        if check.place.field is Field.MARK:
            mark = next(m for m in workspace.opened.annotations if m.id == check.place.annotation_id)
            wanted = f"artifact:{mark.anchor.source_id}"
        else:
            wanted = f"artifact:{check.place.source_id}"
        qtbot.waitUntil(lambda wanted=wanted: workspace.evidence.current_entry().key == wanted)
        workspace.review_mode.show()
        qtbot.waitUntil(workspace.review.isVisible)


def test_sent_all_the_same_with_a_reason_that_the_approver_reads(qtbot, world, open_workspace):
    workspace = open_workspace(say("Careless is what the reader calls the hero."))
    (field,) = reasons(workspace)
    send = workspace.review.send_button
    assert not send.isEnabled()
    field.field.edit.setFocus()
    QTest.keyClicks(field.field.edit, "It is quoted.")

    def at_end():
        return [text for text in words(workspace) if text.startswith("Sent all the same, because:")]

    said = "is about the person and not the work. It is quoted."
    qtbot.waitUntil(lambda: [text.endswith(said) for text in at_end()] == [True])
    assert send.isEnabled()
    assert field.field.edit.hasFocus()
    assert reasons(workspace) == [field]
    QTest.mouseClick(send, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: workspace.banner.banner is not None)
    body = stored(world).outbox[-1].body.decode()
    assert "It is quoted." in body
    assert stored(world).assessment.note_to_approver == ""


def test_a_reason_is_there_again_and_can_be_taken_away(qtbot, world, open_workspace):
    def reasoned(context, made):
        say("Careless.")(context, made)
        (check,) = [c for c in assessing.review(context, made.id).checks if c.code is CheckCode.TONE]
        assessing.save_reason(context, made.id, [check.key], "  It is\nquoted. ")

    workspace = open_workspace(reasoned)
    (field,) = reasons(workspace)
    assert field.field.text() == "It is quoted."
    assert workspace.review.send_button.isEnabled()
    field.field.edit.selectAll()
    QTest.keyClick(field.field.edit, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: not workspace.review.send_button.isEnabled())


def test_what_is_being_written_stays_while_other_findings_come(qtbot, world, open_workspace):
    workspace = open_workspace(say("Careless."))
    (field,) = reasons(workspace)
    field.field.edit.setFocus()
    QTest.keyClicks(field.field.edit, "Ask me@example.org")
    qtbot.waitUntil(lambda: any("“me@example.org”" in text for text in words(workspace)))
    assert "Still to put right" in words(workspace)
    (now,) = reasons(workspace)
    qtbot.waitUntil(now.field.edit.hasFocus)
    QTest.keyClicks(now.field.edit, " now")
    assert now.field.text() == "Ask me@example.org now"
    assert not workspace.review.send_button.isEnabled()


def test_many_of_one_kind_share_one_reason(qtbot, open_workspace):
    def everywhere(context, made):
        for criterion_id in CRITERIA:
            say("Careless.", criterion_id)(context, made)

    workspace = open_workspace(everywhere)
    (field,) = reasons(workspace)
    assert len(field.keys) == len(CRITERIA)
    QTest.keyClicks(field.field.edit, "It is the title of the book.")
    qtbot.waitUntil(workspace.review.send_button.isEnabled)


def test_words_that_name_her_are_looked_for_at_once_and_stay_here(qtbot, world, open_workspace):
    workspace = open_workspace(say("Yours, Mo."))
    review = workspace.review
    assert review.send_button.isEnabled()
    QTest.mouseClick(review.own_words.button, Qt.MouseButton.LeftButton)
    assert "Only you" in words(workspace)
    QTest.keyClicks(review.own_words.field.edit, "Mo")
    qtbot.waitUntil(lambda: not review.send_button.isEnabled())
    assert any("“Mo” in the feedback on" in text and text.endswith("names you.") for text in words(workspace))
    assert review.own_words.field.edit.hasFocus()
    assert world.read(own_name.words) == ("Mo",)


def test_evidence_never_opened_is_a_hint_with_the_way_to_it(qtbot, world, open_workspace):
    def unopened(context, made):
        with context.store.write() as txn:
            txn.connection.exec_driver_sql("DELETE FROM reading_state")

    workspace = open_workspace(unopened)
    assert workspace.review.send_button.isEnabled()
    assert "Worth a thought" in words(workspace)
    jump(workspace, CheckCode.NEVER_OPENED)
    assert not workspace.review.isVisible()


def test_the_bar_counts_what_the_last_page_asks_for(qtbot, open_workspace):
    workspace = open_workspace(say("Careless. See www.example.org. Ask me@example.org."))
    said = [label.text() for label in workspace.panel.bar.findChildren(QLabel)]
    assert "To put right before sending: 2 · To look at again: 1" in said


def test_leaving_keeps_a_reason_that_was_just_typed(qtbot, world, open_workspace, monkeypatch):
    workspace = open_workspace(say("Careless."))
    monkeypatch.setattr(keeping, "PAUSE_MS", 600_000)
    (field,) = reasons(workspace)
    QTest.keyClicks(field.field.edit, "Quoted.")
    assert workspace.has_unsaved_edits
    workspace.flush()
    qtbot.waitUntil(lambda: not workspace.has_unsaved_edits)
    assert [c.reason for c in stored(world).checks if c.code is CheckCode.TONE] == ["Quoted."]
    assert isinstance(field, ReasonField)
