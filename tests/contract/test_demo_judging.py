"""What the demo brings for judging: passages of practice, an earlier attempt's levels, a single artifact."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from assessor_app.domain.calibration import AnchorRole, PracticeAnchor
from assessor_app.domain.ids import CriterionId
from assessor_app.domain.kinds import SubmissionType
from assessor_app.sync.protocol import ChangeType, PracticeAnchorWire, as_json
from reference_platform.demo.content import TOUR_SUBMISSION_CODE, demo_content
from reference_platform.judging import scope_of_wire
from reference_platform.seeding import DemoContent


@pytest.fixture(scope="module")
def content() -> DemoContent:
    return demo_content(None, now=datetime(2026, 3, 4, 15, 30, tzinfo=UTC))


def test_practice_passages_stand_beside_levels_that_the_rubric_has(content: DemoContent) -> None:
    versions = {(str(version.id), version.version): version for version in content.rubrics}
    seen: Counter[str] = Counter()
    for anchor in content.anchors:
        version = versions[anchor.rubric_id, anchor.rubric_version]
        level = version.level_of(CriterionId(anchor.criterion_id), anchor.level)
        assert level is not None
        assert anchor.excerpt
        assert anchor.rationale
        seen[anchor.criterion_id] += 1
    assert len(seen) >= 2
    assert set(seen.values()) == {2}


def test_only_passages_of_practice_can_be_handed_out(content: DemoContent) -> None:
    """Neither what is loaded nor what is sent has a place for another role of an anchor (rule 29)."""
    for shape in (PracticeAnchorWire, PracticeAnchor):
        names = set(getattr(shape, "model_fields", None) or shape.__dataclass_fields__)
        assert not names & {"role", "kind", "seed", "submission_id", "reference"}
    assert [field for field in DemoContent.__dataclass_fields__ if "anchor" in field or "seed" in field] == [
        "anchors"
    ]
    handed_out = {kind.value for kind in ChangeType if "anchor" in kind.value or "seed" in kind.value}
    assert handed_out == {"practice_anchor"}
    for role in AnchorRole:
        data = {**as_json(content.anchors[0]), "role": role.value}
        with pytest.raises(ValidationError):
            PracticeAnchorWire.model_validate(data, strict=True)


def test_a_resubmission_brings_the_levels_of_the_attempt_before(content: DemoContent) -> None:
    """The platform adds them from what was recommended then."""
    by_code = {seed.wire.code: seed for seed in content.submissions}
    (prior,) = by_code[TOUR_SUBMISSION_CODE].wire.prior
    (sent,) = by_code[prior.code].recommendations
    levels = {score.criterion_id: score.level for score in sent.wire.scores}
    assert {levels[criterion] for criterion in prior.criteria_not_met} <= {"not_met", "progressing"}


def test_a_single_artifact_is_judged_on_a_part_of_its_rubric(content: DemoContent) -> None:
    (single,) = [s for s in content.submissions if s.wire.submission_type is SubmissionType.SINGLE_ARTIFACT]
    version = {str(v.id): v for v in content.rubrics}[single.wire.rubric.id]
    in_scope = scope_of_wire(single.wire, version)
    assert in_scope is not None
    assert 0 < len(in_scope) < len(version.criteria)
