"""Answers that want more than they should get: memory, time, belief. Each is one sentence, and soon."""

from __future__ import annotations

import gzip
import socket
import threading
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from itertools import repeat

import pytest

from assessor_app.errors import PlatformError, ProtocolBroken
from assessor_app.sync import transport
from assessor_app.sync.transport import Transport, UnknownEffect
from tests.answering import Reply, answering, raw_server

MEBIBYTE = 1024 * 1024
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def get(origin: str) -> bytes:
    return Transport(origin).call("GET", "/v1/me", signed_in=False).body


def packed_zeros(mebibytes: int, wbits: int = 31) -> bytes:
    packer = zlib.compressobj(9, wbits=wbits)
    block = bytes(MEBIBYTE)
    return b"".join(packer.compress(block) for _ in range(mebibytes)) + packer.flush()


@pytest.fixture(scope="module")
def bomb() -> bytes:
    """200 MB in less than 200 KB."""
    made = packed_zeros(200)
    assert len(made) < 210_000
    return made


@pytest.mark.parametrize("how", ["gzip", "gzip, gzip", "br", "zstd", "compress"])
def test_a_bomb_takes_little_memory(bomb: bytes, how: str) -> None:
    body = gzip.compress(bomb) if how == "gzip, gzip" else bomb
    with answering(lambda _: Reply(200, body, headers={"Content-Encoding": how})) as server:
        tracemalloc.start()
        try:
            with pytest.raises(ProtocolBroken):
                get(server.origin)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    # The cap of an answer, twice while it grows; not 200 MB, and of two packings not 200 MB either.
    assert peak < 64 * MEBIBYTE, peak


@pytest.mark.parametrize(
    ("how", "packed"),
    [
        ("gzip", gzip.compress(b'{"a": 1}' + b" " * 300_000)),
        ("x-gzip", gzip.compress(b'{"a": 1}' + b" " * 300_000)),
        ("deflate", zlib.compress(b'{"a": 1}' + b" " * 300_000)),
        ("identity", b'{"a": 1}' + b" " * 300_000),
    ],
)
def test_what_is_packed_although_nobody_asked_is_read(how: str, packed: bytes) -> None:
    with answering(lambda _: Reply(200, packed, headers={"Content-Encoding": how})) as server:
        assert get(server.origin) == b'{"a": 1}' + b" " * 300_000
        assert server.asked[0].headers["accept-encoding"] == "identity"


@pytest.mark.parametrize("share", [0.1, 0.9])
def test_a_packed_answer_that_is_cut_is_no_answer(share: float) -> None:
    whole = gzip.compress(bytes(range(256)) * 400)
    body = whole[: int(len(whole) * share)]
    reply = Reply(200, body, headers={"Content-Encoding": "gzip"})
    with answering(lambda _: reply) as server, pytest.raises(UnknownEffect):
        get(server.origin)


def in_chunks(connection: socket.socket, blocks: Iterator[bytes]) -> None:
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    for block in blocks:
        connection.sendall(b"%x\r\n%s\r\n" % (len(block), block))


def announced(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Content-Length: 1000000000000\r\n\r\n")
    for _ in range(10_000):
        connection.sendall(bytes(65536))


ENDLESS: dict[str, Callable[[socket.socket], object]] = {
    "a body without end": lambda c: in_chunks(c, repeat(b" " * 65536)),
    "a body announced as 1 TB": announced,
    "a header of 1 MB": lambda c: c.sendall(HEAD + b"X-Long: " + b"x" * MEBIBYTE + b"\r\n\r\n{}"),
    "10,000 headers": lambda c: c.sendall(
        HEAD + b"".join(b"X-%d: y\r\n" % n for n in range(10_000)) + b"\r\n{}"
    ),
    "a chunk of no size": lambda c: c.sendall(
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n"
    ),
    "two lengths": lambda c: c.sendall(HEAD + b"Content-Length: 2\r\nContent-Length: 90\r\n\r\n{}"),
    "a status that is none": lambda c: c.sendall(b"HTTP/1.1 99999 Yes\r\n\r\n"),
}


@pytest.mark.parametrize("kind", ENDLESS)
def test_what_has_no_end_is_ended(kind: str) -> None:
    with raw_server(ENDLESS[kind]) as origin, pytest.raises(PlatformError) as told:
        get(origin)
    assert "safe" in told.value.message or "safe" in told.value.next_step


def test_one_byte_now_and_then_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "ANSWER_TIMEOUT_S", 0.2)
    ended = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
        while not ended.wait(0.05):
            connection.sendall(b"1\r\n \r\n")

    with raw_server(drip) as origin:
        try:
            with pytest.raises(UnknownEffect) as told:
                get(origin)
        finally:
            ended.set()
    assert "too slowly" in told.value.message
