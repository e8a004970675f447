"""A rubric version answers for its criteria, scales and prompts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assessor_app.domain.ids import CriterionId, PromptId
from tests.builders import CRITERIA, rubric_version

NOWHERE = CriterionId("nowhere")


def test_criteria_come_in_the_order_of_the_requirements() -> None:
    version = rubric_version()
    assert tuple(criterion.id for criterion in version.criteria) == CRITERIA
    turned = replace(version, requirements=tuple(reversed(version.requirements)))
    assert [criterion.id for criterion in turned.criteria] == [
        CRITERIA[2],
        CRITERIA[3],
        CRITERIA[1],
        CRITERIA[0],
    ]


def test_a_criterion_is_found_with_its_requirement_and_its_scale() -> None:
    version = rubric_version()
    assert version.criterion(CRITERIA[3]).text.startswith("The reflection")
    assert version.requirement_of(CRITERIA[3]).title == "Implement"
    assert version.scale_of(version.criterion(CRITERIA[3])) == version.scales[0]
    later = replace(version, scales=(replace(version.scales[0], name="other"), *version.scales))
    assert later.scale_of(version.criteria[0]).name == "competency"


def test_what_is_not_there_is_a_key_error() -> None:
    version = rubric_version()
    with pytest.raises(KeyError, match="nowhere"):
        version.criterion(NOWHERE)
    with pytest.raises(KeyError, match="nowhere"):
        version.requirement_of(NOWHERE)
    with pytest.raises(KeyError, match="lost"):
        version.scale_of(replace(version.criteria[0], scale="lost"))


def test_levels_and_descriptors_are_found_by_code() -> None:
    version = rubric_version()
    level = version.level_of(CRITERIA[0], "progressing")
    assert level is not None
    assert level.label == "Progressing"
    assert version.level_of(CRITERIA[0], "best") is None
    assert version.criteria[0].descriptor("not_met") == "The evidence does not show it."
    assert version.criteria[0].descriptor("best") == ""


def test_prompts_are_found_in_any_requirement() -> None:
    version = rubric_version()
    prompt = version.prompt(PromptId("p-reflection"))
    assert prompt is not None
    assert prompt.word_limit == 250
    assert version.prompt(PromptId("p-other")) is None
