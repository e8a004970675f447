"""The platform's time, ids and randomness; tests pass a clock that they move themselves."""

from __future__ import annotations

import secrets
import uuid
from datetime import UTC, datetime


class Clock:
    """The system's clock and source of randomness."""

    def now(self) -> datetime:
        """The present moment as an aware UTC time."""
        return datetime.now(UTC)

    def token(self) -> str:
        """A new secret of 256 random bits as URL-safe text."""
        return secrets.token_urlsafe(32)

    def new_id(self) -> str:
        """A new random UUID in text form."""
        return str(uuid.uuid4())
