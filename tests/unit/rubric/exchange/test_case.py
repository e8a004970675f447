"""CASE: what is written follows the schema and holds together; what is read becomes a draft, with remarks."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, given, settings

from assessor_app.rubric.exchange.case_export import case_package
from assessor_app.rubric.exchange.case_import import rubric_from_case
from assessor_app.rubric.exchange.report import How
from assessor_app.rubric.json_reader import RubricInvalid
from assessor_app.rubric.schema import Every, Level, RubricStatus, RubricVersion, Scale
from tests.builders import CRITERIA, rubric_version
from tests.rubric_strategies import rubric_versions

ROOT = Path(__file__).resolve().parents[4]
SCHEMAS = [parent / "shared" / "standards" / "case-v1p0-cfpackage-schema.json" for parent in ROOT.parents[:2]]
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@cache
def validator() -> Any:
    """The published schema, where it is there; else the test is skipped."""
    found = [path for path in SCHEMAS if path.is_file()]
    if not found:
        pytest.skip("the published schema is not there")
    loaded = json.loads(found[0].read_text("utf-8"))
    return jsonschema.Draft7Validator(loaded, format_checker=jsonschema.FormatChecker())


def package(version: RubricVersion, address: str = "") -> dict[str, Any]:
    """A package as another program reads it."""
    read: dict[str, Any] = json.loads(json.dumps(case_package(version, address)[0]))
    return read


@QUICK
@given(rubric_versions())
def test_a_package_follows_the_published_schema(version: RubricVersion) -> None:
    """Whether or not the validator looks at formats."""
    data = package(version)
    assert not list(validator().iter_errors(data))
    assert not list(jsonschema.Draft7Validator(validator().schema).iter_errors(data))


def test_the_schema_bites() -> None:
    data = package(rubric_version())
    assert not list(validator().iter_errors(data))
    data["CFRubrics"][0]["CFRubricCriteria"][0]["CFRubricCriterionLevels"][0]["score"] = "0"
    assert list(validator().iter_errors(data))


def parts(data: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Everything in a package that has an identifier of its own."""
    yield data["CFDocument"]
    yield from data["CFItems"]
    yield from data["CFAssociations"]
    yield from data["CFDefinitions"]["CFItemTypes"]
    for rubric in data["CFRubrics"]:
        yield rubric
        for criterion in rubric["CFRubricCriteria"]:
            yield criterion
            yield from criterion["CFRubricCriterionLevels"]


@QUICK
@given(rubric_versions())
def test_a_package_holds_together(version: RubricVersion) -> None:
    data = package(replace(version, locale="de-AT"))
    every = list(parts(data))
    ids = [part["identifier"] for part in every]
    assert all(UUID.fullmatch(identifier) for identifier in ids)
    assert len(set(ids)) == len(ids)
    assert all(part["uri"] == f"urn:uuid:{part['identifier']}" for part in every)
    assert all(part["lastChangeDateTime"].endswith("T00:00:00Z") for part in every)
    assert {item["language"] for item in data["CFItems"]} == {"de-AT"}
    items = {item["identifier"] for item in data["CFItems"]}
    for association in data["CFAssociations"]:
        assert association["originNodeURI"]["identifier"] in items
        if association["associationType"] == "isChildOf":
            assert association["destinationNodeURI"]["identifier"] in {
                *items,
                data["CFDocument"]["identifier"],
            }
    (rubric,) = data["CFRubrics"]
    for position, criterion in enumerate(rubric["CFRubricCriteria"], 1):
        assert criterion["position"] == position
        assert criterion["rubricId"] == rubric["identifier"]
        assert criterion["CFItemURI"]["identifier"] in items
        levels = criterion["CFRubricCriterionLevels"]
        assert [level["position"] for level in levels] == list(range(1, len(levels) + 1))
        assert {level["rubricCriterionId"] for level in levels} == {criterion["identifier"]}


@QUICK
@given(rubric_versions())
def test_the_way_there_and_back_keeps_criteria_levels_and_requirements(version: RubricVersion) -> None:
    read, _ = rubric_from_case(package(version))
    assert [(r.id, r.position, r.title) for r in read.requirements] == [
        (r.id, r.position, r.title) for r in version.requirements
    ]
    assert (read.title, read.version, read.locale) == (version.title, version.version, version.locale)
    assert read.skill_statement == version.skill_statement
    assert (read.status, read.award_rule) == (RubricStatus.DRAFT, Every())
    for before, after in zip(version.criteria, read.criteria, strict=True):
        assert (after.id, after.text, after.weight) == (before.id, before.text, before.weight)
        levels = version.scale_of(before).levels
        now = read.scale_of(after).levels
        assert [(level.label, level.points) for level in now] == [(one.label, one.points) for one in levels]
        assert [after.descriptor(level.code) for level in now] == [
            before.descriptor(one.code) for one in levels
        ]


