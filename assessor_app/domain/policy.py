"""The issuer's settings as the workstation knows them: data with presets, never constants in code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from assessor_app.domain.deadlines import ClockRule


@dataclass(frozen=True, slots=True)
class Policy:
    """What an issuer asks for."""

    id: str = ""
    """Empty until the platform has told it."""
    grace_minutes: int = 0
    """So long after its receipt a recommendation can be taken back."""
    feedback_required: str = "every_criterion"
    """A value of `rubric.checks.FeedbackRequired`."""
    clocks: tuple[ClockRule, ...] = ()
    draft_copies: bool = True
    """Whether drafts are copied to the platform for their author's other computers."""
    coach_after: int | None = None
    """After so many submissions not earned, feedback asks the learner to meet a coach."""
    keep_evidence_days: int = 90
    """So long after a submission was settled its evidence stays on this machine."""

    def grace_ends_at(self, received_at: datetime) -> datetime:
        """Until when what was received at a moment can be taken back."""
        return received_at + timedelta(minutes=self.grace_minutes)


DEFAULT_POLICY = Policy()
