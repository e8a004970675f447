"""State tables: which change of state is legal. The tables are the rule; code asks them."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar


class SubmissionStatus(StrEnum):
    """The platform's states of a submission; a resubmission is a new submission."""

    SUBMITTED = "submitted"
    IN_PRE_ASSESSMENT = "in_pre_assessment"
    INCOMPLETE = "incomplete"
    WAITING_ON_ASSESSOR = "waiting_on_assessor"
    WAITING_ON_APPROVER = "waiting_on_approver"
    RETURNED = "returned"
    AWARDED = "awarded"
    DENIED = "denied"
    WITHDRAWN = "withdrawn"


class AssessmentState(StrEnum):
    """The states of what one assessor makes of one submission."""

    DRAFT = "draft"
    FINAL = "final"
    RETURNED = "returned"


class OutboxState(StrEnum):
    """The states of one thing that waits to be sent."""

    QUEUED = "queued"
    SENDING = "sending"
    ACKED = "acked"
    CONFLICT = "conflict"
    REJECTED = "rejected"
    BLOCKED = "blocked"


S, A, B = SubmissionStatus, AssessmentState, OutboxState

SUBMISSION_TRANSITIONS: Mapping[SubmissionStatus, frozenset[SubmissionStatus]] = {
    S.SUBMITTED: frozenset({S.IN_PRE_ASSESSMENT, S.WAITING_ON_ASSESSOR, S.WITHDRAWN}),
    S.IN_PRE_ASSESSMENT: frozenset({S.INCOMPLETE, S.WAITING_ON_ASSESSOR, S.WITHDRAWN}),
    S.INCOMPLETE: frozenset(),
    S.WAITING_ON_ASSESSOR: frozenset({S.WAITING_ON_APPROVER, S.WITHDRAWN}),
    S.WAITING_ON_APPROVER: frozenset({S.RETURNED, S.AWARDED, S.DENIED, S.WAITING_ON_ASSESSOR, S.WITHDRAWN}),
    S.RETURNED: frozenset({S.WAITING_ON_APPROVER, S.WITHDRAWN}),
    S.AWARDED: frozenset(),
    S.DENIED: frozenset(),
    S.WITHDRAWN: frozenset(),
}
"""From waiting_on_approver back to waiting_on_assessor: taken back within the grace period."""

ASSESSMENT_TRANSITIONS: Mapping[AssessmentState, frozenset[AssessmentState]] = {
    A.DRAFT: frozenset({A.FINAL}),
    A.FINAL: frozenset({A.DRAFT, A.RETURNED}),
    A.RETURNED: frozenset({A.FINAL}),
}
"""From final to draft: taken back, or refused by the platform."""

OUTBOX_TRANSITIONS: Mapping[OutboxState, frozenset[OutboxState]] = {
    B.QUEUED: frozenset({B.SENDING}),
    B.SENDING: frozenset({B.QUEUED, B.ACKED, B.CONFLICT, B.REJECTED, B.BLOCKED}),
    B.ACKED: frozenset(),
    B.CONFLICT: frozenset({B.QUEUED}),
    B.REJECTED: frozenset({B.QUEUED}),
    B.BLOCKED: frozenset({B.QUEUED}),
}
"""From sending to queued: the outcome is unknown, or the program restarted; the key stays the same."""

ASSESSABLE: frozenset[SubmissionStatus] = frozenset({S.WAITING_ON_ASSESSOR, S.RETURNED})
"""The assessor's work is open."""
SETTLED: frozenset[SubmissionStatus] = frozenset({S.INCOMPLETE, S.AWARDED, S.DENIED, S.WITHDRAWN})
"""Nothing more is expected from anybody."""

State = TypeVar("State", bound=StrEnum)


class IllegalTransition(ValueError):
    """A change of state that its table does not hold: a bug of the caller."""


def check_transition(table: Mapping[State, frozenset[State]], old: State, new: State) -> None:
    """Raise unless `table` allows the step from `old` to `new`.

    Raises:
        IllegalTransition: the table does not hold the step; staying in a state is no step.
    """
    if new not in table[old]:
        raise IllegalTransition(f"{old} -> {new}")
