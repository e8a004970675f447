"""What the platform hands out: one attempt of one learner, as frozen data.

No type here can hold a name of a person. Free text that a learner wrote is shown as plain text only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from assessor_app.domain.ids import (
    ArtifactId,
    CriterionId,
    LinkId,
    MicrocredentialId,
    PromptId,
    RequirementId,
    ResponseId,
    RubricId,
    SubmissionId,
)
from assessor_app.domain.kinds import DueKind, SubmissionType
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus


class LinkState(StrEnum):
    """What the platform found behind a link; unknown proves nothing."""

    OPENS = "opens"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class AttestationKind(StrEnum):
    """The three statements that a learner makes when submitting."""

    READY_FOR_REVIEW = "ready_for_review"
    CONFIRM_RELEASE = "confirm_release"
    CONFIRM_WORK = "confirm_work"


class Stage(StrEnum):
    """Whose part a date belongs to."""

    PRE_ASSESSMENT = "pre_assessment"
    ASSESSMENT = "assessment"
    DECISION = "decision"


class AccommodationEffect(StrEnum):
    """What an approved accommodation changes; its reason is never known here."""

    EXCLUDE = "exclude"
    SUBSTITUTE = "substitute"
    EXTEND = "extend"


@dataclass(frozen=True, slots=True)
class RubricRef:
    """The immutable rubric version that a submission is pinned to."""

    id: RubricId
    version: int
    hash: str
    """SHA-256 in hex of the version's canonical JSON."""


@dataclass(frozen=True, slots=True)
class Attestation:
    """One statement of the learner, with the time it was made."""

    kind: AttestationKind
    at: datetime


@dataclass(frozen=True, slots=True)
class Response:
    """A written answer to a prompt of the rubric version."""

    id: ResponseId
    prompt_id: PromptId
    text: str
    word_limit: int | None = None
    """Shown as information, never a block."""


@dataclass(frozen=True, slots=True)
class Rendition:
    """A PDF copy of an office file, made by the platform."""

    media_type: str
    sha256: str
    size_bytes: int
    renderer: str


@dataclass(frozen=True, slots=True)
class Artifact:
    """One uploaded file; its name is neutral, the learner's own name for it stays on the platform."""

    id: ArtifactId
    filename: str
    """Neutral, such as "Artifact 2.pdf"; display text only, never a path."""
    media_type: str
    size_bytes: int
    sha256: str
    page_count: int | None = None
    renditions: tuple[Rendition, ...] = ()
    scrubbed: bool = True


@dataclass(frozen=True, slots=True)
class LinkCheck:
    """One visit of the platform to a link."""

    at: datetime
    status: str


@dataclass(frozen=True, slots=True)
class Link:
    """An artifact that is an address; opened only by the person's explicit act."""

    id: LinkId
    url: str
    state: LinkState
    title: str = ""
    checks: tuple[LinkCheck, ...] = ()
    comments_captured: bool | None = None
    """Whether the snapshot holds the comments of the page; None when that is not told."""
    snapshot: Artifact | None = None
    """What the platform captured: a PDF or a picture, read and marked like any file."""


@dataclass(frozen=True, slots=True)
class Part:
    """What was answered to one requirement of the rubric version."""

    requirement_id: RequirementId
    responses: tuple[Response, ...] = ()
    artifacts: tuple[Artifact, ...] = ()
    links: tuple[Link, ...] = ()

    @property
    def files(self) -> tuple[Artifact, ...]:
        """What was uploaded, then what the platform captured behind links."""
        return (*self.artifacts, *(link.snapshot for link in self.links if link.snapshot is not None))

    @property
    def piece_ids(self) -> tuple[str, ...]:
        """The ids of what feedback can be given on: responses, uploads and links."""
        pieces: tuple[Response | Artifact | Link, ...] = (*self.responses, *self.artifacts, *self.links)
        return tuple(piece.id for piece in pieces)


@dataclass(frozen=True, slots=True)
class Collaboration:
    """The learner's own statement on working with others."""

    declared: bool
    note: str = ""
    shared_artifacts: tuple[ArtifactId, ...] = ()
    """Artifacts approved as shared team artifacts."""


@dataclass(frozen=True, slots=True)
class Due:
    """A date of the platform's clock for one stage."""

    stage: Stage
    at: datetime
    kind: DueKind


@dataclass(frozen=True, slots=True)
class ReturnNote:
    """Why the approver handed an assessment back, and which criteria it names."""

    reason: str
    criteria: tuple[CriterionId, ...] = ()


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One state that a submission went through."""

    at: datetime
    status: SubmissionStatus
    by: str
    """A role, "learner" or "platform"; never a person."""


@dataclass(frozen=True, slots=True)
class PriorAttempt:
    """An earlier attempt of the same learner: what came in and what was asked for."""

    code: str
    attempt: int
    outcome: str
    """awarded, denied or incomplete."""
    decided_at: datetime
    criteria_not_met: tuple[CriterionId, ...] = ()
    feedback: tuple[tuple[CriterionId, str], ...] = ()
    overall: str = ""
    parts: tuple[Part, ...] = ()
    """What was handed in then; empty where the platform does not hand it out."""
    levels: tuple[tuple[CriterionId, str], ...] = ()
    """(criterion, level code) of then; a level is shown only after the criterion was rated now (rule 26)."""


@dataclass(frozen=True, slots=True)
class Accommodation:
    """The modification only; never its reason or the person (rule 23)."""

    effect: AccommodationEffect
    instruction: str
    criterion_id: CriterionId | None = None
    requirement_id: RequirementId | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """One attempt at one micro-credential, frozen once submitted."""

    id: SubmissionId
    code: str
    """Short and readable, such as "S-4F2K"; the only name it has on screen."""
    microcredential_id: MicrocredentialId
    title: str
    """The micro-credential's title."""
    rubric: RubricRef
    status: SubmissionStatus
    submission_type: SubmissionType
    model: str
    """The platform's model, M6 or M7."""
    round: int
    """1 for the first assessment; a return opens the next."""
    received_at: datetime
    parts: tuple[Part, ...]
    attestations: tuple[Attestation, ...] = ()
    attempt: int | None = 1
    """None once an attempt was awarded: numerical indicators disappear (rule 18)."""
    prior: tuple[PriorAttempt, ...] = ()
    history: tuple[HistoryEntry, ...] = ()
    """Oldest first."""
    collaboration: Collaboration = Collaboration(declared=False)
    due: tuple[Due, ...] = ()
    needed_by: date | None = None
    return_note: ReturnNote | None = None
    accommodations: tuple[Accommodation, ...] = ()
    lease_until: datetime | None = None
    rev: int = 0
    """The platform's version of this record; grows with each change."""


@dataclass(frozen=True, slots=True)
class Assignment:
    """That a submission is this actor's work in a role, and until when."""

    submission_id: SubmissionId
    role: Role
    lease_until: datetime | None = None
    sampled: bool = False
    """For an approver: passing or not is marked before anything is revealed."""


class EvidenceState(StrEnum):
    """Where one file of evidence stands on this machine."""

    WANTED = "wanted"
    PARTIAL = "partial"
    READY = "ready"
    DAMAGED = "damaged"
    """Three downloads did not verify: damaged on the platform."""


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """One file of evidence: an artifact's own bytes, or the platform's PDF copy of it."""

    blob_id: str
    """UUID text made by the client; the file's name on disk."""
    submission_id: SubmissionId
    artifact_id: ArtifactId
    is_rendition: bool
    media_type: str
    size_bytes: int
    sha256: str
    state: EvidenceState
    failures: int = 0
