"""What was made here and never queued: told before a profile is removed, so that nothing of it is missed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from assessor_app.cache import annotations as annotation_rows
from assessor_app.cache import assessments, outbox, pre_assessments, unsent
from assessor_app.cache.engine import Store, Transaction
from assessor_app.domain.assessments import (
    ArtifactFeedback,
    CriterionFeedback,
    DecisionDraft,
    OutboxItem,
    OutboxKind,
    Rating,
)
from assessor_app.domain.pre_assessments import PreAssessment
from assessor_app.domain.states import AssessmentState, OutboxState
from tests import builders
from tests.builders import CRITERIA, NOON

SID, OTHER = builders.submission_id(1), builders.submission_id(2)
EARLIER, LATER = NOON - timedelta(minutes=5), NOON + timedelta(minutes=5)


def rating(txn: Transaction) -> None:
    assessments.set_rating(txn, SID, 1, Rating(CRITERIA[0], "demonstrated"), NOON)


def words(txn: Transaction) -> None:
    assessments.set_feedback(txn, SID, 1, CriterionFeedback(CRITERIA[0], "Seen."), NOON)


def words_on_a_piece(txn: Transaction) -> None:
    assessments.set_artifact_feedback(txn, SID, 1, ArtifactFeedback("art-1", "Seen."), NOON)


def overall(txn: Transaction) -> None:
    assessments.set_overall(txn, SID, 1, "Seen.", NOON)


def note(txn: Transaction) -> None:
    assessments.set_note(txn, SID, 1, "Seen.", NOON)


PARTS = [rating, words, words_on_a_piece, overall, note]


def mark(txn: Transaction, *, at: timedelta = timedelta(0)) -> None:
    annotation_rows.put(txn, builders.annotation(1, submission_id=SID, created_at=NOON + at))


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.__name__)
def test_each_part_of_a_draft_alone_is_told_until_it_is_final(
    store: Store, part: Callable[[Transaction], None]
) -> None:
    with store.write() as txn:
        for sid in (SID, OTHER):
            assessments.begin(txn, sid, 1)
        assert unsent.assessments(txn) == frozenset()
        part(txn)
        assert unsent.assessments(txn) == {SID}
        assessments.set_state(txn, SID, 1, AssessmentState.FINAL, NOON)
        assert unsent.assessments(txn) == frozenset()
        # What is final of one round says nothing of the next.
        assessments.begin(txn, SID, 2, copy_from_round=1)
        assert unsent.assessments(txn) == {SID}


def test_a_round_that_was_begun_and_is_empty_says_nothing_of_what_was_sent(store: Store) -> None:
    with store.write() as txn:
        assessments.begin(txn, SID, 1)
        for part in PARTS:
            part(txn)
        assessments.set_state(txn, SID, 1, AssessmentState.FINAL, NOON)
        assessments.begin(txn, SID, 2)
        assert unsent.assessments(txn) == frozenset()


@pytest.mark.parametrize(
    ("made", "is_told"),
    [(EARLIER, False), (NOON, False), (LATER, True)],
    ids=["before it was final", "as it became final", "after it was final"],
)
def test_a_mark_goes_with_what_was_made_final_after_it(store: Store, made, is_told: bool) -> None:
    with store.write() as txn:
        mark(txn, at=made - NOON)
        assert unsent.assessments(txn) == {SID}
        # Work on something else takes no mark along, and neither does what is not final.
        for text in ("Seen.", ""):
            assessments.set_overall(txn, SID, 1, text, LATER)
        assessments.begin(txn, OTHER, 1)
        assessments.set_overall(txn, OTHER, 1, "Seen.", LATER)
        assessments.set_state(txn, OTHER, 1, AssessmentState.FINAL, LATER + timedelta(days=1))
        assert unsent.assessments(txn) == {SID}
        assessments.set_state(txn, SID, 1, AssessmentState.FINAL, NOON)
        assert unsent.assessments(txn) == ({SID} if is_told else frozenset())


def decided(number: int = 1, **changes: Any) -> OutboxItem:
    return replace(builders.outbox_item(number), kind=OutboxKind.DECISION, **changes)


def prepared(txn: Transaction, in_round: int = 1) -> None:
    assessments.put_decision_draft(txn, DecisionDraft(SID, in_round, reason="Look again."))


def test_a_prepared_decision_is_told_until_it_is_queued(store: Store) -> None:
    with store.write() as txn:
        assert unsent.decisions(txn) == frozenset()
        prepared(txn)
        outbox.enqueue(txn, builders.outbox_item(7))
        outbox.enqueue(txn, decided(8, submission_id=OTHER))
        assert unsent.decisions(txn) == {SID}
        outbox.enqueue(txn, decided())
        assert unsent.decisions(txn) == frozenset()
        prepared(txn, in_round=2)
        assert unsent.decisions(txn) == {SID}


def test_a_decision_whose_sending_was_put_aside_is_told_again(store: Store) -> None:
    with store.write() as txn:
        prepared(txn)
        outbox.enqueue(txn, decided())
        outbox.move(txn, decided().id, OutboxState.SENDING)
        outbox.move(txn, decided().id, OutboxState.CONFLICT)
        assert unsent.decisions(txn) == frozenset()
        outbox.put_aside(txn, decided().id)
        assert unsent.decisions(txn) == {SID}


def test_a_pre_assessment_is_told_until_it_is_final(store: Store) -> None:
    with store.write() as txn:
        begun = PreAssessment(SID, feedback="Well begun.")
        pre_assessments.put(txn, begun)
        assert unsent.pre_assessments(txn) == {SID}
        pre_assessments.put(txn, replace(begun, state=AssessmentState.FINAL))
        assert unsent.pre_assessments(txn) == frozenset()


@pytest.mark.parametrize(("draft", "is_told"), [("'I would'", True), ("''", False), ("NULL", False)])
def test_what_a_lead_has_begun_to_answer_is_told(store: Store, draft: str, is_told: bool) -> None:
    with store.write() as txn:
        txn.connection.exec_driver_sql(
            f"INSERT INTO team_case VALUES ('c', '{SID}', 'question', 'open', 1, 0, NULL, {draft}, X'7b7d')"
        )
        assert unsent.questions(txn) == ({SID} if is_told else frozenset())
        txn.connection.exec_driver_sql(f"INSERT INTO unsent_question VALUES ('{OTHER}', 'May I')")
        assert unsent.questions(txn) == ({SID, OTHER} if is_told else {OTHER})
