"""Believable domain objects for tests: a teacher's micro-credential, its rubric, and what people make of it.

Every function takes what a test cares about as keyword arguments and fills in the rest.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from assessor_app.clock import Clock
from assessor_app.domain.annotations import (
    Anchor,
    Annotation,
    AnnotationKind,
    Audience,
    Rect,
    SourceKind,
    TextAnchor,
)
from assessor_app.domain.assessments import (
    Assessment,
    CriterionFeedback,
    Decision,
    DecisionOutcome,
    OutboxItem,
    OutboxKind,
    Outcome,
    Rating,
    Receipt,
    Recommendation,
    RuleResult,
)
from assessor_app.domain.canonical import canonical_json, evidence_digest, sha256_hex
from assessor_app.domain.ids import (
    AnnotationId,
    ArtifactId,
    CriterionId,
    DecisionId,
    LinkId,
    MicrocredentialId,
    OutboxId,
    PromptId,
    RecommendationId,
    RequirementId,
    ResponseId,
    RubricId,
    SubmissionId,
)
from assessor_app.domain.kinds import DueKind, SubmissionType
from assessor_app.domain.roles import Role
from assessor_app.domain.states import AssessmentState, OutboxState, SubmissionStatus
from assessor_app.domain.submissions import (
    Artifact,
    Assignment,
    Attestation,
    AttestationKind,
    Due,
    Link,
    LinkCheck,
    LinkState,
    Part,
    PriorAttempt,
    Rendition,
    Response,
    RubricRef,
    Stage,
    Submission,
)
from assessor_app.rubric.native import published
from assessor_app.rubric.schema import (
    AwardRule,
    Criterion,
    Every,
    Level,
    NotScorableCode,
    NotScorableEffect,
    Prompt,
    Requirement,
    RequirementKind,
    RubricStatus,
    RubricVersion,
    Scale,
)

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
"""A Monday; the moment at which a `FakeClock` starts."""

CRITERIA = (
    CriterionId("analyze-1"),
    CriterionId("design-1"),
    CriterionId("implement-1"),
    CriterionId("implement-2"),
)
"""The criteria of `rubric_version`, in order."""


class FakeClock(Clock):
    """A clock that stands still until told to move, with the same ids and bytes in every run."""

    def __init__(self, start: datetime = NOON, seed: int = 1) -> None:
        self._now = start
        self._monotonic_s = 1000.0
        self._random = random.Random(seed)

    def now(self) -> datetime:
        return self._now

    def monotonic_s(self) -> float:
        return self._monotonic_s

    def random_bytes(self, count: int) -> bytes:
        return self._random.randbytes(count)

    def advance(self, seconds: float) -> datetime:
        """Let time pass on both clocks; returns the new time."""
        self._monotonic_s += seconds
        self._now += timedelta(seconds=seconds)
        return self._now

    def jump_to(self, moment: datetime) -> None:
        """Somebody sets the system's time; the monotonic clock does not notice."""
        self._now = moment


def uuid_text(number: int) -> str:
    """A UUID that is the same in every run."""
    return str(uuid.UUID(int=number << 80 | 0x7 << 76 | 0b10 << 62 | number))


def submission_id(number: int = 1) -> SubmissionId:
    """The platform's id of submission `number`."""
    return SubmissionId(uuid_text(0x50000 + number))


def scale() -> Scale:
    """Not Met, Progressing, Demonstrated."""
    return Scale(
        "competency",
        (
            Level("not_met", "Not Met", False, 0.0),
            Level("progressing", "Progressing", False, 1.0),
            Level("demonstrated", "Demonstrated", True, 2.0),
        ),
    )


def criterion(criterion_id: CriterionId, text: str) -> Criterion:
    """One competency indicator with a descriptor for each level."""
    return Criterion(
        id=criterion_id,
        text=text,
        scale="competency",
        descriptors=(
            ("not_met", "The evidence does not show it."),
            ("progressing", "The evidence shows it in part or without examples."),
            ("demonstrated", "The evidence shows it throughout, with concrete examples."),
        ),
    )


