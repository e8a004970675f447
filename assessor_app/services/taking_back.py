"""Taking back what was sent: here as long as it never left, on the platform while the grace period lasts."""

from __future__ import annotations

import json

from assessor_app.cache import assessments, outbox, policy, submissions, sync_state
from assessor_app.cache.engine import Transaction
from assessor_app.domain.assessments import OutboxItem, OutboxKind
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.roles import Role
from assessor_app.domain.states import AssessmentState, OutboxState, SubmissionStatus
from assessor_app.domain.submissions import Submission
from assessor_app.errors import NotAllowed
from assessor_app.services.context import Context
from assessor_app.services.on_device import present
from assessor_app.services.queueing import enqueue
from assessor_app.services.views import TakingBack
from assessor_app.sync import protocol

_STILL_THERE = (
    SubmissionStatus.WAITING_ON_ASSESSOR,
    SubmissionStatus.RETURNED,
    SubmissionStatus.WAITING_ON_APPROVER,
)
"""Where nothing is decided, as far as this machine knows: its pull may be older than its receipt."""


def take_back(context: Context, submission_id: SubmissionId) -> ChangeSet:
    """Take back what was made final last.

    What waits and was never tried is taken back at once, and the work is a draft again. What the platform has
    confirmed is asked back; it becomes a draft again when the platform agrees.

    Raises:
        NotAllowed: it may be under way now, or the time to take it back is over.
    """
    now = context.clock.now()
    kind = OutboxKind.DECISION if context.role is Role.APPROVER else OutboxKind.RECOMMENDATION
    with context.store.write() as txn:
        waiting = [i for i in outbox.of_submission(txn, submission_id) if i.kind is kind and not i.receipt]
        if waiting and outbox.withdraw_queued(txn, waiting[-1].id):
            if kind is OutboxKind.RECOMMENDATION:
                round_number = json.loads(waiting[-1].body)["round"]
                assessments.set_state(txn, submission_id, round_number, AssessmentState.DRAFT, now)
            return ChangeSet.of_sending(submission_id)
        submission = present(txn, submission_id)
        sent = _sent_item(txn, submission)
        standing = standing_of(txn, submission)
        if waiting or sent is None or not standing.is_open(now) or standing.waits:
            raise _refusal(is_under_way=bool(waiting))
        recommendation_id = sent.path.rpartition("/")[2]
        body = protocol.WithdrawIn(recommendation_id=recommendation_id)
        path = f"/v1/submissions/{submission_id}/recommendation/withdraw"
        enqueue(context, txn, submission, OutboxKind.WITHDRAWAL, body, path=path)
    return ChangeSet.of_sending(submission_id)


def leave_sent(context: Context, submission_id: SubmissionId) -> ChangeSet:
    """Think better of taking back, as long as the platform was not asked.

    Raises:
        NotAllowed: it was asked, or may have been.
    """
    with context.store.write() as txn:
        asked = outbox.last_of_kind(txn, submission_id, OutboxKind.WITHDRAWAL)
        if asked is None or not outbox.withdraw_queued(txn, asked.id):
            raise NotAllowed(
                "It is being taken back already",
                "The platform has been asked, or may have been. Everything you wrote is kept.",
                "Once it is open again you can send it again.",
            )
    return ChangeSet.of_sending(submission_id)


def standing_of(txn: Transaction, submission: Submission) -> TakingBack:
    """Whether what was sent in the present round can be taken back, and whether that is under way."""
    lead = sync_state.clock_lead(txn)
    sent = _sent_item(txn, submission)
    if sent is None or sent.receipt is None:
        return TakingBack(lead=lead)
    asked = outbox.last_of_kind(txn, submission.id, OutboxKind.WITHDRAWAL)
    recommendation_id = sent.path.rpartition("/")[2]
    if asked is not None and json.loads(asked.body).get("recommendation_id") != recommendation_id:
        asked = None
    is_done = asked is not None and asked.state is OutboxState.ACKED
    settings = policy.policy(txn)
    decided = any(d.round == submission.round for d in submissions.decisions(txn, submission.id))
    can_be = settings.grace_minutes > 0 and submission.status in _STILL_THERE and not decided and not is_done
    until = settings.grace_ends_at(sent.receipt.received_at)
    waits = asked is not None and asked.state in (OutboxState.QUEUED, OutboxState.SENDING)
    is_refused = asked is not None and not is_done and not waits
    return TakingBack(
        until=until if can_be and not is_refused else None,
        lead=lead,
        waits=waits,
        can_leave_sent=waits
        and asked is not None
        and asked.state is OutboxState.QUEUED
        and not asked.attempts,
        refused=asked.last_error if asked is not None and is_refused else "",
    )


def _sent_item(txn: Transaction, submission: Submission) -> OutboxItem | None:
    """What the platform has confirmed of this round's recommendation, as it left this machine."""
    item = outbox.last_of_kind(txn, submission.id, OutboxKind.RECOMMENDATION, in_round=submission.round)
    return item if item is not None and item.state is OutboxState.ACKED else None


def _refusal(*, is_under_way: bool) -> NotAllowed:
    if is_under_way:
        return NotAllowed(
            "This cannot be taken back just now",
            "It may be on its way to the platform. Everything you wrote is kept.",
            "Wait until the platform has confirmed it, then take it back.",
        )
    return NotAllowed(
        "This can no longer be taken back",
        "The time for it is over. Everything you wrote is kept.",
        "The approver can return it to you.",
    )
