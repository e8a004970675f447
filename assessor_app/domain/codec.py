"""Frozen dataclasses to plain JSON data and back, by their type hints.

Enums become their values, times ISO 8601 in UTC, tuples lists, bytes hex, and a union of dataclasses
carries the class name under "is". Used for what is stored and for what is sent.

How a type is written and read is worked out once: a large store is read value by value, again and again.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeAlias, TypeVar, Union, get_args, get_origin

T = TypeVar("T")


_Way: TypeAlias = Callable[[Any], Any]
"""From a value to its data, or back."""


class CodecError(ValueError):
    """The data does not have the shape of the type; the text names the place."""


class _Misfit(Exception):
    """Data that do not fit, and where in the value: the place grows as the error comes up through it."""

    def __init__(self, what: str, place: str = ": ") -> None:
        super().__init__(what)
        self.what, self.place = what, place

    def at(self, place: str) -> _Misfit:
        """The same, seen from one step further out."""
        return _Misfit(self.what, place + self.place)


# ---- to data ----


def to_json(value: object) -> Any:
    """Plain JSON data of a value made of dataclasses, enums, times, tuples and scalars.

    Raises:
        CodecError: a type that this codec does not know, or a time without a zone.
    """
    return _writer(type(value))(value)


def _make_writer(kind: type) -> _Way:
    if issubclass(kind, types.NoneType | bool | int | float) or kind is str:
        return _as_it_is
    if issubclass(kind, Enum):
        return _value_of
    if issubclass(kind, str):
        return str
    if issubclass(kind, datetime):
        return _write_moment
    if issubclass(kind, date):
        return date.isoformat
    if issubclass(kind, bytes):
        return bytes.hex
    if issubclass(kind, tuple | list | frozenset):
        return _write_items
    if is_dataclass(kind):
        return _dataclass_writer(kind)
    return _refuse


_writer: Callable[[Any], _Way] = cache(_make_writer)
_PLAIN = frozenset({str, int, float, bool, types.NoneType})
"""What stands in the data as it is; most of what there is, and asked of each value."""


def _as_it_is(value: Any) -> Any:
    return value


def _value_of(value: Any) -> Any:
    return value.value


def _write_moment(value: Any) -> Any:
    if value.tzinfo is None:
        raise CodecError("a time without a zone")
    return value.astimezone(UTC).isoformat()


def _write_items(value: Any) -> Any:
    return [_writer(type(item))(item) for item in value]


def _dataclass_writer(kind: type) -> _Way:
    names = tuple(field.name for field in fields(kind))

    def write(value: Any) -> Any:
        data: dict[str, Any] = {"is": kind.__name__}
        for name in names:
            item = getattr(value, name)
            item_kind = type(item)
            data[name] = item if item_kind in _PLAIN else _writer(item_kind)(item)
        return data

    return write


def _refuse(value: Any) -> Any:
    raise CodecError(f"cannot store a {type(value).__name__}")


# ---- and back ----


def from_json(kind: type[T], data: Any) -> T:
    """The value of type `kind` that `data` describes.

    Fields that the type does not have are dropped; missing ones take their default.

    Raises:
        CodecError: the data does not fit the type.
    """
    try:
        value: T = _reader(kind)(data)
    except _Misfit as error:
        raise CodecError(f"{kind.__name__}{error.place}{error.what}") from None
    return value


def _make_reader(kind: Any) -> _Way:
    kind = getattr(kind, "__supertype__", kind)
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _union_reader(get_args(kind))
    if origin is tuple:
        return _tuple_reader(get_args(kind))
    if is_dataclass(kind) and isinstance(kind, type):
        return _dataclass_reader(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return _parser(kind, object, kind)
    if kind is datetime:
        return _parser(kind, str, _moment)
    if kind is date:
        return _parser(kind, str, date.fromisoformat)
    if kind is bytes:
        return _parser(kind, str, bytes.fromhex)
    return _scalar_reader(kind)


_reader: Callable[[Any], _Way] = cache(_make_reader)


def _parser(kind: Any, wanted: type, parse: _Way) -> _Way:
    def read(data: Any) -> Any:
        if not isinstance(data, wanted):
            raise _other(kind, data)
        try:
            return parse(data)
        except ValueError as error:
            raise _Misfit(str(error)) from None

    return read


def _moment(data: str) -> datetime:
    moment = datetime.fromisoformat(data)
    if moment.tzinfo is None:
        raise ValueError("a time without a zone")
    return moment.astimezone(UTC)


def _scalar_reader(kind: Any) -> _Way:
    def read(data: Any) -> Any:
        if kind in (str, int, bool) and type(data) is kind:
            return data
        if kind is float and isinstance(data, int | float) and not isinstance(data, bool):
            return float(data)
        raise _other(kind, data)

    return read


def _other(kind: Any, data: Any) -> _Misfit:
    return _Misfit(f"expected {getattr(kind, '__name__', kind)}, got {type(data).__name__}")


def _tuple_reader(parts: tuple[Any, ...]) -> _Way:
    is_of_any_length = len(parts) == 2 and parts[1] is Ellipsis
    readers = tuple(_reader(part) for part in parts if part is not Ellipsis)

    def read(data: Any) -> Any:
        if not isinstance(data, list):
            raise _Misfit(f"expected a list, got {type(data).__name__}")
        each = readers * len(data) if is_of_any_length else readers
        if len(each) != len(data):
            raise _Misfit(f"expected {len(each)} items, got {len(data)}")
        items: list[Any] = []
        try:
            for read_item, item in zip(each, data, strict=True):
                items.append(read_item(item))
        except _Misfit as error:
            raise error.at(f"[{len(items)}]") from None
        return tuple(items)

    return read


def _union_reader(kinds: tuple[Any, ...]) -> _Way:
    options = {getattr(kind, "__name__", ""): kind for kind in kinds if kind is not types.NoneType}
    may_be_none = types.NoneType in kinds
    alone = _reader(next(iter(options.values()))) if len(options) == 1 else None

    def read(data: Any) -> Any:
        if data is None:
            if not may_be_none:
                raise _Misfit("missing")
            return None
        if alone is not None:
            return alone(data)
        name = data.get("is") if isinstance(data, dict) else None
        if not isinstance(name, str) or name not in options:
            raise _Misfit("none of the known kinds")
        return _reader(options[name])(data)

    return read


def _dataclass_reader(kind: type) -> _Way:
    @cache
    def parts() -> tuple[tuple[str, _Way, bool], ...]:
        # Not before the first value: a type may hold itself.
        hints = typing.get_type_hints(kind)
        return tuple(
            (one.name, _reader(hints[one.name]), one.default is MISSING and one.default_factory is MISSING)
            for one in fields(kind)
        )

    def read(data: Any) -> Any:
        if not isinstance(data, dict):
            raise _Misfit(f"expected an object, got {type(data).__name__}")
        values: dict[str, Any] = {}
        name = ""
        try:
            for name, read_part, is_needed in parts():
                if name in data:
                    values[name] = read_part(data[name])
                elif is_needed:
                    raise _Misfit("missing")
        except _Misfit as error:
            raise error.at(f".{name}") from None
        return kind(**values)

    return read
