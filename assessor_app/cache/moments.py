"""Times in the database: whole microseconds since 1970 in UTC, so that they sort and compare as numbers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def to_us(moment: datetime) -> int:
    """Microseconds since 1970 of an aware time, exactly."""
    return (moment - _EPOCH) // _MICROSECOND


def from_us(microseconds: int) -> datetime:
    """The aware UTC time of a number of microseconds since 1970."""
    return _EPOCH + timedelta(microseconds=microseconds)


def to_us_or_none(moment: datetime | None) -> int | None:
    """As `to_us`; None stays None."""
    return None if moment is None else to_us(moment)


def from_us_or_none(microseconds: int | None) -> datetime | None:
    """As `from_us`; None stays None."""
    return None if microseconds is None else from_us(microseconds)