def test_the_day_from_which_others_say_it_counts_is_read() -> None:
    data = package(rubric_version())
    data["CFDocument"]["statusStartDate"] = "2026-08-01T12:00:00Z"
    assert rubric_from_case(data)[0].effective_from == "2026-08-01"


def test_requirements_keep_their_evidence_and_those_without_criteria_stay() -> None:
    version = rubric_version()
    bare = replace(version.requirements[0], criteria=(), position=4)
    version = replace(version, requirements=(*version.requirements[1:], replace(bare, position=9)))
    read, _ = rubric_from_case(package(version))
    assert [(r.title, r.evidence_required, len(r.criteria)) for r in read.requirements] == [
        (r.title, r.evidence_required, len(r.criteria)) for r in version.requirements
    ]


def test_alignments_come_back() -> None:
    version = rubric_version()
    first, *rest = version.requirements
    aligned = replace(first.criteria[0], align=("https://example.org/standards/4b", "urn:isbn:123"))
    version = replace(version, requirements=(replace(first, criteria=(aligned,)), *rest))
    read, _ = rubric_from_case(package(version))
    assert read.criterion(CRITERIA[0]).align == aligned.align


def small(levels: list[dict[str, Any]], **criterion: Any) -> dict[str, Any]:
    """A package of somebody else: one rubric, no items."""
    return {
        "CFDocument": {"identifier": "d", "uri": "urn:d", "creator": "Issuer", "title": "Talk"},
        "CFRubrics": [
            {
                "identifier": "rb",
                "CFRubricCriteria": [
                    {
                        "identifier": "c",
                        "description": "Talks.",
                        "CFRubricCriterionLevels": copy.deepcopy(levels),
                        **criterion,
                    }
                ],
            }
        ],
    }


LOW, HIGH = {"quality": "No", "score": 0}, {"quality": "Yes", "score": 3.5}


@pytest.mark.parametrize(
    ("levels", "labels", "points", "remark"),
    [
        ([LOW, HIGH], ["No", "Yes"], [0.0, 3.5], None),
        ([HIGH, LOW], ["No", "Yes"], [0.0, 3.5], None),
        ([{**HIGH, "position": 2}, {**LOW, "position": 1}], ["No", "Yes"], [0.0, 3.5], None),
        ([{**HIGH, "position": 1}, {**LOW, "position": 2}], ["No", "Yes"], [0.0, 3.5], None),
        ([{"quality": "A"}, {"quality": "B"}], ["A", "B"], [None, None], How.ASSUMED),
        (
            [{"quality": "A", "position": 9}, {"quality": "B", "position": 3}],
            ["B", "A"],
            [None, None],
            How.ASSUMED,
        ),
        ([LOW, HIGH, {"quality": "Half", "score": 1}], ["No", "Half", "Yes"], [0, 1, 3.5], How.CHANGED),
        ([{"quality": "A", "score": 1}, {"quality": "B"}], ["A", "B"], [None, None], How.ASSUMED),
        ([{"score": 0}, {"score": 1}], ["0", "1"], [0.0, 1.0], None),
    ],
)
def test_levels_of_others_go_from_low_to_high(
    levels: list[dict[str, Any]], labels: list[str], points: list[float | None], remark: How | None
) -> None:
    read, remarks = rubric_from_case(small(levels))
    scale = read.scale_of(read.criteria[0])
    assert [level.label for level in scale.levels] == labels
    assert [level.points for level in scale.levels] == points
    found = [one.how for one in remarks if one.what == "the order of levels"]
    assert found == ([] if remark is None else [remark])
    assert any(one.what == "scores" for one in remarks) is (
        len(levels) == 2 and levels[0] == {"quality": "A", "score": 1}
    )


