"""Reading JSON from outside: no duplicate keys, no NaN, no endless depth or size."""

from __future__ import annotations

import json
from typing import Any

from assessor_app.errors import ProtocolBroken

MAX_JSON_BYTES = 20 * 1024 * 1024
MAX_DEPTH = 60


def broken(reason: str) -> ProtocolBroken:
    """The error for an answer that does not follow the contract."""
    return ProtocolBroken(
        "The platform's answer could not be read",
        f"It does not follow the agreed form ({reason}). Your work is safe on this device.",
        "The workstation tries again by itself; if this stays, tell your administrator.",
    )


def parse(untrusted_body: bytes) -> Any:
    """Plain data of a JSON text in UTF-8.

    Raises:
        ProtocolBroken: not JSON, too large, too deep, duplicate keys, NaN or infinity.
    """
    if len(untrusted_body) > MAX_JSON_BYTES:
        raise broken("too large")
    try:
        data = json.loads(
            untrusted_body.decode("utf-8"),
            parse_constant=_refuse_constant,
            object_pairs_hook=_unique_keys,
            parse_float=_finite,
        )
    except RecursionError:
        raise broken("too deep") from None
    except ValueError as error:
        raise broken("not JSON" if isinstance(error, json.JSONDecodeError) else str(error)[:80]) from None
    if _depth(data) > MAX_DEPTH:
        raise broken("too deep")
    return data


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number")


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise ValueError("a number beyond all bounds")
    return number


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise ValueError("a key stands twice")
    return data


def _depth(data: Any) -> int:
    deepest, todo = 0, [(data, 1)]
    while todo:
        item, depth = todo.pop()
        deepest = max(deepest, depth)
        if isinstance(item, dict):
            todo += [(value, depth + 1) for value in item.values()]
        elif isinstance(item, list):
            todo += [(value, depth + 1) for value in item]
    return deepest
