"""The wire types of the platform contract: the one place where they are written.

Schemas are closed (`additionalProperties: false`): the platform validates with them as they are. The
client reads with `read`, which drops unknown fields unread and only counts them, so that a platform may
grow without stopping older clients. No field can hold a name of a person.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field, JsonValue

from assessor_app.domain.kinds import DueKind, SubmissionType
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.domain.submissions import AccommodationEffect, AttestationKind, LinkState, Stage
from assessor_app.sync import (
    wire_base,
    wire_draft,
    wire_judgement,
    wire_problems,
    wire_sign_in,
    wire_similarity,
    wire_team,
)
from assessor_app.sync.contract_facts import API_VERSION as API_VERSION
from assessor_app.sync.contract_facts import HEALTH_PATH as HEALTH_PATH
from assessor_app.sync.wire_base import Count as Count
from assessor_app.sync.wire_base import GivenName as GivenName
from assessor_app.sync.wire_base import Identifier as Identifier
from assessor_app.sync.wire_base import LongText as LongText
from assessor_app.sync.wire_base import Moment as Moment
from assessor_app.sync.wire_base import Round as Round
from assessor_app.sync.wire_base import Sha256 as Sha256
from assessor_app.sync.wire_base import ShortText as ShortText

Wire = wire_base.Wire
ReceiptWire = wire_base.ReceiptWire
read = wire_base.read
as_json = wire_base.as_json
utc_text = wire_base.utc_text
"""What every wire type is made from and read by; named here so that the platform needs this module alone."""

ScoreWire = wire_judgement.ScoreWire
CriterionFeedbackWire = wire_judgement.CriterionFeedbackWire
ArtifactFeedbackWire = wire_judgement.ArtifactFeedbackWire
FeedbackWire = wire_judgement.FeedbackWire
WebAnnotationWire = wire_judgement.WebAnnotationWire
RecommendationIn = wire_judgement.RecommendationIn
RecommendationWire = wire_judgement.RecommendationWire
OverrideWire = wire_judgement.OverrideWire
IndependentMarkWire = wire_judgement.IndependentMarkWire
DecisionIn = wire_judgement.DecisionIn
DecisionWire = wire_judgement.DecisionWire
DraftIn = wire_draft.DraftIn
DraftWire = wire_draft.DraftWire
DraftNoticeWire = wire_draft.DraftNoticeWire
FieldProblem = wire_problems.FieldProblem
ProblemOut = wire_problems.ProblemOut
TokenOut = wire_sign_in.TokenOut
GivenBackOut = wire_sign_in.GivenBackOut
DeviceCodeOut = wire_sign_in.DeviceCodeOut
SignInErrorOut = wire_sign_in.SignInErrorOut
ServerInfo = wire_sign_in.ServerInfo
PolicyWire = wire_team.PolicyWire
ClockWire = wire_team.ClockWire
CalendarWire = wire_team.CalendarWire
PreAssessmentIn = wire_team.PreAssessmentIn
IndicatorWire = wire_team.IndicatorWire
RecuseIn = wire_team.RecuseIn
EscalationIn = wire_team.EscalationIn
FindingIn = wire_team.FindingIn
AuditIn = wire_team.AuditIn
EffectIn = wire_team.EffectIn
CaseWire = wire_team.CaseWire
CaseEntryWire = wire_team.CaseEntryWire
ColleagueWire = wire_team.ColleagueWire
CaseActionIn = wire_team.CaseActionIn
CaseList = wire_team.CaseList
PracticeAnchorWire = wire_team.PracticeAnchorWire
TeamCommentWire = wire_team.TeamCommentWire
SimilarityWire = wire_similarity.SimilarityWire
MatchWire = wire_similarity.MatchWire
PassageWire = wire_similarity.PassageWire
ExcerptWire = wire_similarity.ExcerptWire
RunWire = wire_similarity.RunWire
FileCopyWire = wire_similarity.FileCopyWire
StatementWire = wire_similarity.StatementWire
"""Judgements, drafts, sign-in, what team and issuer say: written in modules of their own, one contract."""

MAX_PAGE_BYTES = 256 * 1024
"""A sync page stays under this size, so that applying it holds the write lock for under 25 ms."""
MAX_UPLOAD_BYTES = 8 * 1024 * 1024


class MeOut(Wire):
    """Who is signed in, by pseudonym."""

    actor_id: Identifier
    roles: list[Role]
    tz: ShortText


class RubricRefWire(Wire):
    """The rubric version a submission is pinned to."""

    id: Identifier
    version: Annotated[int, Field(ge=0, le=1_000_000)]
    hash: Sha256


class AttestationWire(Wire):
    """One statement of the learner with its time."""

    kind: AttestationKind
    at: Moment


class ResponseWire(Wire):
    """A written answer."""

    id: Identifier
    prompt_id: Identifier
    text: LongText
    word_limit: int | None = None


class RenditionWire(Wire):
    """A PDF copy made by the platform."""

    media_type: ShortText
    sha256: Sha256
    size_bytes: Count
    renderer: ShortText


class ArtifactWire(Wire):
    """One uploaded file; its bytes are at `/v1/artifacts/{id}/content`, a copy at `?rendition={sha256}`."""

    id: Identifier
    filename: GivenName
    media_type: ShortText
    size_bytes: Count
    sha256: Sha256
    page_count: int | None = None
    renditions: list[RenditionWire] = []
    scan: Literal["clean"] = "clean"
    scrubbed: bool = True


class LinkCheckWire(Wire):
    """One visit of the platform to a link."""

    at: Moment
    status: ShortText


class LinkWire(Wire):
    """An artifact that is an address."""

    id: Identifier
    url: Annotated[str, Field(max_length=2000)]
    state: LinkState
    title: GivenName = ""
    checks: list[LinkCheckWire] = []
    comments_captured: bool | None = None
    snapshot: ArtifactWire | None = None
    """What was captured behind the link, a PDF or a picture; its bytes are those of an artifact."""


class PartWire(Wire):
    """What was answered to one requirement."""

    requirement_id: Identifier
    responses: list[ResponseWire] = []
    artifacts: list[ArtifactWire] = []
    links: list[LinkWire] = []


class CollaborationWire(Wire):
    """The learner's own statement on working with others."""

    declared: bool
    note: LongText = ""
    shared_artifacts: list[Identifier] = []


