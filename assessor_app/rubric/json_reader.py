"""Reading unchecked JSON strictly: every value is of the kind that was asked for, or its place is named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assessor_app.errors import KnownError

MAX_TEXT_CHARS = 20_000
"""Longest text of a rubric, in characters; far beyond any real one."""
MAX_ID_CHARS = 200
"""Longest id, code or name, in characters."""
MAX_ITEMS = 2_000
"""Most items of one list."""
MAX_NUMBER = 1_000_000
"""Largest number of a rubric: points, weights, limits."""


class RubricInvalid(KnownError):
    """A rubric that cannot be used, with the place in its JSON.

    Attributes:
        path: the place, such as `requirements[1].criteria[0].scale`; "(whole rubric)" for all of it.
        sentence: what is wrong there.
    """

    def __init__(self, path: str, sentence: str) -> None:
        """Name the place and what is wrong with it."""
        self.path = path or "(whole rubric)"
        self.sentence = sentence
        super().__init__(
            "This rubric cannot be used",
            f"At {self.path}: {sentence} Your work is safe.",
            "The micro-credential's issuer has to mend the rubric; tell your team lead.",
        )


@dataclass(frozen=True, slots=True)
class JsonObject:
    """One unchecked JSON object and its place.

    Every reading method raises `RubricInvalid` with the place when the value is missing or of another kind.
    """

    untrusted: Mapping[str, object]
    path: str

    def place(self, key: str) -> str:
        """The place of a member."""
        return f"{self.path}.{key}" if self.path else key

    def text(self, key: str, *, default: str | None = None, may_be_empty: bool = False) -> str:
        """A text that UTF-8 can hold; missing only where a default is given."""
        value = self.untrusted.get(key, default)
        return checked_text(value, self.place(key), max_chars=MAX_TEXT_CHARS, may_be_empty=may_be_empty)

    def identifier(self, key: str) -> str:
        """An id, code or name: short and not empty."""
        return checked_text(self.untrusted.get(key), self.place(key), max_chars=MAX_ID_CHARS)

    def optional_identifier(self, key: str) -> str | None:
        """An id, code or name, or None where it is missing or null."""
        return None if self.untrusted.get(key) is None else self.identifier(key)

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """True or false."""
        value = self.untrusted.get(key, default)
        if not isinstance(value, bool):
            raise RubricInvalid(self.place(key), "true or false is expected.")
        return value

    def integer(self, key: str, *, least: int) -> int:
        """A whole number from `least` to MAX_NUMBER."""
        value = self.untrusted.get(key)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MAX_NUMBER:
            raise RubricInvalid(self.place(key), f"a whole number of at least {least} is expected.")
        return value

    def optional_integer(self, key: str, *, least: int) -> int | None:
        """A whole number, or None where it is missing or null."""
        return None if self.untrusted.get(key) is None else self.integer(key, least=least)

    def number(self, key: str, *, default: float | None = None) -> float:
        """A finite number from 0 to MAX_NUMBER."""
        value = self.untrusted.get(key, default)
        # The comparison also refuses what is no finite number.
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= MAX_NUMBER:
            raise RubricInvalid(self.place(key), "a number of at least 0 is expected.")
        return float(value)

    def optional_number(self, key: str) -> float | None:
        """A finite number from 0 to MAX_NUMBER, or None where it is missing or null."""
        return None if self.untrusted.get(key) is None else self.number(key)

    def member(self, key: str) -> JsonObject:
        """An inner object."""
        return json_object(self.untrusted.get(key), self.place(key))

    def members(self, key: str) -> tuple[tuple[str, object], ...]:
        """Names and unchecked values of an inner object; none where it is missing."""
        inner = json_object(self.untrusted.get(key, {}), self.place(key))
        return tuple(inner.untrusted.items())

    def items(self, key: str) -> tuple[JsonObject, ...]:
        """The objects of a list; none where it is missing."""
        return tuple(json_object(item, place) for item, place in self._list(key))

    def texts(self, key: str) -> tuple[str, ...]:
        """The ids, codes or names of a list; none where it is missing."""
        return tuple(checked_text(item, place, max_chars=MAX_ID_CHARS) for item, place in self._list(key))

    def _list(self, key: str) -> list[tuple[object, str]]:
        value = self.untrusted.get(key, [])
        if not isinstance(value, list) or len(value) > MAX_ITEMS:
            raise RubricInvalid(self.place(key), f"a list of at most {MAX_ITEMS} items is expected.")
        return [(item, f"{self.place(key)}[{index}]") for index, item in enumerate(value)]


def json_object(untrusted: object, path: str) -> JsonObject:
    """An unchecked value as an object.

    Raises:
        RubricInvalid: it is no object, or a name in it is no text.
    """
    if not isinstance(untrusted, dict) or len(untrusted) > MAX_ITEMS:
        raise RubricInvalid(path, "an object is expected.")
    for name in untrusted:
        checked_text(name, path, max_chars=MAX_ID_CHARS)
    return JsonObject(untrusted, path)


def checked_text(untrusted: object, path: str, *, max_chars: int, may_be_empty: bool = False) -> str:
    """An unchecked value as a text.

    Raises:
        RubricInvalid: no text, empty, too long, or with half a surrogate pair, which UTF-8 cannot hold.
    """
    if not isinstance(untrusted, str):
        raise RubricInvalid(path, "a text is expected.")
    if not may_be_empty and not untrusted.strip():
        raise RubricInvalid(path, "the text is empty.")
    if len(untrusted) > max_chars:
        raise RubricInvalid(path, f"the text is longer than {max_chars} characters.")
    if any("\ud800" <= char <= "\udfff" for char in untrusted):
        raise RubricInvalid(path, "the text holds a broken character.")
    return untrusted
