"""The line between one machine and the platform: it fails on command, and notes what went over it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from assessor_app.sync.transport import Answer, NothingSent, Transport, UnknownEffect

KEY = "Idempotency-Key"


class Fault(StrEnum):
    """What goes wrong with one call."""

    NOT_SENT = "nothing left"
    NO_ANSWER = "the answer was lost"
    BUSY = "503"
    NOT_A_RECEIPT = "200 without a receipt"
    KILLED_BEFORE = "killed before a call"
    KILLED_AFTER = "killed after a call"
    KILLED_BETWEEN = "killed after something was stored"
    NOT_ACCEPTED = "422"


class Killed(BaseException):
    """The program is gone; nothing of it may run any further."""


class Line:
    """One machine's line. Over it the real transport makes real calls."""

    def __init__(self) -> None:
        self.fault: Fault | None = None
        self.calls_until = 0
        """How many calls go well before the fault."""
        self.is_of_writes = False
        """Whether only calls that write something of hers count."""
        self.sent: dict[str, str] = {}
        """Digest of the bytes under each key of an outbox row, in the order in which each left first."""
        self.other_bytes: list[str] = []
        """Keys that came again with other bytes."""

    def fail(self, fault: Fault | None, after_calls: int = 0, *, of_writes: bool = False) -> None:
        """Let one of the next calls go wrong, or of those that write something of hers; None: none does."""
        self.fault, self.calls_until, self.is_of_writes = fault, after_calls, of_writes

    def lay(self, transport: Transport) -> None:
        """Let a transport's calls go over this line."""

        def call(method: str, path: str, **named: Any) -> Answer:
            return self._call(transport, method, path, named)

        transport.call = call  # type: ignore[method-assign]

    def _call(self, transport: Transport, method: str, path: str, named: dict[str, Any]) -> Answer:
        fault = self._due(path, named.get("headers") or {})
        if fault is Fault.KILLED_BEFORE:
            raise Killed
        if fault is Fault.NOT_SENT:
            raise NothingSent("There is no connection", "Nothing is lost.")
        if fault is Fault.BUSY:
            return Answer(503, {"content-type": "application/problem+json"}, b"{}")
        if fault is Fault.NOT_ACCEPTED:
            return Answer(422, {"content-type": "application/problem+json"}, b'{"code": "invalid"}')
        if fault is Fault.NOT_A_RECEIPT:
            return Answer(200, {"content-type": "application/json"}, b'{"ok": true}')
        self._note(path, named.get("headers") or {}, named.get("body"))
        answer = Transport.call(transport, method, path, **named)
        if fault is Fault.KILLED_AFTER:
            raise Killed
        if fault is Fault.NO_ANSWER:
            raise UnknownEffect("The connection broke off", "Nothing is lost.")
        return answer

    def stored(self, _: object) -> None:
        """Something was stored: the program may be gone before it goes on.

        Raises:
            Killed: it is.
        """
        if self.fault is Fault.KILLED_BETWEEN and self._is_counted():
            raise Killed

    def _due(self, path: str, headers: Mapping[str, str]) -> Fault | None:
        fault = self.fault
        if fault in (None, Fault.KILLED_BETWEEN):
            return None
        is_hers = KEY in headers and path.startswith("/v1/submissions/")
        if not is_hers and (self.is_of_writes or fault is Fault.NOT_A_RECEIPT):
            return None
        if fault is Fault.NOT_ACCEPTED and not self._is_new(path, headers):
            return None
        return fault if self._is_counted() else None

    def _is_new(self, path: str, headers: Mapping[str, str]) -> bool:
        """Whether it is a recommendation of which the platform has seen nothing."""
        return "/recommendations/" in path and headers.get(KEY, "") not in (*self.sent, "")

    def _is_counted(self) -> bool:
        """Count a call, or something stored, down; whether it is the one that goes wrong."""
        if self.calls_until > 0:
            self.calls_until -= 1
            return False
        self.fault = None
        return True

    def _note(self, path: str, headers: Mapping[str, str], body: bytes | None) -> None:
        if KEY not in headers or body is None or path.endswith("/draft"):
            return
        digest = hashlib.sha256(body).hexdigest()
        if self.sent.setdefault(headers[KEY], digest) != digest:
            self.other_bytes.append(headers[KEY])
