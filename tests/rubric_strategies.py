"""Generated rubric versions and ratings: small, valid, and of every shape that the model allows."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from hypothesis import strategies as st

from assessor_app.domain.assessments import Rating
from assessor_app.domain.ids import CriterionId, PromptId, RequirementId, RubricId
from assessor_app.domain.submissions import Accommodation, AccommodationEffect
from assessor_app.rubric.native import published
from assessor_app.rubric.schema import (
    AllOf,
    AnyOf,
    AwardRule,
    CompletionIndicator,
    Count,
    Criterion,
    Every,
    Level,
    NotScorableCode,
    NotScorableEffect,
    Points,
    Prompt,
    Requirement,
    RequirementKind,
    RubricStatus,
    RubricVersion,
    Scale,
)

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(lambda text: f"x{text}")
"""Texts that are not empty, with anything in them that UTF-8 can hold."""

NOT_SCORABLE = (
    NotScorableCode("NS-LINK", "link does not open", NotScorableEffect.FAIL),
    NotScorableCode("NS-INTEGRITY", "integrity concern", NotScorableEffect.BLOCK, learner_visible=False),
    NotScorableCode("NS-EXCLUDED", "approved accommodation", NotScorableEffect.EXCLUDE, requires_note=False),
)


@st.composite
def scales(draw: st.DrawFn, name: str) -> Scale:
    """A scale of 2 or 3 levels with points; level codes are the same on all scales."""
    count = draw(st.integers(2, 3))
    first_meeting = draw(st.integers(0, count - 1))
    points = sorted(
        draw(st.lists(st.sampled_from([0.0, 0.1, 1.0, 2.5, 4.0]), min_size=count, max_size=count))
    )
    levels = [Level(f"L{i}", f"Level {i}", i >= first_meeting, points[i]) for i in range(count)]
    return Scale(name, tuple(levels))


@st.composite
def award_rules(draw: st.DrawFn, version_scales: Sequence[Scale], criteria: Sequence[Criterion]) -> AwardRule:
    """A rule, nested at most three deep, that can be met."""
    by_name = {scale.name: scale for scale in version_scales}

    def leaf(draw_leaf: st.DrawFn) -> AwardRule:
        ids = [criterion.id for criterion in criteria]
        scope = tuple(draw_leaf(st.lists(st.sampled_from(ids), unique=True)))
        meant = [criterion for criterion in criteria if not scope or criterion.id in scope]
        shared = min(len(by_name[criterion.scale].levels) for criterion in meant)
        level = draw_leaf(st.none() | st.sampled_from([f"L{i}" for i in range(shared)]))
        most = float(
            sum(
                Fraction(repr(c.weight)) * Fraction(repr(by_name[c.scale].levels[-1].points or 0.0))
                for c in meant
            )
        )
        kinds: list[st.SearchStrategy[AwardRule]] = [
            st.just(Every(scope, level)),
            st.integers(1, len(meant)).map(lambda minimum: Count(minimum, scope, level)),
        ]
        if most > 0:
            shares = st.sampled_from([most / 4, most / 2, most * 0.9, most])
            kinds.append(shares.map(lambda minimum: Points(minimum, scope)))
        return draw_leaf(st.one_of(kinds))

    leaves = st.composite(leaf)()
    inner = st.lists(leaves, min_size=1, max_size=3).map(tuple)
    middle = leaves | inner.map(AllOf) | inner.map(AnyOf)
    outer = st.lists(middle, min_size=1, max_size=2).map(tuple)
    return draw(leaves | outer.map(AllOf) | outer.map(AnyOf))


@st.composite
def rubric_versions(draw: st.DrawFn, *, max_criteria: int = 4) -> RubricVersion:
    """A published version with 1 to `max_criteria` criteria over 1 or 2 requirements."""
    version_scales = [draw(scales(name)) for name in ("main", "other")]
    criteria = []
    for index in range(draw(st.integers(1, max_criteria))):
        scale = draw(st.sampled_from(version_scales))
        described = draw(st.lists(st.sampled_from([level.code for level in scale.levels]), unique=True))
        criteria.append(
            Criterion(
                id=CriterionId(f"c{index}"),
                text=draw(TEXTS),
                scale=scale.name,
                descriptors=tuple((code, draw(TEXTS)) for code in described),
                weight=draw(st.sampled_from([0.0, 0.1, 0.5, 1.0, 3.0])),
                align=tuple(draw(st.lists(TEXTS, max_size=2))),
            )
        )
    cut = draw(st.integers(0, len(criteria)))
    requirements = [
        Requirement(
            id=RequirementId(f"r{index}"),
            position=index + 1,
            title=draw(TEXTS),
            kind=draw(st.sampled_from(RequirementKind)),
            evidence_required=draw(st.just("") | TEXTS),
            prompts=tuple(
                Prompt(PromptId(f"p{index}.{i}"), draw(TEXTS), draw(st.none() | st.integers(1, 900)))
                for i in range(draw(st.integers(0, 2)))
            ),
            completion=tuple(
                CompletionIndicator(f"k{index}.{i}", draw(TEXTS)) for i in range(draw(st.integers(0, 2)))
            ),
            criteria=tuple(part),
        )
        for index, part in enumerate((criteria[:cut], criteria[cut:]))
    ]
    return published(
        RubricVersion(
            id=RubricId("rb"),
            version=draw(st.integers(1, 9)),
            status=RubricStatus.DRAFT,
            title=draw(TEXTS),
            locale="en",
            skill_statement=draw(st.just("") | TEXTS),
            scales=tuple(version_scales),
            requirements=tuple(requirements),
            not_scorable=NOT_SCORABLE,
            award_rule=draw(award_rules(version_scales, criteria)),
            supersedes=draw(st.none() | st.integers(1, 9)),
            effective_from=draw(st.none() | st.dates().map(lambda day: day.isoformat())),
        )
    )


@st.composite
def ratings_of(draw: st.DrawFn, version: RubricVersion) -> tuple[Rating, ...]:
    """A rating for some of the criteria: a level or a not-scorable code."""
    ratings = []
    for criterion in version.criteria:
        levels = [level.code for level in version.scale_of(criterion).levels]
        codes = [code.code for code in version.not_scorable]
        match draw(st.sampled_from(["nothing", "level", "level", "code"])):
            case "level":
                ratings.append(Rating(criterion.id, level=draw(st.sampled_from(levels))))
            case "code":
                ratings.append(Rating(criterion.id, not_scorable=draw(st.sampled_from(codes))))
    return tuple(ratings)


@st.composite
def accommodations_of(draw: st.DrawFn, version: RubricVersion) -> tuple[Accommodation, ...]:
    """Mostly none; else some that exclude or extend a criterion or a requirement."""
    targets: list[tuple[CriterionId | None, RequirementId | None]]
    targets = [(criterion.id, None) for criterion in version.criteria]
    targets += [(None, requirement.id) for requirement in version.requirements]
    chosen = draw(st.just([]) | st.lists(st.sampled_from(targets), max_size=2))
    return tuple(
        Accommodation(draw(st.sampled_from(AccommodationEffect)), "as agreed", criterion, requirement)
        for criterion, requirement in chosen
    )
