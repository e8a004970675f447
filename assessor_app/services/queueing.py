"""Freezing what is to be sent: exact bytes under a new key, put among what waits."""

from __future__ import annotations

from assessor_app.cache import outbox
from assessor_app.cache.engine import Transaction
from assessor_app.domain.assessments import OutboxItem, OutboxKind
from assessor_app.domain.canonical import canonical_json, sha256_hex
from assessor_app.domain.cases import Case
from assessor_app.domain.ids import OutboxId
from assessor_app.domain.states import OutboxState
from assessor_app.domain.submissions import Submission
from assessor_app.errors import NotAllowed
from assessor_app.services.context import Context
from assessor_app.sync import protocol, two_sides


def enqueue(
    context: Context,
    txn: Transaction,
    submission: Submission | Case,
    kind: OutboxKind,
    body: protocol.Wire,
    *,
    path: str | None = None,
) -> None:
    """Freeze the bytes of a body under a new key and put them among what waits to be sent.

    Args:
        context: the open profile.
        txn: the transaction that makes it final.
        submission: what it is about; a lead has a question or report about it alone.
        kind: what is sent.
        body: its content.
        path: where it is sent to; a new record of its kind under the submission if None.

    Raises:
        NotAllowed: it is larger than the platform takes.
    """
    frozen = canonical_json(protocol.as_json(body))
    if len(frozen) > protocol.MAX_UPLOAD_BYTES:
        raise NotAllowed(
            "This is too large to send",
            "The feedback and annotations together are over 8 MB. Everything is kept.",
            "Shorten the longest comments.",
        )
    about = submission.submission_id if isinstance(submission, Case) else submission.id
    if kind in (OutboxKind.RECOMMENDATION, OutboxKind.DECISION) and isinstance(submission, Submission):
        two_sides.leave_uncompared(txn, submission, context.clock.now())
    key, record = context.clock.new_id(), context.clock.new_id()
    outbox.enqueue(
        txn,
        OutboxItem(
            id=OutboxId(key),
            submission_id=about,
            kind=kind,
            path=path or f"/v1/submissions/{about}/{kind.value}s/{record}",
            body=frozen,
            sha256=sha256_hex(frozen),
            base_rev=submission.rev,
            state=OutboxState.QUEUED,
            attempts=0,
            created_at=context.clock.now(),
        ),
    )
