"""The proof that something was sent: one page that names nobody, and beside it exactly what was sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from assessor_app.cache import outbox, submissions
from assessor_app.documents.exporter import PDF, Exporter, Fact, PieceLost
from assessor_app.domain.assessments import OutboxItem, OutboxKind
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.states import OutboxState, SubmissionStatus
from assessor_app.domain.submissions import Submission
from assessor_app.errors import NotAllowed, NotWritten
from assessor_app.services.context import Context
from assessor_app.services.exporting import write_whole
from assessor_app.services.on_device import present

PROVABLE = (OutboxKind.RECOMMENDATION, OutboxKind.DECISION, OutboxKind.PRE_ASSESSMENT)
"""What a page can be made for."""
_KIND_WORDS = {
    OutboxKind.RECOMMENDATION: "Recommendation",
    OutboxKind.DECISION: "Decision",
    OutboxKind.PRE_ASSESSMENT: "Pre-assessment",
}
_LABELLED = {"award": SubmissionStatus.AWARDED, "deny": SubmissionStatus.DENIED}
_OUTCOMES = {
    "award": "award",
    "deny": "deny",
    "undecided": "left to the approver",
    "return": "return to the assessor",
    "complete": "complete",
    "incomplete": "incomplete",
}
_INTRO = "This page says what was sent from this workstation, and that the platform has received it."


@dataclass(frozen=True, slots=True)
class ProofReport:
    """What was written."""

    target: Path
    sent: Path | None = None
    """The file with exactly the bytes that were sent."""


def write_proof(
    context: Context, submission_id: SubmissionId, target: Path, *, with_sent: bool
) -> ProofReport:
    """Write the page on what was sent last for a submission and has arrived.

    Args:
        context: the open profile.
        submission_id: what it was sent for.
        target: the PDF to write; an older file of this name is replaced.
        with_sent: also write exactly what was sent, as JSON beside it.

    Raises:
        NotAllowed: nothing has arrived yet.
        NotWritten: the system refused, or the page could not be made.
    """
    with context.store.read() as txn:
        submission = present(txn, submission_id)
        sent = outbox.every_of_kinds(txn, submission_id, PROVABLE)
        labels = submissions.label_map(txn)
    arrived = [item for item in sent if item.state is OutboxState.ACKED and item.receipt is not None]
    if not arrived:
        raise NotAllowed("There is nothing to prove yet", "The platform has not confirmed anything so far.")
    item = arrived[-1]
    beside = target.with_suffix(".json") if with_sent else None
    page_facts = facts(submission, item, labels, context.origin, beside.name if beside else "")
    try:
        with Exporter(context.clock) as exporter:
            exporter.add_facts("Proof of sending", _INTRO, page_facts)
            write_whole(target, exporter.finish(PDF))
    except PieceLost:
        raise NotWritten("The page could not be made", "Nothing was written.", "Try again.") from None
    if beside is not None:
        write_whole(beside, [item.body])
    return ProofReport(target, beside)


def facts(
    submission: Submission,
    item: OutboxItem,
    labels: Mapping[SubmissionStatus, str],
    origin: str,
    sent_name: str,
) -> tuple[Fact, ...]:
    """What stands on the page; no name of a person, of this computer or of a folder.

    Args:
        submission: what was judged.
        item: what was sent, with its receipt.
        labels: the issuer's words for outcomes.
        origin: the platform's address.
        sent_name: name of the file beside the page; empty if there is none.
    """
    receipt = item.receipt
    assert receipt is not None
    body = json.loads(item.body)
    outcome = str(body.get("outcome", ""))
    own = labels.get(_LABELLED[outcome], "") if outcome in _LABELLED else ""
    said = _OUTCOMES.get(outcome, outcome)
    said = f"{said} ({own})" if own else said
    file = f"The file {sent_name} beside this page" if sent_name else "The file with what was sent"
    check = (
        f"1. {file} has this SHA-256: sha256sum on Linux, shasum -a 256 on macOS, certutil -hashfile FILE "
        "SHA256 on Windows.\n"
        f"2. To whoever sent it, signed in, the platform at {origin} answers the request below with this "
        "number, this SHA-256, this submission and the time of receipt."
    )
    return (
        Fact("Submission", f"{submission.code}, {submission.title}, round {body.get('round', 1)}"),
        Fact("What was sent", f"{_KIND_WORDS[item.kind]}: {said}"),
        Fact("Sent, by this computer's clock", in_utc(item.created_at)),
        Fact("Received, by the platform's clock", in_utc(receipt.received_at)),
        Fact("Receipt", f"{receipt.short[:4]} {receipt.short[4:]}, {receipt.effect.replace('-', ' ')}"),
        Fact("Number of this sending", str(item.id), is_exact=True),
        Fact(f"SHA-256 of exactly the {len(item.body):,} bytes sent", receipt.sha256, is_exact=True),
        Fact("Number of the submission", str(receipt.submission_id), is_exact=True),
        Fact("How to check this", check),
        Fact("The request", f"GET /v1/receipts/{item.id}", is_exact=True),
    )


def in_utc(moment: datetime) -> str:
    """A moment such as "2026-03-02 15:00:00 UTC": an offset would tell where its writer sits."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC"
