"""A proxy between the workstation and a real platform that breaks things: 15 kinds of fault, by chance."""

from __future__ import annotations

import contextlib
import http.client
import json
import random
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

LONGEST_STALL_S = 5.0
DRIP_PIECES = 4
_HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True)
class Asked:
    """One request as it arrived."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Told:
    """One answer of the platform."""

    status: int
    body: bytes
    kind: str = "application/json"

    def as_bytes(self, *, status: int = 0, more: str = "", body: bytes | None = None) -> bytes:
        """The answer as it goes over the wire, with what a fault changes about it."""
        sent = self.body if body is None else body
        head = f"HTTP/1.1 {status or self.status} X\r\nContent-Type: {self.kind}\r\n"
        return f"{head}Content-Length: {len(sent)}\r\nConnection: close\r\n{more}\r\n".encode() + sent


class ChaosProxy:
    """Passes requests on, or does not, or answers something else."""

    def __init__(self, origin: str, seed: int, rate: float) -> None:
        """Stand before a platform.

        Args:
            origin: the platform's.
            seed: of chance.
            rate: the part of requests that meet a fault, 0 to 1.
        """
        self._to = urlsplit(origin)
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        self.rate = rate
        self.met: Counter[str] = Counter()
        """How often each fault came up."""
        self.requests = 0
        self.ended = threading.Event()

    def choose(self) -> str:
        """The next fault; empty for none."""
        with self._lock:
            self.requests += 1
            if self._chance.random() >= self.rate:
                return ""
            name = self._chance.choice(tuple(FAULTS))
            self.met[name] += 1
            return name

    def toss(self) -> bool:
        """One of two, by chance."""
        with self._lock:
            return self._chance.random() < 0.5

    def forward(self, asked: Asked) -> Told:
        """Have the platform answer."""
        assert self._to.hostname is not None
        connection = http.client.HTTPConnection(self._to.hostname, self._to.port, timeout=30)
        try:
            connection.request(asked.method, asked.path, asked.body, asked.headers)
            answer = connection.getresponse()
            return Told(answer.status, answer.read(), answer.getheader("Content-Type") or "")
        finally:
            connection.close()

    def serve(self, client: socket.socket) -> None:
        """Answer one request of one connection."""
        fault = self.choose()
        if fault == "refuse":
            break_off(client)
            return
        asked = read(client)
        if asked is None:
            return
        if fault:
            FAULTS[fault](self, client, asked)
        else:
            client.sendall(self.forward(asked).as_bytes())


Fault = Callable[[ChaosProxy, socket.socket, Asked], None]
PAGE = Told(200, b"<html>Welcome to the hotel. Please sign in.</html>", "text/html")
FILTER = Told(403, b"<html>This page was blocked by your school.</html>", "text/html")
NO_EFFECT = Told(500, b'{"code": "internal"}')


def break_off(client: socket.socket) -> None:
    """Reset the connection."""
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.close()


def _refuse(_proxy: ChaosProxy, client: socket.socket, _asked: Asked) -> None:
    break_off(client)


def _reset(proxy: ChaosProxy, client: socket.socket, asked: Asked) -> None:
    """Before the platform has it, or after."""
    if proxy.toss():
        proxy.forward(asked)
    break_off(client)


def _stall(proxy: ChaosProxy, client: socket.socket, asked: Asked) -> None:
    proxy.forward(asked)
    client.settimeout(LONGEST_STALL_S)
    # Until the workstation has lost patience and hung up.
    client.recv(1)


def _truncate(proxy: ChaosProxy, client: socket.socket, asked: Asked) -> None:
    whole = proxy.forward(asked).as_bytes()
    client.sendall(whole[: -max(1, len(whole) // 8)])


def _garbage(proxy: ChaosProxy, client: socket.socket, asked: Asked) -> None:
    proxy.forward(asked)
    client.sendall(b"\x00\xff\x17 what is this\r\n\r\n")


def _bad_gzip(proxy: ChaosProxy, client: socket.socket, asked: Asked) -> None:
    client.sendall(proxy.forward(asked).as_bytes(more="Content-Encoding: gzip\r\n"))


def _error(proxy: ChaosProxy, client: socket.socket, asked: Asked) -> None:
    """500, with the effect or without."""
    if proxy.toss():
        proxy.forward(asked)
    client.sendall(NO_EFFECT.as_bytes())


def _unavailable(_proxy: ChaosProxy, client: socket.socket, _asked: Asked) -> None:
    client.sendall(NO_EFFECT.as_bytes(status=503))


def _busy(_proxy: ChaosProxy, client: socket.socket, _asked: Asked) -> None:
    client.sendall(NO_EFFECT.as_bytes(status=429, more="Retry-After: 3\r\n"))


def _portal(_proxy: ChaosProxy, client: socket.socket, _asked: Asked) -> None:
    client.sendall(PAGE.as_bytes())


def _filter(proxy: ChaosProxy, client: socket.socket, asked: Asked) -> None:
    """A refusal in somebody else's words: of what goes to the platform, or of its answer."""
    if proxy.toss():
        proxy.forward(asked)
    client.sendall(FILTER.as_bytes())


