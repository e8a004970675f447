"""Questions and reports: what a team lead answers, always about one submission, never with an identity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from assessor_app.domain.ids import SubmissionId


class CaseKind(StrEnum):
    """What a case is about."""

    FEEDBACK_QUESTION = "feedback_question"
    """A learner asks about feedback (rule 22)."""
    QUESTION = "question"
    """Somebody who judges asks."""
    INTEGRITY = "integrity"
    """A concern: an escalation, never a denial (rule 27)."""
    FAULT = "fault"
    """A file or link that cannot be shown."""
    IDENTITY_FINDING = "identity_finding"
    """A file's properties may name a person."""
    MATCH = "match"
    """The same passages stand in another submission (rule 21)."""
    RECUSAL = "recusal"
    """Somebody gave work back for good."""
    AT_RISK = "at_risk"
    """Work that may miss its date."""


class CaseState(StrEnum):
    """The states of a case."""

    OPEN = "open"
    ANSWERED = "answered"
    CLOSED = "closed"


CASE_TRANSITIONS: Mapping[CaseState, frozenset[CaseState]] = {
    CaseState.OPEN: frozenset({CaseState.ANSWERED, CaseState.CLOSED}),
    CaseState.ANSWERED: frozenset({CaseState.OPEN, CaseState.CLOSED}),
    CaseState.CLOSED: frozenset({CaseState.OPEN}),
}
"""From answered to open: the opener asks on."""


class RecusalReason(StrEnum):
    """Why somebody gives work back for good."""

    KNOWS_LEARNER = "knows_learner"
    CONFLICT = "conflict"
    LANGUAGE = "language"
    OTHER = "other"


class FindingKind(StrEnum):
    """Where in a file something stands that may name a person."""

    PDF_PROPERTIES = "pdf_properties"
    OFFICE_PROPERTIES = "office_properties"
    PICTURE_PROPERTIES = "picture_properties"
    PLACE = "place"
    """Coordinates of where a picture was taken."""
    FILE_COMMENT = "file_comment"


class WorkRisk(StrEnum):
    """Why work may miss its date, what presses most first."""

    OVERDUE = "overdue"
    FINAL_LIMIT = "final_limit"
    """The final limit of the decision is near, or over."""
    TIME_ENDED = "time_ended"
    """The time for which somebody had it is over, and nothing was sent."""
    NOBODY = "nobody"
    """It is due soon, and nobody has it."""
    DUE_SOON = "due_soon"


WORK_KINDS = frozenset({CaseKind.AT_RISK, CaseKind.RECUSAL})
"""Giving such a case to somebody gives the work to her."""
ANSWERED_TO_OPENER = frozenset({CaseKind.QUESTION, CaseKind.INTEGRITY, CaseKind.FAULT})
"""Whoever opened such a case reads what is answered."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who may have a case, or the work that it is about."""

    id: str
    """A pseudonym."""
    has: int = 0
    """How much this person has in hand."""


@dataclass(frozen=True, slots=True)
class CaseEntry:
    """One thing said or done in a case, by role."""

    at: datetime
    by: str
    """A role, "learner" or "platform"."""
    action: str
    """opened, answered, reassigned, closed or reopened."""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A question or report about one submission."""

    id: str
    kind: CaseKind
    state: CaseState
    submission_id: SubmissionId
    code: str
    opened_at: datetime
    title: str = ""
    criterion_id: str | None = None
    source_id: str | None = None
    due_at: datetime | None = None
    assigned_to: str | None = None
    entries: tuple[CaseEntry, ...] = ()
    detail: tuple[tuple[str, str], ...] = ()
    may_take: tuple[Colleague, ...] = ()
    """To whom it can be given; for work, to whom the work can."""
    rev: int = 0

    def told(self, name: str) -> str:
        """What the platform told under a name beside the words; empty where it told nothing."""
        return dict(self.detail).get(name, "")