class DueWire(Wire):
    """A date of the platform's clock."""

    stage: Stage
    at: Moment
    kind: DueKind


class ReturnWire(Wire):
    """Why an assessment was handed back."""

    reason: LongText
    criteria: list[Identifier] = []


class PriorWire(Wire):
    """An earlier attempt: what was handed in, what was asked for, and the levels, which stay covered."""

    code: ShortText
    attempt: int
    outcome: Literal["awarded", "denied", "incomplete"]
    decided_at: Moment
    criteria_not_met: list[Identifier] = []
    feedback: dict[Identifier, LongText] = {}
    overall: LongText = ""
    levels: dict[Identifier, ShortText] = {}
    """What each criterion was rated then; nobody sees one before she has rated now (rule 26)."""
    parts: list[PartWire] = []


class HistoryWire(Wire):
    """One change of state, by role and never by person."""

    at: Moment
    status: SubmissionStatus
    by: Literal["learner", "preassessor", "assessor", "approver", "lead", "platform"]


class AccommodationWire(Wire):
    """The modification only, never its reason."""

    effect: AccommodationEffect
    instruction: LongText
    criterion_id: Identifier | None = None
    requirement_id: Identifier | None = None


class SubmissionWire(Wire):
    """One attempt at one micro-credential."""

    id: Identifier
    code: ShortText
    microcredential_id: Identifier
    title: ShortText
    rubric: RubricRefWire
    status: SubmissionStatus
    submission_type: SubmissionType
    model: ShortText
    round: Round
    received_at: Moment
    parts: list[PartWire]
    attestations: list[AttestationWire] = []
    attempt: int | None = None
    prior: list[PriorWire] = []
    history: list[HistoryWire] = []
    """Every state it went through, oldest first."""
    collaboration: CollaborationWire = CollaborationWire(declared=False)
    due: list[DueWire] = []
    needed_by: date | None = None
    return_note: ReturnWire | None = None
    accommodations: list[AccommodationWire] = []


