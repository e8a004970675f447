"""What surrounds the judging, in the real workspace: taking back, giving back, the lead, history, proof."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta

import pymupdf
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QScrollArea

from assessor_app.cache import cases, outbox, policy, submissions
from assessor_app.domain.assessments import OutboxKind, Receipt
from assessor_app.domain.cases import Case, CaseEntry, CaseKind, CaseState, RecusalReason
from assessor_app.domain.policy import Policy
from assessor_app.domain.states import OutboxState, SubmissionStatus
from assessor_app.domain.submissions import HistoryEntry
from assessor_app.services import asking, assessing, reading
from assessor_app.sync import after_sending
from assessor_app.ui.sending.draft_dialog import DraftDialog
from assessor_app.ui.sending.history_dialog import HistoryDialog
from assessor_app.ui.sending.proof_dialog import ProofDialog
from assessor_app.ui.sending.questions_dialog import QuestionsDialog
from assessor_app.ui.sending.recuse_dialog import RecuseDialog
from assessor_app.ui.workspaces.assessor import AssessorWorkspace
from tests import builders
from tests.builders import CRITERIA, NOON
from tests.contexts import assess
from tests.ui import accessibility_walk
from tests.ui.worlds import lesson_submission, on_screen, put_work

SUB = builders.submission_id(1)


@pytest.fixture
def open_workspace(qtbot, world):
    def show(prepare=None, **changes):
        version = builders.rubric_version()
        made = lesson_submission(version, **changes)
        put_work(world.context, made, version)
        if prepare is not None:
            prepare(world.context, made)
        return on_screen(qtbot, AssessorWorkspace(world.lanes, made.id, world.clock.now))

    return show


def confirm(context, kind=OutboxKind.RECOMMENDATION, *, at=None):
    """The platform has received what was put among the things to send last."""
    with context.store.write() as txn:
        item = outbox.last_of_kind(txn, SUB, kind)
        assert item is not None
        received = at or context.clock.now()
        receipt = Receipt(item.id, item.sha256, SUB, received, f"{kind.value}-received")
        outbox.move(txn, item.id, OutboxState.SENDING)
        outbox.move(txn, item.id, OutboxState.ACKED, receipt=receipt)
        after_sending.settle(txn, item, OutboxState.ACKED, context.clock)
    return received


def sent(context, submission):
    """Sent and confirmed, with half an hour to take it back."""
    assess(context, submission)
    assessing.send(context, SUB)
    with context.store.write() as txn:
        policy.put_policy(txn, Policy("p", grace_minutes=30))
    at = confirm(context)
    waiting = HistoryEntry(at, SubmissionStatus.WAITING_ON_APPROVER, "assessor")
    begun = HistoryEntry(at - timedelta(days=2), SubmissionStatus.SUBMITTED, "learner")
    changed = replace(submission, status=SubmissionStatus.WAITING_ON_APPROVER, history=(begun, waiting))
    with context.store.write() as txn:
        submissions.put_submission(txn, changed)


def words_of(widget):
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisibleTo(widget))


def press(qtbot, widget, words):
    def button():
        shown = (b for b in widget.findChildren(QPushButton) if b.text() == words and b.isVisibleTo(widget))
        return next(shown, None)

    qtbot.waitUntil(lambda: button() is not None)
    assert button().isEnabled()
    button().click()


def dialog_of(qtbot, workspace, kind):
    qtbot.waitUntil(lambda: any(d.isVisible() for d in workspace.window().findChildren(kind)))
    return next(d for d in workspace.window().findChildren(kind) if d.isVisible())


def is_for_everybody(qtbot, widget):
    """By name, by keyboard, and with nothing cut."""
    assert accessibility_walk.unnamed(widget) == []
    qtbot.waitUntil(lambda: accessibility_walk.clipped_buttons(widget) == [])
    assert accessibility_walk.without_keyboard(widget) == []


def stored(world, kind):
    with world.store.read() as txn:
        return outbox.every_of_kinds(txn, SUB, (kind,))


def test_the_banner_counts_down_and_asks_the_platform_back(qtbot, world, open_workspace):
    workspace = open_workspace(sent)
    banner = workspace.banner
    qtbot.waitUntil(lambda: "You can take it back until" in words_of(banner))
    assert "30 minutes left" in words_of(banner)
    button = next(b for b in banner.findChildren(QPushButton) if b.text() == "Take back")
    world.clock.advance(28 * 60)
    button.setFocus()
    workspace._count_down.timer.timeout.emit()
    assert "2 minutes left" in words_of(banner)
    # The words changed in place: whoever is on the button stays there.
    assert button.hasFocus()
    press(qtbot, banner, "Take back")
    qtbot.waitUntil(lambda: "Being taken back" in words_of(banner))
    assert len(stored(world, OutboxKind.WITHDRAWAL)) == 1
    world.clock.advance(3 * 60)
    workspace._count_down.timer.timeout.emit()
    assert "It may be too late by now" in words_of(banner)
    press(qtbot, banner, "Leave it sent")
    qtbot.waitUntil(lambda: "The time to take it back is over" in words_of(banner))
    assert stored(world, OutboxKind.WITHDRAWAL) == ()
    assert not workspace._count_down.timer.isActive()


def test_what_is_held_up_says_why_and_gives_the_work_as_a_file(qtbot, world, open_workspace):
    said = "You are no longer assigned to this submission. Your work is kept on this computer."

    def held_up(context, submission):
        assess(context, submission)
        assessing.send(context, SUB)
        with context.store.write() as txn:
            item = outbox.last_of_kind(txn, SUB, OutboxKind.RECOMMENDATION)
            assert item is not None
            outbox.move(txn, item.id, OutboxState.SENDING)
            outbox.move(txn, item.id, OutboxState.BLOCKED, status=403, error=said)

    workspace = open_workspace(held_up)
    qtbot.waitUntil(lambda: said in words_of(workspace.banner))
    is_for_everybody(qtbot, workspace.banner)
    press(qtbot, workspace.banner, "Export my work…")
    assert "Everything that you made of" in words_of(dialog_of(qtbot, workspace, DraftDialog))


def test_once_the_platform_agrees_it_is_open_again(qtbot, world, open_workspace):
    workspace = open_workspace(sent)
    press(qtbot, workspace.banner, "Take back")
    qtbot.waitUntil(lambda: "Being taken back" in words_of(workspace.banner))
    confirm(world.context, OutboxKind.WITHDRAWAL)
    workspace.reload()
    qtbot.waitUntil(lambda: workspace.opened.is_editable)
    assert workspace.banner.isHidden()
    assert workspace.opened.assessment.overall


def test_giving_back_asks_why_leaves_and_can_be_undone(qtbot, world, open_workspace):
    workspace = open_workspace()
    workspace.actions_made.action("submission.recuse").trigger()
    dialog = dialog_of(qtbot, workspace, RecuseDialog)
    assert not dialog.go.isEnabled()
    dialog.reasons[RecusalReason.OTHER].setChecked(True)
    assert not dialog.go.isEnabled()
    dialog.note.edit.insertPlainText("I taught this class.")
    assert dialog.go.isEnabled()
    is_for_everybody(qtbot, dialog)
    with qtbot.waitSignal(workspace.close_requested):
        dialog.go.click()
    (told,) = stored(world, OutboxKind.RECUSAL)
    assert b"I taught this class." in told.body
    workspace.reload()
    qtbot.waitUntil(lambda: "Given back, waiting to be sent" in words_of(workspace.banner))
    assert not workspace.opened.is_editable
    assert not workspace.actions_made.action("submission.recuse").isEnabled()
    press(qtbot, workspace.banner, "Keep this work after all")
    qtbot.waitUntil(lambda: workspace.opened.is_editable)
    assert stored(world, OutboxKind.RECUSAL) == ()


def test_a_concern_is_sent_and_marks_the_criterion(qtbot, world, open_workspace):
    workspace = open_workspace()
    workspace.panel.go_to(workspace.panel.card_of(CRITERIA[1]))
    workspace.actions_made.action("submission.escalate").trigger()
    dialog = dialog_of(qtbot, workspace, QuestionsDialog)
    assert dialog.about_criterion.isChecked()
    assert not dialog.mark.isVisible()
    dialog.kinds[CaseKind.INTEGRITY].setChecked(True)
    assert "A concern never denies by itself" in words_of(dialog)
    assert dialog.mark.isVisible()
    assert dialog.mark.isChecked()
    assert not dialog.send.isEnabled()
    # It stays in view, whatever is scrolled above it.
    assert not any(area.isAncestorOf(dialog.send) for area in dialog.findChildren(QScrollArea))
    dialog.words.edit.insertPlainText("The photographs are the same as in the plan.")
    dialog.send.click()
    qtbot.waitUntil(lambda: workspace.opened.assessment.rating(CRITERIA[1]).not_scorable is not None)
    (asked,) = stored(world, OutboxKind.ESCALATION)
    assert b'"kind":"integrity"' in asked.body
    assert CRITERIA[1].encode() in asked.body
    assert workspace.opened.verdict.result.value == "undecided"
    qtbot.waitUntil(lambda: "Waiting to be sent" in words_of(dialog))
    assert dialog.words.text() == ""


def answered(context, submission):
    entries = (
        CaseEntry(NOON, "assessor", "opened", "Does page 3 count?"),
        CaseEntry(NOON + timedelta(hours=2), "lead", "answered", "Yes, page 3 counts."),
    )
    case = Case(
        "case-1",
        CaseKind.QUESTION,
        CaseState.ANSWERED,
        SUB,
        submission.code,
        NOON,
        submission.title,
        criterion_id=str(CRITERIA[0]),
        entries=entries,
    )
    with context.store.write() as txn:
        cases.put(txn, case)


def test_an_answer_is_announced_read_and_asked_on(qtbot, world, open_workspace):
    workspace = open_workspace(answered)
    notice = workspace.around.notice
    assert notice.isVisible()
    assert "The team lead has answered you." in words_of(notice)
    notice.button.click()
    dialog = dialog_of(qtbot, workspace, QuestionsDialog)
    qtbot.waitUntil(lambda: "Yes, page 3 counts." in words_of(dialog))
    is_for_everybody(qtbot, dialog)
    qtbot.waitUntil(lambda: workspace.opened.unread_answers == 0)
    assert not notice.isVisible()
    press(qtbot, dialog, "Ask on")
    assert dialog.heading.text() == "Ask on"
    dialog.words.edit.insertPlainText("And page 4?")
    dialog.send.click()
    qtbot.waitUntil(lambda: "And page 4?" in words_of(dialog))
    (more,) = stored(world, OutboxKind.CASE_ACTION)
    assert more.path == "/v1/escalations/case-1/words"


def test_what_is_written_stays_while_the_evidence_is_looked_at(qtbot, open_workspace):
    workspace = open_workspace()
    workspace.actions_made.action("submission.escalate").trigger()
    dialog = dialog_of(qtbot, workspace, QuestionsDialog)
    dialog.words.edit.insertPlainText("Is this ")
    dialog.close()
    # As after a larger text: what it needs at least, it has again.
    wide = dialog.width()
    dialog.resize(wide // 2, dialog.height())
    workspace.evidence.select("artifact:art-1")
    workspace.actions_made.action("submission.escalate").trigger()
    assert dialog.words.text() == "Is this "
    assert dialog.width() == wide
    workspace.document.act.report_wanted.emit("File: x")
    assert dialog.words.text() == "Is this "
    assert dialog.kind() is CaseKind.FAULT
    assert dialog.about_source.isChecked()


def test_the_history_tells_by_role_and_merges_what_left_here(qtbot, open_workspace):
    workspace = open_workspace(sent)
    workspace.actions_made.action("submission.history").trigger()
    dialog = dialog_of(qtbot, workspace, HistoryDialog)
    assert len(dialog.lines) == 2
    is_for_everybody(qtbot, dialog)
    assert "Submitted by the learner" in dialog.lines[0]
    assert "Recommendation sent by the assessor (you)" in dialog.lines[1]
    assert "Receipt" in dialog.lines[1]
    dialog.close()


def test_what_waits_stands_last_in_the_history(qtbot, open_workspace):
    def waiting(context, submission):
        assess(context, submission)
        assessing.send(context, SUB)

    workspace = open_workspace(waiting)
    workspace.actions_made.action("submission.history").trigger()
    dialog = dialog_of(qtbot, workspace, HistoryDialog)
    assert "Your recommendation Waiting to be sent" in dialog.lines[-1]
    dialog.close()


def test_the_proof_is_one_page_that_names_nobody(qtbot, world, open_workspace, tmp_path):
    workspace = open_workspace(sent)
    target = tmp_path / "someones-home" / "proof.pdf"
    target.parent.mkdir()
    dialog = ProofDialog(world.lanes, SUB, "S-1", workspace, ask_path=lambda *_: str(target))
    qtbot.addWidget(dialog)
    dialog.show()
    is_for_everybody(qtbot, dialog)
    dialog.with_sent.setChecked(True)
    dialog.go.click()
    qtbot.waitUntil(lambda: "Written" in dialog.said.text())
    (item,) = stored(world, OutboxKind.RECOMMENDATION)
    beside = target.with_suffix(".json").read_bytes()
    assert hashlib.sha256(beside).hexdigest() == item.sha256 == item.receipt.sha256
    data = target.read_bytes()
    with pymupdf.open(stream=data, filetype="pdf") as document:
        assert document.page_count == 1
        text = document[0].get_text()
        meta = document.metadata
    assert item.sha256 in text
    assert str(item.id) in text
    assert f"GET /v1/receipts/{item.id}" in text
    assert "Recommendation: award" in text
    assert "UTC" in text
    told = {name: value for name, value in meta.items() if value}
    assert told.keys() <= {"format", "producer"}
    assert told["producer"] == "Assessor Workstation"
    for private in (str(tmp_path), "someones-home", "xmpmeta", "All in all"):
        assert private.encode() not in data
        assert private not in text
    assert not [path for path in target.parent.iterdir() if path.suffix not in (".pdf", ".json")]


def test_nothing_is_proved_before_it_has_arrived(open_workspace):
    workspace = open_workspace()
    assert not workspace.actions_made.action("receipt.proof").isEnabled()


def test_a_dialog_is_left_by_escape_and_keeps_the_work(qtbot, world, open_workspace):
    workspace = open_workspace()
    workspace.actions_made.action("submission.recuse").trigger()
    dialog = dialog_of(qtbot, workspace, RecuseDialog)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert stored(world, OutboxKind.RECUSAL) == ()
    assert world.read(lambda context: reading.open_submission(context, SUB)).is_editable


def test_a_question_that_is_typed_and_not_sent_is_there_again(qtbot, world, open_workspace):
    workspace = open_workspace()
    workspace.around.ask_lead()
    edit = workspace.around.questions.words.edit
    qtbot.waitUntil(edit.isVisible)
    edit.setFocus()
    qtbot.keyClicks(edit, "May a plan be in Spanish?")
    assert workspace.has_unsaved_edits
    workspace.flush()
    qtbot.waitUntil(lambda: not workspace.has_unsaved_edits)
    assert world.read(lambda c: outbox_of(c)) == ()
    workspace.close()
    again = AssessorWorkspace(world.lanes, SUB, world.clock.now)
    qtbot.addWidget(again)
    again.show()
    qtbot.waitUntil(lambda: again.opened is not None)
    again.around.ask_lead()
    dialog = again.around.questions
    assert dialog is not None
    qtbot.waitUntil(lambda: dialog.words.text() == "May a plan be in Spanish?")
    assert not again.has_unsaved_edits
    assert dialog.send.isEnabled()
    qtbot.keyClicks(dialog.words.edit, "Now. ")
    dialog.send.click()
    qtbot.waitUntil(lambda: len(world.read(outbox_of)) == 1)
    qtbot.waitUntil(lambda: not dialog.words.text() and not again.has_unsaved_edits)
    assert b"May a plan be in Spanish?" in world.read(outbox_of)[0].body
    assert world.read(lambda context: asking.unsent(context, SUB)) == ""


def test_facts_of_a_report_stand_before_what_was_typed_earlier(qtbot, world, open_workspace):
    workspace = open_workspace(lambda context, _: asking.keep_unsent(context, SUB, "Half a question"))
    workspace.around.report("Artifact 1.pdf does not open.")
    words = workspace.around.questions.words
    qtbot.waitUntil(lambda: words.text() == "Artifact 1.pdf does not open.\n\nHalf a question")
    workspace.flush()
    qtbot.waitUntil(lambda: not workspace.has_unsaved_edits)


def outbox_of(context):
    """What waits to be sent of the submission."""
    with context.store.read() as txn:
        return outbox.of_submission(txn, SUB)
