"""How a match is meant, by what both learners declared: information or a look, never a verdict (rule 21)."""

from __future__ import annotations

from dataclasses import dataclass

from assessor_app.domain.matches import ComparedPart, MatchWeight


@dataclass(frozen=True, slots=True)
class Side:
    """What one learner said about what is in a match."""

    declared: bool
    """Collaboration, in the learner's own statement."""
    all_approved: bool
    """Every file in the match is approved as a shared team artifact; never true of written answers."""


def weight_of(part: ComparedPart, one: Side, other: Side) -> MatchWeight:
    """Information where both sides stand to it, otherwise a look; a reflection is always a look.

    One learner's statement says nothing about what the other knew, so each side has to cover the match.
    """
    if part is ComparedPart.REFLECTION:
        return MatchWeight.LOOK
    covered = [
        side.declared or (part is ComparedPart.ARTIFACT and side.all_approved) for side in (one, other)
    ]
    return MatchWeight.INFORMATION if all(covered) else MatchWeight.LOOK