def test_what_others_wrote_and_this_model_has_no_place_for_is_listed() -> None:
    data = small(
        [{**LOW, "feedback": "Try."}, HIGH], CFItemURI={"title": "T", "identifier": "x", "uri": "urn:x"}
    )
    data["CFRubrics"][0]["description"] = "All of it."
    data["CFDocument"] |= {
        "adoptionStatus": "Adopted",
        "statusStartDate": "soon",
        "version": "1.2b",
        "licenseURI": {"title": "CC"},
    }
    data["CFItems"] = [
        {"identifier": "i", "fullStatement": "Another thing.", "educationLevel": ["07"]},
        {"identifier": "j", "fullStatement": "One more.", "educationLevel": ["08"]},
    ]
    data["CFAssociations"] = [
        {
            "associationType": "precedes",
            "originNodeURI": {"identifier": "i"},
            "destinationNodeURI": {"identifier": "j"},
        }
    ]
    read, remarks = rubric_from_case(data)
    assert (read.version, read.locale, read.title, read.effective_from) == (1, "und", "Talk", None)
    assert read.criteria[0].align == ("urn:x",)
    listed = {remark.what: remark.place for remark in remarks}
    assert listed["feedback of CFRubricCriterionLevels"].endswith("CFRubricCriterionLevels/0/feedback")
    assert listed["licenseURI of CFDocument"] == "/CFDocument/licenseURI"
    assert listed["educationLevel of CFItems, 2 times"] == "/CFItems/0/educationLevel"
    assert listed["associations of the kind precedes"] == "/CFAssociations/0"
    assert {
        "the rubric's description",
        "the award rule",
        "draft, published or retired",
        "from when it counts",
        "the number of the version",
        "the language",
        "which levels pass",
        "what kind of evidence is asked for",
        "creator of CFDocument",
    } <= set(listed)
    others = [remark.place for remark in remarks if remark.what == "items that no criterion points at"]
    assert others == ["/CFItems/0", "/CFItems/1"]


def test_every_member_of_a_strange_package_is_read_or_listed() -> None:
    """The same check the other way round: a member changed, and nothing said about it, is a loss."""
    data = package(rubric_version())
    data["CFRubrics"][0]["CFRubricCriteria"][0]["CFRubricCriterionLevels"][0]["feedback"] = "Try."
    data["CFItems"][0]["conceptKeywords"] = ["talk"]
    before, remarks = rubric_from_case(data)
    technical = next(remark for remark in remarks if remark.what.startswith("ids, addresses and dates"))
    assert technical.place == "/CFDocument/identifier"
    for place in (
        "/CFRubrics/0/CFRubricCriteria/0/CFRubricCriterionLevels/0/feedback",
        "/CFItems/0/conceptKeywords",
    ):
        assert place in {remark.place for remark in remarks}
    assert before.title == rubric_version().title


def test_categories_make_requirements_where_there_are_no_items() -> None:
    data = small([LOW, HIGH], category="Plan", position=2)
    first = data["CFRubrics"][0]["CFRubricCriteria"][0]
    data["CFRubrics"][0]["CFRubricCriteria"] += [
        {**first, "identifier": "b", "category": "Teach", "position": 1},
        {**first, "identifier": "a", "category": "Plan", "position": 3},
    ]
    read, _ = rubric_from_case(data)
    shape = [(r.id, r.title, [c.id for c in r.criteria]) for r in read.requirements]
    assert shape == [("teach", "Teach", ["b"]), ("plan", "Plan", ["c", "a"])]
    assert len(read.scales) == 1


def test_one_of_several_rubrics_is_named() -> None:
    data = small([LOW, HIGH])
    data["CFRubrics"].append({**copy.deepcopy(data["CFRubrics"][0]), "identifier": "other", "title": "Other"})
    with pytest.raises(RubricInvalid, match="'rb', 'Other'"):
        rubric_from_case(data)
    with pytest.raises(RubricInvalid, match="name one"):
        rubric_from_case(data, rubric="Third")
    read, remarks = rubric_from_case(data, rubric="Other")
    assert (read.id, read.title) == ("other", "Other")
    assert {remark.place for remark in remarks if remark.what == "other rubrics"} == {"/CFRubrics/0"}
    assert "/CFDocument/title" in {remark.place for remark in remarks}


def test_a_named_level_and_those_above_it_pass() -> None:
    levels = [LOW, {"quality": "Almost", "score": 1}, HIGH]
    read, remarks = rubric_from_case(small(levels), passing=" almost ")
    assert read.scales[0].levels == (
        Level("no", "No", False, 0.0),
        Level("almost", "Almost", True, 1.0),
        Level("yes", "Yes", True, 3.5),
    )
    assert "which levels pass" not in {remark.what for remark in remarks}
    with pytest.raises(RubricInvalid, match="there are: No, Almost, Yes"):
        rubric_from_case(small(levels), passing="Pass")


