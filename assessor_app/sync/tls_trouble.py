"""Why a secure connection was refused, by the codes of the three systems: their words are translated.

`truststore` lets Windows and macOS verify with their own stores; on Linux OpenSSL does it.
"""

from __future__ import annotations

import ssl
from enum import Enum, auto

_MOST_CAUSES = 10


class TlsTrouble(Enum):
    """What is wrong with a secure connection."""

    UNTRUSTED = auto()
    """Signed by nobody whom this system knows: most likely somebody in between."""
    EXPIRED = auto()
    """By this machine's clock its certificate is out of its dates."""
    NOT_YET_VALID = auto()
    OTHER_HOST = auto()
    """A certificate of somebody else, as a network shows that wants a sign-in first."""
    NOT_SECURE = auto()
    """What answered does not speak TLS at all."""
    BROKEN = auto()
    """The connection failed in some other way, perhaps after something was sent."""


_CODES = {
    # OpenSSL: X509_V_ERR_...
    9: TlsTrouble.NOT_YET_VALID,
    10: TlsTrouble.EXPIRED,
    62: TlsTrouble.OTHER_HOST,
    64: TlsTrouble.OTHER_HOST,
    # Windows: CERT_E_EXPIRED stands for both ends, CERT_E_CN_NO_MATCH.
    0x800B0101: TlsTrouble.EXPIRED,
    0x800B010F: TlsTrouble.OTHER_HOST,
    # macOS: errSecCertificateExpired, errSecCertificateNotValidYet, errSecHostNameMismatch.
    -67818: TlsTrouble.EXPIRED,
    -67819: TlsTrouble.NOT_YET_VALID,
    -67602: TlsTrouble.OTHER_HOST,
}
_PLAIN_ANSWERS = ("WRONG_VERSION_NUMBER", "HTTP_REQUEST", "RECORD_LAYER_FAILURE", "PACKET_LENGTH_TOO_LONG")
"""What OpenSSL finds where a record of TLS should begin, when plain HTTP comes instead."""


def tls_trouble(error: BaseException) -> TlsTrouble:
    """What kind of trouble an exception of a secure connection is.

    Args:
        error: as it came; the system's own exception may lie several layers deep.
    """
    found = _inmost(error)
    if isinstance(found, ssl.SSLCertVerificationError):
        return _CODES.get(getattr(found, "verify_code", 0), TlsTrouble.UNTRUSTED)
    if getattr(found, "reason", "") in _PLAIN_ANSWERS:
        return TlsTrouble.NOT_SECURE
    return TlsTrouble.BROKEN


def _inmost(error: BaseException) -> ssl.SSLError | None:
    present: object = error
    for _ in range(_MOST_CAUSES):
        if isinstance(present, ssl.SSLError):
            return present
        if not isinstance(present, BaseException):
            return None
        reason = getattr(present, "reason", None)
        present = reason if isinstance(reason, BaseException) else next(iter(present.args), None)
    return None
