"""What the windows show: frozen bundles that one read of the store fills."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from assessor_app.domain.annotations import Annotation
from assessor_app.domain.assessments import (
    Assessment,
    Decision,
    DecisionDraft,
    DecisionOutcome,
    OutboxItem,
    Outcome,
    Recommendation,
)
from assessor_app.domain.calibration import PracticeAnchor
from assessor_app.domain.cases import Case
from assessor_app.domain.endings import Ending
from assessor_app.domain.ids import ArtifactId, CriterionId, SubmissionId
from assessor_app.domain.matches import Match
from assessor_app.domain.states import SubmissionStatus
from assessor_app.domain.submissions import Assignment, EvidenceFile, Submission
from assessor_app.domain.troubles import Trouble
from assessor_app.rubric.award_rule import Verdict
from assessor_app.rubric.checks import CheckResult, Place
from assessor_app.rubric.difference import Change
from assessor_app.rubric.schema import Criterion, RubricVersion
from assessor_app.sync.draft_gate import CopiesOff


@dataclass(frozen=True, slots=True)
class TakingBack:
    """Whether what was sent can be taken back, by the platform's clock: this machine's may be off."""

    until: datetime | None = None
    """Until when; None when it cannot."""
    lead: timedelta = timedelta(0)
    """How far the platform's clock is ahead of this machine's."""
    waits: bool = False
    """Whether the platform is being asked, or will be."""
    can_leave_sent: bool = False
    """Whether asking can still be undone here."""
    refused: str = ""
    """Why the platform did not give it back, as a sentence."""

    def is_open(self, now: datetime) -> bool:
        """Whether it can be taken back at a moment of this machine's clock."""
        return self.until is not None and now + self.lead < self.until


@dataclass(frozen=True, slots=True)
class GivingBack:
    """Whether a submission is being given back for good."""

    waits: bool = False
    """Whether the platform is being told, or will be."""
    can_keep: bool = False
    """Whether that can still be undone here."""
    refused: str = ""
    """Why the platform did not take it, as a sentence."""


@dataclass(frozen=True, slots=True)
class Saying:
    """Words for the team lead that the platform has not handed back yet."""

    text: str
    at: datetime
    is_sent: bool
    """Whether the platform has confirmed them."""
    trouble: str = ""
    """Why they were not taken, as a sentence."""


@dataclass(frozen=True, slots=True)
class Thread:
    """A question or report, with what still waits to be added to it."""

    case: Case
    waiting: tuple[Saying, ...]
    unread: int
    """Answers that were not shown yet."""


@dataclass(frozen=True, slots=True)
class OpenedSubmission:
    """Everything that the assessor's view of one submission shows."""

    submission: Submission
    rubric: RubricVersion
    assignment: Assignment
    assessment: Assessment
    is_editable: bool
    """False once sent, until it is returned."""
    annotations: tuple[Annotation, ...]
    evidence: tuple[EvidenceFile, ...]
    verdict: Verdict
    checks: tuple[CheckResult, ...]
    outbox: tuple[OutboxItem, ...]
    """What was or will be sent for this submission, oldest first, with receipts."""
    recommendations: tuple[Recommendation, ...]
    """What the platform has of earlier rounds, oldest first."""
    decisions: tuple[Decision, ...]
    """Returns and the final decision, oldest first."""
    undo_label: str | None
    redo_label: str | None
    taking_back: TakingBack = TakingBack()
    giving_back: GivingBack = GivingBack()
    unread_answers: int = 0
    """Answers of the team lead that were not shown yet."""
    labels: Mapping[SubmissionStatus, str] = field(default_factory=dict)
    """The issuer's words for states."""
    outside: tuple[Criterion, ...] = ()
    """Criteria that are no part of the submission; `rubric` has the others only."""
    outdated: Mapping[CriterionId, tuple[Change, ...]] = field(default_factory=dict)
    """Criteria whose rating does not count, with what changed there since it was given."""
    rubric_before: RubricVersion | None = None
    """The version that the work was begun under, while the change to the present one is not accepted."""
    evidence_changes: Mapping[CriterionId, tuple[str, ...]] = field(default_factory=dict)
    """Criteria that were rated before their evidence was replaced, with the pieces' names; they count."""
    is_rubric_changed: bool = False
    """Whether the work was begun under another version, which may not be at hand any more."""
    anchors: tuple[PracticeAnchor, ...] = ()
    """Passages of practice anchors for this rubric version."""
    advice: str = ""
    """What the issuer adds to the overall comment as the work stands."""
    refused: tuple[Place, ...] = ()
    """Where the platform found something wrong in what was sent last, while it is open again."""
    conflict: str = ""
    """What was changed on both sides and is to be compared, by its id; empty for nothing."""
    has_versions: bool = False
    """Whether something was compared before, so that there are earlier versions to read."""
    ending: Ending | None = None
    """Why it is not this person's work any more; None while it is."""

    def artifact_is_ready(self, artifact_id: ArtifactId) -> bool:
        """Whether some file of this artifact is on this machine."""
        return any(f.artifact_id == artifact_id and f.state.value == "ready" for f in self.evidence)


@dataclass(frozen=True, slots=True)
class Leaving:
    """One thing that leaves this machine when the person sends."""

    reader: str
    """Who reads it: "learner", "approver" or "platform"."""
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class SendReview:
    """The last page before sending: what follows, what is in the way, what leaves."""

    outcome: Outcome
    verdict: Verdict
    checks: tuple[CheckResult, ...]
    leaving: tuple[Leaving, ...]
    can_send: bool
    """False while something stands in the way: a blocking check, or a warning that still needs a reason."""
    own_words: tuple[str, ...] = ()
    """Words that name the person; only she sees them."""


