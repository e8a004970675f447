"""Reading JSON that somebody else may have written: what Python takes by itself and nobody means is refused.

Python takes names that stand twice, NaN, Infinity and 1e999, halves of letters that no encoding can write,
and nests as deep as its stack; each says one thing to one reader and another to the next, or ends it.
"""

from __future__ import annotations

import json
import re
from typing import Any, Literal

HalfLetters = Literal["refuse", "mend", "leave"]
_ESCAPED_HALF = re.compile(r"\\u[dD][89a-fA-F]")
MAX_DEPTH = 60
"""Deepest nesting that any file or answer of ours has; far from Python's own end."""


def plain_data(untrusted_text: str, *, half_letters: HalfLetters = "refuse") -> Any:
    """Plain data of a JSON text.

    Args:
        untrusted_text: the text; its length is the caller's business.
        half_letters: what becomes of half a letter (a lone surrogate): it is refused, mended to U+FFFD, or
            left for who looks at each text and can say where it stands.

    Raises:
        ValueError: not JSON, too deep, a name twice in an object, a number that is none or beyond all bounds.
    """
    data = _loaded(untrusted_text)
    if _is_too_deep(data):
        raise ValueError("too deep")
    # In UTF-8 there are none: they come by escapes alone, and most texts have no such escape.
    if half_letters == "leave" or not _ESCAPED_HALF.search(untrusted_text):
        return data
    plain = json.dumps(data, ensure_ascii=False)
    if not _has_half_letters(plain):
        return data
    if half_letters == "refuse":
        raise ValueError("half a letter")
    return _loaded(plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


def plain_data_of(untrusted_bytes: bytes) -> Any:
    """The same for a file's bytes in UTF-8, with or without its mark.

    Raises:
        ValueError: as `plain_data`, or not UTF-8.
    """
    return plain_data(untrusted_bytes.decode("utf-8-sig"))


def refuse_constant(name: str) -> Any:
    """For `json.loads(parse_constant=...)`.

    Raises:
        ValueError: always; what is given is NaN or an infinity.
    """
    raise ValueError(f"{name} is not a number")


def _loaded(text: str) -> Any:
    try:
        return json.loads(
            text, parse_constant=refuse_constant, object_pairs_hook=_unique_names, parse_float=_finite
        )
    except RecursionError:
        raise ValueError("too deep") from None


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("a number beyond all bounds")
    return number


def _unique_names(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise ValueError("a key stands twice")
    return data


def _has_half_letters(text: str) -> bool:
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def _is_too_deep(data: Any) -> bool:
    """Whether something stands deeper than `MAX_DEPTH`: depth by depth, and only what may hold something."""
    holders = [data] if isinstance(data, dict | list) else []
    for _ in range(1, MAX_DEPTH):
        held = (item.values() if type(item) is dict else item for item in holders)
        holders = [item for items in held for item in items if type(item) is dict or type(item) is list]
        if not holders:
            return False
    return any(holders)
