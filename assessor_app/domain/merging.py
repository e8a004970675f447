"""Two copies of one assessor's work and what both began from, put together without losing anything.

Work is looked at part by part: the rating of each criterion, each part of its feedback, feedback on each
piece of evidence, the overall words, the note to the approver, and each mark by its id. What only one side
changed is taken; what both changed alike is taken; everything else is a difference that a person decides,
and until then her own side stands. A part that one side deleted and the other changed is a difference too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeAlias

from assessor_app.domain.annotations import Annotation
from assessor_app.domain.assessments import (
    ArtifactFeedback,
    Assessment,
    CriterionFeedback,
    IndependentMark,
    Override,
    Rating,
    Recommendation,
)
from assessor_app.domain.ids import CriterionId
from assessor_app.domain.states import AssessmentState


class PartKind(StrEnum):
    """What kind of thing can differ; the last five are parts of an approver's decision."""

    RATING = "rating"
    TEXT = "text"
    SEEN = "seen"
    MISSING = "missing"
    NEXT_STEP = "next_step"
    LOOKED_IN = "looked_in"
    ARTIFACT_FEEDBACK = "artifact_feedback"
    OVERALL = "overall"
    NOTE_TO_APPROVER = "note_to_approver"
    ANNOTATION = "annotation"
    INDEPENDENT_MARK = "independent_mark"
    OVERRIDE = "override"
    REASON = "reason"
    RETURNED_CRITERIA = "returned_criteria"
    FINAL_FEEDBACK = "final_feedback"


@dataclass(frozen=True, slots=True)
class Part:
    """One place in somebody's work."""

    kind: PartKind
    of: str = ""
    """The criterion, the piece of evidence or the mark that it is about; empty where there is only one."""


Value: TypeAlias = Rating | Annotation | IndependentMark | Override | str | tuple[str, ...]
"""What stands at a part. What is empty or not set is not there at all."""

Values: TypeAlias = Mapping[Part, Value]


