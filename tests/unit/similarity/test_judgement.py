"""Information or a look, by the table of rule 21; never more than that."""

from __future__ import annotations

import pytest

from assessor_app.domain.matches import ComparedPart, MatchWeight
from reference_platform.similarity.judgement import Side, weight_of

SILENT = Side(declared=False, all_approved=False)
DECLARED = Side(declared=True, all_approved=False)
APPROVED = Side(declared=False, all_approved=True)
BOTH = Side(declared=True, all_approved=True)
INFO, LOOK = MatchWeight.INFORMATION, MatchWeight.LOOK
ARTIFACT, ANSWER, REFLECTION = ComparedPart.ARTIFACT, ComparedPart.ANSWER, ComparedPart.REFLECTION


@pytest.mark.parametrize(
    ("part", "one", "other", "weight"),
    [
        # The same artifact: fine where both stand to it, by their statement or by the approval.
        (ARTIFACT, DECLARED, DECLARED, INFO),
        (ARTIFACT, APPROVED, APPROVED, INFO),
        (ARTIFACT, DECLARED, APPROVED, INFO),
        (ARTIFACT, BOTH, BOTH, INFO),
        # Not declared: look and ask. One learner's word does not speak for the other.
        (ARTIFACT, SILENT, SILENT, LOOK),
        (ARTIFACT, DECLARED, SILENT, LOOK),
        (ARTIFACT, APPROVED, SILENT, LOOK),
        # Written answers are no artifact that can be approved as shared.
        (ANSWER, DECLARED, DECLARED, INFO),
        (ANSWER, APPROVED, APPROVED, LOOK),
        (ANSWER, DECLARED, APPROVED, LOOK),
        (ANSWER, SILENT, SILENT, LOOK),
        # Every reflection is individual, whatever was declared.
        (REFLECTION, SILENT, SILENT, LOOK),
        (REFLECTION, DECLARED, DECLARED, LOOK),
        (REFLECTION, BOTH, BOTH, LOOK),
    ],
)
def test_the_table_of_the_rule(part: ComparedPart, one: Side, other: Side, weight: MatchWeight) -> None:
    assert weight_of(part, one, other) is weight
    assert weight_of(part, other, one) is weight


def test_there_is_no_verdict_to_give() -> None:
    assert {weight.value for weight in MatchWeight} == {"information", "look"}
