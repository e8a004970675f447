"""What texts say: every text that leaves is looked through, and nothing that stays."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessor_app.domain.annotations import Audience
from assessor_app.domain.assessments import ArtifactFeedback, Assessment, CriterionFeedback, Rating
from assessor_app.domain.submissions import Accommodation, AccommodationEffect
from assessor_app.privacy.name_words import OwnName
from assessor_app.privacy.wording_scan import WordingScan
from assessor_app.rubric.award_rule import evaluate
from assessor_app.rubric.checks import (
    CheckCode,
    CheckResult,
    Field,
    Override,
    Place,
    Severity,
    in_the_way,
    reasons_list,
    run_checks,
)
from assessor_app.services.checking import word_lists
from tests.builders import CRITERIA, annotation, assessment, rubric_version

A, B, C, D = CRITERIA
PRAISE = "The plan names a purpose for each phase of it."
SCAN = WordingScan(word_lists(), own_name=OwnName("Ramona Quist"), identity_words=["lincoln middle school"])
EXTRA = Accommodation(
    AccommodationEffect.EXTEND, "Give the recorded lesson ten further minutes of playing time."
)


def check(work: Assessment, **more: Any) -> tuple[CheckResult, ...]:
    version = rubric_version()
    verdict = evaluate(version, work.ratings, more.get("accommodations", ()))
    return run_checks(version, work, verdict, **{"find_wordings": SCAN, **more})


def saying(text: str, **changes: Any) -> Assessment:
    """Complete work whose second criterion's feedback ends with a text."""
    told = [CriterionFeedback(c, text=PRAISE) for c in CRITERIA]
    told[1] = replace(told[1], text=f"{PRAISE} {text}")
    return replace(assessment(), feedback=tuple(told), **changes)


def codes(results: Iterable[CheckResult]) -> list[CheckCode]:
    return [result.code for result in results]


CASES = [
    ("Dear {{name}}, well planned.", CheckCode.PLACEHOLDER, Severity.BLOCK, Override.NOBODY),
    ("You used ___ here.", CheckCode.BLANK, Severity.WARN, Override.FREELY),
    ("You used [...] here.", CheckCode.BLANK, Severity.WARN, Override.FREELY),
    ("Write to me@example.org.", CheckCode.EMAIL, Severity.BLOCK, Override.NOBODY),
    ("Call (555) 123-4567.", CheckCode.PHONE, Severity.BLOCK, Override.NOBODY),
    ("See https://example.org/a.", CheckCode.LINK, Severity.WARN, Override.FREELY),
    ("That is careless.", CheckCode.TONE, Severity.WARN, Override.WITH_REASON),
    ("Eso es una tontería.", CheckCode.TONE, Severity.WARN, Override.WITH_REASON),
    ("Ramona Quist", CheckCode.OWN_NAME, Severity.BLOCK, Override.NOBODY),
    ("Yours, Ramona", CheckCode.OWN_NAME_PART, Severity.WARN, Override.WITH_REASON),
    ("So it is at Lincoln Middle School.", CheckCode.EVIDENCE_NAME, Severity.WARN, Override.WITH_REASON),
    ("With your accommodation it is enough.", CheckCode.ACCOMMODATION, Severity.BLOCK, Override.NOBODY),
]


@pytest.mark.parametrize(("text", "code", "severity", "override"), CASES)
def test_each_kind_with_its_weight_and_who_may_send_it(
    text: str, code: CheckCode, severity: Severity, override: Override
) -> None:
    work = saying(text)
    (result,) = check(work)
    assert (result.code, result.severity, result.override) == (code, severity, override)
    assert result.place.criterion_id == B
    assert result.place.field is Field.FEEDBACK
    assert result.place.span is not None
    start, end = result.place.span
    assert work.feedback_for(B).text[start:end].casefold() == result.about
    assert "the feedback on 'Plans open questions" in result.text
    assert result.text.endswith(".")
    assert result.is_in_the_way is (override is not Override.FREELY)


