"""Checks of a decision before it is sent: what its words say, and whether a denial explains itself.

Nobody reads a decision before it takes effect but the approver, so a warning asks for no reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from assessor_app.domain.assessments import (
    CriterionFeedback,
    DecisionDraft,
    DecisionOutcome,
    Rating,
)
from assessor_app.domain.submissions import Accommodation
from assessor_app.domain.wording import has_words
from assessor_app.rubric.award_rule import Scope, criterion_states, quoted, taken_out
from assessor_app.rubric.denial import is_below_passing, open_parts, owed_parts
from assessor_app.rubric.findings.finding import CheckCode, CheckResult, Field, Place, Severity
from assessor_app.rubric.findings.wording_checks import FindWordings, wording_checks
from assessor_app.rubric.findings.written import Reader, Written
from assessor_app.rubric.schema import RubricVersion


def decision_checks(
    version: RubricVersion,
    draft: DecisionDraft,
    outcome: DecisionOutcome,
    ratings: Sequence[Rating],
    feedback: Sequence[CriterionFeedback],
    find_wordings: FindWordings,
    *,
    accommodations: Sequence[Accommodation] = (),
    in_scope: Scope = None,
) -> tuple[CheckResult, ...]:
    """All findings on a decision, blocks first.

    Args:
        version: the rubric version that the submission is pinned to.
        draft: the approver's ratings and words.
        outcome: what she is about to send.
        ratings: the assessor's, with the approver's changes.
        feedback: the assessor's.
        find_wordings: looks through one text for words that matter.
        accommodations: approved ones.
        in_scope: the criteria that the submission is judged on.
    """
    look = lru_cache(maxsize=None)(lambda text: tuple(find_wordings(text)))
    texts = decision_texts(version, draft, outcome)
    found = list(wording_checks(texts, look, has_accommodation=bool(accommodations)))
    if outcome is DecisionOutcome.DENY:
        found += _unexplained(version, draft, ratings, feedback, accommodations, in_scope)
    return tuple(sorted(found, key=lambda one: one.severity))


def decision_texts(
    version: RubricVersion, draft: DecisionDraft, outcome: DecisionOutcome
) -> tuple[Written, ...]:
    """The texts that leave with a decision: a return has its reason, what is final has the final feedback."""
    known = {criterion.id: criterion for criterion in version.criteria}
    told = [
        Written(
            change.why,
            Reader.ASSESSOR,
            f"the reason for the changed rating of {quoted(known[change.criterion_id])}",
            Place(change.criterion_id, Field.WHY),
        )
        for change in draft.overrides
        if change.criterion_id in known
    ]
    if outcome is DecisionOutcome.RETURN:
        place = Place(None, Field.RETURN_REASON)
        told.append(Written(draft.reason, Reader.ASSESSOR, "the reason of the return", place))
    else:
        place = Place(None, Field.FINAL)
        told.append(Written(draft.final_feedback, Reader.LEARNER, "the final feedback", place))
    return tuple(one for one in told if one.text.strip())


def _unexplained(
    version: RubricVersion,
    draft: DecisionDraft,
    ratings: Sequence[Rating],
    feedback: Sequence[CriterionFeedback],
    accommodations: Sequence[Accommodation],
    in_scope: Scope,
) -> Iterator[CheckResult]:
    """Criteria below passing of which the learner would not read what was seen, what is missing, what next.

    The assessor owes it where she recommends a denial; what the approver changed, or the rule left open, the
    approver explains. Without a word of hers it cannot be sent; what her words hold is for her to judge.
    """
    severity = Severity.WARN if has_words(draft.final_feedback) else Severity.BLOCK
    place = Place(None, Field.FINAL)
    states = criterion_states(version, ratings, accommodations, in_scope)
    approved = taken_out(version, accommodations, in_scope)
    written = {one.criterion_id: one for one in feedback}
    for criterion_id, state in states.items():
        if criterion_id in approved or not is_below_passing(state):
            continue
        said = written.get(criterion_id, CriterionFeedback(criterion_id))
        if open_parts(said, owed_parts(state)):
            text = (
                f"Say in the final feedback what was seen, what is missing and the next step for "
                f"{quoted(state.criterion)}."
            )
            yield CheckResult(CheckCode.DENIAL_UNEXPLAINED, severity, text, place, criterion_id)
