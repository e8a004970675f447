"""What comes around and after judging: sending, taking back, the lead, pre-assessing, approving, names."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pymupdf
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QScrollArea

from assessor_app.cache import cases, draft_copies, matches, outbox, submissions
from assessor_app.domain.assessments import OutboxKind, Receipt
from assessor_app.domain.cases import Case, CaseEntry, CaseKind, CaseState, RecusalReason
from assessor_app.domain.matches import (
    ComparedPart,
    Excerpt,
    FileCopy,
    Match,
    MatchWeight,
    Passage,
    Run,
    Statement,
    SubmissionMatches,
)
from assessor_app.domain.roles import Role
from assessor_app.domain.states import OutboxState, SubmissionStatus
from assessor_app.domain.submissions import HistoryEntry, Submission
from assessor_app.services import assessing, giving_back, proof, taking_back
from assessor_app.services.views import DraftCopies, SyncState, SyncStatus
from assessor_app.sync import after_sending
from tests import planted_files
from tests.evidence_desk import Piece, Reader, pause, put_pieces, submission_of
from tests.looks import demo_work as demo
from tests.looks.judging import finish
from tests.looks.stage import SETTLE_MS, Stage

# ---- sending ----


def put_sent(stage: Stage, levels: str = "3333333") -> Submission:
    """Sent, and confirmed by the platform a moment ago."""
    made = stage.put(demo.FRESH)
    finish(stage, made, levels)
    assessing.send(stage.context, made.id)
    at = stage.context.clock.now()
    with stage.context.store.write() as txn:
        item = outbox.last_of_kind(txn, made.id, OutboxKind.RECOMMENDATION)
        assert item is not None
        receipt = Receipt(item.id, item.sha256, made.id, at, "recommendation-received")
        outbox.move(txn, item.id, OutboxState.SENDING)
        outbox.move(txn, item.id, OutboxState.ACKED, receipt=receipt)
        after_sending.settle(txn, item, OutboxState.ACKED, stage.context.clock)
        stations = (
            HistoryEntry(at - timedelta(days=4), SubmissionStatus.SUBMITTED, "learner"),
            HistoryEntry(at - timedelta(days=3), SubmissionStatus.IN_PRE_ASSESSMENT, "preassessor"),
            HistoryEntry(at - timedelta(days=2), SubmissionStatus.WAITING_ON_ASSESSOR, "preassessor"),
            HistoryEntry(at, SubmissionStatus.WAITING_ON_APPROVER, "assessor"),
        )
        waiting = SubmissionStatus.WAITING_ON_APPROVER
        submissions.put_submission(txn, replace(made, status=waiting, history=stations))
    stage.context.clock.advance(120)  # type: ignore[attr-defined]
    return made


def sent_waiting(stage: Stage) -> None:
    """Sent here, and still to leave."""
    made = stage.put(demo.FRESH)
    finish(stage, made)
    assessing.send(stage.context, made.id)
    stage.open(made)


def sent(stage: Stage) -> Any:
    """Sent, with the time that is left to take it back."""
    return stage.open(put_sent(stage))


def sent_taking_back(stage: Stage) -> None:
    """The platform is being asked for it."""
    made = put_sent(stage)
    taking_back.take_back(stage.context, made.id)
    stage.open(made)


def sent_history(stage: Stage) -> None:
    """Every state, by role."""
    sent(stage)
    stage.command("submission.history")


def sent_proof(stage: Stage) -> None:
    """Where the proof is asked for."""
    sent(stage)
    stage.command("receipt.proof")


def proof_page(stage: Stage) -> None:
    """The proof itself, as a page."""
    made = put_sent(stage)
    target = stage.folder / "proof.pdf"
    proof.write_proof(stage.context, made.id, target, with_sent=True)
    stage.sit_down()
    page = QLabel(stage.window)
    with pymupdf.open(target) as document:
        picture = QPixmap()
        picture.loadFromData(document[0].get_pixmap(dpi=96).tobytes("png"))
    page.setPixmap(picture)
    place = QScrollArea(stage.window)
    place.setWidget(page)
    stage.window.show_workspace(place, "Proof")


# ---- giving back, asking ----


def give_back(stage: Stage) -> None:
    """Asking why it is given back."""
    stage.open(stage.put(demo.FRESH))
    stage.command("submission.recuse")


def given_back(stage: Stage) -> None:
    """Given back, and still to leave."""
    made = stage.put(demo.FRESH)
    giving_back.give_back(stage.context, made.id, RecusalReason.KNOWS_LEARNER, "")
    stage.open(made)


def ask_lead(stage: Stage) -> None:
    """A question to the lead, before anything was asked."""
    stage.open(stage.put(demo.FRESH))
    stage.command("submission.escalate")


def lead_answered(stage: Stage) -> Any:
    """A line that says that the lead has answered."""
    made = stage.put(demo.FRESH)
    at = stage.context.clock.now() - timedelta(hours=5)
    criterion = demo.rubric_of(made).criteria[4].id
    asked = "The transcript is eleven minutes long, two of them silent work. Does it count as ten minutes?"
    answer = "Yes: silent work that leads to talk is part of the discussion. Rate what is said after it."
    entries = (
        CaseEntry(at, "assessor", "opened", asked),
        CaseEntry(at + timedelta(hours=2), "lead", "answered", answer),
    )
    case = Case(
        "case-1", CaseKind.QUESTION, CaseState.ANSWERED, made.id, made.code, at, made.title,
        criterion_id=str(criterion), entries=entries,
    )  # fmt: skip
    with stage.context.store.write() as txn:
        cases.put(txn, case)
    return stage.open(made)


def lead_answer_read(stage: Stage) -> None:
    """The question with its answer."""
    workspace = lead_answered(stage)
    workspace.around.notice.button.click()
    pause(SETTLE_MS)


# ---- pre-assessing ----


def _check(stage: Stage, code: str, said: str) -> Any:
    stage.role = Role.PREASSESSOR
    workspace = stage.open(stage.put(code))
    stage.wait(lambda: workspace.opened is not None)
    for row, is_there in zip(workspace.panel.rows, said, strict=False):
        row.say(is_there == "+")
        pause(40)
    pause(SETTLE_MS)
    return workspace


def completeness_open(stage: Stage) -> None:
    """Nothing was looked at yet."""
    _check(stage, "S-V6RC", "")


def completeness_complete(stage: Stage) -> None:
    """Everything is there."""
    _check(stage, "S-V6RC", "+++++++++")


def completeness_incomplete(stage: Stage) -> Any:
    """Something is not there, and it is said."""
    workspace = _check(stage, demo.UNCHECKED, "++-+--++")
    for row in workspace.panel.rows:
        if row.note.isVisible():
            stage.type(row.note.edit, "Neither a recording nor a transcript is attached.")
    stage.type(
        workspace.panel.feedback.edit, "Attach what is named above and submit again; the rest may stay."
    )
    workspace.panel.flush()
    pause(2 * SETTLE_MS)
    return workspace


def completeness_sent(stage: Stage) -> None:
    """Sent back to the learner."""
    workspace = completeness_incomplete(stage)
    for _ in range(2):
        workspace.panel.send_button.click()
        pause(SETTLE_MS)


# ---- approving ----


def approve_covered(stage: Stage) -> Any:
    """Evidence before opinion."""
    stage.role = Role.APPROVER
    workspace = stage.open(stage.put("S-M4RN"))
    stage.wait(lambda: workspace.brief is not None)
    return workspace


def approve_marking(stage: Stage) -> None:
    """Where each criterion is marked before anything is revealed."""
    stage.role = Role.APPROVER
    stage.open(stage.put(demo.AT_APPROVER, sampled=True))
    pause(SETTLE_MS)


def approve_revealed(stage: Stage) -> Any:
    """The assessor's ratings and words."""
    workspace = approve_covered(stage)
    stage.command("approver.reveal")
    stage.wait(lambda: workspace.brief.recommendation is not None)
    return workspace


