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


def not_begun(
    txn: Transaction, submission: Submission, begun_at: datetime | None
) -> tuple[Draft | None, Draft | None]:
    """A round that only another computer has begun: what it begins with here, and what both began from.

    Marks go from round to round, and those for herself alone are in nothing that was sent: they stay.

    Args:
        txn: a transaction.
        submission: in the round that was begun.
        begun_at: when the line of versions of the other computer's copy was begun, where that is told.
    """
    sid, last = submission.id, submission.round - 1
    marks = annotation_rows.of_submission(txn, sid)
    if not marks:
        return None, None
    sent = next((one for one in submissions.recommendations(txn, sid) if one.round == last), None)
    blank = Assessment(sid, submission.round, AssessmentState.DRAFT)
    begins = assessments.load(txn, sid, last) or blank
    begins = replace(begins, round=submission.round, state=AssessmentState.DRAFT)
    known = sent.annotations if sent is not None else ()
    goes_on = _goes_on_from_here(txn, begun_at, sid, last)
    if goes_on and (copy := draft_copies.copy_of(txn, sid, last)) is not None:
        # Of what was sent from here the platform kept her own marks: who goes on from there has seen them.
        agreed = draft_of(copy.document, sid).work
        ids = {mark.id for mark in known}
        known += tuple(mark for mark in agreed.annotations if mark.id not in ids) if agreed else ()
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
