"""An approver's prepared decision, beside another copy of it and beside what it is about.

Two copies of her own draft are put together like an assessor's work. A recommendation that came meanwhile is
another matter: it is no other side of her draft but its ground. There she is told which parts of it changed,
and which of those she had already judged.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from assessor_app.domain.assessments import Decision, DecisionDraft, IndependentMark, Override
from assessor_app.domain.ids import CriterionId
from assessor_app.domain.merging import (
    Difference,
    Keep,
    Part,
    PartKind,
    Value,
    Values,
    WorkCopy,
    kept,
    merge_values,
    parts_of,
)


@dataclass(frozen=True, slots=True)
class DecisionMerge:
    """What two copies of a prepared decision make together; at every difference it has mine."""

    merged: DecisionDraft
    differences: tuple[Difference, ...] = ()


@dataclass(frozen=True, slots=True)
class GroundChange:
    """A part of a recommendation that is not what it was."""

    part: Part
    before: Value | None
    after: Value | None
    is_judged: bool
    """Whether the approver had marked, corrected or named its criterion before it changed."""


def merge_decisions(base: DecisionDraft | None, mine: DecisionDraft, theirs: DecisionDraft) -> DecisionMerge:
    """Put two copies of one prepared decision together.

    Args:
        base: what both began from; None where nobody knows.
        mine: her copy on this machine; the round of the result is this one's.
        theirs: the other copy.

    Raises:
        ValueError: copies for different submissions.
    """
    if mine.submission_id != theirs.submission_id:
        raise ValueError("copies of different submissions")
    began = {} if base is None else decision_parts(base)
    values, differences = merge_values(began, decision_parts(mine), decision_parts(theirs))
    merged = _with_values(mine, values)
    # What one of them has uncovered is seen: it cannot be covered again by the copy that came later.
    revealed = [moment for moment in (mine.revealed_at, theirs.revealed_at) if moment is not None]
    return DecisionMerge(replace(merged, revealed_at=min(revealed, default=None)), differences)


def choose_in_decision(draft: DecisionDraft, difference: Difference, keep: Keep) -> DecisionDraft:
    """The draft with one side of a difference, or both, at its place.

    Raises:
        ValueError: both sides cannot stand there at once.
    """
    values = decision_parts(draft)
    chosen = kept(difference, keep)
    if chosen is None:
        values.pop(difference.part, None)
    else:
        values[difference.part] = chosen
    return _with_values(draft, values)


def ground_changes(draft: DecisionDraft, before: WorkCopy, after: WorkCopy) -> tuple[GroundChange, ...]:
    """What of a recommendation changed under a prepared decision, what she had judged first."""
    was, is_now = parts_of(before), parts_of(after)
    judged = {mark.criterion_id for mark in draft.marks} | {one.criterion_id for one in draft.overrides}
    judged |= set(draft.criteria)
    changes = [
        GroundChange(part, was.get(part), is_now.get(part), part.of in judged)
        for part in dict.fromkeys((*is_now, *was))
        if was.get(part) != is_now.get(part)
    ]
    return tuple(sorted(changes, key=lambda change: not change.is_judged))


def of_decision(decision: Decision) -> DecisionDraft:
    """What was decided, as it was prepared."""
    return DecisionDraft(
        decision.submission_id,
        decision.round,
        decision.independent_marks,
        decision.revealed_at,
        decision.overrides,
        decision.reason,
        decision.criteria,
        decision.final_feedback,
    )


def decision_parts(draft: DecisionDraft) -> dict[Part, Value]:
    """Everything that a prepared decision says, by its place; nothing that is empty or not set."""
    return dict(_all_parts(draft))


def _all_parts(draft: DecisionDraft) -> Iterator[tuple[Part, Value]]:
    for mark in draft.marks:
        yield Part(PartKind.INDEPENDENT_MARK, mark.criterion_id), mark
    for override in draft.overrides:
        yield Part(PartKind.OVERRIDE, override.criterion_id), override
    if draft.reason:
        yield Part(PartKind.REASON), draft.reason
    if draft.criteria:
        yield Part(PartKind.RETURNED_CRITERIA), draft.criteria
    if draft.final_feedback:
        yield Part(PartKind.FINAL_FEEDBACK), draft.final_feedback


def _with_values(draft: DecisionDraft, values: Values) -> DecisionDraft:
    criteria = values.get(Part(PartKind.RETURNED_CRITERIA), ())
    return replace(
        draft,
        marks=tuple(value for value in values.values() if isinstance(value, IndependentMark)),
        overrides=tuple(value for value in values.values() if isinstance(value, Override)),
        reason=str(values.get(Part(PartKind.REASON), "")),
        criteria=tuple(CriterionId(str(one)) for one in criteria) if isinstance(criteria, tuple) else (),
        final_feedback=str(values.get(Part(PartKind.FINAL_FEEDBACK), "")),
    )