def approve_returning(stage: Stage) -> None:
    """Returning it with a reason."""
    approve_revealed(stage)
    stage.command("approver.return")


def approve_same_passages(stage: Stage) -> None:
    """Passages that stand in another submission as well."""
    stage.role = Role.APPROVER
    made = stage.put("S-M4RN")
    shared = "one quiet minute with a pencil, so that those who need longer find their words"
    sides = (
        (
            "At the start of each discussion I give everybody ",
            ". After that the first hand is never the first voice.",
        ),
        ("We begin with ", ", and only then do I look for hands."),
    )
    here, there = (
        Excerpt("What did students say?", (Run(before, False), Run(shared, True), Run(after, False)))
        for before, after in sides
    )
    quiet, said = Statement(declared=False), Statement(declared=True, note="We planned the lab together.")
    look = Match(
        "m-1", "S-0009", ComparedPart.REFLECTION, MatchWeight.LOOK, 0.3, 14, quiet, said,
        passages=(Passage(here, there),),
    )  # fmt: skip
    copies = (FileCopy("Artifact 2.pdf", "Artifact 1.pdf"),)
    same = Match(
        "m-2", "S-0012", ComparedPart.ARTIFACT, MatchWeight.INFORMATION, 1.0, 0, said, said, copies=copies
    )
    with stage.context.store.write() as txn:
        matches.put(txn, SubmissionMatches(made.id, made.code, made.title, (look, same)))
    workspace = stage.open(made)
    stage.wait(lambda: workspace.brief is not None)
    stage.command("approver.reveal")
    stage.wait(lambda: workspace.brief.recommendation is not None)
    pause(SETTLE_MS)
    workspace.evidence.select("matches")
    pause(SETTLE_MS)


