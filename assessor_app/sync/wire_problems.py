"""Wire types of refusals (RFC 9457). Part of the contract."""

from __future__ import annotations

from assessor_app.sync.wire_base import Wire


class FieldProblem(Wire):
    """One field of a request that does not follow the contract; never what stood in it."""

    pointer: str
    """JSON pointer (RFC 6901) into the request's body, or the name of a parameter."""
    message: str


class ProblemOut(Wire):
    """An error after RFC 9457."""

    type: str
    title: str
    status: int
    code: str
    detail: str = ""
    instance: str = ""
    current_etag: str | None = None
    limit_bytes: int | None = None
    minimum_version: str | None = None
    """The version of the workstation that is wanted, such as 1.4."""
    errors: list[FieldProblem] = []
