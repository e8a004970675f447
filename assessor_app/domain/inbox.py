"""What the inbox shows of a submission. Apart from `submissions`: the first paint needs no more than this."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assessor_app.domain.downloads import Hold
from assessor_app.domain.endings import EndingReason
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.kinds import DueKind, SubmissionType
from assessor_app.domain.states import OutboxState, SubmissionStatus


class LocalState(StrEnum):
    """What this machine holds for a submission, as the inbox shows it."""

    NOT_STARTED = "not_started"
    DRAFT = "draft"
    WAITING_TO_SEND = "waiting_to_send"
    SENT = "sent"
    NEEDS_YOU = "needs_you"


@dataclass(frozen=True, slots=True)
class InboxRow:
    """One line of the inbox: small, so that thousands cost nothing."""

    id: SubmissionId
    code: str
    title: str
    status: SubmissionStatus
    submission_type: SubmissionType
    due_at: datetime | None
    """The next date that counts for this person; None when nothing is due."""
    due_kind: DueKind | None
    final_at: datetime | None
    """The hard limit for the decision."""
    local_state: LocalState
    rated: int
    """Criteria rated so far on this machine."""
    criteria: int
    is_resubmission: bool
    is_returned: bool
    lease_until: datetime | None
    evidence_ready: int
    """Files of evidence that are on this machine."""
    evidence_total: int
    hold: Hold | None = None
    """Why a file of it does not come by itself."""
    held_bytes: int = 0
    """How large that file is."""
    outbox_state: OutboxState | None = None
    received_at: datetime | None = None
    band: int = 1
    """0 needs the person, 1 open work, 2 waits for others, 3 settled."""
    pages: int = 0
    """Pages of documents, as far as they are known."""
    recordings: int = 0
    """Video and sound among the evidence."""
    recorded_ms: int = 0
    """Length of the recordings that were tried here."""
    is_given_back: bool = False
    """Given back for good, which the platform does not know yet."""
    is_taken_back: bool = False
    """Being taken back, which the platform has not agreed to yet."""
    unread_answers: int = 0
    """Answers of the team lead that were not shown yet."""
    ending: EndingReason | None = None
    """Why it is not this person's work any more; None while it is."""
