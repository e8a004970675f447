"""Why a secure connection was refused, by the codes of each system."""

from __future__ import annotations

import ssl

import pytest
import requests

from assessor_app.sync.tls_trouble import TlsTrouble, tls_trouble


def refused(code: int) -> requests.exceptions.SSLError:
    """As `truststore` raises it, wrapped as `requests` does."""
    inner = ssl.SSLCertVerificationError("Zertifikat abgelaufen oder noch nicht gültig")
    inner.verify_code = code
    wrapped = Exception("Max retries exceeded")
    wrapped.reason = Exception(inner)  # type: ignore[attr-defined]
    return requests.exceptions.SSLError(wrapped)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (10, TlsTrouble.EXPIRED),
        (0x800B0101, TlsTrouble.EXPIRED),
        (-67818, TlsTrouble.EXPIRED),
        (9, TlsTrouble.NOT_YET_VALID),
        (-67819, TlsTrouble.NOT_YET_VALID),
        (62, TlsTrouble.OTHER_HOST),
        (0x800B010F, TlsTrouble.OTHER_HOST),
        (-67602, TlsTrouble.OTHER_HOST),
        (18, TlsTrouble.UNTRUSTED),
        (20, TlsTrouble.UNTRUSTED),
        (0x800B0109, TlsTrouble.UNTRUSTED),
        (-67843, TlsTrouble.UNTRUSTED),
    ],
)
def test_the_words_are_translated_and_the_codes_are_not(code: int, kind: TlsTrouble) -> None:
    assert tls_trouble(refused(code)) is kind


def test_a_connection_that_breaks_in_the_middle_may_have_carried_something() -> None:
    assert tls_trouble(requests.exceptions.SSLError("no more")) is TlsTrouble.BROKEN
    assert tls_trouble(requests.exceptions.SSLError(ssl.SSLEOFError(8, "EOF"))) is TlsTrouble.BROKEN
    circle = Exception()
    circle.args = (circle,)
    assert tls_trouble(circle) is TlsTrouble.BROKEN
