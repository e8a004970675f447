"""The whole draft of a submission as it lies in the tables here, read and put back in one piece."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache import assessments, edit_log, outbox, pre_assessments, send_reasons, submissions
from assessor_app.cache.engine import Transaction
from assessor_app.domain.assessments import Assessment, DecisionDraft, OutboxKind
from assessor_app.domain.drafts import OPEN_AT, Draft
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.merging import WorkCopy
from assessor_app.domain.pre_assessments import PreAssessment
from assessor_app.domain.states import AssessmentState, OutboxState
from assessor_app.domain.submissions import Submission


def is_open(txn: Transaction, submission: Submission) -> bool:
    """Whether a submission is this person's work now, in any role."""
    return any(
        submission.status in statuses and submissions.get_assignment(txn, submission.id, role) is not None
        for role, statuses in OPEN_AT.items()
    )


def gather(txn: Transaction, submission: Submission) -> Draft | None:
    """What was made of a submission in its present round and has not arrived; None where that is nothing."""
    sid, round_ = submission.id, submission.round
    draft = Draft(sid, round_)
    begun = assessments.load(txn, sid, round_)
    if begun is not None and not _has_arrived(txn, sid, OutboxKind.RECOMMENDATION, round_):
        reasons = send_reasons.of_round(txn, sid, round_)
        marks = annotation_rows.of_submission(txn, sid)
        draft = replace(draft, work=WorkCopy(begun, marks), reasons=tuple(sorted(reasons.items())))
    checks = pre_assessments.load(txn, sid)
    if checks != PreAssessment(sid) and not _has_arrived(txn, sid, OutboxKind.PRE_ASSESSMENT, None):
        draft = replace(draft, pre_assessment=checks)
    decision = assessments.decision_draft(txn, sid, round_)
    if decision != DecisionDraft(sid, round_) and not _has_arrived(txn, sid, OutboxKind.DECISION, round_):
        draft = replace(draft, decision=decision)
    return None if draft == Draft(sid, round_) else draft


def is_final(draft: Draft | None) -> bool:
    """Whether it was made final and is not to be touched, though the platform does not have it."""
    parts = (draft.work.assessment if draft and draft.work else None, draft.pre_assessment if draft else None)
    return any(part is not None and part.state is AssessmentState.FINAL for part in parts)


def adopt(txn: Transaction, before: Draft | None, after: Draft, at: datetime) -> None:
    """Put a draft in place of what is here, writing only what differs; undo ends here.

    Args:
        txn: a writing transaction.
        before: what is here.
        after: what is to be here.
        at: when it was made.

    Raises:
        NotAllowed: it was made final here.
    """
    sid, round_ = after.submission_id, after.round
    if after.work is not None:
        put_work(txn, after.work, at)
    if after.reasons != (before.reasons if before is not None else ()):
        send_reasons.put(txn, sid, round_, dict(after.reasons))
    if after.pre_assessment is not None:
        pre_assessments.put(txn, replace(after.pre_assessment, state=AssessmentState.DRAFT, updated_at=at))
    if after.decision is not None:
        assessments.put_decision_draft(txn, after.decision)
    edit_log.close(txn, sid)
    txn.touch(sid)


def put_work(txn: Transaction, work: WorkCopy, at: datetime) -> None:
    """Put an assessor's work in place of what is here of its round, and its marks of all marks here.

    Raises:
        NotAllowed: that round was made final here.
    """
    made = work.assessment
    stored = assessments.begin(txn, made.submission_id, made.round, rubric_hash=made.rubric_hash)
    _adopt_assessment(txn, stored, made, at)
    adopt_marks(txn, made.submission_id, work)
    edit_log.close(txn, made.submission_id)


def _adopt_assessment(txn: Transaction, before: Assessment, after: Assessment, at: datetime) -> None:
    sid, round_ = before.submission_id, before.round
    for criterion in dict.fromkeys(r.criterion_id for r in (*before.ratings, *after.ratings)):
        old, new = before.rating(criterion), after.rating(criterion)
        if (old, old.rubric_hash) != (new, new.rubric_hash):
            assessments.set_rating(txn, sid, round_, new, at)
    for criterion in dict.fromkeys(f.criterion_id for f in (*before.feedback, *after.feedback)):
        if before.feedback_for(criterion) != after.feedback_for(criterion):
            assessments.set_feedback(txn, sid, round_, after.feedback_for(criterion), at)
    told = {part.source_id: part for part in after.artifact_feedback}
    for part in before.artifact_feedback:
        told.setdefault(part.source_id, replace(part, text=""))
    for source_id, part in told.items():
        if before.artifact_feedback_for(source_id) != part.text:
            assessments.set_artifact_feedback(txn, sid, round_, part, at)
    if before.overall != after.overall:
        assessments.set_overall(txn, sid, round_, after.overall, at)
    if before.note_to_approver != after.note_to_approver:
        assessments.set_note(txn, sid, round_, after.note_to_approver, at)
    if before.rubric_hash != after.rubric_hash:
        assessments.set_rubric_hash(txn, sid, round_, after.rubric_hash)


def adopt_marks(txn: Transaction, submission_id: SubmissionId, after: WorkCopy) -> None:
    """Let the marks of a submission be those of a copy, writing only what differs."""
    here = {mark.id: mark for mark in annotation_rows.of_submission(txn, submission_id)}
    for mark in after.annotations:
        if here.pop(mark.id, None) != mark:
            annotation_rows.put(txn, mark)
    for gone in here:
        annotation_rows.delete(txn, gone)


def _has_arrived(txn: Transaction, submission_id: SubmissionId, kind: OutboxKind, round_: int | None) -> bool:
    """Whether the platform has confirmed the last of a kind; what was taken back since is a draft again."""
    sent = outbox.last_of_kind(txn, submission_id, kind, in_round=round_)
    if sent is None or sent.state is not OutboxState.ACKED:
        return False
    if kind is not OutboxKind.RECOMMENDATION or round_ is None:
        return True
    here = assessments.load(txn, submission_id, round_)
    return here is None or here.state is AssessmentState.FINAL
