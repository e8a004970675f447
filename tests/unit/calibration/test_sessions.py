"""Blind stays blind, and the first rating stays the first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from assessor_app.calibration.sessions import advance, lock, rate, visible_ratings, without_references
from assessor_app.domain.calibration import (
    Anchor,
    AnchorId,
    AnchorRole,
    BlindRating,
    CalibrationSession,
    CalibrationState,
    SessionId,
)
from assessor_app.domain.ids import ActorId, CriterionId
from assessor_app.domain.states import IllegalTransition
from assessor_app.errors import NotAllowed
from tests.builders import CRITERIA, NOON, rubric_ref, rubric_version, submission_id

ANN, BEN, LEAD = ActorId("a-1"), ActorId("a-2"), ActorId("l-1")
ANCHORS = (AnchorId("anchor-1"), AnchorId("anchor-2"))
TWO = CRITERIA[:2]
S = CalibrationState


def session(state: CalibrationState = S.COLLECTING, **changes: Any) -> CalibrationSession:
    anchors = tuple(
        Anchor(
            anchor, submission_id(i), AnchorRole.QUALIFY_1, ((TWO[0], "demonstrated"),), "It names a purpose."
        )
        for i, anchor in enumerate(ANCHORS)
    )
    made = CalibrationSession(
        SessionId("s-1"), "Autumn", rubric_ref(rubric_version()), state, anchors, (ANN, BEN)
    )
    return replace(made, **changes)


def rating(
    actor: ActorId = ANN,
    anchor: AnchorId = ANCHORS[0],
    criterion: CriterionId = TWO[0],
    level: str = "progressing",
) -> BlindRating:
    return BlindRating(anchor, criterion, actor, level, NOON)


def everything(actor: ActorId) -> tuple[BlindRating, ...]:
    return tuple(rating(actor, anchor, criterion) for anchor in ANCHORS for criterion in TWO)


@pytest.mark.parametrize("state", S)
@pytest.mark.parametrize("locked", [frozenset(), frozenset({ANN}), frozenset({BEN}), frozenset({ANN, BEN})])
def test_nobody_sees_anothers_rating_before_reveal_and_own_lock(
    state: CalibrationState, locked: frozenset[ActorId]
) -> None:
    ratings = (rating(ANN), rating(BEN))
    seen = visible_ratings(session(state, locked=locked), ratings, ANN)
    is_revealed = state in {S.REVEALED, S.DISCUSSING, S.CONSENSUS_SET, S.CLOSED}
    assert seen == (ratings if is_revealed and ANN in locked else ratings[:1])


def test_a_lead_sees_nothing_before_the_reveal_either() -> None:
    ratings = (rating(ANN), rating(BEN))
    assert visible_ratings(session(S.LOCKED), ratings, LEAD) == ()
    assert visible_ratings(session(S.REVEALED), ratings, LEAD) == ratings


def test_references_travel_only_after_the_reveal() -> None:
    hidden = without_references(session(S.LOCKED))
    assert all(anchor.reference is None and anchor.rationale == "" for anchor in hidden.anchors)
    assert without_references(session(S.REVEALED)) == session(S.REVEALED)


def test_a_rating_can_be_changed_until_it_is_locked_and_never_after() -> None:
    first = rate(session(), (rating(BEN),), rating(level="progressing"))
    changed = rate(session(), first, rating(level="demonstrated"))
    assert changed == (rating(BEN), rating(level="demonstrated"))
    with pytest.raises(NotAllowed, match="never changes"):
        rate(session(locked=frozenset({ANN})), changed, rating(level="not_met"))


def test_ratings_of_other_cells_stay() -> None:
    ratings = rate(session(), everything(ANN), rating(ANN, ANCHORS[1], TWO[0], "not_met"))
    assert len(ratings) == len(everything(ANN))
    assert ratings[-1].level == "not_met"


@pytest.mark.parametrize("state", sorted(set(S) - {S.COLLECTING}))
def test_only_a_collecting_round_takes_ratings(state: CalibrationState) -> None:
    with pytest.raises(NotAllowed, match="no ratings now"):
        rate(session(state), (), rating())


def test_only_participants_rate_anchors_of_the_round() -> None:
    with pytest.raises(NotAllowed, match="take part"):
        rate(session(), (), rating(LEAD))
    with pytest.raises(KeyError):
        rate(session(), (), rating(anchor=AnchorId("elsewhere")))


def test_locking_needs_every_rating_of_ones_own() -> None:
    others = everything(BEN)
    with pytest.raises(NotAllowed, match="1 ratings are open"):
        lock(session(), (*others, *everything(ANN)[1:]), ANN, TWO)
    locked = lock(session(), (*others, *everything(ANN)), ANN, TWO)
    assert locked.locked == {ANN}
    with pytest.raises(NotAllowed, match="locked"):
        lock(locked, everything(ANN), ANN, TWO)


def test_the_round_ends_when_all_have_locked_or_the_lead_ends_it() -> None:
    half = session(locked=frozenset({ANN}))
    with pytest.raises(NotAllowed, match="1 of 2"):
        advance(half, S.LOCKED)
    ended = advance(half, S.LOCKED, closed_by_lead=True)
    assert ended.state is S.LOCKED
    assert ended.locked == {ANN, BEN}
    assert advance(session(locked=frozenset({ANN, BEN})), S.LOCKED).state is S.LOCKED


def test_nothing_is_revealed_out_of_turn() -> None:
    with pytest.raises(IllegalTransition):
        advance(session(), S.REVEALED, closed_by_lead=True)
    assert advance(session(S.LOCKED), S.REVEALED).state is S.REVEALED
