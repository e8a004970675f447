"""Errors of the platform: problem documents after RFC 9457, for everything that goes wrong."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.routing import Match

from assessor_app.sync.protocol import FieldProblem, ProblemOut, as_json

MEDIA_TYPE = "application/problem+json"
log = logging.getLogger(__name__)


class Problem(Exception):
    """A request that cannot be done, with the answer that says why.

    Attributes:
        status: HTTP status.
        code: short stable word that a client acts on.
        detail: one sentence for a person; never repeats what the request held.
        errors: the fields that are wrong.
        headers: further headers of the answer.
        current_etag: the version that a condition was not met by, where one is there.
        limit_bytes: the most that is taken, where it was too much.
        minimum_version: the version of the workstation that is wanted, where it is too old.
    """

    def __init__(
        self,
        status: int,
        code: str,
        detail: str,
        *,
        errors: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
        current_etag: str | None = None,
        limit_bytes: int | None = None,
        minimum_version: str | None = None,
    ) -> None:
        """Keep what the answer says."""
        super().__init__(code)
        self.status = status
        self.code = code
        self.detail = detail
        self.errors = tuple(errors)
        self.headers = dict(headers or {})
        self.current_etag = current_etag
        self.limit_bytes = limit_bytes
        self.minimum_version = minimum_version


def answer(problem: Problem, instance: str) -> Response:
    """The HTTP answer for a problem at the path `instance`."""
    document = ProblemOut(
        type=f"urn:assessor-platform:problem:{problem.code}",
        title=HTTPStatus(problem.status).phrase,
        status=problem.status,
        code=problem.code,
        detail=problem.detail,
        instance=instance,
        current_etag=problem.current_etag,
        limit_bytes=problem.limit_bytes,
        minimum_version=problem.minimum_version,
        errors=list(problem.errors),
    )
    data = as_json(document)
    if not problem.errors:
        del data["errors"]
    headers = {"Cache-Control": "no-store", **problem.headers}
    return Response(json.dumps(data), problem.status, headers=headers, media_type=MEDIA_TYPE)


def install(app: FastAPI) -> None:
    """Make every error of `app` a problem document."""

    @app.exception_handler(Problem)
    def on_problem(request: Request, error: Exception) -> Response:
        assert isinstance(error, Problem)
        return answer(error, request.url.path)

    @app.exception_handler(HTTPException)
    def on_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        codes = {404: "not-found", 405: "method-not-allowed"}
        code = codes.get(error.status_code, "http-error")
        headers = dict(error.headers or {})
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            headers["Allow"] = ", ".join(sorted(_methods_of(request)))
        problem = Problem(error.status_code, code, HTTPStatus(error.status_code).description, headers=headers)
        return answer(problem, request.url.path)

    @app.exception_handler(RequestValidationError)
    def on_validation(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        fields = [FieldProblem(pointer=str(e["loc"][-1]), message=e["msg"]) for e in error.errors()]
        problem = Problem(422, "validation", "A parameter does not follow the contract.", errors=fields)
        return answer(problem, request.url.path)

    @app.exception_handler(Exception)
    def on_bug(request: Request, _error: Exception) -> Response:
        problem = Problem(500, "internal", "The platform made a mistake; nothing was changed.")
        return answer(problem, request.url.path)


def _methods_of(request: Request) -> set[str]:
    """What a path takes, of all routes that it fits: one route alone knows its own method only."""
    found: set[str] = set()
    for route in request.app.routes:
        if route.matches(request.scope)[0] is not Match.NONE:
            found |= getattr(route, "methods", None) or set()
    return found
