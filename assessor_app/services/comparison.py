"""What the compare view shows of something that was changed on both sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from assessor_app.domain.conflicts import ConflictKind
from assessor_app.domain.ids import SubmissionId
from assessor_app.domain.merging import Difference, Keep, Part, Value
from assessor_app.domain.states import SubmissionStatus
from assessor_app.rubric.schema import RubricVersion


class Fate(StrEnum):
    """What can still become of her side."""

    UNKNOWN = "unknown"
    """The platform's side has not arrived yet."""
    OPEN = "open"
    """It is her turn: what she puts together can be sent."""
    SENT = "sent"
    """The platform has the other one, and the approver has not decided: hers stays a draft."""
    OVER = "over"
    """Decided, withdrawn or with somebody else: it can only be read and kept."""
    SETTLED = "settled"
    """She has chosen before: both sides can be read."""


@dataclass(frozen=True, slots=True)
class ToCompare:
    """One line of what is to be compared."""

    id: str
    submission_id: SubmissionId
    title: str
    """Code and title; empty where the submission is not on this computer."""
    found_at: datetime
    kind: ConflictKind


@dataclass(frozen=True, slots=True)
class ComparedPart:
    """One part of the work, as each side has it."""

    part: Part
    base: Value | None
    mine: Value | None
    theirs: Value | None
    differs: bool
    is_open: bool = False
    """Whether both sides changed it, each in another way."""
    stands: Keep | None = None
    """Whose side stands without a choice; None where nothing is to be chosen."""
    is_judged: bool = False
    """An approver had judged this before it changed."""

    @property
    def difference(self) -> Difference:
        """The same, as what can be chosen from."""
        return Difference(self.part, self.base, self.mine, self.theirs)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Both sides of something, and what can be done about it."""

    id: str
    submission_id: SubmissionId
    code: str
    title: str
    kind: ConflictKind
    fate: Fate
    found_at: datetime
    rubric: RubricVersion | None
    parts: tuple[ComparedPart, ...]
    """In the order of the rubric; then what is about the whole, then marks by page."""
    knows_base: bool
    status: SubmissionStatus | None = None
    labels: Mapping[SubmissionStatus, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    """What each piece of evidence is called on screen, by its id."""
    is_covered: bool = False
    """Whether what the assessor says now stays covered: the approver is still to look for herself."""
    theirs_known: bool = False
    """Whether the platform's side has arrived."""
    is_decision: bool = False
    """Whether both sides are decisions of the approver."""
    round_now: int = 1
    round: int = 1
    can_take_back: bool = False
    """Whether what the platform has can still be taken back."""
    token: str = ""
    """Stands for exactly what is shown; a choice on anything else is refused."""

    @property
    def can_choose(self) -> bool:
        """Whether there is something to be put together."""
        return self.fate in (Fate.OPEN, Fate.SENT) and any(part.stands is not None for part in self.parts)
