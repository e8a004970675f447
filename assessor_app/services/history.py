"""The history of a submission: every state by role, with what left this machine and when it arrived."""

from __future__ import annotations

from dataclasses import replace

from assessor_app.cache import outbox, submissions, sync_state
from assessor_app.domain.assessments import OutboxItem, OutboxKind
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.submissions import Submission
from assessor_app.services.context import Context
from assessor_app.services.on_device import present
from assessor_app.services.views import HistoryStep, SubmissionHistory

_KINDS = (
    OutboxKind.RECOMMENDATION,
    OutboxKind.DECISION,
    OutboxKind.PRE_ASSESSMENT,
    OutboxKind.WITHDRAWAL,
    OutboxKind.RECUSAL,
)


def history(context: Context, submission_id: SubmissionId) -> SubmissionHistory:
    """Every state that a submission went through, oldest first; offline as the last sync told it.

    Raises:
        NotAllowed: the submission is not on this machine.
    """
    with context.store.read() as txn:
        submission = present(txn, submission_id)
        items = outbox.every_of_kinds(txn, submission_id, _KINDS)
        labels = submissions.label_map(txn)
        told_at = sync_state.server_time(txn)
    return SubmissionHistory(submission.code, submission.title, _steps(submission, items), labels, told_at)


def _steps(submission: Submission, items: tuple[OutboxItem, ...]) -> tuple[HistoryStep, ...]:
    steps = [HistoryStep(entry.at, entry.by, entry.status) for entry in submission.history]
    for item in items:
        at = item.receipt.received_at if item.receipt is not None else None
        place = next((n for n, step in enumerate(steps) if step.at == at and step.item is None), None)
        if place is not None:
            steps[place] = replace(steps[place], item=item)
        else:
            steps.append(HistoryStep(at or item.created_at, "", None, item))
    return tuple(sorted(steps, key=lambda step: (_waits(step), step.at)))


def _waits(step: HistoryStep) -> bool:
    return step.item is not None and step.item.receipt is None