class AssignmentWire(Wire):
    """That a submission is this actor's work in a role, and until when."""

    submission_id: Identifier
    role: Role
    lease_until: Moment | None = None
    sampled: bool = False
    """For an approver: passing or not is marked before anything is revealed."""


class QueueEntry(Wire):
    """How many submissions to one micro-credential could be claimed."""

    microcredential_id: Identifier
    title: ShortText
    claimable: Annotated[int, Field(ge=0)]


class QueueOut(Wire):
    """What could be claimed; counts only."""

    entries: list[QueueEntry]


class ClaimIn(Wire):
    """Asks for a submission, or for more time with it."""

    lease_hours: Annotated[int, Field(ge=1, le=24 * 30)] = 72


class ClaimNextIn(ClaimIn):
    """Asks for what has waited longest in one micro-credential's queue."""

    microcredential_id: Identifier


class ReleaseIn(Wire):
    """Gives a claimed submission back."""

    reason: LongText = ""


class WithdrawIn(Wire):
    """Takes a recommendation back within the grace period."""

    recommendation_id: Identifier


class HealthOut(Wire):
    """That the platform answers."""

    status: Literal["ok"] = "ok"
    api_version: int = API_VERSION


class ChangeType(StrEnum):
    """What a change is about. A type that this client does not know is dropped and counted."""

    SUBMISSION = "submission"
    ASSIGNMENT = "assignment"
    RUBRIC_VERSION = "rubric_version"
    RECOMMENDATION = "recommendation"
    DECISION = "decision"
    POLICY = "policy"
    CALENDAR = "calendar"
    CASE = "case"
    PRACTICE_ANCHOR = "practice_anchor"
    TEAM_COMMENT = "team_comment"
    SIMILARITY = "similarity"
    DRAFT = "draft"


class ChangeWire(Wire):
    """One change since the cursor. `data` is read by the model of its type."""

    type: ShortText
    id: Identifier
    rev: Count
    op: Literal["upsert", "remove"]
    reason: ShortText | None = None
    data: dict[str, JsonValue] | None = None


DATA_MODELS: dict[ChangeType, type[Wire]] = {
    ChangeType.SUBMISSION: SubmissionWire,
    ChangeType.ASSIGNMENT: AssignmentWire,
    ChangeType.RECOMMENDATION: RecommendationWire,
    ChangeType.DECISION: DecisionWire,
    ChangeType.POLICY: PolicyWire,
    ChangeType.CALENDAR: CalendarWire,
    ChangeType.CASE: CaseWire,
    ChangeType.PRACTICE_ANCHOR: PracticeAnchorWire,
    ChangeType.TEAM_COMMENT: TeamCommentWire,
    ChangeType.SIMILARITY: SimilarityWire,
    ChangeType.DRAFT: DraftNoticeWire,
}
"""The model of each type's `data`; a rubric version's data is read by `rubric.native`."""


class SyncPage(Wire):
    """One page of changes; may be empty."""

    changes: list[ChangeWire]
    next_cursor: str
    has_more: bool
    server_time: Moment


class ManifestEntry(Wire):
    """One record that the actor should hold, for a full comparison."""

    type: ShortText
    id: Identifier
    rev: int


class SyncManifest(Wire):
    """All records that the actor should hold, and a cursor to go on from."""

    entries: list[ManifestEntry]
    next_cursor: str
    server_time: Moment