# ---- what may name a person ----


def names_covered(stage: Stage) -> Any:
    """Patches over what may name a person."""
    piece = Piece("planted", "Artifact 1.pdf", "application/pdf", planted_files.planted_pdf())
    made = submission_of((piece,))
    put_pieces(stage.context, made, (piece,))
    workspace = stage.open(made)
    reader = Reader(workspace)
    reader.choose("planted")
    stage.wait(lambda: reader.is_settled("planted"))
    pause(2 * SETTLE_MS)
    return workspace


def names_lifted(stage: Stage) -> None:
    """The same patches, lifted."""
    names_covered(stage)
    stage.command("guard.lift")


def continued(stage: Stage) -> Any:
    """Work that was begun on another computer, opened here for the first time."""
    made = stage.put(demo.FRESH)
    finish(stage, made)
    with stage.context.store.write() as txn:
        draft_copies.note_continued(txn, made.id, stage.context.clock.now() - timedelta(minutes=19))
    workspace = stage.open(made)
    stage.wait(workspace.around.continued.isVisible)
    return workspace


def not_copied(stage: Stage) -> None:
    """What waits to be sent, and drafts of which the platform has no copy yet."""
    made = stage.put(demo.FRESH)
    finish(stage, made)
    assessing.send(stage.context, made.id)
    stage.sit_down()
    status = SyncStatus(SyncState.OFFLINE, waiting=1, copies=DraftCopies(waiting=2))
    stage.window.sync_bar.show_status(status)
    stage.window.waiting.show_status(status)
    stage.window.show_place("waiting")
    pause(SETTLE_MS)


AFTERWARDS = {
    "continued": continued,
    "not-copied": not_copied,
    "sent-waiting": sent_waiting,
    "sent": sent,
    "sent-taking-back": sent_taking_back,
    "sent-history": sent_history,
    "sent-proof": sent_proof,
    "proof-page": proof_page,
    "give-back": give_back,
    "given-back": given_back,
    "ask-lead": ask_lead,
    "lead-answered": lead_answered,
    "lead-answer-read": lead_answer_read,
    "completeness-open": completeness_open,
    "completeness-complete": completeness_complete,
    "completeness-incomplete": completeness_incomplete,
    "completeness-sent": completeness_sent,
    "approve-covered": approve_covered,
    "approve-marking": approve_marking,
    "approve-revealed": approve_revealed,
    "approve-returning": approve_returning,
    "approve-same-passages": approve_same_passages,
    "names-covered": names_covered,
    "names-lifted": names_lifted,
}
"""What comes around and after judging, by the name of its picture."""
