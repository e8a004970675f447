"""The rubric model as it is served, for the description of the interface and its closed schema.

The data itself is written and read by `assessor_app.rubric.native` alone.
"""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from assessor_app.rubric.schema import NotScorableEffect, RequirementKind, RubricStatus
from assessor_app.sync.protocol import Sha256, Wire


class LevelOut(Wire):
    """One rung of a scale."""

    code: str
    label: str
    meets: bool
    points: float | None = None


class ScaleOut(Wire):
    """Levels from low to high."""

    levels: list[LevelOut]


class PromptOut(Wire):
    """A question above a written response."""

    id: str
    text: str
    word_limit: int | None = None


class CompletionOut(Wire):
    """Something that pre-assessment checks for presence."""

    id: str
    text: str


class CriterionOut(Wire):
    """One competency indicator."""

    id: str
    text: str
    scale: str
    weight: float = 1
    descriptors: dict[str, str]
    align: list[str] = []


class RequirementOut(Wire):
    """One thing to prove."""

    id: str
    position: int
    title: str
    kind: RequirementKind
    evidence_required: str
    prompts: list[PromptOut] = []
    completion: list[CompletionOut] = []
    criteria: list[CriterionOut] = []


class NotScorableOut(Wire):
    """A reason why a criterion cannot be scored."""

    code: str
    label: str
    effect: NotScorableEffect
    learner_visible: bool
    requires_note: bool


class ReachOut(Wire):
    """Criteria that reach a level."""

    scope: list[str]
    level: str | None = None


class CountOut(ReachOut):
    """At least so many criteria that reach a level."""

    min: int


class PointsOut(Wire):
    """At least so many points."""

    scope: list[str]
    min: float


class EveryRuleOut(Wire):
    """Every criterion in scope."""

    every: ReachOut


class CountRuleOut(Wire):
    """Some criteria in scope."""

    count: CountOut


class PointsRuleOut(Wire):
    """The points in scope."""

    points: PointsOut


class AllRuleOut(Wire):
    """All inner rules."""

    all: list[RuleOut]


class AnyRuleOut(Wire):
    """One of the inner rules."""

    any: list[RuleOut]


RuleOut = EveryRuleOut | CountRuleOut | PointsRuleOut | AllRuleOut | AnyRuleOut
"""What must hold for an award."""


class RubricVersionOut(Wire):
    """One published rubric version."""

    id: str
    version: int = Field(ge=1)
    status: Literal[RubricStatus.PUBLISHED, RubricStatus.RETIRED]
    supersedes: int | None = None
    hash: Sha256
    title: str
    locale: str
    effective_from: str | None = None
    change: Literal["editorial"] | None = None
    """Slips of the pen only; left out otherwise."""
    scales: dict[str, ScaleOut]
    skill_statement: str
    requirements: list[RequirementOut]
    not_scorable: list[NotScorableOut]
    award_rule: RuleOut
