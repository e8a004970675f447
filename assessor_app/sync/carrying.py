"""Bringing a file of unsent work to the platform."""

from __future__ import annotations

from pydantic import ValidationError

from assessor_app.sync.strict_json import broken
from assessor_app.sync.transport import Transport, expect_ok
from assessor_app.sync.wire_base import read
from assessor_app.sync.wire_sealed import ImportOut


def bring(transport: Transport, file: bytes) -> tuple[ImportOut | None, str]:
    """Hand a file in; gives how it went, or None and the platform's word for why it was refused.

    Raises:
        KnownError: no answer of the platform, or none that could be read.
    """
    headers = {"Content-Type": "application/octet-stream"}
    answer = transport.call("POST", "/v1/imports", body=file, headers=headers)
    if answer.is_from_between:
        expect_ok(answer)
    if answer.status != 200:
        return None, answer.problem_code
    try:
        done, _ = read(ImportOut, answer.data())
    except ValidationError:
        raise broken("import") from None
    return done, ""
