"""Every form: what it writes is the same each time, and nothing of a rubric is dropped in silence."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from assessor_app.rubric.exchange.canvas_csv import canvas_csv
from assessor_app.rubric.exchange.case_export import case_package
from assessor_app.rubric.exchange.open_badges import open_badges
from assessor_app.rubric.exchange.report import CARRIED, Fate, How, NotCarried, grouped, not_carried
from assessor_app.rubric.json_text import pointer_of
from assessor_app.rubric.native import RubricInvalid, rubric_from_json, rubric_to_json
from assessor_app.rubric.schema import (
    CompletionIndicator,
    NotScorableCode,
    NotScorableEffect,
    RubricStatus,
    RubricVersion,
    Scale,
    VersionChange,
)
from tests.builders import CRITERIA, rubric_version
from tests.rubric_strategies import rubric_versions

Export = Callable[[RubricVersion], tuple[object, tuple[NotCarried, ...]]]
EXPORTS: list[Export] = [canvas_csv, case_package, open_badges]


def full_draft() -> dict[str, Any]:
    """A rubric that says something in every place, and has a level and a scale that nobody uses."""
    version = rubric_version(supersedes=1, number=2, effective_from="2026-08-01")
    analyze, design, implement = version.requirements
    first = replace(
        version.criterion(CRITERIA[0]), weight=2.0, align=("https://example.org/a", "Standard 4.b")
    )
    second = replace(
        version.criterion(CRITERIA[1]), descriptors=version.criterion(CRITERIA[1]).descriptors[1:]
    )
    design = replace(
        design,
        criteria=(second,),
        completion=(CompletionIndicator("k", "A plan is there."),),
    )
    version = replace(
        version,
        status=RubricStatus.DRAFT,
        hash="0" * 64,
        change=VersionChange.EDITORIAL,
        requirements=(replace(analyze, criteria=(first,)), design, implement),
        scales=(*version.scales, Scale("unused", version.scales[0].levels)),
        not_scorable=(*version.not_scorable, NotScorableCode("NS-OUT", "Out", NotScorableEffect.EXCLUDE)),
    )
    data: dict[str, Any] = json.loads(json.dumps(rubric_to_json(version)))
    return data


def leaves(value: Any, pointer: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, (*pointer, name))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*pointer, index))
    else:
        yield pointer, value


OTHERS = {
    "draft": ["retired", "published"],
    "editorial": ["substantive"],
    "response": ["artifact"],
    "artifact": ["response"],
    "reflection": ["response"],
    "fail": ["exclude"],
    "block": ["fail"],
    "exclude": ["fail"],
    "2026-08-01": ["2027-08-01"],
    "competency": ["unused"],
}


def changes_of(value: Any) -> list[Any]:
    """Other values that might be valid in its place."""
    if isinstance(value, bool):
        return [not value]
    if isinstance(value, int | float):
        return [value + 0.5, value + 1, value - 1]
    if isinstance(value, str):
        return [*OTHERS.get(value, []), f"{value} x"]
    return []


def with_value(data: dict[str, Any], pointer: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    changed = copy.deepcopy(data)
    inner: Any = changed
    for step in pointer[:-1]:
        inner = inner[step]
    inner[pointer[-1]] = value
    return changed


def valid(data: dict[str, Any]) -> RubricVersion | None:
    """The version of a JSON; a published one is given its hash, one that cannot be judged by is None."""
    try:
        status = data["status"]
        version = rubric_from_json({**data, "status": "draft"})
        return replace(version, status=RubricStatus(status))
    except (RubricInvalid, ValueError):
        return None


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.__name__)
def test_a_place_is_written_or_listed(export: Export) -> None:
    data = full_draft()
    version = valid(data)
    assert version is not None
    content, remarks = export(version)
    listed = {remark.place for remark in remarks}
    silent, tried = [], 0
    for pointer, value in leaves(data):
        place = "".join(f"/{step}" for step in pointer)
        for other in changes_of(value):
            changed = valid(with_value(data, pointer, other))
            if changed is None or changed == version:
                continue
            tried += 1
            is_listed = any(place == known or place.startswith(f"{known}/") for known in listed if known)
            if export(changed)[0] == content and not is_listed:
                silent.append(place)
    assert not silent
    assert tried > 90


@pytest.mark.parametrize("export", EXPORTS, ids=lambda export: export.__name__)
def test_what_is_listed_points_into_the_rubric_and_says_why(export: Export) -> None:
    data = full_draft()
    version = rubric_from_json(data)
    for remark in export(version)[1]:
        inner: Any = data
        for step in remark.place.split("/")[1:]:
            inner = inner[int(step)] if isinstance(inner, list) else inner[step]
        assert inner not in (None, "", [], {})
        assert remark.what
        assert remark.why.endswith(".")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(rubric_versions())
def test_the_same_rubric_gives_the_same_file(version: RubricVersion) -> None:
    again = rubric_from_json(json.loads(json.dumps(rubric_to_json(version))))
    for export in EXPORTS:
        assert export(version) == export(again)
    assert json.dumps(case_package(version, "https://a.example")[0]) != json.dumps(case_package(version)[0])


def test_a_place_that_a_table_forgot_is_an_error_of_the_program() -> None:
    with pytest.raises(KeyError, match="/title"):
        list(
            not_carried(
                rubric_version(), {"/id": CARRIED, "/version": CARRIED, "/status": CARRIED, "/hash": CARRIED}
            )
        )


def test_what_says_the_same_of_several_places_is_told_once() -> None:
    remarks = [NotCarried("/a", "x", "So."), NotCarried("/b", "y", "So."), NotCarried("/c", "x", "So.")]
    assert grouped(remarks) == ((remarks[0], 2), (remarks[1], 1))
    changed = replace(remarks[2], how=How.CHANGED)
    assert grouped([remarks[0], changed]) == ((remarks[0], 1), (changed, 1))
    assert Fate("x").how is How.LEFT_OUT


def test_names_with_dots_and_slashes_have_a_place() -> None:
    version = rubric_version()
    data: Any = rubric_to_json(replace(version, scales=(replace(version.scales[0], name="a/b.c[0]"),)))
    assert pointer_of("scales.a/b.c[0].levels[1].code", data) == "/scales/a~1b.c[0]/levels/1/code"
    assert pointer_of("scales.gone.levels", data) == "/scales/gone/levels"
    assert pointer_of("requirements[7].id", data) == "/requirements/7/id"
    assert pointer_of("", data) == ""
    assert pointer_of(".", data) == "/"
