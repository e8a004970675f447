"""Content that a platform starts with, as plain data, and how it is described.

Whoever makes content (the demo, a test) fills these dataclasses; `reference_platform.loading.load` puts
them into an empty database. File names in `SubmissionWire` are neutral names already; the platform never
sees a learner's own file names.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from assessor_app.domain.cases import CaseKind
from assessor_app.domain.roles import Role
from assessor_app.rubric.schema import RubricVersion
from assessor_app.sync.protocol import (
    CalendarWire,
    DecisionWire,
    PolicyWire,
    PracticeAnchorWire,
    RecommendationWire,
    SubmissionWire,
    TeamCommentWire,
)

BytesProducer = Callable[[], bytes]
"""Gives the bytes of a file when they are needed; called at most once for each load."""


@dataclass(frozen=True, slots=True)
class SeedActor:
    """A person who works on the platform. The private fields never leave it."""

    actor_id: str
    """The pseudonym that `/v1/me` gives."""
    login: str
    """What is typed in the sign-in form, and the `login_hint` of a demo sign-in."""
    roles: tuple[Role, ...]
    tz: str = "UTC"
    """IANA zone of the person."""
    employer: str = ""
    """Whom the person works for; only its salted digest is stored. Empty: unknown."""
    password: str | None = None
    """None: no sign-in by password."""
    private_name: str = ""
    private_email: str = ""


@dataclass(frozen=True, slots=True)
class SeedLearner:
    """Who submitted. Only `key` links submissions; nothing of a learner ever leaves the platform."""

    key: str
    """Any text that is the same for all submissions of one learner."""
    employer: str = ""
    """Compared with the assessor's by salted digest: a conflict of interest is refused."""
    private_name: str = ""
    private_email: str = ""


@dataclass(frozen=True, slots=True)
class SeedAssignment:
    """That a submission is an actor's work from the start."""

    actor_id: str
    role: Role
    lease_until: datetime | None = None
    sampled: bool = False
    """For an approver: passing or not is marked before anything is revealed."""


@dataclass(frozen=True, slots=True)
class SeedRecommendation:
    """A recommendation that was already sent. `load` fills in its evidence digest and rubric hash."""

    actor_id: str
    wire: RecommendationWire


@dataclass(frozen=True, slots=True)
class SeedDecision:
    """A decision that was already made."""

    actor_id: str
    wire: DecisionWire


@dataclass(frozen=True, slots=True)
class SeedSubmission:
    """One submission with its files and what was made of it so far.

    `load` overwrites in `wire`: each artifact's `size_bytes` and `sha256` (computed from its bytes, so 64
    zeros will do), its `renditions` (made from office files), and the hash of the rubric.
    """

    wire: SubmissionWire
    learner: str
    """Key of a `SeedLearner`."""
    assignments: tuple[SeedAssignment, ...] = ()
    files: Mapping[str, BytesProducer] = field(default_factory=dict)
    """By artifact id, which is unique on the whole platform; every artifact of `wire` has one."""
    recommendations: tuple[SeedRecommendation, ...] = ()
    """Oldest round first."""
    decisions: tuple[SeedDecision, ...] = ()
    """Oldest round first."""
    is_reference: bool = False
    """It is there to be judged as practice or as a measure: never compared with other submissions."""


@dataclass(frozen=True, slots=True)
class SeedCase:
    """A question or report that is there from the start; a learner's question is taken in as any other."""

    kind: CaseKind
    submission_id: str
    text: str = ""
    by: Literal["learner", "preassessor", "assessor", "approver", "platform"] = "learner"
    opened_by: str | None = None
    """The actor who is to see the answers."""
    criterion_id: str | None = None
    source_id: str | None = None
    age: timedelta = timedelta(hours=3)
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DemoContent:
    """Everything that a platform starts with.

    The demo's is made by `reference_platform.demo.content.demo_content(evidence_dir, *, now)`, all times
    relative to `now`. With a folder of evidence it holds one more submission, whose id follows from the
    folder's content: on a platform that already has content, `load` adds just the submissions (and what
    they need) whose ids it does not know.
    """

    policy: PolicyWire
    calendar: CalendarWire
    actors: tuple[SeedActor, ...]
    learners: tuple[SeedLearner, ...]
    rubrics: tuple[RubricVersion, ...]
    """Published versions; `assessor_app.rubric.native.published` makes one from a draft."""
    submissions: tuple[SeedSubmission, ...]
    anchors: tuple[PracticeAnchorWire, ...] = ()
    team_comments: tuple[TeamCommentWire, ...] = ()
    cases: tuple[SeedCase, ...] = ()
    conflict_salt: str = "reference-platform"
    """Salt of the employers' digests."""
