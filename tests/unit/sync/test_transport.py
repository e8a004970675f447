"""What each kind of failure means, with real servers that fail so."""

from __future__ import annotations

import gzip
import socket
import ssl
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import truststore
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from assessor_app.errors import Offline, PlatformError, ProtocolBroken, SignInNeeded
from assessor_app.sync import strict_json
from assessor_app.sync.addresses import clean_origin
from assessor_app.sync.network_errors import AccessChanged, Busy, NotThePlatform, UpdateNeeded
from assessor_app.sync.transport import (
    Answer,
    Intercepted,
    NothingSent,
    Portal,
    Transport,
    Unavailable,
    UnknownEffect,
    expect_ok,
    retry_after_s,
)
from tests import tls_servers
from tests.answering import Asked, Reply, answering, as_json, free_port, problem, raw_server, reset
from tests.tls_servers import tls_server, trusting

NOW_S = datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp()
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


def get(origin: str, patience_s: tuple[float, float] = (10.0, 30.0)) -> Answer:
    return Transport(origin, patience_s=patience_s).call("GET", "/v1/me", signed_in=False)


def test_an_answer_comes_whole() -> None:
    with answering(lambda asked: as_json({"path": asked.path}, 201, x_more="1")) as server:
        answer = get(server.origin)
    assert (answer.status, answer.data(), answer.headers["x-more"]) == (201, {"path": "/v1/me"}, "1")
    assert answer.is_json
    assert answer.problem_code == ""


def test_everybody_looks_the_same() -> None:
    with answering(lambda _: Reply()) as server:
        get(server.origin)
        headers = server.asked[0].headers
    assert headers["user-agent"] == "AssessorWorkstation"
    assert headers["accept-encoding"] == "identity"
    assert "authorization" not in headers


def test_refused_is_nothing_sent() -> None:
    with pytest.raises(NothingSent) as caught:
        get(f"http://127.0.0.1:{free_port()}")
    assert "Your work is safe on this computer" in caught.value.message


def test_an_unknown_name_is_nothing_sent() -> None:
    # By way of a name that is this machine's own until it is looked up.
    unknown = Transport("http://localhost")
    unknown.origin = "http://platform.invalid"
    with pytest.raises(NothingSent):
        unknown.call("GET", "/", signed_in=False)


@pytest.mark.parametrize(
    "script",
    [
        reset,
        lambda connection: connection.close(),
        lambda connection: connection.sendall(b"garbage\r\n\r\n"),
        lambda connection: connection.sendall(HEAD + b"Content-Length: 100\r\n\r\n{"),
        lambda connection: connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\nff\r\n{"),
        lambda connection: connection.sendall(
            HEAD + b"Content-Encoding: gzip\r\nContent-Length: 9\r\n\r\nnot gzip!"
        ),
    ],
    ids=["reset", "closed", "garbage", "short", "short chunk", "gzip lie"],
)
def test_a_broken_answer_has_an_unknown_effect(script: Callable[[socket.socket], object]) -> None:
    with raw_server(script) as origin, pytest.raises(UnknownEffect):
        get(origin)


def test_a_silent_platform_has_an_unknown_effect() -> None:
    ended = threading.Event()
    with raw_server(lambda _: ended.wait(5)) as origin:
        with pytest.raises(UnknownEffect):
            get(origin, (1.0, 0.1))
        ended.set()


def test_a_platform_that_stalls_in_the_middle() -> None:
    ended = threading.Event()

    def stall(connection: socket.socket) -> None:
        connection.sendall(HEAD + b"Content-Length: 100\r\n\r\n{")
        ended.wait(5)

    with raw_server(stall) as origin:
        with pytest.raises(UnknownEffect):
            get(origin, (1.0, 0.1))
        ended.set()


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, b"<html>Welcome to the hotel", "text/html; charset=utf-8"),
        Reply(200, b"<html/>", "application/xhtml+xml"),
        Reply(302, b"", headers={"Location": "http://portal.example/"}),
        Reply(307, b"", headers={"Location": "/elsewhere"}),
        Reply(511, b"<html>", "text/html"),
    ],
)
def test_a_portal_is_told_from_the_platform_and_never_followed(reply: Reply) -> None:
    with answering(lambda _: reply) as server:
        with pytest.raises(Portal) as caught:
            get(server.origin)
        assert len(server.asked) == 1
    assert caught.value.title == "This network wants you to sign in first"


