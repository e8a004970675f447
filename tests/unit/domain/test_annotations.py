"""How large marks are on sheets of different sizes."""

from __future__ import annotations

import pytest

from assessor_app.domain.annotations import Anchor, SourceKind, mark_scale


def test_on_paper_marks_are_as_they_are_and_on_a_photograph_larger() -> None:
    assert mark_scale(595.0, 842.0) == 1.0
    assert mark_scale(200.0, 100.0) == 1.0
    assert mark_scale(4000.0, 3000.0) == pytest.approx(4.89, abs=0.01)
    assert mark_scale(0.0, 0.0) == 1.0


def test_a_mark_knows_the_scale_of_its_sheet() -> None:
    anchor = Anchor(SourceKind.ARTIFACT, "artifact-1", "0" * 64, 0, 4000.0, 3000.0)
    assert anchor.mark_scale == mark_scale(4000.0, 3000.0)
