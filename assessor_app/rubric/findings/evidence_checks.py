"""Hints about the evidence: what supports a rating, and what was never opened. They never block (rule 28)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from assessor_app.domain.ids import CriterionId
from assessor_app.rubric.award_rule import CriterionState, quoted
from assessor_app.rubric.findings.finding import CheckCode, CheckResult, Field, Place, Severity, finding


def link_checks(state: CriterionState, links: Mapping[CriterionId, int]) -> Iterator[CheckResult]:
    """A rated criterion without an evidence link."""
    if state.level is not None and not links.get(state.criterion.id, 0):
        text = f"No evidence link supports the rating of {quoted(state.criterion)}."
        yield finding(CheckCode.NO_EVIDENCE_LINK, Severity.HINT, text, state, Field.EVIDENCE_LINKS)


def unopened_checks(unopened: Mapping[str, str]) -> Iterator[CheckResult]:
    """Pieces of evidence that were never opened on this computer.

    Args:
        unopened: how each of them is called on screen, by its id.
    """
    for source_id, name in unopened.items():
        place = Place(None, Field.EVIDENCE, source_id)
        text = f"{name} was never opened on this computer."
        yield CheckResult(CheckCode.NEVER_OPENED, Severity.HINT, text, place, name)