def test_html_with_the_entity_tag_asked_for_is_the_platforms_own() -> None:
    with answering(lambda _: Reply(200, b"<p>", "text/html", {"ETag": '"abc"'})) as server:
        platform = Transport(server.origin)
        with platform.stream("GET", "/", signed_in=False, etag='"abc"') as (answer, chunks):
            assert (answer.status, b"".join(chunks)) == (200, b"<p>")
        with pytest.raises(Portal), platform.stream("GET", "/", signed_in=False, etag='"other"'):
            pass


def test_304_is_no_portal() -> None:
    with answering(lambda _: Reply(304, b"", "")) as server:
        assert get(server.origin).status == 304


def test_an_answer_beyond_the_cap_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strict_json, "MAX_JSON_BYTES", 200_000)
    with answering(lambda _: Reply(200, b" " * 50_000_000)) as server, pytest.raises(ProtocolBroken):
        get(server.origin)


def test_what_unpacks_without_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strict_json, "MAX_JSON_BYTES", 200_000)
    bomb = gzip.compress(bytes(50_000_000))
    with (
        answering(lambda _: Reply(200, bomb, headers={"Content-Encoding": "gzip"})) as server,
        pytest.raises(ProtocolBroken),
    ):
        get(server.origin)


def test_without_a_token_nothing_is_asked() -> None:
    with answering(lambda _: Reply()) as server:
        with pytest.raises(SignInNeeded) as caught:
            Transport(server.origin).call("GET", "/v1/me")
        assert not server.asked
    assert "you can go on working" in caught.value.message


def only(*good: str) -> Callable[[Asked], Reply]:
    """A platform that takes these tokens."""
    wanted = {f"Bearer {token}" for token in good}
    return lambda asked: Reply() if asked.headers.get("authorization") in wanted else problem(401)


def test_a_refused_token_is_renewed_once_and_the_same_request_sent_again() -> None:
    renewed: list[str] = []

    def renew(stale: str) -> str:
        renewed.append(stale)
        return "new"

    with answering(only("new")) as server:
        platform = Transport(server.origin, access_token=lambda: "old", renew_token=renew)
        assert platform.call("PUT", "/x", body=b"work", headers={"Idempotency-Key": "k"}).status == 200
        assert [(a.body, a.headers["idempotency-key"]) for a in server.asked] == [(b"work", "k")] * 2
    assert renewed == ["old"]


@pytest.mark.parametrize("renewed", [None, "also refused"])
def test_a_token_that_cannot_be_renewed_asks_for_a_sign_in(renewed: str | None) -> None:
    with answering(only("good")) as server:
        platform = Transport(server.origin, access_token=lambda: "old", renew_token=lambda _: renewed)
        with pytest.raises(SignInNeeded):
            platform.call("GET", "/x")
        assert len(server.asked) == (1 if renewed is None else 2)


def test_a_netrc_file_does_not_take_the_place_of_the_token(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login someone password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    with answering(lambda _: Reply()) as server:
        platform = Transport(server.origin, access_token=lambda: "token")
        platform._session().trust_env = True
        platform.call("GET", "/x")
        assert server.asked[0].headers["authorization"] == "Bearer token"


def test_cookies_are_not_kept() -> None:
    with answering(lambda _: as_json({}, Set_Cookie="who=you")) as server:
        platform = Transport(server.origin)
        for _ in range(2):
            platform.call("GET", "/x", signed_in=False)
        assert "cookie" not in server.asked[1].headers


@pytest.mark.parametrize(
    ("header", "wait_s"),
    [
        (None, None),
        ("", None),
        ("7", 7.0),
        ("99999999", 3600.0),
        ("9" * 500, 3600.0),
        ("-3", None),
        ("\u00b2", None),
        ("soon", None),
        ("Mon, 02 Mar 2026 12:00:30 GMT", 30.0),
        ("Mon, 02 Mar 2026 12:00:30 -0000", 30.0),
        ("Mon, 02 Mar 2026 11:00:00 GMT", 0.0),
        ("Tue, 03 Mar 2037 12:00:00 GMT", 3600.0),
    ],
)
def test_retry_after(header: str | None, wait_s: float | None) -> None:
    answer = Answer(429, {} if header is None else {"retry-after": header}, b"")
    assert retry_after_s(answer, NOW_S) == wait_s


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b'{"code":"round-changed"}', "application/problem+json", "round-changed"),
        (b'{"code":"round-changed"}', "text/plain", ""),
        (b'{"code":7}', "application/json", ""),
        (b"[]", "application/json", ""),
        (b"{", "application/json", ""),
    ],
)
def test_the_code_of_a_problem(body: bytes, kind: str, code: str) -> None:
    assert Answer(409, {"content-type": kind}, body).problem_code == code


