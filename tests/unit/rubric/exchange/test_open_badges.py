"""Open Badges 3.0: one result description for each criterion, and a required level only for "every"."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from assessor_app.rubric.exchange.open_badges import open_badges
from assessor_app.rubric.schema import AllOf, AnyOf, AwardRule, Count, Every, Points, RubricVersion
from tests.builders import CRITERIA, rubric_version
from tests.rubric_strategies import rubric_versions

A, B, C, D = CRITERIA


def results(version: RubricVersion) -> list[dict[str, Any]]:
    found: Any = open_badges(version)[0]["resultDescription"]
    return list(found)


def required(version: RubricVersion) -> dict[str, str | None]:
    """By the criterion's text, the name of the level that a badge requires."""
    names = {}
    for result in results(version):
        levels = {level["id"]: level["name"] for level in result["rubricCriterionLevel"]}
        names[result["name"]] = levels[result["requiredLevel"]] if "requiredLevel" in result else None
    return names


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rubric_versions())
def test_every_criterion_has_its_levels_low_to_high(version: RubricVersion) -> None:
    data = open_badges(version)[0]
    assert (data["type"], data["name"]) == (["Achievement"], version.title)
    assert data["description"]
    seen: set[str] = set()
    for criterion, result in zip(version.criteria, results(version), strict=True):
        assert (result["type"], result["resultType"]) == (["ResultDescription"], "RubricCriterionLevel")
        assert result["name"] == criterion.text
        levels = version.scale_of(criterion).levels
        written = result["rubricCriterionLevel"]
        assert [(one["name"], one["level"]) for one in written] == [(x.label, x.code) for x in levels]
        assert [one.get("points") for one in written] == [f"{level.points:g}" for level in levels]
        assert [one.get("description", "") for one in written] == [
            criterion.descriptor(x.code) for x in levels
        ]
        ids = [result["id"], *(one["id"] for one in written)]
        assert all(i.startswith("urn:uuid:") for i in ids)
        assert not seen & set(ids)
        seen |= set(ids)
        assert result.get("requiredLevel") in {None, *(one["id"] for one in written)}
        assert ("requiredLevel" in result) <= isinstance(version.award_rule, Every)


def test_every_requires_the_lowest_level_that_passes_or_the_one_it_names() -> None:
    version = rubric_version()
    assert set(required(version).values()) == {"Demonstrated"}
    assert set(required(replace(version, award_rule=Every((), "progressing"))).values()) == {"Progressing"}
    part = required(replace(version, award_rule=Every((A, B))))
    assert list(part.values()) == ["Demonstrated", "Demonstrated", None, None]


@pytest.mark.parametrize(
    "rule", [Count(4), Points(8.0), AllOf((Every(),)), AnyOf((Every(),)), AllOf((Every((A,)), Count(2)))]
)
def test_no_other_rule_requires_a_level(rule: AwardRule) -> None:
    version = replace(rubric_version(), award_rule=rule)
    assert set(required(version).values()) == {None}
    data, remarks = open_badges(version)
    narrative: Any = data["criteria"]
    assert narrative["narrative"].startswith("**Award.** ")
    (remark,) = [one for one in remarks if one.place == "/award_rule"]
    assert "Only a rule that asks for every criterion" in remark.why


def test_alignments_are_addresses() -> None:
    version = rubric_version(skill_statement="")
    first, *rest = version.requirements
    aligned = replace(first.criteria[0], align=("https://example.org/4b", "Standard 4.b"))
    data, remarks = open_badges(
        replace(version, requirements=(replace(first, criteria=(aligned,), evidence_required=""), *rest))
    )
    found: Any = data["resultDescription"]
    assert found[0]["alignment"] == [
        {"type": ["Alignment"], "targetName": "https://example.org/4b", "targetUrl": "https://example.org/4b"}
    ]
    assert "alignment" not in found[1]
    assert data["description"] == version.title
    assert [r.place for r in remarks if r.what == "standards without an address"] == [
        "/requirements/0/criteria/0/align/1"
    ]
