"""Where the platform's sign-in is, and what its token endpoint answers."""

from __future__ import annotations

from urllib.parse import urlencode, urlsplit

from pydantic import ValidationError

from assessor_app.errors import PlatformError, SignInNeeded
from assessor_app.sync import protocol
from assessor_app.sync.addresses import clean_origin
from assessor_app.sync.strict_json import broken
from assessor_app.sync.transport import Answer, Transport, expect_ok
from assessor_app.sync.wire_base import W

CLIENT_ID = "assessor-workstation"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class NoTokens(SignInNeeded):
    """The token endpoint gave nothing.

    Attributes:
        code: why, after RFC 6749, 5.2 or RFC 8628, 3.5.
    """

    code = ""


def server_info(plain: Transport) -> protocol.ServerInfo:
    """Where the platform's sign-in is, every address checked to be at the platform itself.

    Raises:
        Offline, ProtocolBroken: as the transport, and for an address at another host.
    """
    answer = plain.call("GET", "/.well-known/oauth-authorization-server", signed_in=False)
    info = read_ok(answer, protocol.ServerInfo)
    for address in (
        info.issuer,
        info.authorization_endpoint,
        info.token_endpoint,
        info.revocation_endpoint,
        info.device_authorization_endpoint,
    ):
        if address is not None:
            check_place(plain, address)
    return info


def check_place(plain: Transport, address: str) -> None:
    """Accept an address only at the platform itself.

    Raises:
        ProtocolBroken: it is at another host.
    """
    try:
        is_same = clean_origin(address) == plain.origin
    except PlatformError:
        is_same = False
    if not is_same:
        raise broken("sign-in at another host")


def token_call(plain: Transport, form: dict[str, str]) -> protocol.TokenOut:
    """Ask the token endpoint.

    Raises:
        NoTokens: it gave none.
        Offline, PlatformError: as the transport, and for a refusal in another form than OAuth's.
    """
    return read_ok(_accepted(post(plain, server_info(plain).token_endpoint, form)), protocol.TokenOut)


def post(plain: Transport, address: str, form: dict[str, str]) -> Answer:
    """Post a form to one of the platform's addresses; nothing secret ever stands in an address."""
    return plain.call(
        "POST",
        urlsplit(address).path,
        body=urlencode(form | {"client_id": CLIENT_ID}).encode(),
        headers=FORM,
        signed_in=False,
    )


def read_ok(answer: Answer, model: type[W]) -> W:
    """What an answer holds, if it is what was asked for.

    Raises:
        Offline, ProtocolBroken: it is not.
    """
    try:
        return expect_ok(answer).read(model)
    except ValidationError:
        raise broken(model.__name__) from None


def _accepted(answer: Answer) -> Answer:
    """An answer that is no refusal; what only looks like one, from somebody in between, ends no sign-in."""
    if answer.status not in (400, 401, 403):
        return answer
    try:
        code = answer.read(protocol.SignInErrorOut).error
    except (ValidationError, PlatformError):
        return answer
    error = NoTokens(
        "Sign in again to send and receive",
        "The platform did not accept the sign-in. Your work is safe on this computer.",
        "Sign in again.",
    )
    error.code = code
    raise error
