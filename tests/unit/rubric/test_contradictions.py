"""Contradictions warn where a rating and the words beside it say opposite things, and seldom otherwise."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assessor_app.domain.assessments import Assessment, CriterionFeedback, Rating
from assessor_app.privacy.wording_scan import WordingScan
from assessor_app.rubric.award_rule import evaluate
from assessor_app.rubric.checks import CheckCode, CheckResult, Field, LastRound, Place, Severity, run_checks
from assessor_app.rubric.schema import Count, RubricVersion
from assessor_app.services.checking import word_lists
from tests.builders import CRITERIA, assessment, rubric_version

A, B, C, D = CRITERIA
PRAISE = "The plan names a purpose for each phase of it."
SCAN = WordingScan(word_lists())
OPPOSITE = {CheckCode.CONTRADICTS_LEVEL, CheckCode.CONTRADICTS_OUTCOME, CheckCode.MISSING_BUT_MET}


def check(
    work: Assessment, version: RubricVersion | None = None, last: LastRound | None = None
) -> list[CheckResult]:
    used = version or rubric_version(award_rule=Count(3))
    verdict = evaluate(used, work.ratings)
    found = run_checks(used, work, verdict, find_wordings=SCAN, last_round=last)
    return [one for one in found if one.code in OPPOSITE or one.code is CheckCode.RATING_CHANGED]


def rated(level: str, told: CriterionFeedback, **changes: Any) -> Assessment:
    others = [c for c in CRITERIA if c != B]
    return replace(
        assessment(),
        ratings=(*(Rating(c, "demonstrated") for c in others), Rating(B, level)),
        feedback=(*(CriterionFeedback(c, PRAISE) for c in others), told),
        **changes,
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("This criterion is not met by the plan.", "is not met"),
        ("There is no evidence of open questions.", "no evidence of"),
        ("The purpose of the second phase is missing.", "is missing"),
        ("You did not include a second question.", "You did not include"),
        ("No se demuestra el propósito.", "No se demuestra"),
        ("Overall this is Progressing, close to the line.", "is Progressing"),
        ("I rate it as “Not Met”.", "Not Met"),
    ],
)
def test_a_passing_level_beside_words_that_say_the_opposite(text: str, words: str) -> None:
    (result,) = check(rated("demonstrated", CriterionFeedback(B, text=text)))
    assert (result.code, result.severity, result.place) == (
        CheckCode.CONTRADICTS_LEVEL,
        Severity.WARN,
        Place(B, Field.FEEDBACK),
    )
    assert f"“{words}”" in result.text
    assert result.text.endswith("although it is rated Demonstrated.")


@pytest.mark.parametrize(
    "text",
    [
        "You say what is missing in the plan of last year.",
        "Students who did not speak at first speak later.",
        "Nothing is missing here.",
        "The questions are progressing from simple to open.",
        "Progressing from simple to open questions, the plan is clear.",
        "You did not answer for the students.",
        "",
    ],
)
def test_a_passing_level_beside_ordinary_words(text: str) -> None:
    assert check(rated("demonstrated", CriterionFeedback(B, text=text))) == []


def test_what_is_missing_is_filled_in_although_it_is_met() -> None:
    (result,) = check(rated("demonstrated", CriterionFeedback(B, text=PRAISE, missing="A second question.")))
    assert (result.code, result.place.field) == (CheckCode.MISSING_BUT_MET, Field.MISSING)


def test_both_what_was_seen_and_the_feedback_are_looked_at() -> None:
    told = CriterionFeedback(B, text="It is not met.", seen="No evidence of it.")
    assert [r.place.field for r in check(rated("demonstrated", told))] == [Field.FEEDBACK, Field.SEEN]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Your plan is Demonstrated in every phase.", ["is Demonstrated"]),
        ("To reach Demonstrated, add a second question.", []),
        ("This is not met yet; no evidence of a second question.", []),
    ],
)
def test_below_passing_beside_the_label_of_a_passing_level(text: str, expected: list[str]) -> None:
    told = CriterionFeedback(B, text, "One question.", "A second question.", "Write one.")
    results = check(rated("progressing", told))
    assert [r.text.partition("”")[0].lstrip("“") for r in results] == expected


@pytest.mark.parametrize(
    ("text", "is_praise"),
    [
        ("Excellent. A thorough plan with clear evidence of thought.", True),
        ("Excelente trabajo, muy bien pensado.", True),
        ("Excellent start, but a second question is wanted.", False),
        ("An excellent plan. There is no evidence of questions in it.", False),
        ("The plan has four questions.", False),
        ("", False),
    ],
)
def test_below_passing_with_praise_alone(text: str, is_praise: bool) -> None:
    results = check(rated("progressing", CriterionFeedback(B, text=text)))
    assert [r.place.field for r in results] == [Field.FEEDBACK] * is_praise


def test_praise_beside_what_is_missing_is_what_a_denial_is_made_of() -> None:
    assert check(rated("progressing", CriterionFeedback(B, "Excellent.", missing="A question."))) == []
    assert check(rated("progressing", CriterionFeedback(B, "Excellent.", next_step="Add one."))) == []


ALL = rubric_version()


@pytest.mark.parametrize(
    ("level", "overall", "expected"),
    [
        ("demonstrated", "Not yet earned; submit again.", ["Not yet earned"]),
        ("demonstrated", "Congratulations on earning it.", []),
        ("progressing", "Congratulations on earning it.", ["Congratulations on earning"]),
        ("progressing", "Not yet earned, and not far from it. Submit again.", []),
        ("", "Congratulations on earning it.", []),
    ],
)
def test_the_overall_comment_and_the_outcome(level: str, overall: str, expected: list[str]) -> None:
    told = (
        CriterionFeedback(B, PRAISE, "One.", "Two.", "Three.")
        if level == "progressing"
        else CriterionFeedback(B, PRAISE)
    )
    results = check(rated(level or "no such level", told, overall=overall), ALL)
    assert [r.text.partition("”")[0].lstrip("“") for r in results] == expected
    assert all(r.place.span is not None for r in results)


def test_what_the_approver_decides_is_promised_by_nobody() -> None:
    work = rated("demonstrated", CriterionFeedback(B, PRAISE), overall="It is awarded.")
    blocked = replace(
        work, ratings=(*work.ratings[:3], Rating(B, not_scorable="NS-IDENTITY", note="A name."))
    )
    assert [r.code for r in check(blocked, ALL)] == [CheckCode.CONTRADICTS_OUTCOME]
    denied = replace(blocked, overall="It was denied.")
    assert [r.code for r in check(denied, ALL)] == [CheckCode.CONTRADICTS_OUTCOME]


# ---- changed since the last round

BEFORE = LastRound(
    tuple(Rating(c, "demonstrated") for c in (A, B, C)),
    "Please look at page 2.\n\nSent all the same, because:\n- x",
)


@pytest.mark.parametrize(
    ("note", "is_told"),
    [("", True), (" Please look at page 2. ", True), ("B changed: page 4 was read anew.", False)],
)
def test_a_changed_rating_wants_a_word_in_the_note(note: str, is_told: bool) -> None:
    work = rated("progressing", CriterionFeedback(B, PRAISE, "One.", "Two.", "Three."), note_to_approver=note)
    results = check(work, last=BEFORE)
    assert [(r.code, r.severity, r.place) for r in results] == [
        (CheckCode.RATING_CHANGED, Severity.WARN, Place(None, Field.NOTE_TO_APPROVER))
    ] * is_told


def test_what_changed_is_named_or_counted_and_another_change_is_another_finding() -> None:
    one = rated("progressing", CriterionFeedback(B, PRAISE, "One.", "Two.", "Three."), note_to_approver="")
    two = replace(one, ratings=(Rating(A, not_scorable="NS-UNREADABLE", note="x"), *one.ratings[1:]))
    (first,), (second,) = check(one, last=BEFORE), check(two, last=BEFORE)
    assert first.text.startswith("The rating of 'Plans open questions for each phase of the lesson' changed")
    assert second.text.startswith("2 ratings changed since the last round")
    assert first.key != second.key


def test_what_is_not_rated_now_or_was_not_then_has_not_changed() -> None:
    work = rated("demonstrated", CriterionFeedback(B, PRAISE), note_to_approver="")
    assert (
        check(replace(work, ratings=tuple(r for r in work.ratings if r.criterion_id != A)), last=BEFORE) == []
    )
