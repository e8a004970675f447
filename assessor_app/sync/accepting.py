"""Fresh tokens of a sign-in: whose they are is asked first, and only then are they kept."""

from __future__ import annotations

from assessor_app.cache.engine import Store
from assessor_app.sync import protocol
from assessor_app.sync.auth import Tokens
from assessor_app.sync.person import SomebodyElse, check_same_person
from assessor_app.sync.revoking import revoke
from assessor_app.sync.transport import Transport


def accept(store: Store, plain: Transport, tokens: protocol.TokenOut) -> None:
    """Keep the tokens of a sign-in that has just succeeded.

    Args:
        store: the profile's store.
        plain: a transport without tokens; its cutter ends this call, too.
        tokens: not kept yet.

    Raises:
        SomebodyElse: they are another person's; they were given back to the platform, not kept.
        Offline, ProtocolBroken: the platform does not say whose they are; nothing was kept.
    """
    try:
        check_same_person(store, plain.origin, tokens.access_token, cutter=plain.cutter)
    except SomebodyElse:
        revoke(plain, tokens.refresh_token)
        raise
    Tokens(store, plain.origin).keep(tokens)
