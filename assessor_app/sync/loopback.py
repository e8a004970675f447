"""The port on this computer's loopback address that waits for one answer of the browser (RFC 8252, 7.3).

Any program on this computer can reach the port, so that everything but the one answer with our state is
passed over: it costs a short answer and no waiting. One thread serves all connections; a silent or slow one
holds up nobody, and the oldest goes when there are too many.
"""

from __future__ import annotations

import contextlib
import hmac
import selectors
import socket
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from assessor_app.clock import Clock
from assessor_app.errors import SignInNeeded

ADDRESSES = ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1"))
"""Literals, never the name `localhost`, which may lead elsewhere (RFC 8252, 8.3). The first that opens."""
WAIT_S = 300.0
TICK_S = 0.25
"""How soon a wish to stop is noticed."""
BACKLOG, MOST_OPEN = 128, 64
MOST_BYTES = 16 * 1024
"""Of a request; browsers send a tenth of that."""
MOST_FIELDS = 20
SIGNED_IN = "You can close this page and go back to the Assessor Workstation."
NOT_SIGNED_IN = "You were not signed in. Close this page and go back to the Assessor Workstation."
PASSED_OVER = "Nothing is here."


class NoLoopback(SignInNeeded):
    """No port on this computer can be opened, so that no browser can answer."""


@dataclass(frozen=True, slots=True)
class BrowserAnswer:
    """What the browser brought: a code, or the platform's reason for none."""

    code: str = field(default="", repr=False)
    error: str = ""


class Listener:
    """Waits on a loopback port for the one answer that carries our state; then it is closed."""

    def __init__(self, state: str, issuer: str, *, must_name_issuer: bool) -> None:
        """Open a port.

        Args:
            state: what the answer must carry.
            issuer: who the answer must come from, where it says so.
            must_name_issuer: whether an answer that does not say so is passed over (RFC 9207, 2.4).

        Raises:
            NoLoopback: there is none to be had.
        """
        self._state, self._issuer, self._must_name_issuer = state, issuer, must_name_issuer
        self._selector = selectors.DefaultSelector()
        self._server, host = _open_port()
        self._server.setblocking(False)
        self._selector.register(self._server, selectors.EVENT_READ)
        self._open: dict[socket.socket, bytearray] = {}
        self._answer: BrowserAnswer | None = None
        self.redirect_uri = f"http://{host}:{self._server.getsockname()[1]}/cb"

    def __enter__(self) -> Listener:
        return self

    def __exit__(self, *exc: object) -> None:
        for connection in list(self._open):
            self._close(connection)
        self._selector.close()
        self._server.close()

    def wait(self, clock: Clock, cancelled: Callable[[], bool]) -> BrowserAnswer | None:
        """The answer; None if it was cancelled or nobody answered in five minutes."""
        end_s = clock.monotonic_s() + WAIT_S
        while self._answer is None and not cancelled() and clock.monotonic_s() <= end_s:
            for key, _ in self._selector.select(TICK_S):
                self._serve(key.fileobj)
        return self._answer

    def _serve(self, ready: object) -> None:
        if self._answer is not None:
            return
        if ready is self._server:
            self._accept()
        elif isinstance(ready, socket.socket) and ready in self._open:
            self._read(ready)

    def _accept(self) -> None:
        try:
            connection, _ = self._server.accept()
        except OSError:
            return
        connection.setblocking(False)
        if len(self._open) >= MOST_OPEN:
            self._close(next(iter(self._open)))
        self._open[connection] = bytearray()
        self._selector.register(connection, selectors.EVENT_READ)

    def _read(self, connection: socket.socket) -> None:
        request = self._open[connection]
        try:
            chunk = connection.recv(MOST_BYTES)
        except BlockingIOError:
            return
        except OSError:
            chunk = b""
        request += chunk
        if b"\r\n\r\n" in request:
            self._take(connection, bytes(request).split(b"\r\n", 1)[0])
        elif not chunk or len(request) > MOST_BYTES:
            self._close(connection)

    def _take(self, connection: socket.socket, request_line: bytes) -> None:
        """Answer one request; only the right one counts, and only the first of these."""
        self._answer = self._read_answer(request_line.decode("latin-1"))
        if self._answer is None:
            page = _page("404 Not Found", PASSED_OVER)
        else:
            page = _page("200 OK", SIGNED_IN if self._answer.code else NOT_SIGNED_IN)
        with contextlib.suppress(OSError):
            connection.send(page)
            connection.shutdown(socket.SHUT_WR)
        self._close(connection)

    def _read_answer(self, untrusted_line: str) -> BrowserAnswer | None:
        """The answer in a request line; None for anything that is not the one waited for."""
        method, _, rest = untrusted_line.partition(" ")
        target = rest.rpartition(" ")[0]
        try:
            parts = urlsplit(target)
            query = parse_qs(parts.query, keep_blank_values=True, max_num_fields=MOST_FIELDS)
        except ValueError:
            return None
        if method != "GET" or parts.path != "/cb" or parts.netloc:
            return None
        states, issuers = query.get("state", []), query.get("iss", [])
        if len(states) != 1 or not hmac.compare_digest(states[0].encode(), self._state.encode()):
            return None
        if issuers != [self._issuer] and (issuers or self._must_name_issuer):
            return None
        codes, errors = query.get("code", []), query.get("error", [])
        if len(codes) == 1 and codes[0] and not errors:
            return BrowserAnswer(code=codes[0])
        if len(errors) == 1 and errors[0] and not codes:
            return BrowserAnswer(error=errors[0])
        return None

    def _close(self, connection: socket.socket) -> None:
        del self._open[connection]
        self._selector.unregister(connection)
        connection.close()


def _open_port() -> tuple[socket.socket, str]:
    for family, address in ADDRESSES:
        server: socket.socket | None = None
        try:
            server = socket.socket(family, socket.SOCK_STREAM)
            if sys.platform == "win32":
                # There another program could otherwise open the same port beside us.
                server.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
            server.bind((address, 0))
            server.listen(BACKLOG)
        except OSError:
            if server is not None:
                server.close()
            continue
        return server, f"[{address}]" if ":" in address else address
    raise NoLoopback(
        "Your browser cannot answer the workstation on this computer",
        "No connection inside this computer can be opened. Nothing was changed; your work is safe on this "
        "computer.",
        "Sign in on another device instead.",
    )


def _page(status: str, text: str) -> bytes:
    body = f"<!doctype html><html lang=en><title>Assessor Workstation</title><p>{text}</p>".encode()
    head = (
        f"HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}\r\n"
        "Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n"
        "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
