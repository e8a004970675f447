"""Ratings given under another version of the rubric: which no longer count, and what is said about them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from assessor_app.domain.assessments import Assessment, Rating
from assessor_app.domain.states import AssessmentState
from assessor_app.rubric.award_rule import evaluate
from assessor_app.rubric.checks import CheckCode, Field, Place, Severity, run_checks
from assessor_app.rubric.native import published
from assessor_app.rubric.outdated import counted, findings, has_changed, outdated
from assessor_app.rubric.schema import Count, RubricStatus, RubricVersion, VersionChange
from tests.builders import CRITERIA, rubric_version, submission_id

A, B, C, D = CRITERIA
OLD = rubric_version(1)


def reworded(number: int = 2, **changes: Any) -> RubricVersion:
    """A version in which the second criterion has another text."""
    analyze, design, implement = OLD.requirements
    criterion = replace(design.criteria[0], text="Plans closed questions.")
    requirements = (analyze, replace(design, criteria=(criterion,)), implement)
    new = replace(
        OLD, version=number, supersedes=number - 1, status=RubricStatus.DRAFT, requirements=requirements
    )
    return published(replace(new, **changes))


NEW = reworded()
KNOWN = {OLD.hash: OLD}


def work(*ratings: Rating, rubric_hash: str = OLD.hash) -> Assessment:
    return Assessment(submission_id(), 1, AssessmentState.DRAFT, ratings, rubric_hash=rubric_hash)


def rated(under: str, *criteria: str) -> tuple[Rating, ...]:
    return tuple(Rating(c, "demonstrated", rubric_hash=under) for c in CRITERIA if c in criteria)


def test_only_a_rating_of_what_changed_does_not_count() -> None:
    begun = work(*rated(OLD.hash, A, B, C, D))
    changed = outdated(begun, NEW, KNOWN)
    assert {c: [x.text for x in told] for c, told in changed.items()} == {
        B: ["The text of 'Plans closed questions' changed."]
    }
    assert counted(begun, frozenset({B})).ratings == rated(OLD.hash, A, C, D)
    assert counted(begun, frozenset()) is begun


def test_rated_again_it_counts() -> None:
    assert outdated(work(*rated(OLD.hash, A), *rated(NEW.hash, B)), NEW, KNOWN) == {}


def test_a_rating_without_a_version_of_its_own_was_given_when_the_work_began() -> None:
    assert list(outdated(work(*rated("", A, B)), NEW, KNOWN)) == [B]
    assert outdated(work(*rated("", A, B), rubric_hash=""), NEW, KNOWN) == {}


def test_of_a_version_that_is_not_at_hand_every_rating_is_looked_at_again() -> None:
    assert outdated(work(*rated("f" * 64, A, B)), NEW, KNOWN) == {A: (), B: ()}


def test_other_words_for_the_same_ask_for_nothing() -> None:
    editorial = reworded(change=VersionChange.EDITORIAL)
    assert outdated(work(*rated(OLD.hash, A, B)), editorial, KNOWN) == {}


def test_what_is_not_rated_or_not_in_the_rubric_is_not_outdated() -> None:
    gone = Rating(criterion_id="gone-1", level="demonstrated", rubric_hash=OLD.hash)  # type: ignore[arg-type]
    assert outdated(work(Rating(B, note="why", rubric_hash=OLD.hash), gone), NEW, KNOWN) == {}


def test_the_findings_say_that_the_rubric_changed() -> None:
    begun = work(*rated(OLD.hash, A, B, D))
    counts = counted(begun, frozenset({B}))
    checks = run_checks(NEW, counts, evaluate(NEW, counts.ratings))
    found = findings(checks, begun, NEW, frozenset({B}))
    first, *rest = found
    assert (first.code, first.severity, first.place) == (
        CheckCode.RUBRIC_CHANGED,
        Severity.BLOCK,
        Place(None, Field.RUBRIC),
    )
    (second,) = [c for c in rest if c.code is CheckCode.RUBRIC_CHANGED]
    assert second.criterion_id == B
    assert second.text == "The rubric changed for 'Plans closed questions'; rate it again."
    assert "Each rating counts" in second.explanation
    unrated = [c.criterion_id for c in found if c.code is CheckCode.UNRATED]
    assert unrated == [C]


def test_once_accepted_only_the_ratings_are_named() -> None:
    accepted = work(*rated(OLD.hash, B), rubric_hash=NEW.hash)
    assert findings((), accepted, NEW, frozenset({B})) == ()
    assert not has_changed(accepted, NEW)
    assert not has_changed(work(rubric_hash=""), NEW)


def test_another_rule_alone_leaves_every_rating_as_it_is() -> None:
    ruled = published(replace(OLD, version=2, status=RubricStatus.DRAFT, award_rule=Count(3)))
    begun = work(*rated(OLD.hash, A, B))
    assert outdated(begun, ruled, KNOWN) == {}
    assert has_changed(begun, ruled)
