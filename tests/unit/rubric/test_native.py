"""The native JSON form: one form, one hash, and the place of whatever is wrong."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessor_app.domain.canonical import canonical_json
from assessor_app.errors import KnownError
from assessor_app.rubric.json_reader import MAX_ITEMS, MAX_TEXT_CHARS
from assessor_app.rubric.native import (
    RubricInvalid,
    published,
    rubric_from_json,
    rubric_hash,
    rubric_to_json,
)
from assessor_app.rubric.schema import AllOf, AnyOf, Count, Every, Points, RubricStatus, RubricVersion
from tests.builders import CRITERIA, rubric_version
from tests.rubric_strategies import rubric_versions

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def draft() -> dict[str, Any]:
    """The JSON of a valid draft, to be spoilt."""
    data: Any = rubric_to_json(replace(rubric_version(), status=RubricStatus.DRAFT, hash=""))
    copied: dict[str, Any] = json.loads(json.dumps(data))
    return copied


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(rubric_versions())
def test_reading_gives_back_exactly_what_was_written(version: RubricVersion) -> None:
    wire = canonical_json(rubric_to_json(version))
    again = rubric_from_json(json.loads(wire))
    assert again == version
    assert canonical_json(rubric_to_json(again)) == wire


def test_the_hash_is_the_one_of_last_year() -> None:
    # Published versions are known by it: when this test fails, every pinned submission loses its rubric.
    assert rubric_hash(rubric_version()) == rubric_version().hash
    assert rubric_version().hash == "4ca146d8f31dfa9845b34a236cbbed6a80860adc4415e9691ddbf40c47e80fba"


def test_the_hash_knows_content_and_nothing_else() -> None:
    version = rubric_version()
    assert rubric_hash(replace(version, status=RubricStatus.RETIRED, hash="")) == version.hash
    assert rubric_hash(replace(version, title="Asking questions")) != version.hash
    assert rubric_hash(replace(version, version=2)) != version.hash
    assert rubric_hash(replace(version, title="Caf\u00e9")) != rubric_hash(
        replace(version, title="Cafe\u0301")
    )


def test_the_order_of_members_and_whole_fractions_do_not_matter() -> None:
    data = rubric_to_json(rubric_version())
    turned = json.loads(json.dumps(data).replace('"weight": 1', '"weight": 1.0'))
    turned = dict(reversed(turned.items()))
    criterion = turned["requirements"][0]["criteria"][0]
    criterion["descriptors"] = dict(reversed(criterion["descriptors"].items()))
    assert rubric_from_json(turned) == rubric_version()


def test_what_may_be_left_out_has_its_default() -> None:
    data = draft()
    del data["requirements"][0]["criteria"][0]["weight"], data["requirements"][0]["completion"]
    del data["hash"], data["supersedes"], data["effective_from"]
    del data["not_scorable"][0]["learner_visible"], data["not_scorable"][0]["requires_note"]
    assert rubric_hash(rubric_from_json(data)) == rubric_version().hash


def test_names_that_are_not_known_are_left_unread() -> None:
    data = draft()
    data["colour"] = "blue"
    data["requirements"][0]["criteria"][0]["sound"] = [1, 2]
    assert rubric_hash(rubric_from_json(data)) == rubric_version().hash


@pytest.mark.parametrize(
    "rule",
    [
        Every(),
        Every(CRITERIA[:2], "progressing"),
        Count(2, CRITERIA[1:], "demonstrated"),
        Count(4),
        Points(7.5),
        Points(0.5, CRITERIA[:1]),
        AllOf((AnyOf((Every(), Count(3))), Points(8.0))),
    ],
)
def test_every_kind_of_rule_is_written_and_read(rule: Any) -> None:
    version = rubric_version(award_rule=rule)
    assert rubric_from_json(json.loads(json.dumps(rubric_to_json(version)))).award_rule == rule


def test_a_changed_version_is_refused() -> None:
    data = draft()
    data.update(status="published", hash=rubric_version().hash)
    assert rubric_from_json(data) == rubric_version()
    data["requirements"][0]["criteria"][0]["descriptors"]["demonstrated"] += " Or nearly."
    with pytest.raises(RubricInvalid, match="hash"):
        rubric_from_json(data)


def test_a_draft_needs_no_hash_and_publishing_gives_it_one() -> None:
    made = published(rubric_from_json(draft()))
    assert (made.status, made.hash) == (RubricStatus.PUBLISHED, rubric_hash(made))
    with pytest.raises(RubricInvalid):
        published(replace(made, scales=()))


def put(path: str, value: object) -> Callable[[dict[str, Any]], None]:
    """A change of the JSON at a path such as `requirements.0.id`."""

    def change(data: dict[str, Any]) -> None:
        *way, last = path.split(".")
        inner: Any = data
        for step in way:
            inner = inner[int(step) if step.isdigit() else step]
        inner[int(last) if last.isdigit() else last] = value

    return change


CRITERION = "requirements.0.criteria.0"
LEVELS = "scales.competency.levels"
HIGH = {"code": "x", "label": "X", "meets": True}


@pytest.mark.parametrize(
    ("change", "path"),
    [
        (put("id", ""), "id"),
        (put("id", "x" * 201), "id"),
        (put("title", 5), "title"),
        (put("title", "  "), "title"),
        (put("title", "\ud800"), "title"),
        (put("title", "x" * (MAX_TEXT_CHARS + 1)), "title"),
        (put("version", 0), "version"),
        (put("version", True), "version"),
        (put("version", 10**30), "version"),
        (put("status", "final"), "status"),
        (put("supersedes", "1"), "supersedes"),
        (put("effective_from", "20240801"), "effective_from"),
        (put("effective_from", "soon"), "effective_from"),
        (put("scales", []), "scales"),
        (put("scales.competency", 1), "scales.competency"),
        (put("scales", {" ": {}}), "scales"),
        (put("scales", {1: {}}), "scales"),
        (put(LEVELS, [HIGH]), "scales.competency.levels"),
        (put(f"{LEVELS}.0.code", "demonstrated"), "scales.competency.levels[2].code"),
        (put(f"{LEVELS}.0.meets", 1), "scales.competency.levels[0].meets"),
        (put(f"{LEVELS}.0.meets", True), "scales.competency.levels"),
        (put(f"{LEVELS}.2.meets", False), "scales.competency.levels[2].meets"),
        (put(f"{LEVELS}.2.points", 0.5), "scales.competency.levels"),
        (put(f"{LEVELS}.2.points", None), "scales.competency.levels"),
        (put(f"{LEVELS}.2.points", -1), "scales.competency.levels[2].points"),
        (put(f"{LEVELS}.2.points", float("nan")), "scales.competency.levels[2].points"),
        (put(f"{LEVELS}.2.points", float("inf")), "scales.competency.levels[2].points"),
        (put(f"{LEVELS}.2.points", 1e9), "scales.competency.levels[2].points"),
        (put(f"{LEVELS}.2.points", 10**400), "scales.competency.levels[2].points"),
        (put("requirements", {}), "requirements"),
        (put("requirements", [{}] * (MAX_ITEMS + 1)), "requirements"),
        (put("requirements", []), "requirements"),
        (put("requirements.1", None), "requirements[1]"),
        (put("requirements.1.id", "analyze"), "requirements[1].id"),
        (put("requirements.1.position", 1), "requirements[1].position"),
        (put("requirements.1.kind", "exam"), "requirements[1].kind"),
        (put("requirements.2.prompts.0.id", "p-context"), "requirements[2].prompts[0].id"),
        (put("requirements.2.prompts.0.word_limit", 0), "requirements[2].prompts[0].word_limit"),
        (
            put("requirements.1.completion", [{"id": "k", "text": "x"}] * 2),
            "requirements[1].completion[1].id",
        ),
        (put(f"{CRITERION}.id", CRITERIA[1]), "requirements[1].criteria[0].id"),
        (put(f"{CRITERION}.scale", "other"), "requirements[0].criteria[0].scale"),
        (put(f"{CRITERION}.weight", "1"), "requirements[0].criteria[0].weight"),
        (put(f"{CRITERION}.weight", True), "requirements[0].criteria[0].weight"),
        (put(f"{CRITERION}.align", ["a", 1]), "requirements[0].criteria[0].align[1]"),
        (put(f"{CRITERION}.descriptors", {"best": "x"}), "requirements[0].criteria[0].descriptors.best"),
        (put(f"{CRITERION}.descriptors", {"not_met": 1}), "requirements[0].criteria[0].descriptors.not_met"),
        (put("not_scorable.0.effect", "deny"), "not_scorable[0].effect"),
        (put("not_scorable.1.code", "NS-UNREADABLE"), "not_scorable[1].code"),
        (put("award_rule", None), "award_rule"),
        (put("award_rule", {}), "award_rule"),
        (put("award_rule", {"every": {}, "all": []}), "award_rule"),
        (put("award_rule", {"most": {}}), "award_rule"),
        (put("award_rule", {"every": {"min": 1}}), "award_rule.every.min"),
        (put("award_rule", {"every": {"scope": ["x"]}}), "award_rule.every.scope[0]"),
        (put("award_rule", {"every": {"scope": [CRITERIA[0]] * 2}}), "award_rule.every.scope[1]"),
        (put("award_rule", {"every": {"level": "best"}}), "award_rule.every.level"),
        (put("award_rule", {"count": {"min": 0}}), "award_rule.count.min"),
        (put("award_rule", {"count": {"min": 5}}), "award_rule.count.min"),
        (put("award_rule", {"count": {"min": 2, "scope": [CRITERIA[0]]}}), "award_rule.count.min"),
        (put("award_rule", {"points": {"min": 0}}), "award_rule.points.min"),
        (put("award_rule", {"points": {"min": 8.5}}), "award_rule.points.min"),
        (put("award_rule", {"all": []}), "award_rule.all"),
        (put("award_rule", {"any": []}), "award_rule.any"),
        (put("award_rule", {"any": [{"every": {}}, {"count": {"min": 9}}]}), "award_rule.any[1].count.min"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(change: Callable[[dict[str, Any]], None], path: str) -> None:
    data = draft()
    change(data)
    with pytest.raises(RubricInvalid) as caught:
        rubric_from_json(data)
    assert caught.value.path == path
    assert caught.value.sentence.endswith(".")
    assert isinstance(caught.value, KnownError)
    assert "safe" in caught.value.message


def test_points_need_a_scale_with_points() -> None:
    data = draft()
    for level in data["scales"]["competency"]["levels"]:
        del level["points"]
    version = rubric_from_json(data)
    assert version.scales[0].levels[0].points is None
    assert rubric_from_json(rubric_to_json(version)) == version
    data["award_rule"] = {"points": {"min": 1}}
    with pytest.raises(RubricInvalid, match=r"award_rule\.points\.scope"):
        rubric_from_json(data)


def test_a_rule_cannot_be_nested_without_end() -> None:
    data = draft()
    for _ in range(5000):
        data["award_rule"] = {"all": [data["award_rule"]]}
    with pytest.raises(RubricInvalid, match="nested"):
        rubric_from_json(data)


@pytest.mark.parametrize("untrusted", [None, 5, "x", [], [{}]])
def test_what_is_no_rubric_at_all_is_refused(untrusted: object) -> None:
    with pytest.raises(RubricInvalid, match="whole rubric"):
        rubric_from_json(untrusted)


@settings(max_examples=150)
@given(st.data())
def test_no_damage_gets_past_as_another_error(data: st.DataObject) -> None:
    spoilt: Any = copy.deepcopy(draft())
    inner: Any = spoilt
    while True:
        key = data.draw(st.sampled_from(list(inner) if isinstance(inner, dict) else range(len(inner))))
        if not inner[key] or not isinstance(inner[key], (dict, list)) or data.draw(st.booleans()):
            break
        inner = inner[key]
    inner[key] = data.draw(JSON)
    try:
        version = rubric_from_json(spoilt)
    except RubricInvalid:
        return
    assert rubric_from_json(rubric_to_json(version)) == version
