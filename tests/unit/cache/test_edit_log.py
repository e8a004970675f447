from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessor_app.cache import assessments, edit_log
from assessor_app.cache.engine import Store
from assessor_app.domain.assessments import Rating
from assessor_app.domain.edits import DeleteAnnotation, EditStep, PutAnnotation, SetRating
from assessor_app.domain.states import AssessmentState
from tests import builders
from tests.builders import CRITERIA, NOON
from tests.stores import open_store

SID, OTHER = builders.submission_id(1), builders.submission_id(2)
MARK = builders.annotation(1)
HIGHLIGHT = EditStep("Highlight", (PutAnnotation(MARK),), (DeleteAnnotation(MARK.id),))
RATE = EditStep(
    "Rate criterion", (SetRating(Rating(CRITERIA[0], "not_met")),), (SetRating(Rating(CRITERIA[0])),)
)


def test_undo_and_redo_walk_along_the_steps(store: Store) -> None:
    with store.write() as txn:
        assert edit_log.labels(txn, SID) == (None, None)
        assert edit_log.undo(txn, SID, 1) is None
        assert edit_log.redo(txn, SID, 1) is None
        edit_log.append(txn, SID, HIGHLIGHT, NOON)
        edit_log.append(txn, SID, RATE, NOON)
        assert edit_log.labels(txn, SID) == ("Rate criterion", None)
        assert edit_log.undo(txn, SID, 1) == RATE
        assert edit_log.labels(txn, SID) == ("Highlight", "Rate criterion")
        assert edit_log.undo(txn, SID, 1) == HIGHLIGHT
        assert edit_log.labels(txn, SID) == (None, "Highlight")
        assert edit_log.undo(txn, SID, 1) is None
        assert edit_log.redo(txn, SID, 1) == HIGHLIGHT
        assert edit_log.redo(txn, SID, 1) == RATE
        assert edit_log.redo(txn, SID, 1) is None


def test_a_new_step_ends_redo(store: Store) -> None:
    with store.write() as txn:
        edit_log.append(txn, SID, HIGHLIGHT, NOON)
        edit_log.append(txn, SID, HIGHLIGHT, NOON)
        edit_log.undo(txn, SID, 1)
        edit_log.append(txn, SID, RATE, NOON)
        assert edit_log.labels(txn, SID) == ("Rate criterion", None)
        assert edit_log.redo(txn, SID, 1) is None


def test_undo_outlives_the_program(store: Store) -> None:
    with store.write() as txn:
        edit_log.append(txn, SID, HIGHLIGHT, NOON)
        edit_log.append(txn, SID, RATE, NOON)
        edit_log.undo(txn, SID, 1)
    store.close()
    again = open_store(store.folder)
    with again.write() as txn:
        assert edit_log.labels(txn, SID) == ("Highlight", "Rate criterion")
        assert edit_log.redo(txn, SID, 1) == RATE
    again.close()


def test_an_undo_that_is_rolled_back_did_not_happen(store: Store) -> None:
    with store.write() as txn:
        edit_log.append(txn, SID, RATE, NOON)

    def fail_after_undo() -> None:
        with store.write() as txn:
            edit_log.undo(txn, SID, 1)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_after_undo()
    with store.read() as txn:
        assert edit_log.labels(txn, SID) == ("Rate criterion", None)


def test_each_submission_has_its_own_steps(store: Store) -> None:
    with store.write() as txn:
        edit_log.append(txn, SID, RATE, NOON)
        edit_log.append(txn, OTHER, HIGHLIGHT, NOON)
        edit_log.close(txn, SID)
        assert edit_log.labels(txn, SID) == (None, None)
        assert edit_log.labels(txn, OTHER) == ("Highlight", None)


def test_undo_ends_at_sending_and_starts_anew(store: Store) -> None:
    with store.write() as txn:
        edit_log.append(txn, SID, RATE, NOON)
        edit_log.close(txn, SID)
        assert edit_log.undo(txn, SID, 1) is None
        edit_log.append(txn, SID, HIGHLIGHT, NOON)
        assert edit_log.undo(txn, SID, 1) == HIGHLIGHT
        assert edit_log.undo(txn, SID, 1) is None


def test_nothing_of_a_sent_round_is_undone_even_if_the_log_was_left_open(store: Store) -> None:
    with store.write() as txn:
        assessments.begin(txn, SID, 1)
        edit_log.append(txn, SID, HIGHLIGHT, NOON)
        edit_log.append(txn, SID, RATE, NOON)
        edit_log.undo(txn, SID, 1)
        assessments.set_state(txn, SID, 1, AssessmentState.FINAL, NOON)
        assert edit_log.undo(txn, SID, 1) is None
        assert edit_log.redo(txn, SID, 1) is None
        assert edit_log.undo(txn, SID, 2) == HIGHLIGHT


@settings(max_examples=30)
@given(st.lists(st.sampled_from(["append", "append", "undo", "redo", "close"]), max_size=25))
def test_it_is_a_list_with_a_position(tmp_path_factory: pytest.TempPathFactory, acts: list[str]) -> None:
    store = open_store(Path(tmp_path_factory.mktemp("log")))
    done: list[str] = []
    undone: list[str] = []
    with store.write() as txn:
        for number, act in enumerate(acts):
            if act == "append":
                edit_log.append(txn, SID, EditStep(f"step {number}", RATE.forward, RATE.inverse), NOON)
                done, undone = [*done, f"step {number}"], []
            elif act == "undo":
                step = edit_log.undo(txn, SID, 1)
                assert (step.label if step else None) == (done[-1] if done else None)
                if done:
                    undone.append(done.pop())
            elif act == "redo":
                step = edit_log.redo(txn, SID, 1)
                assert (step.label if step else None) == (undone[-1] if undone else None)
                if undone:
                    done.append(undone.pop())
            else:
                edit_log.close(txn, SID)
                done, undone = [], []
            assert edit_log.labels(txn, SID) == (
                done[-1] if done else None,
                undone[-1] if undone else None,
            )
    store.close()
