"""A profile stays with the person who signed in first: tokens of anybody else are never kept in it."""

from __future__ import annotations

from pydantic import ValidationError

from assessor_app.cache import belonging
from assessor_app.cache.engine import Store
from assessor_app.errors import SignInNeeded
from assessor_app.sync import protocol
from assessor_app.sync.cutting import Cutter
from assessor_app.sync.strict_json import broken
from assessor_app.sync.transport import Transport, expect_ok


class SomebodyElse(SignInNeeded):
    """Another person than the profile's own has signed in."""


def check_same_person(store: Store, origin: str, access_token: str, *, cutter: Cutter | None = None) -> None:
    """Ask the platform whose a new token is; the first person is noted, another one is refused.

    Called before the tokens are kept, so that no sync can ever run with a token of somebody else.

    Args:
        store: the profile's store.
        origin: the platform.
        access_token: fresh, not kept yet.
        cutter: cuts the call short when the profile is closed.

    Raises:
        SomebodyElse: the token is another person's; nothing was changed.
        Offline, ProtocolBroken, PlatformError: the platform does not say.
    """
    transport = Transport(origin, access_token=lambda: access_token, cutter=cutter)
    try:
        me = expect_ok(transport.call("GET", "/v1/me")).read(protocol.MeOut)
    except ValidationError:
        raise broken("MeOut") from None
    with store.write() as txn:
        present = belonging.person(txn)
        if present is None:
            belonging.set_person(txn, me.actor_id)
    if present not in (None, me.actor_id):
        raise SomebodyElse(
            "That was the sign-in of somebody else",
            "This account on the computer holds the work of the person who signed in here first, and the "
            "two are never mixed. Nothing was sent or changed.",
            "Sign in as that person, or add another account for yourself.",
        )
