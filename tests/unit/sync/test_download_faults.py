"""What a network and a platform can answer to a request for the rest of a file, over real sockets."""

from __future__ import annotations

import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from assessor_app.cache import evidence
from assessor_app.cache.engine import Store
from assessor_app.domain.submissions import EvidenceFile, EvidenceState
from assessor_app.sync import transport as transport_module
from assessor_app.sync.downloads import fetch_all
from assessor_app.sync.transport import Transport
from tests.answering import raw_server, read_request
from tests.builders import FakeClock
from tests.unit.sync.test_downloads import CONTENT, Patient, read_back, state, submission

HALF = 400_000
SIZE = len(CONTENT)
Answer = Callable[[socket.socket, int], None]
"""Answers a request for the bytes from a place on; the connection is closed afterwards."""


def head(status: int, *lines: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status} X", "Connection: close", *lines, "", ""]).encode()


def whole(connection: socket.socket, start: int) -> None:
    """As it should be."""
    send(connection, start, CONTENT[start:])


def send(connection: socket.socket, start: int, data: bytes, *, length: int | None = None) -> None:
    status = 206 if start else 200
    lines = [f"Content-Length: {len(CONTENT) - start if length is None else length}"]
    if start:
        lines.append(f"Content-Range: bytes {start}-{SIZE - 1}/{SIZE}")
    connection.sendall(head(status, *lines) + data)


def cut_in_half(connection: socket.socket, start: int) -> None:
    send(connection, start, CONTENT[start : start + HALF])


def cut_later(connection: socket.socket, start: int) -> None:
    send(connection, start, CONTENT[start : HALF + 200_000])


