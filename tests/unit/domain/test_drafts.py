"""Two copies of one draft: what only one changed is taken, what both changed is kept from both."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from assessor_app.domain.annotations import Annotation, Audience
from assessor_app.domain.assessments import Assessment, DecisionDraft, IndependentMark, Override
from assessor_app.domain.drafts import OPEN_AT, Draft, beside_earlier_round, own_marks, put_together
from assessor_app.domain.merging import WorkCopy, merge
from assessor_app.domain.pre_assessments import IndicatorCheck, PreAssessment
from assessor_app.domain.roles import Role
from assessor_app.domain.states import AssessmentState
from tests import builders
from tests.builders import CRITERIA, NOON

SID = builders.submission_id(1)
ONE, TWO = CRITERIA[:2]
BLANK = Draft(SID, 1)


def work(overall: str = "", *marks: int) -> WorkCopy:
    made = Assessment(SID, 1, AssessmentState.DRAFT, overall=overall)
    return WorkCopy(made, tuple(builders.annotation(number) for number in marks))


def checks(*told: tuple[str, bool | None, str], feedback: str = "") -> Draft:
    made = tuple(IndicatorCheck(*one) for one in told)
    return replace(BLANK, pre_assessment=PreAssessment(SID, checks=made, feedback=feedback))


def deciding(**parts: object) -> Draft:
    return replace(BLANK, decision=replace(DecisionDraft(SID, 1), **parts))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "draft",
    [
        replace(BLANK, work=work("Words")),
        replace(BLANK, work=work("", 1)),
        replace(BLANK, reasons=(("check", "So"),)),
        checks(("a", True, "")),
        checks(feedback="Words"),
        deciding(reason="Words"),
    ],
)
def test_nobody_would_miss_nothing(draft: Draft) -> None:
    assert not draft.is_empty


def test_what_is_blank_is_empty() -> None:
    assert all(one.is_empty for one in (BLANK, replace(BLANK, work=work()), checks(), deciding()))


def test_where_nothing_was_begun_the_other_copy_is_all() -> None:
    theirs = replace(BLANK, work=work("Hers"), reasons=(("check", "So"),))
    assert put_together(None, None, theirs).draft == theirs
    taken = put_together(None, BLANK, replace(theirs, pre_assessment=PreAssessment(SID)))
    assert (taken.draft.work, taken.draft.pre_assessment) == (theirs.work, PreAssessment(SID))


def test_an_assessor_chooses_between_two_texts() -> None:
    base, mine, theirs = (replace(BLANK, work=work(text)) for text in ("", "Mine", "Hers"))
    both = put_together(base, mine, theirs)
    assert both.draft.work == mine.work
    assert len(both.differences) == 1
    assert put_together(base, base, theirs).draft.work == theirs.work


def test_reasons_are_kept_by_finding_and_a_removed_one_stays_removed() -> None:
    def told(**reasons: str) -> Draft:
        return replace(BLANK, reasons=tuple(sorted(reasons.items())))

    base = told(a="1", b="2", c="3")
    merged = put_together(base, told(a="mine", b="2"), told(a="hers", b="new", c="3", d="4")).draft
    assert dict(merged.reasons) == {"a": "mine", "b": "new", "d": "4"}


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [
        ((None, ""), (True, ""), (None, ""), (True, "")),
        ((None, ""), (None, ""), (False, "No plan"), (False, "No plan")),
        ((True, ""), (False, "x"), (False, "x"), (False, "x")),
        ((None, ""), (False, "No plan"), (False, "Page 2"), (False, "No plan\n\nPage 2")),
        ((None, ""), (True, ""), (False, "No plan"), (None, "No plan")),
    ],
)
def test_an_indicator_that_both_judged_otherwise_is_open_again(
    base: tuple[bool | None, str],
    mine: tuple[bool | None, str],
    theirs: tuple[bool | None, str],
    merged: tuple[bool | None, str],
) -> None:
    one, two, three = (checks(("a", *told)) for told in (base, mine, theirs))
    made = put_together(one, two, three).draft.pre_assessment
    assert made is not None
    check = made.check("a")
    assert (check.met, check.note) == merged


@pytest.mark.parametrize(
    ("base", "mine", "theirs", "merged"),
    [("a", "a", "b", "b"), ("a", "b", "a", "b"), ("", "b", "c", "b\n\nc")],
)
def test_a_pre_assessors_words_are_kept_from_both(base: str, mine: str, theirs: str, merged: str) -> None:
    one, two, three = (checks(feedback=text) for text in (base, mine, theirs))
    made = put_together(one, two, three).draft.pre_assessment
    assert made is not None
    assert made.feedback == merged


def test_without_a_base_two_pre_assessments_are_put_together_too() -> None:
    made = put_together(None, checks(("a", True, "")), checks(("b", False, "x"))).draft.pre_assessment
    assert made is not None
    assert {one.id: one.met for one in made.checks} == {"a": True, "b": False}


@pytest.mark.parametrize("is_mine", [True, False])
def test_what_was_marked_before_uncovering_stands(is_mine: bool) -> None:
    seen = deciding(marks=(IndependentMark(ONE, passing=False),), revealed_at=NOON)
    unseen = deciding(marks=(IndependentMark(ONE, passing=True), IndependentMark(TWO, passing=True)))
    mine, theirs = (seen, unseen) if is_mine else (unseen, seen)
    made = put_together(None, mine, theirs).draft.decision
    assert made is not None
    assert (made.marks, made.revealed_at) == ((IndependentMark(ONE, passing=False),), NOON)


def test_covered_stays_covered_and_the_first_uncovering_counts() -> None:
    later = NOON + timedelta(hours=1)
    covered = put_together(None, deciding(reason="a"), deciding(reason="b")).draft.decision
    both = put_together(None, deciding(revealed_at=later), deciding(revealed_at=NOON)).draft.decision
    assert covered is not None
    assert both is not None
    assert (covered.revealed_at, covered.reason) == (None, "a\n\nb")
    assert both.revealed_at == NOON


def test_a_rating_that_both_corrected_is_this_computers_with_both_reasons() -> None:
    mine = deciding(revealed_at=NOON, overrides=(Override(ONE, "a", "So"), Override(TWO, "a", "x")))
    theirs = deciding(revealed_at=NOON, overrides=(Override(ONE, "b", "Thus"), Override(TWO, "a", "x")))
    made = put_together(None, mine, theirs).draft.decision
    assert made is not None
    assert set(made.overrides) == {Override(ONE, "a", "So\n\nThus"), Override(TWO, "a", "x")}


@pytest.mark.parametrize("is_gone_here", [True, False])
def test_a_correction_that_one_took_out_and_the_other_changed_is_as_on_this_computer(
    is_gone_here: bool,
) -> None:
    base, changed = (deciding(overrides=(Override(ONE, "a", why),)) for why in ("So", "Thus"))
    mine, theirs = (deciding(), changed) if is_gone_here else (changed, deciding())
    assert put_together(base, mine, theirs).draft.decision == mine.decision


def test_a_mark_of_her_own_that_both_made_otherwise_is_this_computers() -> None:
    mine, theirs = (deciding(marks=(IndependentMark(ONE, passing=told),)) for told in (True, False))
    base = deciding()
    assert put_together(base, mine, theirs).draft.decision == mine.decision


def told(number: int, comment: str, audience: Audience = Audience.ONLY_ME) -> Annotation:
    return replace(builders.annotation(number), comment=comment, audience=audience)


def beside(
    before: tuple[Annotation, ...], here: tuple[Annotation, ...], kept: tuple[Annotation, ...], **how: bool
) -> tuple[dict[str, str], int]:
    """What stands at each mark in the end, and how many differences she is asked about."""
    made = Assessment(SID, 2, AssessmentState.DRAFT, overall="Of the second round.")
    mine = WorkCopy(made, here)
    base, theirs = (replace(BLANK, work=replace(work(), annotations=marks)) for marks in (before, kept))
    began, other = beside_earlier_round(base, mine, theirs, **({"goes_on": True} | how))
    assert began.assessment == other.assessment == made
    both = merge(began, mine, other)
    return {mark.id[-1]: mark.comment for mark in both.merged.annotations}, len(both.differences)


def test_of_an_earlier_round_what_only_one_computer_changed_is_taken() -> None:
    one, two, three = (told(number, "a") for number in (1, 2, 3))
    assert beside((one, two), (one, two), (told(1, "b"), two, three)) == ({"1": "b", "2": "a", "3": "a"}, 0)
    assert beside((one,), (told(1, "b"), two), (one,)) == ({"1": "b", "2": "a"}, 0)
    assert beside((one,), (), (one, two)) == ({"2": "a"}, 0)
    assert beside((one, two), (one, two), (two,)) == ({"2": "a"}, 0)


def test_of_an_earlier_round_what_both_changed_is_a_difference_a_deletion_as_well() -> None:
    one = told(1, "a")
    assert beside((one,), (told(1, "b"),), (told(1, "c"),)) == ({"1": "b"}, 1)
    assert beside((one,), (), (told(1, "c"),)) == ({}, 1)
    assert beside((one,), (told(1, "b"),), ()) == ({"1": "b"}, 1)


def test_of_an_earlier_round_nothing_is_said_of_marks_for_others() -> None:
    sent, own = told(1, "a", Audience.LEARNER), told(1, "a")
    assert beside((sent,), (sent,), ()) == ({"1": "a"}, 0)
    # For herself alone once, and sent since: it comes with what was sent.
    assert beside((own,), (replace(sent, comment="b"),), ()) == ({"1": "b"}, 0)
    assert beside((), (), (sent,)) == ({}, 0)


def test_what_is_left_of_another_line_of_versions_deletes_and_replaces_nothing() -> None:
    one, two = told(1, "a"), told(2, "a")
    assert beside((one, two), (one, two), (told(1, "b"),), goes_on=False) == ({"1": "a", "2": "a"}, 1)
    assert beside((one,), (), (one,), goes_on=False) == ({}, 0)


def test_where_nothing_was_ever_agreed_on_what_is_left_of_an_earlier_round_is_new() -> None:
    mine = work("", 1)
    for base in (None, BLANK):
        began, theirs = beside_earlier_round(base, mine, BLANK, goes_on=base is not None)
        assert (began, theirs) == (mine, mine)


def test_a_lead_drafts_nothing() -> None:
    assert set(OPEN_AT) == set(Role)
    assert OPEN_AT[Role.LEAD] == frozenset()


def test_marks_for_herself_alone_are_told_apart() -> None:
    hers, theirs = builders.annotation(1), replace(builders.annotation(2), audience=Audience.LEARNER)
    made = Assessment(SID, 1, AssessmentState.DRAFT)
    assert own_marks(replace(BLANK, work=WorkCopy(made, (hers, theirs)))) == (hers,)
    assert own_marks(BLANK) == own_marks(None) == ()