def _redirect(_proxy: ChaosProxy, client: socket.socket, _asked: Asked) -> None:
    client.sendall(PAGE.as_bytes(status=302, more="Location: http://portal.example/\r\n"))


def _twice(proxy: ChaosProxy, client: socket.socket, asked: Asked) -> None:
    proxy.forward(asked)
    client.sendall(proxy.forward(asked).as_bytes())


def _drip(proxy: ChaosProxy, client: socket.socket, asked: Asked) -> None:
    whole = proxy.forward(asked).as_bytes()
    size = len(whole) // DRIP_PIECES + 1
    for start in range(0, len(whole), size):
        client.sendall(whole[start : start + size])
        proxy.ended.wait(0.005)


def _wrong_receipt(proxy: ChaosProxy, client: socket.socket, asked: Asked) -> None:
    """A receipt for other bytes: of something that arrived, or of nothing."""
    told = {
        "key": asked.headers.get("Idempotency-Key", "none"),
        "sha256": "0" * 64,
        "submission_id": "other",
        "received_at": "2026-03-02T12:00:00Z",
        "effect": "words-received",
    }
    if proxy.toss():
        proxy.forward(asked)
    client.sendall(Told(201, json.dumps(told).encode()).as_bytes())


FAULTS: dict[str, Fault] = {
    "refuse": _refuse,
    "reset": _reset,
    "stall": _stall,
    "truncate": _truncate,
    "garbage": _garbage,
    "bad gzip": _bad_gzip,
    "500": _error,
    "503": _unavailable,
    "429": _busy,
    "portal": _portal,
    "filter": _filter,
    "redirect": _redirect,
    "twice": _twice,
    "drip": _drip,
    "wrong receipt": _wrong_receipt,
}


def read(client: socket.socket) -> Asked | None:
    """One request; None when the other side has hung up."""
    data = b""
    while _HEAD_END not in data:
        got = client.recv(65536)
        if not got:
            return None
        data += got
    head, _, body = data.partition(_HEAD_END)
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    while len(body) < int(headers.get("Content-Length", 0)):
        body += client.recv(65536)
    method, path, _version = first.split(" ")
    dropped = ("host", "connection", "content-length")
    return Asked(method, path, {n: v for n, v in headers.items() if n.lower() not in dropped}, body)


@contextmanager
def standing_before(origin: str, seed: int, rate: float) -> Iterator[tuple[str, ChaosProxy]]:
    """A proxy before a platform until the block ends; gives its own origin."""
    proxy = ChaosProxy(origin, seed, rate)
    listener = socket.create_server(("127.0.0.1", 0))

    def handle(client: socket.socket) -> None:
        client.settimeout(30)
        with contextlib.suppress(OSError), client:
            proxy.serve(client)

    def accept() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=handle, args=(client,), daemon=True).start()

    thread = threading.Thread(target=accept, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", proxy
    finally:
        proxy.ended.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)
