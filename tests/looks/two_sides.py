"""Work that was changed here and on the platform: the list, the banner, the comparison, what came before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache import assessments, conflicts, outbox, submissions
from assessor_app.domain.assessments import DecisionDraft, OutboxKind, Override, Rating, Recommendation
from assessor_app.domain.conflicts import Conflict, ConflictKind, TheirSide
from assessor_app.domain.merging import WorkCopy, of_recommendation
from assessor_app.domain.roles import Role
from assessor_app.domain.states import AssessmentState, OutboxState, SubmissionStatus
from assessor_app.domain.submissions import Submission
from assessor_app.services import assessing
from assessor_app.sync import after_sending
from tests import builders
from tests.evidence_desk import pause
from tests.looks import demo_work as demo
from tests.looks.judging import finish, mark
from tests.looks.stage import SETTLE_MS, Stage

ELSEWHERE = (
    "Your plan names a purpose for every question. The two open ones in the third phase carry the lesson."
)


def put_two_sides(stage: Stage, status: SubmissionStatus = SubmissionStatus.RETURNED) -> Submission:
    """Sent here, and refused: another computer of hers had sent its own, from the same beginning."""
    made = stage.put(demo.RESUBMISSION)
    finish(stage, made)
    mark(stage, made, "design-task", "Count these again: four, not five.")
    context = stage.context
    first = demo.rubric_of(made).criteria[0].id
    with context.store.read() as txn:
        began = assessments.load(txn, made.id, 1)
        marks = annotation_rows.of_submission(txn, made.id)
    assert began is not None
    theirs = replace(
        began,
        overall=began.overall.replace(".", ", and it shows in what they say.", 1),
        note_to_approver="",
        ratings=tuple(
            Rating(r.criterion_id, "progressing") if r.criterion_id == first else r for r in began.ratings
        ),
        feedback=tuple(
            replace(f, next_step=f"{f.next_step} Start with the third phase.".strip()) for f in began.feedback
        ),
    )
    moved = tuple(replace(one, comment="These are four; the chart says so too.") for one in marks)
    assessing.save_overall(context, made.id, f"{began.overall} I read your reflection twice.")
    assessing.send(context, made.id)
    sent = replace(
        builders.recommendation(),
        submission_id=made.id,
        ratings=theirs.ratings,
        feedback=theirs.feedback,
        overall=theirs.overall,
        note_to_approver="",
        annotations=moved,
        sent_at=context.clock.now() - timedelta(hours=2),
    )
    _refuse(stage, made, WorkCopy(began, marks), sent, replace(made, status=status))
    return made


def _refuse(
    stage: Stage, made: Submission, base: WorkCopy, sent: Recommendation, present: Submission
) -> None:
    context = stage.context
    with context.store.write() as txn:
        item = outbox.last_of_kind(txn, made.id, OutboxKind.RECOMMENDATION)
        assert item is not None
        outbox.move(txn, item.id, OutboxState.SENDING)
        outbox.move(txn, item.id, OutboxState.CONFLICT, status=409)
        work = assessments.load(txn, made.id, 1)
        assert work is not None
        marks = annotation_rows.of_submission(txn, made.id)
        mine = WorkCopy(replace(work, state=AssessmentState.DRAFT), tuple(replace(m) for m in marks))
        kind = ConflictKind.RECOMMENDATION
        conflicts.note(txn, Conflict(str(item.id), made.id, 1, kind, context.clock.now(), mine, None, base))
        after_sending.settle(txn, item, OutboxState.CONFLICT, context.clock)
        submissions.put_submission(txn, present)
        side = TheirSide(present.status, 1, of_recommendation(sent, AssessmentState.FINAL), sent)
        conflicts.tell(txn, str(item.id), side)


def _compare(stage: Stage, workspace: Any) -> Any:
    stage.wait(lambda: bool(workspace.opened and workspace.opened.conflict))
    workspace.around.act("compare")
    stage.wait(lambda: workspace.around.comparing.dialog is not None)
    pause(SETTLE_MS)
    return workspace.around.comparing.dialog


def banner(stage: Stage) -> None:
    """The banner above the work."""
    stage.open(put_two_sides(stage))


def comparison(stage: Stage) -> None:
    """Both sides, as they first show."""
    _compare(stage, stage.open(put_two_sides(stage)))


def chosen(stage: Stage) -> None:
    """Some choices made, and everything shown."""
    dialog = _compare(stage, stage.open(put_two_sides(stage)))
    waiting = [row for row in dialog.rows if row.buttons and row.keep is None]
    for row, number in zip(waiting, (1, 0, 1), strict=False):
        list(row.buttons.values())[number].click()
    dialog.show_all.setChecked(True)
    pause(SETTLE_MS)


def over(stage: Stage) -> None:
    """Decided meanwhile: it can only be read and kept."""
    _compare(stage, stage.open(put_two_sides(stage, SubmissionStatus.AWARDED)))


def waiting(stage: Stage) -> None:
    """In the list of what waits to be sent."""
    put_two_sides(stage)
    window = stage.sit_down()
    window.navigation.show_count("waiting", 1)
    window.show_place("waiting")
    pause(2 * SETTLE_MS)


def approver(stage: Stage) -> None:
    """An approver: the recommendation changed under her decision."""
    stage.role = Role.APPROVER
    made = stage.put(demo.AT_APPROVER)
    context = stage.context
    with context.store.read() as txn:
        sent = next(iter(submissions.recommendations(txn, made.id)), None)
    assert sent is not None
    first, second = sent.ratings[0], sent.ratings[1]
    draft = DecisionDraft(
        made.id,
        made.round,
        revealed_at=context.clock.now(),
        overrides=(Override(first.criterion_id, "progressing", "Page 2 shows one open question only."),),
        final_feedback="A careful plan. Begin with the questions that are open.",
    )
    later = replace(
        sent,
        ratings=(*(Rating(one.criterion_id, "progressing") for one in (first, second)), *sent.ratings[2:]),
        overall=f"{sent.overall} I have looked at page 2 again.",
    )
    with context.store.write() as txn:
        assessments.put_decision_draft(txn, draft)
        base = of_recommendation(sent, AssessmentState.FINAL)
        side = TheirSide(made.status, made.round, None, later)
        at = context.clock.now()
        conflicts.note(txn, Conflict("c", made.id, made.round, ConflictKind.DECISION, at, draft, side, base))
    workspace = stage.open(made)
    workspace.around.comparing.open("c")
    stage.wait(lambda: workspace.around.comparing.dialog is not None)
    pause(SETTLE_MS)


TWO_SIDES = {
    "two-sides-banner": banner,
    "two-sides": comparison,
    "two-sides-chosen": chosen,
    "two-sides-over": over,
    "two-sides-waiting": waiting,
    "two-sides-approver": approver,
}
"""What was changed on both sides, by the name of its picture."""
