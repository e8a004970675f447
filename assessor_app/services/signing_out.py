"""Signing out: the sign-in ends here and on the platform; what was made here stays, encrypted."""

from __future__ import annotations

from assessor_app.cache import sync_state
from assessor_app.services.context import Context
from assessor_app.sync import auth
from assessor_app.sync.revoking import revoke
from assessor_app.sync.transport import Transport


def sign_out(context: Context) -> bool:
    """Forget the tokens, then ask the platform to end them. It may wait for a network.

    They are forgotten first: a network that does not answer keeps nobody signed in here.

    Returns:
        Whether the platform confirmed it; else what it gave out ends there by itself.
    """
    with context.store.write() as txn:
        refresh = sync_state.get_secret(txn, auth.REFRESH)
        sync_state.set_secret(txn, auth.REFRESH, None)
        sync_state.set_secret(txn, auth.ACCESS, None)
    if refresh is None:
        return False
    return revoke(Transport(context.origin, cutter=context.transport.cutter), refresh)
