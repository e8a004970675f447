"""Tokens on a real platform that rotates them and ends the sign-in of whoever uses one twice."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
from dataclasses import replace

import pytest
from sqlalchemy import select

from assessor_app.cache import sync_state
from assessor_app.cache.engine import Store
from assessor_app.clock import Clock
from assessor_app.errors import KnownError, SignInNeeded
from assessor_app.services import syncing
from assessor_app.services.context import Context
from assessor_app.services.views import SyncState
from assessor_app.sync import auth
from assessor_app.sync.auth import ACCESS, REFRESH, Tokens, who_am_i
from assessor_app.sync.token_endpoint import token_call
from assessor_app.sync.transport import Transport
from reference_platform.models import Token
from tests.contract.running import Running
from tests.integration.at_work import answers_lost, assess, sync
from tests.stores import DATABASE_KEY

THREADS = 8
AN_ACCESS_TOKEN_S = 900


def sign_in_anew(context: Context, platform: Running) -> dict[str, str]:
    """Tokens of a sign-in of its own, which end as any do."""
    tokens = platform.tokens("anna")
    with context.store.write() as txn:
        sync_state.set_secret(txn, ACCESS, tokens["access_token"])
        sync_state.set_secret(txn, REFRESH, tokens["refresh_token"])
    return tokens


def race(context: Context, platform: Running, rounds: int) -> tuple[int, int]:
    """Let eight threads call at once whenever the token has just ended: failed calls, ended sign-ins."""
    failed, ended = 0, 0
    lock = threading.Lock()
    for _ in range(rounds):
        platform.clock.move(seconds=AN_ACCESS_TOKEN_S)
        start = threading.Barrier(THREADS)
        troubles: list[KnownError] = []

        def call() -> None:
            start.wait(10)  # noqa: B023
            try:
                who_am_i(context.transport)
            except KnownError as error:
                with lock:
                    troubles.append(error)  # noqa: B023

        threads = [threading.Thread(target=call) for _ in range(THREADS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
        failed += len(troubles)
        with context.store.read() as txn:
            is_out = sync_state.get_secret(txn, ACCESS) is None
        if is_out:
            ended += 1
            sign_in_anew(context, platform)
    return failed, ended


def renew_as_each_likes(self: Tokens, stale: str) -> str | None:
    """What stands in many programs: no lock, and no look whether somebody else has renewed meanwhile."""
    with self._store.read() as txn:
        refresh = sync_state.get_secret(txn, REFRESH)
    if refresh is None:
        return None
    try:
        renewed = token_call(self._plain, {"grant_type": "refresh_token", "refresh_token": refresh})
    except SignInNeeded:
        return self._put_in_place_of(refresh, None)
    return self.keep(renewed)


@pytest.mark.parametrize("rounds", [8, pytest.param(100, marks=pytest.mark.heavy)])
def test_eight_threads_renew_together_and_no_sign_in_ends(
    anna: Context, platform: Running, rounds: int
) -> None:
    sign_in_anew(anna, platform)
    assert race(anna, platform, rounds) == (0, 0)
    with platform.platform.database.read() as session:
        family = session.scalars(select(Token).where(Token.refreshed_at.is_not(None))).all()
    assert len(family) == rounds


def test_the_naive_way_ends_sign_ins(
    anna: Context, platform: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    sign_in_anew(anna, platform)
    monkeypatch.setattr(Tokens, "renew", renew_as_each_likes)
    tokens = Tokens(anna.store, anna.origin)
    naive = Transport(anna.origin, access_token=tokens.access_token, renew_token=tokens.renew)
    failed, ended = race(replace(anna, transport=naive), platform, 3)
    assert ended
    assert failed


CHILD = """
import os, signal, sys
from pathlib import Path
from assessor_app.cache import sync_state
from assessor_app.cache.engine import Store
from assessor_app.clock import Clock
from assessor_app.sync import auth
from assessor_app.sync.transport import Transport

point, folder, key, origin = sys.argv[1], Path(sys.argv[2]), bytes.fromhex(sys.argv[3]), sys.argv[4]
die = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
if point == "before it is kept":
    auth.Tokens._put_in_place_of = die
else:
    renew = auth.Tokens.renew
    auth.Tokens.renew = lambda self, stale: (renew(self, stale), die())
auth.who_am_i(auth.transport_for(Store.open(folder, key, clock=Clock()), origin))
"""
"""A workstation that renews its token and is killed: before the new one is kept, or before its first use."""


def killed_while_renewing(anna: Context, platform: Running, point: str) -> Context:
    """What the next start finds."""
    tokens = sign_in_anew(anna, platform)
    platform.clock.move(seconds=AN_ACCESS_TOKEN_S)
    assess(anna)
    anna.store.close()
    command = [sys.executable, "-c", CHILD, point, str(anna.folder), DATABASE_KEY.hex(), platform.origin]
    died = subprocess.run(command, check=False, timeout=60)
    assert died.returncode == -signal.SIGKILL
    store = Store.open(anna.folder, DATABASE_KEY, clock=Clock())
    with store.read() as txn:
        is_old = sync_state.get_secret(txn, REFRESH) == tokens["refresh_token"]
    assert is_old is (point == "before it is kept")
    return replace(anna, store=store, transport=auth.transport_for(store, platform.origin))


def test_killed_between_receiving_and_using_the_next_start_is_signed_in(
    anna: Context, platform: Running
) -> None:
    again = killed_while_renewing(anna, platform, "before its first use")
    assert sync(again).state is SyncState.UP_TO_DATE
    again.store.close()


def test_killed_before_it_was_kept_a_sign_in_is_asked_for_and_nothing_is_lost(
    anna: Context, platform: Running
) -> None:
    again = killed_while_renewing(anna, platform, "before it is kept")
    # The platform has rotated and nobody got the new one; the old one, used again, might be a thief's.
    assert sync(again).state is SyncState.SIGN_IN
    sign_in_anew(again, platform)
    assert sync(again).state is SyncState.UP_TO_DATE
    again.store.close()


def test_an_answer_that_is_lost_costs_a_sign_in_and_no_work(anna: Context, platform: Running) -> None:
    sign_in_anew(anna, platform)
    platform.clock.move(seconds=AN_ACCESS_TOKEN_S)
    with answers_lost(lambda _method, path: path == "/oauth/token"):
        assert sync(anna).state is SyncState.OFFLINE
    assert syncing.is_signed_in(anna)
    assert sync(anna).state is SyncState.SIGN_IN
    assert not syncing.is_signed_in(anna)