@dataclass(frozen=True, slots=True)
class WorkCopy:
    """An assessor's work on one round as one machine, or the platform, has it."""

    assessment: Assessment
    annotations: tuple[Annotation, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """A part that both sides changed, each in another way; None where a side has nothing there."""

    part: Part
    base: Value | None
    mine: Value | None
    theirs: Value | None

    @property
    def swapped(self) -> Difference:
        """The same seen from the other side."""
        return Difference(self.part, self.base, self.theirs, self.mine)


@dataclass(frozen=True, slots=True)
class Merge:
    """What two copies make together."""

    merged: WorkCopy
    """At every difference it has mine, until she chooses."""
    differences: tuple[Difference, ...] = ()


class Keep(StrEnum):
    """Whose side of a difference is kept."""

    MINE = "mine"
    THEIRS = "theirs"
    BOTH = "both"


_FEEDBACK_FIELDS = {
    PartKind.TEXT: "text",
    PartKind.SEEN: "seen",
    PartKind.MISSING: "missing",
    PartKind.NEXT_STEP: "next_step",
    PartKind.LOOKED_IN: "looked_in",
}
BETWEEN_BOTH = "\n\n"
"""Stands between two texts that are both kept."""


def merge(base: WorkCopy | None, mine: WorkCopy, theirs: WorkCopy) -> Merge:
    """Put two copies together.

    Args:
        base: what both began from; None where nobody knows, and then whatever stands on one side only is new.
        mine: her copy on this machine. Round, state and rubric version of the result are those of this one.
        theirs: the other copy.

    Raises:
        ValueError: copies of different submissions.
    """
    if mine.assessment.submission_id != theirs.assessment.submission_id:
        raise ValueError("copies of different submissions")
    began = {} if base is None else parts_of(base)
    values, differences = merge_values(began, parts_of(mine), parts_of(theirs))
    merged = _with_values(mine, values)
    before = () if base is None else base.assessment.feedback
    assessment = replace(
        merged.assessment,
        feedback=tuple(
            replace(
                one,
                prefilled=_prefilled(
                    one.criterion_id, before, mine.assessment.feedback, theirs.assessment.feedback
                ),
            )
            for one in merged.assessment.feedback
        ),
        updated_at=_later(mine.assessment.updated_at, theirs.assessment.updated_at),
        rubric_hash=mine.assessment.rubric_hash or theirs.assessment.rubric_hash,
    )
    return Merge(replace(merged, assessment=assessment), differences)


def merge_values(
    base: Values, mine: Values, theirs: Values
) -> tuple[dict[Part, Value], tuple[Difference, ...]]:
    """Put two sides together part by part; at every difference the result has mine."""
    merged: dict[Part, Value] = {}
    differences: list[Difference] = []
    for part in dict.fromkeys((*mine, *theirs, *base)):
        began, own, other = base.get(part), mine.get(part), theirs.get(part)
        taken, agrees = _take(began, own, other)
        if not agrees:
            differences.append(Difference(part, began, own, other))
        if taken is not None:
            merged[part] = taken
    return merged, tuple(differences)


def _take(base: Value | None, mine: Value | None, theirs: Value | None) -> tuple[Value | None, bool]:
    """What stands afterwards, and whether no choice is needed for it."""
    if theirs == base:
        return mine, True
    if mine == base:
        return theirs, True
    if say_the_same(mine, theirs):
        return _later_revision(mine, theirs), True
    if say_the_same(theirs, base):
        return mine, True
    if say_the_same(mine, base):
        return theirs, True
    return mine, False


def say_the_same(one: Value | None, other: Value | None) -> bool:
    """Whether two values say the same, whenever and however often they were written."""
    return _said(one) == _said(other)


def _said(value: Value | None) -> object:
    """What a value says, whenever and however often it was written."""
    if isinstance(value, Annotation):
        return replace(value, created_at=_NEVER, modified_at=_NEVER, revision=0)
    return value


_NEVER = datetime.min.replace(tzinfo=UTC)


def _later_revision(mine: Value | None, theirs: Value | None) -> Value | None:
    if isinstance(mine, Annotation) and isinstance(theirs, Annotation):
        return max(mine, theirs, key=lambda mark: (mark.revision, mark.modified_at, mark.created_at))
    return mine


def choose(copy: WorkCopy, difference: Difference, keep: Keep) -> WorkCopy:
    """The copy with one side of a difference, or both, at its place.

    Raises:
        ValueError: both sides cannot stand there at once.
    """
    values = parts_of(copy)
    chosen = kept(difference, keep)
    if chosen is None:
        values.pop(difference.part, None)
    else:
        values[difference.part] = chosen
    return _with_values(copy, values)


def kept(difference: Difference, keep: Keep) -> Value | None:
    """What stands at the place of a difference by somebody's choice.

    Raises:
        ValueError: both sides cannot stand there at once.
    """
    if keep is Keep.MINE:
        return difference.mine
    if keep is Keep.THEIRS:
        return difference.theirs
    mine, theirs = difference.mine, difference.theirs
    if isinstance(mine, str) and isinstance(theirs, str):
        return one_below_the_other(mine, theirs)
    if isinstance(mine, tuple) and isinstance(theirs, tuple):
        return tuple(dict.fromkeys((*mine, *theirs)))
    if isinstance(mine, Annotation) and isinstance(theirs, Annotation) and _differ_in_comment(mine, theirs):
        return replace(mine, comment=one_below_the_other(mine.comment, theirs.comment))
    raise ValueError("only words can be kept both")


def can_keep_both(difference: Difference) -> bool:
    """Whether both sides can stand at this place: texts, lists, and marks that differ in their comment."""
    try:
        kept(difference, Keep.BOTH)
    except ValueError:
        return False
    return True


def one_below_the_other(first: str, second: str) -> str:
    """Two texts as one; a text that goes on from the other already says both."""
    if first.startswith(second):
        return first
    return second if second.startswith(first) else f"{first}{BETWEEN_BOTH}{second}"


def _differ_in_comment(mine: Annotation, theirs: Annotation) -> bool:
    return _said(replace(mine, comment="")) == _said(replace(theirs, comment=""))


def of_recommendation(recommendation: Recommendation, state: AssessmentState) -> WorkCopy:
    """What was sent, as a copy of the work."""
    assessment = Assessment(
        recommendation.submission_id,
        recommendation.round,
        state,
        recommendation.ratings,
        recommendation.feedback,
        recommendation.overall,
        recommendation.note_to_approver,
        recommendation.sent_at,
        recommendation.artifact_feedback,
        recommendation.rubric_hash,
    )
    return WorkCopy(assessment, recommendation.annotations)


def parts_of(copy: WorkCopy) -> dict[Part, Value]:
    """Everything that a copy says, by its place; nothing that is empty or not set."""
    return dict(_all_parts(copy))


def _all_parts(copy: WorkCopy) -> Iterator[tuple[Part, Value]]:
    assessment = copy.assessment
    for rating in assessment.ratings:
        if rating != Rating(rating.criterion_id):
            yield Part(PartKind.RATING, rating.criterion_id), rating
    for feedback in assessment.feedback:
        for kind, name in _FEEDBACK_FIELDS.items():
            if value := getattr(feedback, name):
                yield Part(kind, feedback.criterion_id), value
    for on_evidence in assessment.artifact_feedback:
        if on_evidence.text:
            yield Part(PartKind.ARTIFACT_FEEDBACK, on_evidence.source_id), on_evidence.text
    if assessment.overall:
        yield Part(PartKind.OVERALL), assessment.overall
    if assessment.note_to_approver:
        yield Part(PartKind.NOTE_TO_APPROVER), assessment.note_to_approver
    for mark in copy.annotations:
        yield Part(PartKind.ANNOTATION, mark.id), mark


def _with_values(copy: WorkCopy, values: Values) -> WorkCopy:
    """The copy with these parts and no others, and all else as it was."""
    before = {one.criterion_id: one for one in copy.assessment.feedback}
    ratings, on_evidence, marks = [], [], []
    feedback: dict[str, CriterionFeedback] = {}
    for part, value in values.items():
        if part.kind in _FEEDBACK_FIELDS:
            prefilled = before[CriterionId(part.of)].prefilled if part.of in before else ()
            one = feedback.get(part.of, CriterionFeedback(CriterionId(part.of), prefilled=prefilled))
            said: dict[str, Any] = {_FEEDBACK_FIELDS[part.kind]: value}
            feedback[part.of] = replace(one, **said)
        elif isinstance(value, Rating):
            ratings.append(value)
        elif isinstance(value, Annotation):
            marks.append(value)
        elif part.kind is PartKind.ARTIFACT_FEEDBACK:
            on_evidence.append(ArtifactFeedback(part.of, str(value)))
    assessment = replace(
        copy.assessment,
        ratings=tuple(ratings),
        feedback=tuple(feedback.values()),
        overall=str(values.get(Part(PartKind.OVERALL), "")),
        note_to_approver=str(values.get(Part(PartKind.NOTE_TO_APPROVER), "")),
        artifact_feedback=tuple(on_evidence),
    )
    return WorkCopy(assessment, tuple(marks))


def _prefilled(
    criterion_id: CriterionId, *sides: tuple[CriterionFeedback, ...]
) -> tuple[tuple[str, str], ...]:
    """What the program filled in by itself: of the side that changed it, mine before theirs."""
    base, mine, theirs = (
        next((one.prefilled for one in side if one.criterion_id == criterion_id), ()) for side in sides
    )
    return theirs if mine == base else mine


def _later(mine: datetime | None, theirs: datetime | None) -> datetime | None:
    known = [moment for moment in (mine, theirs) if moment is not None]
    return max(known, default=None)
