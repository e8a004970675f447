"""Checks before sending, as data: what keeps an assessment from being sent, what looks thin, what is a hint.

There is no check for a contradiction between ratings and outcome: the outcome follows from the ratings.
Each check has a stable code, an explanation, and the place in the panel to jump to.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from assessor_app.domain.assessments import Assessment, CriterionFeedback, Rating, RuleResult
from assessor_app.domain.ids import CriterionId
from assessor_app.domain.submissions import Accommodation
from assessor_app.rubric.award_rule import (
    CriterionState,
    Scope,
    Standing,
    Verdict,
    criterion_states,
    quoted,
    taken_out,
)
from assessor_app.rubric.schema import NotScorableCode, NotScorableEffect, Requirement, RubricVersion

THIN_FEEDBACK_WORDS = 8
"""Feedback with fewer words is unlikely to say what was good, and why."""


class Severity(IntEnum):
    """How much a finding weighs; sorted, the heaviest comes first."""

    BLOCK = 0
    """It cannot be sent like this."""
    WARN = 1
    """It can be sent; look again."""
    HINT = 2
    """Worth a thought."""


class CheckCode(StrEnum):
    """The checks; codes are stable."""

    UNRATED = "unrated"
    UNKNOWN_RATING = "unknown_rating"
    NOTE_EMPTY = "note_empty"
    SEEN_EMPTY = "seen_empty"
    MISSING_EMPTY = "missing_empty"
    NEXT_STEP_EMPTY = "next_step_empty"
    FEEDBACK_EMPTY = "feedback_empty"
    OVERALL_EMPTY = "overall_empty"
    FEEDBACK_THIN = "feedback_thin"
    EXCLUDED_UNAPPROVED = "excluded_unapproved"
    NO_EVIDENCE_LINK = "no_evidence_link"
    RUBRIC_CHANGED = "rubric_changed"
    """Found by `rubric.outdated`."""


EXPLANATIONS: Mapping[CheckCode, str] = {
    CheckCode.UNRATED: "Every criterion gets a level, or a reason why it cannot be scored.",
    CheckCode.UNKNOWN_RATING: "A rating counts only with a level or a reason of this rubric version.",
    CheckCode.NOTE_EMPTY: "A criterion that cannot be scored needs a note that says why.",
    CheckCode.SEEN_EMPTY: "A denial says what was seen, for each criterion below passing.",
    CheckCode.MISSING_EMPTY: "A denial says what is missing, for each criterion below passing.",
    CheckCode.NEXT_STEP_EMPTY: "A denial says what to do next, for each criterion below passing.",
    CheckCode.FEEDBACK_EMPTY: "The learner reads feedback; the issuer asks for it here.",
    CheckCode.OVERALL_EMPTY: "The issuer asks for an overall comment, which the learner reads.",
    CheckCode.FEEDBACK_THIN: "Feedback helps when it names what in the evidence led to the rating.",
    CheckCode.EXCLUDED_UNAPPROVED: "Only an approved accommodation takes a criterion out.",
    CheckCode.NO_EVIDENCE_LINK: "An evidence link shows the approver where a rating comes from.",
    CheckCode.RUBRIC_CHANGED: "Each rating counts for the rubric as it is now; none is carried over unseen.",
}
"""Why each check exists, in a sentence for the person."""


class Field(StrEnum):
    """The fields of the panel that a finding can point at."""

    RUBRIC = "rubric"
    """The difference between two versions of the rubric."""
    RATING = "rating"
    NOTE = "note"
    FEEDBACK = "feedback"
    SEEN = "seen"
    MISSING = "missing"
    NEXT_STEP = "next_step"
    OVERALL = "overall"
    EVIDENCE_LINKS = "evidence_links"


class FeedbackRequired(StrEnum):
    """Where the issuer asks for feedback; the values are those of the platform contract."""

    EVERY_CRITERION = "every_criterion"
    EVERY_REQUIREMENT = "every_requirement"
    """At least one criterion of each requirement."""
    UNMET_AND_OVERALL = "unmet_and_overall"
    """Every criterion below passing, and an overall comment."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where to jump to."""

    criterion_id: CriterionId | None
    """None for what belongs to the assessment as a whole."""
    field: Field


