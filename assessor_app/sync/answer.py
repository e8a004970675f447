"""One answer of the platform, and what a refusal says in its problem document (RFC 9457)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from assessor_app.errors import ProtocolBroken
from assessor_app.sync import strict_json, wire_base
from assessor_app.sync.tally import Tally
from assessor_app.sync.wire_base import W
from assessor_app.sync.wire_problems import ProblemOut

MOST_POINTERS, LONGEST_POINTER = 50, 300
_FRONT_DOOR = frozenset({401, 408, 413, 416, 423, 425, 429})
"""Refusals that mean the same whoever at the platform says so, its web server included."""
_OF_THE_PERSON = frozenset({"account-disabled", "insufficient-scope"})
_VERSION = re.compile(r"[0-9]{1,4}(\.[0-9]{1,4}){0,3}")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._:-]{1,64}")


@dataclass(frozen=True)
class Answer:
    """One answer of the platform. What it says is in no text that the program makes of it."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    tally: Tally = field(default_factory=Tally, repr=False, compare=False)
    """Where unknown fields are counted."""

    def data(self) -> Any:
        """The body as plain data.

        Raises:
            ProtocolBroken: the body is not acceptable JSON.
        """
        return strict_json.parse(self.body)

    def read(self, model: type[W]) -> W:
        """The body as an object of the contract; what the contract does not know is dropped and counted.

        Raises:
            ProtocolBroken: the body is not acceptable JSON.
            ValidationError: what the contract knows does not follow it.
        """
        wire, dropped = wire_base.read(model, self.data())
        self.tally.add(dropped)
        return wire

    @property
    def is_json(self) -> bool:
        """Whether the answer says that it is JSON."""
        kind = self.headers.get("content-type", "").split(";")[0].strip().lower()
        return kind == "application/json" or kind.endswith("+json")

    @property
    def is_from_between(self) -> bool:
        """Whether this is a refusal in somebody else's words: of a school's filter, a firewall, a proxy.

        The platform refuses in JSON. What has another form says nothing of what was asked for.
        """
        return 400 <= self.status < 500 and self.status not in _FRONT_DOOR and not self.is_json

    @cached_property
    def _problem(self) -> dict[str, Any]:
        if not self.is_json:
            return {}
        try:
            data = self.data()
        except ProtocolBroken:
            return {}
        if not isinstance(data, dict):
            return {}
        known = {name: data[name] for name in ProblemOut.model_fields if name in data}
        self.tally.add(len(data) - len(known))
        return known

    @property
    def problem_code(self) -> str:
        """The `code` of a problem document (RFC 9457); empty if there is none."""
        code = self._problem.get("code")
        return code if isinstance(code, str) else ""

    @property
    def refuses_the_person(self) -> bool:
        """Whether this refuses the person and not what she sent: her account is closed, or may do less."""
        return self.status == 403 and self.problem_code in _OF_THE_PERSON

    @property
    def limit_bytes(self) -> int | None:
        """The most bytes that the platform takes, where a refusal says so."""
        limit = self._problem.get("limit_bytes")
        return limit if type(limit) is int and limit > 0 else None

    @property
    def minimum_version(self) -> str:
        """The version of the workstation that the platform wants, in digits and dots; empty if not said."""
        version = self._problem.get("minimum_version")
        return version if isinstance(version, str) and _VERSION.fullmatch(version) else ""

    @property
    def pointers(self) -> tuple[str, ...]:
        """The fields that a refusal names, as JSON pointers (RFC 6901) into what was sent."""
        errors = self._problem.get("errors")
        told = [e.get("pointer") for e in errors if isinstance(e, dict)] if isinstance(errors, list) else []
        return tuple(p for p in told[:MOST_POINTERS] if isinstance(p, str) and len(p) <= LONGEST_POINTER)

    @property
    def request_id(self) -> str:
        """The platform's own name for this request, for its support; empty if it gave none that is plain."""
        told = self.headers.get("x-request-id", "")
        return told if _REQUEST_ID.fullmatch(told) else ""