@pytest.mark.parametrize(
    ("status", "kind", "error"),
    [
        (429, "", Busy),
        (426, "application/json", UpdateNeeded),
        (503, "", Unavailable),
        (500, "", Unavailable),
        (403, "application/problem+json", AccessChanged),
        (403, "text/html", NotThePlatform),
        (404, "", NotThePlatform),
        (204, "", ProtocolBroken),
    ],
)
def test_reading_calls_name_what_is_wrong(status: int, kind: str, error: type[PlatformError]) -> None:
    with pytest.raises(error) as caught:
        expect_ok(Answer(status, {"content-type": kind}, b""))
    assert type(caught.value) is error
    assert "safe on this computer" in caught.value.message
    assert isinstance(caught.value, Offline) is (error in (Unavailable, Busy, NotThePlatform))


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ("https://Assess.Example.org/", "https://assess.example.org"),
        ("https://assess.example.org:443", "https://assess.example.org"),
        ("https://assess.example.org:8443/x", "https://assess.example.org:8443"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:80/", "http://[::1]"),
    ],
)
def test_an_address_has_one_form(text: str, origin: str) -> None:
    assert clean_origin(text) == origin


@pytest.mark.parametrize(
    "text",
    [
        "",
        "assess.example.org",
        "ftp://x",
        "http://assess.example.org",
        "https://me:pw@x.org",
        "https://x:y",
        "http://[",
    ],
)
def test_what_is_no_address_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(PlatformError, match="address cannot be used"):
        Transport(text)


def certificate(folder: Path, start: datetime, end: datetime) -> tuple[Path, Path]:
    """A certificate of localhost that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(end)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    paths = folder / "cert.pem", folder / "key.pem"
    paths[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    paths[1].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return paths


@pytest.mark.parametrize(
    ("start_days", "trusted", "words"),
    [
        (-1, False, "This network intercepts secure connections"),
        (-9, True, "the clock may be wrong"),
        (5, True, "the clock may be wrong"),
    ],
    ids=["self-signed", "expired", "not yet valid"],
)
def test_a_connection_that_cannot_be_trusted_is_never_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, start_days: int, trusted: bool, words: str
) -> None:
    start = datetime.now(UTC) + timedelta(days=start_days)
    cert, key = certificate(tmp_path, start, start + timedelta(days=3))
    if trusted:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(cert))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)
    asked: list[bytes] = []

    def secure(listener: socket.socket) -> None:
        try:
            connection, _ = listener.accept()
            with connection, context.wrap_socket(connection, server_side=True) as inner:
                asked.append(inner.recv(10))
        except OSError:
            pass

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=secure, args=(listener,))
        thread.start()
        try:
            with pytest.raises(Intercepted) as caught:
                get(f"https://localhost:{listener.getsockname()[1]}")
        finally:
            truststore.extract_from_ssl()
        thread.join(5)
    assert not any(asked)
    assert words in caught.value.message
    assert "Nothing was sent; your work is safe on this computer." in caught.value.message


@pytest.mark.skipif(sys.platform != "linux", reason="whom this computer trusts is told by a variable there")
def test_whom_this_computer_trusts_is_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A school that looks into connections puts its own authority among those of the computer."""
    made = tls_servers.certificate(tmp_path, -1)
    monkeypatch.delenv("REQUESTS_CA_BUNDLE", raising=False)
    monkeypatch.setenv("SSL_CERT_FILE", str(made))
    with tls_server(made) as (origin, heard), trusting(monkeypatch, None):
        with pytest.raises(UnknownEffect):
            get(origin)
        assert any(heard)
