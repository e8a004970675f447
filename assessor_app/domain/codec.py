"""Frozen dataclasses to plain JSON data and back, by their type hints.

Enums become their values, times ISO 8601 in UTC, tuples lists, bytes hex, and a union of dataclasses
carries the class name under "is". Used for what is stored and for what is sent.
"""

from __future__ import annotations

import types
import typing
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, date, datetime
from enum import Enum
from functools import cache
from typing import Any, TypeVar, Union, get_args, get_origin

T = TypeVar("T")


class CodecError(ValueError):
    """The data does not have the shape of the type; the text names the place."""


def to_json(value: object) -> Any:
    """Plain JSON data of a value made of dataclasses, enums, times, tuples and scalars.

    Raises:
        CodecError: a type that this codec does not know, or a time without a zone.
    """
    if value is None or isinstance(value, bool | int | float) or type(value) is str:
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise CodecError("a time without a zone")
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, tuple | list | frozenset):
        return [to_json(item) for item in value]
    if is_dataclass(value) and not isinstance(value, type):
        data = {field.name: to_json(getattr(value, field.name)) for field in fields(value)}
        return {"is": type(value).__name__, **data}
    raise CodecError(f"cannot store a {type(value).__name__}")


def from_json(kind: type[T], data: Any) -> T:
    """The value of type `kind` that `data` describes.

    Fields that the type does not have are dropped; missing ones take their default.

    Raises:
        CodecError: the data does not fit the type.
    """
    value: T = _read(kind, data, kind.__name__)
    return value


@cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _read(kind: Any, data: Any, place: str) -> Any:
    kind = getattr(kind, "__supertype__", kind)
    origin = get_origin(kind)
    if origin in (Union, types.UnionType):
        return _read_union(kind, data, place)
    if origin is tuple:
        return _read_tuple(get_args(kind), data, place)
    if is_dataclass(kind) and isinstance(kind, type):
        return _read_dataclass(kind, data, place)
    if isinstance(kind, type) and issubclass(kind, Enum):
        try:
            return kind(data)
        except ValueError as error:
            raise CodecError(f"{place}: {error}") from None
    return _read_scalar(kind, data, place)


def _read_scalar(kind: Any, data: Any, place: str) -> Any:
    if kind is datetime and isinstance(data, str):
        try:
            moment = datetime.fromisoformat(data)
        except ValueError as error:
            raise CodecError(f"{place}: {error}") from None
        if moment.tzinfo is None:
            raise CodecError(f"{place}: a time without a zone")
        return moment.astimezone(UTC)
    if kind is date and isinstance(data, str):
        try:
            return date.fromisoformat(data)
        except ValueError as error:
            raise CodecError(f"{place}: {error}") from None
    if kind is bytes and isinstance(data, str):
        try:
            return bytes.fromhex(data)
        except ValueError as error:
            raise CodecError(f"{place}: {error}") from None
    if kind is float and isinstance(data, int | float) and not isinstance(data, bool):
        return float(data)
    if kind in (str, int, bool) and type(data) is kind:
        return data
    raise CodecError(f"{place}: expected {getattr(kind, '__name__', kind)}, got {type(data).__name__}")


def _read_tuple(parts: tuple[Any, ...], data: Any, place: str) -> tuple[Any, ...]:
    if not isinstance(data, list):
        raise CodecError(f"{place}: expected a list, got {type(data).__name__}")
    if len(parts) == 2 and parts[1] is Ellipsis:
        return tuple(_read(parts[0], item, f"{place}[{i}]") for i, item in enumerate(data))
    if len(parts) != len(data):
        raise CodecError(f"{place}: expected {len(parts)} items, got {len(data)}")
    return tuple(
        _read(part, item, f"{place}[{i}]") for i, (part, item) in enumerate(zip(parts, data, strict=True))
    )


def _read_union(kind: Any, data: Any, place: str) -> Any:
    options = [option for option in get_args(kind) if option is not type(None)]
    if data is None:
        if len(options) == len(get_args(kind)):
            raise CodecError(f"{place}: missing")
        return None
    if len(options) == 1:
        return _read(options[0], data, place)
    name = data.get("is") if isinstance(data, dict) else None
    for option in options:
        if getattr(option, "__name__", None) == name:
            return _read(option, data, place)
    raise CodecError(f"{place}: none of the known kinds")


def _read_dataclass(kind: type, data: Any, place: str) -> Any:
    if not isinstance(data, dict):
        raise CodecError(f"{place}: expected an object, got {type(data).__name__}")
    hints, values = _hints(kind), {}
    for field in fields(kind):
        if field.name in data:
            values[field.name] = _read(hints[field.name], data[field.name], f"{place}.{field.name}")
        elif field.default is MISSING and field.default_factory is MISSING:
            raise CodecError(f"{place}.{field.name}: missing")
    return kind(**values)
