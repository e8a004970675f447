"""A person's whole draft of one submission, and what two copies of it from two computers make together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from assessor_app.domain.annotations import Annotation, Audience
from assessor_app.domain.assessments import DecisionDraft, Override
from assessor_app.domain.ids import AnnotationId, SubmissionId
from assessor_app.domain.merging import (
    Difference,
    Keep,
    WorkCopy,
    can_keep_both,
    merge,
    one_below_the_other,
    parts_of,
    say_the_same,
)
from assessor_app.domain.merging_decisions import choose_in_decision, merge_decisions
from assessor_app.domain.pre_assessments import IndicatorCheck, PreAssessment
from assessor_app.domain.roles import Role
from assessor_app.domain.states import SubmissionStatus

S = SubmissionStatus
OPEN_AT: Mapping[Role, frozenset[SubmissionStatus]] = {
    Role.PREASSESSOR: frozenset({S.SUBMITTED, S.IN_PRE_ASSESSMENT}),
    Role.ASSESSOR: frozenset({S.WAITING_ON_ASSESSOR, S.RETURNED}),
    Role.APPROVER: frozenset({S.WAITING_ON_APPROVER}),
    Role.LEAD: frozenset(),
}
"""Where a submission is work in a role, so that there is something to draft."""


@dataclass(frozen=True, slots=True)
class Draft:
    """What one person has made of a submission in its present round and not sent."""

    submission_id: SubmissionId
    round: int
    work: WorkCopy | None = None
    """An assessor's ratings, feedback and marks for every reader, for herself alone as well."""
    reasons: tuple[tuple[str, str], ...] = ()
    """Why it is to be sent although checks warn, by finding."""
    pre_assessment: PreAssessment | None = None
    decision: DecisionDraft | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nobody would miss it."""
        work = self.work is None or not parts_of(self.work)
        checks = self.pre_assessment is None or not (
            self.pre_assessment.checks or self.pre_assessment.feedback
        )
        blank = DecisionDraft(self.submission_id, self.round)
        return work and checks and self.decision in (None, blank) and not self.reasons


@dataclass(frozen=True, slots=True)
class Together:
    """What two copies make together; at every difference it has mine."""

    draft: Draft
    differences: tuple[Difference, ...] = ()
    """What both changed, each in another way: an assessor chooses."""


def put_together(base: Draft | None, mine: Draft | None, theirs: Draft) -> Together:
    """Put two copies of a draft together.

    Args:
        base: what both began from; None where nobody knows.
        mine: the copy on this computer; None where nothing was begun.
        theirs: the other computer's copy of the same round.
    """
    if mine is None:
        return Together(theirs)
    work, differences = _work(base, mine, theirs)
    return Together(
        Draft(
            mine.submission_id,
            mine.round,
            work,
            _reasons(base, mine, theirs),
            _checks(base, mine, theirs),
            _decision(base, mine, theirs),
        ),
        differences,
    )


def own_marks(draft: Draft | None) -> tuple[Annotation, ...]:
    """Marks for herself alone, which are in nothing that is sent."""
    marks = draft.work.annotations if draft is not None and draft.work is not None else ()
    return tuple(mark for mark in marks if _is_own(mark))


def beside_earlier_round(
    base: Draft | None, mine: WorkCopy, theirs: Draft, *, goes_on: bool
) -> tuple[WorkCopy, WorkCopy]:
    """What is left of a round that was sent, as a copy of this one: what both began from, and theirs.

    That is marks for herself alone. Everything else, the other marks as well, is on both sides what is here.

    Args:
        base: what this computer last agreed on, of whatever round; None where it never did.
        mine: the work on this computer in its present round, with all marks.
        theirs: the copy of the earlier round.
        goes_on: whether theirs was made from the base as far as is known. Where it was not, nothing counts as
            deleted there, and what reads otherwise there was not made from what is here.
    """
    held, here = _by_id(own_marks(theirs)), _by_id(mine.annotations)
    before = _by_id(base.work.annotations if base is not None and base.work is not None else ())
    began = {
        mark.id: mark
        for mark in before.values()
        if (goes_on and (mark.id in held or (_is_own(mark) and _is_own(here.get(mark.id)))))
        or say_the_same(mark, held.get(mark.id))
    }
    rest = tuple(mark for mark in mine.annotations if mark.id not in held and mark.id not in began)
    return (
        replace(mine, annotations=(*began.values(), *rest)),
        replace(mine, annotations=(*held.values(), *rest)),
    )


def _by_id(marks: Iterable[Annotation]) -> dict[AnnotationId, Annotation]:
    return {mark.id: mark for mark in marks}


def _is_own(mark: Annotation | None) -> bool:
    return mark is not None and mark.audience is Audience.ONLY_ME


def _work(base: Draft | None, mine: Draft, theirs: Draft) -> tuple[WorkCopy | None, tuple[Difference, ...]]:
    if mine.work is None or theirs.work is None:
        return mine.work or theirs.work, ()
    merged = merge(base.work if base is not None else None, mine.work, theirs.work)
    return merged.merged, merged.differences


def _reasons(base: Draft | None, mine: Draft, theirs: Draft) -> tuple[tuple[str, str], ...]:
    began, own, other = dict(base.reasons if base else ()), dict(mine.reasons), dict(theirs.reasons)
    merged = {}
    for finding in dict.fromkeys((*own, *other)):
        told = own.get(finding) if own.get(finding) != began.get(finding) else other.get(finding)
        if told:
            merged[finding] = told
    return tuple(sorted(merged.items()))


def _checks(base: Draft | None, mine: Draft, theirs: Draft) -> PreAssessment | None:
    one, other = mine.pre_assessment, theirs.pre_assessment
    if one is None or other is None:
        return one or other
    began = (base.pre_assessment if base is not None else None) or PreAssessment(mine.submission_id)
    merged = one
    for indicator in dict.fromkeys(check.id for check in (*one.checks, *other.checks)):
        check = _check(began.check(indicator), one.check(indicator), other.check(indicator))
        merged = replace(merged, checks=merged.with_check(check))
    return replace(merged, feedback=_text(began.feedback, one.feedback, other.feedback))


def _check(base: IndicatorCheck, mine: IndicatorCheck, theirs: IndicatorCheck) -> IndicatorCheck:
    """Where both say otherwise it is open again, with both notes: she looks once more."""
    if mine in (base, theirs):
        return theirs
    if theirs == base:
        return mine
    met = mine.met if mine.met == theirs.met else None
    return IndicatorCheck(mine.id, met, one_below_the_other(mine.note, theirs.note).strip())


def _text(base: str, mine: str, theirs: str) -> str:
    if mine == base:
        return theirs
    return mine if theirs == base else one_below_the_other(mine, theirs).strip()


def _decision(base: Draft | None, mine: Draft, theirs: Draft) -> DecisionDraft | None:
    """Both texts are kept where both changed one; what one copy has uncovered is uncovered."""
    one, other = mine.decision, theirs.decision
    if one is None or other is None:
        return one or other
    began = base.decision if base is not None else None
    if (one.revealed_at is None) != (other.revealed_at is None):
        # Marks made before uncovering are the independent ones: later ones were made by who had seen.
        marks = one.marks if one.revealed_at is not None else other.marks
        one, other = replace(one, marks=marks), replace(other, marks=marks)
    merged = merge_decisions(began, one, other)
    draft = merged.merged
    for difference in merged.differences:
        if can_keep_both(difference):
            draft = choose_in_decision(draft, difference, Keep.BOTH)
        elif isinstance(difference.mine, Override) and isinstance(difference.theirs, Override):
            why = one_below_the_other(difference.mine.why, difference.theirs.why).strip()
            kept = replace(difference.mine, why=why)
            others = (o for o in draft.overrides if o.criterion_id != kept.criterion_id)
            draft = replace(draft, overrides=(*others, kept))
    return draft
