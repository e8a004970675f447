"""Which criteria are to be looked at again as evidence is replaced: those rated from it, and no others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache import assessments, evidence_changes, submissions
from assessor_app.cache.engine import Store, Transaction
from assessor_app.domain.assessments import CriterionFeedback, Rating
from assessor_app.domain.ids import RequirementId
from assessor_app.domain.submissions import Part, Submission
from tests import builders
from tests.builders import CRITERIA, NOON

SUB = builders.submission(1)
FIRST, SECOND = SUB.parts[1].artifacts
NEW = b"%PDF-1.7 another"


def replaced(submission: Submission = SUB) -> Submission:
    """Other bytes for the first file, which the second of four criteria is rated from."""
    other = replace(FIRST, sha256=builders.artifact(content=NEW).sha256)
    parts = (SUB.parts[0], replace(SUB.parts[1], artifacts=(other, SECOND)), SUB.parts[2])
    return replace(submission, parts=parts)


def with_part_of_no_requirement() -> Submission:
    """The rubric has no such requirement: nobody can say which criterion it belongs to."""
    return replace(
        SUB, parts=(*SUB.parts, Part(RequirementId("elsewhere"), artifacts=(builders.artifact(7),)))
    )


def rated(txn: Transaction, *criteria: int, in_round: int = 1) -> None:
    for number in criteria:
        assessments.begin(txn, SUB.id, in_round)
        assessments.set_rating(txn, SUB.id, in_round, Rating(CRITERIA[number], "demonstrated"), NOON)


def noted(
    store: Store, after: Submission, *more: Callable[[Transaction], None]
) -> dict[int, tuple[str, ...]]:
    """What is to be looked at again, by the number of the criterion."""
    with store.write() as txn:
        submissions.put_rubric(txn, builders.rubric_version())
        submissions.put_submission(txn, SUB)
        for one in more:
            one(txn)
        before = evidence_changes.as_rated(txn, SUB.id)
        submissions.put_submission(txn, after)
        if before is not None:
            evidence_changes.note(txn, before, after)
        return {CRITERIA.index(name): pieces for name, pieces in evidence_changes.of(txn, SUB.id).items()}


def every(txn: Transaction) -> None:
    rated(txn, 0, 1, 2, 3)


def test_what_is_rated_under_its_requirement_is_to_be_looked_at(store: Store) -> None:
    assert noted(store, replaced(), every) == {1: (FIRST.id,)}


def test_what_is_not_rated_is_not(store: Store) -> None:
    assert noted(store, replaced(), lambda txn: rated(txn, 0, 2)) == {}


def test_what_nobody_rated_is_not_even_read(store: Store) -> None:
    assert noted(store, replaced()) == {}


def test_the_same_evidence_says_nothing(store: Store) -> None:
    assert noted(store, replace(SUB, rev=2), every) == {}


def test_a_criterion_that_a_mark_ties_to_the_piece_is_touched_as_well(store: Store) -> None:
    def tied(txn: Transaction) -> None:
        annotation_rows.put(txn, builders.annotation(1, criteria=(CRITERIA[3],)))

    assert noted(store, replaced(), every, tied) == {1: (FIRST.id,), 3: (FIRST.id,)}


def test_a_mark_on_another_piece_ties_nothing(store: Store) -> None:
    def elsewhere(txn: Transaction) -> None:
        mark = builders.annotation(1, criteria=(CRITERIA[3],))
        annotation_rows.put(txn, replace(mark, anchor=replace(mark.anchor, source_id=SECOND.id)))

    assert noted(store, replaced(), every, elsewhere) == {1: (FIRST.id,)}


def test_a_criterion_for_which_she_looked_into_the_piece_is_touched_as_well(store: Store) -> None:
    def looked(txn: Transaction) -> None:
        looked_in = CriterionFeedback(CRITERIA[0], "Seen.", looked_in=(FIRST.id,))
        assessments.set_feedback(txn, SUB.id, 1, looked_in, NOON)

    assert noted(store, replaced(), every, looked) == {0: (FIRST.id,), 1: (FIRST.id,)}


def test_a_piece_of_no_requirement_touches_everything_that_is_rated(store: Store) -> None:
    touched = noted(store, with_part_of_no_requirement(), lambda txn: rated(txn, 0, 2, 3))
    assert touched == dict.fromkeys((0, 2, 3), (builders.artifact(7).id,))


@pytest.mark.parametrize(
    ("begun", "expected"),
    [((), {1: (FIRST.id,)}), ((0, 1), {1: (FIRST.id,)}), ((0,), {})],
    ids=["not begun", "begun", "begun and rated otherwise"],
)
def test_a_round_that_was_not_begun_goes_on_from_the_ratings_of_the_last(
    store: Store, begun: tuple[int, ...], expected: dict[int, tuple[str, ...]]
) -> None:
    after = replace(replaced(), round=2)
    assert noted(store, after, every, lambda txn: rated(txn, *begun, in_round=2)) == expected


def test_what_is_rated_again_is_over_and_the_rest_stays(store: Store) -> None:
    noted(store, with_part_of_no_requirement(), every)
    with store.write() as txn:
        evidence_changes.looked_at(txn, SUB.id, CRITERIA[:2])
        evidence_changes.looked_at(txn, builders.submission_id(2), CRITERIA)
        assert list(evidence_changes.of(txn, SUB.id)) == sorted(CRITERIA[2:])