@dataclass(frozen=True, slots=True)
class RatingChange:
    """One criterion whose rating or feedback differs between two rounds."""

    criterion_id: CriterionId
    before: str
    """The earlier level's label, or the not-scorable label."""
    after: str
    rating_changed: bool
    feedback_changed: bool


@dataclass(frozen=True, slots=True)
class DecisionBrief:
    """What the approver's view shows. Ratings and feedback are absent while covered."""

    submission: Submission
    rubric: RubricVersion
    assignment: Assignment
    draft: DecisionDraft
    evidence: tuple[EvidenceFile, ...]
    annotations: tuple[Annotation, ...]
    """The assessor's annotations that the approver may read; empty while covered."""
    evidence_links: Mapping[CriterionId, tuple[Annotation, ...]]
    """Which marks are tied to which criterion; place only, comments blank while covered."""
    recommendation: Recommendation | None
    """None while covered, or when none has arrived."""
    has_recommendation: bool
    earlier: tuple[Recommendation, ...]
    """Recommendations of earlier rounds, oldest first; empty while covered."""
    changes: tuple[RatingChange, ...]
    """Round 2 and later: only what changed since the last round; empty while covered."""
    decisions: tuple[Decision, ...]
    verdict: Verdict | None
    """The rule's result with the approver's changes applied; None while covered."""
    can_reveal: bool
    """On a sampled submission only once every criterion is marked; otherwise always."""
    is_editable: bool
    outbox: tuple[OutboxItem, ...]
    labels: Mapping[SubmissionStatus, str] = field(default_factory=dict)
    outside: tuple[Criterion, ...] = ()
    """Criteria that are no part of the submission; `rubric` has the others only."""
    matches: tuple[Match, ...] = ()
    """What the submission shares with other learners'; empty while covered: an own reading comes first."""
    giving_back: GivingBack = GivingBack()
    unread_answers: int = 0
    """Answers of the team lead that were not shown yet."""
    checks: Mapping[DecisionOutcome, tuple[CheckResult, ...]] = field(default_factory=dict)
    """What the checks find in each decision that could be sent; empty while covered."""
    conflict: str = ""
    """What was changed on both sides and is to be compared, by its id; empty for nothing."""
    has_versions: bool = False
    """Whether something was compared before, so that there are earlier versions to read."""
    ending: Ending | None = None
    """Why it is not this person's work any more; None while it is."""


@dataclass(frozen=True, slots=True)
class HistoryStep:
    """One state that a submission went through, or one thing that left this machine, or both at once."""

    at: datetime
    by: str
    """A role, "learner" or "platform"; empty for what only this machine knows."""
    status: SubmissionStatus | None
    item: OutboxItem | None = None
    """What this person sent then, or what waits."""


@dataclass(frozen=True, slots=True)
class SubmissionHistory:
    """The history of one submission."""

    code: str
    title: str
    steps: tuple[HistoryStep, ...]
    """Oldest first; what waits to be sent last."""
    labels: Mapping[SubmissionStatus, str]
    told_at: datetime | None
    """When the platform last told anything, by its clock."""


@dataclass(frozen=True, slots=True)
class Uncopied:
    """A draft that is on this computer alone as it is now."""

    submission_id: SubmissionId
    code: str
    title: str
    refused: str = ""
    """Why the platform does not take it, as a code; empty where it was not asked yet."""


@dataclass(frozen=True, slots=True)
class DraftCopies:
    """How drafts stand between this computer and the platform."""

    waiting: int = 0
    """Drafts that are on this computer alone as they are now."""
    at: datetime | None = None
    """When the platform took a copy last; None where it has none."""
    off: CopiesOff | None = None
    """Why none are copied."""
    is_held: bool = False
    """Whether something of another computer waits until a field is left here."""
    looked_at: datetime | None = None
    """When this was so."""


class SyncState(StrEnum):
    """What the sync bar says."""

    IDLE = "idle"
    SYNCING = "syncing"
    UP_TO_DATE = "up_to_date"
    OFFLINE = "offline"
    SIGN_IN = "sign_in"
    NEEDS_YOU = "needs_you"


@dataclass(frozen=True, slots=True)
class SyncStatus:
    """The state of the connection in one sentence's worth of facts."""

    state: SyncState
    waiting: int = 0
    """Things that wait to be sent."""
    done: int = 0
    total: int = 0
    """Files of evidence fetched, and to fetch, while syncing."""
    at: datetime | None = None
    """When the last sync ended well."""
    message: str = ""
    """One plain sentence when something needs saying."""
    needs_you: int = 0
    """Things that need a decision of the person."""
    conflicts: int = 0
    """How many of them were changed on both sides."""
    trouble: Trouble | None = None
    """What is in the way, if anything."""
    moment: datetime | None = None
    """A time that belongs to the trouble: when it is tried next, since when it lasts, what the clock says."""
    named: str = ""
    """What the sentence about the trouble names: a version or a year."""
    received_bytes: int = 0
    size_bytes: int = 0
    """How much of the file has come that is being fetched; 0 where none is."""
    is_paused: bool = False
    """Whether the person wants no evidence to come for now."""
    copies: DraftCopies | None = field(default=None, compare=False)
    """How drafts stand; None where that was not looked at."""
