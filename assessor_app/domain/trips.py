"""Working away from the network for a while: what to take along, in which order, and whether it is all here.

A trip lasts until a moment. What is proposed is open work that is due by then, and work whose time with this
person ends by then. Whether everything is here is said thing by thing; nothing is counted as ready that was
not looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from math import ceil
from statistics import median

from assessor_app.domain.claims import ClaimAnswer
from assessor_app.domain.ids import SubmissionId

MINUTES_A_PAGE = 2
WORDS_A_MINUTE = 200
MEDIA_FACTOR = 1.5
"""A recording is watched once, with stops and a second look at places."""
MINUTES_AN_UNKNOWN_RECORDING = 10
MINUTES_A_CRITERION = 4
"""Rating and feedback."""
LEAST_MINUTES = 5
"""So much is left of a submission however long it was worked on."""
OWN_TIMES_NEEDED = 3
"""From so many finished submissions on, a person's own times say more than any rate."""
MARGIN = timedelta(hours=24)
"""So long after the return work is kept: there is still time to send."""
LONGEST_HOURS = 24 * 30
"""The platform gives nobody work for longer than this from now on."""
NEXT_FEW = 3
"""So many are proposed where nothing is due before the return."""


class Why(StrEnum):
    """Why a submission is proposed."""

    DUE = "due"
    TIME_ENDS = "time_ends"
    NEXT = "next"
    """Nothing is due before the return; it comes next."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One submission that could be taken along."""

    id: SubmissionId
    code: str
    title: str
    due_at: datetime | None = None
    lease_until: datetime | None = None
    """Until when it is this person's; None where that has no end."""
    pages: int = 0
    recorded_minutes: int = 0
    unmeasured: int = 0
    """Recordings whose length is not known."""
    words: int = 0
    criteria: int = 0
    spent_minutes: int = 0
    """What this person has worked on it so far."""
    size_bytes: int = 0
    missing_bytes: int = 0
    """What of that is still to be fetched."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """How long some work takes."""

    minutes: int
    own_median: int | None
    """Minutes of this person's own median for a submission; None where rates were taken instead."""


class Topic(StrEnum):
    """What one check looks at."""

    SUBMISSION = "submission"
    FILE = "file"
    LINK = "link"
    EARLIER = "earlier"
    """A file of an earlier attempt."""
    RUBRIC = "rubric"
    HISTORY = "history"
    RULES = "rules"
    """The issuer's settings and calendar."""
    CLAIM = "claim"


class Standing(StrEnum):
    """What a check found."""

    READY = "ready"
    MISSING = "missing"
    """Not on this computer."""
    DAMAGED = "damaged"
    """The copy on this computer is not what was fetched."""
    DAMAGED_THERE = "damaged_there"
    """What the platform has is not what it announces."""
    NOT_SHOWN = "not_shown"
    """It is here and whole, but cannot be shown on this computer, at home as little as on a trip."""
    NO_COPY = "no_copy"
    """A link of which the platform has no copy."""
    TIME_ENDS = "time_ends"
    """The work stops being this person's before the return."""
    NOT_YOURS = "not_yours"


class Cure(StrEnum):
    """What the person can do about it."""

    NONE = "none"
    FETCH = "fetch"
    RENEW = "renew"
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Checked:
    """One thing that was looked at."""

    topic: Topic
    standing: Standing
    key: str = ""
    """Id of the artifact or the link; empty for anything else."""
    title: str = ""
    """What it is called: a neutral name such as "Artifact 2.pdf", or a link's title."""
    detail: str = ""
    """Why it cannot be shown, as its card says."""
    until: datetime | None = None
    refused: ClaimAnswer | None = None
    """Why the platform does not let this person keep it for longer."""

    @property
    def is_trouble(self) -> bool:
        """Whether it would be missed on the trip."""
        return self.standing not in (Standing.READY, Standing.NOT_SHOWN)

    @property
    def cure(self) -> Cure:
        """What helps."""
        if self.standing in (Standing.MISSING, Standing.DAMAGED):
            return Cure.FETCH
        if self.standing is Standing.TIME_ENDS and self.refused is None:
            return Cure.RENEW
        if self.standing in (Standing.NO_COPY, Standing.TIME_ENDS, Standing.DAMAGED_THERE):
            return Cure.OPEN
        return Cure.NONE


@dataclass(frozen=True, slots=True)
class SubmissionCheck:
    """Everything that was looked at for one submission."""

    id: SubmissionId
    code: str
    items: tuple[Checked, ...]
    state: str = ""
    """What it was when it was looked at: another value later says that it has changed since."""

    @property
    def troubles(self) -> tuple[Checked, ...]:
        """What would be missed."""
        return tuple(item for item in self.items if item.is_trouble)


@dataclass(frozen=True, slots=True)
class Refusal:
    """That the platform did not let this person keep a submission for longer."""

    id: SubmissionId
    answer: ClaimAnswer


@dataclass(frozen=True, slots=True)
class Trip:
    """Until when, with what, and what the check found so far."""

    until: datetime
    submissions: tuple[SubmissionId, ...]
    """In the order in which they are worked on."""
    checks: tuple[SubmissionCheck, ...] = ()
    refusals: tuple[Refusal, ...] = ()
    checked_at: datetime | None = None
    """When the check reached its end; None while it has not."""
    minutes: int = 0
    """Estimate of the work."""
    size_bytes: int = 0