class Line:
    """Answers one request after the other, each as a script says; the last one answers all that follow."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.starts: list[int] = []

    def serve(self, connection: socket.socket, request: bytes) -> None:
        line = next((one for one in request.split(b"\r\n") if one.lower().startswith(b"range:")), b"")
        start = int(line.split(b"=")[1].rstrip(b"-")) if line else 0
        self.starts.append(start)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        answer(connection, start)


@pytest.fixture
def file(store: Store, clock: FakeClock) -> EvidenceFile:
    wanted = submission(CONTENT)
    with store.write() as txn:
        evidence.want(txn, wanted, clock)
        return evidence.files(txn, wanted.id)[0]


def fetch(store: Store, line: Line, monkeypatch: pytest.MonkeyPatch) -> int:
    requests: list[bytes] = []

    def noted(connection: socket.socket) -> bytes:
        requests.append(read_request(connection))
        return requests[-1]

    monkeypatch.setattr("tests.answering.read_request", noted)
    with raw_server(lambda connection: line.serve(connection, requests[-1])) as origin:
        transport = Transport(origin, access_token=lambda: "t")
        return fetch_all(store, transport, clock=FakeClock(seed=2), gate=Patient())


def another_range(connection: socket.socket, start: int) -> None:
    """A part, but from its beginning."""
    lines = (f"Content-Length: {SIZE}", f"Content-Range: bytes 0-{SIZE - 1}/{SIZE}")
    connection.sendall(head(206, *lines) + CONTENT)


def no_range_said(connection: socket.socket, start: int) -> None:
    connection.sendall(head(206, f"Content-Length: {SIZE - start}") + CONTENT[start:])


def behind_the_end(connection: socket.socket, start: int) -> None:
    rest = CONTENT[start:] + b"!"
    lines = (f"Content-Length: {len(rest)}", f"Content-Range: bytes {start}-{SIZE}/{SIZE + 1}")
    connection.sendall(head(206, *lines) + rest)


@pytest.mark.parametrize("odd", [another_range, no_range_said, behind_the_end])
def test_a_part_that_was_not_asked_for_is_not_taken(
    store: Store, file: EvidenceFile, monkeypatch: pytest.MonkeyPatch, odd: Answer
) -> None:
    line = Line(cut_in_half, odd, cut_later, whole)
    assert fetch(store, line, monkeypatch) == 1
    # Asked for as a whole once a range has gone wrong; what is here is kept and not written twice.
    assert line.starts == [0, HALF, 0, 0]
    assert read_back(store, file) == CONTENT


def test_an_answer_without_a_length_that_ends_early_goes_on(
    store: Store, file: EvidenceFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def endless(connection: socket.socket, start: int) -> None:
        connection.sendall(head(200) + CONTENT[:HALF])

    line = Line(endless, whole)
    assert fetch(store, line, monkeypatch) == 1
    assert line.starts == [0, HALF]
    assert read_back(store, file) == CONTENT


def test_pieces_that_end_early_go_on(
    store: Store, file: EvidenceFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def in_pieces(connection: socket.socket, start: int) -> None:
        piece = CONTENT[:50_000]
        connection.sendall(head(200, "Transfer-Encoding: chunked") + b"%x\r\n%b\r\n" % (len(piece), piece))

    line = Line(in_pieces, whole)
    assert fetch(store, line, monkeypatch) == 1
    assert line.starts == [0, 50_000]


def test_a_line_that_is_silent_counts_as_cut(
    store: Store, file: EvidenceFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transport_module, "READ_TIMEOUT_S", 0.2)

    def stall(connection: socket.socket, start: int) -> None:
        cut_in_half(connection, start)
        connection.recv(1)  # until the other side gives up

    line = Line(stall, whole)
    assert fetch(store, line, monkeypatch) == 1
    assert line.starts == [0, HALF]
    assert transport_module.READ_TIMEOUT_S == 0.2


def test_a_silent_line_is_given_up_after_half_a_minute() -> None:
    assert transport_module.READ_TIMEOUT_S == 30.0


@pytest.mark.parametrize("status", [200, 206])
def test_a_file_that_was_replaced_is_left_to_the_next_pull(
    store: Store, file: EvidenceFile, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    def replaced(connection: socket.socket, start: int) -> None:
        lines = ["Content-Length: 5", 'ETag: "another"']
        if status == 206:
            lines.append(f"Content-Range: bytes {start}-{start + 4}/{start + 5}")
        connection.sendall(head(status, *lines) + b"other")

    line = Line(cut_in_half, replaced)
    assert fetch(store, line, monkeypatch) == 0
    assert line.starts == [0, HALF]
    assert state(store, file) == (EvidenceState.WANTED, 1)


def test_a_file_that_has_grown_is_left_to_the_next_pull(
    store: Store, file: EvidenceFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def grown(connection: socket.socket, start: int) -> None:
        rest = CONTENT[start:]
        lines = (f"Content-Length: {len(rest)}", f"Content-Range: bytes {start}-{SIZE - 1}/{SIZE + 9}")
        connection.sendall(head(206, *lines) + rest)

    assert fetch(store, Line(cut_in_half, grown), monkeypatch) == 0
    assert state(store, file) == (EvidenceState.WANTED, 1)


def test_more_than_announced_is_refused_before_a_byte_is_read(
    store: Store, file: EvidenceFile, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def more(connection: socket.socket, start: int) -> None:
        connection.sendall(head(200, f"Content-Length: {SIZE + 1}") + CONTENT + b"!")

    assert fetch(store, Line(more), monkeypatch) == 0
    assert state(store, file) == (EvidenceState.DAMAGED, 3)


def test_more_than_announced_without_a_length_is_not_read_to_its_end(
    store: Store, file: EvidenceFile, monkeypatch: pytest.MonkeyPatch
) -> None:
    def flood(connection: socket.socket, start: int) -> None:
        connection.sendall(head(200) + CONTENT)
        while True:
            connection.sendall(bytes(65536))

    assert fetch(store, Line(flood), monkeypatch) == 0
    assert state(store, file) == (EvidenceState.DAMAGED, 3)
