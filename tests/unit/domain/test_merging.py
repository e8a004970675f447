"""Two copies of one work put together: every kind of part in every combination, and nothing lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessor_app.domain.annotations import Annotation
from assessor_app.domain.assessments import ArtifactFeedback, Assessment, CriterionFeedback, Rating
from assessor_app.domain.merging import (
    Difference,
    Keep,
    Merge,
    Part,
    PartKind,
    Value,
    WorkCopy,
    can_keep_both,
    choose,
    merge,
    of_recommendation,
    parts_of,
)
from assessor_app.domain.states import AssessmentState
from tests.builders import CRITERIA, NOON, annotation, assessment, recommendation, submission_id, uuid_text

CRITERION = CRITERIA[0]
MARK = annotation()


def rated(level: str) -> Rating:
    return Rating(CRITERION, level)


def marked(comment: str) -> Annotation:
    return replace(MARK, comment=comment, modified_at=NOON + timedelta(minutes=len(comment)))


PLACES: list[tuple[Part, tuple[Value, Value, Value]]] = [
    (Part(PartKind.RATING, CRITERION), (rated("not_met"), rated("progressing"), rated("demonstrated"))),
    (Part(PartKind.TEXT, CRITERION), ("begun", "mine", "theirs")),
    (Part(PartKind.SEEN, CRITERION), ("begun", "mine", "theirs")),
    (Part(PartKind.MISSING, CRITERION), ("begun", "mine", "theirs")),
    (Part(PartKind.NEXT_STEP, CRITERION), ("begun", "mine", "theirs")),
    (Part(PartKind.LOOKED_IN, CRITERION), (("art-1",), ("art-1", "art-2"), ("art-3",))),
    (Part(PartKind.ARTIFACT_FEEDBACK, "art-1"), ("begun", "mine", "theirs")),
    (Part(PartKind.OVERALL), ("begun", "mine", "theirs")),
    (Part(PartKind.NOTE_TO_APPROVER), ("begun", "mine", "theirs")),
    (Part(PartKind.ANNOTATION, MARK.id), (marked("begun"), marked("mine"), marked("theirs"))),
]
"""Each kind of part with three values: what both began from, what mine says, what theirs says."""

_FIELDS = {
    PartKind.TEXT: "text",
    PartKind.SEEN: "seen",
    PartKind.MISSING: "missing",
    PartKind.NEXT_STEP: "next_step",
    PartKind.LOOKED_IN: "looked_in",
}


def copy_with(part: Part, value: Value | None) -> WorkCopy:
    """A copy that says one thing, made by hand and not by the module under test."""
    empty = Assessment(submission_id(), 1, AssessmentState.DRAFT)
    if value is None:
        return WorkCopy(empty)
    if isinstance(value, Annotation):
        return WorkCopy(empty, (value,))
    if isinstance(value, Rating):
        return WorkCopy(replace(empty, ratings=(value,)))
    if part.kind in _FIELDS:
        said: dict[str, Any] = {_FIELDS[part.kind]: value}
        one = replace(CriterionFeedback(CRITERION), **said)
        return WorkCopy(replace(empty, feedback=(one,)))
    if part.kind is PartKind.ARTIFACT_FEEDBACK:
        return WorkCopy(replace(empty, artifact_feedback=(ArtifactFeedback(part.of, str(value)),)))
    name = "overall" if part.kind is PartKind.OVERALL else "note_to_approver"
    return WorkCopy(replace(empty, **{name: str(value)}))  # type: ignore[arg-type]


DIFFER = {("changed", "changed"), ("changed", "deleted"), ("deleted", "changed")}


@pytest.mark.parametrize("mine_did", ["unchanged", "changed", "deleted"])
@pytest.mark.parametrize("theirs_did", ["unchanged", "changed", "deleted"])
@pytest.mark.parametrize(("part", "values"), PLACES, ids=lambda x: x.kind if isinstance(x, Part) else "")
def test_every_kind_of_part_in_each_of_the_nine_combinations(
    part: Part, values: tuple[Value, Value, Value], mine_did: str, theirs_did: str
) -> None:
    base, of_mine, of_theirs = values
    mine = {"unchanged": base, "changed": of_mine, "deleted": None}[mine_did]
    theirs = {"unchanged": base, "changed": of_theirs, "deleted": None}[theirs_did]
    result = merge(copy_with(part, base), copy_with(part, mine), copy_with(part, theirs))
    expected = theirs if mine_did == "unchanged" else mine
    assert parts_of(result.merged) == ({} if expected is None else {part: expected})
    is_difference = (mine_did, theirs_did) in DIFFER
    assert result.differences == ((Difference(part, base, mine, theirs),) if is_difference else ())


@pytest.mark.parametrize(("part", "values"), PLACES, ids=lambda x: x.kind if isinstance(x, Part) else "")
def test_what_both_made_anew_differs_unless_it_is_the_same(
    part: Part, values: tuple[Value, Value, Value]
) -> None:
    _, mine, theirs = values
    for base in (None, copy_with(part, None)):
        apart = merge(base, copy_with(part, mine), copy_with(part, theirs))
        assert apart.differences == (Difference(part, None, mine, theirs),)
        alike = merge(base, copy_with(part, theirs), copy_with(part, theirs))
        assert (alike.differences, parts_of(alike.merged)) == ((), {part: theirs})


@pytest.mark.parametrize(("part", "values"), PLACES, ids=lambda x: x.kind if isinstance(x, Part) else "")
@pytest.mark.parametrize("keep", Keep)
def test_each_choice_puts_what_it_says_in_its_place(
    part: Part, values: tuple[Value, Value, Value], keep: Keep
) -> None:
    base, mine, theirs = values
    result = merge(copy_with(part, base), copy_with(part, mine), copy_with(part, theirs))
    (difference,) = result.differences
    if part.kind is PartKind.RATING and keep is Keep.BOTH:
        assert not can_keep_both(difference)
        with pytest.raises(ValueError, match="both"):
            choose(result.merged, difference, keep)
        return
    assert can_keep_both(difference) is (part.kind is not PartKind.RATING)
    both: Value = "mine\n\ntheirs"
    if isinstance(mine, Annotation):
        both = replace(mine, comment="mine\n\ntheirs")
    elif isinstance(mine, tuple):
        both = ("art-1", "art-2", "art-3")
    expected = {Keep.MINE: mine, Keep.THEIRS: theirs, Keep.BOTH: both}[keep]
    assert parts_of(choose(result.merged, difference, keep)) == {part: expected}


def test_taking_a_deletion_takes_the_part_away_and_keeping_mine_brings_it_back() -> None:
    part = Part(PartKind.OVERALL)
    (difference,) = merge(
        copy_with(part, "begun"), copy_with(part, "mine"), copy_with(part, None)
    ).differences
    gone = choose(copy_with(part, "mine"), difference, Keep.THEIRS)
    assert parts_of(gone) == {}
    assert parts_of(choose(gone, difference, Keep.MINE)) == {part: "mine"}
    assert not can_keep_both(difference)


def test_a_text_that_goes_on_from_the_other_stands_alone() -> None:
    part = Part(PartKind.OVERALL)
    for mine, theirs in (("Good. More.", "Good."), ("Good.", "Good. More.")):
        difference = Difference(part, None, mine, theirs)
        assert parts_of(choose(copy_with(part, mine), difference, Keep.BOTH)) == {part: "Good. More."}


def test_what_is_empty_is_not_there() -> None:
    empty = replace(
        assessment(),
        ratings=(Rating(CRITERION),),
        feedback=(CriterionFeedback(CRITERION),),
        overall="",
        note_to_approver="",
        artifact_feedback=(ArtifactFeedback("art-1", ""),),
    )
    assert parts_of(WorkCopy(empty)) == {}


def test_marks_that_were_moved_apart_cannot_both_keep_one_id() -> None:
    part = Part(PartKind.ANNOTATION, MARK.id)
    moved = replace(MARK, colour="blue")
    assert not can_keep_both(Difference(part, MARK, replace(MARK, comment="mine"), moved))


@pytest.mark.parametrize("is_gone_here", [True, False])
def test_of_a_mark_that_one_side_deleted_there_are_no_two_to_keep(is_gone_here: bool) -> None:
    part, changed = Part(PartKind.ANNOTATION, MARK.id), replace(MARK, comment="changed")
    sides = (None, changed) if is_gone_here else (changed, None)
    assert not can_keep_both(Difference(part, MARK, *sides))


def test_marks_that_say_the_same_are_the_same_whenever_they_were_written() -> None:
    part = Part(PartKind.ANNOTATION, MARK.id)
    later = replace(marked("alike"), revision=5, modified_at=NOON + timedelta(hours=1))
    written_again = replace(marked("begun"), revision=9)
    both = merge(copy_with(part, marked("begun")), copy_with(part, marked("alike")), copy_with(part, later))
    assert (both.differences, both.merged.annotations) == ((), (later,))
    for mine, theirs in ((written_again, marked("new")), (marked("new"), written_again)):
        one = merge(copy_with(part, marked("begun")), copy_with(part, mine), copy_with(part, theirs))
        assert (one.differences, one.merged.annotations) == ((), (marked("new"),))


def test_round_state_and_rubric_are_those_of_mine_and_the_time_is_the_later() -> None:
    mine = WorkCopy(assessment(rubric_hash=""))
    theirs = WorkCopy(
        assessment(
            round=2, state=AssessmentState.FINAL, rubric_hash="r" * 64, updated_at=NOON + timedelta(hours=1)
        )
    )
    merged = merge(None, mine, theirs).merged.assessment
    assert (merged.round, merged.state) == (1, AssessmentState.DRAFT)
    assert (merged.rubric_hash, merged.updated_at) == ("r" * 64, NOON + timedelta(hours=1))
    nowhere = WorkCopy(assessment(updated_at=None))
    assert merge(None, nowhere, nowhere).merged.assessment.updated_at is None


def test_what_the_program_filled_in_stays_known_as_such() -> None:
    filled = replace(CriterionFeedback(CRITERION, seen="filled"), prefilled=(("seen", "filled"),))
    base = WorkCopy(assessment(feedback=(CriterionFeedback(CRITERION, seen="begun"),)))
    with_it = WorkCopy(assessment(feedback=(filled,)))
    for mine, theirs in ((base, with_it), (with_it, base)):
        assert merge(base, mine, theirs).merged.assessment.feedback == (filled,)


def test_copies_of_different_submissions_are_never_put_together() -> None:
    with pytest.raises(ValueError, match="different"):
        merge(None, WorkCopy(assessment(1)), WorkCopy(assessment(2)))


def test_what_was_sent_is_a_copy_of_the_work() -> None:
    sent = recommendation()
    copy = of_recommendation(sent, AssessmentState.FINAL)
    assert (copy.assessment.overall, copy.annotations) == (sent.overall, sent.annotations)
    assert (copy.assessment.ratings, copy.assessment.feedback) == (sent.ratings, sent.feedback)
    assert copy.assessment.note_to_approver == sent.note_to_approver


WORDS = st.sampled_from(["", "one", "two", "one two"])
TIMES = st.sampled_from([NOON, NOON + timedelta(minutes=1), datetime(2027, 1, 1, tzinfo=UTC)])


@st.composite
def copies(draw: st.DrawFn) -> WorkCopy:
    """A copy with few places and few values, so that sides often meet; nothing in it is empty."""
    ratings = [
        Rating(one, level)
        for one in CRITERIA[:2]
        if (level := draw(st.sampled_from([None, "not_met", "demonstrated"]))) is not None
    ]
    feedback = [
        CriterionFeedback(
            one, draw(WORDS), draw(WORDS), looked_in=draw(st.sampled_from([(), ("a",), ("b",)]))
        )
        for one in CRITERIA[:2]
    ]
    marks = [
        replace(
            annotation(number), comment=draw(WORDS), revision=draw(st.integers(1, 3)), modified_at=draw(TIMES)
        )
        for number in (1, 2, 3)
        if draw(st.booleans())
    ]
    work = Assessment(
        submission_id(),
        1,
        AssessmentState.DRAFT,
        tuple(ratings),
        tuple(one for one in feedback if one != CriterionFeedback(one.criterion_id)),
        draw(WORDS),
        draw(WORDS),
        draw(TIMES),
        tuple(ArtifactFeedback("art-1", text) for text in (draw(WORDS),) if text),
    )
    return WorkCopy(work, tuple(marks))


def says(copy: WorkCopy) -> dict[Part, object]:
    """What a copy says, without when and how often marks were written."""
    return {
        part: replace(value, revision=0, modified_at=NOON) if isinstance(value, Annotation) else value
        for part, value in parts_of(copy).items()
    }


few = settings(max_examples=60, deadline=None)


@few
@given(copies(), copies())
def test_a_side_that_nobody_else_changed_comes_out_as_it_is(base: WorkCopy, side: WorkCopy) -> None:
    for result in (merge(base, side, base), merge(base, base, side)):
        assert result.differences == ()
        assert parts_of(result.merged) == parts_of(side)
    later = replace(
        side.assessment,
        updated_at=max(filter(None, (side.assessment.updated_at, base.assessment.updated_at))),
    )
    assert merge(base, side, base).merged == WorkCopy(later, side.annotations)


@few
@given(st.none() | copies(), copies(), copies())
def test_who_is_mine_changes_nothing_but_whose_side_waits(
    base: WorkCopy | None, mine: WorkCopy, theirs: WorkCopy
) -> None:
    one, other = merge(base, mine, theirs), merge(base, theirs, mine)
    assert set(one.differences) == {difference.swapped for difference in other.differences}
    open_parts = {difference.part for difference in one.differences}
    settled = [{p: v for p, v in parts_of(m.merged).items() if p not in open_parts} for m in (one, other)]
    assert settled[0] == settled[1]


@few
@given(st.none() | copies(), copies(), copies())
def test_putting_together_again_changes_nothing(
    base: WorkCopy | None, mine: WorkCopy, theirs: WorkCopy
) -> None:
    once = merge(base, mine, theirs)
    assert merge(base, mine, mine) == Merge(merge(base, mine, mine).merged, ())
    assert parts_of(merge(base, mine, mine).merged) == parts_of(mine)
    again = merge(theirs, once.merged, theirs)
    assert (again.differences, parts_of(again.merged)) == ((), parts_of(once.merged))


@few
@given(st.none() | copies(), copies(), copies())
def test_nothing_of_either_side_is_lost(base: WorkCopy | None, mine: WorkCopy, theirs: WorkCopy) -> None:
    result = merge(base, mine, theirs)
    began = {} if base is None else says(base)
    stands, sides = says(result.merged), {one.part: one for one in result.differences}
    for copy, side in ((mine, "mine"), (theirs, "theirs")):
        for part, value in parts_of(copy).items():
            said = says(copy)[part]
            in_difference = part in sides and getattr(sides[part], side) == value
            assert stands.get(part) == said or in_difference or said == began.get(part)


@few
@given(st.none() | copies(), copies(), copies(), st.data())
def test_any_order_of_choices_can_be_taken_back(
    base: WorkCopy | None, mine: WorkCopy, theirs: WorkCopy, data: st.DataObject
) -> None:
    result = merge(base, mine, theirs)
    work = result.merged
    for difference in data.draw(st.permutations(result.differences)):
        work = choose(work, difference, Keep.THEIRS)
    for difference in data.draw(st.permutations(result.differences)):
        work = choose(work, difference, Keep.MINE)
    assert parts_of(work) == parts_of(result.merged)


def test_ids_of_marks_are_what_tells_them_apart() -> None:
    other = replace(MARK, id=type(MARK.id)(uuid_text(77)), comment="elsewhere")
    result = merge(WorkCopy(assessment()), WorkCopy(assessment(), (MARK,)), WorkCopy(assessment(), (other,)))
    assert (result.differences, set(result.merged.annotations)) == ((), {MARK, other})
