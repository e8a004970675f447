"""The rules of a calibration session, as functions from one state of it to the next.

Nobody sees another's rating before the reveal, nor before the own lock; what was locked never changes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assessor_app.domain.calibration import (
    CALIBRATION_TRANSITIONS,
    REVEALED_STATES,
    AnchorId,
    BlindRating,
    CalibrationSession,
    CalibrationState,
)
from assessor_app.domain.ids import ActorId, CriterionId
from assessor_app.domain.states import check_transition
from assessor_app.errors import NotAllowed


def visible_ratings(
    session: CalibrationSession, ratings: Sequence[BlindRating], viewer: ActorId
) -> tuple[BlindRating, ...]:
    """The ratings that one person may see: the own always, the others' once revealed.

    A participant who has not locked sees nobody else's, whatever the state; a lead is no exception before
    the reveal.
    """
    may_see_all = session.state in REVEALED_STATES and (
        viewer not in session.participants or viewer in session.locked
    )
    return tuple(rating for rating in ratings if may_see_all or rating.actor_id == viewer)


def without_references(session: CalibrationSession) -> CalibrationSession:
    """The session as a participant may hold it: before the reveal no anchor carries its levels or why."""
    if session.state in REVEALED_STATES:
        return session
    anchors = tuple(replace(anchor, reference=None, rationale="") for anchor in session.anchors)
    return replace(session, anchors=anchors)


def rate(
    session: CalibrationSession, ratings: Sequence[BlindRating], new: BlindRating
) -> tuple[BlindRating, ...]:
    """The ratings with one more, or with an own one changed that is not locked yet.

    Raises:
        NotAllowed: not a participant, not the time for it, or already locked.
        KeyError: the session has no such anchor.
    """
    _check_may_rate(session, new.actor_id)
    if all(anchor.id != new.anchor_id for anchor in session.anchors):
        raise KeyError(new.anchor_id)
    others = [rating for rating in ratings if _cell(rating) != _cell(new)]
    return (*others, new)


def lock(
    session: CalibrationSession,
    ratings: Sequence[BlindRating],
    actor: ActorId,
    criteria: Sequence[CriterionId],
) -> CalibrationSession:
    """The session with one participant's ratings locked for good.

    Args:
        session: one that collects ratings.
        ratings: all that were made.
        actor: who locks.
        criteria: those of the rubric version, each of which is rated for each anchor.

    Raises:
        NotAllowed: not a participant, not the time for it, already locked, or something is not rated yet.
    """
    _check_may_rate(session, actor)
    rated = {(rating.anchor_id, rating.criterion_id) for rating in ratings if rating.actor_id == actor}
    open_cells = sum(
        (anchor.id, criterion) not in rated for anchor in session.anchors for criterion in criteria
    )
    if open_cells:
        raise NotAllowed(
            "Not everything is rated yet",
            f"{open_cells} ratings are open. What you rated is safe.",
            "Rate the rest, then lock.",
        )
    return replace(session, locked=session.locked | {actor})


def advance(
    session: CalibrationSession, to: CalibrationState, *, closed_by_lead: bool = False
) -> CalibrationSession:
    """The session in its next state.

    Args:
        session: any.
        to: the next state by the table.
        closed_by_lead: the lead ends the collecting although some have not locked; this locks everybody.

    Raises:
        IllegalTransition: the table does not hold the step.
        NotAllowed: the collecting would end while somebody has not locked.
    """
    check_transition(CALIBRATION_TRANSITIONS, session.state, to)
    waiting = len(set(session.participants) - session.locked)
    if to is CalibrationState.LOCKED and waiting:
        if not closed_by_lead:
            raise NotAllowed(
                "Not everybody has locked yet",
                f"{waiting} of {len(session.participants)} are still rating. Nothing was revealed.",
                "Wait, or close the round as its lead.",
            )
        session = replace(session, locked=frozenset(session.participants))
    return replace(session, state=to)


def _cell(rating: BlindRating) -> tuple[AnchorId, CriterionId, ActorId]:
    return rating.anchor_id, rating.criterion_id, rating.actor_id


def _check_may_rate(session: CalibrationSession, actor: ActorId) -> None:
    """Raise NotAllowed unless this person may rate now."""
    if actor not in session.participants:
        raise NotAllowed("You do not take part in this round", "Nothing was changed.", "Ask the team lead.")
    if session.state is not CalibrationState.COLLECTING:
        raise NotAllowed("This round takes no ratings now", "What you rated is safe.")
    if actor in session.locked:
        raise NotAllowed(
            "Your ratings are locked",
            "The first rating counts and never changes; it is safe.",
            "What the group agrees on later is recorded beside it.",
        )
