"""Checks before sending, as data: what keeps an assessment from being sent, what warns, what is a hint.

There is no check for a contradiction between ratings and outcome: the outcome follows from the ratings.
Each finding has a stable code, an explanation, a place to jump to, and says who may send it all the same.
Pure: what is looked for in texts, and what was opened, comes in as arguments.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from assessor_app.domain.annotations import Annotation
from assessor_app.domain.assessments import Assessment
from assessor_app.domain.ids import CriterionId
from assessor_app.domain.submissions import Accommodation
from assessor_app.domain.wording import Wording
from assessor_app.rubric.award_rule import CriterionState, Scope, Verdict, criterion_states, taken_out
from assessor_app.rubric.findings.contradiction_checks import contradiction_checks, outcome_checks
from assessor_app.rubric.findings.evidence_checks import link_checks, unopened_checks
from assessor_app.rubric.findings.feedback_checks import (
    THIN_FEEDBACK_WORDS,
    FeedbackRequired,
    denial_checks,
    required_checks,
    thin_checks,
)
from assessor_app.rubric.findings.finding import (
    EXPLANATIONS,
    CheckCode,
    CheckResult,
    Field,
    Override,
    Place,
    Severity,
    blocking,
    in_the_way,
    reasons_list,
)
from assessor_app.rubric.findings.rating_checks import LastRound, change_checks, rating_checks
from assessor_app.rubric.findings.wording_checks import FindWordings, wording_checks
from assessor_app.rubric.findings.written import Reader, Written, reason_texts, written_texts
from assessor_app.rubric.schema import RubricVersion

__all__ = [
    "EXPLANATIONS",
    "THIN_FEEDBACK_WORDS",
    "CheckCode",
    "CheckResult",
    "FeedbackRequired",
    "Field",
    "FindWordings",
    "LastRound",
    "Override",
    "Place",
    "Reader",
    "Severity",
    "Written",
    "blocking",
    "in_the_way",
    "reasons_list",
    "run_checks",
    "written_texts",
]


def _nothing_found(_text: str) -> Sequence[Wording]:
    return ()


def run_checks(
    version: RubricVersion,
    assessment: Assessment,
    verdict: Verdict,
    *,
    accommodations: Sequence[Accommodation] = (),
    in_scope: Scope = None,
    evidence_links: Mapping[CriterionId, int] | None = None,
    feedback_required: FeedbackRequired = FeedbackRequired.EVERY_CRITERION,
    thin_words: int = THIN_FEEDBACK_WORDS,
    marks: Sequence[Annotation] = (),
    pieces: Mapping[str, str] | None = None,
    unopened: Collection[str] = (),
    last_round: LastRound | None = None,
    find_wordings: FindWordings = _nothing_found,
    reasons: Mapping[str, str] | None = None,
) -> tuple[CheckResult, ...]:
    """All findings on an assessment.

    Args:
        version: the rubric version that the submission is pinned to.
        assessment: the work as it stands.
        verdict: what `evaluate` said to these ratings.
        accommodations: approved ones; what they take out is not checked.
        in_scope: the criteria that the submission is judged on; the others are not checked.
        evidence_links: number of evidence links of each criterion, absent means 0; None: not checked.
        feedback_required: where the issuer asks for feedback.
        thin_words: feedback with fewer words than this is a warning; 0 switches it off.
        marks: annotations on the evidence; their comments are texts that leave.
        pieces: how each piece of evidence is called on screen, by its id.
        unopened: ids of those that were never opened here.
        last_round: what was sent in the round before; None in the first.
        find_wordings: looks through one text for words that matter (`privacy.wording_scan`).
        reasons: why the person sends something all the same, by `CheckResult.key`.

    Returns:
        Blocks first, then warnings, then hints; in each, the order of the rubric, then what belongs to the
        whole, marks and evidence.
    """
    look = lru_cache(maxsize=None)(lambda text: tuple(find_wordings(text)))
    approved = taken_out(version, accommodations, in_scope)
    states = criterion_states(version, assessment.ratings, accommodations, in_scope)
    found: list[CheckResult] = []
    for state in (state for criterion_id, state in states.items() if criterion_id not in approved):
        found += _of_criterion(version, assessment, verdict, state, thin_words, look)
        if evidence_links is not None:
            found += link_checks(state, evidence_links)
    found += required_checks(version, states, assessment, feedback_required)
    found += outcome_checks(assessment, tuple(states.values()), verdict, look)
    if last_round is not None:
        found += change_checks(version, assessment, last_round)
    called = pieces or {}
    found += unopened_checks({source_id: called.get(source_id, source_id) for source_id in unopened})
    texts = written_texts(version, assessment, marks, called)
    found = _with_wordings(found, texts, look, reasons or {}, has_accommodation=bool(accommodations))
    order: dict[CriterionId | None, int] = {place: index for index, place in enumerate([*states, None])}
    return tuple(sorted(found, key=lambda one: (one.severity, order[one.criterion_id])))


def _of_criterion(
    version: RubricVersion,
    assessment: Assessment,
    verdict: Verdict,
    state: CriterionState,
    thin_words: int,
    look: FindWordings,
) -> Iterator[CheckResult]:
    """One criterion's rating and feedback."""
    feedback = assessment.feedback_for(state.criterion.id)
    yield from rating_checks(version, state, assessment.rating(state.criterion.id))
    yield from denial_checks(state, feedback, verdict)
    yield from thin_checks(state, feedback, thin_words)
    yield from contradiction_checks(state, version.scale_of(state.criterion), feedback, look)


def _with_wordings(
    found: Sequence[CheckResult],
    texts: Sequence[Written],
    look: FindWordings,
    reasons: Mapping[str, str],
    *,
    has_accommodation: bool,
) -> list[CheckResult]:
    """The findings with those of the texts, each with its reason; then what the reasons themselves say."""
    told = [*found, *wording_checks(texts, look, has_accommodation=has_accommodation)]
    reasoned = [replace(one, reason=reasons.get(one.key, "")) for one in told]
    # A reason leaves too. A name in it may be what it explains; only what nobody may send counts there.
    said = wording_checks(reason_texts(reasoned), look, has_accommodation=has_accommodation)
    return [*reasoned, *blocking(said)]
