"""Rubric versions: immutable once published, known by the hash of their canonical JSON.

The shape is the rubric model of the platform contract. A level code is stable over versions; changing a
level's text makes a new version.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assessor_app.domain.ids import CriterionId, PromptId, RequirementId, RubricId


class RubricStatus(StrEnum):
    """The life of a version; only a published one is assessed against."""

    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class VersionChange(StrEnum):
    """What a version does to the one before it, in the words of its issuer."""

    SUBSTANTIVE = "substantive"
    EDITORIAL = "editorial"
    """Slips of the pen only: every rating given under the version before stays what it was."""


class RequirementKind(StrEnum):
    """What a requirement asks for."""

    CONTEXT = "context"
    ARTIFACT = "artifact"
    RESPONSE = "response"
    REFLECTION = "reflection"


class NotScorableEffect(StrEnum):
    """What a not-scorable code does to the award rule."""

    FAIL = "fail"
    BLOCK = "block"
    EXCLUDE = "exclude"


@dataclass(frozen=True, slots=True)
class Level:
    """One rung of a scale."""

    code: str
    label: str
    meets: bool
    """Whether this level passes."""
    points: float | None = None
    """None where the scale has no points; 0 is a score like any other."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Levels from low to high, at least two."""

    name: str
    levels: tuple[Level, ...]

    def level(self, code: str) -> Level | None:
        """The level with this code, or None."""
        return next((level for level in self.levels if level.code == code), None)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A question above a written response."""

    id: PromptId
    text: str
    word_limit: int | None = None


@dataclass(frozen=True, slots=True)
class CompletionIndicator:
    """Something that pre-assessment checks for presence."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One competency indicator, rated by the assessor."""

    id: CriterionId
    text: str
    scale: str
    """Name of a scale of the version."""
    descriptors: tuple[tuple[str, str], ...]
    """(level code, descriptor), low to high."""
    weight: float = 1.0
    align: tuple[str, ...] = ()

    def descriptor(self, level: str) -> str:
        """The descriptor of a level; empty if the rubric gives none."""
        return next((text for code, text in self.descriptors if code == level), "")


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing to prove, with what was asked and how it is judged."""

    id: RequirementId
    position: int
    title: str
    kind: RequirementKind
    evidence_required: str
    prompts: tuple[Prompt, ...] = ()
    completion: tuple[CompletionIndicator, ...] = ()
    criteria: tuple[Criterion, ...] = ()


@dataclass(frozen=True, slots=True)
class NotScorableCode:
    """A reason why a criterion cannot be scored; never the lowest level."""

    code: str
    label: str
    effect: NotScorableEffect
    learner_visible: bool = True
    requires_note: bool = True


@dataclass(frozen=True, slots=True)
class Every:
    """Every criterion in scope reaches the level; without a level: any that meets."""

    scope: tuple[CriterionId, ...] = ()
    """Criterion ids; empty means all criteria."""
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """At least `minimum` criteria in scope reach the level."""

    minimum: int
    scope: tuple[CriterionId, ...] = ()
    level: str | None = None


@dataclass(frozen=True, slots=True)
class Points:
    """The weighted points in scope add up to at least `minimum`."""

    minimum: float
    scope: tuple[CriterionId, ...] = ()


@dataclass(frozen=True, slots=True)
class AllOf:
    """All inner rules say yes."""

    rules: tuple[AwardRule, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one inner rule says yes."""

    rules: tuple[AwardRule, ...]


AwardRule = Every | Count | Points | AllOf | AnyOf
"""What must hold for an award."""


@dataclass(frozen=True, slots=True)
class RubricVersion:
    """One immutable version of a micro-credential's rubric."""

    id: RubricId
    version: int
    status: RubricStatus
    title: str
    locale: str
    skill_statement: str
    scales: tuple[Scale, ...]
    requirements: tuple[Requirement, ...]
    not_scorable: tuple[NotScorableCode, ...]
    award_rule: AwardRule
    hash: str = ""
    """SHA-256 in hex of the canonical JSON without `status` and `hash`; empty on a draft."""
    supersedes: int | None = None
    effective_from: str | None = None
    """ISO date."""
    change: VersionChange = VersionChange.SUBSTANTIVE
    """What the issuer says of it; `difference` looks whether that is so."""

    @property
    def criteria(self) -> tuple[Criterion, ...]:
        """All criteria in the order of the requirements."""
        return tuple(c for requirement in self.requirements for c in requirement.criteria)

    def criterion(self, criterion_id: CriterionId) -> Criterion:
        """The criterion with this id.

        Raises:
            KeyError: the version has no such criterion.
        """
        for criterion in self.criteria:
            if criterion.id == criterion_id:
                return criterion
        raise KeyError(criterion_id)

    def requirement_of(self, criterion_id: CriterionId) -> Requirement:
        """The requirement that a criterion belongs to.

        Raises:
            KeyError: the version has no such criterion.
        """
        for requirement in self.requirements:
            if any(criterion.id == criterion_id for criterion in requirement.criteria):
                return requirement
        raise KeyError(criterion_id)

    def scale_of(self, criterion: Criterion) -> Scale:
        """The scale that a criterion is rated on.

        Raises:
            KeyError: the version has no such scale.
        """
        for scale in self.scales:
            if scale.name == criterion.scale:
                return scale
        raise KeyError(criterion.scale)

    def level_of(self, criterion_id: CriterionId, code: str) -> Level | None:
        """The level of a criterion's scale with this code, or None."""
        return self.scale_of(self.criterion(criterion_id)).level(code)

    def prompt(self, prompt_id: PromptId) -> Prompt | None:
        """The prompt with this id, or None."""
        for requirement in self.requirements:
            for prompt in requirement.prompts:
                if prompt.id == prompt_id:
                    return prompt
        return None
