"""The state tables: the tables are the rule, so the tests say what they must and must not hold."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import pytest

from assessor_app.domain.calibration import CALIBRATION_TRANSITIONS, REVEALED_STATES, CalibrationState
from assessor_app.domain.states import (
    ASSESSMENT_TRANSITIONS,
    OUTBOX_TRANSITIONS,
    SETTLED,
    SUBMISSION_TRANSITIONS,
    AssessmentState,
    IllegalTransition,
    OutboxState,
    SubmissionStatus,
    check_transition,
)

S, A, OUT, C = SubmissionStatus, AssessmentState, OutboxState, CalibrationState

TABLES: list[tuple[type[StrEnum], Mapping[Any, frozenset[Any]]]] = [
    (S, SUBMISSION_TRANSITIONS),
    (A, ASSESSMENT_TRANSITIONS),
    (OUT, OUTBOX_TRANSITIONS),
    (C, CALIBRATION_TRANSITIONS),
]

LEGAL: dict[type[StrEnum], set[tuple[StrEnum, StrEnum]]] = {
    S: {
        (S.SUBMITTED, S.IN_PRE_ASSESSMENT),
        (S.SUBMITTED, S.WAITING_ON_ASSESSOR),
        (S.IN_PRE_ASSESSMENT, S.INCOMPLETE),
        (S.IN_PRE_ASSESSMENT, S.WAITING_ON_ASSESSOR),
        (S.WAITING_ON_ASSESSOR, S.WAITING_ON_APPROVER),
        (S.WAITING_ON_APPROVER, S.WAITING_ON_ASSESSOR),
        (S.WAITING_ON_APPROVER, S.RETURNED),
        (S.WAITING_ON_APPROVER, S.AWARDED),
        (S.WAITING_ON_APPROVER, S.DENIED),
        (S.RETURNED, S.WAITING_ON_APPROVER),
        (S.SUBMITTED, S.WITHDRAWN),
        (S.IN_PRE_ASSESSMENT, S.WITHDRAWN),
        (S.WAITING_ON_ASSESSOR, S.WITHDRAWN),
        (S.WAITING_ON_APPROVER, S.WITHDRAWN),
        (S.RETURNED, S.WITHDRAWN),
    },
    A: {(A.DRAFT, A.FINAL), (A.FINAL, A.DRAFT), (A.FINAL, A.RETURNED), (A.RETURNED, A.FINAL)},
    OUT: {
        (OUT.QUEUED, OUT.SENDING),
        (OUT.SENDING, OUT.QUEUED),
        (OUT.SENDING, OUT.ACKED),
        (OUT.SENDING, OUT.CONFLICT),
        (OUT.SENDING, OUT.REJECTED),
        (OUT.SENDING, OUT.BLOCKED),
        (OUT.CONFLICT, OUT.QUEUED),
        (OUT.REJECTED, OUT.QUEUED),
        (OUT.BLOCKED, OUT.QUEUED),
    },
    C: {
        (C.DRAFT, C.COLLECTING),
        (C.COLLECTING, C.LOCKED),
        (C.LOCKED, C.REVEALED),
        (C.REVEALED, C.DISCUSSING),
        (C.DISCUSSING, C.CONSENSUS_SET),
        (C.CONSENSUS_SET, C.CLOSED),
    },
}


@pytest.mark.parametrize(("states", "table"), TABLES)
def test_exactly_the_legal_steps_are_open(states: type[StrEnum], table: Mapping[Any, frozenset[Any]]) -> None:
    assert set(table) == set(states)
    for old in states:
        for new in states:
            if (old, new) in LEGAL[states]:
                check_transition(table, old, new)
            else:
                with pytest.raises(IllegalTransition, match=f"{old} -> {new}"):
                    check_transition(table, old, new)


def test_settled_means_that_no_step_is_left() -> None:
    assert {state for state, following in SUBMISSION_TRANSITIONS.items() if not following} == SETTLED


def test_nothing_leaves_the_outbox_but_through_a_receipt() -> None:
    assert [state for state, following in OUTBOX_TRANSITIONS.items() if not following] == [OUT.ACKED]


def test_revealed_is_everything_from_the_reveal_on() -> None:
    following = {C.REVEALED}
    for _ in C:
        following |= {new for old in following for new in CALIBRATION_TRANSITIONS[old]}
    assert following == REVEALED_STATES
