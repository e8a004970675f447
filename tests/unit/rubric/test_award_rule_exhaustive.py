"""The award rule against an independent judgement that enumerates what open criteria may become."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import product

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessor_app.domain.assessments import Rating, RuleResult
from assessor_app.domain.submissions import Accommodation, AccommodationEffect
from assessor_app.rubric.award_rule import evaluate
from assessor_app.rubric.schema import AllOf, AnyOf, AwardRule, Count, Criterion, Every, RubricVersion
from tests.rubric_strategies import rubric_versions

FAILED = "failed"
EXCLUDED = "excluded"
Value = int | str
"""A level index, FAILED or EXCLUDED: what a criterion comes to in the end."""


def points_of(version: RubricVersion, criterion: Criterion, index: int) -> Decimal:
    level = version.scale_of(criterion).levels[index]
    return Decimal(repr(criterion.weight)) * Decimal(repr(level.points))


def best(version: RubricVersion, criterion: Criterion) -> int:
    return len(version.scale_of(criterion).levels) - 1


def reaches(version: RubricVersion, criterion: Criterion, value: Value, level: str | None) -> bool:
    if value == FAILED:
        return False
    levels = version.scale_of(criterion).levels
    if level is None:
        return levels[int(value)].meets
    return int(value) >= [item.code for item in levels].index(level)


def speaks_of(version: RubricVersion, rule: AwardRule) -> set[str]:
    """The criteria in all scopes of a rule."""
    if isinstance(rule, (AllOf, AnyOf)):
        return set().union(*(speaks_of(version, one) for one in rule.rules))
    return set(rule.scope or [c.id for c in version.criteria])


def holds(
    version: RubricVersion, rule: AwardRule, values: Mapping[str, Value], *, generous: bool, outside: set[str]
) -> bool | None:
    """Whether a rule holds once everything is known; `generous` gives the benefit of what was taken out.

    None where nothing is left in a scope: then no answer is right. What speaks only of criteria `outside` the
    submission is left aside as long as something else is there to decide.
    """
    if isinstance(rule, (AllOf, AnyOf)):
        about = [one for one in rule.rules if not speaks_of(version, one) <= outside] or rule.rules
        inner = [holds(version, one, values, generous=generous, outside=outside) for one in about]
        wins = isinstance(rule, AnyOf)
        return wins if wins in inner else None if None in inner else not wins
    scope = [c for c in version.criteria if c.id in (rule.scope or [c.id])]
    left = [c for c in scope if values[c.id] != EXCLUDED]
    gone = [c for c in scope if values[c.id] == EXCLUDED] if generous else []
    if not left:
        return None
    if isinstance(rule, Every):
        return all(reaches(version, c, values[c.id], rule.level) for c in left)
    if isinstance(rule, Count):
        reached = [c for c in left if reaches(version, c, values[c.id], rule.level)]
        return len(reached) + len(gone) >= rule.minimum
    scored = [c for c in left if values[c.id] != FAILED]
    total = sum((points_of(version, c, int(values[c.id])) for c in scored), Decimal(0))
    total += sum((points_of(version, c, best(version, c)) for c in gone), Decimal(0))
    return total >= Decimal(repr(rule.minimum))


def completions(
    version: RubricVersion, ratings: Sequence[Rating], excluded: set[str]
) -> Iterator[dict[str, Value]]:
    """Everything that the criteria without a settled value may come to."""
    given_ratings = {rating.criterion_id: rating for rating in ratings}
    choices: list[list[Value]] = []
    for criterion in version.criteria:
        rating = given_ratings.get(criterion.id)
        everything: list[Value] = [*range(best(version, criterion) + 1), FAILED]
        if criterion.id in excluded or (rating and rating.not_scorable == "NS-EXCLUDED"):
            choices.append([EXCLUDED])
        elif rating is None:
            choices.append([*everything, EXCLUDED])
        elif rating.not_scorable == "NS-INTEGRITY":
            choices.append(everything)
        elif rating.not_scorable == "NS-LINK":
            choices.append([FAILED])
        else:
            codes = [level.code for level in version.scale_of(criterion).levels]
            choices.append([codes.index(rating.level or "")])
    for combination in product(*choices):
        yield {c.id: value for c, value in zip(version.criteria, combination, strict=True)}


def judged_by_enumeration(
    version: RubricVersion, ratings: Sequence[Rating], excluded: set[str], outside: set[str]
) -> RuleResult:
    rated = {rating.criterion_id for rating in ratings}
    is_open = any(c.id not in rated | excluded for c in version.criteria)
    is_blocked = any(r.not_scorable == "NS-INTEGRITY" and r.criterion_id not in excluded for r in ratings)
    worlds = list(completions(version, ratings, excluded))
    if all(
        holds(version, version.award_rule, world, generous=True, outside=outside) is False for world in worlds
    ):
        return RuleResult.NO
    if is_open or is_blocked:
        return RuleResult.UNDECIDED
    surely = all(
        holds(version, version.award_rule, world, generous=False, outside=outside) for world in worlds
    )
    return RuleResult.YES if surely else RuleResult.UNDECIDED


TRIES = 12
"""Sets of ratings for each rubric: making a rubric costs more than judging by it."""


def some_ratings(chance: random.Random, version: RubricVersion) -> tuple[Rating, ...]:
    """Mostly levels, so that much is settled and a minimum is often just met or just missed."""
    ratings = []
    for criterion in version.criteria:
        kind = chance.choice(["level"] * 6 + ["code"] * 3 + ["nothing"])
        if kind == "level":
            levels = version.scale_of(criterion).levels
            ratings.append(Rating(criterion.id, level=chance.choice(levels).code))
        elif kind == "code":
            ratings.append(Rating(criterion.id, not_scorable=chance.choice(version.not_scorable).code))
    return tuple(ratings)


def some_accommodations(chance: random.Random, version: RubricVersion) -> tuple[Accommodation, ...]:
    """None, or one or two of any effect, for a criterion or a requirement."""
    targets = [(criterion.id, None) for criterion in version.criteria]
    others = [(None, requirement.id) for requirement in version.requirements]
    chosen = chance.sample([*targets, *others], chance.choice([0, 0, 1, 1, 2]))
    effects = [AccommodationEffect.EXCLUDE, *AccommodationEffect]
    return tuple(Accommodation(chance.choice(effects), "", c, r) for c, r in chosen)


def excluded_by(accommodations: Sequence[Accommodation], version: RubricVersion) -> set[str]:
    return {
        str(criterion.id)
        for requirement in version.requirements
        for criterion in requirement.criteria
        for accommodation in accommodations
        if accommodation.effect is AccommodationEffect.EXCLUDE
        and (accommodation.criterion_id == criterion.id or accommodation.requirement_id == requirement.id)
    }


@settings(max_examples=90, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rubric_versions(), st.integers(0, 10**9))
def test_the_rule_says_what_enumeration_says(version: RubricVersion, seed: int) -> None:
    chance = random.Random(seed)
    everything = [criterion.id for criterion in version.criteria]
    for _ in range(TRIES):
        ratings = some_ratings(chance, version)
        accommodations = some_accommodations(chance, version)
        count = chance.randint(0, len(everything))
        in_scope = chance.choice([None, frozenset(chance.sample(everything, count))])
        outside = set() if in_scope is None else {str(c) for c in everything if c not in in_scope}
        excluded = excluded_by(accommodations, version) | outside
        verdict = evaluate(version, ratings, accommodations, in_scope)
        assert verdict.result is judged_by_enumeration(version, ratings, excluded, outside)
        assert verdict.reasons
        assert verdict.reasons[0].result is verdict.result
        assert all(set(reason.criteria) <= set(everything) and reason.criteria for reason in verdict.reasons)
