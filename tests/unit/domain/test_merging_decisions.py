"""An approver's prepared decision on two machines, and over a recommendation that changed under it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from assessor_app.domain.assessments import DecisionDraft, IndependentMark, Override, Rating
from assessor_app.domain.merging import Difference, Keep, Part, PartKind, Value, of_recommendation
from assessor_app.domain.merging_decisions import (
    choose_in_decision,
    decision_parts,
    ground_changes,
    merge_decisions,
    of_decision,
)
from assessor_app.domain.states import AssessmentState
from tests.builders import CRITERIA, NOON, decision, recommendation, submission_id

FIRST, SECOND, THIRD, FOURTH = CRITERIA
EMPTY = DecisionDraft(submission_id(), 1)


def draft_with(part: Part, value: Value | None) -> DecisionDraft:
    if isinstance(value, IndependentMark):
        return replace(EMPTY, marks=(value,))
    if isinstance(value, Override):
        return replace(EMPTY, overrides=(value,))
    names = {PartKind.REASON: "reason", PartKind.FINAL_FEEDBACK: "final_feedback"}
    name = names.get(part.kind, "criteria")
    return EMPTY if value is None else replace(EMPTY, **{name: value})  # type: ignore[arg-type]


PLACES: list[tuple[Part, tuple[Value | None, Value, Value]]] = [
    (
        Part(PartKind.OVERRIDE, FIRST),
        (
            Override(FIRST, "not_met", "a"),
            Override(FIRST, "progressing", "b"),
            Override(FIRST, "not_met", "c"),
        ),
    ),
    (
        Part(PartKind.INDEPENDENT_MARK, FIRST),
        (None, IndependentMark(FIRST, True), IndependentMark(FIRST, False)),
    ),
    (Part(PartKind.REASON), ("begun", "mine", "theirs")),
    (Part(PartKind.RETURNED_CRITERIA), ((FIRST,), (FIRST, SECOND), (THIRD,))),
    (Part(PartKind.FINAL_FEEDBACK), ("begun", "mine", "theirs")),
]


@pytest.mark.parametrize("mine_did", ["unchanged", "changed", "deleted"])
@pytest.mark.parametrize("theirs_did", ["unchanged", "changed", "deleted"])
@pytest.mark.parametrize(("part", "values"), PLACES, ids=lambda x: x.kind if isinstance(x, Part) else "")
def test_every_part_of_a_decision_in_each_combination(
    part: Part, values: tuple[Value | None, Value, Value], mine_did: str, theirs_did: str
) -> None:
    base, of_mine, of_theirs = values
    mine = {"unchanged": base, "changed": of_mine, "deleted": None}[mine_did]
    theirs = {"unchanged": base, "changed": of_theirs, "deleted": None}[theirs_did]
    result = merge_decisions(draft_with(part, base), draft_with(part, mine), draft_with(part, theirs))
    differ = base not in (mine, theirs) and mine != theirs
    expected = theirs if mine == base else mine
    assert result.differences == ((Difference(part, base, mine, theirs),) if differ else ())
    assert decision_parts(result.merged) == ({} if expected is None else {part: expected})


def test_choices_reach_the_decision() -> None:
    part = Part(PartKind.REASON)
    difference = Difference(part, None, "mine", "theirs")
    work = replace(EMPTY, reason="mine")
    assert choose_in_decision(work, difference, Keep.THEIRS).reason == "theirs"
    assert choose_in_decision(work, difference, Keep.BOTH).reason == "mine\n\ntheirs"
    away = choose_in_decision(work, replace(difference, theirs=None), Keep.THEIRS)
    assert away.reason == ""
    assert choose_in_decision(EMPTY, replace(difference, theirs=None), Keep.THEIRS) == EMPTY


def test_without_a_beginning_both_sides_are_new() -> None:
    mine, theirs = replace(EMPTY, reason="mine"), replace(EMPTY, final_feedback="theirs")
    result = merge_decisions(None, mine, theirs)
    assert (result.differences, result.merged.reason, result.merged.final_feedback) == ((), "mine", "theirs")


def test_what_was_uncovered_anywhere_stays_uncovered_from_the_first_time() -> None:
    early, late = NOON, NOON + timedelta(hours=1)
    one, other = replace(EMPTY, revealed_at=late), replace(EMPTY, revealed_at=early)
    assert merge_decisions(None, one, other).merged.revealed_at == early
    assert merge_decisions(None, one, EMPTY).merged.revealed_at == late
    assert merge_decisions(None, EMPTY, EMPTY).merged.revealed_at is None


def test_decisions_on_different_submissions_are_never_put_together() -> None:
    with pytest.raises(ValueError, match="different"):
        merge_decisions(None, EMPTY, replace(EMPTY, submission_id=submission_id(2)))


def test_she_is_told_first_what_changed_of_that_which_she_had_judged() -> None:
    sent = recommendation()
    before = of_recommendation(sent, AssessmentState.FINAL)
    levels = tuple(Rating(one, "not_met") for one in CRITERIA)
    after = of_recommendation(replace(sent, ratings=levels, overall="Other words."), AssessmentState.FINAL)
    draft = replace(
        EMPTY,
        marks=(IndependentMark(FOURTH, True),),
        overrides=(Override(THIRD, "not_met", "why"),),
        criteria=(SECOND,),
    )
    changes = ground_changes(draft, before, after)
    assert [change.part.of for change in changes if change.is_judged] == [SECOND, THIRD, FOURTH]
    assert [change.part for change in changes if not change.is_judged] == [
        Part(PartKind.RATING, FIRST),
        Part(PartKind.OVERALL),
    ]
    assert changes[-1].after == "Other words."
    assert ground_changes(draft, before, before) == ()


def test_what_was_decided_reads_as_it_was_prepared() -> None:
    decided = replace(
        decision(), reason="Look again.", criteria=(SECOND,), final_feedback="Well done.", revealed_at=NOON
    )
    prepared = of_decision(decided)
    assert (prepared.reason, prepared.criteria) == ("Look again.", (SECOND,))
    assert (prepared.final_feedback, prepared.revealed_at) == ("Well done.", NOON)
    assert (prepared.marks, prepared.overrides) == (decided.independent_marks, decided.overrides)
