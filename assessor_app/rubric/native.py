"""The native JSON form of a rubric version: the rubric model of the platform contract.

Reading is strict where the rules of judging depend on it, and ignores names that it does not know elsewhere.
Writing gives one form only, so that the hash of a version is the same on every machine: scales are in the
order of their names, descriptors in the order of their levels, whole numbers without a fraction, and optional
members are left out when they say nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from assessor_app.domain.canonical import canonical_json, sha256_hex
from assessor_app.domain.ids import CriterionId, PromptId, RequirementId, RubricId
from assessor_app.rubric.json_reader import JsonObject, RubricInvalid, checked_text, json_object
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
    VersionChange,
)
from assessor_app.rubric.validity import check_version

__all__ = ["RubricInvalid", "published", "rubric_from_json", "rubric_hash", "rubric_to_json"]

MAX_RULE_DEPTH = 8
"""Deepest nesting of an award rule; real ones have two."""
MAX_DESCRIPTOR_CHARS = 20_000
"""Longest descriptor of a level, in characters."""

_Choice = TypeVar("_Choice", bound=StrEnum)


def rubric_from_json(data: object) -> RubricVersion:
    """Read one version from parsed JSON and check that it can be judged by.

    Args:
        data: what `json.loads` gave; nothing about it is trusted.

    Raises:
        RubricInvalid: a member is missing or of the wrong kind, ids repeat, a scale, level or criterion is
            named that does not exist, the award rule cannot be met, or the hash of a version that is no
            draft does not match its content.
    """
    root = json_object(data, "")
    version = RubricVersion(
        id=RubricId(root.identifier("id")),
        version=root.integer("version", least=1),
        status=_choice(root, "status", RubricStatus),
        title=root.text("title"),
        locale=root.identifier("locale"),
        skill_statement=root.text("skill_statement", may_be_empty=True),
        scales=_scales(root),
        requirements=_requirements(root),
        not_scorable=tuple(_not_scorable(item) for item in root.items("not_scorable")),
        award_rule=_rule(root.member("award_rule"), depth=1),
        hash=root.text("hash", default="", may_be_empty=True),
        supersedes=root.optional_integer("supersedes", least=1),
        effective_from=root.optional_identifier("effective_from"),
        change=VersionChange.SUBSTANTIVE
        if root.untrusted.get("change") is None
        else _choice(root, "change", VersionChange),
    )
    check_version(version)
    version = replace(version, requirements=_with_sorted_descriptors(version))
    if version.status is not RubricStatus.DRAFT and version.hash != rubric_hash(version):
        raise RubricInvalid("hash", "the content does not match the hash: it was changed on the way.")
    return version


def rubric_to_json(version: RubricVersion) -> dict[str, object]:
    """The JSON form of a version; the same content always gives the same canonical bytes."""
    data: dict[str, object] = {
        "id": version.id,
        "version": version.version,
        "status": version.status.value,
        "supersedes": version.supersedes,
        "hash": version.hash,
        "title": version.title,
        "locale": version.locale,
        "effective_from": version.effective_from,
        "scales": {
            scale.name: {"levels": [_level_json(level) for level in scale.levels]} for scale in version.scales
        },
        "skill_statement": version.skill_statement,
        "requirements": [_requirement_json(requirement) for requirement in version.requirements],
        "not_scorable": [
            {
                "code": code.code,
                "label": code.label,
                "effect": code.effect.value,
                "learner_visible": code.learner_visible,
                "requires_note": code.requires_note,
            }
            for code in version.not_scorable
        ],
        "award_rule": _rule_json(version.award_rule),
    }
    # Left out where it says nothing: versions from before it was known keep their hash.
    if version.change is not VersionChange.SUBSTANTIVE:
        data["change"] = version.change.value
    return data


def rubric_hash(version: RubricVersion) -> str:
    """SHA-256 in hex of the canonical JSON without `status` and `hash`.

    Publishing and retiring a version therefore do not change its hash; any change of content does. Texts are
    taken as they are, without Unicode normalisation.
    """
    content = rubric_to_json(version)
    del content["status"], content["hash"]
    return sha256_hex(canonical_json(content))


def published(version: RubricVersion) -> RubricVersion:
    """The version frozen for use: checked, in canonical order, published, with its hash.

    Raises:
        RubricInvalid: the version cannot be judged by.
    """
    draft = rubric_from_json(rubric_to_json(replace(version, status=RubricStatus.DRAFT, hash="")))
    return replace(draft, status=RubricStatus.PUBLISHED, hash=rubric_hash(draft))


def _choice(source: JsonObject, key: str, kind: type[_Choice]) -> _Choice:
    text = source.identifier(key)
    try:
        return kind(text)
    except ValueError:
        known = ", ".join(member.value for member in kind)
        raise RubricInvalid(source.place(key), f"one of these is expected: {known}.") from None


def _scales(root: JsonObject) -> tuple[Scale, ...]:
    scales = []
    for name, untrusted in root.members("scales"):
        place = f"scales.{name}"
        checked_text(name, place, max_chars=200)
        source = json_object(untrusted, place)
        scales.append(Scale(name, tuple(_level(item) for item in source.items("levels"))))
    return tuple(sorted(scales, key=lambda scale: scale.name))


def _level(source: JsonObject) -> Level:
    return Level(
        code=source.identifier("code"),
        label=source.text("label"),
        meets=source.flag("meets"),
        points=source.optional_number("points"),
    )


def _requirements(root: JsonObject) -> tuple[Requirement, ...]:
    return tuple(
        Requirement(
            id=RequirementId(source.identifier("id")),
            position=source.integer("position", least=0),
            title=source.text("title"),
            kind=_choice(source, "kind", RequirementKind),
            evidence_required=source.text("evidence_required", default="", may_be_empty=True),
            prompts=tuple(_prompt(item) for item in source.items("prompts")),
            completion=tuple(
                CompletionIndicator(item.identifier("id"), item.text("text"))
                for item in source.items("completion")
            ),
            criteria=tuple(_criterion(item) for item in source.items("criteria")),
        )
        for source in root.items("requirements")
    )


def _prompt(source: JsonObject) -> Prompt:
    return Prompt(
        PromptId(source.identifier("id")), source.text("text"), source.optional_integer("word_limit", least=1)
    )


def _criterion(source: JsonObject) -> Criterion:
    descriptors = tuple(
        (
            code,
            checked_text(
                text,
                f"{source.place('descriptors')}.{code}",
                max_chars=MAX_DESCRIPTOR_CHARS,
                may_be_empty=True,
            ),
        )
        for code, text in source.members("descriptors")
    )
    return Criterion(
        id=CriterionId(source.identifier("id")),
        text=source.text("text"),
        scale=source.identifier("scale"),
        descriptors=descriptors,
        weight=source.number("weight", default=1.0),
        align=source.texts("align"),
    )


def _with_sorted_descriptors(version: RubricVersion) -> tuple[Requirement, ...]:
    """The requirements with each criterion's descriptors in the order of its scale's levels."""

    def in_level_order(criterion: Criterion) -> Criterion:
        codes = [level.code for level in version.scale_of(criterion).levels]
        ordered = sorted(criterion.descriptors, key=lambda pair: codes.index(pair[0]))
        return replace(criterion, descriptors=tuple(ordered))

    return tuple(
        replace(requirement, criteria=tuple(in_level_order(criterion) for criterion in requirement.criteria))
        for requirement in version.requirements
    )


def _not_scorable(source: JsonObject) -> NotScorableCode:
    return NotScorableCode(
        code=source.identifier("code"),
        label=source.text("label"),
        effect=_choice(source, "effect", NotScorableEffect),
        learner_visible=source.flag("learner_visible", default=True),
        requires_note=source.flag("requires_note", default=True),
    )


_RULE_MEMBERS = {
    "every": frozenset({"scope", "level"}),
    "count": frozenset({"scope", "level", "min"}),
    "points": frozenset({"scope", "min"}),
}


def _rule(source: JsonObject, *, depth: int) -> AwardRule:
    """One award rule. Unknown names are refused here: a rule that is half understood must not decide."""
    if depth > MAX_RULE_DEPTH:
        raise RubricInvalid(source.path, f"the rule is nested deeper than {MAX_RULE_DEPTH}.")
    if len(source.untrusted) != 1:
        raise RubricInvalid(source.path, "exactly one of every, count, points, all or any is expected.")
    (name,) = source.untrusted
    if name in ("all", "any"):
        rules = tuple(_rule(item, depth=depth + 1) for item in source.items(name))
        return AllOf(rules) if name == "all" else AnyOf(rules)
    if name not in _RULE_MEMBERS:
        raise RubricInvalid(source.path, "exactly one of every, count, points, all or any is expected.")
    inner = source.member(name)
    unknown = sorted(set(inner.untrusted) - _RULE_MEMBERS[name])
    if unknown:
        raise RubricInvalid(inner.place(unknown[0]), "this part of the rule is not known to this version.")
    scope = tuple(CriterionId(criterion) for criterion in inner.texts("scope"))
    if name == "every":
        return Every(scope, inner.optional_identifier("level"))
    if name == "count":
        return Count(inner.integer("min", least=1), scope, inner.optional_identifier("level"))
    return Points(inner.number("min"), scope)


def _number_json(value: float) -> float | int:
    """Whole numbers without a fraction, so that 1 and 1.0 have the same hash."""
    return int(value) if value == int(value) else value


def _level_json(level: Level) -> dict[str, object]:
    data: dict[str, object] = {"code": level.code, "label": level.label, "meets": level.meets}
    if level.points is not None:
        data["points"] = _number_json(level.points)
    return data


def _requirement_json(requirement: Requirement) -> dict[str, object]:
    return {
        "id": requirement.id,
        "position": requirement.position,
        "title": requirement.title,
        "kind": requirement.kind.value,
        "evidence_required": requirement.evidence_required,
        "prompts": [_prompt_json(prompt) for prompt in requirement.prompts],
        "completion": [{"id": indicator.id, "text": indicator.text} for indicator in requirement.completion],
        "criteria": [_criterion_json(criterion) for criterion in requirement.criteria],
    }


def _prompt_json(prompt: Prompt) -> dict[str, object]:
    data: dict[str, object] = {"id": prompt.id, "text": prompt.text}
    if prompt.word_limit is not None:
        data["word_limit"] = prompt.word_limit
    return data


def _criterion_json(criterion: Criterion) -> dict[str, object]:
    data: dict[str, object] = {
        "id": criterion.id,
        "text": criterion.text,
        "scale": criterion.scale,
        "weight": _number_json(criterion.weight),
        "descriptors": dict(criterion.descriptors),
    }
    if criterion.align:
        data["align"] = list(criterion.align)
    return data


def _rule_json(rule: AwardRule) -> dict[str, object]:
    if isinstance(rule, Every):
        return {"every": _reach_json(rule.scope, rule.level)}
    if isinstance(rule, Count):
        return {"count": {**_reach_json(rule.scope, rule.level), "min": rule.minimum}}
    if isinstance(rule, Points):
        return {"points": {"scope": list(rule.scope), "min": _number_json(rule.minimum)}}
    return {"all" if isinstance(rule, AllOf) else "any": [_rule_json(inner) for inner in rule.rules]}


def _reach_json(scope: Sequence[CriterionId], level: str | None) -> dict[str, object]:
    data: dict[str, object] = {"scope": list(scope)}
    if level is not None:
        data["level"] = level
    return data