@dataclass(frozen=True, slots=True)
class CheckResult:
    """One finding."""

    code: CheckCode
    severity: Severity
    text: str
    """The finding in a sentence, naming the criterion."""
    place: Place

    @property
    def criterion_id(self) -> CriterionId | None:
        """The criterion that the finding is about; None for the assessment as a whole."""
        return self.place.criterion_id

    @property
    def explanation(self) -> str:
        """Why the check exists."""
        return EXPLANATIONS[self.code]


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

    Returns:
        Blocks first, then warnings, then hints; in each, the order of the rubric.
    """
    approved = taken_out(version, accommodations, in_scope)
    states = criterion_states(version, assessment.ratings, accommodations, in_scope)
    findings: list[CheckResult] = []
    for criterion_id, state in states.items():
        if criterion_id in approved:
            continue
        feedback = assessment.feedback_for(criterion_id)
        findings += _rating_checks(version, state, assessment.rating(criterion_id))
        findings += _denial_checks(state, feedback, verdict)
        if 0 < _words(feedback) < thin_words:
            text = f"The feedback on {quoted(state.criterion)} is short."
            findings.append(_finding(CheckCode.FEEDBACK_THIN, Severity.WARN, text, state, Field.FEEDBACK))
        if evidence_links is not None and state.level is not None and not evidence_links.get(criterion_id, 0):
            text = f"No evidence link supports the rating of {quoted(state.criterion)}."
            findings.append(
                _finding(CheckCode.NO_EVIDENCE_LINK, Severity.HINT, text, state, Field.EVIDENCE_LINKS)
            )
    findings += _feedback_checks(version, states, assessment, feedback_required)
    order: dict[CriterionId | None, int] = {place: index for index, place in enumerate([*states, None])}
    return tuple(sorted(findings, key=lambda finding: (finding.severity, order[finding.criterion_id])))


def blocking(results: Iterable[CheckResult]) -> tuple[CheckResult, ...]:
    """The findings that keep an assessment from being sent."""
    return tuple(result for result in results if result.severity is Severity.BLOCK)


def _rating_checks(version: RubricVersion, state: CriterionState, rating: Rating) -> Iterator[CheckResult]:
    name = quoted(state.criterion)
    if state.is_unknown:
        text = f"The rating of {name} is not one of this rubric version; rate it again."
        yield _finding(CheckCode.UNKNOWN_RATING, Severity.BLOCK, text, state, Field.RATING)
    elif state.standing is Standing.OPEN:
        yield _finding(CheckCode.UNRATED, Severity.BLOCK, f"{name} is not rated yet.", state, Field.RATING)
    code = _code(version, rating)
    if code is None or state.is_unknown:
        return
    if code.requires_note and not rating.note.strip():
        text = f"Say why {name} cannot be scored ({code.label})."
        yield _finding(CheckCode.NOTE_EMPTY, Severity.BLOCK, text, state, Field.NOTE)
    if code.effect is NotScorableEffect.EXCLUDE:
        text = f"{name} is taken out ({code.label}), but no approved accommodation says so."
        yield _finding(CheckCode.EXCLUDED_UNAPPROVED, Severity.WARN, text, state, Field.RATING)


def _code(version: RubricVersion, rating: Rating) -> NotScorableCode | None:
    return next((code for code in version.not_scorable if code.code == rating.not_scorable), None)


def _denial_checks(
    state: CriterionState, feedback: CriterionFeedback, verdict: Verdict
) -> Iterator[CheckResult]:
    """What a denial owes the learner (rule 8); where the approver decides it may become one: a warning.

    A criterion that cannot be scored has its reason in the note; what it needs is the next step.
    """
    if verdict.result is RuleResult.YES or not _is_below_passing(state):
        return
    severity = Severity.BLOCK if verdict.result is RuleResult.NO else Severity.WARN
    name = quoted(state.criterion)
    if state.standing is Standing.RATED:
        if not feedback.seen.strip():
            yield _finding(
                CheckCode.SEEN_EMPTY, severity, f"Say what was seen for {name}.", state, Field.SEEN
            )
        if not feedback.missing.strip():
            text = f"Say what is missing for {name}."
            yield _finding(CheckCode.MISSING_EMPTY, severity, text, state, Field.MISSING)
    if not feedback.next_step.strip():
        text = f"Give a next step for {name}."
        yield _finding(CheckCode.NEXT_STEP_EMPTY, severity, text, state, Field.NEXT_STEP)


def _is_below_passing(state: CriterionState) -> bool:
    return state.standing is Standing.FAILED or (state.level is not None and not state.level.meets)


def _feedback_checks(
    version: RubricVersion,
    states: Mapping[CriterionId, CriterionState],
    assessment: Assessment,
    required: FeedbackRequired,
) -> Iterator[CheckResult]:
    """Missing feedback, as far as the issuer asks for it.

    Criteria that are taken out, or blocked by a concern that is not the learner's to read, need none.
    """

    def is_owed(state: CriterionState) -> bool:
        return state.standing not in (Standing.EXCLUDED, Standing.BLOCKED)

    def is_empty(state: CriterionState) -> bool:
        return _words(assessment.feedback_for(state.criterion.id)) == 0

    if required is FeedbackRequired.EVERY_REQUIREMENT:
        for requirement in version.requirements:
            owed = [state for state in _of(requirement, states) if is_owed(state)]
            if owed and all(is_empty(state) for state in owed):
                text = f"The requirement '{requirement.title}' has no feedback yet."
                yield _finding(CheckCode.FEEDBACK_EMPTY, Severity.BLOCK, text, owed[0], Field.FEEDBACK)
        return
    only_unmet = required is FeedbackRequired.UNMET_AND_OVERALL
    for state in states.values():
        if is_owed(state) and is_empty(state) and (_is_below_passing(state) or not only_unmet):
            text = f"{quoted(state.criterion)} has no feedback yet."
            yield _finding(CheckCode.FEEDBACK_EMPTY, Severity.BLOCK, text, state, Field.FEEDBACK)
    if only_unmet and not assessment.overall.strip():
        text = "The overall comment is empty."
        yield CheckResult(CheckCode.OVERALL_EMPTY, Severity.BLOCK, text, Place(None, Field.OVERALL))


def _of(requirement: Requirement, states: Mapping[CriterionId, CriterionState]) -> list[CriterionState]:
    return [states[criterion.id] for criterion in requirement.criteria]


def _words(feedback: CriterionFeedback) -> int:
    """Words in all four parts: whoever fills in three parts of a denial need not write it all again."""
    return sum(
        len(part.split()) for part in (feedback.text, feedback.seen, feedback.missing, feedback.next_step)
    )


def _finding(
    code: CheckCode, severity: Severity, text: str, state: CriterionState, field: Field
) -> CheckResult:
    return CheckResult(code, severity, text, Place(state.criterion.id, field))
