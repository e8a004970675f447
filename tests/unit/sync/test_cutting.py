"""Calls end at once when they are cut, wherever they wait, and none starts afterwards."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from assessor_app.errors import Offline
from assessor_app.sync.transport import NothingSent, Transport

ENDS_WITHIN_S = 3.0


@dataclass
class Slow:
    """A platform that begins to answer, as far as it is told, and then says nothing more."""

    said: bytes
    server: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))
    called: threading.Event = field(default_factory=threading.Event)

    def serve(self) -> None:
        caller, _ = self.server.accept()
        with caller:
            caller.recv(65536)
            caller.sendall(self.said)
            self.called.set()
            caller.recv(1)  # until the other side is gone

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.server.getsockname()[1]}"


@pytest.fixture(
    params=[b"", b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"],
    ids=["before the answer", "in the middle of the answer"],
)
def slow(request: pytest.FixtureRequest) -> Iterator[Slow]:
    platform = Slow(request.param)
    thread = threading.Thread(target=platform.serve, daemon=True)
    thread.start()
    yield platform
    platform.server.close()
    thread.join(5)
    assert not thread.is_alive()


def test_a_call_that_waits_is_cut(slow: Slow) -> None:
    transport = Transport(slow.origin)
    outcome: list[BaseException] = []

    def call() -> None:
        try:
            transport.call("GET", "/v1/sync", signed_in=False)
        except Offline as error:
            outcome.append(error)

    caller = threading.Thread(target=call)
    caller.start()
    assert slow.called.wait(5)
    started = time.monotonic()
    transport.cut()
    caller.join(ENDS_WITHIN_S)
    assert not caller.is_alive()
    assert time.monotonic() - started < ENDS_WITHIN_S
    assert len(outcome) == 1


def test_nothing_starts_after_the_cut() -> None:
    transport = Transport("http://127.0.0.1:9")
    transport.cut()
    transport.cut()
    with pytest.raises(NothingSent):
        transport.call("GET", "/v1/sync", signed_in=False)


def test_transports_that_share_a_cutter_end_together() -> None:
    first = Transport("http://127.0.0.1:9")
    second = Transport("http://127.0.0.1:9", cutter=first.cutter)
    first.cut()
    assert second.cutter.is_cut


def test_a_connection_made_during_the_cut_is_cut_too() -> None:
    transport = Transport("http://127.0.0.1:9")
    transport.cut()
    one, other = socket.socketpair()
    with one, other:
        transport.cutter.watch(one)
        assert other.recv(1) == b""
