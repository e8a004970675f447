"""Checks of the ratings: all given, of this version, with their reasons, explained where they changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assessor_app.domain.assessments import Assessment, Rating
from assessor_app.domain.wording import has_words
from assessor_app.rubric.award_rule import CriterionState, Standing, quoted
from assessor_app.rubric.findings.finding import CheckCode, CheckResult, Field, Place, Severity, finding
from assessor_app.rubric.schema import NotScorableCode, NotScorableEffect, RubricVersion


@dataclass(frozen=True, slots=True)
class LastRound:
    """What was sent in the round before."""

    ratings: tuple[Rating, ...]
    note_to_approver: str = ""


def rating_checks(version: RubricVersion, state: CriterionState, rating: Rating) -> Iterator[CheckResult]:
    """One criterion's rating."""
    name = quoted(state.criterion)
    if state.is_unknown:
        text = f"The rating of {name} is not one of this rubric version; rate it again."
        yield finding(CheckCode.UNKNOWN_RATING, Severity.BLOCK, text, state, Field.RATING)
    elif state.standing is Standing.OPEN:
        yield finding(CheckCode.UNRATED, Severity.BLOCK, f"{name} is not rated yet.", state, Field.RATING)
    code = _code(version, rating)
    if code is None or state.is_unknown:
        return
    if code.requires_note and not has_words(rating.note):
        text = f"Say why {name} cannot be scored ({code.label})."
        yield finding(CheckCode.NOTE_EMPTY, Severity.BLOCK, text, state, Field.NOTE)
    if code.effect is NotScorableEffect.EXCLUDE:
        text = f"{name} is taken out ({code.label}), but no approved accommodation says so."
        yield finding(CheckCode.EXCLUDED_UNAPPROVED, Severity.WARN, text, state, Field.RATING)


def change_checks(version: RubricVersion, assessment: Assessment, last: LastRound) -> Iterator[CheckResult]:
    """Ratings that changed since the last round, when the note to the approver says nothing new: one finding.

    A criterion that is not rated now has not changed; it is told as unrated.
    """
    note = assessment.note_to_approver.strip()
    # What was sent may end with reasons that the note here does not hold.
    if has_words(note) and not last.note_to_approver.strip().startswith(note):
        return
    before = {rating.criterion_id: (rating.level, rating.not_scorable) for rating in last.ratings}
    changed = [
        (criterion, (now.level, now.not_scorable))
        for criterion in version.criteria
        if (now := assessment.rating(criterion.id)).is_set
        and criterion.id in before
        and before[criterion.id] != (now.level, now.not_scorable)
    ]
    if not changed:
        return
    if len(changed) == 1:
        what = f"The rating of {quoted(changed[0][0])} changed"
    else:
        what = f"{len(changed)} ratings changed"
    text = f"{what} since the last round, and the note does not say why."
    about = ", ".join(f"{criterion.id}={level or code}" for criterion, (level, code) in changed)
    place = Place(None, Field.NOTE_TO_APPROVER)
    yield CheckResult(CheckCode.RATING_CHANGED, Severity.WARN, text, place, about)


def _code(version: RubricVersion, rating: Rating) -> NotScorableCode | None:
    return next((code for code in version.not_scorable if code.code == rating.not_scorable), None)
