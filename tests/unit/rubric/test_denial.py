"""What a denial owes: prepared from what is known, and never complete by preparation alone."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assessor_app.domain.assessments import Assessment, CriterionFeedback, Rating
from assessor_app.domain.states import AssessmentState
from assessor_app.domain.submissions import Accommodation, AccommodationEffect
from assessor_app.rubric import denial
from assessor_app.rubric.award_rule import criterion_states
from assessor_app.rubric.denial import DenialPart, Passage
from assessor_app.rubric.schema import NotScorableEffect
from tests import builders

VERSION = builders.rubric_version()
CRITERION = VERSION.criteria[0]
SCALE = VERSION.scale_of(CRITERION)
BELOW = next(level for level in SCALE.levels if not level.meets)
PASSING = next(level for level in SCALE.levels if level.meets)
EMPTY = CriterionFeedback(CRITERION.id)
DONE = CriterionFeedback(CRITERION.id, seen="Two questions.", missing="A third.", next_step="Add one.")
ALL_PARTS = tuple(DenialPart)


def work(*ratings: Rating, feedback: tuple[CriterionFeedback, ...] = ()) -> Assessment:
    return Assessment(builders.submission_id(1), 1, AssessmentState.DRAFT, ratings=ratings, feedback=feedback)


def without(part: DenialPart) -> CriterionFeedback:
    texts: dict[str, Any] = {part.value: "  "}
    return replace(DONE, **texts)


def failing_code() -> str:
    return next(code.code for code in VERSION.not_scorable if code.effect is NotScorableEffect.FAIL)


def test_a_level_below_passing_owes_three_parts() -> None:
    (found,) = denial.owed(VERSION, work(Rating(CRITERION.id, level=BELOW.code)))
    assert (found.criterion, found.words) == (CRITERION, BELOW.label)
    assert found.parts == found.open_parts == ALL_PARTS
    assert not found.is_complete
    assert found.passing == PASSING
    assert found.passing_descriptor == CRITERION.descriptor(PASSING.code)


def test_what_cannot_be_scored_owes_the_next_step() -> None:
    rating = Rating(CRITERION.id, not_scorable=failing_code(), note="Blank file.")
    (found,) = denial.owed(VERSION, work(rating))
    assert found.parts == found.open_parts == (DenialPart.NEXT_STEP,)


def test_passing_unrated_and_taken_out_criteria_owe_nothing() -> None:
    assert denial.owed(VERSION, work(Rating(CRITERION.id, level=PASSING.code))) == ()
    assert denial.owed(VERSION, work()) == ()
    out = Accommodation(AccommodationEffect.EXCLUDE, "Left out.", criterion_id=CRITERION.id)
    below = work(Rating(CRITERION.id, level=BELOW.code))
    assert denial.owed(VERSION, below, accommodations=(out,)) == ()
    states = criterion_states(VERSION, below.ratings)
    assert len(denial.owed(VERSION, below, states)) == 1


def test_all_parts_written_is_complete() -> None:
    (found,) = denial.owed(VERSION, work(Rating(CRITERION.id, level=BELOW.code), feedback=(DONE,)))
    assert found.is_complete


@pytest.mark.parametrize("part", ALL_PARTS)
def test_one_part_missing_is_told(part: DenialPart) -> None:
    assert denial.open_parts(without(part), ALL_PARTS) == (part,)


def test_looked_in_stands_for_what_was_seen() -> None:
    assert denial.open_parts(replace(DONE, seen="", looked_in=("art_1",)), ALL_PARTS) == ()


def test_prepared_parts_count_as_missing_until_they_are_edited() -> None:
    passages = (
        Passage("Artifact 2, page 3", "two  questions\na day", "Daily."),
        Passage("Artifact 4, page 1"),
    )
    begun = denial.prepared(VERSION, CRITERION, EMPTY, passages)
    assert begun.seen == "Artifact 2, page 3: “two questions a day” Daily.\nArtifact 4, page 1:"
    assert begun.missing == CRITERION.descriptor(PASSING.code)
    assert begun.next_step == ""
    assert denial.open_parts(begun, ALL_PARTS) == ALL_PARTS
    edited = replace(begun, seen=begun.seen + " Once.", missing=f"{begun.missing} Say when.", next_step="Go.")
    assert denial.open_parts(edited, ALL_PARTS) == ()
    for ending in ("\n", " ...", "\u200b", "-"):
        back = replace(edited, missing=begun.missing + ending)
        assert denial.open_parts(back, ALL_PARTS) == (DenialPart.MISSING,)


def test_what_she_wrote_is_never_touched() -> None:
    assert denial.prepared(VERSION, CRITERION, DONE, (Passage("Artifact 1"),)) == DONE
    mine = replace(EMPTY, missing="Mine.")
    begun = denial.prepared(VERSION, CRITERION, mine, (Passage("Artifact 1, page 1", "words"),))
    assert begun.missing == "Mine."
    assert [name for name, _ in begun.prefilled] == ["seen"]


def test_preparing_again_remembers_the_latest_beginning_only() -> None:
    first = denial.prepared(VERSION, CRITERION, EMPTY, (Passage("Artifact 1, page 1", "one"),))
    emptied, other = replace(first, seen=""), (Passage("Artifact 1, page 2", "two"),)
    assert denial.prepared(VERSION, CRITERION, emptied, other) == emptied
    again = denial.prepared(VERSION, CRITERION, emptied, other, again=True)
    assert dict(again.prefilled)["seen"] == again.seen == "Artifact 1, page 2: “two”"
    assert len(again.prefilled) == 2


def test_nothing_to_prepare_leaves_it_as_it_is() -> None:
    looked = replace(EMPTY, missing="x", looked_in=("art_1",))
    assert denial.prepared(VERSION, CRITERION, looked, (Passage("Artifact 1", "q"),)) == looked


def test_a_scale_without_a_passing_level_prepares_no_missing_part() -> None:
    scales = tuple(
        replace(scale, levels=tuple(replace(level, meets=False) for level in scale.levels))
        for scale in VERSION.scales
    )
    version = replace(VERSION, scales=scales)
    assert denial.prepared(version, CRITERION, EMPTY, ()) == EMPTY
    (found,) = denial.owed(version, work(Rating(CRITERION.id, level=PASSING.code)))
    assert found.passing is None
    assert found.passing_descriptor == ""


def test_long_quotations_and_many_links_are_cut() -> None:
    many = tuple(Passage(f"Artifact {n}", "word " * 100) for n in range(9))
    lines = denial.prepared(VERSION, CRITERION, EMPTY, many).seen.splitlines()
    assert len(lines) == denial.MAX_PASSAGES
    assert all(len(line) < denial.MAX_QUOTE_CHARS + 20 and line.endswith("…”") for line in lines)


def test_looking_in_is_taken_back_by_the_same_key() -> None:
    one = denial.toggled_looked_in(EMPTY, ("a", "b"))
    assert one.looked_in == ("a", "b")
    assert denial.toggled_looked_in(one, ("b", "c")).looked_in == ("a", "b", "c")
    assert denial.toggled_looked_in(one, ("a", "b")).looked_in == ()
    assert denial.toggled_looked_in(EMPTY, ()) == EMPTY
