"""The loopback port under attack: whatever else knocks, the one answer with our state gets through."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from urllib.parse import urlencode, urlsplit

import pytest

from assessor_app.clock import Clock
from assessor_app.sync import loopback
from assessor_app.sync.loopback import MOST_OPEN, BrowserAnswer, Listener, NoLoopback

ISSUER = "https://assess.example.org"
GOOD = {"code": "the-code", "state": "our-state", "iss": ISSUER}


@contextlib.contextmanager
def waiting(issuer: str = ISSUER, *, must_name: bool = True) -> Iterator[Waiting]:
    """A listener that waits in a thread of its own, as it does on a lane."""
    with Listener("our-state", issuer, must_name_issuer=must_name) as listener:
        waits = Waiting(listener)
        try:
            yield waits
        finally:
            waits.is_over = True
            waits.thread.join(5)
        assert not waits.thread.is_alive()


class Waiting:
    def __init__(self, listener: Listener) -> None:
        self.redirect_uri = listener.redirect_uri
        place = urlsplit(listener.redirect_uri)
        self.place = (str(place.hostname), int(place.port or 0))
        self.is_over = False
        self.answer: BrowserAnswer | None = None
        self.thread = threading.Thread(target=self._wait, args=(listener,))
        self.thread.start()

    def _wait(self, listener: Listener) -> None:
        self.answer = listener.wait(Clock(), lambda: self.is_over)

    def send(self, request: bytes) -> bytes:
        """One connection with these bytes; gives the whole answer."""
        with socket.create_connection(self.place, timeout=5) as connection:
            connection.sendall(request)
            answer = b""
            with contextlib.suppress(ConnectionError):
                while chunk := connection.recv(4096):
                    answer += chunk
            return answer

    def get(self, query: dict[str, str] | str, path: str = "/cb", method: str = "GET") -> int:
        """What a browser that is sent there sees."""
        text = query if isinstance(query, str) else urlencode(query)
        answer = self.send(f"{method} {path}?{text} HTTP/1.1\r\nHost: {self.place[0]}\r\n\r\n".encode())
        return int(answer.split(b" ")[1])

    def ends_with(self, answer: BrowserAnswer) -> bool:
        self.thread.join(5)
        return self.answer == answer


def test_the_address_is_a_literal() -> None:
    with waiting() as port:
        assert port.redirect_uri.startswith("http://127.0.0.1:")
        assert socket.getaddrinfo(*port.place, family=socket.AF_INET)
        assert port.get(GOOD) == 200
        assert port.ends_with(BrowserAnswer(code="the-code"))


WRONG: list[Callable[[Waiting], int]] = [
    lambda port: port.get(GOOD | {"state": "guessed"}),
    lambda port: port.get({"code": "evil", "iss": ISSUER}),
    lambda port: port.get(urlencode(GOOD) + "&state=other"),
    lambda port: port.get(urlencode(GOOD) + "&code=other"),
    lambda port: port.get(GOOD | {"error": "access_denied"}),
    lambda port: port.get({"state": "our-state", "iss": ISSUER}),
    lambda port: port.get(GOOD | {"code": ""}),
    lambda port: port.get(GOOD | {"iss": "https://evil.example"}),
    lambda port: port.get({"code": "c", "state": "our-state"}),
    lambda port: port.get(urlencode(GOOD) + "&x=1" * 30),
    lambda port: port.get(GOOD, path="/"),
    lambda port: port.get(GOOD, path="//evil.example/cb"),
    lambda port: port.get(GOOD, path="/cb/"),
    lambda port: port.get(GOOD, method="POST"),
    lambda port: port.get(GOOD, method="HEAD"),
    lambda port: port.get("state=%FF&%00", path="http://[/cb"),
]


def test_what_is_not_the_answer_is_answered_404_and_waiting_goes_on() -> None:
    with waiting() as port:
        assert [ask(port) for ask in WRONG] == [404] * len(WRONG)
        assert port.send(b"\r\n\r\n").startswith(b"HTTP/1.1 404")
        assert port.send(bytes(range(256)) * 200) == b""
        assert port.thread.is_alive()
        assert port.get(GOOD) == 200
        assert port.ends_with(BrowserAnswer(code="the-code"))


def test_an_issuer_need_only_be_named_where_the_platform_says_that_it_does() -> None:
    with waiting(must_name=False) as port:
        assert port.get(GOOD | {"iss": "https://evil.example"}) == 404
        assert port.get({"code": "c", "state": "our-state"}) == 200
        assert port.ends_with(BrowserAnswer(code="c"))


def test_a_reason_for_no_code_is_an_answer_too() -> None:
    with waiting() as port:
        answer = {"error": "access_denied", "state": "our-state", "iss": ISSUER}
        page = port.send(f"GET /cb?{urlencode(answer)} HTTP/1.1\r\n\r\n".encode())
        assert b"You were not signed in" in page
        assert port.ends_with(BrowserAnswer(error="access_denied"))


def test_a_second_answer_is_not_heard() -> None:
    with (
        waiting() as port,
        socket.create_connection(port.place, timeout=5) as early,
        socket.create_connection(port.place, timeout=5) as late,
    ):
        request = "GET /cb?{} HTTP/1.1\r\n\r\n"
        early.sendall(request.format(urlencode(GOOD)).encode())
        assert early.recv(100).startswith(b"HTTP/1.1 200")
        late.sendall(request.format(urlencode(GOOD | {"code": "second"})).encode())
        assert port.ends_with(BrowserAnswer(code="the-code"))
    with pytest.raises(ConnectionError):
        socket.create_connection(port.place, timeout=5)


def test_silent_and_dripping_connections_hold_up_nobody() -> None:
    with waiting() as port, contextlib.ExitStack() as held:
        for number in range(3 * MOST_OPEN):
            slow = held.enter_context(socket.create_connection(port.place, timeout=5))
            if number % 2:
                slow.sendall(b"GET /cb?state=")
        assert port.get(GOOD) == 200
        assert port.ends_with(BrowserAnswer(code="the-code"))


def test_a_flood_of_wrong_answers_stalls_nothing() -> None:
    with waiting() as port:
        wrong = f"GET /cb?{urlencode(GOOD | {'state': 'guessed'})} HTTP/1.1\r\n\r\n".encode()
        assert all(port.send(wrong).startswith(b"HTTP/1.1 404") for _ in range(1_000))
        assert port.get(GOOD) == 200
        assert port.ends_with(BrowserAnswer(code="the-code"))


@pytest.mark.heavy
def test_ten_thousand_wrong_answers_from_eight_sides_stall_nothing() -> None:
    with waiting() as port:
        wrong = b"GET /cb?state=guessed&code=evil HTTP/1.1\r\n\r\n"

        told: list[bytes] = []

        def flood() -> None:
            for _ in range(1_250):
                told.append(port.send(wrong)[:12])

        threads = [threading.Thread(target=flood) for _ in range(8)]
        for thread in threads:
            thread.start()
        assert port.get(GOOD | {"state": "late"}) == 404
        for thread in threads:
            thread.join(120)
        assert told == [b"HTTP/1.1 404"] * 10_000
        assert port.get(GOOD) == 200
        assert port.ends_with(BrowserAnswer(code="the-code"))


def test_a_machine_with_ipv6_alone_has_a_port(monkeypatch: pytest.MonkeyPatch) -> None:
    try:
        with socket.create_server(("::1", 0), family=socket.AF_INET6):
            pass
    except OSError:
        pytest.skip("this machine has no IPv6 loopback")
    nothing = (socket.AF_INET, "192.0.2.1")  # an address that no machine has, in place of 127.0.0.1
    monkeypatch.setattr(loopback, "ADDRESSES", (nothing, *loopback.ADDRESSES[1:]))
    with waiting() as port:
        assert port.redirect_uri.startswith("http://[::1]:")
        assert port.get(GOOD) == 200


def test_a_machine_without_any_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loopback, "ADDRESSES", ((socket.AF_INET, "192.0.2.1"),))
    with pytest.raises(NoLoopback, match="another device"):
        Listener("s", ISSUER, must_name_issuer=True)
