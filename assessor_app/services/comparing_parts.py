"""The parts of a comparison: what each side has at each place, and whose stands without a choice."""

from __future__ import annotations

from collections.abc import Iterable

from assessor_app.domain.annotations import Annotation
from assessor_app.domain.assessments import DecisionDraft
from assessor_app.domain.conflicts import Conflict, TheirSide
from assessor_app.domain.merging import (
    Keep,
    Part,
    PartKind,
    Value,
    Values,
    WorkCopy,
    merge,
    of_recommendation,
    parts_of,
)
from assessor_app.domain.merging_decisions import decision_parts, ground_changes, of_decision
from assessor_app.domain.states import AssessmentState
from assessor_app.rubric.schema import RubricVersion
from assessor_app.services.comparison import ComparedPart


def work_parts(base: WorkCopy | None, mine: WorkCopy, theirs: WorkCopy | None) -> list[ComparedPart]:
    """An assessor's work part by part; the other side is not there as long as it is not known."""
    own, began = parts_of(mine), parts_of(base) if base is not None else {}
    if theirs is None:
        return [ComparedPart(part, began.get(part), value, None, differs=True) for part, value in own.items()]
    other = parts_of(theirs)
    merged = merge(base, mine, theirs)
    is_open = {difference.part for difference in merged.differences}
    result = parts_of(merged.merged)
    found = []
    for part in dict.fromkeys((*own, *other)):
        differs = own.get(part) != other.get(part)
        stands = Keep.MINE if result.get(part) == own.get(part) else Keep.THEIRS
        found.append(
            ComparedPart(
                part,
                began.get(part),
                own.get(part),
                other.get(part),
                differs,
                is_open=part in is_open,
                stands=stands if differs else None,
            )
        )
    return found


def decided_parts(
    conflict: Conflict, mine: DecisionDraft, theirs: TheirSide | None, *, is_covered: bool
) -> list[ComparedPart]:
    """An approver's side beside another decision, or beside what became of the recommendation under it.

    Args:
        conflict: what is compared.
        mine: her decision as it was prepared.
        theirs: what the platform has.
        is_covered: whether the recommendation that stands now stays covered: then nothing of it is told.
    """
    own = decision_parts(mine)
    decided = next((d for d in theirs.decisions if d.round == conflict.round), None) if theirs else None
    if decided is not None:
        other = decision_parts(of_decision(decided))
        return [
            ComparedPart(part, None, own.get(part), other.get(part), own.get(part) != other.get(part))
            for part in dict.fromkeys((*own, *other))
        ]
    found: list[ComparedPart] = []
    told: set[Part] = set()
    now = theirs.recommendation if theirs is not None else None
    if now is not None and conflict.base is not None and not is_covered and mine.revealed_at is not None:
        for change in ground_changes(mine, conflict.base, of_recommendation(now, AssessmentState.FINAL)):
            place = _about(own, change.part)
            if place is not None:
                told.add(place)
            hers = own[place] if place is not None else None
            found.append(
                ComparedPart(
                    change.part, change.before, hers, change.after, differs=True, is_judged=change.is_judged
                )
            )
    found += [ComparedPart(part, None, value, None, True) for part, value in own.items() if part not in told]
    return found


def _about(own: Values, part: Part) -> Part | None:
    """Where an approver has said something on a rating: her own rating before her mark."""
    if part.kind is not PartKind.RATING:
        return None
    places = (Part(PartKind.OVERRIDE, part.of), Part(PartKind.INDEPENDENT_MARK, part.of))
    return next((place for place in places if place in own), None)


_ORDER = tuple(PartKind)


def in_order(parts: Iterable[ComparedPart], rubric: RubricVersion | None) -> tuple[ComparedPart, ...]:
    """Criteria as the rubric has them, what is about pieces and the whole, and marks by place."""
    numbers = {str(c.id): n for n, c in enumerate(rubric.criteria)} if rubric is not None else {}

    def key(one: ComparedPart) -> tuple[object, ...]:
        value: Value | None = one.mine or one.theirs or one.base
        if isinstance(value, Annotation):
            anchor = value.anchor
            top = anchor.rects[0].y0 if anchor.rects else 0.0
            return (2, anchor.source_id, anchor.page, top, one.part.of)
        if one.part.of in numbers:
            return (0, numbers[one.part.of], _ORDER.index(one.part.kind))
        return (1, _ORDER.index(one.part.kind), one.part.of)

    return tuple(sorted(parts, key=key))
