"""Whether drafts are copied to the platform, and how often. Loads nothing, for a quick start."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from assessor_app.domain.ids import SubmissionId


class CopiesOff(StrEnum):
    """Why drafts are not copied to the platform."""

    MACHINE = "machine"
    """The manager of this computer has switched it off."""
    PLATFORM = "platform"
    """The issuer has switched it off."""
    NOT_OFFERED = "not_offered"
    """The platform does not know the path; asked again after the next start."""


@dataclass(slots=True)
class DraftGate:
    """What lasts as long as the profile is open; only the network lane changes it."""

    off: CopiesOff | None = None
    sent_s: dict[SubmissionId, float] = field(default_factory=dict)
    """When each draft was sent last, by the monotonic clock."""
    is_held: bool = False
    """Whether something of another computer waits until a field is left here."""
