"""Reading JSON of the platform: no duplicate keys, no NaN, no endless depth or size, no half letters."""

from __future__ import annotations

import json
from typing import Any

from assessor_app.errors import ProtocolBroken
from assessor_app.json_from_outside import plain_data

MAX_JSON_BYTES = 20 * 1024 * 1024


def broken(reason: str) -> ProtocolBroken:
    """The error for an answer that does not follow the contract."""
    return ProtocolBroken(
        "The platform's answer could not be read",
        f"It does not follow the agreed form ({reason}). Your work is safe on this computer.",
        "The workstation tries again by itself; if this stays, tell your administrator.",
    )


def parse(untrusted_body: bytes) -> Any:
    """Plain data of a JSON text in UTF-8.

    Half a letter becomes U+FFFD: one broken word of a learner shall not keep everybody's work away.

    Raises:
        ProtocolBroken: not JSON, too large, too deep, duplicate keys, NaN or infinity.
    """
    if len(untrusted_body) > MAX_JSON_BYTES:
        raise broken("too large")
    try:
        return plain_data(untrusted_body.decode("utf-8"), half_letters="mend")
    except ValueError as error:
        raise broken("not JSON" if isinstance(error, json.JSONDecodeError) else str(error)[:80]) from None
