"""Taking work from the queue, keeping it for longer, giving it back: what is asked and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from assessor_app.domain.ids import MicrocredentialId, SubmissionId

CLAIM_HOURS = 72
"""For so long work is somebody's, unless asked otherwise."""


RENEW_AHEAD = timedelta(hours=24)
"""Work that is under way is kept by itself when no more than this is left."""


def is_to_renew(lease_until: datetime | None, now: datetime, edited_at: datetime | None) -> bool:
    """Whether a claim is kept by itself: its time ends within a day, or is over, and it is being worked on.

    Work that nobody has touched for as long as a claim lasts goes back to the queue by itself: no number of
    renewals is needed to bound it.

    Args:
        lease_until: until when it is somebody's; None without an end.
        now: the platform's time.
        edited_at: when its draft was last worked on, by the platform's clock; None without a draft.
    """
    if lease_until is None or edited_at is None:
        return False
    return lease_until - now <= RENEW_AHEAD and now - edited_at < timedelta(hours=CLAIM_HOURS)


class ClaimAnswer(StrEnum):
    """What the platform, or this machine, made of one claim, renewal or release."""

    DONE = "done"
    NOTHING_LEFT = "nothing_left"
    ALREADY_CLAIMED = "already_claimed"
    NOT_QUALIFIED = "not_qualified"
    CONFLICT = "conflict"
    GIVEN_BY_TEAM = "given_by_team"
    """Given by the platform and not taken from the queue: it is not given back to it either."""
    NOT_YOURS = "not_yours"
    """It is not this person's work any more."""
    MOVED_ON = "moved_on"
    """The submission is past assessing."""
    WITHDRAWN = "withdrawn"
    WAITS_TO_BE_SENT = "waits_to_be_sent"
    """Something of it waits to be sent from this machine."""
    REFUSED = "refused"
    """For a reason that this version does not know."""
    STOPPED = "stopped"
    """Not asked any more: the person stopped, or the connection went."""


_BY_CODE: Mapping[str, ClaimAnswer] = {
    "nothing-left": ClaimAnswer.NOTHING_LEFT,
    "already-claimed": ClaimAnswer.ALREADY_CLAIMED,
    "not-qualified": ClaimAnswer.NOT_QUALIFIED,
    "conflict-of-interest": ClaimAnswer.CONFLICT,
    "not-claimed": ClaimAnswer.GIVEN_BY_TEAM,
    "not-assigned": ClaimAnswer.NOT_YOURS,
    "not-found": ClaimAnswer.NOT_YOURS,
    "state": ClaimAnswer.MOVED_ON,
    "withdrawn": ClaimAnswer.WITHDRAWN,
}


def answer_of(code: str) -> ClaimAnswer:
    """What a refusal's code (RFC 9457) means."""
    return _BY_CODE.get(code, ClaimAnswer.REFUSED)


@dataclass(frozen=True, slots=True)
class QueueCount:
    """How many submissions to one micro-credential can be claimed."""

    microcredential_id: MicrocredentialId
    title: str
    claimable: int


@dataclass(frozen=True, slots=True)
class ClaimOutcome:
    """What came of one of several."""

    answer: ClaimAnswer
    submission_id: SubmissionId | None = None
    """None where a claim from a queue got nothing."""
    microcredential_id: MicrocredentialId | None = None
    """The queue that was asked; None for a renewal or a release."""
    lease_until: datetime | None = None
    """Until when it is this person's; None unless claimed or renewed."""
