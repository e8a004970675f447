"""What people make of a submission: ratings, feedback, recommendation, decision, receipts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from assessor_app.domain.annotations import Annotation
from assessor_app.domain.ids import (
    CriterionId,
    DecisionId,
    OutboxId,
    RecommendationId,
    SubmissionId,
)
from assessor_app.domain.states import AssessmentState, OutboxState


class Outcome(StrEnum):
    """What follows from the ratings by the award rule."""

    AWARD = "award"
    DENY = "deny"
    UNDECIDED = "undecided"


class DecisionOutcome(StrEnum):
    """What an approver decides; a return is not final."""

    AWARD = "award"
    DENY = "deny"
    RETURN = "return"


class RuleResult(StrEnum):
    """The award rule's three values."""

    YES = "yes"
    NO = "no"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Rating:
    """One criterion's rating: a level, or a not-scorable code, never both; both None is not rated."""

    criterion_id: CriterionId
    level: str | None = None
    """Level code of the criterion's scale."""
    not_scorable: str | None = None
    """Code from the rubric version's list."""
    note: str = ""
    """The reason for a not-scorable code."""
    rubric_hash: str = field(default="", compare=False)
    """The rubric version that it was given under, which is no part of what it says; empty where not known."""

    @property
    def is_set(self) -> bool:
        """Whether the criterion counts as rated."""
        return self.level is not None or self.not_scorable is not None


@dataclass(frozen=True, slots=True)
class CriterionFeedback:
    """Feedback for one criterion. The learner reads all four parts."""

    criterion_id: CriterionId
    text: str = ""
    seen: str = ""
    """What was seen; needed below passing."""
    missing: str = ""
    """What is missing; needed below passing."""
    next_step: str = ""
    """The next step; needed below passing."""
    looked_in: tuple[str, ...] = ()
    """Ids of evidence that was looked through without finding it; it stands for what was seen."""
    prefilled: tuple[tuple[str, str], ...] = ()
    """(part, text) as the program filled it in; left as it was, the part counts as missing. Never sent."""


@dataclass(frozen=True, slots=True)
class ArtifactFeedback:
    """Feedback on one piece of evidence. The learner reads it."""

    source_id: str
    """An artifact, a response or a link."""
    text: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """The local work of one assessor on one round of one submission."""

    submission_id: SubmissionId
    round: int
    state: AssessmentState
    ratings: tuple[Rating, ...] = ()
    feedback: tuple[CriterionFeedback, ...] = ()
    overall: str = ""
    """The learner reads this."""
    note_to_approver: str = ""
    """The approver reads this."""
    updated_at: datetime | None = None
    artifact_feedback: tuple[ArtifactFeedback, ...] = ()
    rubric_hash: str = ""
    """The rubric version that the work was begun against; empty in work begun by an earlier version."""

    def rating(self, criterion_id: CriterionId) -> Rating:
        """The rating of a criterion; an unset one if there is none."""
        for rating in self.ratings:
            if rating.criterion_id == criterion_id:
                return rating
        return Rating(criterion_id)

    def artifact_feedback_for(self, source_id: str) -> str:
        """The feedback on a piece of evidence; empty if there is none."""
        return next((part.text for part in self.artifact_feedback if part.source_id == source_id), "")

    def feedback_for(self, criterion_id: CriterionId) -> CriterionFeedback:
        """The feedback of a criterion; an empty one if there is none."""
        for feedback in self.feedback:
            if feedback.criterion_id == criterion_id:
                return feedback
        return CriterionFeedback(criterion_id)


@dataclass(frozen=True, slots=True)
class Recommendation:
    """What an assessor sent for one round; read-only from then on."""

    id: RecommendationId
    submission_id: SubmissionId
    round: int
    ratings: tuple[Rating, ...]
    feedback: tuple[CriterionFeedback, ...]
    overall: str
    note_to_approver: str
    annotations: tuple[Annotation, ...]
    outcome: Outcome
    rule_result: RuleResult
    rubric_hash: str
    evidence_digest: str
    sent_at: datetime | None = None
    artifact_feedback: tuple[ArtifactFeedback, ...] = ()


@dataclass(frozen=True, slots=True)
class Override:
    """An approver's change of one rating, with the reason."""

    criterion_id: CriterionId
    level: str
    why: str


@dataclass(frozen=True, slots=True)
class IndependentMark:
    """The approver's own passing or not, marked before the ratings were revealed."""

    criterion_id: CriterionId
    passing: bool


@dataclass(frozen=True, slots=True)
class Decision:
    """What an approver decided on one round."""

    id: DecisionId
    submission_id: SubmissionId
    round: int
    outcome: DecisionOutcome
    reason: str = ""
    criteria: tuple[CriterionId, ...] = ()
    """The criteria that a return names."""
    return_to: str = "same"
    overrides: tuple[Override, ...] = ()
    final_feedback: str = ""
    """The learner reads this."""
    independent_marks: tuple[IndependentMark, ...] = ()
    revealed_at: datetime | None = None
    decided_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Receipt:
    """The platform's proof of what it received. Only a matching one ends a sending."""

    key: str
    sha256: str
    """Hex digest of exactly the bytes that were sent."""
    submission_id: SubmissionId
    received_at: datetime
    effect: str

    @property
    def short(self) -> str:
        """The first characters of the digest, as shown on screen."""
        return self.sha256[:8].upper()


class OutboxKind(StrEnum):
    """What waits to be sent."""

    RECOMMENDATION = "recommendation"
    DECISION = "decision"
    PRE_ASSESSMENT = "pre_assessment"
    WITHDRAWAL = "withdrawal"
    """A recommendation is taken back within the grace period."""
    RECUSAL = "recusal"
    ESCALATION = "escalation"
    CASE_ACTION = "case_action"
    FINDING = "finding"

    @property
    def method(self) -> str:
        """How it is sent: records under a client-made id are PUT, everything else is POSTed."""
        return "PUT" if self in _PUT_KINDS else "POST"

    @property
    def is_single(self) -> bool:
        """Whether a newer one of the same submission takes the place of one that never left."""
        return self not in (OutboxKind.ESCALATION, OutboxKind.CASE_ACTION, OutboxKind.FINDING)


_PUT_KINDS = frozenset({OutboxKind.RECOMMENDATION, OutboxKind.DECISION, OutboxKind.PRE_ASSESSMENT})


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """One thing that waits to be sent, or was: frozen bytes under a client-made key."""

    id: OutboxId
    submission_id: SubmissionId
    kind: OutboxKind
    path: str
    """The path on the platform that it is sent to, without origin."""
    body: bytes
    sha256: str
    base_rev: int
    state: OutboxState
    attempts: int
    created_at: datetime
    next_try_at: datetime | None = None
    last_status: int | None = None
    last_error: str = ""
    """One sentence for the person; never the platform's raw text."""
    receipt: Receipt | None = None
    request_id: str = ""
    """The platform's own name for the request that was answered last, for its support."""


@dataclass(frozen=True, slots=True)
class DecisionDraft:
    """What an approver has prepared but not sent for one round."""

    submission_id: SubmissionId
    round: int
    marks: tuple[IndependentMark, ...] = ()
    revealed_at: datetime | None = None
    """None while levels are still covered."""
    overrides: tuple[Override, ...] = ()
    reason: str = ""
    criteria: tuple[CriterionId, ...] = ()
    final_feedback: str = ""
