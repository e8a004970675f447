"""The tokens of whoever is signed in: kept in the encrypted store, renewed by one thread at a time.

The refresh token rotates: a new one is stored before the new access token is first used, and only one
thread renews at a time, so that no token is ever used twice.
"""

from __future__ import annotations

import threading

from assessor_app.cache import sync_state
from assessor_app.cache.engine import Store
from assessor_app.clock import Clock
from assessor_app.errors import SignInNeeded
from assessor_app.sync import protocol
from assessor_app.sync.cutting import Cutter
from assessor_app.sync.host_health import HostHealth
from assessor_app.sync.token_endpoint import read_ok, token_call
from assessor_app.sync.transport import Transport

ACCESS, REFRESH = "access_token", "refresh_token"


class Tokens:
    """The tokens of one profile, kept in its encrypted store."""

    def __init__(self, store: Store, origin: str, clock: Clock | None = None) -> None:
        """Read and write the tokens of `store`, renewing them at `origin`."""
        self._store = store
        self.cutter = Cutter()
        self.health = HostHealth(clock or Clock())
        self._plain = Transport(origin, cutter=self.cutter, health=self.health)
        self._renewing = threading.Lock()

    def access_token(self) -> str | None:
        """The present access token; None when nobody is signed in."""
        with self._store.read() as txn:
            return sync_state.get_secret(txn, ACCESS)

    def renew(self, stale: str) -> str | None:
        """A new access token in place of the refused one; None if a new sign-in is needed.

        Raises:
            Offline: the platform cannot be reached; nothing is lost.
        """
        with self._renewing:
            with self._store.read() as txn:
                present = sync_state.get_secret(txn, ACCESS)
                refresh = sync_state.get_secret(txn, REFRESH)
            if present is not None and present != stale:
                return present
            if refresh is None:
                return None
            form = {"grant_type": "refresh_token", "refresh_token": refresh}
            try:
                renewed = token_call(self._plain, form)
            except SignInNeeded:
                return self._put_in_place_of(refresh, None)
            return self._put_in_place_of(refresh, renewed)

    def _put_in_place_of(self, used: str, renewed: protocol.TokenOut | None) -> str | None:
        """Store what a used refresh token brought, unless the person has signed in anew meanwhile."""
        with self._store.write() as txn:
            if sync_state.get_secret(txn, REFRESH) == used:
                sync_state.set_secret(txn, REFRESH, renewed.refresh_token if renewed else None)
                sync_state.set_secret(txn, ACCESS, renewed.access_token if renewed else None)
            return sync_state.get_secret(txn, ACCESS)

    def keep(self, tokens: protocol.TokenOut) -> str:
        """Store new tokens before their first use; gives the access token."""
        with self._store.write() as txn:
            sync_state.set_secret(txn, REFRESH, tokens.refresh_token)
            sync_state.set_secret(txn, ACCESS, tokens.access_token)
        return tokens.access_token

    def forget(self) -> None:
        """Drop the tokens; local work is untouched."""
        with self._store.write() as txn:
            sync_state.set_secret(txn, REFRESH, None)
            sync_state.set_secret(txn, ACCESS, None)


def transport_for(store: Store, origin: str, clock: Clock | None = None) -> Transport:
    """A transport that signs its calls with the profile's tokens; the system's clock if None is given."""
    tokens = Tokens(store, origin, clock)
    return Transport(
        origin,
        access_token=tokens.access_token,
        renew_token=tokens.renew,
        cutter=tokens.cutter,
        health=tokens.health,
    )


def who_am_i(transport: Transport) -> protocol.MeOut:
    """The signed-in person's pseudonym and roles.

    Raises:
        Offline, SignInNeeded, ProtocolBroken: as the transport.
    """
    return read_ok(transport.call("GET", "/v1/me"), protocol.MeOut)
