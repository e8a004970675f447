"""JSON that notes what was read of it, so that what nobody asked for can be listed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assessor_app.rubric.exchange.report import NotCarried
from assessor_app.rubric.json_text import escaped


class NotedObject(dict[str, Any]):
    """A JSON object that remembers which of its members were asked for."""

    def __init__(self, members: dict[str, Any]) -> None:
        """Hold these members; what lies in them is noted as well."""
        super().__init__({name: noted(value) for name, value in members.items()})
        self.asked: set[str] = set()

    def get(self, key: str, default: Any = None, /) -> Any:
        """A member, noted as read."""
        self.asked.add(key)
        return super().get(key, default)


def noted(value: Any) -> Any:
    """Parsed JSON, not nested deeply, with every object in it noted."""
    if isinstance(value, dict):
        return NotedObject(value)
    if isinstance(value, list):
        return [noted(item) for item in value]
    return value


def unread(value: Any, why: str, *, technical: frozenset[str] = frozenset()) -> tuple[NotCarried, ...]:
    """What nobody asked for, told once for each kind of place, with how often it is there.

    Args:
        value: what `noted` gave, after reading.
        why: the sentence for all of it.
        technical: names of members that only hold a file together; they are told as one.
    """
    places: dict[str, list[str]] = {}
    for pattern, pointer in _unread(value, "", ""):
        name = pattern.rpartition("/")[2]
        places.setdefault("" if name in technical else pattern, []).append(pointer)
    return tuple(
        NotCarried(pointers[0], _words(pattern, len(pointers)), why) for pattern, pointers in places.items()
    )


def _unread(value: Any, pattern: str, pointer: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, NotedObject):
        for name, inner in value.items():
            here = f"{pattern}/{name}", f"{pointer}/{escaped(name)}"
            if name in value.asked:
                yield from _unread(inner, *here)
            else:
                yield here
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _unread(inner, f"{pattern}/*", f"{pointer}/{index}")


def _words(pattern: str, times: int) -> str:
    """Such as "uri of CFItems, 12 times"."""
    if not pattern:
        return f"ids, addresses and dates that hold the file together, {times} times"
    *way, name = [step for step in pattern.split("/") if step not in ("", "*")]
    words = f"{name} of {way[-1]}" if way else name
    return words if times == 1 else f"{words}, {times} times"