def test_one_note_of_every_text_that_leaves() -> None:
    marks = [
        annotation(1, comment="see www.example.org", audience=Audience.LEARNER),
        annotation(2, comment="see www.example.org", audience=Audience.APPROVER),
        annotation(3, comment="see www.example.org", audience=Audience.ONLY_ME),
    ]
    said = "Look at www.example.org and read on, please, to the end."
    told = CriterionFeedback(B, said, said, said, said)
    work = replace(
        assessment(),
        feedback=(*(CriterionFeedback(c, PRAISE) for c in (A, C)), told, CriterionFeedback(D, PRAISE)),
        ratings=(
            *(Rating(c, "demonstrated") for c in (A, C)),
            Rating(B, "progressing"),
            Rating(D, not_scorable="NS-IDENTITY", note="at www.example.org"),
        ),
        overall="www.example.org",
        note_to_approver="www.example.org",
        artifact_feedback=(
            ArtifactFeedback("art-1", "www.example.org"),
            ArtifactFeedback("r-1", "www.example.org"),
        ),
    )
    results = check(work, marks=marks, pieces={"art-1": "Artifact 1.pdf"})
    links = [r for r in results if r.code is CheckCode.LINK]
    assert {replace(r.place, span=None) for r in links} == {
        Place(B, Field.FEEDBACK),
        Place(B, Field.SEEN),
        Place(B, Field.MISSING),
        Place(B, Field.NEXT_STEP),
        Place(D, Field.NOTE),
        Place(None, Field.OVERALL),
        Place(None, Field.NOTE_TO_APPROVER),
        Place(None, Field.ON_EVIDENCE, "art-1"),
        Place(None, Field.ON_EVIDENCE, "r-1"),
        Place(None, Field.MARK, annotation_id=marks[0].id),
        Place(None, Field.MARK, annotation_id=marks[1].id),
    }
    sentences = " ".join(r.text for r in links)
    assert "the feedback on Artifact 1.pdf" in sentences
    assert "the feedback on a response" in sentences
    assert "{" not in sentences


def test_the_same_words_in_one_text_are_told_once() -> None:
    assert codes(check(saying("Careless, careless, and sloppy."))) == [CheckCode.TONE, CheckCode.TONE]


def test_words_of_accommodations_are_ordinary_until_one_was_approved() -> None:
    lesson = "Students with an IEP get extended time and other accommodations in your plan."
    assert check(saying(lesson)) == ()
    results = check(saying(lesson), accommodations=[EXTRA])
    assert codes(results) == [CheckCode.ACCOMMODATION] * 3
    assert all(result.override is Override.NOBODY for result in results)


def test_the_instruction_itself_is_known_again_but_not_its_single_words() -> None:
    scan = WordingScan(word_lists(), instructions=[EXTRA.instruction])
    same = {"find_wordings": scan, "accommodations": [EXTRA]}
    assert check(saying("The recorded lesson shows playing time well."), **same) == ()
    (result,) = check(saying("With ten further minutes of playing time it is clear."), **same)
    assert result.code is CheckCode.ACCOMMODATION
    assert result.text == (
        "“ten further minutes of” in the feedback on 'Plans open questions for each phase of the lesson' "
        "repeats what was approved for the learner."
    )


def test_the_approver_may_read_of_an_accommodation() -> None:
    note = "Because of the approved accommodation I watched ten minutes more."
    assert check(saying("", note_to_approver=note), accommodations=[EXTRA]) == ()


def test_what_is_long_is_quoted_short() -> None:
    (result,) = check(saying("https://example.org/" + "a" * 300))
    assert "aaa…”" in result.text or "aaa…" in result.text
    assert len(result.text) < 200


def test_a_reason_lets_it_go_and_the_approver_reads_it() -> None:
    work = saying("A careless reader in the story is what students discuss.")
    (tone,) = check(work)
    assert in_the_way([tone]) == (tone,)
    assert reasons_list([tone]) == ""
    (told,) = check(work, reasons={tone.key: "It speaks of the story."})
    assert in_the_way([told]) == ()
    assert reasons_list([told]) == f"Sent all the same, because:\n- {tone.text} It speaks of the story."
    (blank,) = check(work, reasons={tone.key: "  "})
    assert blank.is_in_the_way


def test_other_words_and_other_places_need_a_reason_of_their_own() -> None:
    (tone,) = check(saying("A careless reader."))
    reasons = {tone.key: "It speaks of the story."}
    assert [r.is_in_the_way for r in check(saying("Then: a careless reader."), reasons=reasons)] == [False]
    assert [r.is_in_the_way for r in check(saying("A sloppy reader."), reasons=reasons)] == [True]
    assert [r.is_in_the_way for r in check(saying("", overall="Careless."), reasons=reasons)] == [True]


def test_what_nobody_may_send_is_not_sent_in_a_reason() -> None:
    work = saying("A careless reader.")
    (tone,) = check(work)
    results = check(work, reasons={tone.key: "Ask me@example.org, that careless man."})
    assert [(r.code, r.place.field) for r in results] == [
        (CheckCode.EMAIL, Field.REASON),
        (CheckCode.TONE, Field.FEEDBACK),
    ]
    assert len(in_the_way(results)) == 1
    # A reason that is for nothing leaves with nothing, and is not looked through.
    assert check(saying(""), reasons={tone.key: "Ask me@example.org."}) == ()


@given(st.text(max_size=400), st.text(max_size=60))
def test_any_text_is_looked_through(text: str, reason: str) -> None:
    work = saying(text, overall=text, note_to_approver=text)
    first = check(work)
    again = check(work, reasons={result.key: reason for result in first})
    assert {r.key for r in first} <= {r.key for r in again}
