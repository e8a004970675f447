"""What stands above the work, before it is shown. No widgets."""

from __future__ import annotations

from dataclasses import dataclass

from assessor_app.domain.ids import CriterionId


@dataclass(frozen=True, slots=True)
class BannerAct:
    """One thing that a banner offers to do."""

    id: str
    words: str
    icon: str


@dataclass(frozen=True, slots=True)
class Banner:
    """What stands above the work: what happened, and what can be done about it."""

    kind: str
    """A kind of card: accent, ok, warning, danger or true."""
    icon: str
    title: str
    lines: tuple[str, ...] = ()
    quoted: str = ""
    """Words of another person, shown apart."""
    criteria: tuple[CriterionId, ...] = ()
    """Criteria to jump to."""
    criteria_title: str = ""
    """What is said before them; by itself that the words above name them."""
    can_take_back: bool = False
    acts: tuple[BannerAct, ...] = ()
    counts_down: bool = False
    """Whether its words change with the time."""
