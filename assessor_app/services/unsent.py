"""What is on this computer alone: asked before anybody signs out or removes a profile."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from assessor_app.cache import cases, draft_copies, outbox, submissions, unsent
from assessor_app.cache.engine import Transaction
from assessor_app.domain.assessments import OutboxKind
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.states import OutboxState
from assessor_app.services.context import Context

_BY_ITSELF = frozenset({OutboxKind.FINDING})
"""Reports that the program makes by itself: nothing that anybody made."""


class UnsentKind(StrEnum):
    """Why something is here alone."""

    WAITING = "waiting"
    """Finished, and waits to be sent."""
    STOPPED = "stopped"
    """Finished, but the platform did not take it so far; it needs the person."""
    ASSESSMENT = "assessment"
    """Begun and not sent: ratings, feedback or marks."""
    DECISION = "decision"
    PRE_ASSESSMENT = "pre_assessment"
    QUESTION = "question"
    """Words to or from the team lead."""


_HAVE_COPIES = frozenset({UnsentKind.ASSESSMENT, UnsentKind.DECISION, UnsentKind.PRE_ASSESSMENT})
"""Drafts of which the platform may hold a copy."""
DRAFTS = (
    (UnsentKind.ASSESSMENT, unsent.assessments),
    (UnsentKind.DECISION, unsent.decisions),
    (UnsentKind.PRE_ASSESSMENT, unsent.pre_assessments),
    (UnsentKind.QUESTION, unsent.questions),
)


@dataclass(frozen=True, slots=True)
class Unsent:
    """One thing that the platform does not have."""

    kind: UnsentKind
    submission_id: SubmissionId
    title: str
    """Code and title, such as "S-4F2K, Asking questions"; empty where the submission is not here."""
    sends: OutboxKind | None = None
    """What waits to be sent; None for a draft."""

    @property
    def is_sendable(self) -> bool:
        """Whether a sync can bring it to the platform: sent, or as a copy of the draft."""
        return self.kind not in (UnsentKind.STOPPED, UnsentKind.QUESTION)


def unsent_work(context: Context) -> tuple[Unsent, ...]:
    """Everything that would be lost with this computer: what waits to be sent first, then drafts.

    A draft of which the platform has an exact copy is not among them.
    """
    with context.store.read() as txn:
        found = [
            Unsent(
                UnsentKind.WAITING
                if item.state in (OutboxState.QUEUED, OutboxState.SENDING)
                else UnsentKind.STOPPED,
                item.submission_id,
                _title(txn, item.submission_id),
                item.kind,
            )
            for item in outbox.items(txn, open_only=True)
            if item.kind not in _BY_ITSELF
        ]
        copied = _copied(txn)
        for kind, query in DRAFTS:
            ids = query(txn)
            found += _drafts(txn, kind, ids - copied if kind in _HAVE_COPIES else ids)
        return tuple(found)


def _copied(txn: Transaction) -> frozenset[SubmissionId]:
    """Submissions whose draft of the present round the platform holds exactly as it is here."""
    changed = {submission_id for submission_id, _ in draft_copies.changed(txn)}
    found = set()
    for submission_id in draft_copies.known_etags(txn).keys() - changed:
        submission = submissions.get_submission(txn, submission_id)
        copy = draft_copies.copy_of(txn, submission_id, submission.round) if submission else None
        if copy is not None and copy.etag:
            found.add(submission_id)
    return frozenset(found)


def _drafts(txn: Transaction, kind: UnsentKind, ids: Iterable[SubmissionId]) -> list[Unsent]:
    drafts = [Unsent(kind, submission_id, _title(txn, submission_id)) for submission_id in ids]
    return sorted(drafts, key=lambda draft: (draft.title, draft.submission_id))


def _title(txn: Transaction, submission_id: SubmissionId) -> str:
    # A lead has questions and reports on it alone.
    submission = submissions.get_submission(txn, submission_id)
    about = submission or next(iter(cases.of_submission(txn, submission_id)), None)
    return f"{about.code}, {about.title}" if about else ""
