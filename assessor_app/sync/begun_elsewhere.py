"""A round that another computer has begun and this one has not: what its copy is put together with."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache import assessments, draft_copies, outbox, submissions
from assessor_app.cache.engine import Transaction
from assessor_app.domain.assessments import Assessment, OutboxKind
from assessor_app.domain.drafts import Draft
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.merging import WorkCopy
from assessor_app.domain.states import AssessmentState, OutboxState
from assessor_app.domain.submissions import Submission
from assessor_app.sync.draft_document import draft_of


def begins_with(txn: Transaction, submission: Submission) -> Assessment:
    """The words and ratings of the present round: as far as it was begun here, else what it begins with."""
    sid, now = submission.id, submission.round
    begun = assessments.load(txn, sid, now) or assessments.load(txn, sid, now - 1)
    return replace(
        begun or Assessment(sid, now, AssessmentState.DRAFT), round=now, state=AssessmentState.DRAFT
    )


def not_begun(
    txn: Transaction, submission: Submission, begun_at: datetime | None, kept: Draft | None
) -> tuple[Draft | None, Draft | None]:
    """A round that only another computer has begun: what it begins with here, and what both began from.

    Marks go from round to round, and those for herself alone are in nothing that was sent: they stay.

    Args:
        txn: a transaction.
        submission: in the round that was begun.
        begun_at: when the line of versions of the other computer's copy was begun, where that is told.
        kept: what was agreed on of what the platform kept of the last round, where theirs goes on from that.
    """
    sid, last = submission.id, submission.round - 1
    marks = annotation_rows.of_submission(txn, sid)
    if not marks:
        return None, None
    sent = next((one for one in submissions.recommendations(txn, sid) if one.round == last), None)
    begins = begins_with(txn, submission)
    known = sent.annotations if sent is not None else ()
    if kept is None and _goes_on_from_here(txn, begun_at, sid, last):
        # Of what was sent from here the platform kept her own marks: who goes on from there has seen them.
        copy = draft_copies.copy_of(txn, sid, last)
        kept = None if copy is None else draft_of(copy.document, sid)
    if kept is not None and kept.work is not None:
        ids = {mark.id for mark in known}
        known += tuple(mark for mark in kept.work.annotations if mark.id not in ids)
    return (
        Draft(sid, submission.round, WorkCopy(begins, marks)),
        Draft(sid, submission.round, WorkCopy(begins, known)),
    )


def _goes_on_from_here(
    txn: Transaction, begun_at: datetime | None, submission_id: SubmissionId, last: int
) -> bool:
    """Whether theirs was made from what the platform kept as the last round was sent from this computer.

    As work goes to somebody else it lets go of that: what is begun later begins a new line of versions.
    """
    sent = outbox.last_of_kind(txn, submission_id, OutboxKind.RECOMMENDATION, in_round=last)
    if sent is None or sent.receipt is None or begun_at is None:
        return False
    return sent.state is OutboxState.ACKED and begun_at <= sent.receipt.received_at