def test_levels_that_share_a_name_have_codes_of_their_own() -> None:
    read, _ = rubric_from_case(small([{"quality": "★"}, {"quality": "★"}, {"quality": "Yes"}]))
    assert [level.code for level in read.scales[0].levels] == ["level", "level_2", "yes"]
    assert read.scales == (Scale("scale-01", read.scales[0].levels),)


def without(*path: str | int) -> Callable[[dict[str, Any]], None]:
    def change(data: dict[str, Any]) -> None:
        inner: Any = data
        for step in path[:-1]:
            inner = inner[step]
        del inner[path[-1]]

    return change


def put(value: Any, *path: str | int) -> Callable[[dict[str, Any]], None]:
    def change(data: dict[str, Any]) -> None:
        inner: Any = data
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = value

    return change


CRITERION = ("CFRubrics", 0, "CFRubricCriteria", 0)


@pytest.mark.parametrize(
    ("spoil", "place"),
    [
        (without("CFDocument"), "CFDocument"),
        (without("CFDocument", "title"), "CFDocument.title"),
        (without("CFRubrics"), "CFRubrics"),
        (put([], "CFRubrics", 0, "CFRubricCriteria"), "requirements"),
        (
            put([LOW], *CRITERION, "CFRubricCriterionLevels"),
            "CFRubrics[0].CFRubricCriteria[0].CFRubricCriterionLevels",
        ),
        (put(-1, *CRITERION, "weight"), "CFRubrics[0].CFRubricCriteria[0].weight"),
        (put("x", *CRITERION, "position"), "CFRubrics[0].CFRubricCriteria[0].position"),
        (
            put("x", *CRITERION, "CFRubricCriterionLevels", 1, "score"),
            "CFRubrics[0].CFRubricCriteria[0].CFRubricCriterionLevels[1].score",
        ),
        (
            put({}, *CRITERION, "CFRubricCriterionLevels", 1),
            "CFRubrics[0].CFRubricCriteria[0].CFRubricCriterionLevels[1].quality",
        ),
        (without(*CRITERION, "description"), "CFRubrics[0].CFRubricCriteria[0].description"),
        (put("no list", "CFItems"), "CFItems"),
        (put([{"identifier": "i"}], "CFItems"), "CFItems[0].fullStatement"),
        (
            put([{"identifier": "i", "fullStatement": "a"}] * 2, "CFItems"),
            "CFItems[1].identifier",
        ),
        (put([{}], "CFAssociations"), "CFAssociations[0].associationType"),
    ],
)
def test_the_place_of_whatever_is_wrong_is_named(spoil: Callable[[dict[str, Any]], None], place: str) -> None:
    data = small([LOW, HIGH])
    spoil(data)
    with pytest.raises(RubricInvalid) as caught:
        rubric_from_case(data)
    assert caught.value.path == place


def test_what_is_too_long_for_an_id_is_left_out_and_listed() -> None:
    data = small([LOW, HIGH], CFItemURI={"title": "T", "identifier": "i", "uri": "urn:x"})
    data["CFItems"] = [
        {
            "identifier": "i",
            "fullStatement": "Talks well.",
            "humanCodingScheme": "c" * 300,
            "CFItemType": "Standard",
        }
    ]
    link = {"title": "a", "identifier": "a", "uri": "https://example.org/" + "a" * 300}
    data["CFAssociations"] = [
        {"associationType": kind, "originNodeURI": {"identifier": "i"}, "destinationNodeURI": target}
        for kind, target in (
            ("exactMatchOf", link),
            ("exactMatchOf", {**link, "uri": "https://example.org/b"}),
        )
    ]
    read, remarks = rubric_from_case(data)
    assert read.criteria[0].id == "c"
    assert read.criteria[0].align == ("https://example.org/b",)
    assert {
        "a code of an item",
        "an alignment",
        "that a match is exact",
        "items of the type Standard",
        "an item's text",
    } <= {remark.what for remark in remarks}


def test_two_criteria_of_one_item_keep_apart() -> None:
    data = small([LOW, HIGH], CFItemURI={"title": "T", "identifier": "i", "uri": "urn:x"})
    data["CFItems"] = [{"identifier": "i", "fullStatement": "Talks.", "humanCodingScheme": "T1"}]
    data["CFRubrics"][0]["CFRubricCriteria"].append(
        {**data["CFRubrics"][0]["CFRubricCriteria"][0], "identifier": "d"}
    )
    read, _ = rubric_from_case(data)
    assert [criterion.id for criterion in read.criteria] == ["T1", "d"]
