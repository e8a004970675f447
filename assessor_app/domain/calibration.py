"""Calibration sessions: anchors with known levels, rated blind, compared, discussed, agreed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NewType

from assessor_app.domain.ids import ActorId, CriterionId, RubricId, SubmissionId
from assessor_app.domain.submissions import RubricRef

SessionId = NewType("SessionId", str)
AnchorId = NewType("AnchorId", str)


class CalibrationState(StrEnum):
    """The life of a session."""

    DRAFT = "draft"
    COLLECTING = "collecting"
    """Everybody rates blind."""
    LOCKED = "locked"
    """Nobody rates any more."""
    REVEALED = "revealed"
    DISCUSSING = "discussing"
    CONSENSUS_SET = "consensus_set"
    CLOSED = "closed"


C = CalibrationState

CALIBRATION_TRANSITIONS: Mapping[CalibrationState, frozenset[CalibrationState]] = {
    C.DRAFT: frozenset({C.COLLECTING}),
    C.COLLECTING: frozenset({C.LOCKED}),
    C.LOCKED: frozenset({C.REVEALED}),
    C.REVEALED: frozenset({C.DISCUSSING}),
    C.DISCUSSING: frozenset({C.CONSENSUS_SET}),
    C.CONSENSUS_SET: frozenset({C.CLOSED}),
    C.CLOSED: frozenset(),
}
"""There is no way back: what was seen cannot be unseen."""

REVEALED_STATES: frozenset[CalibrationState] = frozenset(
    {C.REVEALED, C.DISCUSSING, C.CONSENSUS_SET, C.CLOSED}
)
"""The states in which ratings and references are shown."""


class AnchorRole(StrEnum):
    """What an anchor is for."""

    PRACTICE = "practice"
    """The only kind that is shown beside levels (rule 29)."""
    QUALIFY_1 = "qualify_1"
    QUALIFY_2 = "qualify_2"
    """The other set: a retake never uses the same one."""
    SEED = "seed"
    CRITICAL = "critical"


@dataclass(frozen=True, slots=True)
class Anchor:
    """A submission with true levels."""

    id: AnchorId
    submission_id: SubmissionId
    role: AnchorRole
    reference: tuple[tuple[CriterionId, str], ...] | None = None
    """(criterion, level code); None for a participant until revealed: the platform does not send it."""
    rationale: str = ""


@dataclass(frozen=True, slots=True)
class QualificationRule:
    """When an assessor counts as calibrated (rule 24)."""

    exact_min: float = 0.8
    """Share of ratings that equal the reference, 0 to 1."""
    max_gap: int | None = None
    """Most levels that any one rating may be away; None: any."""
    critical_all: bool = False
    """Whether every rating of a critical anchor must be exact."""


@dataclass(frozen=True, slots=True)
class CalibrationSession:
    """A lead's round over a set of anchors."""

    id: SessionId
    title: str
    rubric: RubricRef
    state: CalibrationState
    anchors: tuple[Anchor, ...]
    participants: tuple[ActorId, ...]
    locked: frozenset[ActorId] = frozenset()
    """Those who can no longer change what they rated."""
    rule: QualificationRule = QualificationRule()
    opens_at: datetime | None = None
    closes_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BlindRating:
    """One participant's first rating of one criterion of one anchor; statistics always use this one."""

    anchor_id: AnchorId
    criterion_id: CriterionId
    actor_id: ActorId
    level: str
    rated_at: datetime


@dataclass(frozen=True, slots=True)
class Consensus:
    """What the group agreed on after the discussion: a record of its own, beside the first ratings."""

    anchor_id: AnchorId
    criterion_id: CriterionId
    level: str
    why: str


@dataclass(frozen=True, slots=True)
class PracticeAnchor:
    """A passage of a practice anchor with its true level; shown beside that level (rule 29)."""

    id: str
    rubric_id: RubricId
    rubric_version: int
    criterion_id: CriterionId
    level: str
    excerpt: str
    rationale: str = ""