def rubric_version(
    number: int = 1, *, rubric_id: str = "rb-questions", award_rule: AwardRule | None = None, **changes: Any
) -> RubricVersion:
    """A published version "Asking questions that make thinking visible" with the four `CRITERIA`."""
    requirements = (
        Requirement(
            id=RequirementId("analyze"),
            position=1,
            title="Analyze",
            kind=RequirementKind.RESPONSE,
            evidence_required="A description of your class and of the questions you asked before.",
            prompts=(
                Prompt(
                    PromptId("p-context"), "Describe your class and what your questions showed so far.", 300
                ),
            ),
            criteria=(
                criterion(CRITERIA[0], "Names what earlier questions revealed about students' thinking."),
            ),
        ),
        Requirement(
            id=RequirementId("design"),
            position=2,
            title="Design",
            kind=RequirementKind.ARTIFACT,
            evidence_required="One lesson plan with the questions you planned, marked by purpose.",
            criteria=(criterion(CRITERIA[1], "Plans open questions for each phase of the lesson."),),
        ),
        Requirement(
            id=RequirementId("implement"),
            position=3,
            title="Implement",
            kind=RequirementKind.REFLECTION,
            evidence_required="Student work from the lesson, and a reflection.",
            prompts=(
                Prompt(PromptId("p-reflection"), "What did students say that you had not expected?", 250),
            ),
            criteria=(
                criterion(CRITERIA[2], "Student work shows reasoning in the students' own words."),
                criterion(CRITERIA[3], "The reflection draws a next step from what students said."),
            ),
        ),
    )
    version = RubricVersion(
        id=RubricId(rubric_id),
        version=number,
        status=RubricStatus.DRAFT,
        title="Asking questions that make thinking visible",
        locale="en-US",
        skill_statement="The educator asks questions that make students' mathematical thinking visible.",
        scales=(scale(),),
        requirements=requirements,
        not_scorable=(
            NotScorableCode("NS-UNREADABLE", "File cannot be opened", NotScorableEffect.FAIL),
            NotScorableCode("NS-IDENTITY", "Identity seen", NotScorableEffect.BLOCK, learner_visible=False),
        ),
        award_rule=award_rule or Every(),
    )
    return published(replace(version, **changes))


def rubric_ref(version: RubricVersion) -> RubricRef:
    """How a submission points at a version."""
    return RubricRef(version.id, version.version, version.hash)


def artifact(
    number: int = 1, *, rendition: bool = False, content: bytes | None = None, **changes: Any
) -> Artifact:
    """An uploaded file: a PDF, or with `rendition` a Word file and the platform's PDF copy of it."""
    data = content if content is not None else b"%%PDF-1.7 evidence %d" % number
    made = Artifact(
        id=ArtifactId(f"art-{number}"),
        filename=f"Artifact {number}.pdf",
        media_type="application/pdf",
        size_bytes=len(data),
        sha256=sha256_hex(data),
        page_count=4,
    )
    if rendition:
        copy = b"%%PDF-1.7 copy %d" % number
        made = replace(
            made,
            filename=f"Artifact {number}.docx",
            media_type="application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            page_count=None,
            renditions=(Rendition("application/pdf", sha256_hex(copy), len(copy), "LibreOffice"),),
        )
    return replace(made, **changes)


def link(number: int = 1, state: LinkState = LinkState.OPENS) -> Link:
    """A link that the platform visited once."""
    return Link(
        id=LinkId(f"link-{number}"),
        url=f"https://docs.example.org/slides/{number}",
        state=state,
        title="Slides of the lesson",
        checks=(LinkCheck(NOON - timedelta(days=1), "200"),),
    )


def parts(number: int = 1) -> tuple[Part, ...]:
    """Answers to the three requirements of `rubric_version`."""
    return (
        Part(
            RequirementId("analyze"),
            responses=(
                Response(
                    ResponseId("resp-context"),
                    PromptId("p-context"),
                    "My fourth graders name the operation before they have read the problem. The exit ticket "
                    "showed that six still confused area with perimeter.",
                    300,
                ),
            ),
        ),
        Part(
            RequirementId("design"),
            artifacts=(artifact(number * 10 + 1), artifact(number * 10 + 2, rendition=True)),
        ),
        Part(
            RequirementId("implement"),
            responses=(
                Response(
                    ResponseId("resp-reflection"),
                    PromptId("p-reflection"),
                    "One student said the fence goes around and the carpet goes inside. I will start there.",
                    250,
                ),
            ),
            links=(link(number),),
        ),
    )


def prior_attempt(number: int = 1) -> PriorAttempt:
    """A denied earlier attempt, with what was asked for."""
    return PriorAttempt(
        code=f"S-OLD{number}",
        attempt=number,
        outcome="denied",
        decided_at=NOON - timedelta(days=40 - number),
        criteria_not_met=(CRITERIA[1],),
        feedback=((CRITERIA[1], "Mark each question of the plan with its purpose."),),
        overall="A clear description of the class. The plan needs open questions.",
    )


def due_dates(received_at: datetime) -> tuple[Due, ...]:
    """Assessment aimed at after 7 days, decision final after 20."""
    return (
        Due(Stage.PRE_ASSESSMENT, received_at + timedelta(days=1), DueKind.TARGET),
        Due(Stage.ASSESSMENT, received_at + timedelta(days=7), DueKind.TARGET),
        Due(Stage.DECISION, received_at + timedelta(days=20), DueKind.HARD),
    )


def submission(
    number: int = 1,
    *,
    rubric: RubricVersion | None = None,
    status: SubmissionStatus = SubmissionStatus.WAITING_ON_ASSESSOR,
    received_at: datetime | None = None,
    **changes: Any,
) -> Submission:
    """Submission `number`: a full portfolio with two responses, two files and a link."""
    received = received_at or NOON - timedelta(days=3)
    version = rubric or rubric_version()
    made = Submission(
        id=submission_id(number),
        code=f"S-{number:04X}",
        microcredential_id=MicrocredentialId("mc-questions"),
        title=version.title,
        rubric=rubric_ref(version),
        status=status,
        submission_type=SubmissionType.FULL_PORTFOLIO,
        model="M6",
        round=1,
        received_at=received,
        parts=parts(number),
        attestations=tuple(Attestation(kind, received) for kind in AttestationKind),
        due=due_dates(received),
        rev=1,
    )
    return replace(made, **changes)


