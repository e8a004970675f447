"""The platform keeps to its own description, whatever is asked of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from attacks import schema
from reference_platform import problems

TWO_METHODS = "/v1/submissions/{submission_id}/draft"
"""A path that knows more than one method."""


def test_requests_by_chance_find_nothing(tmp_path: Path) -> None:
    figure = schema.run(schema.SMALL, 1, tmp_path)
    assert figure.broken == ()


def test_a_platform_that_names_one_method_alone_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(problems, "_methods_of", lambda _: {"GET"})
    assert any("Allow header" in line for line in schema.run(1, 1, tmp_path, path=TWO_METHODS).broken)
