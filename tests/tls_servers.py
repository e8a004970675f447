"""Real TLS servers on this machine with certificates made for a test."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import truststore
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def certificate(folder: Path, start_days: float, *, host: str = "localhost", days: float = 3) -> Path:
    """A certificate that signs itself, and its key, in one file.

    Args:
        folder: where it goes.
        start_days: when it begins to be valid, in days from the present.
        host: whom it names.
        days: for how long.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, host)])
    start = datetime.now(UTC) + timedelta(days=start_days)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{host}{start_days}.pem"
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path


@contextmanager
def tls_server(made: Path) -> Iterator[tuple[str, list[bytes]]]:
    """Serve a certificate; gives the origin, and what clients sent once they trusted it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made)
    listener = socket.create_server(("127.0.0.1", 0))
    heard: list[bytes] = []

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            connection.settimeout(5)
            with (
                contextlib.suppress(OSError),
                connection,
                context.wrap_socket(connection, server_side=True) as inner,
            ):
                heard.append(inner.recv(10))

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"https://localhost:{listener.getsockname()[1]}", heard
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()
        thread.join(10)


@contextmanager
def trusting(monkeypatch: pytest.MonkeyPatch, made: Path | None) -> Iterator[None]:
    """Let this process trust a certificate; what the program does to the system's module is undone after."""
    with monkeypatch.context() as patch:
        if made is not None:
            patch.setenv("REQUESTS_CA_BUNDLE", str(made))
        try:
            yield
        finally:
            truststore.extract_from_ssl()
