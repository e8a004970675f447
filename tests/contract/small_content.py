"""A small platform for the contract tests, with names planted in it that must never come out."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from assessor_app.domain.ids import CriterionId, PromptId, RequirementId, RubricId
from assessor_app.domain.kinds import DueKind, SubmissionType
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus
from assessor_app.domain.submissions import LinkState, Stage
from assessor_app.rubric.native import published
from assessor_app.rubric.schema import (
    CompletionIndicator,
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
from assessor_app.sync.protocol import (
    ArtifactWire,
    CalendarWire,
    CollaborationWire,
    DueWire,
    LinkWire,
    PartWire,
    PolicyWire,
    PriorWire,
    ResponseWire,
    RubricRefWire,
    SubmissionWire,
)
from reference_platform.seeding import (
    DemoContent,
    SeedActor,
    SeedAssignment,
    SeedLearner,
    SeedSubmission,
)

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
CRITERIA = ("analyze-1", "design-1")
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40
SNAPSHOT_PDF = b"%PDF-1.7 what was behind the link"
PASSWORD = "correct horse battery"
CANARIES = (
    "Canaria Birdsong",
    "canaria@yellow.example",
    "Lerner Vogelfrei",
    "lerner@blue.example",
    "Lighthouse Elementary",
)
"""Names in private columns; none may ever stand in an answer."""

FIRST, RESUBMISSION, EARLIER, QUEUED, SETTLED, UNCHECKED = (str(uuid.UUID(int=n)) for n in range(1, 7))
ARTIFACT = "artifact-1"
SNAPSHOT = "snapshot-1"
"""What was captured behind the link of the first submission."""
OFFICE = "artifact-office"


def rubric() -> RubricVersion:
    """Two criteria, both to be demonstrated."""
    scale = Scale(
        "quality",
        (
            Level("not_met", "Not Met", meets=False),
            Level("progressing", "Progressing", meets=False),
            Level("demonstrated", "Demonstrated", meets=True),
        ),
    )
    descriptors = (("not_met", "Nothing."), ("progressing", "Some."), ("demonstrated", "All of it."))
    requirements = tuple(
        Requirement(
            id=RequirementId(name),
            position=position,
            title=name.title(),
            kind=RequirementKind.ARTIFACT,
            evidence_required="A lesson plan.",
            prompts=(Prompt(PromptId(f"{name}-prompt"), "What did you do?", 300),),
            completion=(CompletionIndicator(f"{name}-there", "A plan is attached."),),
            criteria=(Criterion(CriterionId(f"{name}-1"), "Does it.", "quality", descriptors),),
        )
        for position, name in enumerate(("analyze", "design"), start=1)
    )
    return published(
        RubricVersion(
            id=RubricId("think-alouds"),
            version=3,
            status=RubricStatus.DRAFT,
            title="Think-alouds",
            locale="en-US",
            skill_statement="Models reasoning aloud.",
            scales=(scale,),
            requirements=requirements,
            not_scorable=(
                NotScorableCode("unreadable", "Cannot be opened", NotScorableEffect.FAIL),
                NotScorableCode("integrity", "Integrity concern", NotScorableEffect.BLOCK),
            ),
            award_rule=Every(),
        )
    )


def wire(submission_id: str, **changes: object) -> SubmissionWire:
    """A submission with one answer, one file and one link."""
    prefix = "" if submission_id == FIRST else f"{submission_id[-4:]}-"
    fields: dict[str, object] = {
        "id": submission_id,
        "code": f"S-{submission_id[-4:]}",
        "microcredential_id": "mc-think-alouds",
        "title": "Think-alouds",
        "rubric": RubricRefWire(id="think-alouds", version=3, hash="0" * 64),
        "status": SubmissionStatus.WAITING_ON_ASSESSOR,
        "submission_type": SubmissionType.FULL_PORTFOLIO,
        "model": "M6",
        "round": 1,
        "received_at": NOW - timedelta(days=2),
        "attempt": 1,
        "due": [DueWire(stage=Stage.ASSESSMENT, at=NOW + timedelta(days=5), kind=DueKind.TARGET)],
        "parts": [
            PartWire(
                requirement_id="analyze",
                responses=[
                    ResponseWire(
                        id=f"{prefix}response-1", prompt_id="analyze-prompt", text="Ich las laut — 🎈"
                    )
                ],
                artifacts=[
                    ArtifactWire(
                        id=f"{prefix}{ARTIFACT}",
                        filename="Artifact 1.pdf",
                        media_type="application/pdf",
                        size_bytes=0,
                        sha256="0" * 64,
                        page_count=1,
                    )
                ],
                links=[
                    LinkWire(
                        id=f"{prefix}link-1",
                        url="https://example.org/x",
                        state=LinkState.OPENS,
                        comments_captured=True,
                        snapshot=ArtifactWire(
                            id=f"{prefix}{SNAPSHOT}",
                            filename="Snapshot.pdf",
                            media_type="application/pdf",
                            size_bytes=0,
                            sha256="0" * 64,
                            page_count=1,
                        ),
                    )
                ],
            )
        ],
    }
    return SubmissionWire.model_validate({**fields, **changes})


def seed(submission: SubmissionWire, learner: str, *assignments: SeedAssignment) -> SeedSubmission:
    """The submission with bytes for its file."""
    files: dict[str, Callable[[], bytes]] = {
        artifact.id: lambda: PDF for part in submission.parts for artifact in part.artifacts
    }
    files |= {
        link.snapshot.id: lambda: SNAPSHOT_PDF
        for part in submission.parts
        for link in part.links
        if link.snapshot is not None
    }
    return SeedSubmission(submission, learner, assignments, files)


def content(extra: int = 0) -> DemoContent:
    """The whole small platform.

    Args:
        extra: further submissions of the assessor `busy`, each with a long answer.
    """
    anna = SeedAssignment("a-anna", Role.ASSESSOR)
    otto = SeedAssignment("a-otto", Role.APPROVER, sampled=True)
    prior = PriorWire(
        code="S-OLD",
        attempt=1,
        outcome="denied",
        decided_at=NOW - timedelta(days=60),
        criteria_not_met=["design-1"],
        feedback={"design-1": "Show the second lesson."},
    )
    busy = SeedAssignment("a-busy", Role.ASSESSOR)
    long_note = CollaborationWire(declared=True, note="n" * 6000)
    many = [
        seed(wire(str(uuid.UUID(int=1000 + n)), collaboration=long_note), "l-2", busy) for n in range(extra)
    ]
    return DemoContent(
        policy=PolicyWire(
            id="policy-1",
            labels={SubmissionStatus.AWARDED: "Earned"},
            grace_minutes=30,
            # Some tests run by the real clock, for which everything here was settled long ago.
            keep_evidence_days=36_500,
        ),
        calendar=CalendarWire(id="calendar-1", version=1, tz="America/Chicago"),
        actors=(
            _actor("anna", Role.ASSESSOR, employer="Lighthouse Elementary", password=PASSWORD),
            _actor("bert", Role.ASSESSOR),
            _actor("otto", Role.APPROVER),
            _actor("both", Role.ASSESSOR, Role.APPROVER),
            _actor("busy", Role.ASSESSOR),
            _actor("idle", Role.ASSESSOR),
            _actor("lena", Role.LEAD),
            _actor("petra", Role.PREASSESSOR),
        ),
        learners=(
            SeedLearner("l-1", private_name=CANARIES[2], private_email=CANARIES[3]),
            SeedLearner("l-2", employer="lighthouse elementary ", private_name=CANARIES[2]),
        ),
        rubrics=(rubric(),),
        submissions=(
            seed(wire(FIRST), "l-1", anna, otto, SeedAssignment("a-both", Role.APPROVER)),
            seed(wire(RESUBMISSION, attempt=2, prior=[prior]), "l-1", anna, otto),
            seed(wire(EARLIER, status=SubmissionStatus.DENIED, attempt=1), "l-1", anna, otto),
            seed(wire(QUEUED), "l-2"),
            seed(
                wire(UNCHECKED, status=SubmissionStatus.SUBMITTED),
                "l-2",
                SeedAssignment("a-petra", Role.PREASSESSOR),
            ),
            seed(wire(SETTLED), "l-1", SeedAssignment("a-both", Role.ASSESSOR), otto),
            *many,
        ),
        conflict_salt="salt",
    )


def _actor(name: str, *roles: Role, employer: str = "", password: str | None = None) -> SeedActor:
    return SeedActor(
        actor_id=f"a-{name}",
        login=name,
        roles=roles,
        tz="America/Chicago",
        employer=employer,
        password=password,
        private_name=CANARIES[0],
        private_email=CANARIES[1],
    )