class Verdict(StrEnum):
    """Whether one can leave."""

    READY = "ready"
    NOT_READY = "not_ready"
    NOT_CHECKED = "not_checked"
    """It was never looked at, or not to the end, or something has changed since."""


@dataclass(frozen=True, slots=True)
class Readiness:
    """The answer for a whole trip."""

    verdict: Verdict
    ready: int
    """Submissions for which nothing would be missed."""
    total: int
    troubles: int
    unchecked: int
    """Submissions that were not looked at, or have changed since."""
    not_shown: int
    """Files that cannot be shown on this computer anywhere."""


def why_proposed(candidate: Candidate, until: datetime) -> Why | None:
    """Why a submission should come along; None where it can wait."""
    if candidate.due_at is not None and candidate.due_at <= until:
        return Why.DUE
    if candidate.lease_until is not None and candidate.lease_until < until:
        return Why.TIME_ENDS
    return None


def proposed(candidates: Sequence[Candidate], until: datetime) -> dict[SubmissionId, Why]:
    """What to take along, in the order to work on it; where nothing presses, what is due next."""
    found = [(c, why) for c in in_order(candidates, until) if (why := why_proposed(c, until)) is not None]
    if not found:
        found = [(c, Why.NEXT) for c in in_order(candidates, until)[:NEXT_FEW]]
    return {candidate.id: why for candidate, why in found}


def in_order(candidates: Iterable[Candidate], until: datetime) -> list[Candidate]:
    """By the date due, those without one last; among equals first what is at risk of being lost."""

    def place(candidate: Candidate) -> tuple[bool, float, bool, str]:
        due = candidate.due_at
        is_safe = candidate.lease_until is None or candidate.lease_until >= until
        return due is None, 0.0 if due is None else due.timestamp(), is_safe, candidate.code

    return sorted(candidates, key=place)


def estimate(chosen: Iterable[Candidate], own_minutes: Sequence[int]) -> Estimate:
    """How long the work on some submissions takes.

    Args:
        chosen: the submissions.
        own_minutes: how long this person worked on each that she finished.
    """
    usual = round(median(own_minutes)) if len(own_minutes) >= OWN_TIMES_NEEDED else None
    total = 0
    for one in chosen:
        whole = by_rates(one) if usual is None else usual
        total += max(LEAST_MINUTES, whole - one.spent_minutes)
    return Estimate(total, usual)


def by_rates(one: Candidate) -> int:
    """Minutes for one submission by what there is to read, to watch and to rate."""
    return round(
        one.pages * MINUTES_A_PAGE
        + one.words / WORDS_A_MINUTE
        + one.recorded_minutes * MEDIA_FACTOR
        + one.unmeasured * MINUTES_AN_UNKNOWN_RECORDING
        + one.criteria * MINUTES_A_CRITERION
    )


def hours_to_keep(now: datetime, until: datetime) -> int:
    """For how many hours from now work is to be kept, the margin included, at most what is given."""
    return max(1, min(LONGEST_HOURS, ceil((until + MARGIN - now) / timedelta(hours=1))))


def readiness(trip: Trip, states: dict[SubmissionId, str]) -> Readiness:
    """The answer for a trip.

    Args:
        trip: with what was found.
        states: what each submission is now; see `SubmissionCheck.state`.
    """
    found = {check.id: check for check in trip.checks}
    fresh = [
        found[key] for key in trip.submissions if key in found and found[key].state == states.get(key, "")
    ]
    troubles = sum(len(check.troubles) for check in fresh)
    unchecked = len(trip.submissions) - len(fresh)
    if troubles:
        verdict = Verdict.NOT_READY
    elif unchecked or not trip.submissions:
        verdict = Verdict.NOT_CHECKED
    else:
        verdict = Verdict.READY
    return Readiness(
        verdict=verdict,
        ready=sum(not check.troubles for check in fresh),
        total=len(trip.submissions),
        troubles=troubles,
        unchecked=unchecked,
        not_shown=sum(item.standing is Standing.NOT_SHOWN for check in fresh for item in check.items),
    )


class Preset(StrEnum):
    """Returns that are often meant."""

    TONIGHT = "tonight"
    FRIDAY = "friday"
    SUNDAY = "sunday"
    WEEK = "week"


_TIMES = {
    Preset.TONIGHT: time(22, 0),
    Preset.FRIDAY: time(17, 0),
    Preset.SUNDAY: time(18, 0),
    Preset.WEEK: time(17, 0),
}
_FRIDAY, _SUNDAY = 4, 6
_SOON = timedelta(hours=1)


def preset_until(preset: Preset, local_now: datetime) -> datetime:
    """When a preset ends, on the person's own clock: the next one that is more than an hour ahead.

    Args:
        preset: which.
        local_now: the present without zone, as her clock shows it.
    """
    step, days = 1, 0
    if preset is Preset.WEEK:
        days = 7
    elif preset is not Preset.TONIGHT:
        step = 7
        days = ((_FRIDAY if preset is Preset.FRIDAY else _SUNDAY) - local_now.weekday()) % 7
    found = datetime.combine(local_now.date() + timedelta(days=days), _TIMES[preset])
    return found if found > local_now + _SOON else found + timedelta(days=step)
