"""What both sides changed: this person's work as it was, and what the platform has in its place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assessor_app.domain.assessments import Decision, DecisionDraft, Recommendation
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.merging import WorkCopy
from assessor_app.domain.states import SubmissionStatus


class ConflictKind(StrEnum):
    """What of hers it is about."""

    RECOMMENDATION = "recommendation"
    DECISION = "decision"
    DRAFT = "draft"
    """The draft of another machine of hers; nothing was sent."""


@dataclass(frozen=True, slots=True)
class TheirSide:
    """What the platform has."""

    status: SubmissionStatus
    round: int
    """The round that the submission is in now."""
    work: WorkCopy | None = None
    """Her own work of the round in question, as another machine of hers sent or kept it there."""
    recommendation: Recommendation | None = None
    """For an assessor hers of that round; for an approver the one that stands now."""
    decisions: tuple[Decision, ...] = ()
    """Of the round in question, and later."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """One thing that was changed here and there. Neither side is ever dropped."""

    id: str
    """The key of what was sent, or one of its own where nothing was."""
    submission_id: SubmissionId
    round: int
    """The round that her side is about."""
    kind: ConflictKind
    found_at: datetime
    mine: WorkCopy | DecisionDraft
    """As it was when the other side was found, and once settled as it was just before."""
    theirs: TheirSide | None = None
    """None until the next sync has brought it."""
    base: WorkCopy | None = None
    """What both began from, where that is known; for a decision, the recommendation that it is about."""
    settled_at: datetime | None = None
    """When she had chosen; None while it needs her."""
