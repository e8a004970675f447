"""Signing in on another device (RFC 8628): a short code here, yes or no there, and the tokens are fetched.

One call at a time and no waiting in between: whoever asks keeps the time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum, auto

from assessor_app.cache.engine import Store
from assessor_app.domain.roles import SCOPES, Role
from assessor_app.errors import SignInNeeded
from assessor_app.sync import protocol
from assessor_app.sync.accepting import accept
from assessor_app.sync.cutting import Cutter
from assessor_app.sync.token_endpoint import NoTokens, check_place, post, read_ok, server_info, token_call
from assessor_app.sync.transport import Transport

GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code"


class CodeEnded(SignInNeeded):
    """The code is of no use any more; another one is."""


class NoDeviceSignIn(SignInNeeded):
    """The platform has no sign-in on another device."""


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """A sign-in that waits for the person to confirm it elsewhere."""

    secret: str = field(repr=False)
    """What the workstation asks with; never shown."""
    user_code: str
    """What the person types."""
    address: str
    """Where she types it."""
    address_with_code: str
    """The same with the code in it; the plain one where the platform gave no other."""
    lives_s: int
    interval_s: int
    """At least so many seconds between two questions."""


class Told(Enum):
    """What the platform says while it can still be confirmed."""

    NOT_YET = auto()
    SLOWER = auto()
    """Not yet, and ask less often from now on: five seconds more (RFC 8628, 3.5)."""
    SIGNED_IN = auto()


def begin(origin: str, roles: tuple[Role, ...], *, cutter: Cutter | None = None) -> DeviceCode:
    """Ask for a code.

    Args:
        origin: the platform.
        roles: what to ask for.
        cutter: cuts the calls short when the profile is closed.

    Raises:
        Offline: the platform cannot be reached.
        NoDeviceSignIn: it has no such sign-in.
        ProtocolBroken: its answer cannot be used, or leads to another host.
    """
    plain = Transport(origin, cutter=cutter)
    endpoint = server_info(plain).device_authorization_endpoint
    if endpoint is None:
        raise NoDeviceSignIn(
            "This platform has no sign-in on another device",
            "Nothing was changed. Your work is safe on this computer.",
            "Sign in with your browser on this computer.",
        )
    made = read_ok(
        post(plain, endpoint, {"scope": " ".join(SCOPES[role] for role in roles)}), protocol.DeviceCodeOut
    )
    with_code = made.verification_uri_complete or made.verification_uri
    for address in (made.verification_uri, with_code):
        check_place(plain, address)
    return DeviceCode(
        made.device_code, made.user_code, made.verification_uri, with_code, made.expires_in, made.interval
    )


def ask(store: Store, origin: str, code: DeviceCode, *, cutter: Cutter | None = None) -> Told:
    """Ask once whether it was confirmed; if so, the tokens are kept.

    Raises:
        Offline: the platform cannot be reached; asking goes on later.
        CodeEnded: its time is over, or an answer was lost after it was confirmed.
        SignInNeeded: the person said no, or it was somebody else.
    """
    plain = Transport(origin, cutter=cutter)
    try:
        tokens = token_call(plain, {"grant_type": GRANT_TYPE, "device_code": code.secret})
    except NoTokens as error:
        if error.code == "authorization_pending":
            return Told.NOT_YET
        if error.code == "slow_down":
            return Told.SLOWER
        raise _ended(error.code) from None
    accept(store, plain, tokens)
    return Told.SIGNED_IN


def _ended(code: str) -> SignInNeeded:
    if code == "access_denied":
        return SignInNeeded(
            "The sign-in was declined on the other device",
            "Nothing was changed. Your work is safe on this computer.",
            "Sign in again when it suits you.",
        )
    return CodeEnded(
        "The time of this code is over",
        "Nothing was changed. Your work is safe on this computer.",
        "Take a new code.",
    )