def assignment(number: int = 1, role: Role = Role.ASSESSOR, **changes: Any) -> Assignment:
    """That submission `number` is this actor's work."""
    made = Assignment(submission_id(number), role, lease_until=NOON + timedelta(days=3))
    return replace(made, **changes)


def ratings(level: str = "demonstrated", criteria: Sequence[CriterionId] = CRITERIA) -> tuple[Rating, ...]:
    """The same level for every criterion."""
    return tuple(Rating(criterion_id, level) for criterion_id in criteria)


def feedback(criterion_id: CriterionId = CRITERIA[0]) -> CriterionFeedback:
    """Feedback as a denial needs it."""
    return CriterionFeedback(
        criterion_id,
        text="Your plan names a purpose for each phase.",
        seen="Four questions, each with one right answer.",
        missing="Questions that ask students to explain.",
        next_step="Rewrite two of them to start with how or why.",
    )


def assessment(number: int = 1, **changes: Any) -> Assessment:
    """A draft in which everything is rated as demonstrated."""
    made = Assessment(
        submission_id=submission_id(number),
        round=1,
        state=AssessmentState.DRAFT,
        ratings=ratings(),
        feedback=tuple(feedback(criterion_id) for criterion_id in CRITERIA),
        overall="A lesson in which students do the thinking.",
        note_to_approver="Please look at the second artifact.",
        updated_at=NOON,
    )
    return replace(made, **changes)


def annotation(number: int = 1, *, of: Submission | None = None, **changes: Any) -> Annotation:
    """A highlighted sentence on page 2 of a submission's first artifact."""
    marked = of or submission()
    source = next(a for part in marked.parts for a in part.artifacts)
    anchor = Anchor(
        source_kind=SourceKind.ARTIFACT,
        source_id=source.id,
        source_sha256=source.sha256,
        page=1,
        page_width_pt=612.0,
        page_height_pt=792.0,
        rects=(Rect(179.5, 111.75, 279.0, 120.5),),
        text=TextAnchor(
            exact="model think-alouds every day for two weeks",
            prefix="reasoning. I therefore chose to ",
            suffix=", and I grouped students by the ",
            start=106,
            end=148,
            layer="mupdf;ws=collapsed;nfc",
        ),
    )
    made = Annotation(
        id=AnnotationId(uuid_text(0xA0000 + number)),
        submission_id=marked.id,
        kind=AnnotationKind.HIGHLIGHT,
        anchor=anchor,
        comment="Names a concrete, daily practice.",
        audience=Audience.ONLY_ME,
        criteria=(CRITERIA[0],),
        colour="orange",
        created_at=NOON,
        modified_at=NOON,
    )
    return replace(made, **changes)


def recommendation(number: int = 1, *, of: Submission | None = None, **changes: Any) -> Recommendation:
    """What was sent for round 1 of a submission: award."""
    judged = of or submission(number)
    work = assessment(number)
    made = Recommendation(
        id=RecommendationId(uuid_text(0xB0000 + number)),
        submission_id=judged.id,
        round=judged.round,
        ratings=work.ratings,
        feedback=work.feedback,
        overall=work.overall,
        note_to_approver=work.note_to_approver,
        annotations=(annotation(number, of=judged, audience=Audience.LEARNER),),
        outcome=Outcome.AWARD,
        rule_result=RuleResult.YES,
        rubric_hash=judged.rubric.hash,
        evidence_digest=evidence_digest(judged),
        sent_at=NOON,
    )
    return replace(made, **changes)


def decision(number: int = 1, **changes: Any) -> Decision:
    """An award on round 1 of submission `number`."""
    made = Decision(
        id=DecisionId(uuid_text(0xD0000 + number)),
        submission_id=submission_id(number),
        round=1,
        outcome=DecisionOutcome.AWARD,
        final_feedback="Well earned.",
        revealed_at=NOON,
        decided_at=NOON + timedelta(hours=1),
    )
    return replace(made, **changes)


def outbox_item(number: int = 1, *, submission_number: int = 1, **changes: Any) -> OutboxItem:
    """A recommendation that waits to be sent."""
    body = canonical_json({"round": 1, "note_to_approver": f"version {number}"})
    key = uuid_text(0xE0000 + number)
    made = OutboxItem(
        id=OutboxId(key),
        submission_id=submission_id(submission_number),
        kind=OutboxKind.RECOMMENDATION,
        path=f"/v1/submissions/{submission_id(submission_number)}/recommendations/{key}",
        body=body,
        sha256=sha256_hex(body),
        base_rev=1,
        state=OutboxState.QUEUED,
        attempts=0,
        created_at=NOON,
    )
    return replace(made, **changes)


def receipt(item: OutboxItem, **changes: Any) -> Receipt:
    """The platform's proof that it received exactly this item."""
    made = Receipt(item.id, item.sha256, item.submission_id, NOON, "recommended")
    return replace(made, **changes)
