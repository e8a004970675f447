"""The description of a rubric version knows every place that the native form has."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import ValidationError

from assessor_app.rubric.native import published, rubric_to_json
from assessor_app.rubric.schema import VersionChange
from reference_platform.routes.rubric_schema import RubricVersionOut
from tests.contract.small_content import rubric


def test_a_version_that_calls_itself_editorial_is_served() -> None:
    editorial = rubric_to_json(published(replace(rubric(), change=VersionChange.EDITORIAL)))
    assert RubricVersionOut.model_validate(editorial).change == "editorial"
    assert RubricVersionOut.model_validate(rubric_to_json(rubric())).change is None
    with pytest.raises(ValidationError):
        RubricVersionOut.model_validate({**editorial, "mood": "good"})
