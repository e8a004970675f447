"""How work ends that its person has not ended: why it is hers no more, and what becomes of what she made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.roles import Role

KEEP_DAYS = 30
"""For so long a draft is kept that is of no use to the platform any more; she is told until when."""


class EndingReason(StrEnum):
    """Why a submission left whoever had it. The platform names it in the change feed's removal."""

    WITHDRAWN = "withdrawn"
    """The learner took the submission back."""
    REASSIGNED = "reassigned"
    """Somebody else has it: given by the team lead, or taken when the time of a claim was over."""
    CLAIM_ENDED = "claim_ended"
    """The time of a claim was over; it is back in the queue."""
    ERASED = "erased"
    """The learner's data were erased: nothing that was made of them may stay."""
    RELEASED = "released"
    """The person gave it back herself."""
    OTHER = "other"
    """For a reason that this version does not know, or that was forgotten meanwhile."""


@dataclass(frozen=True, slots=True)
class Ending:
    """That a submission is not this person's work any more."""

    submission_id: SubmissionId
    role: Role
    """In which role she had it."""
    reason: EndingReason
    at: datetime
    """When this machine learned of it, by the platform's clock."""
    keep_until: datetime | None
    """Until when her work is kept here; None where nothing of it is."""


def reason_of(told: str) -> EndingReason:
    """What the platform's word for a removal means; words of other platforms count as `OTHER`."""
    try:
        return EndingReason(told)
    except ValueError:
        return EndingReason.OTHER


def is_evidence_kept(reason: EndingReason) -> bool:
    """Whether the evidence stays as long as the work does: not where the learner has taken it back."""
    return reason not in (EndingReason.WITHDRAWN, EndingReason.ERASED)


def keep_until(reason: EndingReason, at: datetime) -> datetime | None:
    """Until when her work is kept; None where none of it may be.

    What is said about somebody's work is about that person: what the learner has a right to have erased is
    the answers and what was written about them alike.
    """
    return None if reason is EndingReason.ERASED else at + timedelta(days=KEEP_DAYS)
