"""Whether a rubric version can be judged by: all names in it exist, and its award rule can be met."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from fractions import Fraction

from assessor_app.domain.ids import CriterionId
from assessor_app.rubric.json_reader import RubricInvalid
from assessor_app.rubric.schema import (
    AllOf,
    AnyOf,
    AwardRule,
    Count,
    Criterion,
    Every,
    Points,
    RubricVersion,
    Scale,
)


def check_version(version: RubricVersion) -> None:
    """Check a version as a whole; its hash is not looked at.

    Raises:
        RubricInvalid: with the place in the JSON form of the version.
    """
    _check_date(version.effective_from)
    for scale in version.scales:
        _check_scale(scale)
    _check_ids(version)
    _check_positions(version)
    for r_index, requirement in enumerate(version.requirements):
        for c_index, criterion in enumerate(requirement.criteria):
            _check_criterion(version, criterion, f"requirements[{r_index}].criteria[{c_index}]")
    if not version.criteria:
        raise RubricInvalid("requirements", "there is no criterion to rate.")
    _check_rule(version, version.award_rule, "award_rule")


def scope_of(version: RubricVersion, scope: Sequence[CriterionId]) -> tuple[Criterion, ...]:
    """The criteria that a rule's scope means, in the order of the version: all of them if it is empty."""
    return tuple(criterion for criterion in version.criteria if not scope or criterion.id in scope)


def exact(value: float) -> Fraction:
    """A number as its author wrote it: 0.1 is a tenth, so that weighted sums meet their minimum exactly."""
    return Fraction(repr(value))


def best_points(version: RubricVersion, criterion: Criterion) -> Fraction:
    """The most weighted points that a criterion can bring; 0 on a scale without points."""
    points = [level.points or 0.0 for level in version.scale_of(criterion).levels]
    return exact(criterion.weight) * exact(max(points))


def _check_date(text: str | None) -> None:
    if text is None:
        return
    try:
        canonical = date.fromisoformat(text).isoformat()
    except ValueError:
        canonical = ""
    if canonical != text:
        raise RubricInvalid("effective_from", "a date such as 2024-08-01 is expected.")


def _check_scale(scale: Scale) -> None:
    place = f"scales.{scale.name}.levels"
    levels = scale.levels
    if len(levels) < 2:
        raise RubricInvalid(place, "a scale has at least two levels.")
    _check_unique(
        ((level.code, f"{place}[{index}].code") for index, level in enumerate(levels)), "level code"
    )
    meets = [level.meets for level in levels]
    if not meets[-1]:
        raise RubricInvalid(f"{place}[{len(levels) - 1}].meets", "the highest level must pass.")
    if meets != sorted(meets):
        raise RubricInvalid(place, "a level above a passing one must pass too; levels go from low to high.")
    points = [level.points for level in levels if level.points is not None]
    if points and len(points) != len(levels):
        raise RubricInvalid(place, "either every level of a scale has points or none.")
    if points != sorted(points):
        raise RubricInvalid(place, "a higher level must not have fewer points.")


def _check_ids(version: RubricVersion) -> None:
    requirements: list[tuple[str, str]] = []
    criteria: list[tuple[str, str]] = []
    prompts: list[tuple[str, str]] = []
    indicators: list[tuple[str, str]] = []
    for index, requirement in enumerate(version.requirements):
        place = f"requirements[{index}]"
        requirements.append((requirement.id, f"{place}.id"))
        criteria += [(c.id, f"{place}.criteria[{i}].id") for i, c in enumerate(requirement.criteria)]
        prompts += [(p.id, f"{place}.prompts[{i}].id") for i, p in enumerate(requirement.prompts)]
        indicators += [(c.id, f"{place}.completion[{i}].id") for i, c in enumerate(requirement.completion)]
    codes = [(code.code, f"not_scorable[{i}].code") for i, code in enumerate(version.not_scorable)]
    _check_unique(((scale.name, f"scales.{scale.name}") for scale in version.scales), "scale name")
    _check_unique(requirements, "requirement id")
    _check_unique(criteria, "criterion id")
    _check_unique(prompts, "prompt id")
    _check_unique(indicators, "completion indicator id")
    _check_unique(codes, "not-scorable code")


def _check_unique(pairs: Iterable[tuple[str, str]], what: str) -> None:
    seen: set[str] = set()
    for value, place in pairs:
        if value in seen:
            raise RubricInvalid(place, f"this {what} is used twice.")
        seen.add(value)


def _check_positions(version: RubricVersion) -> None:
    last = -1
    for index, requirement in enumerate(version.requirements):
        if requirement.position <= last:
            raise RubricInvalid(
                f"requirements[{index}].position", "requirements must stand in the order of position."
            )
        last = requirement.position


def _check_criterion(version: RubricVersion, criterion: Criterion, place: str) -> None:
    scale = next((scale for scale in version.scales if scale.name == criterion.scale), None)
    if scale is None:
        raise RubricInvalid(f"{place}.scale", "there is no scale of this name.")
    _check_unique(((code, f"{place}.descriptors.{code}") for code, _ in criterion.descriptors), "level code")
    for code, _ in criterion.descriptors:
        if scale.level(code) is None:
            raise RubricInvalid(f"{place}.descriptors.{code}", "the criterion's scale has no such level.")


def _check_rule(version: RubricVersion, rule: AwardRule, place: str) -> None:
    if isinstance(rule, (AllOf, AnyOf)):
        name = "all" if isinstance(rule, AllOf) else "any"
        if not rule.rules:
            raise RubricInvalid(f"{place}.{name}", "at least one rule is expected.")
        for index, inner in enumerate(rule.rules):
            _check_rule(version, inner, f"{place}.{name}[{index}]")
    elif isinstance(rule, Points):
        _check_points(version, rule, f"{place}.points")
    else:
        _check_reach(version, rule, f"{place}.{'every' if isinstance(rule, Every) else 'count'}")


def _check_scope(version: RubricVersion, scope: Sequence[CriterionId], place: str) -> tuple[Criterion, ...]:
    known = {criterion.id for criterion in version.criteria}
    for index, criterion_id in enumerate(scope):
        if criterion_id not in known:
            raise RubricInvalid(f"{place}.scope[{index}]", "there is no criterion with this id.")
    _check_unique(((c, f"{place}.scope[{index}]") for index, c in enumerate(scope)), "criterion id")
    return scope_of(version, scope)


def _check_reach(version: RubricVersion, rule: Every | Count, place: str) -> None:
    criteria = _check_scope(version, rule.scope, place)
    if isinstance(rule, Count) and not 1 <= rule.minimum <= len(criteria):
        raise RubricInvalid(
            f"{place}.min", f"a number from 1 to {len(criteria)}, the criteria in scope, is expected."
        )
    if rule.level is not None and any(version.scale_of(c).level(rule.level) is None for c in criteria):
        raise RubricInvalid(f"{place}.level", "not every criterion in scope has a level with this code.")


def _check_points(version: RubricVersion, rule: Points, place: str) -> None:
    criteria = _check_scope(version, rule.scope, place)
    if any(level.points is None for c in criteria for level in version.scale_of(c).levels):
        raise RubricInvalid(f"{place}.scope", "a criterion in scope is rated on a scale without points.")
    most = sum((best_points(version, criterion) for criterion in criteria), Fraction(0))
    if not 0 < exact(rule.minimum) <= most:
        raise RubricInvalid(
            f"{place}.min", f"a number above 0 and up to {float(most):g}, all points, is expected."
        )
