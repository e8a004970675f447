"""Giving work back for good: who recognises it, has a conflict of interest, or cannot read its language."""

from __future__ import annotations

from assessor_app.cache import outbox, submissions
from assessor_app.cache.engine import Transaction
from assessor_app.domain.assessments import OutboxKind
from assessor_app.domain.cases import RecusalReason
from assessor_app.domain.changes import ChangeSet
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.states import SETTLED, OutboxState
from assessor_app.errors import NotAllowed
from assessor_app.services.context import Context
from assessor_app.services.on_device import present
from assessor_app.services.queueing import enqueue
from assessor_app.services.views import GivingBack
from assessor_app.sync import protocol

_SENDS_JUDGEMENT = (OutboxKind.RECOMMENDATION, OutboxKind.DECISION, OutboxKind.PRE_ASSESSMENT)


def give_back(context: Context, submission_id: SubmissionId, reason: RecusalReason, note: str) -> ChangeSet:
    """Give a submission back for good, as soon as the platform hears of it.

    What was made of it here stays until the platform has confirmed, and is erased then.

    Raises:
        NotAllowed: it is not this person's now, what was sent for it waits, or it is given back already.
    """
    with context.store.write() as txn:
        submission = present(txn, submission_id)
        if submissions.get_assignment(txn, submission_id, context.role) is None:
            raise _refusal("It is not with you now.")
        if submission.status in SETTLED:
            raise _refusal("It is settled.")
        if standing_of(txn, submission_id).waits:
            raise _refusal("It is given back already, and waits to be sent.")
        for item in outbox.of_submission(txn, submission_id):
            if item.kind in _SENDS_JUDGEMENT and item.state is not OutboxState.ACKED:
                raise _refusal("What you sent for it waits. Take that back first.")
        body = protocol.RecuseIn(reason_code=reason, note=note.strip())
        path = f"/v1/submissions/{submission_id}/recuse"
        enqueue(context, txn, submission, OutboxKind.RECUSAL, body, path=path)
    return ChangeSet.of_sending(submission_id)


def keep(context: Context, submission_id: SubmissionId) -> ChangeSet:
    """Keep the work after all, as long as the platform was not told.

    Raises:
        NotAllowed: it was told, or may have been.
    """
    with context.store.write() as txn:
        told = outbox.last_of_kind(txn, submission_id, OutboxKind.RECUSAL)
        if told is None or not outbox.withdraw_queued(txn, told.id):
            raise NotAllowed(
                "It has been given back already",
                "The platform has been told, or may have been.",
                "If this was a mistake, tell the team lead.",
            )
    return ChangeSet.of_sending(submission_id)


def standing_of(txn: Transaction, submission_id: SubmissionId) -> GivingBack:
    """Whether a submission is being given back."""
    told = outbox.last_of_kind(txn, submission_id, OutboxKind.RECUSAL)
    if told is None or told.state is OutboxState.ACKED:
        return GivingBack()
    waits = told.state in (OutboxState.QUEUED, OutboxState.SENDING)
    return GivingBack(
        waits=waits,
        can_keep=told.state is OutboxState.QUEUED and not told.attempts,
        refused="" if waits else told.last_error,
    )


def _refusal(why: str) -> NotAllowed:
    return NotAllowed("This cannot be given back now", f"{why} Nothing was changed.")
