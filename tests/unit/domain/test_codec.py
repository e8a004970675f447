"""Domain objects to plain JSON and back: nothing is lost, and what does not fit is named."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any, NewType

import pytest

from assessor_app.domain.codec import CodecError, from_json, to_json
from assessor_app.domain.edits import DeleteAnnotation, EditStep, PutAnnotation, SetRating
from assessor_app.domain.states import OutboxState
from tests import builders

Number = NewType("Number", int)


@dataclass(frozen=True, slots=True)
class Everything:
    """One field of each kind."""

    number: Number
    share: float
    flag: bool
    day: date
    moment: datetime
    data: bytes
    state: OutboxState
    pair: tuple[str, int]
    many: tuple[int, ...]
    maybe: str | None = None
    extra: tuple[str, ...] = field(default_factory=tuple)
    either: PutAnnotation | DeleteAnnotation | None = None


MOMENT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
VALUE = Everything(
    Number(1), 0.5, True, date(2026, 3, 2), MOMENT, b"\x00\xff", OutboxState.QUEUED, ("a", 2), (1, 2)
)


@pytest.mark.parametrize(
    "value",
    [
        VALUE,
        Everything(**{**{n: getattr(VALUE, n) for n in Everything.__slots__}, "maybe": "x", "share": 2}),
        builders.submission(),
        builders.assessment(),
        builders.annotation(),
        builders.recommendation(),
        builders.decision(),
        builders.outbox_item(),
        builders.receipt(builders.outbox_item()),
        builders.rubric_version(),
        EditStep(
            "Highlight",
            (PutAnnotation(builders.annotation()), SetRating(builders.ratings()[0])),
            (DeleteAnnotation(builders.annotation().id),),
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_is_stored_comes_back_equal(value: Any) -> None:
    stored = json.loads(json.dumps(to_json(value)))
    assert from_json(type(value), stored) == value


def test_times_are_stored_in_utc() -> None:
    east = timezone(timedelta(hours=5, minutes=30))
    assert to_json(MOMENT.astimezone(east)) == "2026-03-02T12:00:00+00:00"
    assert to_json(frozenset({1})) == [1]


def test_a_text_of_a_kind_of_its_own_is_stored_as_a_text() -> None:
    class Marked(str):
        __slots__ = ()

    assert type(to_json(Marked("x"))) is str


@pytest.mark.parametrize("value", [datetime(2026, 3, 2), {"a": 1}, object(), Everything])
def test_what_cannot_be_stored_is_refused(value: object) -> None:
    with pytest.raises(CodecError):
        to_json(value)


def test_fields_that_came_later_take_their_default_and_unknown_ones_are_dropped() -> None:
    data = to_json(VALUE)
    del data["maybe"], data["extra"], data["either"]
    assert from_json(Everything, {**data, "colour": "blue"}) == VALUE


@pytest.mark.parametrize(
    ("name", "spoilt"),
    [
        ("number", "1"),
        ("number", True),
        ("number", None),
        ("share", "0.5"),
        ("share", True),
        ("flag", 1),
        ("day", "soon"),
        ("day", 5),
        ("moment", "soon"),
        ("moment", "2026-03-02T12:00:00"),
        ("moment", 5),
        ("data", "xyz"),
        ("data", 5),
        ("state", "lost"),
        ("pair", ["a"]),
        ("pair", "ab"),
        ("many", [1, "2"]),
        ("many", {}),
        ("maybe", 5),
        ("either", {"is": "Everything"}),
        ("either", {}),
        ("either", {"is": []}),
        ("either", "x"),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(name: str, spoilt: object) -> None:
    with pytest.raises(CodecError, match=rf"^Everything\.{name}"):
        from_json(Everything, {**to_json(VALUE), name: spoilt})


@dataclass(frozen=True, slots=True)
class Nested:
    """A type that holds itself."""

    inside: tuple[Nested, ...] = ()
    number: int = 0


def test_the_place_of_what_does_not_fit_leads_into_a_type_that_holds_itself() -> None:
    value = Nested((Nested(), Nested((Nested(number=3),))))
    data = to_json(value)
    assert from_json(Nested, data) == value
    data["inside"][1]["inside"][0]["number"] = "3"
    with pytest.raises(
        CodecError, match=r"^Nested\.inside\[1\]\.inside\[0\]\.number: expected int, got str$"
    ):
        from_json(Nested, data)


def test_missing_parts_are_named() -> None:
    data = to_json(VALUE)
    del data["number"]
    with pytest.raises(CodecError, match=r"Everything\.number: missing"):
        from_json(Everything, data)
    with pytest.raises(CodecError, match="expected an object"):
        from_json(Everything, [])


@dataclass(frozen=True, slots=True)
class Choice:
    """A union without None."""

    either: PutAnnotation | DeleteAnnotation


def test_a_union_without_none_needs_a_value() -> None:
    with pytest.raises(CodecError, match=r"Choice\.either: missing"):
        from_json(Choice, {"either": None})
