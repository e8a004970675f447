"""Which claims the platform did not renew. Loads nothing, for a quick start."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from assessor_app.domain.ids import SubmissionId


@dataclass(slots=True)
class RenewalGate:
    """What lasts as long as the profile is open; only the network lane changes it."""

    refused: dict[SubmissionId, datetime] = field(default_factory=dict)
    """Until when it was somebody's that the platform did not renew: it is not asked again for that."""
