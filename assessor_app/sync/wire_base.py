"""The base of all wire types, and how the client reads them: what it does not know is dropped unread."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, JsonValue, ValidationError

Identifier = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9._:-]+$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
ShortText = Annotated[str, Field(max_length=500)]
LongText = Annotated[str, Field(max_length=200_000)]
GivenName = Annotated[str, Field(max_length=10_000)]
"""A name that a stranger may have given; whoever shows it shortens it."""
Count = Annotated[int, Field(ge=0, le=2**53 - 1)]
"""A number that every JSON reader and every database holds exactly."""
Round = Annotated[int, Field(ge=1, le=1_000_000)]

_FIRST_MOMENT, _LAST_MOMENT = datetime(1970, 1, 1, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)


def _of_a_calendar(moment: datetime) -> datetime:
    if not _FIRST_MOMENT <= moment <= _LAST_MOMENT:
        raise ValueError("a moment beyond all calendars")
    return moment


Moment = Annotated[AwareDatetime, AfterValidator(_of_a_calendar)]
"""A moment with its zone, far enough from the ends of the calendar that days may be added and taken."""


class Wire(BaseModel):
    """Base of all wire types: closed and immutable."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class ReceiptWire(Wire):
    """Proof of what was received; the answer to every write."""

    key: Identifier
    sha256: Sha256
    submission_id: Identifier
    received_at: Moment
    effect: ShortText


W = TypeVar("W", bound=Wire)


def read(model: type[W], untrusted_data: Any) -> tuple[W, int]:
    """Read data from the platform, dropping unknown fields unread.

    Args:
        model: the wire type to read.
        untrusted_data: parsed JSON.

    Returns:
        The object, and how many unknown fields were dropped.

    Raises:
        ValidationError: the known fields do not follow the contract.
    """
    try:
        return model.model_validate(untrusted_data), 0
    except ValidationError as error:
        unknown = sum(1 for detail in error.errors() if detail["type"] == "extra_forbidden")
        if unknown == 0:
            raise
    return model.model_validate(untrusted_data, extra="ignore"), unknown


def as_json(model: Wire) -> dict[str, JsonValue]:
    """Plain JSON data of a wire object, by its names on the wire, without unset optional fields."""
    data: dict[str, JsonValue] = model.model_dump(mode="json", by_alias=True, exclude_none=True)
    return data


def utc_text(moment: datetime) -> str:
    """A moment as it stands on the wire: RFC 3339 in UTC, with a Z."""
    return moment.isoformat().replace("+00:00", "Z")
