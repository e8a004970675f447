"""Addresses of platforms, in the one form that all comparisons use. Loads nothing, for a quick start."""

from __future__ import annotations

from urllib.parse import urlsplit

from assessor_app.errors import PlatformError

LOCAL_HOSTS = ("127.0.0.1", "::1", "localhost")


def clean_origin(untrusted_address: str) -> str:
    """Scheme, host and port of an address in the one form that all comparisons use.

    Raises:
        PlatformError: not an address of a platform, or plain http to another machine.
    """
    try:
        parts = urlsplit(untrusted_address.strip())
        host, port = parts.hostname, parts.port
    except ValueError:
        raise _bad_address("It has to look like https://assess.example.org.") from None
    is_plain = parts.scheme == "http"
    if not host or parts.scheme not in ("http", "https") or parts.username is not None:
        raise _bad_address("It has to look like https://assess.example.org.")
    if is_plain and host not in LOCAL_HOSTS:
        raise _bad_address("Only a connection with https is safe to send your work over.")
    name = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{name}" + (f":{port}" if port not in (None, 80 if is_plain else 443) else "")


def is_local(origin: str) -> bool:
    """Whether a clean origin names this computer itself."""
    return urlsplit(origin).hostname in LOCAL_HOSTS


def _bad_address(why: str) -> PlatformError:
    return PlatformError(
        "The platform's address cannot be used", f"{why} Nothing was sent, and your work is safe."
    )
